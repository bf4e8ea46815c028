"""May we ask, and when? Pure answers: robots.txt (`robots`), what its absence means (`access`), how long to wait (`waits`, `trouble`)."""

from scraper.politeness.access import MAX_ROBOTS_REDIRECTS, ROBOTS_LIFETIME_S, RobotsCopy, robots_copy, robots_rules
from scraper.politeness.robots import ALLOW_ALL, MAX_ROBOTS_BYTES, Rules
from scraper.politeness.trouble import Trouble, is_hosts_fault, is_out_of_reach
from scraper.politeness.waits import MAX_ASKED_DELAY_S, effective_delay_s, retry_after_s, server_time

__all__ = [
    "ALLOW_ALL",
    "MAX_ASKED_DELAY_S",
    "MAX_ROBOTS_BYTES",
    "MAX_ROBOTS_REDIRECTS",
    "ROBOTS_LIFETIME_S",
    "RobotsCopy",
    "Rules",
    "Trouble",
    "effective_delay_s",
    "is_hosts_fault",
    "is_out_of_reach",
    "retry_after_s",
    "robots_copy",
    "robots_rules",
    "server_time",
]
