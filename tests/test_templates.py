"""What a site repeats is learned from a few of its pages and used on the next: its blocks, its paths, and where it keeps each field."""

import json
from dataclasses import replace
from datetime import date

import pytest

from fixtures.truth import content, expected
from scraper import Template, extract
from scraper.extract.article import document_of, read
from scraper.extract.learning import learn, lesson_of
from scraper.extract.memory import FADES, Memory, remembered, renewed, template_of
from scraper.extract.paths import Paths
from scraper.fingerprints import block_fingerprint
from scraper.records import Article, FieldEvidence, Rule

NOTE = "This newsroom is owned by its readers, and every story is checked by two people before it goes out to you."
STORIES = {
    "Quarry wall gives way above the railway": "The wall above the railway gave way at dawn, and the line is closed. Nobody was hurt.",
    "Two schools share a headteacher": "Two schools will share a headteacher from January, because nobody applied for either post.",
    "Bakers strike over night work": "Bakers in three counties stopped work at midnight. The shelves were empty by nine o'clock.",
    "Herring return to the sound": "Herring have come back to the sound in numbers not seen since 1987. Boats went out to them.",
    "Ferry runs aground on a calm day": "The morning ferry ran aground in calm weather near the pier. Its passengers waded ashore.",
    "Mill owner gives the mill away": "The owner of the last paper mill gave it to the people who work there. He has no children.",
}
MORE = "“Nobody had thought of {} here,” said Marit Lund, who lives across the road, “and yet we were all told that it would come.”"


def page(headline: str, text: str, *, note: str = NOTE, container: str = "story-text", number: int = 7) -> str:
    told = "".join(f"<p>{line}</p>" for line in (text, MORE.format(headline.lower()), text[::-1].replace(".", ",") + ", he said."))
    head = f"<h1 class='title'>{headline}</h1><p class='line'>Marit Lund</p><p class='when'>{number} March 2026</p>"
    more = "<div class='more'><p>Read more of the sound in our pages.</p></div>"
    return (
        f"<html><head><title>{headline} | The Sound</title></head><body class='post-{number}'><div class='top-{number}'>{head}</div>"
        f"<div class='{container} css-x{number}k'>{told}<p>{note}</p></div>{more}</body></html>"
    )


PAGES = [page(*story, number=number + 1) for number, story in enumerate(STORIES.items())]
KNOWN, LAST = PAGES[:5], PAGES[5]


def proof(article: Article, field: str) -> FieldEvidence:
    found = article.evidence.of(field)
    assert found is not None
    return found


def fit(article: Article) -> str | None:
    found = article.evidence.of("template")
    return found.signal if found else None


def test_a_sentence_on_every_page_of_a_site_is_dropped_from_the_next() -> None:
    article = extract(LAST, template=Template.learn(KNOWN))
    assert NOTE not in (article.body or "")
    assert any(block.text == NOTE and "other pages" in block.reason for block in article.evidence.dropped)
    assert "paper mill" in (article.body or "")


def test_numbers_in_what_is_repeated_count_alike() -> None:
    notes = [f"Our {count} readers pay for this newsroom, {count // 3} of them since the year it was founded." for count in range(900, 906)]
    pages = [page(*story, note=note) for story, note in zip(STORIES.items(), notes, strict=True)]
    assert "readers pay" not in (extract(pages[5], template=learn(pages[:5])).body or "")


def test_a_subhead_that_stories_share_stays() -> None:
    subhead = "</p><h2>What happens next</h2><p>The council will look into it, and until it has, everything stays as it was."
    pages = [page(*story, note=subhead) for story in STORIES.items()]
    assert "What happens next" in (extract(pages[5], template=learn(pages[:5])).body or "")


def test_learning_needs_no_truth_and_takes_bytes_text_and_lessons() -> None:
    lessons = [lesson_of(read(html)) for html in KNOWN]
    assert learn([html.encode() for html in KNOWN]) == learn(KNOWN) == learn([lesson for lesson in lessons if lesson])


def test_pages_without_a_story_teach_nothing() -> None:
    assert learn(["", "<html><body><p>Page not found</p></body></html>", b"%PDF-1.7"]) == Template()
    assert learn([]) == Template()


def test_one_page_is_no_template() -> None:
    template = learn(KNOWN[:1])
    assert (template.pages, dict(template.repeated), dict(template.odds), template.rules) == (1, {}, {}, ())
    assert extract(LAST, template=template) == extract(LAST)


def test_a_template_of_no_pages_changes_nothing() -> None:
    assert extract(LAST, template=Template()) == extract(LAST)


# -- paths


