"""Which candidates are copies? The texts of both are brought together, group by group, and compared as the store compares them.

Two stages: each chunk leaves the groups the texts they ask for, as `scraper.copies` compares them; each group compares.
"""

from collections import defaultdict
from typing import Any, Final

import numpy as np

from scraper.batch.copies_exact import columns_of
from scraper.batch.copies_pairs import ROW_SHIFT
from scraper.batch.copies_pieces import pieces, rows_in, write_piece
from scraper.batch.copies_plan import Plan, mixed
from scraper.copies import Likeness, Marks, likeness, marks

__all__ = ["compare", "tell_texts"]

AT_ONCE: Final = 2_000  # texts that are written together: 4 MB
PASS_TEXTS: Final = 40_000  # that are in memory at once: 80 MB


def tell_texts(plan: Plan, chunk: int) -> None:
    """Leave each group the texts of this chunk that it asks for."""
    asked: dict[int, list[int]] = defaultdict(list)
    for table in pieces(plan, "wanted", chunk):
        for number, group in zip(table.column("number").to_pylist(), table.column("group").to_pylist(), strict=True):
            asked[number].append(group)
    waiting: dict[int, list[tuple[int, bytes, list[bytes]]]] = defaultdict(list)
    part = held = 0
    wanted = np.array(sorted(asked), dtype=np.int64)
    for numbers, batch in columns_of(plan, chunk, ("body",)) if asked else ():
        rows = np.flatnonzero(np.isin(numbers, wanted))
        for row, body in zip(rows.tolist(), batch.column("body").take(rows).to_pylist(), strict=True):
            text = marks(body or "")
            for group in asked[int(numbers[row])]:
                waiting[group].append((int(numbers[row]), text.meant, sorted(text.numbers)))
                held += 1
        if held >= AT_ONCE:
            _pour(plan, f"{chunk}-{part}", waiting)
            part, held = part + 1, 0
    _pour(plan, f"{chunk}-{part}", waiting)


def compare(plan: Plan, group: int) -> Any:
    """Give the stories of a group that are copies, what each is a copy of, and their likeness, as three arrays."""
    passes = 1 + rows_in(plan, "texts", group) // PASS_TEXTS
    found: list[tuple[int, int, float]] = []
    for number in range(passes):
        candidates = _candidates(plan, group, number, passes)
        texts = _texts(plan, group, candidates)
        for later, earlier in candidates.items():
            found += [(later, *copy) for copy in _first_copy(texts, later, earlier)]
    table = np.array(found, dtype=[("later", np.int64), ("original", np.int64), ("share", np.float64)])
    return table["later"], table["original"], table["share"]


def _pour(plan: Plan, by: str, waiting: dict[int, list[tuple[int, bytes, list[bytes]]]]) -> None:
    import pyarrow as pa

    for group, texts in waiting.items():
        numbers, meant, figures = zip(*texts, strict=True)
        columns = {"number": pa.array(numbers, pa.int64()), "meant": pa.array(meant, pa.large_binary())}
        write_piece(plan, "texts", group, by, pa.table(columns | {"numbers": pa.array(figures, pa.list_(pa.binary()))}))
    waiting.clear()


def _candidates(plan: Plan, group: int, number: int, passes: int) -> dict[int, list[int]]:
    """Give the candidates of a share of a group's stories, the best first."""
    found: dict[int, list[int]] = defaultdict(list)
    for table in pieces(plan, "candidates", group):
        later, earlier, rank = (table.column(name).to_numpy() for name in ("later", "earlier", "rank"))
        mine = (mixed(later) >> np.uint64(ROW_SHIFT)) % np.uint64(passes) == number
        order = np.lexsort((rank[mine], later[mine]))
        for one, other in zip(later[mine][order].tolist(), earlier[mine][order].tolist(), strict=True):
            found[one].append(other)
    return found


def _texts(plan: Plan, group: int, candidates: dict[int, list[int]]) -> dict[int, Marks]:
    wanted = np.array(sorted({*candidates, *(other for others in candidates.values() for other in others)}), dtype=np.int64)
    found = {}
    for table in pieces(plan, "texts", group):
        for row in table.filter(np.isin(table.column("number").to_numpy(), wanted)).to_pylist():
            found[row["number"]] = Marks((), row["meant"], frozenset(row["numbers"]))
    return found


def _first_copy(texts: dict[int, Marks], later: int, candidates: list[int]) -> list[tuple[int, float]]:
    """Give the first candidate that is one text with the story, if there is one."""
    ours = texts[later]
    words = ours.words
    for candidate in candidates:
        theirs = texts[candidate]
        if ours.has_other_numbers(theirs):
            continue
        alike: Likeness = likeness(words, theirs.words)
        if alike.is_copy:
            return [(candidate, round(alike.share, 3))]
    return []
