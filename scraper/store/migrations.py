"""Which steps lead from an empty file to today's schema? Appended, never edited: a database of every released version passes them all.

Each step is one SQL file in `schema/`, recorded by sqlite-utils in the table `_sqlite_migrations`. A new step is a new file with the next
number and one line here. How and when they are applied is `connection`'s question.
"""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from sqlite_utils import Database, Migrations

from scraper.store.connection import Connection
from scraper.store.copies import index_all
from scraper.store.coverage import expect_all
from scraper.store.health import learn_past
from scraper.store.scripts import index_all_scripts

__all__ = ["MIGRATIONS", "STEPS", "unknown_steps"]

STEPS: Final = (
    "0001_tables",
    "0002_search",
    "0003_views",
    "0004_meanings",
    "0005_templates",
    "0006_sections",
    "0007_hosts",
    "0008_listing_differences",
    "0009_revisits",
    "0010_rendering",
    "0011_source_article_ids",
    "0012_copies",
    "0013_versions",
    "0014_scripts",
    "0015_coverage",
    "0016_robots",
    "0017_reprints",
    "0018_search_in_batches",
    "0019_indexed_views",
    "0020_quick_looks",
    "0021_paces",
    "0022_places_in_time",
    "0023_archive",
    "0024_health",
    "0025_extractor_versions",
    "0026_imports",
    "0027_source_rules",
    "0028_link_density",
    "0029_moments_in_lists",
)
# What SQL alone cannot do for the rows that are there already.
AFTERWARDS: Final = {"0012_copies": index_all, "0014_scripts": index_all_scripts, "0015_coverage": expect_all, "0024_health": learn_past}


def unknown_steps(db: Database) -> tuple[str, ...]:
    """Give the steps a newer version of this program has taken on this database."""
    return tuple(step.name for step in MIGRATIONS.applied(db) if step.name not in STEPS)


def _migrations() -> Migrations:
    migrations = Migrations("scraper")
    for step in STEPS:
        migrations(name=step)(lambda db, step=step: _apply(db, step))
    return migrations


def _apply(db: Database, step: str) -> None:
    for statement in _statements(files("scraper.store").joinpath("schema", f"{step}.sql").read_text(encoding="utf-8")):
        db.execute(statement)
    if step in AFTERWARDS:
        connection = Connection(Path(), db)
        AFTERWARDS[step](connection)
        connection.settle()


def _statements(script: str) -> Iterator[str]:
    """Split a script, since sqlite3's `executescript` would commit the transaction that a migration must stay inside."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


MIGRATIONS: Final = _migrations()
