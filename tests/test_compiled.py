"""Is what a compiler can make really there? Without it everything goes on in Python, slower, and tests of compiled code are skipped."""

import json
import os
import runpy
import shutil
import subprocess
import sys
import sysconfig
import zlib
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = [line for line in (ROOT / "compiled.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
RECORDS = """
import json
import sys
from pathlib import Path
from scraper import extract
for page in sorted(Path("fixtures").rglob("*.html")):
    print(json.dumps([str(page), extract(page.read_bytes(), "https://example.org/2025/01/02/a-story.html").to_dict()]))
print(sys.modules["scraper.extract.body"].__file__, "scraper.extract._speedups" in sys.modules)
"""

CAN_COMPILE = shutil.which("gcc") is not None and Path(sysconfig.get_paths()["include"], "Python.h").is_file()


@pytest.mark.skipif("CI" not in os.environ, reason="a working copy may do without; CI tests what compiles")
@pytest.mark.skipif(not CAN_COMPILE, reason="no compiler, or no headers of Python, on this machine")
@pytest.mark.parametrize("module", ["scraper.extract._speedups", "scraper.words._marks"])
def test_where_there_is_a_compiler_the_inner_loops_are_compiled(module: str) -> None:
    assert find_spec(module) is not None, f"{module} was not built, and its work is done in Python: look at what pip says of it (pip -v)"
    import_module(module)


@pytest.mark.skipif("CI" not in os.environ, reason="a working copy may do without; CI tests what compiles")
@pytest.mark.skipif(not CAN_COMPILE, reason="no compiler, or no headers of Python, on this machine")
def test_where_there_is_a_compiler_mypyc_has_compiled_what_is_named() -> None:
    names = [name.removesuffix(".py").replace("/", ".") for name in MODULES]
    assert [name for name in names if str(import_module(name).__file__).endswith(".py")] == [], "look at what pip says (pip -v)"


def test_what_is_named_to_be_compiled_is_there_and_sorted() -> None:
    assert [name for name in MODULES if not (ROOT / name).is_file()] == []
    assert sorted(set(MODULES)) == MODULES


def records(**environment: str) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **environment}
    command = [sys.executable, "-c", RECORDS]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


def test_compiled_or_plain_every_page_gives_the_same_record() -> None:
    *fast, _ = records()
    *modules, how = records(SCRAPER_PLAIN="modules")
    assert how.startswith(str(ROOT / "scraper" / "extract" / "body.py"))
    assert len(fast) > 40
    assert modules == fast
    *plain, how = records(SCRAPER_PLAIN="all")
    assert how.endswith("body.py False")
    assert [said(line) for line in plain] == [said(line) for line in fast]


def said(line: str) -> tuple[str, dict[str, Any]]:
    """Give what a record says; numpy adds up in another order than C does, and so is a shade more or less sure of it."""
    page, record = json.loads(line)
    return page, {field: value for field, value in record.items() if field not in {"confidence", "evidence"}}


class Broken(ModuleType):
    """A mypyc that finds an error, as mypy says it: by ending the program."""

    def mypycify(self, *_: Any, **__: Any) -> None:
        raise SystemExit(1)


@pytest.mark.parametrize(("command", "said"), [("bdist_wheel", "plain Python, which is slower: SystemExit: 1"), ("egg_info", "")])
def test_where_mypyc_fails_the_rest_is_installed_and_one_line_says_so(
    command: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    setuptools = pytest.importorskip("setuptools", reason="Python brings none from 3.12 on")
    asked: dict[str, Any] = {}
    monkeypatch.setattr(setuptools, "setup", asked.update)
    monkeypatch.setitem(sys.modules, "mypyc.build", Broken("mypyc.build"))
    monkeypatch.setattr(sys, "argv", ["setup.py", command])
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(ROOT / "setup.py"))
    assert [extension.name for extension in asked["ext_modules"]] == ["scraper.extract._speedups", "scraper.words._marks"]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == bool(said)
    assert said in "".join(lines)


def test_what_is_compiled_already_is_named_again_so_that_it_is_found_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setuptools = pytest.importorskip("setuptools", reason="Python brings none from 3.12 on")
    asked: dict[str, Any] = {}
    monkeypatch.setattr(setuptools, "setup", asked.update)
    monkeypatch.setattr(sys, "argv", ["setup.py", "editable_wheel"])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scraper").mkdir()
    for name, content in (("setup.py", (ROOT / "setup.py").read_bytes()), ("compiled.txt", b"scraper/one.py\n"), ("scraper/one.py", b"")):
        (tmp_path / name).write_bytes(content)
    (tmp_path / f"scraper__mypyc{EXTENSION_SUFFIXES[0]}").touch()
    stamp = [f"{zlib.crc32((tmp_path / name).read_bytes())} {name}\n" for name in ("scraper/one.py", "compiled.txt", "setup.py")]
    (tmp_path / "scraper" / ".compiled").write_text("".join(stamp))
    runpy.run_path(str(tmp_path / "setup.py"))
    assert [extension.name for extension in asked["ext_modules"]][2:] == ["scraper__mypyc"]
