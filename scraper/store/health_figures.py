"""What did a run find at each source, counted for its health? Read from the rows of `fetches`, `articles` and `evidence` that it wrote.

What each figure means is said in `scraper.health.figures`.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from scraper.health.figures import density_bin, length_bin
from scraper.records import STORIES
from scraper.store.connection import Connection

__all__ = ["Found", "found_by", "told_by"]

Found = dict[tuple[str, str], Counter[str]]  # by source and hour ('YYYY-MM-DD HH')

REFUSED: Final = frozenset(f"http_{status}" for status in (401, 402, 403, 407, 429, 451)) | {"robots_denied"}
UNREACHABLE: Final = frozenset(
    ("dns_failure", "connect_failed", "tls_failure", "timeout", "connection_lost", "protocol_error", "robots_unavailable")
)
FIELDS: Final = ("headline", "standfirst", "published", "modified", "section", "image", "language", "publisher")
SIGNALS: Final = ("headline", "standfirst", "authors", "published", "modified", "section", "image", "language", "publisher", "tags")
CHUNK: Final = 200  # new stories that are compared with each other
POOL: Final = 30  # and with so many that were stored before them
SHORTEST_PARAGRAPH: Final = 40  # characters; shorter ones, "Pros" and "Cons", are a way of telling
FEWEST_ALIKE: Final = 3  # stories with one paragraph or one headline, of which the second may be a follow-up
ALIKE_AUTHORS: Final = 4  # every so many-th story by the same people: in a small newsroom that is usual, and is then learned

_FETCHES: Final = """
    SELECT source_id, substr(at, 1, 13) AS hour, kind, outcome, verdict, saved, template_fit, count(*) AS number, sum(links_new) AS links
    FROM fetches WHERE run_id = ? AND kind <> 'direct' GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
_NEW: Final = """
    SELECT articles.source_id, articles.id
    FROM fetches JOIN articles ON articles.id = fetches.article_id
    WHERE fetches.run_id = ? AND fetches.kind = 'page' AND fetches.outcome = 'ok' AND fetches.saved = 'new'
    ORDER BY 1, 2
"""
_STORIES: Final = """
    SELECT id, source_id, substr(first_seen_at, 1, 13) AS hour, headline, standfirst, authors, agencies, published, published_precision,
        modified, section, image, language, publisher, paywalled, word_count, body,
        EXISTS (SELECT 1 FROM article_tags WHERE article_id = articles.id) AS tagged
    FROM articles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
"""
_SIGNALS: Final = f"""
    SELECT articles.source_id, substr(fetches.at, 1, 13) AS hour, evidence.field, evidence.signal, count(*) AS number
    FROM fetches JOIN articles ON articles.id = fetches.article_id JOIN evidence ON evidence.article_id = articles.id
    WHERE fetches.run_id = ? AND fetches.kind = 'page' AND fetches.outcome = 'ok' AND fetches.saved = 'new'
        AND evidence.field IN ({", ".join(f"'{name}'" for name in SIGNALS)})
    GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - names of our own
_LINKED: Final = """
    SELECT source_id, substr(at, 1, 13) AS hour, link_density FROM fetches
    WHERE run_id = ? AND kind = 'page' AND saved = 'new' AND link_density IS NOT NULL
