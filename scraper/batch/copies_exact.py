"""Which stories are one and the same, letter for letter or by their address? All but the first of them are led to it, and set aside.

The first two stages of the search: keys of a chunk's stories to buckets, and from each bucket the later ones back to their chunks. As in
the store, what is letter for letter the same takes no part in the search for what is nearly so.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, Final

import numpy as np

from scraper.batch.copies_pieces import pieces, split
from scraper.batch.copies_plan import Plan, number_of
from scraper.urls import canonical_url

__all__ = ["ADDRESS", "NEAR", "TEXT", "columns_of", "find_same", "tell_keys"]

ADDRESS, TEXT, NEAR = 0, 1, 2  # kinds of copies, in the order in which the store asks
KEY_BYTES: Final = 8  # two of twenty million stories meet by chance once in 90,000 batches
BATCH_ROWS: Final = 5_000


def tell_keys(plan: Plan, chunk: int) -> None:
    """Leave each bucket the keys (of text and address) of a chunk's stories."""
    for part, (numbers, batch) in enumerate(columns_of(plan, chunk, ("fetched_at", "url", "text_hash"))):
        seen = moments(batch)
        texts = batch.column("text_hash").to_pylist()
        by_text = np.array([number for number, text in enumerate(texts) if text], dtype=np.int64)
        keys = [int(text[: KEY_BYTES * 2], 16) for text in texts if text]
        keys += [
            int.from_bytes(blake2b(canonical_url(url).encode(), digest_size=KEY_BYTES).digest()) for url in batch.column("url").to_pylist()
        ]
        rows = np.r_[by_text, np.arange(len(texts))]
        kinds = np.r_[np.full(len(by_text), TEXT), np.full(len(texts), ADDRESS)].astype(np.uint8)
        found = np.array(keys, dtype=np.uint64)
        columns = {"key": found, "kind": kinds, "seen": seen[rows], "number": numbers[rows]}
        split(plan, "keys", f"{chunk}-{part}", plan.buckets_of(found), columns)


def find_same(plan: Plan, bucket: int) -> int:
    """Leave each chunk those of its stories that are later ones of a key, with the first; give how many they are."""
    import pyarrow as pa

    tables = list(pieces(plan, "keys", bucket))
    if not tables:
        return 0
    table = pa.concat_tables(tables)
    key, kind, seen, number = (table.column(name).to_numpy() for name in ("key", "kind", "seen", "number"))
    order = np.lexsort((number, seen, key, kind))
    key, kind, number = key[order], kind[order], number[order]
    is_first = np.r_[True, (key[1:] != key[:-1]) | (kind[1:] != kind[:-1])]
    heads = number[np.flatnonzero(is_first)[np.cumsum(is_first) - 1]]
    later = ~is_first
    columns = {"number": number[later], "original": heads[later], "kind": kind[later]}
    split(plan, "same", str(bucket), plan.chunks_of(columns["number"]), columns)
    return int(later.sum())


def columns_of(plan: Plan, chunk: int, names: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
    """Give some columns of a chunk's stories, a few thousand at a time, with their numbers. Raises OSError."""
    from pyarrow.parquet import ParquetFile

    for file in plan.files_of(chunk):
        row = 0
        with plan.place.filesystem.open_input_file(plan.place.at(plan.files[file])) as opened:
            for batch in ParquetFile(opened).iter_batches(BATCH_ROWS, columns=list(names), use_threads=False):
                yield number_of(file, np.arange(row, row + batch.num_rows)), batch
                row += batch.num_rows


def moments(batch: Any) -> Any:
    """Give the moments of fetch, in milliseconds."""
    import pyarrow as pa

    return batch.column("fetched_at").cast(pa.int64()).to_numpy(zero_copy_only=False)