def paths(markup: str) -> list[str]:
    document = document_of(f"<html><body>{markup}</body></html>")
    known = Paths(document.elements)
    return [known.of(block.element) for block in document.blocks]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<div class='story post-12'><p>One</p></div>", "<div class='story post-987'><p>Two</p></div>"),
        ("<div class='css-1x2y3z story'><p>One</p></div>", "<div class='css-9k8j7h story'><p>Two</p></div>"),
        ("<div class='sc-hxqbdf dlxib story'><p>One</p></div>", "<div class='sc-kwfgqz pmnjc story'><p>Two</p></div>"),
        ("<div class='story_text__x7Fa2'><p>One</p></div>", "<div class='story_text__q0oPz'><p>Two</p></div>"),
        ("<article class='post-1 category-sea'><p>One</p></article>", "<article class='post-2 category-land'><p>Two</p></article>"),
        ("<div><p>One</p><p>Two</p></div>", "<div><p>Two</p><p>One</p></div>"),
    ],
)
def test_a_path_is_the_same_on_the_next_page(one: str, other: str) -> None:
    assert paths(one) == paths(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<div class='story'><p>One</p></div>", "<div class='teaser'><p>One</p></div>"),
        ("<div class='card__title'><p>One</p></div>", "<div class='card__story'><p>One</p></div>"),
        ("<main><div><p>One</p></div></main>", "<footer><div><p>One</p></div></footer>"),
        ("<p>One</p>", "<li>One</li>"),
    ],
)
def test_another_place_is_another_path(one: str, other: str) -> None:
    assert paths(one) != paths(other)


def test_a_place_that_holds_no_story_on_other_pages_holds_none_on_this_one() -> None:
    template = learn(KNOWN)
    held = extract(LAST, template=template)
    assert "Read more of the sound" not in (held.body or "")
    story, beside = paths("<div class='story-text css-x1k'><p>One</p></div><div class='more'><p>Two</p></div>")
    assert template.odds[story] > 0
    assert template.odds[beside] < 0


def test_what_only_the_template_takes_into_the_story_is_named() -> None:
    template = replace(learn(KNOWN), odds=dict.fromkeys(learn(KNOWN).odds, 2.0))
    texts = ("Letters to the mill are welcome at any time of the day.", "Write to the mill whenever you like.")
    for line in texts:
        html = LAST.replace("<div class='more'>", f"<blockquote>{line}</blockquote><div class='more'>")
        alone, told = extract(html), extract(html, template=template)
        added = told.evidence.of("added")
        assert added is not None
        assert (line in (alone.body or ""), line in (told.body or "")) == (False, True)
        assert [one.value for one in added.candidates] == [line]
    assert extract(LAST).evidence.of("added") is None


# -- rules


def test_rules_say_where_the_site_keeps_its_fields_and_on_how_many_pages() -> None:
    rules = {rule.field: rule for rule in learn(KNOWN).rules}
    assert rules["body"] == Rule(field="body", path=rules["body"].path, tag="div", label="body > div.story-text", pages=5, of=5)
    assert (rules["headline"].tag, rules["headline"].label) == ("h1", "div.top-0 > h1.title")
    assert rules["published"].label == "div.top-0 > p.when"


def test_a_page_built_as_the_others_fits_and_one_that_is_not_is_reported() -> None:
    template = learn(KNOWN)
    assert fit(extract(LAST, template=template)) == "template_fits"
    headline, text = list(STORIES.items())[5]
    changed = extract(page(headline, text, container="redesigned"), template=template)
    assert fit(changed) == "template_misfit"
    assert "story-text (5 of 5 pages)" in str(proof(changed, "template").value)
    assert text in (changed.body or "")


def test_few_pages_report_no_misfit() -> None:
    headline, text = list(STORIES.items())[5]
    assert fit(extract(page(headline, text, container="redesigned"), template=learn(KNOWN[:3]))) is None


def test_a_date_that_the_reader_does_not_find_is_read_at_its_usual_place() -> None:
    when = "<p class='when'>6 March 2026</p>"
    others = "<p>7 March 2026</p><p>9 March 2026</p>"  # a page's only day would be taken wherever it stands
    hidden = LAST.replace(when, "").replace("</body>", f"{'<p>Pier</p>' * 30}{others}<div class='top-6'>{when}</div></body>")
    assert extract(hidden).published is None
    found = extract(hidden, template=learn(KNOWN))
    assert found.published is not None
    assert found.published.date() == date(2026, 3, 6)
    assert proof(found, "published").signal == "template:place"


