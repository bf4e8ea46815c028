"""Are the saved pages of a source read as they are to be? Each is read in a worker, by its source's rules, and compared with its file.

sources.yaml
sources/harbour-post/ferry.html     a page as it was saved, also as .txt and packed with gzip
sources/harbour-post/ferry.yaml     what it is to say (`sources.expectations`)
"""

import codecs
import itertools
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from scraper.decode import decode
from scraper.errors import ScraperError, UsageError, WorkerError
from scraper.pipeline.boundary import boundary
from scraper.pipeline.files import content_of
from scraper.pipeline.order import in_order
from scraper.pipeline.preview import difference
from scraper.pipeline.workers import Workers
from scraper.records import Article, Page, SiteRules, Source
from scraper.sources.expectations import Expectation, as_yaml, expectation, failures
from scraper.store import Difference

__all__ = ["SavedPage", "Trial", "folder_of", "save_pages", "saved_pages", "trials"]

ENDINGS: Final = (".html", ".htm", ".txt", ".html.gz", ".htm.gz", ".txt.gz")
AT_ONCE: Final = 8
NAME_CHARS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page in the folder of a source, and what it is to say."""

    path: Path
    source: Source
    expected: Expectation

    @property
    def expectations(self) -> Path:
        """Give the file beside the page."""
        return _expectations(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How a page was read: its record, in what it fails, and what its source's rules changed. `error` if it could not be read."""

    page: SavedPage
    article: Article | None = None
    failures: tuple[str, ...] = ()
    difference: Difference | None = None
    error: ScraperError | None = None

    @property
    def well(self) -> bool:
        """Say whether the page says what it is to say."""
        return not self.failures and self.error is None


def folder_of(sources_file: Path) -> Path:
    """Give the folder of the pages that belong to a sources file: it has the file's name without `.yaml`, and stands beside it."""
    return sources_file.with_suffix("" if sources_file.suffix else ".pages")


def saved_pages(folder: Path, sources: Sequence[Source]) -> tuple[SavedPage, ...]:
    """Find the pages of these sources. Raises SourcesError where the file beside one cannot be used, UsageError where there is no page."""
    found = tuple(
        SavedPage(path=path, source=source, expected=expectation(_expectations(path)))
        for source in sources
        for path in _pages(folder / source.id)
    )
    if not found:
        whose = sources[0].id if len(sources) == 1 else "SOURCE"
        raise UsageError(f"there is no saved page to test: put one under {folder / whose} (docs/sources.md)")
    return found


async def trials(pages: Sequence[SavedPage]) -> AsyncGenerator[Trial, None]:
    """Read the pages, and give how each was read, in order."""
    with Workers() as workers:
        workers.start()
        async for trial in in_order((_trial(workers, page) for page in pages), at_once=AT_ONCE):
            yield trial


async def save_pages(folder: Path, pages: Sequence[Page], rules: SiteRules | None) -> int:
    """Save pages that were fetched, with what each says by itself as what is expected of it; give how many.

    They are saved as UTF-8 with a mark that says so: what the server's header said of their letters is no part of a file.
    """
    with Workers() as workers:
        for page in pages:
            content = codecs.BOM_UTF8 + decode(page.content, page.headers).text.encode("utf-8", "replace")
            article, _ = await workers.run(_read, content, page.url, page.fetched_at, rules, url=page.url)
            _save(folder, page, content, as_yaml(article, page.fetched_at))
    return len(pages)


def _save(folder: Path, page: Page, content: bytes, expected: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = _free(folder, page.url)
    path.write_bytes(content)
    path.with_suffix(".yaml").write_text(expected, encoding="utf-8")


def _free(folder: Path, url: str) -> Path:
    """Name a page after the last part of its address, and give it a number where there is one of that name."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    name = re.sub(r"[^a-z0-9]+", "-", parts[-1].partition(".")[0].lower()).strip("-")[:NAME_CHARS] if parts else ""
    names = (f"{name or 'page'}{f'-{number}' if number else ''}.html" for number in itertools.count())
    return next(path for path in map(folder.joinpath, names) if not path.exists())


def _pages(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.name.endswith(ENDINGS) and path.is_file())


def _expectations(page: Path) -> Path:
    return page.with_name(page.name.partition(".")[0] + ".yaml")


async def _trial(workers: Workers, page: SavedPage) -> Trial:
    expected = page.expected
    try:
        with boundary(str(page.path)):
            content = content_of(str(page.path))
            read = await workers.run(_read, content, expected.url, expected.fetched_at, page.source.rules, url=str(page.path))
    except WorkerError:
        raise
    except ScraperError as error:
        return Trial(page=page, error=error)
    article, plain = read
    found = difference(plain, article, url=str(page.path), source_id=page.source.id)
    return Trial(page=page, article=article, failures=tuple(failures(expected, article)), difference=found)


def _read(content: bytes, url: str | None, fetched_at: datetime | None, rules: SiteRules | None) -> tuple[Article, Article]:
    """Read a page by its rules, and without them."""
    from scraper.extract import extract

    article = extract(content, url, fetched_at=fetched_at, rules=rules)
    return article, extract(content, url, fetched_at=fetched_at) if rules else article
