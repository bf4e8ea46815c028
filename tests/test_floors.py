"""Do imports point down only, and does every third-party library live in one place? Asked of the syntax tree of every module."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = (
    ("errors", "loading", "records", "words"),
    ("decode", "urls", "fingerprints", "copies", "baselines", "health"),
    ("sources", "changes"),  # asks `urls` what a URL is
    ("discover", "politeness", "extract"),
    ("fetch", "store", "export", "archive"),
    ("pipeline", "look"),
    ("batch",),
    ("cli",),
    ("__main__",),
)
FLOOR_OF = {part: number for number, parts in enumerate(FLOORS) for part in parts}
HOMES = {
    "ada_url": "urls",
    "aiohttp": "batch",
    "brotli": "fetch",
    "chardet": "decode",
    "click": "cli",
    "datasette": "look",
    "dask": "batch",
    "dateparser": "extract",
    "distributed": "batch",
    "fastwarc": "archive",
    "feedparser": "discover",
    "fsspec": "batch",
    "h2": "fetch",
    "httpcore": "fetch",
    "httpx": "fetch",
    "isal": "archive",
    "jinja2": "look",
    "lxml": "discover",
    "numpy": "extract",
    "pebble": "pipeline",
    "playwright": "fetch",
    "py3langid": "extract",
    "pyarrow": "export",
    "rapidfuzz": "copies",
    "rich": "cli",
    "selectolax": "extract",
    "sqlite_utils": "store",
    "tenacity": "fetch",
    "threadpoolctl": "extract",
    "trafilatura": "extract",
    "uvicorn": "look",
    "vl_convert": "look",
    "webencodings": "decode",
    "yaml": "sources",
    "zstandard": "fetch",
}
# `archive` packs with zstandard, where `fetch` only undoes what servers send; `batch` writes more than one table and joins them
SECOND_HOMES = {("zstandard", "archive"), ("pyarrow", "batch"), ("numpy", "batch")}
IMPORTED_BY_OTHERS = {
    "bokeh",
    "lxml-html-clean",
    "s3fs",
    "sniffio",
    "tzdata",
}  # by trafilatura, distributed, fsspec, httpcore and zoneinfo; pyproject.toml says why they stand there
USED_EXTRAS = ("batch", "parquet", "render", "report", "serve")
BROUGHT_BY_EXTRAS = {"h2", "httpcore"}  # httpx[http2]
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sorted((ROOT / "scraper").rglob("*.py"))}
DOOR = "scraper.__init__"  # the public door re-exports, so it stands above all floors
# A record whose method is public: `Template.learn` hands the pages to `extract` when it is called. There is no other.
UPWARDS = {"scraper.records": {"extract"}}


def imports(module: str) -> set[str]:
    """Give the absolute names a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_bytes())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import in line {node.lineno}"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def third_party(module: str) -> set[str]:
    return {name.partition(".")[0] for name in imports(module)} - set(sys.stdlib_module_names) - {"scraper"}


def normal(name: str) -> str:
    """Write a distribution's name as the packaging standard does (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def part(name: str) -> str:
    return name.split(".")[1]


def ours(module: str) -> set[str]:
    """Give the parts of this package that a module imports, its own left out."""
    return {part(name) for name in imports(module) if name.startswith("scraper.")} - {part(module)} - {"__version__"}


@pytest.mark.parametrize("module", sorted(set(MODULES) - {DOOR}))
def test_a_module_imports_from_lower_floors_only(module: str) -> None:
    assert {name for name in ours(module) if FLOOR_OF[name] >= FLOOR_OF[part(module)]} == UPWARDS.get(module, set())


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_library_is_imported_in_its_home_only(module: str) -> None:
    homes = {name: HOMES.get(name, "no home: choose one") for name in third_party(module)}
    away = {name: home for name, home in homes.items() if home != part(module) and (name, part(module)) not in SECOND_HOMES}
    assert away == {}


def test_every_part_of_the_package_stands_on_a_floor() -> None:
    assert {part(module) for module in MODULES} - {"__init__"} == set(FLOOR_OF)


def test_every_library_with_a_home_is_declared_and_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + [line for name in USED_EXTRAS for line in project["optional-dependencies"][name]]
    declared = {normal(re.split(r"[\[<>=~]", line)[0]) for line in lines} - IMPORTED_BY_OTHERS
    used = {name for module in MODULES for name in third_party(module)}
    providers = packages_distributions()
    assert used == set(HOMES)
    assert {normal(providers.get(name, [name])[0]) for name in used} - BROUGHT_BY_EXTRAS == declared
