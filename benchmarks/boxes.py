"""What sites set among and around their paragraphs, for made-up pages: sign-up boxes, consent notes of embedded media, polls, lists of
links, captions, notes about writers, readers' comments.

A box is a list of (text, kind) lines; how a kind is marked up is the page's affair (`benchmarks/layouts.py`). None of it is ever the story.
Where a box needs sentences that no list can hold, it takes them from other stories.
"""

import random
import re
from collections.abc import Callable, Sequence

__all__ = ["Line", "after_story", "in_story"]

Line = tuple[str, str]  # text and kind: p, h, li, link-li, caption, small

SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")
NAMES = (
    "Maria Oduya|John Kessler|Anna Lindqvist|Pedro Salas|Wei Zhang|Fatima Noor|Lars Holm|Ivy Tan|Kofi Mensah|Sara Cohen|Tom Reilly|"
    "Zofia Wilk|Marco Bellini|Aylin Demir|佐藤花子|김민수|Ирина Белова"
).split("|")
PAPERS = "Harbour Times|The Daily Ledger|Morgenblatt|El Faro|Le Quotidien|Gulf Report|Kurier Nadmorski|Nordposten|港新聞".split("|")
SIGN_UP = (
    ("Get our free daily email", "The stories that matter, every weekday at seven. No spam, and you can leave at any time.", "Sign up"),
    (
        "Newsletter",
        "Jeden Morgen das Wichtigste aus der Region in Ihrem Postfach. Mit der Anmeldung stimmen Sie der Zusendung zu.",
        "Anmelden",
    ),
    (
        "Inscrivez-vous à notre lettre",
        "Chaque matin, l'essentiel de l'actualité dans votre boîte mail. Gratuit et sans engagement.",
        "Je m'inscris",
    ),
    (
        "Suscríbete al boletín",
        "Recibe cada mañana las noticias más importantes del día. Puedes darte de baja cuando quieras.",
        "Quiero recibirlo",
    ),
    ("Iscriviti alla newsletter", "Ogni mattina le notizie più importanti nella tua casella di posta, gratis.", "Iscriviti"),
    ("Få nyhetsbrevet vårt", "De viktigste sakene rett i innboksen hver morgen. Du kan melde deg av når du vil.", "Meld deg på"),
    (
        "Zapisz się na newsletter",
        "Najważniejsze wiadomości dnia prosto na twoją skrzynkę. W każdej chwili możesz zrezygnować.",
        "Zapisz się",
    ),
    ("Bültenimize abone olun", "Günün en önemli haberleri her sabah e-posta kutunuzda.", "Abone ol"),
    ("ニュースレター登録", "毎朝、大切なニュースをメールでお届けします。いつでも解除できます。", "登録する"),
)
EMBEDS = (
    (
        "Recommended content",
        "At this point you will find external content that supplements the story. You can show it with one click.",
        "Show content",
    ),
    (
        "We need your consent to load this video",
        "We use another service to embed media. It may collect data about your activity.",
        "Accept",
    ),
    (
        "Externer Inhalt",
        "Hier steht ein Inhalt eines anderen Anbieters, der den Text ergänzt. Mit einem Klick lässt er sich laden.",
        "Inhalt laden",
    ),
    ("", "Ich bin einverstanden, dass mir fremde Inhalte gezeigt werden. Dabei können persönliche Daten übertragen werden.", "Mehr dazu"),
    ("Contenu externe", "Ce contenu est hébergé par un tiers. En l'affichant, vous acceptez le dépôt de cookies.", "Afficher"),
    ("Contenido externo", "Para ver este vídeo tienes que aceptar las cookies del proveedor.", "Aceptar y ver"),
    ("", "Your browser does not support this video. Please switch on JavaScript to see it.", ""),
)
POLLS = (
    ("What do you think?", "Should the council spend more on this?", "Yes, at once", "No, never", "I do not know"),
    ("Umfrage", "Finden Sie die Entscheidung richtig?", "Ja, unbedingt", "Nein", "Ich bin unsicher"),
    ("Sondage", "Êtes-vous d'accord avec cette mesure ?", "Oui", "Non", "Sans avis"),
    ("Encuesta", "¿Le parece una buena decisión?", "Sí", "No", "No lo sé"),
)
LINKS = (
    "Read more on this topic|More on this story|Mehr zum Thema|Das könnte Sie auch interessieren|Sur le même sujet|Les også|"
    "Leggi anche|Zobacz także|İlgili haberler|Читайте также|関連記事|관련 기사|In other news|Exclusive reports for you|Top stories"
).split("|")
APPEALS = (
    "Independent reporting needs your support. If everyone who reads this gave a little, we could do far more.|"
    "You have read one of your three free stories this month. Subscribe to read on without limits.|"
    "Links marked with a star are affiliate links: if you buy through them we may earn a commission, at no cost to you.|"
    "Dieser Artikel enthält Partnerlinks. Bei einem Kauf erhalten wir eine Provision; der Preis ändert sich nicht.|"
    "Hier geht es zu unserer neuen App, für Android und iOS.|Folgen Sie uns auf unseren Kanälen und verpassen Sie nichts mehr.|"
    "Retrouvez toute l'actualité dans notre application.|Síguenos en nuestras redes y no te pierdas nada.|"
    "This text was summed up with the help of a machine and checked by our editors.|This story was first published by {}.|"
    "We may republish reader letters; please give your full name and town.|© {}. Alle Rechte vorbehalten."
).split("|")
REPUBLISH = (
    "Republish this story",
    "You may republish this story for free, online or in print, under our licence.",
    "Please name the writer and {} at the top of the story and link to the original.",
    "The story may not be edited, except for style or to shorten it.",
    "Pictures are not included; ask the photographer for permission first.",
)
BIOS = (
    "{} is a reporter at {}. Before that the job was radio, and before that a fishing boat.",
    "{} schreibt für {} über Wirtschaft und Energie.",
    "{} est journaliste à {} et suit la politique régionale.",
    "{} writes about gardens, food and slow travel, and has two dogs. Find more stories on {}.",
)
COMMENTS = "Comments|Leave a reply|Kommentare|Commentaires|Comentarios|3 thoughts on this story|Join the discussion|コメント".split("|")
CREDITS = "Photo: {}|Foto: {}/dpa|({})|© {}|Image credit: {}|Crédit photo : {}|{} / Getty|Bild: {}|写真:{}|{}".split("|")

