"""Which stories are one text, and which of them was first? Each copy leads to an earlier story; the end of that chain is the original.

Clusters are small and copies few beside stories: 40 bytes a copy, in one place. What is written is one row a story that has or is a copy.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

import numpy as np

from scraper.batch.copies_exact import ADDRESS, NEAR, TEXT, columns_of
from scraper.batch.copies_pieces import pieces, split, written
from scraper.batch.copies_plan import Plan, story_name
from scraper.export.parquet import schema_of

__all__ = ["COPIES", "Clustered", "Leads", "led", "roots", "tell_members", "write_clusters"]

COPIES: Final = "copies"
KINDS: Final = {TEXT: "exact", ADDRESS: "address", NEAR: "near"}


class Clustered(NamedTuple):
    """A story that is one text with others: `story` and `original` are files below `records`, without their ending, and rows in them.

    `kind` is `original` for the first that was seen; `exact` for one that is it, letter for letter; `near` for one that tells it in other
    words, of which `likeness` is the share that the two have in common; `address` for a later page of the same address.
    """

    story: str
    original: str
    kind: str
    likeness: float | None
    domain: str
    url: str
    fetched_at: datetime
    headline: str | None


class Leads(NamedTuple):
    """Where stories lead: the number of each that has an earlier one, in ascending order, the earlier one's, kind and likeness."""

    number: Any
    original: Any
    kind: Any
    likeness: Any


def led(plan: Plan, near: list[Any]) -> Leads:
    """Bring together what the stages have found, for each story the lead that says most: its text before its address."""
    same = [table for chunk in plan.chunks for table in pieces(plan, "same", chunk)]
    columns = [
        np.concatenate([np.array([], dtype=np.int64), *(one.column(name).to_numpy() for one in same)])
        for name in ("number", "original", "kind")
    ]
    found = [np.concatenate([np.array([]), *(part[place] for part in near)]) for place in range(3)]
    number = np.r_[columns[0], found[0]].astype(np.int64)
    kind = np.r_[columns[2], np.full(len(found[0]), NEAR)].astype(np.uint8)
    order = np.lexsort((kind, number))
    first = order[np.flatnonzero(np.r_[True, number[order][1:] != number[order][:-1]])] if len(order) else order
    original = np.r_[columns[1], found[1]].astype(np.int64)
    likeness = np.r_[np.full(len(columns[0]), 1.0), found[2]]
    return Leads(number[first], original[first], kind[first], likeness[first])


def roots(leads: Leads) -> Any:
    """Give for each story that leads somewhere the end of its chain: in each round a chain is half as long."""
    ends = leads.original.copy()
    while len(ends):
        places = np.minimum(np.searchsorted(leads.number, ends), len(ends) - 1)
        further = leads.number[places] == ends
        if not further.any():
            break
        ends[further] = ends[places[further]]
    return ends


def tell_members(plan: Plan, leads: Leads, ends: Any) -> int:
    """Leave each chunk those of its stories that are copies or have some, each with the end of its chain; give how many have some."""
    originals = np.unique(ends)
    columns = {
        "number": np.r_[leads.number, originals],
        "original": np.r_[ends, originals],
        "kind": np.r_[leads.kind, np.zeros(len(originals), dtype=np.uint8)],
        "likeness": np.r_[leads.likeness, np.ones(len(originals))],
    }
    order = np.argsort(columns["number"], kind="stable")
    columns = {name: values[order] for name, values in columns.items()}
    split(plan, "members", "all", plan.chunks_of(columns["number"]), columns)
    return len(originals)


def write_clusters(plan: Plan, chunk: int) -> int:
    """Write the rows of a chunk's stories that are copies or have some, and give how many."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    rows: list[Clustered] = []
    tables = list(pieces(plan, "members", chunk))
    if not tables:
        return 0
    members = Leads(*(tables[0].column(name).to_numpy() for name in Leads._fields))
    for numbers, batch in columns_of(plan, chunk, ("domain", "url", "fetched_at", "headline")):
        taken = np.flatnonzero(np.isin(numbers, members.number))
        places = np.searchsorted(members.number, numbers[taken])
        for place, row in zip(places.tolist(), batch.take(taken).to_pylist(), strict=True):
            rows.append(_row(plan, members, place, row))
    schema = schema_of(Clustered, Clustered._fields)
    table = pa.table({field: pa.array([getattr(row, field) for row in rows], schema.field(field).type) for field in Clustered._fields})
    folder = plan.place.at(COPIES)
    with written(plan, folder, f"copies-{chunk:05}.parquet") as target:
        write_table(table, target, filesystem=plan.place.filesystem, compression="zstd")
    return len(rows)


def _row(plan: Plan, members: Leads, place: int, row: dict[str, Any]) -> Clustered:
    number, original = int(members.number[place]), int(members.original[place])
    kind = int(members.kind[place])
    return Clustered(
        story=story_name(plan.files, number),
        original=story_name(plan.files, original),
        kind="original" if number == original else KINDS[kind],
        likeness=float(members.likeness[place]) if kind == NEAR and number != original else None,
        **row,
    )
