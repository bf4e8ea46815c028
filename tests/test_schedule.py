"""How is a run scheduled? Text that cron and systemd would take, put in and out of a crontab that is not touched otherwise."""

import configparser
import os
import shlex
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.cli import main
from scraper.errors import UsageError
from scraper.pipeline.schedule import Schedule, crontab_line, service, timer

FILE = "version: 1\nsources: [{id: a, domain: a.example, enabled: false, feeds: ['https://a.example/rss']}]\n"
PLAN = Schedule(
    every_s=900, python=Path("/opt/py/bin/python"), folder=Path("/srv/news"), db=Path("/srv/news/data/news.db"), words=("--db", "x")
)
ODD = '/srv/100% "news" $HOME\'s/news.db'


def fields(line: str) -> list[set[int]]:
    """Give the minutes and hours that a crontab line names, as cron reads them."""
    found = []
    for part, size in zip(line.split()[:2], (60, 24), strict=True):
        span, _, step = part.partition("/")
        first, _, last = ("0", "", str(size - 1)) if span == "*" else span.partition("-")
        found.append(set(range(int(first), int(last or first) + 1, int(step or 1))))
    return found


@pytest.mark.parametrize(("every_s", "a_day"), [(60, 1440), (300, 288), (900, 96), (3600, 24), (7200, 12), (28800, 3), (86400, 1)])
def test_a_crontab_line_runs_as_often_as_asked(every_s: int, a_day: int) -> None:
    line = crontab_line(replace(PLAN, every_s=every_s))
    minutes, hours = fields(line)
    assert len(minutes) * len(hours) == a_day
    assert line.split()[2:5] == ["*", "*", "*"]
    assert max(minutes) < 60
    assert max(hours) < 24


@pytest.mark.parametrize("every_s", [59, 90, 7 * 60, 45 * 60, 5 * 3600, 48 * 3600])
def test_what_cron_cannot_say_is_refused(every_s: int) -> None:
    for write in (crontab_line, timer):
        with pytest.raises(UsageError, match="a schedule is every 1, 2, 3"):
            write(replace(PLAN, every_s=every_s))


def test_a_run_has_ended_when_the_next_one_begins() -> None:
    assert PLAN.deadline_s < PLAN.every_s
    assert f"--deadline {PLAN.deadline_s}s" in crontab_line(PLAN)
    assert f"TimeoutStartSec={PLAN.deadline_s + 30}" in service(PLAN)


def test_a_shell_finds_the_words_of_the_line_again_after_cron_has_taken_its_signs() -> None:
    words = ("--db", ODD)
    line = crontab_line(replace(PLAN, words=words, folder=Path("/srv/my news")))
    command = line.split(maxsplit=5)[5].replace("\\%", "%")
    assert shlex.split(command, comments=True)[:3] == ["cd", "/srv/my news", "&&"]
    assert tuple(shlex.split(command, comments=True)[-2:]) == words
    assert "%" not in line.replace("\\%", "")


