"""May we ask, and when? Pure answers.

What does robots.txt say (`robots`), and its absence (`access`)? How long is a host left alone (`waits`, `trouble`), a source (`pace`)?
"""

from scraper.politeness.access import MAX_ROBOTS_REDIRECTS, ROBOTS_LIFETIME_S, RobotsCopy, robots_copy, robots_rules
from scraper.politeness.pace import Pace, after_look, is_due
from scraper.politeness.robots import ALLOW_ALL, MAX_ROBOTS_BYTES, Rules
from scraper.politeness.trouble import Trouble, is_hosts_fault, is_out_of_reach
from scraper.politeness.waits import MAX_ASKED_DELAY_S, effective_delay_s, retry_after_s, server_time

__all__ = [
    "ALLOW_ALL",
    "MAX_ASKED_DELAY_S",
    "MAX_ROBOTS_BYTES",
    "MAX_ROBOTS_REDIRECTS",
    "ROBOTS_LIFETIME_S",
    "Pace",
    "RobotsCopy",
    "Rules",
    "Trouble",
    "after_look",
    "effective_delay_s",
    "is_due",
    "is_hosts_fault",
    "is_out_of_reach",
    "retry_after_s",
    "robots_copy",
    "robots_rules",
    "server_time",
]
