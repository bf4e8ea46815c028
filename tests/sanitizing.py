"""What do the tests of compiled code ask alike? A copy that checks every access to memory is built, and a program run that uses it."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

__all__ = ["assert_runs_sanitized"]

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Wall", "-Wextra", "-Werror", "-g", "-O1", "-shared", "-fPIC"]


def assert_runs_sanitized(folder: Path, module: str, sources: list[Path], program: str, *arguments: str) -> None:
    """Build a module into `folder` and run a program that is given that folder and the arguments, and says `done` at its end."""
    includes = f"-I{sysconfig.get_paths()['include']}"
    try:
        built = subprocess.run(
            ["gcc", *FLAGS, includes, *map(str, sources), "-lm", "-o", str(folder / f"{module}.so")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        runtime = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        pytest.skip("gcc is not on this machine")
    if not Path(runtime).is_absolute() or "cannot find" in built.stderr:
        pytest.skip("gcc's sanitizers are not on this machine")
    assert not built.returncode, built.stderr
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), *arguments],
        env={"LD_PRELOAD": runtime, "ASAN_OPTIONS": "detect_leaks=0", "PYTHONPATH": str(ROOT), "PYTHONMALLOC": "malloc"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "done", done.stderr[-3000:]
