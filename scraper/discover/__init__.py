"""Listings in, Links out: feeds (`feeds`, `json_feeds`), sitemaps (`sitemaps`), section pages (`sections`); pure."""

from scraper.discover.links import following, links, sitemap_indexes, wanted

__all__ = ["following", "links", "sitemap_indexes", "wanted"]
