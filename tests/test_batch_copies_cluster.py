"""Does the search for copies find the same on a cluster of worker processes, also when one of them is killed?"""

import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from test_batch_copies import batch_of, clusters, generated, stored
from test_cli import Command, scraper  # noqa: F401 - a fixture

from scraper.batch.copies import find_copies, spread
from scraper.batch.engine import engine


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with engine(workers=2, address=None, watched=False) as client:
        yield client


@pytest.mark.parametrize("killed", [False, True])
def test_a_cluster_finds_what_one_database_finds(client: Any, tmp_path: Path, killed: bool) -> None:
    told = generated(11)
    expected = stored(tmp_path / "news.db", told)
    place = batch_of(tmp_path / "out", told, parts=4)
    on_cluster = spread(client)
    stages = 0

    def deadly(function: Callable[[int], Any], items: Iterable[int]) -> Sequence[Any]:
        nonlocal stages
        stages += 1
        if killed and stages == 5:
            pids: dict[str, int] = client.run(os.getpid)
            os.kill(next(iter(pids.values())), signal.SIGKILL)
        return on_cluster(function, items)

    find_copies(place, place.record_files(), deadly)
    assert stages == 8
    assert clusters(place, told) == expected


def test_the_command_finds_them_on_this_machine(scraper: Command, tmp_path: Path) -> None:  # noqa: F811
    told = generated(12, originals=12)
    expected = stored(tmp_path / "news.db", told)
    place = batch_of(tmp_path / "out", told, parts=2)
    result = scraper("copies", tmp_path / "out", "--workers", 1, "--json")
    assert result.code == 0
    assert json.loads(result.out)["copies"] == sum(url != original for url, original in expected.items())
    assert clusters(place, told) == expected


def test_a_folder_that_is_no_batch_is_refused_in_a_sentence(scraper: Command, tmp_path: Path) -> None:  # noqa: F811
    refused = scraper("copies", tmp_path)
    assert (refused.code, refused.err) == (2, f"scraper: {tmp_path} is no folder of a batch: it has no batch.json\n")
