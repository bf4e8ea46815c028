"""In which time zone does a country's site tell its times? The zones of a country, from the system's table of them or tzdata's."""

import zoneinfo
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

__all__ = ["zone_at", "zones_of"]

TABLE: Final = "zone.tab"
FEWEST_COLUMNS: Final = 3
OTHERWISE: Final = {"UK": "GB", "EU": ""}  # domains that are no codes of ISO 3166


def zones_of(country: str) -> tuple[str, ...]:
    """Give the IANA names of a country's zones, the one of most people first. A country's domain (`uk`) stands for it too."""
    code = OTHERWISE.get(country.upper(), country.upper())
    return tuple(name for known, name in _table() if known == code)


def zone_at(country: str, when: datetime, offset: timedelta) -> str | None:
    """Give the zone of a country whose clocks were so far from UTC then; None if there is none."""
    return next((name for name in zones_of(country) if when.replace(tzinfo=zoneinfo.ZoneInfo(name)).utcoffset() == offset), None)


@cache
def _table() -> tuple[tuple[str, str], ...]:
    for text in _texts():
        rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
        return tuple((row[0], row[2]) for row in rows if len(row) >= FEWEST_COLUMNS)
    return ()


def _texts() -> Iterator[str]:
    for folder in zoneinfo.TZPATH:
        path = Path(folder, TABLE)
        if path.is_file():
            yield path.read_text(encoding="utf-8")
    try:
        yield files("tzdata.zoneinfo").joinpath(TABLE).read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return
