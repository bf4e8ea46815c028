"""Is a module that was compiled run from its source as soon as that is another? In a small package that stands for ours."""

import shutil
import subprocess
import sys
import zlib
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from scraper import loading

DOOR = "from scraper.loading import choose\nchoose(__path__[0])\n"
SOURCE = "SAID = 'the source'\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A working copy with one compiled module; what was compiled is no library, so that importing it fails."""
    folder = tmp_path / "scraper"
    folder.mkdir()
    shutil.copy(loading.__file__, folder)
    (folder / "__init__.py").write_text(DOOR)
    (folder / "module.py").write_text(SOURCE)
    (folder / f"module{EXTENSION_SUFFIXES[0]}").write_text("compiled")
    (folder / ".compiled").write_text(f"{zlib.crc32(SOURCE.encode())} scraper/module.py\n")
    return folder


def said(package: Path, module: str = "module", **environment: str) -> str:
    program = f"from scraper import {module}\nprint({module}.SAID)"
    done = subprocess.run([sys.executable, "-c", program], cwd=package.parent, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_what_was_compiled_is_run_while_its_source_is_the_same(package: Path) -> None:
    assert loading.changed(str(package)) == []
    assert "ImportError" in said(package)


def test_an_edited_source_is_run_instead_whatever_its_time(package: Path) -> None:
    (package / "module.py").write_text(SOURCE.replace("the", "another"))
    assert loading.changed(str(package)) == ["scraper/module.py"]
    assert said(package) == "another source"


def test_where_a_source_is_gone_the_others_run_from_theirs(package: Path) -> None:
    with (package / ".compiled").open("a") as stamp:
        stamp.write("1 scraper/gone.py\n")
    assert said(package) == "the source"


def test_an_installed_package_is_run_as_it_was_compiled(package: Path) -> None:
    (package / ".compiled").unlink()
    (package / "module.py").write_text("SAID = 'a source that pip wrote'\n")
    assert "ImportError" in said(package)


def test_sources_are_to_be_had_for_the_asking_alone_or_beside_the_inner_loops(package: Path) -> None:
    assert said(package, SCRAPER_PLAIN="modules") == "the source"
    assert said(package, SCRAPER_PLAIN="all") == "the source"
    (package / f"loops{EXTENSION_SUFFIXES[0]}").write_text("compiled")
    assert "loops" in said(package, "loops", SCRAPER_PLAIN="modules")
    assert said(package, "loops", SCRAPER_PLAIN="all").startswith("ImportError: cannot import name 'loops'")
