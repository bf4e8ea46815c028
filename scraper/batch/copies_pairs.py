"""Which stories may be copies of which? Those that share sampled shingles with an earlier one: at most five each, those that share most.

By the rules of `scraper.store.copies`, with the same figures, so that what comes out is what a database would have found that was filled in
the order of time: of a shingle the first fifty stories count, and it says nothing of later ones. So no shingle, however common, gives more
than 1,225 pairs, and of each chunk no more than its first fifty stories of a shingle are handed on.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from scraper.batch.copies_exact import columns_of, moments
from scraper.batch.copies_pieces import pieces, rows_in, split
from scraper.batch.copies_plan import Plan, mixed
from scraper.store.copies import FEW_SHINGLES, LEAST_SHARED, MOST_COMPARED, MOST_HOLDERS

__all__ = ["choose_candidates", "pair_up", "tell_shingles"]

SLICE_ROWS: Final = 100_000  # shingles whose pairs are in memory at once: 2.5 million at most
PASS_ROWS: Final = 600_000  # pairs of a group that are in memory at once
ROW: Final = ("hash", "seen", "number", "few")


def tell_shingles(plan: Plan, chunk: int) -> None:
    """Leave each bucket the shingles of a chunk's stories, but for those that are set aside."""
    aside = _aside(plan, chunk)
    parts = [_shingles(numbers, batch, aside) for numbers, batch in columns_of(plan, chunk, ("fetched_at", "shingles"))]
    found = {name: np.concatenate([part[name] for part in parts]) for name in ROW} if parts else {}
    if found:
        order = np.lexsort((found["number"], found["seen"], found["hash"]))
        kept = order[_ranks(found["hash"][order]) < MOST_HOLDERS]
        found = {name: values[kept] for name, values in found.items()}
        split(plan, "shingles", str(chunk), plan.buckets_of(found["hash"]), found)


def pair_up(plan: Plan, bucket: int) -> int:
    """Leave each group the pairs (a story of it, an earlier one) that share a shingle of this bucket; give how many."""
    import pyarrow as pa

    tables = list(pieces(plan, "shingles", bucket))
    if not tables:
        return 0
    table = pa.concat_tables(tables)
    found = {name: table.column(name).to_numpy() for name in ROW}
    order = np.lexsort((found["number"], found["seen"], found["hash"]))
    order = order[_ranks(found["hash"][order]) < MOST_HOLDERS]
    found = {name: values[order] for name, values in found.items()}
    pairs = 0
    for part, (start, end) in enumerate(_slices(found["hash"])):
        columns = _counted(_pairs({name: values[start:end] for name, values in found.items()}))
        split(plan, "pairs", f"{bucket}-{part}", plan.groups_of(columns["later"]), columns)
        pairs += len(columns["later"])
    return pairs


def choose_candidates(plan: Plan, group: int) -> int:
    """Leave the group the candidates of its stories, and each chunk the stories whose texts it is asked for; give how many pairs."""
    passes = 1 + rows_in(plan, "pairs", group) // PASS_ROWS
    chosen = 0
    for number in range(passes):
        found = _summed(plan, group, number, passes)
        if not len(found["later"]):
            continue
        columns = _best(found)
        chosen += len(columns["later"])
        split(plan, "candidates", f"{number}", np.full(len(columns["later"]), group), columns)
        wanted = np.unique(np.r_[columns["later"], columns["earlier"]])
        split(plan, "wanted", f"{group}-{number}", plan.chunks_of(wanted), {"number": wanted, "group": np.full(len(wanted), group)})
    return chosen


def _aside(plan: Plan, chunk: int) -> Any:
    return np.unique(
        np.concatenate([np.array([], dtype=np.int64), *(one.column("number").to_numpy() for one in pieces(plan, "same", chunk))])
    )


