"""Calls that wait go to a worker, or into the database, together: each has its own answer all the same."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
from test_store_samples import HARBOUR, NOW, article_of, link_of, page_of, url_of

from scraper.errors import ExtractionError, InternalError, StoreError
from scraper.pipeline.workers import Workers
from scraper.pipeline.writer import Writer
from scraper.records import Source
from scraper.store import Store


def counted(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


# --- workers ---


def at_once(*calls: tuple[Any, ...], limit_s: float = 5.0) -> list[Any]:
    async def work() -> list[Any]:
        with Workers(count=1, limit_s=limit_s) as workers:
            tasks: list[Any] = [workers.run(*call, url=f"https://example.org/{number}") for number, call in enumerate(calls)]
            return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(work())


def test_a_folder_of_the_packages_name_in_the_working_directory_is_not_loaded(tmp_path: Path) -> None:
    stranger = tmp_path / "scraper" / "pipeline"
    stranger.mkdir(parents=True)
    for file in (stranger.parent / "__init__.py", stranger / "__init__.py"):
        file.touch()
    (stranger / "hush.py").write_text("raise SystemExit('another version')", encoding="utf-8")
    program = tmp_path / "elsewhere" / "program.py"
    program.parent.mkdir()
    lines = ["import asyncio", "from scraper.pipeline.workers import Workers", "async def main():", "    with Workers(count=1) as workers:"]
    lines += ["        print(await workers.run(abs, -7))", "if __name__ == '__main__':", "    asyncio.run(main())"]
    program.write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run([sys.executable, str(program)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("7\n", 0), done.stderr


def test_calls_in_one_task_keep_their_answers_apart() -> None:
    answers = at_once(*((pow, 2, number) for number in range(30)), (int, "seven"), (abs, -1))
    assert answers[:30] == [2**number for number in range(30)]
    assert isinstance(answers[30], InternalError)
    assert answers[31] == 1


@pytest.mark.parametrize(("bad", "code"), [((os._exit, 3), "extract_crashed"), ((time.sleep, 60), "extract_timeout")])
def test_a_call_that_ends_its_worker_is_found_among_those_of_its_task(bad: tuple[Any, ...], code: str) -> None:
    answers = at_once(*((abs, -number) for number in range(6)), bad, *((abs, -number) for number in range(6)), limit_s=0.5)
    failed = answers.pop(6)
    assert isinstance(failed, ExtractionError)
    assert (failed.code, failed.url) == (code, "https://example.org/6")
    assert answers == [*range(6), *range(6)]


def test_whoever_stops_waiting_costs_nobody_else_an_answer() -> None:
    async def work() -> list[Any]:
        with Workers(count=1) as workers:
            tasks = [asyncio.ensure_future(workers.run(abs, -number)) for number in range(12)]
            await asyncio.sleep(0)
            for task in tasks[::2]:
                task.cancel()
            return await asyncio.gather(*tasks, return_exceptions=True)

    answers = asyncio.run(work())
    assert answers[1::2] == [1, 3, 5, 7, 9, 11]
    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::2])


# --- the database ---


async def stored(writer: Writer, run: int, *topics: str) -> list[object]:
    calls = (writer.do(Store.record_article, run, link_of(url_of(topic)), page_of(url_of(topic)), article_of(topic)) for topic in topics)
    return await asyncio.gather(*calls, return_exceptions=True)


async def test_calls_that_wait_become_one_transaction(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Store] = []
    together = Store.together

    def counting(store: Store) -> AbstractContextManager[None]:
        begun.append(store)
        return together(store)

    monkeypatch.setattr(Store, "together", counting)
    async with Writer(database) as writer:
        await writer.do(Store.remember_sources, (HARBOUR,), NOW)
        run = await writer.do(Store.begin_run, "run", started_at=NOW)
        saved = await stored(writer, run, "ferry", "bridge", "school", "budget")
        assert [getattr(one, "outcome", None) for one in saved] == ["new"] * 4
        assert counted(database, "articles") == 4, "who has the answer can rely on it"
    assert len(begun) == 1, "the first went alone, the other three together"


async def test_a_call_that_fails_leaves_nothing_behind_and_the_others_whole(database: Path) -> None:
    def half(store: Store) -> None:
        with store._connection.transaction() as inside:
            inside.run("DELETE FROM sources")
            raise KeyError("a fault of ours")

    async with Writer(database) as writer:
        run = await writer.do(Store.begin_run, "run", started_at=NOW)
        calls = (writer.do(Store.remember_sources, (source,), NOW) for source in (HARBOUR, Source(id="b", name="B", domain="b.example")))
        first, second, failed, *saved = await asyncio.gather(
            *calls, writer.do(half), writer.do(Store.template, "harbour"), stored(writer, run, "ferry", "bridge"), return_exceptions=True
        )
        assert (first, second) == (None, None)
        assert isinstance(failed, KeyError)
        assert saved[0] is None
    assert (counted(database, "sources"), counted(database, "articles")) == (2, 2)


async def test_what_sqlite_refuses_undoes_all_that_was_to_be_one_transaction(database: Path) -> None:
    def refused(store: Store) -> None:
        with store._connection.transaction() as inside:
            inside.run("INSERT INTO sources (id) VALUES (NULL)")

    async with Writer(database) as writer:
        run = await writer.do(Store.begin_run, "run", started_at=NOW)
        await writer.do(Store.remember_sources, (HARBOUR,), NOW)
        first, others, failed = await asyncio.gather(
            writer.do(Store.template, "harbour"), stored(writer, run, "ferry", "bridge"), writer.do(refused), return_exceptions=True
        )
        assert first is None
        assert isinstance(failed, StoreError)
        assert isinstance(others, list)
        assert all(isinstance(one, StoreError) for one in others)
        assert counted(database, "articles") == 0
        assert [getattr(one, "outcome", None) for one in await stored(writer, run, "ferry")] == ["new"], "and the next call is well"


def test_a_step_that_fails_takes_nothing_of_the_steps_before_it(database: Path) -> None:
    def failing(store: Store) -> None:
        with store._connection.transaction(settled=False) as inside:
            inside.settle()  # as a page does whose story is stored already
            raise KeyError("a fault of ours")

    with Store.open(database) as store:
        run = store.begin_run("run", started_at=NOW)
        with store.together():
            store.record_article(run, link_of(url_of("ferry")), page_of(url_of("ferry")), article_of("ferry"))
            with pytest.raises(KeyError):
                failing(store)
            store.record_article(run, link_of(url_of("bridge")), page_of(url_of("bridge")), article_of("bridge"))
        assert [hit.headline for hit in store.search("ferry")] == ["What becomes of the ferry"]
    alone = {"article_authors": 2, "article_tags": 4, "evidence": 4, "fetches": 2}
    assert {table: counted(database, table) for table in alone} == alone
