"""How does the page come to be a file? Whole or not at all, and never over another one unless that is asked for."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from scraper.look.page import Surroundings, rendered
from scraper.look.plots import refuse_without_plots
from scraper.store import Store
from scraper.store.targets import in_place_of, refuse_target, written

__all__ = ["STANDARD_OUTPUT", "Asked", "report"]

STANDARD_OUTPUT: Final = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which days and sources a report is of; see `Store.overview`."""

    since: date | None = None
    until: date | None = None
    source_ids: Sequence[str] = ()


def report(db: Path, target: Path, asked: Asked, *, now: datetime, replace: bool = False) -> int:
    """Write the page and give its size in bytes. `now` is UTC.

    Raises UsageError (`no_plots`, `output_exists`, `no_directory`, and as `Store.overview`) and StoreError.
    """
    refuse_without_plots()
    with Store.open(db, read_only=True) as store:
        if target != STANDARD_OUTPUT:
            refuse_target(target, db, replace=replace)
        figures = store.overview(today=now.date(), since=asked.since, until=asked.until, source_ids=asked.source_ids)
    page = rendered(figures, Surroundings(database=db.stem, at=now)).encode()
    if target == STANDARD_OUTPUT:
        with written("standard output", to_pipe=True):
            sys.stdout.buffer.write(page)
            sys.stdout.buffer.flush()
    else:
        with written(str(target)), in_place_of(target) as part, part.open("wb") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
    return len(page)
