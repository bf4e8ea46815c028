"""The same job by Scrapy: feeds and news sitemaps, the pages they name, trafilatura in an item pipeline, a committed row a page.

    python -m benchmarks.scrapy_crawl DB URL...        the URLs of feeds and sitemaps

robots.txt is obeyed, as ours does; the rest are Scrapy's settings for a broad crawl, its own concurrency a host included.
"""

import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response, TextResponse

__all__ = ["News", "Stored"]

COLUMNS = "url", "headline", "authors", "published", "body", "language"


class News(scrapy.Spider):
    """Reads the listings it is given, then every page that they name."""

    name = "news"
    listings: tuple[str, ...] = ()

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for the listings."""
        for url in self.listings:
            yield scrapy.Request(url, callback=self.parse_listing)

    def parse_listing(self, response: TextResponse) -> Iterator[scrapy.Request]:
        """Follow each story of a feed or sitemap."""
        tree = scrapy.Selector(text=response.text, type="xml")
        tree.remove_namespaces()
        for url in tree.xpath("//item/link/text() | //url/loc/text()").getall():
            yield scrapy.Request(url.strip(), callback=self.parse_page)

    def parse_page(self, response: Response) -> Iterator[dict[str, Any]]:
        """Hand a page to the pipeline."""
        yield {"url": response.url, "html": response.body}


class Stored:
    """The pipeline: one record a page, committed."""

    database = ""

    def open_spider(self) -> None:
        self.connection = sqlite3.connect(self.database)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.execute(f"CREATE TABLE IF NOT EXISTS articles ({COLUMNS[0]} TEXT PRIMARY KEY, {', '.join(COLUMNS[1:])})")

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        document = trafilatura.bare_extraction(item["html"], url=item["url"], with_metadata=True)
        if document is not None:
            found = document if isinstance(document, dict) else document.as_dict()
            row = (item["url"], *(found[name] for name in ("title", "author", "date", "text", "language")))
            self.connection.execute("INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?)", row)
            self.connection.commit()
        return item

    def close_spider(self) -> None:
        self.connection.close()


def main() -> None:
    """Crawl once."""
    Stored.database, News.listings = sys.argv[1], tuple(sys.argv[2:])
    settings = {
        "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0,
        "ITEM_PIPELINES": {Stored: 100}, "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False,
        "RETRY_ENABLED": True, "USER_AGENT": "bench/1.0 (+https://example.org/bot)",
    }  # fmt: skip
    process = CrawlerProcess(settings)
    process.crawl(News)
    process.start()


if __name__ == "__main__":
    main()
