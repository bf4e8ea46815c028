"""What a site repeats is learned from a few of its pages and dropped from the next."""

from scraper import extract
from scraper.extract.article import document_of
from scraper.extract.templates import learn

NOTE = "This newsroom is owned by its readers, and every story is checked by two people before it goes out to you."
STORIES = {
    "Quarry wall gives way": "The wall above the railway gave way at dawn, and the line has been closed since. Nobody was hurt.",
    "Schools share a headteacher": "Two schools will share a headteacher from January, because nobody applied for either post.",
    "Bakers strike over nights": "Bakers in three counties stopped work at midnight over pay. The shelves were empty by nine.",
    "Herring return to the sound": "Herring have come back to the sound in numbers not seen since 1987. Boats went out at once.",
}


def page(headline: str, text: str) -> str:
    body = f"<p>{text}</p><p>{text[::-1].replace('.', ',')}, he said.</p>"
    return f"<html><head><title>{headline}</title></head><body><h1>{headline}</h1><div>{body}<p>{NOTE}</p></div></body></html>"


def test_a_block_on_every_page_of_a_site_is_dropped_from_the_next() -> None:
    *known, last = [page(headline, text) for headline, text in STORIES.items()]
    template = learn(document_of(html) for html in known)
    article = extract(last, template=template)
    assert NOTE not in (article.body or "")
    assert any(block.text == NOTE and "other pages" in block.reason for block in article.evidence.dropped)


def test_a_block_of_one_page_is_not_learned() -> None:
    template = learn([document_of(page(*story)) for story in STORIES.items()])
    assert template.pages == len(STORIES)
    assert len(template.repeated) == 1


def test_without_pages_nothing_is_repeated() -> None:
    assert learn([]).repeated == {}
