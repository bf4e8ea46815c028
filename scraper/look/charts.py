"""Which shapes do figures take? Bars over time, a field of days and sources, and bars with names: as Vega-Lite specifications.

Each is a function from plain rows to a specification; `plots` draws it, and `pictures` says what is shown.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

__all__ = ["Bar", "Cell", "bars", "field", "timeline"]

ROW: Final = 36  # a name of one line, and the bar below it
LINE: Final = 20  # a source's line in the field
NUMBERS: Final = 44  # pixels for the numbers of an axis
NAMES_SHARE: Final = 0.3
SLACK: Final = 0.85  # a reader's letters may be wider than those that the names were measured with
LONGEST_NAMES: Final = 170
TICKS: Final = 4
PER_TICK: Final = 90  # pixels between two dates on an axis
Spec = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A name and its number; `parts` are shares of it that are shown apart, in the order of style.css's colours."""

    name: str
    parts: tuple[int, ...]

    @property
    def value(self) -> int:
        """What the whole bar stands for."""
        return sum(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Some days of one source; `colour` is a CSS variable."""

    row: str
    start: date
    end: date
    colour: str


def timeline(days: Sequence[tuple[date, date, int]], *, width: int, date_format: str) -> Spec:
    """Draw a bar for each stretch of days: its first day, the day after its last, and its number."""
    rows = [{"start": start.isoformat(), "end": end.isoformat(), "n": number} for start, end, number in days]
    gap = min(1.0, width / max(1, len(rows)) * 0.2)
    numbers = _ticks(max((number for _, _, number in days), default=0))
    return {
        "width": width,
        "height": 160,
        "data": _dated(rows),
        "mark": {"type": "rect", "color": "var(--part1)", "x2Offset": -gap},
        "encoding": {
            **_across(width, date_format),
            "y": {
                "field": "n",
                "type": "quantitative",
                "axis": {
                    **numbers,
                    "format": ",d",
                    "domain": False,
                    "minExtent": NUMBERS,
                },
                "scale": {"domainMin": 0, "nice": True},
            },
            "y2": {"datum": 0},
        },
    }


def field(rows: Sequence[tuple[str, str]], cells: Sequence[Cell], span: tuple[date, date], *, width: int, date_format: str) -> Spec:
    """Draw a line for each row (its key and its name), with a coloured cell for each stretch of days."""
    data = [{"row": c.row, "start": c.start.isoformat(), "end": c.end.isoformat(), "colour": c.colour} for c in cells]
    named = "".join(f"datum.value === {_quoted(key)} ? {_quoted(name)} : " for key, name in rows) + "''"
    across = _across(width, date_format)
    across["x"]["scale"] = {"type": "utc", "domain": [_moment(day) for day in span], "nice": False}
    names = min(LONGEST_NAMES, int(width * NAMES_SHARE))
    labels = {
        "labelExpr": named, "labelAlign": "left", "labelPadding": names, "labelLimit": int(names * SLACK), "minExtent": names,
        "maxExtent": names, "labelColor": "var(--ink)", "domain": False,
    }  # fmt: skip
    return {
        "width": width,
        "height": LINE * len(rows),
        "data": _dated(data),
        "mark": {"type": "rect", "x2Offset": -1},
        "encoding": {
            **across,
            "y": {"field": "row", "type": "nominal", "scale": {"domain": [key for key, _ in rows], "paddingInner": 0.15}, "axis": labels},
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def bars(listed: Sequence[Bar], *, width: int) -> Spec:
    """Draw lying bars, each with its name above it and its number at the end of the line."""
    rows = [{"row": row, "name": bar.name, "n": bar.value, "said": f"{bar.value:,}"} for row, bar in enumerate(listed)]
    parts = [
        {"row": row, "from": sum(bar.parts[:place]), "to": sum(bar.parts[: place + 1]), "colour": f"var(--part{place + 1})"}
        for row, bar in enumerate(listed)
        for place, part in enumerate(bar.parts)
        if part
    ]
    row: Spec = {"field": "row", "type": "ordinal", "axis": None, "scale": {"domain": list(range(len(rows))), "padding": 0}}
    text: Spec = {"type": "text", "baseline": "middle", "dy": -5}
    length: Spec = {"type": "quantitative", "axis": None, "scale": {"domain": [0, max(bar.value for bar in listed)], "nice": False}}
    return {
        "width": width,
        "height": {"step": ROW},
        "layer": [
            {
                "data": {"values": parts},
                "mark": {"type": "bar", "size": 8, "yOffset": 8},
                "encoding": {
                    "y": row,
                    "x": {"field": "from", **length},
                    "x2": {"field": "to"},
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                },
            },
            {
                "data": {"values": rows},
                "mark": {**text, "align": "left", "limit": int((width - NUMBERS) * SLACK)},
                "encoding": {"y": row, "x": {"value": 0}, "text": {"field": "name"}},
            },
            {
                "data": {"values": rows},
                "mark": {**text, "align": "right", "color": "var(--soft)"},
                "encoding": {"y": row, "x": {"value": "width"}, "text": {"field": "said"}},
            },
        ],
    }


def _ticks(most: int) -> Spec:
    """Say where an axis has numbers: at all of them where there are few, so that none is a fraction."""
    return {"values": list(range(most + 1))} if most <= TICKS else {"tickCount": TICKS}


def _across(width: int, date_format: str) -> Spec:
    axis = {"format": date_format, "tickCount": max(2, width // PER_TICK), "grid": False}
    return {"x": {"field": "start", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}, "x2": {"field": "end"}}


def _dated(rows: Sequence[Mapping[str, object]]) -> Spec:
    return {"values": list(rows), "format": {"type": "json", "parse": {"start": "utc:'%Y-%m-%d'", "end": "utc:'%Y-%m-%d'"}}}


def _moment(day: date) -> Spec:
    return {"year": day.year, "month": day.month, "date": day.day, "utc": True}


def _quoted(text: str) -> str:
    """Write a text as a string of Vega's expressions, which are JavaScript's."""
    return json.dumps(text)
