"""Does the search for copies find the same on a cluster of worker processes, also when one of them is killed?"""

import os
import signal
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from test_batch_copies import batch_of, clusters, generated, stored

from scraper.batch.copies import find_copies, spread

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the engine's own, of ports that are taken and processes that are forked
        with (
            distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, protocol="tcp") as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client


@pytest.mark.filterwarnings("ignore")
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
