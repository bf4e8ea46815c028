"""Every fetched page, kept as WARC (ISO 28500): written once, read back as the same `Page`, until newer ones need the room."""

from scraper.archive.archive import Archive
from scraper.archive.checking import Checked, Held, checked, held
from scraper.archive.original import Original
from scraper.archive.reading import Archived, Damage, page_at, pages

__all__ = ["Archive", "Archived", "Checked", "Damage", "Held", "Original", "checked", "held", "page_at", "pages"]
