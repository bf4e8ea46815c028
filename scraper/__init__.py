"""A news scraper: pages in, clean and deduplicated records out.

The public door. `extract` turns one page into one `Article` without touching network, disk or clock; everything else is reached through
the `scraper` command or the modules named in docs/architecture.md.

`extract` is both a function here and the package it lives in. The function is imported eagerly, since the import system would otherwise
put the package in its place; so `scraper.extract` must stay cheap to import, and import its own heavy libraries where they are used.
"""

from scraper.extract import extract
from scraper.records import Article, Link, NotModified, Page, Source, Template

__version__ = "0.1.0"
__all__ = ["Article", "Link", "NotModified", "Page", "Source", "Template", "__version__", "extract"]
