"""Where are the records kept? The SQLite database, and the only SQL of the project. docs/database.md describes it for its readers."""

from scraper.store.archive import Chosen, KeptPage
from scraper.store.figures import GapDay, Overview, Span
from scraper.store.filters import Filters
from scraper.store.health_rows import HealthChange, SourceHealth
from scraper.store.imports import Origin
from scraper.store.prepared import Prepared, prepared
from scraper.store.rereading import Difference
from scraper.store.revisits import Due
from scraper.store.rows import HostStats, RunSummary, Saved, SearchHit, SourceStats, Stats, Version
from scraper.store.runs import RunStatus
from scraper.store.store import Store

__all__ = [
    "Chosen",
    "Difference",
    "Due",
    "Filters",
    "GapDay",
    "HealthChange",
    "HostStats",
    "KeptPage",
    "Origin",
    "Overview",
    "Prepared",
    "RunStatus",
    "RunSummary",
    "Saved",
    "SearchHit",
    "SourceHealth",
    "SourceStats",
    "Span",
    "Stats",
    "Store",
    "Version",
    "prepared",
]
