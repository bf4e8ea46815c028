"""Listings in, Links out: feeds, sitemaps, section pages, and the home pages that announce them; pure.

links → feeds, json_feeds, sitemaps, sections    what does a listing say, whatever its format?
front_page                                       which listings does a site have?
"""

from scraper.discover.front_page import Announced, announced, announced_sitemaps
from scraper.discover.links import kind_of, links, links_in, read, sitemap_indexes, sitemaps_in, wanted, wanted_entries

__all__ = [
    "Announced",
    "announced",
    "announced_sitemaps",
    "kind_of",
    "links",
    "links_in",
    "read",
    "sitemap_indexes",
    "sitemaps_in",
    "wanted",
    "wanted_entries",
]