Others = Sequence[tuple[str, Sequence[str]]]  # (headline, paragraphs) of other stories


def in_story(rng: random.Random, own: Sequence[str], others: Others) -> list[Line]:
    """Draw a box that stands between two paragraphs of a story."""
    return rng.choice((_sign_up, _embed, _poll, _links, _links, _caption, _caption, _appeal))(rng, own, others)


def after_story(rng: random.Random, own: Sequence[str], others: Others) -> list[Line]:
    """Draw a box that stands below a story."""
    kinds: tuple[Callable[[random.Random, Sequence[str], Others], list[Line]], ...] = (
        _sign_up, _poll, _links, _appeal, _bio, _comments, _comments, _republish,
    )  # fmt: skip
    return rng.choice(kinds)(rng, own, others)


def _sign_up(rng: random.Random, _own: Sequence[str], _others: Others) -> list[Line]:
    title, text, button = rng.choice(SIGN_UP)
    return [(title, "h"), (text, "p"), (button, "small")]


def _embed(rng: random.Random, _own: Sequence[str], _others: Others) -> list[Line]:
    title, text, button = rng.choice(EMBEDS)
    return [line for line in ((title, "h"), (text, "p"), (button, "small")) if line[0]]


def _poll(rng: random.Random, _own: Sequence[str], _others: Others) -> list[Line]:
    title, question, *answers = rng.choice(POLLS)
    return [(title, "h"), (question, "p"), *((answer, "li") for answer in answers)]


def _links(rng: random.Random, _own: Sequence[str], others: Others) -> list[Line]:
    chosen = rng.sample(list(others), min(len(others), rng.randint(2, 6)))
    title = [(rng.choice(LINKS), "h")] if rng.random() < 0.8 else []
    return [*title, *((headline, "link-li") for headline, _ in chosen)]


def _caption(rng: random.Random, own: Sequence[str], others: Others) -> list[Line]:
    """Write a caption as papers do: a sentence about the story and a credit, or one of the two."""
    source = rng.choice(others)[1] if rng.random() < 0.5 else own
    sentence = rng.choice(SENTENCE_END.split(rng.choice(source)))
    credit = rng.choice(CREDITS).format(rng.choice(NAMES))
    return rng.choice(
        (
            [(sentence, "caption")],
            [(f"{sentence} {credit}", "caption")],
            [(sentence, "caption"), (credit, "caption")],
            [(credit, "caption")],
        )
    )


def _appeal(rng: random.Random, _own: Sequence[str], _others: Others) -> list[Line]:
    return [(text.format(rng.choice(PAPERS)), "p") for text in rng.sample(APPEALS, rng.choice((1, 1, 2)))]


def _bio(rng: random.Random, _own: Sequence[str], _others: Others) -> list[Line]:
    name = rng.choice(NAMES)
    return [*([(name, "h")] if rng.random() < 0.5 else []), (rng.choice(BIOS).format(name, rng.choice(PAPERS)), "p")]


def _comments(rng: random.Random, _own: Sequence[str], others: Others) -> list[Line]:
    lines: list[Line] = [(rng.choice(COMMENTS), "h")]
    for _ in range(rng.randint(1, 6)):
        sentences = SENTENCE_END.split(rng.choice(rng.choice(others)[1]))
        lines += [
            (rng.choice(NAMES), "small"),
            (f"{rng.randint(1, 28)}.{rng.randint(1, 12)}.2025 {rng.randint(0, 23)}:{rng.randint(10, 59)}", "small"),
        ]
        lines += [
            (" ".join(sentences[: rng.randint(1, 3)]), "p"),
            (rng.choice(("Reply", "Antworten", "Répondre", "Like", "Report")), "small"),
        ]
    return lines


def _republish(rng: random.Random, _own: Sequence[str], _others: Others) -> list[Line]:
    paper = rng.choice(PAPERS)
    return [(REPUBLISH[0], "h"), *((text.format(paper), rng.choice(("p", "p", "li"))) for text in REPUBLISH[1:])]
