"""Which stories does the store's benchmark store? Invented ones of 3 KB, as unevenly worded as a language is, with evidence of each field.

Words are made of syllables and drawn by Zipf's law, so that the search index meets words that stand in every story and words that stand in
one. One story in twelve is a copy of an earlier one under other words, one in ten is in a language that writes compounds as one word.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from scraper.records import Article, Candidate, Evidence, FieldEvidence, Link, Page, Source

__all__ = ["BEGAN", "SOURCES", "Told", "told", "vocabulary"]

BEGAN: Final = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
SOURCES: Final = tuple(
    Source(
        id=f"paper{number:03}", name=f"Paper {number}", domain=f"paper{number:03}.example", feeds=(f"https://paper{number:03}.example/rss",)
    )
    for number in range(100)
)
A_DAY: Final = 2_000  # stories of all papers: half a million are eight months
VOCABULARY: Final = 120_000
WORDS: Final = 460  # with the spaces some 3 KB
COPIED, COMPOUNDING = 12, 10  # one story in so many
KEPT: Final = 0.85  # of a copy's words
EARLIER: Final = 2_000  # stories among which a copy finds its original
AUTHORS, TAGS = 4_000, 3_000
_SYLLABLES: Final = [
    "".join(parts) for parts in product("b d f g k l m n p r s t v sch tr st".split(), "a e i o u ei au".split(), ["", "n", "r", "l", "s"])
]
FIELDS: Final = ("headline", "standfirst", "authors", "published", "modified", "language", "section", "tags", "body", "verdict")


class Told(NamedTuple):
    """One page as a crawl hands it to the store."""

    link: Link
    page: Page
    article: Article


def vocabulary(random: np.random.Generator) -> list[str]:
    """Give words, the most frequent ones first and shortest, as in a language."""
    lengths = np.minimum(1 + np.arange(VOCABULARY) // 400, random.integers(1, 5, VOCABULARY))
    drawn = random.integers(0, len(_SYLLABLES), (VOCABULARY, 5))
    return ["".join(_SYLLABLES[part] for part in row[:length]) for row, length in zip(drawn, lengths, strict=True)]


def told(number: int, *, seed: int = 5) -> Iterator[Told]:
    """Give so many stories, the same ones for the same seed."""
    random = np.random.default_rng(seed)
    words = np.array(vocabulary(random), dtype=object)
    chances = np.cumsum(1 / (np.arange(VOCABULARY) + 2.7))
    chances /= chances[-1]
    earlier: list[np.ndarray] = []
    for place in range(number):
        drawn = np.searchsorted(chances, random.random(WORDS))
        if place % COPIED == COPIED - 1:
            original = earlier[int(random.integers(len(earlier)))]
            drawn = np.where(random.random(WORDS) < KEPT, original, drawn)
        elif len(earlier) < EARLIER:
            earlier.append(drawn)
        else:
            earlier[place % EARLIER] = drawn
        yield _told(place, [str(word) for word in words[drawn]], random)


def _told(place: int, words: list[str], random: np.random.Generator) -> Told:
    source = SOURCES[place % len(SOURCES)]
    at = BEGAN + timedelta(days=place / A_DAY)
    url = f"https://{source.domain}/{at:%Y/%m/%d}/{'-'.join(words[:5])}-{place}"
    is_compounding = place % COMPOUNDING == COMPOUNDING - 1
    if is_compounding:
        words[::9] = [first + second for first, second in zip(words[::9], [*words[1::9], "haus"], strict=False)]
    article = _article(url, place, words, at, random, language="de" if is_compounding else "en")
    page = Page(url=url, requested_url=url, status=200, headers=(), content=b"", fetched_at=at + timedelta(hours=1), elapsed_ms=80)
    return Told(Link(url=url, source_id=source.id, kind="feed", found_in=source.feeds[0], title=article.headline), page, article)


def _article(url: str, place: int, words: list[str], at: datetime, random: np.random.Generator, *, language: str) -> Article:
    sentences = [" ".join(words[start : start + 15]).capitalize() + "." for start in range(0, len(words), 15)]
    body = "\n\n".join(" ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4))
    headline = " ".join(words[20:28]).capitalize()
    author, *tags = (int(one) for one in random.geometric(0.002, 4))
    return Article(
        url=url, canonical_url=url, headline=headline, standfirst=sentences[3], authors=(f"Author {author % AUTHORS}",),
        agencies=("Wire Agency",) if place % 9 == 0 else (), published=at, published_precision="second", body=body, language=language,
        publisher="A Paper", section="News", tags=tuple(dict.fromkeys(f"tag {tag % TAGS}" for tag in tags)), verdict="article",
        confidence=0.93, evidence=Evidence(fields=tuple(_evidence(field, headline) for field in FIELDS)),
    )  # fmt: skip


def _evidence(field: str, value: str) -> FieldEvidence:
    losers = tuple(Candidate(value=value, signal=f"meta:og:{field}", reason="a lower signal says the same") for _ in range(2))
    return FieldEvidence(field=field, signal=f"json_ld:{field}", value=value, candidates=losers)
