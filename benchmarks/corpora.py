"""The development corpora as the benchmarks read them: pages with truth, from ../shared/corpora or the folder SCRAPER_CORPORA names."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["HELD_OUT", "CorpusPage", "corpora_folder", "pages", "site_bucket"]

HELD_OUT = 25  # of 100 site buckets: the sites that a checked training leaves out
SETS = ("fundus_dev", "wcxb_dev_article", "wcxb_dev_other", "trafilatura_eval", "cleanportaleval", "htmldate_default")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusPage:
    """One page: its bytes, and what is known to be true of it (see the corpora's README for the keys)."""

    set: str
    id: str
    url: str | None
    site: str
    content: bytes
    truth: dict[str, Any]


def corpora_folder() -> Path | None:
    """Find the corpora; None where this machine has none."""
    folder = Path(os.environ.get("SCRAPER_CORPORA") or Path(__file__).resolve().parents[2] / "shared" / "corpora")
    return folder if folder.is_dir() else None


def pages(name: str, *, every: int = 1) -> Iterator[CorpusPage]:
    """Read one set in file order; with `every`, only each n-th page."""
    folder = corpora_folder()
    if folder is None:
        message = "no corpora: expected ../shared/corpora or SCRAPER_CORPORA"
        raise FileNotFoundError(message)
    with (folder / name / "pages.jsonl").open(encoding="utf-8") as rows:
        for number, row in enumerate(rows):
            if number % every:
                continue
            truth = json.loads(row)
            content = gzip.decompress((folder / name / truth["html"]).read_bytes())
            site = truth.get("domain") or truth.get("publisher") or truth["id"]
            yield CorpusPage(set=name, id=truth["id"], url=truth.get("url"), site=site, content=content, truth=truth)


def site_bucket(site: str) -> int:
    """Give a site's place in 0..99, the same on every machine: the split into training and validation is by site."""
    return int(hashlib.md5(site.encode(), usedforsecurity=False).hexdigest(), 16) % 100
