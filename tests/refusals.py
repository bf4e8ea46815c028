"""What do the tests of several commands ask alike? That a refusal is one sentence, and that an interrupt leaves nothing behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scraper.cli.app import main

__all__ = ["assert_interrupted", "assert_refused"]


def assert_refused(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, sentence: str) -> None:
    """Run a command in this process: it ends with this code and says this one sentence."""
    assert main(arguments) == code
    assert capsys.readouterr().err == f"scraper: {sentence}\n"


def assert_interrupted(slowed: str, arguments: list[str], part: tuple[Path, str], number: int = signal.SIGINT) -> None:
    """Run a command that `slowed` has made slow, and send it a signal once its unfinished file is there (a folder and a pattern)."""
    program = f"import sys, time; {slowed}; from scraper.__main__ import main; sys.exit(main())"
    folder, pattern = part
    with subprocess.Popen([sys.executable, "-c", program, *arguments], stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not list(folder.glob(pattern)):
            time.sleep(0.01)
        time.sleep(0.2)
        process.send_signal(number)
        assert process.communicate(timeout=60)[1].strip() == "scraper: interrupted"
    assert process.returncode == 130
