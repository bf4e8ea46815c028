"""Which options do several commands share? They are written once, so that they read and mean the same everywhere."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from scraper.records import ArchiveSettings
    from scraper.sources import Catalogue

__all__ = [
    "DAY",
    "DURATION",
    "archive_dir",
    "archive_settings",
    "archiving",
    "as_json",
    "catalogue",
    "db",
    "explain",
    "filter_values",
    "form",
    "is_given",
    "log_form",
    "narrowing",
    "optional_log",
    "quiet",
    "run_log",
    "sources",
    "wait",
]

Command = TypeVar("Command", bound=Callable[..., Any])
UNITS_S: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST_S: Final = 30 * 86400


class Day(click.DateTime):
    """A day, or a moment of one; a value that is neither is refused by example, since not everybody reads `%Y-%m-%d`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the datetime, naive."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no date such as 2026-01-31 or 2026-01-31T18:00:00.", param, ctx)


class Duration(click.ParamType[float]):
    """A time span, such as 90s, 10m or 2h, as seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Give the seconds; a number without a unit is of seconds."""
        match = re.fullmatch(r"(\d{1,7}(?:\.\d{1,3})?)\s*([smhd]?)", str(value))
        seconds = float(match[1]) * UNITS_S[match[2] or "s"] if match else 0.0
        if not 0 < seconds <= LONGEST_S:
            self.fail(f"{value!r} is no time span such as 90s, 10m or 2h (of at most 30 days).", param, ctx)
        return seconds


DURATION = Duration()
DAY = Day(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
PATH: Final = click.Path(dir_okay=False, path_type=Path)

db = click.option("--db", type=PATH, default=Path("data/news.db"), show_default=True, help="The database.")
sources = click.option(
    "--sources", "sources_file", type=PATH, default=Path("sources.yaml"), show_default=True, help="The file that lists the sources."
)
run_log = click.option(
    "--log", "log_file", type=PATH, default=Path("data/scraper.log"), show_default=True, help="The log file; lines are added to it."
)
log_form = click.option(
    "--log-format", "log_form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="The form of the log's lines."
)
optional_log = click.option("--log", "log_file", type=PATH, help="Also write what fails to this file.")
form = click.option(
    "--format", "form", type=click.Choice(["json", "markdown", "text"]), default="json", show_default=True, help="The form of a record."
)
explain = click.option("--explain", is_flag=True, help="Say where each field came from, what it won against, what was dropped and why.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Print no progress and no summary, only what went wrong.")
archive_dir = click.option(
    "--archive",
    "archive_dir",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where fetched pages are kept; without it, `archive` beside the database.",
)
wait = click.option(
    "--wait",
    "wait_s",
    type=DURATION,
    is_flag=False,
    flag_value="30d",
    metavar="[SPAN]",
    help="Wait while another process writes to the database, for at most so long if that is said.",
)
_ARCHIVING: Final = (archive_dir, click.option("--no-archive", is_flag=True, help="Keep no fetched pages."))
_NARROWING: Final = (
    click.option("--source", "source_id", metavar="ID", help="Only articles of this source."),
    click.option("--since", type=DAY, metavar="DATE", help="Only articles published since then (UTC)."),
    click.option("--until", type=DAY, metavar="DATE", help="Only articles published before then (UTC)."),
    click.option("--author", metavar="NAME", help="Only articles by somebody whose name holds this."),
    click.option("--language", metavar="CODE", help="Only articles in this language, such as en."),
    click.option("--tag", help="Only articles with this keyword."),
)


def archiving(command: Command) -> Command:
    """Give a command the options that say whether and where fetched pages are kept."""
    for option in reversed(_ARCHIVING):
        command = option(command)
    return command


def archive_settings(settings: "ArchiveSettings", archive_dir: Path | None, *, no_archive: bool) -> "ArchiveSettings":
    """Give how pages are kept: as the sources file says, but for what the command line says."""
    if no_archive:
        return replace(settings, enabled=False)
    return replace(settings, enabled=True, folder=archive_dir) if archive_dir else settings


def is_given(parameter: str) -> bool:
    """Tell whether somebody has set a parameter of the command at work, and it has not its default."""
    return click.get_current_context().get_parameter_source(parameter) is not click.core.ParameterSource.DEFAULT


def catalogue(sources_file: Path) -> "Catalogue":
    """Read the file of `--sources` for a command that can do without: where nobody names one and there is none, it says nothing."""
    from scraper.sources import Catalogue, load_all

    return load_all(sources_file) if is_given("sources_file") or sources_file.exists() else Catalogue()


def narrowing(command: Command) -> Command:
    """Give a command the options that say which articles are meant."""
    for option in reversed(_NARROWING):
        command = option(command)
    return command


def filter_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give what these options were given as `Filters` wants it: days are UTC."""
    return {name: value.replace(tzinfo=UTC) if value and name in {"since", "until"} else value for name, value in given.items()}
