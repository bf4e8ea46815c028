"""`scraper schedule`: how is `scraper run` started every so often on this machine? Printed, or installed on request."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from scraper.cli import options
from scraper.cli.say import complain

if TYPE_CHECKING:
    from scraper.pipeline.schedule import Schedule

__all__ = ["schedule"]

Way = Literal["cron", "systemd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of one `scraper schedule`."""

    every_s: float
    way: Way | None
    sources_file: Path
    db: Path
    log_file: Path
    install: bool
    remove: bool


@click.command()
@click.option("--every", "every_s", type=options.DURATION, default="15m", show_default=True, metavar="SPAN", help="How often.")
@click.option("--with", "way", type=click.Choice(["cron", "systemd"]), help="Only this one. To install, cron if not said otherwise.")
@options.sources
@options.db
@options.run_log
@click.option("--install", is_flag=True, help="Put it into your crontab, or among your systemd timers.")
@click.option("--remove", is_flag=True, help="Take it out again.")
def schedule(**given: Any) -> int:
    """Print what starts a run every so often: a line for crontab, and a service and timer for systemd.

    They name this Python, this folder and these files. Each run ends before the next one begins.
    """
    from scraper.errors import UsageError
    from scraper.sources import load

    asked = Asked(**given)
    if asked.install and asked.remove:
        raise UsageError("either --install or --remove")
    if asked.remove:
        return _remove(asked.way, asked.db.absolute())
    load(asked.sources_file)  # a schedule of a file that cannot be read would fail unseen
    return _install(_planned(asked), asked.way or "cron") if asked.install else _print(_planned(asked), asked.way)


def _planned(asked: Asked) -> "Schedule":
    from scraper.pipeline.schedule import Schedule

    files = {"--sources": asked.sources_file, "--db": asked.db, "--log": asked.log_file}
    words = tuple(word for option, path in files.items() for word in (option, str(path.absolute())))
    return Schedule(every_s=round(asked.every_s), python=Path(sys.executable), folder=Path.cwd(), db=asked.db.absolute(), words=words)


def _print(planned: "Schedule", way: Way | None) -> int:
    from scraper.pipeline.schedule import crontab_line, service, service_name, timer

    name = service_name(planned.db)
    units = f"# {name}.service\n{service(planned)}\n# {name}.timer\n{timer(planned)}"
    parts = {"cron": f"# crontab -e\n{crontab_line(planned)}\n", "systemd": units}
    click.echo("\n".join(text for which, text in parts.items() if way in {None, which}), nl=False)
    return 0


def _install(planned: "Schedule", way: Way) -> int:
    from scraper.pipeline.installing import install_cron, install_systemd

    if way == "cron":
        install_cron(planned)
        complain("installed in your crontab; `crontab -l` shows it, `scraper schedule --remove` takes it out")
    else:
        files = install_systemd(planned)
        complain(
            "installed; `systemctl --user list-timers` shows it. To run while you are logged out: `loginctl enable-linger`",
            *map(str, files),
        )
    return 0


def _remove(way: Way | None, db: Path) -> int:
    from scraper.pipeline.installing import remove_cron, remove_systemd

    ways = {"cron": remove_cron, "systemd": remove_systemd}
    removed = [which for which, remove in ways.items() if way in {None, which} and remove(db)]
    if not removed:
        complain(f"nothing is installed for {db}")
        return 1
    complain(f"removed what was installed for {db} ({' and '.join(removed)})")
    return 0
