"""Does a batch read from and write to an object store as it does a disk, and ask web servers only where the guard lets it?"""

import functools
import os
import socket
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import s3fs
from moto.server import ThreadedMotoServer
from test_batch import addresses, batch, rows
from warcs import PACKINGS, url, warc, warcs

from scraper.batch.commit import Output
from scraper.batch.engine import engine
from scraper.batch.places import opened
from scraper.batch.reader import Reader
from scraper.batch.stretch import Stretch, work
from scraper.errors import AddressDenied, UsageError

BUCKET = "s3://news"


@pytest.fixture(scope="module")
def store() -> Iterator[Any]:
    """An object store on loopback, in this process, and the environment that says where it is."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            patch.setenv(name, value)
        made = s3fs.S3FileSystem()
        made.mkdir("news")
        yield made
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


@pytest.fixture(scope="module")
def address(store: Any) -> Iterator[str]:
    """A cluster whose workers know the store."""
    with engine(workers=2, address=None, watched=False) as client:
        yield str(client.scheduler.address)


@pytest.fixture
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


def test_records_go_from_store_to_store_once(store: Any, address: str, tmp_path: Path) -> None:
    expected = warcs(tmp_path / "in", files=4, pages=8)
    store.put(str(tmp_path / "in") + "/", "news/in/", recursive=True)
    outcome = batch(f"{BUCKET}/out", f"{BUCKET}/in/", address=address, part_pages=3)
    assert (outcome.files, outcome.records, outcome.failures, outcome.damaged) == (4, 32, [], 0)
    assert addresses("news/out", store) == sorted(expected)
    assert not [path for path in store.find("news/out") if "unfinished" in path]
    again = batch(f"{BUCKET}/out", f"{BUCKET}/in/*.warc.gz", address=address)
    assert (again.before, again.records) == (4, 32)


def test_what_a_killed_attempt_left_in_a_store_is_mended(store: Any, address: str, tmp_path: Path, reader: Reader) -> None:
    expected = warcs(tmp_path / "in", files=1, pages=8)
    store.put(str(tmp_path / "in" / "crawl-000.warc.gz"), "news/one.warc.gz")
    out = f"{BUCKET}/mended"
    assert batch(out, f"{BUCKET}/one.warc.gz", address=address, part_pages=3).records == 8
    output = Output(out, "run")
    first, second, _ = sorted(output.manifests(), key=lambda manifest: manifest.after)
    for file in first.files:  # killed between the manifest and the files' last move
        store.mv(f"news/mended/{file}", f"news/mended/{first.attempt}/{file}")
    for file in second.files:
        store.rm(f"news/mended/{file}")
    store.pipe("news/mended/records/date=2026-01-06/publishers=g00/orphan.parquet", b"half a file")
    outcome = batch(out, f"{BUCKET}/one.warc.gz", address=address, part_pages=3)
    assert outcome.records == 8
    assert addresses("news/mended", store) == sorted(expected)


@pytest.mark.usefixtures("store")
def test_of_two_attempts_in_a_store_one_counts() -> None:
    output = Output(f"{BUCKET}/raced", "run")
    assert output.make("a.json", b"first")
    assert not output.make("a.json", b"second")
    assert output.read("a.json") == b"first"


def test_an_object_that_is_not_there_and_one_that_is_none_are_named(store: Any, address: str, tmp_path: Path) -> None:
    listed = tmp_path / "some.paths"
    store.pipe("news/odd/page.warc.gz", b"<html>")
    store.pipe("news/odd/good.warc", PACKINGS["plain"](warc([5])))
    listed.write_text(f"{BUCKET}/odd/none.warc.gz\n{BUCKET}/odd/page.warc.gz\n{BUCKET}/odd/good.warc\n")
    outcome = batch(tmp_path / "out", listed, address=address)
    assert {failure.place.rpartition("/")[2]: failure.code for failure in outcome.failures} == {
        "none.warc.gz": "archive_missing",
        "page.warc.gz": "archive_damaged",
    }
    assert addresses(tmp_path / "out") == [url(5)]
    assert rows(tmp_path / "out")[0]["warc"]["file"] == f"{BUCKET}/odd/good.warc"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """A web server that gives files in one piece only, and one redirect."""

    class Quiet(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(super().do_GET)

        def do_HEAD(self) -> None:
            self._answer(super().do_HEAD)

        def _answer(self, usual: Any) -> None:
            if self.path == "/moved.warc.gz":
                self.send_response(302)
                self.send_header("Location", "/crawl-000.warc.gz")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                usual()

        def log_message(self, *_: object) -> None:
            pass

    (tmp_path / "web").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path / "web")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_files_come_from_web_servers_too_and_in_one_piece_if_need_be(store: Any, web: str, address: str, tmp_path: Path) -> None:
    expected = warcs(tmp_path / "web", files=2, pages=5)
    (tmp_path / "web" / "all.paths").write_text("crawl-000.warc.gz\ncrawl-001.warc.gz\nnone.warc.gz\n")
    outcome = batch(tmp_path / "out", f"{web}/all.paths", address=address, allow_private=True)
    assert addresses(tmp_path / "out") == sorted(expected)
    assert [(failure.place, failure.code) for failure in outcome.failures] == [(f"{web}/none.warc.gz", "archive_missing")]
    public = f"{os.environ['AWS_ENDPOINT_URL']}/news/public.warc.gz"
    store.put(str(tmp_path / "web" / "crawl-000.warc.gz"), "news/public.warc.gz")
    with pytest.raises(UsageError, match=r"public\.warc.gz cannot be read: its server answered with status 403"):
        batch(tmp_path / "other", public, address=address, allow_private=True)
    store.put(str(tmp_path / "web" / "crawl-000.warc.gz"), "news/public.warc.gz", ACL="public-read")  # a server that gives ranges
    assert batch(tmp_path / "other", public, address=address, allow_private=True).records == 5


def test_the_guard_is_asked_about_every_address(web: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names and literal addresses, and those that a redirect leads to: here the first is let through, and the second is not."""
    warcs(tmp_path / "web", files=1, pages=1)
    port = web.rpartition(":")[2]
    with opened(f"{web}/moved.warc.gz", allow_private=True) as file:
        assert file.read(2) == b"\x1f\x8b"
    with pytest.raises(AddressDenied):
        opened(f"{web}/crawl-000.warc.gz")
    looked_up = socket.getaddrinfo

    def lying(host: str, *more: Any, **named: Any) -> Any:
        return looked_up("127.0.0.1" if host == "archive.example" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", lying)
    with pytest.raises(AddressDenied, match=r"archive\.example|127\.0\.0\.1"):
        opened(f"http://archive.example:{port}/crawl-000.warc.gz")


def test_work_on_a_place_that_refuses_is_a_failure_by_name(tmp_path: Path, reader: Reader) -> None:
    from test_batch import job_for

    job, _ = job_for(tmp_path / "out")
    done = work(job, Stretch("http://127.0.0.1:9/a.warc.gz", None), reader)
    assert done.failure == ("address_denied", "127.0.0.1 is not a public host")
