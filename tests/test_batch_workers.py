"""What does a batch do when Dask gives up on workers, when none can be started, and when a cluster has none?"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import dask
import pytest
from distributed import LocalCluster
from refusals import assert_refused
from test_batch import Watched, addresses, batch
from warcs import warcs

from scraper.batch import engine as batch_engine
from scraper.batch.engine import each, engine
from scraper.cli.app import main
from scraper.errors import WorkerError


@pytest.fixture
def deserted() -> Iterator[str]:
    """The address of a cluster without any worker."""
    with LocalCluster(n_workers=0, host="127.0.0.1", scheduler_kwargs={"dashboard": False}) as cluster:
        yield str(cluster.scheduler_address)


def test_workers_that_dask_gives_up_on_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask closes the nanny of a worker that does not come back in `lost-worker-timeout`, and starts nothing in its place."""
    monkeypatch.setattr(batch_engine, "REPLACE_S", 0.2)
    monkeypatch.setitem(batch_engine.SETTINGS, "distributed.deploy.lost-worker-timeout", "1 ms")
    with engine(workers=2, address=None, watched=False) as client:
        cluster = client.cluster
        closed, late = cluster.workers.values()
        cluster.sync(closed.close)
        os.kill(late.pid, signal.SIGKILL)
        cluster.sync(late.finished)
        client.wait_for_workers(2, timeout=300)
        assert dict(each(client, eval, [("sum", ("1 + 1",))])) == {"sum": 2}


def test_a_cluster_without_workers_ends_a_batch_in_a_sentence_and_what_is_committed_stays(
    deserted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = warcs(tmp_path / "in", files=2, pages=3)
    later = (tmp_path / "in" / "crawl-001.warc.gz").rename(tmp_path / "later.warc.gz")
    out, said = tmp_path / "out", "no worker has come for 0.2 s, so nothing more can be read"
    with engine(workers=1, address=None, watched=False) as client:
        assert batch(out, tmp_path / "in", address=client.scheduler.address).records == 3
        later.rename(tmp_path / "in" / "crawl-001.warc.gz")
        with monkeypatch.context() as impatient:
            impatient.setattr(batch_engine, "LOOK_S", 0.1)
            impatient.setattr(batch_engine, "NO_WORKERS_S", 0.2)
            assert main(["batch", str(tmp_path / "in"), "--out", str(out), "--address", deserted, "--quiet"]) == 5
            assert capsys.readouterr().err.splitlines() == [
                f"scraper: what is committed stays in {out}; the same command goes on from there",
                f"scraper: {said}",
            ]
            assert_refused(capsys, ["copies", str(out), "--address", deserted], 5, said)
        assert len(addresses(out)) == 3
        outcome = batch(out, tmp_path / "in", address=client.scheduler.address)
    assert (outcome.before, outcome.records) == (1, 6)
    assert addresses(out) == sorted(expected)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """A scheduler in a process of its own, and its address."""
    said = tmp_path / "scheduler.json"
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(said)]
    process = subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", *words], stderr=subprocess.DEVNULL)
    try:
        while not said.exists() or not said.read_text():
            assert process.poll() is None
            time.sleep(0.05)
        yield process, json.loads(said.read_text())["address"]
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("later_s", [0.0, 0.5])
def test_a_batch_ends_when_its_scheduler_is_killed(
    scheduler: tuple["subprocess.Popen[bytes]", str], later_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before its tasks are handed over, and while they wait for a worker."""
    monkeypatch.setattr(batch_engine, "CONNECT_S", 1)
    process, address = scheduler

    class Killing(Watched):
        def begin(self, **_: object) -> None:
            if later_s:
                Timer(later_s, process.kill).start()
            else:
                process.kill()
                process.wait()

    warcs(tmp_path / "in", files=2, pages=1)
    with pytest.raises(WorkerError, match=r"^the connection to the cluster's scheduler is lost, so nothing more can be read$"):
        batch(tmp_path / "out", tmp_path / "in", address=address, watching=Killing())


def test_where_no_worker_can_be_started_a_sentence_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warcs(tmp_path / "in", files=1, pages=1)
    words: list[Any] = ["batch", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--workers", "1", "--quiet"]
    with dask.config.set({"distributed.worker.preload": ["no_such_module"]}):
        assert main(words) == 5
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("scraper: no worker can be started, so nothing can be read: ")
    assert len(said) == 2
