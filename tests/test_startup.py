"""Does the command start without what it does not need? Each of these libraries costs 0.04 to 0.2 s to import."""

import subprocess
import sys

import pytest

HEAVY = (
    "trafilatura",
    "httpx",
    "sqlite_utils",
    "dateparser",
    "feedparser",
    "numpy",
    "protego",
    "rich",
    "pebble",
    "lxml",
    "chardet",
)
PROGRAM = """
import sys
from scraper.cli import main
assert main({arguments!r}) == {code}
loaded = sorted(set({heavy!r}) & {{name.partition(".")[0] for name in sys.modules}})
assert not loaded, loaded
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["scrape", "--help"], ["search", "--help"]])
def test_help_loads_nothing_slow(arguments: list[str]) -> None:
    program = PROGRAM.format(arguments=arguments, code=0, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_wrong_option_loads_nothing_slow() -> None:
    program = PROGRAM.format(arguments=["run", "--no-such-option"], code=2, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--no-such-option" in done.stderr


def test_a_run_loads_no_parser_nor_does_what_its_workers_send_back() -> None:
    parsers = (*set(HEAVY) - {"httpx", "pebble", "rich"}, "selectolax", "py3langid")
    program = f"""
import sys
import scraper.cli.run, scraper.pipeline.crawl, scraper.extract.taught
loaded = [name for name in sys.modules if name.partition(".")[0] in {parsers!r} or name in ("scraper.extract.fields", "scraper.discover")]
assert not loaded, loaded
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
