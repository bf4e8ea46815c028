"""Ctrl-C at any moment after the start ends a command with 130 and one sentence at most, whatever Python was importing just then."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

MOMENTS_S = [number * 0.6 / 19 for number in range(20)]
SCRIPT = "import sys; from scraper.__main__ import main; sys.exit(main())"  # what an installer writes for [project.scripts]
ENTRIES = {"module": ["-m", "scraper"], "script": ["-c", SCRIPT]}
SOURCES = (
    "version: 1\nsources:\n  - {id: coast, name: Coast, domain: 127.0.0.1, allow_private: true, feeds: ['http://127.0.0.1:9/feed.xml']}\n"
)
COMMANDS = {
    "extract": ["extract", "-"],
    "run": ["run", "--quiet", "--sources", "sources.yaml"],
    "scrape": ["scrape", "--allow-private", "--save", "http://127.0.0.1:9/a"],
}


def wait_until_awake(process: "subprocess.Popen[str]") -> None:
    """Wait for the command's own first act, which is to catch SIGTERM: until then Python itself is starting, and answers for itself."""
    status = Path(f"/proc/{process.pid}/status")
    bit = 1 << (signal.SIGTERM - 1)
    while process.poll() is None and not int(status.read_text().split("SigCgt:")[1].split()[0], 16) & bit:
        time.sleep(0.001)


def interrupted(arguments: list[str], moment_s: float, folder: Path) -> tuple[int, str]:
    """Start a command, interrupt it, and give its exit code and what it said on standard error."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=folder) as process:
        wait_until_awake(process)
        time.sleep(moment_s)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)  # standard input stays open: `extract -` goes on reading it otherwise
        return process.returncode, process.communicate()[1]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to see when the command is awake")
@pytest.mark.parametrize(("entry", "command"), [("module", "extract"), ("script", "extract"), ("module", "run"), ("script", "scrape")])
def test_an_interrupt_at_any_moment_is_one_sentence_and_130(entry: str, command: str, tmp_path: Path) -> None:
    arguments = [*ENTRIES[entry], *COMMANDS[command]]
    folders = [tmp_path / str(number) for number in range(len(MOMENTS_S))]
    for folder in folders:
        folder.mkdir()
        (folder / "sources.yaml").write_text(SOURCES)
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(interrupted, [arguments] * len(MOMENTS_S), MOMENTS_S, folders))
    # A command that was done before the signal came ends by itself: nothing listens at port 9.
    assert {code for code, _ in ends} <= ({130} if command == "extract" else {0, 1, 130})
    assert ends[0][0] == 130
    for code, said in ends:
        assert code != 130 or len(said.split("scraper: interrupted")) <= 2
        assert all(line.startswith("scraper: ") for line in said.splitlines() if line), said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_the_caller_ignores_stays_ignored(number: signal.Signals) -> None:
    program = (
        "import os, signal, sys, scraper.cli\n"
        "from scraper.__main__ import main\n"
        f"signal.signal({int(number)}, signal.SIG_IGN)\n"
        f"scraper.cli.main = lambda: os.kill(os.getpid(), {int(number)}) or 7\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (7, "")


def test_the_door_loads_next_to_nothing() -> None:
    program = "import sys, scraper.__main__; print(*sorted(name for name in sys.modules if name.startswith('scraper')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["scraper", "scraper.__main__", "scraper.extract", "scraper.loading"]


def test_the_door_gives_its_records_when_they_are_asked_for() -> None:
    import scraper

    for name in scraper.__all__:
        assert getattr(scraper, name) is not None
    assert callable(scraper.extract)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        scraper.nothing  # noqa: B018
