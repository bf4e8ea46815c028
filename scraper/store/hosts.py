"""Which hosts are in trouble? The rows of `hosts`, kept from one run to the next."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from scraper.politeness import Trouble
from scraper.store.connection import Connection
from scraper.store.rows import HostStats, instant, utc_text

__all__ = ["host_stats", "keep_troubles", "kept_troubles"]


def kept_troubles(store: Connection) -> dict[str, Trouble]:
    """Give the troubles of all hosts that have any, by host."""
    return {row["host"]: _trouble(row) for row in store.rows("SELECT * FROM hosts")}


def keep_troubles(store: Connection, troubles: Mapping[str, Trouble], at: datetime) -> None:
    """Write down what has changed; a host that is well again is forgotten."""
    for host, trouble in troubles.items():
        store.run("DELETE FROM hosts WHERE host = ?", (host,))
        if trouble != Trouble():
            store.run(
                "INSERT INTO hosts (host, failures, last_outcome, resting_until_at, delay_s, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
                (host, trouble.failures, trouble.code, utc_text(trouble.resting_until), trouble.delay_s, utc_text(at)),
            )


def host_stats(store: Connection) -> tuple[HostStats, ...]:
    """Give the hosts in trouble for people: who rests longest first."""
    found = store.rows("SELECT * FROM hosts ORDER BY resting_until_at DESC, failures DESC, host")
    return tuple(
        HostStats(
            host=row["host"],
            failures=row["failures"],
            last_outcome=row["last_outcome"],
            resting_until_at=instant(row["resting_until_at"]),
            delay_s=row["delay_s"],
        )
        for row in found
    )


def _trouble(row: sqlite3.Row) -> Trouble:
    return Trouble(
        failures=row["failures"], code=row["last_outcome"], resting_until=instant(row["resting_until_at"]), delay_s=row["delay_s"]
    )
