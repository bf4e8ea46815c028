"""How is a run started every so often on this machine? A line for cron, and a service with its timer for systemd, as text.

Everything in them is absolute: who runs them has another directory, another PATH and no shell of its own. Writing them down where they work
is `installing`'s business.
"""

import shlex
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.errors import UsageError

__all__ = ["Schedule", "crontab_line", "crontab_mark", "service", "service_name", "timer"]

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86400
LEFT_OVER: Final = 0.1  # of the time between two runs, so that one has ended when the next begins
LAST_WORDS_S: Final = 30  # beyond the deadline: the notices, and the end of a process that is stuck


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One run every `every_s` seconds: the Python that has the scraper, where it is started, its database, and the words of its command."""

    every_s: int
    python: Path
    folder: Path
    db: Path
    words: tuple[str, ...]

    @property
    def deadline_s(self) -> int:
        """Give after how long a run is ended, so that the next one is not late."""
        return max(MINUTE // 2, int(self.every_s * (1 - LEFT_OVER)))

    @property
    def command(self) -> tuple[str, ...]:
        """Give the whole command."""
        return (str(self.python), "-m", "scraper", "run", "--quiet", "--deadline", f"{self.deadline_s}s", *self.words)


def crontab_line(schedule: Schedule) -> str:
    """Write the line for a crontab (crontab(5)). Raises UsageError where cron has no way to say so often."""
    command = f"cd {shlex.quote(str(schedule.folder))} && {shlex.join(schedule.command)}"
    return f"{_cron_times(schedule)} {command.replace('%', chr(92) + '%')} {crontab_mark(schedule.db)}"


def crontab_mark(db: Path) -> str:
    """Give the comment by which the line for a database is found again."""
    return f"# scraper schedule {_number(db):08x}"


def service_name(db: Path) -> str:
    """Give the name of the units for a database."""
    return f"scraper-{_number(db):08x}"


def service(schedule: Schedule) -> str:
    """Write the service unit (systemd.service(5)): one run, at low priority. That a URL failed, or the deadline came, is no failure."""
    return f"""[Unit]
Description=Collect news into {_plain(schedule.db)}
Documentation=man:systemd.timer(5)
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_plain(schedule.folder)}
ExecStart={_quoted(schedule.command)}
SuccessExitStatus=1 6
TimeoutStartSec={schedule.deadline_s + LAST_WORDS_S}
KillSignal=SIGTERM
TimeoutStopSec=30
Nice=10
NoNewPrivileges=yes
"""


def timer(schedule: Schedule) -> str:
    """Write the timer unit (systemd.timer(5)). A run that was missed while the machine slept is made up for once."""
    return f"""[Unit]
Description=Collect news into {_plain(schedule.db)}

[Timer]
OnCalendar={_calendar(schedule)}
Persistent=true

[Install]
WantedBy=timers.target
"""


def _number(db: Path) -> int:
    """Give a database its number: the same at any time, and another than most others'."""
    return zlib.crc32(str(db).encode())


def _cron_times(schedule: Schedule) -> str:
    minute, hour = _parts(schedule)
    return f"{minute} {hour} * * *"


def _calendar(schedule: Schedule) -> str:
    minute, hour = _parts(schedule)
    return f"*-*-* {_systemd(hour)}:{_systemd(minute)}:00"


def _parts(schedule: Schedule) -> tuple[str, str]:
    """Give minutes and hours as cron has them; a minute other than the full hour's, at which everybody asks, if there is a choice."""
    every, number = schedule.every_s, _number(schedule.db)
    if every == MINUTE:
        return "*", "*"
    if every % MINUTE == 0 and HOUR % every == 0:
        step = every // MINUTE
        return str(number % step) if every == HOUR else f"{number % step}-59/{step}", "*"
    if every % HOUR == 0 and DAY % every == 0:
        step = every // HOUR
        return str(number % 60), str(number % step) if every == DAY else f"{number % step}-23/{step}"
    raise UsageError("a schedule is every 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60 minutes, or 2, 3, 4, 6, 8, 12 or 24 hours")


def _systemd(part: str) -> str:
    """Write a cron range with a step (`7-59/15`) as systemd does (`7/15`)."""
    first, _, rest = part.partition("-")
    return f"{first}/{rest.partition('/')[2]}" if rest else part


def _plain(path: Path) -> str:
    return str(path).replace("%", "%%")


def _quoted(words: Sequence[str]) -> str:
    """Quote words as systemd reads them (systemd.syntax(7)): C-like in double quotes, with `%` and `$` doubled."""
    return " ".join(_word(word) for word in words)


def _word(word: str) -> str:
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{word}"' if not word or any(sign in word for sign in " \t\\\"';") else word