"""


def found_by(store: Connection, run_id: int) -> Found:
    """Count what one run found, by source and hour."""
    found = told_by(store, run_id)
    for row in store.rows(_LINKED, (run_id,)):
        found[row["source_id"], row["hour"]].update(("texts", f"links:{density_bin(row['link_density'])}"))
    return found


def told_by(store: Connection, run_id: int) -> Found:
    """Count what is in the rows of any run, also of one before there was a health of sources."""
    found: Found = defaultdict(Counter)
    for row in store.rows(_FETCHES, (run_id,)):
        found[row["source_id"], row["hour"]].update(_fetched(row))
    for row in store.rows(_SIGNALS, (run_id,)):
        found[row["source_id"], row["hour"]][f"signal:{row['field']}={row['signal']}"] += row["number"]
    for chunk in _chunks(store, run_id):
        before = _stored_before(store, chunk[0])
        for row, repeated in zip(chunk, _repeated([*before, *chunk])[len(before) :], strict=True):
            found[row["source_id"], row["hour"]].update((*_told(row), *repeated))
    return found


def _fetched(row: sqlite3.Row) -> Counter[str]:
    """Count a number of like fetches."""
    number = row["number"]
    if row["kind"] != "page":
        return Counter(_trouble("listing", row["outcome"], number) | {"looks": number, "items": row["links"] or 0})
    if row["outcome"] == "host_resting":
        return Counter()  # nothing was asked
    counts = Counter(_trouble("page", row["outcome"], number) | {"requests": number})
    if row["saved"] in {"new", "duplicate", "rejected"}:
        counts["visits"] = number
        if row["saved"] == "duplicate" or row["verdict"] not in STORIES:
            counts["verdict:" + ("duplicate" if row["saved"] == "duplicate" else row["verdict"])] = number
    if row["saved"] == "new":
        counts["stories"] = number
    if row["template_fit"]:
        counts["fitted"] = number
        counts["template:misfit"] = number if row["template_fit"] == "template_misfit" else 0
    return counts


def _trouble(what: str, outcome: str, number: int) -> dict[str, int]:
    if outcome in {"ok", "not_modified"}:
        return {}
    if outcome == "host_resting":
        return {f"{what}:resting": number}
    if outcome in REFUSED:
        return {f"{what}:refused": number}
    return {f"{what}:unreachable" if outcome in UNREACHABLE or outcome.startswith("http_5") else f"{what}:failed": number}


def _told(row: sqlite3.Row) -> Iterator[str]:
    """Name the figures that one new story counts for."""
    yield from (f"field:{name}" for name in FIELDS if row[name])
    if row["authors"] or row["agencies"]:
        yield "field:authors"
    if row["published_precision"] in {"minute", "second"}:
        yield "field:time"
    if row["tagged"]:
        yield "field:tags"
    if row["paywalled"]:
        yield "access:paywalled"
    yield f"words:{length_bin(row['word_count'])}"
    paragraphs = _paragraphs(row["body"])
    yield f"lines:{length_bin(sum(map(len, paragraphs)) / max(1, len(paragraphs)))}"


def _repeated(stories: Sequence[sqlite3.Row]) -> list[list[str]]:
    """Name, for each of some stories of one source, what of it others have, too."""
    long_ones = [{text for text in _paragraphs(row["body"]) if len(text) >= SHORTEST_PARAGRAPH} for row in stories]
    paragraphs = Counter(text for texts in long_ones for text in texts)
    headlines, authors = Counter(row["headline"] for row in stories), Counter(row["authors"] for row in stories)
    many = max(FEWEST_ALIKE, len(stories) / ALIKE_AUTHORS)
    return [
        [
            *(["repeated:headline"] if row["headline"] and headlines[row["headline"]] >= FEWEST_ALIKE else []),
            *(["repeated:authors"] if row["authors"] and authors[row["authors"]] >= many else []),
            *(["repeated:paragraph"] if any(paragraphs[text] >= FEWEST_ALIKE for text in texts) else []),
        ]
        for row, texts in zip(stories, long_ones, strict=True)
    ]


def _chunks(store: Connection, run_id: int) -> Iterator[Sequence[sqlite3.Row]]:
    """Give the new stories in lots of one source each, a lot at a time in memory."""
    for _, rows in groupby(store.rows(_NEW, (run_id,)), key=itemgetter("source_id")):
        ids = [row["id"] for row in rows]
        for start in range(0, len(ids), CHUNK):
            yield store.rows(_STORIES, (json.dumps(ids[start : start + CHUNK]),))


def _stored_before(store: Connection, first: sqlite3.Row) -> Sequence[sqlite3.Row]:
    return store.rows(
        "SELECT headline, authors, body FROM articles INDEXED BY articles_source_first_seen WHERE source_id = ? AND id < ?"
        " ORDER BY first_seen_at DESC LIMIT ?",
        (first["source_id"], first["id"], POOL),
    )


def _paragraphs(body: str | None) -> list[str]:
    return [text for text in (body or "").split("\n\n") if text]
