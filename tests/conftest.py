"""Fixtures that several tests share: the sites on loopback, a database path, and the material that stands beside the repository."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from fixtures.server import Served, serve

if TYPE_CHECKING:
    from scraper.store import Store

# A test that is slow on a busy machine is not wrong. CI draws the same examples each time: what is new it is told by who changed something,
# and chance finds its cases where somebody can look at them.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def sites() -> Iterator[Served]:
    """Serve every fixture site on loopback, one port each; `sites.requests` is what was asked for."""
    with serve() as served:
        yield served


@pytest.fixture
def sources_file(sites: Served, tmp_path: Path) -> Path:
    """A sources.yaml that names the sites being served."""
    path = tmp_path / "sources.yaml"
    path.write_text(sites.sources_yaml, encoding="utf-8")
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a test may make its database."""
    return tmp_path / "news.db"


@pytest.fixture
def store(database: Path) -> Iterator["Store"]:
    """The Store at work on a new database that knows some sources."""
    from test_store_samples import opened

    store, _ = opened(database)
    with store:
        yield store


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of seeds, corpora and conformance cases, which is no part of the repository."""
    if not SHARED.is_dir():
        pytest.skip("../shared (seeds, corpora, conformance cases) is not on this machine")
    return SHARED
