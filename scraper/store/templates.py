"""What is each source's template, and which stored stories hold what is its own? A row of `templates` for each source.

A page that tells a new story adds to the memory of its source. A block that by now proves to be the site's own is taken out of the stories
that hold it, in the same transaction; what was taken, and why, stands in their evidence. How a memory grows is `extract.memory`'s question.
"""

import json
import re
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Final, NamedTuple

from scraper.copies import marks
from scraper.extract.memory import Memory, remembered, renewed, template_of
from scraper.extract.phrases import phrase_kind
from scraper.extract.taught import Lesson
from scraper.extract.templates import MOST_REPEATED, SENTENCE_CHARS
from scraper.fingerprints import block_fingerprint, opening_letters
from scraper.records import Repeated, Template
from scraper.store.article_rows import Visit
from scraper.store.connection import Connection
from scraper.store.copies import place
from scraper.store.rows import hash_of, word_count
from scraper.store.scripts import forget_unspaced, index_scripts, wording_of

__all__ = ["Shelf", "is_chrome", "kept_template", "learn_from"]

PARAGRAPH: Final = "\n\n"
SHELVED: Final = 128  # sources: a run works on a hundred at once, and each takes some 0.3 MB
YOUNG, WRITTEN_EVERY = (
    10,
    10,
)  # pages: the first ones teach most; a process that is killed later on loses nine lessons at most, and no story
RUN: Final = re.compile(r"[^\W\d_]+(?:[^\w\"]+[^\W\d_]+){0,7}")  # words without a number between them: numbers count alike
TOLD: Final = "template:repeated"


class Shelf:
    """The memories that were read or added to last; one process writes, so they are what the database says, or what it is about to.

    To write one down takes longer than to add to it, so an older one is written every few pages, and whatever is unwritten by `write_all`.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()

    @contextmanager
    def undone_with(self) -> Iterator[None]:
        """Forget what is added inside where the block fails, as the database does."""
        before = self._known.copy()
        try:
            yield
        except BaseException:
            self._known = before
            raise

    def of(self, store: Connection, source_id: str) -> "_Known":
        """Give what is known of a source."""
        known = self._known.get(source_id)
        if known is None:
            memory = Memory.from_json(store.value("SELECT memory FROM templates WHERE source_id = ?", (source_id,)))
            known = _Known(memory, template_of(memory))
            self.put(store, source_id, known)
        return known

    def held(self, source_id: str) -> Template | None:
        """Give a source's template if it is here and anything has been learned."""
        known = self._known.get(source_id)
        return known.template if known and known.memory.learned else None

    def put(self, store: Connection, source_id: str, known: "_Known") -> None:
        """Keep what was read or has been added to, and write down what is due."""
        self._known[source_id] = known
        self._known.move_to_end(source_id)
        if known.unwritten_since and (known.memory.learned <= YOUNG or known.memory.learned % WRITTEN_EVERY == 0):
            self._write(store, source_id)
        if len(self._known) > SHELVED:
            oldest = next(iter(self._known))
            self._write(store, oldest)
            del self._known[oldest]

    def write_all(self, store: Connection) -> None:
        """Write down whatever is not yet."""
        for source_id in self._known:
            self._write(store, source_id)

    def _write(self, store: Connection, source_id: str) -> None:
        known = self._known[source_id]
        if known.unwritten_since is None:
            return
        store.run(
            "INSERT INTO templates (source_id, pages, rules, memory, first_learned_at, last_learned_at) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source_id) DO UPDATE SET pages = excluded.pages, rules = excluded.rules, memory = excluded.memory,"
            " last_learned_at = excluded.last_learned_at",
            (source_id, known.memory.learned, _rules(known.template), known.memory.to_json(), known.unwritten_since, known.last_at),
        )
        self._known[source_id] = _Known(known.memory, known.template)


class _Known(NamedTuple):
    memory: Memory
    template: Template
    unwritten_since: str | None = None
    last_at: str | None = None


def kept_template(store: Connection, shelf: Shelf, source_id: str) -> Template | None:
    """Give the template of a source, if anything has been learned of it."""
    known = shelf.of(store, source_id)
    return known.template if known.memory.learned else None


def is_chrome(store: Connection, shelf: Shelf, source_id: str, paragraph: str) -> bool:
    """Tell whether a paragraph is what sites write around their stories, or what this one repeats."""
    return phrase_kind(paragraph) is not None or block_fingerprint(paragraph) in shelf.of(store, source_id).template.repeated


