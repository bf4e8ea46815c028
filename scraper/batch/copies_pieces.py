"""How does one stage of the search for copies hand on to the next? As pieces: a small table for each task that comes, by each that was.

A piece has the name of both tasks and is there whole or not at all, so a task that is tried again, or runs twice at once, leaves the same.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import numpy as np

from scraper.batch.copies_plan import Plan

__all__ = ["pieces", "rows_in", "split", "write_piece", "written"]


def write_piece(plan: Plan, stage: str, to: int, by: str, table: Any) -> None:
    """Leave a table for task `to` of a stage. Raises OSError."""
    from pyarrow import ipc

    options = ipc.IpcWriteOptions(compression="lz4")
    with (
        written(plan, plan.place.at(f"{plan.scratch}/{stage}/{to}"), f"{by}.arrow") as part,
        plan.place.filesystem.open_output_stream(part) as file,
        ipc.new_file(file, table.schema, options=options) as writer,
    ):
        writer.write_table(table)


@contextmanager
def written(plan: Plan, folder: str, name: str) -> Iterator[str]:
    """Give a path to write to; what is there when the block ends gets its name, in one step."""
    filesystem = plan.place.filesystem
    filesystem.create_dir(folder, recursive=True)
    part = f"{folder}/.{name}-{uuid4().hex}"
    yield part
    filesystem.move(part, f"{folder}/{name}")


def split(plan: Plan, stage: str, by: str, targets: Any, columns: Mapping[str, Any]) -> None:
    """Leave each task of a stage the rows whose target it is; columns are arrays of one length."""
    import pyarrow as pa

    if not len(targets):
        return
    order = np.argsort(targets, kind="stable")
    sorted_targets = targets[order]
    starts = np.flatnonzero(np.r_[True, sorted_targets[1:] != sorted_targets[:-1]])
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        rows = order[start:end]
        taken = {name: values[rows] if isinstance(values, np.ndarray) else values.take(rows) for name, values in columns.items()}
        write_piece(plan, stage, int(sorted_targets[start]), by, pa.table(taken))


def pieces(plan: Plan, stage: str, to: int) -> Iterator[Any]:
    """Give the tables that were left for a task, one at a time. Raises OSError."""
    from pyarrow import ipc

    for path in _paths(plan, stage, to):
        with plan.place.filesystem.open_input_file(path) as file, ipc.open_file(file) as reader:
            yield reader.read_all()


def rows_in(plan: Plan, stage: str, to: int) -> int:
    """Count the rows that were left for a task."""
    return sum(table.num_rows for table in pieces(plan, stage, to))


def _paths(plan: Plan, stage: str, to: int) -> list[str]:
    from pyarrow.fs import FileSelector

    folder = FileSelector(plan.place.at(f"{plan.scratch}/{stage}/{to}"), allow_not_found=True)
    return sorted(info.path for info in plan.place.filesystem.get_file_info(folder) if info.path.endswith(".arrow"))
