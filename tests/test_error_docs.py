"""Does docs/errors.md name every code, with its exception and whether it is tried again, and nothing else?"""

import ast
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from faults import PAGES

from scraper import errors
from scraper.store import Store

ROOT = Path(__file__).parents[1]
ROWS = re.findall(r"^\| `(\w+)` \| `(\w+)` \| ([^|]+) \| \S", (ROOT / "docs" / "errors.md").read_text(encoding="utf-8"), re.MULTILINE)
STATUS = "http_NNN"
NO_FETCH = ("ArchiveError", "SourcesError", "UsageError", "ScraperError", "StoreError", "WorkerError")


def used_codes() -> set[str]:
    """Give the codes that stand in the program: each `code="…"`, and what the docstrings of the exceptions list."""
    found = {code for kind in vars(errors).values() for code in re.findall(r"Codes? .*", getattr(kind, "__doc__", None) or "", re.DOTALL)}
    codes = {code for text in found for code in re.findall(r"`([a-z]+(?:_[a-zN]+)*)`", text)} - {"attempts", "retry_after_s"}
    for path in (ROOT / "scraper").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code":
                codes |= constants(node.value)
    return {STATUS if re.fullmatch(r"http_\d+", code) else code for code in codes} | {"usage"}


def constants(value: ast.expr) -> set[str]:
    """Give the code that an expression is, or the two that it chooses from."""
    chosen = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    return {str(one.value) for one in chosen if isinstance(one, ast.Constant)}


def test_every_code_is_described_and_nothing_else_is() -> None:
    assert sorted(code for code, _, _ in ROWS) == sorted(used_codes())
    assert {kind for _, kind, _ in ROWS} <= set(errors.__all__)


def test_what_comes_of_a_fault_is_tried_again_where_the_page_says_so() -> None:
    again = {code: said == "yes" for code, _, said in ROWS if code != STATUS}
    told = {(fault.code, fault.retryable) for fault in PAGES.values() if not fault.code.startswith("http_")}
    assert {(code, again[code]) for code, _ in told} == told


def test_the_database_explains_the_codes_of_urls_too(database: Path) -> None:
    Store.open(database).close()
    with closing(sqlite3.connect(database)) as connection:
        explained = {code for (code,) in connection.execute("SELECT code FROM meanings")}
    assert {code for code, kind, _ in ROWS if kind not in NO_FETCH} - {STATUS} <= explained
