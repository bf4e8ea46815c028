"""A news scraper: pages in, clean and deduplicated records out.

The public door. `extract` turns one page into one `Article` without touching network, disk or clock; everything else is reached through
the `scraper` command or the modules named in docs/architecture.md.

Opening the door costs a millisecond: what stands behind it is loaded when it is used. So Ctrl-C, however early, finds the command awake
(`scraper/__main__.py`). `extract` is both a function here and the package it lives in; the function is imported eagerly, since the import
system would otherwise put the package in its place.
"""

from scraper.loading import choose

choose(__path__[0])  # before anything else of the package is imported

from scraper.extract import extract  # noqa: E402

TYPE_CHECKING = False  # as type checkers read it; importing typing for it would take ten times what the rest of this module does
if TYPE_CHECKING:
    from scraper.records import Article, Link, NotModified, Page, SiteRules, Source, Template

__version__ = "0.1.0"
__all__ = ["Article", "Link", "NotModified", "Page", "SiteRules", "Source", "Template", "__version__", "extract"]


def __getattr__(name: str) -> object:
    """Load the records on first use (PEP 562)."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from scraper import records

    return getattr(records, name)
