"""A news scraper: pages in, clean and deduplicated records out."""

__version__ = "0.1.0"
