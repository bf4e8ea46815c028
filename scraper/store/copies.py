"""Which stored story is a new one a copy of? The index of sampled shingles, and what a story's row says of its original.

A story is compared with everything stored before it, whatever run stored that: the index is a table. `scraper.copies` says what is sampled
and when two texts are one. A copy points to the first story of its text that was seen (`original_id`), never to another copy.
"""

import heapq
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from operator import itemgetter
from typing import Final

from scraper.copies import Likeness, Marks, likeness, marks
from scraper.store.connection import Connection
from scraper.store.waiting import SHINGLES

__all__ = ["index_all", "place", "placed"]

# A shingle of more stories than this is a standing phrase, and leads to too many. It is not written down again either.
MOST_HOLDERS: Final = 50
# Stories that are compared, those first that share most, then the earlier: one takes 0.1 ms, and the first is right where any is.
MOST_COMPARED: Final = 5
# Two shared shingles, since one is shared by chance in every fifth article where a million are stored; short texts have few.
LEAST_SHARED, FEW_SHINGLES = 2, 6
MOST_STANDING: Final = 100_000  # some 8 MB
NOTHING: Final = frozenset[int]()
_MARK, _HOLDER = itemgetter(0), itemgetter(1)
REMEMBERED: Final = 4_000  # texts of 2 kB, 8 MB: a copy mostly comes soon after its original, and its row need not be read


def place(store: Connection, article_id: int, text: Marks, *, fingerprint: object = None, before: str | None = None) -> None:
    """Write down what a new or changed story is a copy of, and index it.

    `fingerprint` is its `text_hash`, `before` the body that was indexed for it until now.
    """
    indexed = frozenset(marks(before).shingles) if before else NOTHING
    if gone := indexed.difference(text.shingles):
        store.run_many("DELETE FROM shingles WHERE hash = ? AND article_id = ?", [(mark, article_id) for mark in gone])
        store.standing -= gone
    original_id, share = placed(store, article_id, text, fingerprint=fingerprint, indexed=indexed)
    if before or original_id is not None:
        store.update("articles", article_id, {"original_id": original_id, "likeness": share})


def placed(
    store: Connection, article_id: int, text: Marks, *, fingerprint: object = None, indexed: AbstractSet[int] = NOTHING
) -> tuple[int | None, float | None]:
    """Give what a story is a copy of, and how alike the two are, and index it; its row is left alone.

    `indexed` are shingles under which it stands already: one that waits as well would count twice.
    """
    shared, kept = _holders(store, text.shingles)
    original_id, found = _original(store, text, _candidates(shared, article_id, len(text.shingles)))
    _remember(store, fingerprint, text)
    store.later(SHINGLES, [(mark, article_id) for mark in kept if mark not in indexed])
    return original_id, round(found.share, 3) if found else None


def index_all(store: Connection) -> None:
    """Place every stored story, the first first: for a database that was made before there was an index."""
    for row in store.rows("SELECT id FROM articles ORDER BY id"):
        place(store, row["id"], marks(store.value("SELECT body FROM articles WHERE id = ?", (row["id"],)) or ""))


def _holders(store: Connection, marks: Sequence[int]) -> tuple[Counter[int], Sequence[int]]:
    """Give how many of these shingles each story has, and the shingles that are no standing phrases."""
    if store.standing:
        marks = [mark for mark in marks if mark not in store.standing]
    waiting = store.waiting.holders()
    found = store.ask(_holding(len(marks)), marks)
    found += [(mark, holder) for mark in waiting.keys() & marks for holder in waiting[mark]]
    often = [mark for mark, times in Counter(map(_MARK, found)).items() if times >= MOST_HOLDERS]
    standing = {mark for mark in often if len({pair for pair in found if pair[0] == mark}) >= MOST_HOLDERS}
    if not standing:
        return Counter(map(_HOLDER, found)), marks
    _note_standing(store, standing)
    shared = Counter(holder for mark, holder in found if mark not in standing)
    return shared, [mark for mark in marks if mark not in standing]


def _note_standing(store: Connection, found: AbstractSet[int]) -> None:
    """Remember which shingles are standing phrases: fifty rows each need not be read again to say so of the next story."""
    if len(store.standing) > MOST_STANDING:
        store.standing.clear()
    store.standing |= found


@lru_cache(maxsize=200)
def _holding(marks: int) -> str:
    return f"SELECT hash, article_id FROM shingles WHERE hash IN ({', '.join('?' * marks)})"  # noqa: S608 - question marks


def _candidates(shared: Counter[int], article_id: int, marks: int) -> list[int]:
    """Give the earlier stories that share most."""
    least = LEAST_SHARED if marks >= FEW_SHINGLES else 1
    enough = [(-times, holder) for holder, times in shared.items() if times >= least and holder < article_id]
    return [holder for _, holder in heapq.nsmallest(MOST_COMPARED, enough)]


def _original(store: Connection, text: Marks, candidates: Sequence[int]) -> tuple[int | None, Likeness | None]:
    """Give the first story that has this text, and how alike the two are: of the candidates the first that is one text with this."""
    ours = text.words if candidates else None
    for candidate in candidates:
        told = _told(store, candidate)
        if told is None or ours is None:
            continue
        original_id, theirs = told
        if text.has_other_numbers(theirs):
            continue
        alike = likeness(ours, theirs.words)
        if alike.is_copy:
            return original_id or candidate, alike
    return None, None


def _told(store: Connection, article_id: int) -> tuple[int | None, Marks] | None:
    """Give the original that a story points to, if it is a copy, and its text as it is compared; the story may be one that waits."""
    newcomer = store.waiting.newcomer(article_id)
    row = newcomer[1:] if newcomer else store.row("SELECT original_id, text_hash, body FROM articles WHERE id = ?", (article_id,))
    if row is None:
        return None
    original_id, text_hash, body = row
    return original_id, store.texts.get(text_hash or "") or marks(body or "")


def _remember(store: Connection, fingerprint: object, text: Marks) -> None:
    """Keep a text as it will be compared. By its fingerprint it stays right, whatever is undone or rewritten in the database."""
    if isinstance(fingerprint, str):
        store.texts[fingerprint] = text._replace(shingles=())
        if len(store.texts) > REMEMBERED:
            store.texts.popitem(last=False)
