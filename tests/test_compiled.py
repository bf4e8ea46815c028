"""Is what a compiler can make really there? Without it everything goes on in Python, slower, and tests of compiled code are skipped."""

import os
import shutil
import sysconfig
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

CAN_COMPILE = shutil.which("gcc") is not None and Path(sysconfig.get_paths()["include"], "Python.h").is_file()


@pytest.mark.skipif("CI" not in os.environ, reason="a working copy may do without; CI tests what compiles")
@pytest.mark.skipif(not CAN_COMPILE, reason="no compiler, or no headers of Python, on this machine")
@pytest.mark.parametrize("module", ["scraper.extract._speedups", "scraper.words._marks"])
def test_where_there_is_a_compiler_the_inner_loops_are_compiled(module: str) -> None:
    assert find_spec(module) is not None, f"{module} was not built, and its work is done in Python: look at what pip says of it (pip -v)"
    import_module(module)