def test_the_headline_of_every_page_is_none() -> None:
    def named(headline: str, text: str) -> str:
        made = page(headline, text).replace("| The Sound<", "- The Sound of the North<").replace("h1", "h2")
        return made.replace("<div class='top-7'>", "<h1>The Sound of the North</h1><div class='top-7'>")

    pages = [named(*story) for story in STORIES.items()]
    assert extract(pages[5]).headline == "The Sound of the North"
    found = extract(pages[5], template=learn(pages[:5]))
    assert found.headline == "Mill owner gives the mill away"
    assert "other pages" in proof(found, "headline").candidates[0].reason


# -- memory


def taught(pages: list[str]) -> Memory:
    memory = Memory()
    for html in pages:
        lesson = lesson_of(read(html))
        assert lesson is not None
        memory = remembered(memory, lesson)
    return memory


def test_a_memory_outlives_being_written_down() -> None:
    memory = taught(KNOWN)
    assert Memory.from_json(memory.to_json()) == memory
    assert json.loads(memory.to_json())["format"] == 2
    assert Memory.from_json(None) == Memory.from_json('{"format": 0}') == Memory()


def test_a_memory_in_fractions_is_read_as_it_was_meant() -> None:
    written = {
        "format": 1,
        "learned": 3,
        "unit": 1.07,
        "pages": 3.104,
        "blocks": {"0f": ["thetide", 2.034, 1.0]},
        "paths": {"main>p": [1.07, 40.1, 2.0]},
    }
    places = {"body": {"main": [3.104, "main", "main.story"]}}
    memory = Memory.from_json(json.dumps(written | {"places": places}))
    assert (memory.learned, memory.unit, memory.pages) == (3, 1070, 3104)
    assert memory.blocks == {"0f": ("thetide", 2034, 1000)}
    assert memory.paths == {"main>p": (1070, 40100, 2000)}
    assert memory.places == {"body": {"main": (3104, "main", "main.story")}}


def test_a_template_is_renewed_now_and_then_and_by_what_a_page_proves() -> None:
    lesson = lesson_of(read(LAST))
    assert lesson is not None
    memory, template = Memory(), template_of(Memory())
    notice = {block_fingerprint("This harbour has a notice"): ("thishar", False)}
    for number in range(15):
        memory = remembered(memory, lesson)
        template = renewed(template, memory, lesson)
        assert template == template_of(memory) if number < 10 else template.pages == 10
    for _ in range(2):
        known, seen = template, lesson._replace(blocks={**lesson.blocks, **notice})
        memory = remembered(memory, seen)
        template = renewed(template, memory, seen)
    assert known.repeated.keys() | notice.keys() == template.repeated.keys()
    assert renewed(template, remembered(memory, lesson), lesson) is template
    for _ in range(3):
        memory = remembered(memory, lesson)
        template = renewed(template, memory, lesson)
    assert template == template_of(memory)


def test_a_memory_stays_bounded_and_forgets() -> None:
    lesson = lesson_of(read(LAST))
    assert lesson is not None
    memory = taught(KNOWN)
    for number in range(200):
        fresh = {block_fingerprint(f"block {'x' * number} {index}" + "y" * index): ("xxx", True) for index in range(60)}
        memory = remembered(memory, lesson._replace(blocks={**lesson.blocks, **fresh}))
    assert memory.learned == 205
    assert memory.pages / memory.unit == pytest.approx(1 / (1 - FADES), rel=0.01)
    assert len(memory.blocks) <= 1500 + 10 * 60
    assert block_fingerprint(next(iter(STORIES.values()))) not in memory.blocks


def test_a_site_that_changes_is_learned_anew() -> None:
    changed = [page(*story, container="redesigned", number=number) for number, story in enumerate(STORIES.items())] * 4
    memory = taught(KNOWN + changed)
    bodies = [rule.label for rule in template_of(memory).rules if rule.field == "body"]
    assert bodies[0] == "body > div.redesigned"
    assert fit(extract(changed[0], template=template_of(memory))) == "template_fits"


# -- the invented sites


@pytest.mark.parametrize("site", ["harbour-times", "quay-gazette", "meridian-agency", "talauer-anzeiger", "brief9", "tidewire"])
def test_a_template_keeps_what_the_invented_sites_tell(site: str) -> None:
    truth = {path: entry for path, entry in expected().items() if path.startswith(f"{site}/") and entry["verdict"] == "article"}
    pages = {path: content(path) for path in truth}
    for path, entry in truth.items():
        template = learn(html for other, html in pages.items() if other != path)
        alone, held = extract(pages[path], entry["url"]), extract(pages[path], entry["url"], template=template)
        missing = [line for line in entry["body"] if " ".join(line.split()) not in " ".join((held.body or "").split())]
        assert missing == [line for line in entry["body"] if " ".join(line.split()) not in " ".join((alone.body or "").split())]
        assert (held.headline, held.authors, held.published) == (alone.headline, alone.authors, alone.published)
