"""Which options do several commands share? They are written once, so that they read and mean the same everywhere."""

from pathlib import Path
from typing import Final

import click

__all__ = ["as_json", "db", "explain", "form", "optional_log", "quiet", "run_log", "sources"]

PATH: Final = click.Path(dir_okay=False, path_type=Path)

db = click.option("--db", type=PATH, default=Path("data/news.db"), show_default=True, help="The database.")
sources = click.option(
    "--sources", "sources_file", type=PATH, default=Path("sources.yaml"), show_default=True, help="The file that lists the sources."
)
run_log = click.option(
    "--log", "log_file", type=PATH, default=Path("data/scraper.log"), show_default=True, help="The log file; lines are added to it."
)
optional_log = click.option("--log", "log_file", type=PATH, help="Also write what fails to this file.")
form = click.option(
    "--format", "form", type=click.Choice(["json", "markdown", "text"]), default="json", show_default=True, help="The form of a record."
)
explain = click.option("--explain", is_flag=True, help="Say where each field came from, what it won against, what was dropped and why.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Print no progress and no summary, only what went wrong.")
