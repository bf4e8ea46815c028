"""Listings in, Links out: feeds (`feeds`, `json_feeds`) and sitemaps (`sitemaps`), read into one shape (`listing`); pure."""

from scraper.discover.links import links, sitemap_indexes, wanted

__all__ = ["links", "sitemap_indexes", "wanted"]