def learn_from(store: Connection, shelf: Shelf, visit: Visit, article_id: int, lesson: Lesson) -> int:
    """Add what a new story's page teaches, take what proves to be the source's own out of its stories, and give how many had it."""
    source_id, at, before = visit.source_id, visit.at, shelf.of(store, visit.source_id)
    after = remembered(before.memory, lesson)
    template = renewed(before.template, after, lesson)
    shelf.put(store, source_id, _Known(after, template, before.unwritten_since or at, at))
    known_before = before.template.repeated
    proved = {mark: template.repeated[mark] for mark in template.repeated.keys() - known_before} if template is not before.template else {}
    # What was known before is in no stored story but, it may be, in this one: it may have been read while another page brought the proof.
    told = dict(_texts((visit.told.text("body") or "").split(PARAGRAPH), template.repeated))
    texts = {mark: text for mark, text in told.items() if mark in proved}
    # What no page remembered held in its story is in none that is stored lately, and need not be looked for.
    in_stories = {mark: known for mark, known in proved.items() if after.blocks[mark][2]}
    texts |= _texts(visit.told.dropped, in_stories)
    rows = {article_id: _stored(store, article_id)} if told else {}
    rows |= {row["id"]: row for text in texts.values() for row in _holders(store, source_id, text)}
    marks = told.keys() | texts.keys()
    return sum(_without(store, row, marks, template, at) for row in rows.values() if row is not None and row["body"])


def _stored(store: Connection, article_id: int) -> sqlite3.Row | None:
    store.settle()
    return store.row("SELECT id, body FROM articles WHERE id = ?", (article_id,))


def _rules(template: Template) -> str:
    rules = [{"field": rule.field, "place": rule.label, "pages": rule.pages, "of": rule.of} for rule in template.rules]
    return json.dumps(rules, ensure_ascii=False)


def _texts(texts: Iterable[str], repeated: Mapping[str, Repeated]) -> Iterator[tuple[str, str]]:
    """Find the words behind the fingerprints among the texts of the page that was their proof."""
    letters = {known.letters for known in repeated.values()}
    for text in texts if letters else ():
        if opening_letters(text) in letters:
            mark = block_fingerprint(text)
            if mark in repeated and (repeated[mark].beside or len(text) >= SENTENCE_CHARS):
                yield mark, text


def _without(store: Connection, row: sqlite3.Row, marks: AbstractSet[str], template: Template, at: str | None) -> bool:
    """Take the paragraphs with these fingerprints out of a story; False where it has none of them, or little besides."""
    letters = {template.repeated[mark].letters for mark in marks}
    texts = str(row["body"]).split(PARAGRAPH)
    paragraphs = [(text, block_fingerprint(text) if opening_letters(text) in letters else "") for text in texts]
    left = [text for text, mark in paragraphs if mark not in marks]
    if len(left) == len(paragraphs) or sum(map(len, left)) < (1 - MOST_REPEATED) * sum(len(text) for text, _ in paragraphs):
        return False
    _rewrite(store, row, PARAGRAPH.join(left), [(text, template.repeated[mark]) for text, mark in paragraphs if mark in marks], at)
    return True


def _holders(store: Connection, source_id: str, text: str) -> list[sqlite3.Row]:
    """Find the stories of a source that may hold a text, by the longest run of words in it; paragraphs are compared afterwards."""
    run = max(RUN.findall(text), key=len, default="")
    if not run:
        return []
    store.settle()
    return store.rows(
        "SELECT articles.id, articles.body FROM articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid"
        " WHERE articles_fts MATCH ? AND articles.source_id = ?",
        (f'body : "{run}"', source_id),
    )


def _rewrite(store: Connection, row: sqlite3.Row, body: str, removed: list[tuple[str, Repeated]], at: str | None) -> None:
    article_id, fingerprint = row["id"], hash_of(body)
    if fingerprint and store.row("SELECT 1 FROM articles WHERE text_hash = ? AND id <> ?", (fingerprint, article_id)):
        fingerprint = None  # as where a story's own page changes: both stay, and the first keeps the fingerprint
    whole = dict(store.row("SELECT * FROM articles WHERE id = ?", (article_id,)) or {})
    store.settle()
    forget_unspaced(store, article_id, whole)
    index_scripts(store, article_id, whole | {"body": body}, wording_of(whole | {"body": body}))
    store.update("articles", article_id, {"body": body, "word_count": word_count(body), "text_hash": fingerprint})
    place(store, article_id, marks(body), fingerprint=fingerprint, before=row["body"])
    told = store.value("SELECT candidates FROM evidence WHERE article_id = ? AND field = 'removed'", (article_id,))
    losers = json.loads(told) if told else []
    losers += [{"value": text, "signal": TOLD, "reason": f"found on {known.pages} pages of the source by {at}"} for text, known in removed]
    store.run(
        "INSERT OR REPLACE INTO evidence (article_id, field, signal, value, candidates) VALUES (?, 'removed', ?, ?, ?)",
        (article_id, TOLD, f"{len(losers)} paragraphs that the source repeats", json.dumps(losers, ensure_ascii=False)),
    )
