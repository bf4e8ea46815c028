"""How does a chart look? What all of them have in common, and the way from a Vega-Lite specification to SVG. Home of vl-convert.

Colours are CSS variables, so that one drawing serves a light and a dark page; style.css gives them their values. Nothing in the drawing is
read aloud: the page puts a caption and the figures as a table beside it.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scraper.errors import UsageError

__all__ = ["NARROW", "WIDE", "drawn", "refuse_without_plots"]

NARROW: Final = 328  # a phone's 360 pixels without the page's edges
WIDE: Final = 1088
FONT: Final = "system-ui, sans-serif"
_CONFIG: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "aria": False,
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "text": {"color": "var(--ink)", "fontSize": 12},
        "axis": {
            "labelColor": "var(--soft)", "labelFontSize": 11, "domainColor": "var(--line)", "tickColor": "var(--line)",
            "gridColor": "var(--line)", "title": None, "labelFlush": True, "ticks": False, "labelPadding": 6,
        },
    }
)  # fmt: skip
_OPENING = re.compile(r"<svg\b[^>]*?(?= width=)")


def refuse_without_plots() -> None:
    """Raise UsageError (`no_plots`) where a library is missing: before anything is read or written."""
    try:
        import jinja2  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise UsageError(f"there are no plots without {error.name}: pip install 'scraper[report]'", code="no_plots") from error


def drawn(spec: Mapping[str, Any], kind: str) -> str:
    """Draw one chart; `kind` is the CSS class that shows it on wide screens, on narrow ones, or on both."""
    import vl_convert

    whole = {"padding": {"left": 1, "right": 4, "top": 6, "bottom": 5}, "autosize": {"type": "fit-x", "contains": "padding"}, **spec}
    svg: str = vl_convert.vegalite_to_svg({**whole, "config": dict(_CONFIG)})
    return _OPENING.sub(f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" aria-hidden="true" focusable="false"', svg, count=1)