def test_the_units_are_whole() -> None:
    for text, sections in ((service(PLAN), {"Unit", "Service"}), (timer(PLAN), {"Unit", "Timer", "Install"})):
        unit = configparser.ConfigParser(interpolation=None, strict=True)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read_string(text)
        assert set(unit.sections()) == sections


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze to read the units as systemd does")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    plan = replace(PLAN, python=Path(sys.executable), folder=tmp_path, words=("--db", ODD))
    (tmp_path / "news.service").write_text(service(plan))
    (tmp_path / "news.timer").write_text(timer(plan))
    command = ["systemd-analyze", "verify", "--user", str(tmp_path / "news.service"), str(tmp_path / "news.timer")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)})
    assert [line for line in done.stderr.splitlines() if "news." in line] == []


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with sources, and with programs that behave as crontab and systemctl do."""
    tools = tmp_path / "bin"
    tools.mkdir()
    store = tmp_path / "crontab"
    program(
        tools,
        "crontab",
        f'if [ "$1" = -l ]; then [ -e {store} ] || {{ echo "no crontab for me" >&2; exit 1; }}; cat {store}; else cat > {store}; fi',
    )
    program(tools, "systemctl", f'echo "$*" >> {tmp_path}/systemctl.log')
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.yaml").write_text(FILE)
    return tmp_path


def test_the_printed_line_names_this_python_this_folder_and_these_files(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schedule", "--every", "1h", "--with", "cron"]) == 0
    said = capsys.readouterr().out
    for part in (
        f"cd {here} &&",
        f"{sys.executable} -m scraper run --quiet",
        f"--db {here}/data/news.db",
        f"--sources {here}/sources.yaml",
    ):
        assert part in said
    assert "[Service]" not in said
    assert main(["schedule"]) == 0
    assert "[Timer]" in capsys.readouterr().out
    assert not (here / "crontab").exists()


def test_installing_leaves_other_lines_alone_replaces_its_own_and_is_taken_out_again(here: Path) -> None:
    others = "MAILTO=me@example.org\n# a comment\n5 4 * * * /usr/bin/true # scraper schedule of somebody else\n"
    (here / "crontab").write_text(others)
    assert main(["schedule", "--install"]) == 0
    assert main(["schedule", "--install", "--every", "1h"]) == 0
    assert main(["schedule", "--install", "--db", "other.db"]) == 0
    lines = (here / "crontab").read_text()
    assert lines.startswith(others)
    assert [line.count("scraper run") for line in lines.splitlines()] == [0, 0, 0, 1, 1]
    assert main(["schedule", "--remove", "--db", "other.db"]) == 0
    assert main(["schedule", "--remove"]) == 0
    assert (here / "crontab").read_text() == others
    assert main(["schedule", "--remove"]) == 1


def test_a_user_without_a_crontab_gets_one(here: Path) -> None:
    assert main(["schedule", "--install"]) == 0
    assert (here / "crontab").read_text().count("\n") == 1


def test_the_installed_line_runs(here: Path) -> None:
    assert main(["schedule", "--install"]) == 0
    command = (here / "crontab").read_text().split(maxsplit=5)[5].replace("\\%", "%")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(here), "SHELL": "/bin/sh", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(["/bin/sh", "-c", command], cwd="/", env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.startswith("scraper: no source is enabled")) == (2, True)


def test_a_timer_is_enabled_and_disabled_with_its_files(here: Path) -> None:
    assert main(["schedule", "--install", "--with", "systemd"]) == 0
    units = here / "config" / "systemd" / "user"
    names = sorted(path.name for path in units.iterdir())
    assert [name.rpartition(".")[2] for name in names] == ["service", "timer"]
    asked = (here / "systemctl.log").read_text().splitlines()
    assert asked == ["--user daemon-reload", f"--user enable --now {names[1]}"]
    assert main(["schedule", "--remove"]) == 0
    assert list(units.iterdir()) == []
    assert f"--user disable --now {names[1]}" in (here / "systemctl.log").read_text()


def test_what_cannot_be_installed_is_a_sentence(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    program(here / "bin", "crontab", 'echo "you are not allowed to use this program" >&2; exit 1')
    assert main(["schedule", "--install"]) == 1
    assert capsys.readouterr().err == "scraper: `crontab -l` was refused: you are not allowed to use this program\n"
    monkeypatch.setenv("PATH", str(here / "nowhere"))
    assert main(["schedule", "--install"]) == 2
    assert capsys.readouterr().err == "scraper: there is no crontab on this machine\n"
    assert main(["schedule", "--install", "--with", "systemd"]) == 2
    assert capsys.readouterr().err == "scraper: there is no systemctl on this machine\n"
    assert not (here / "config").exists()
    assert main(["schedule", "--install", "--remove"]) == 2
    (here / "sources.yaml").write_text("version: 1\nsources: nonsense\n")
    assert main(["schedule"]) == 2