def _shingles(numbers: Any, batch: Any, aside: Any) -> dict[str, Any]:
    lists = batch.column("shingles")
    counts = np.diff(lists.offsets.to_numpy())
    rows = np.repeat(np.arange(len(numbers)), counts)
    hashes = lists.flatten().to_numpy(zero_copy_only=False)
    kept = ~np.isin(numbers[rows], aside)
    rows, hashes = rows[kept], hashes[kept]
    return {
        "hash": hashes.astype(np.uint32),
        "seen": moments(batch)[rows],
        "number": numbers[rows],
        "few": (counts < FEW_SHINGLES)[rows],
    }


def _ranks(sorted_keys: Any) -> Any:
    """Give for each row which it is among those of its key, from 0."""
    if not len(sorted_keys):
        return np.array([], dtype=np.int64)
    is_first = np.r_[True, sorted_keys[1:] != sorted_keys[:-1]]
    firsts = np.flatnonzero(is_first)
    return np.arange(len(sorted_keys)) - firsts[np.cumsum(is_first) - 1]


def _slices(sorted_keys: Any) -> Iterator[tuple[int, int]]:
    """Cut rows into stretches of bounded length that end where a key does."""
    start, end = 0, len(sorted_keys)
    while start < end:
        near = min(start + SLICE_ROWS, end)
        stop = near if near == end else int(np.searchsorted(sorted_keys, sorted_keys[near - 1], side="right"))
        yield start, stop
        start = stop


def _pairs(found: dict[str, Any]) -> dict[str, Any]:
    """Pair each row with all before it of the same hash."""
    ranks = _ranks(found["hash"])
    later = np.repeat(np.arange(len(ranks)), ranks)
    ends = np.cumsum(ranks)
    earlier = np.arange(len(later)) - np.repeat(ends - ranks, ranks) + np.repeat(np.arange(len(ranks)) - ranks, ranks)
    return {
        "later": found["number"][later],
        "earlier": found["number"][earlier],
        "seen": found["seen"][earlier],
        "few": found["few"][later],
        "times": np.ones(len(later), dtype=np.int32),
    }


def _counted(pairs: dict[str, Any]) -> dict[str, Any]:
    """Count how often each pair comes."""
    order = np.lexsort((pairs["earlier"], pairs["later"]))
    later, earlier = pairs["later"][order], pairs["earlier"][order]
    if not len(later):
        return pairs
    firsts = np.flatnonzero(np.r_[True, (later[1:] != later[:-1]) | (earlier[1:] != earlier[:-1])])
    counted = {name: values[order][firsts] for name, values in pairs.items()}
    counted["times"] = np.add.reduceat(pairs["times"][order], firsts)
    return counted


def _summed(plan: Plan, group: int, number: int, passes: int) -> dict[str, Any]:
    """Count the pairs of a share of a group's stories."""
    names = ("later", "earlier", "seen", "few", "times")
    shares = []
    for table in pieces(plan, "pairs", group):
        columns = {name: table.column(name).to_numpy() for name in names}
        mine = (mixed(columns["later"]) >> np.uint64(ROW_SHIFT)) % np.uint64(passes) == number
        shares.append({name: values[mine] for name, values in columns.items()})
    if not shares:
        return {name: np.array([], dtype=np.int64) for name in names}
    return _counted({name: np.concatenate([share[name] for share in shares]) for name in names})


def _best(found: dict[str, Any]) -> dict[str, Any]:
    """Take for each story the five that share most, the earlier first where two share as much; and of them those that share enough."""
    order = np.lexsort((found["earlier"], found["seen"], -found["times"], found["later"]))
    ranks = _ranks(found["later"][order])
    enough = found["times"][order] >= np.where(found["few"][order], 1, LEAST_SHARED)
    kept = (ranks < MOST_COMPARED) & enough
    return {"later": found["later"][order][kept], "earlier": found["earlier"][order][kept], "rank": ranks[kept]}


ROW_SHIFT: Final = 40  # other bits of the hash than those that say the group
