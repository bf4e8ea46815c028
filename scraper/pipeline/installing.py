"""How does a schedule get to where it works, and away again? By `crontab` and `systemctl --user`, which own those places.

A database has one entry in each: installing again replaces it, and every other line of the crontab stays as it is.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from scraper.errors import ScraperError, UsageError
from scraper.pipeline.schedule import Schedule, crontab_line, crontab_mark, service, service_name, timer

__all__ = ["install_cron", "install_systemd", "remove_cron", "remove_systemd"]

PATIENCE_S: Final = 30.0


def install_cron(schedule: Schedule) -> None:
    """Add the line to this user's crontab, in place of an earlier one for the same database. Raises UsageError and ScraperError."""
    line = crontab_line(schedule)
    _write_crontab([*_others(_crontab(), schedule.db), line])


def remove_cron(db: Path) -> bool:
    """Take the line for a database out of this user's crontab, and tell whether there was one."""
    lines = _crontab() if shutil.which("crontab") else []
    others = _others(lines, db)
    if len(others) == len(lines):
        return False
    _write_crontab(others)
    return True


def install_systemd(schedule: Schedule) -> tuple[Path, ...]:
    """Write this user's units, and let the timer run from now on. Gives the files."""
    name, folder = service_name(schedule.db), _units()
    _program("systemctl")  # before anything is written
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / f"{name}.service": service(schedule), folder / f"{name}.timer": timer(schedule)}
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    _run("systemctl", "--user", "daemon-reload")
    _run("systemctl", "--user", "enable", "--now", f"{name}.timer")
    return tuple(files)


def remove_systemd(db: Path) -> bool:
    """Stop the timer for a database and delete its units, and tell whether there were any."""
    name, folder = service_name(db), _units()
    files = [path for ending in ("timer", "service") if (path := folder / f"{name}.{ending}").exists()]
    if not files:
        return False
    _run("systemctl", "--user", "disable", "--now", f"{name}.timer")
    for path in files:
        path.unlink()
    _run("systemctl", "--user", "daemon-reload")
    return True


def _units() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "systemd" / "user"


def _others(lines: list[str], db: Path) -> list[str]:
    return [line for line in lines if not line.rstrip().endswith(crontab_mark(db))]


def _crontab() -> list[str]:
    """Give the lines of this user's crontab; a user without one is told so with status 1."""
    done = _done("crontab", "-l")
    if done.returncode and "no crontab" not in done.stderr:
        raise _refused("crontab -l", done)
    return done.stdout.splitlines() if done.returncode == 0 else []


def _write_crontab(lines: list[str]) -> None:
    done = _done("crontab", "-", given="".join(f"{line}\n" for line in lines))
    if done.returncode:
        raise _refused("crontab", done)


def _run(*words: str) -> None:
    done = _done(*words)
    if done.returncode:
        raise _refused(" ".join(words), done)


def _program(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise UsageError(f"there is no {name} on this machine", code="no_scheduler")
    return program


def _done(*words: str, given: str | None = None) -> "subprocess.CompletedProcess[str]":
    program = _program(words[0])
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        return subprocess.run(  # noqa: S603 - a program of the system's, by its whole path and without a shell
            [program, *words[1:]], input=given or "", capture_output=True, text=True, check=False, timeout=PATIENCE_S, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise ScraperError(f"{words[0]} did not answer", code="schedule_failed") from error


def _refused(what: str, done: "subprocess.CompletedProcess[str]") -> ScraperError:
    why = " ".join((done.stderr or done.stdout).split()) or f"it ended with {done.returncode}"
    return ScraperError(f"`{what}` was refused: {why}", code="schedule_failed")
