"""What does the answer to a request for /robots.txt mean? RFC 9309 2.3.1; asking, remembering and waiting are left to `fetch`."""

from datetime import datetime
from typing import NamedTuple

from scraper.errors import BadStatus, FetchError, RedirectError
from scraper.politeness.robots import ALLOW_ALL, MAX_ROBOTS_BYTES, Rules, parse
from scraper.records import Page, Validators

__all__ = ["MAX_ROBOTS_REDIRECTS", "ROBOTS_LIFETIME_S", "RobotsCopy", "robots_copy", "robots_rules"]

ROBOTS_LIFETIME_S = 24 * 3600.0  # RFC 9309 2.4: not to be used for longer, unless the server cannot be reached
MAX_ROBOTS_REDIRECTS = 5  # RFC 9309 2.3.1.2: at least five, also to other hosts; the rules are the first host's
_SERVER_ERROR = 500
# The RFC lets a crawler go ahead on any 4xx. These say "not now", of robots.txt as of any other page, so we do not.
_NOT_NOW = frozenset({408, 425, 429})


class RobotsCopy(NamedTuple):
    """A robots.txt as it was last read, `at` a moment (aware), to be asked for again with `validators`.

    `content` is None where the host has none, which allows everything.
    """

    content: bytes | None
    validators: Validators
    at: datetime

    @property
    def rules(self) -> Rules:
        """Give the rules to follow."""
        return ALLOW_ALL if self.content is None else parse(self.content)

    def fresh_s(self, now: datetime) -> float:
        """Give the seconds for which it may still be used unasked; 0 for one that a clock wrote down which has been set right since."""
        age_s = (now - self.at).total_seconds()
        return max(0.0, ROBOTS_LIFETIME_S - age_s) if age_s >= 0 else 0.0


def robots_copy(answer: Page | FetchError, at: datetime) -> RobotsCopy | None:
    """Give what to keep of an answer to /robots.txt; `None` where it gives no rules."""
    if isinstance(answer, Page):
        return RobotsCopy(answer.content[:MAX_ROBOTS_BYTES], answer.validators, at)
    return None if robots_rules(answer) is None else RobotsCopy(None, Validators(), at)


def robots_rules(answer: Page | FetchError) -> Rules | None:
    """Give the rules to follow after an answer to /robots.txt; `None` means that nobody may be asked anything until it can be read.

    Any content of a good answer is read, whatever its type says (2.3.1.1). No such file, no permission to read it, or redirects that
    lead nowhere allow everything (2.3.1.2, 2.3.1.3); server errors, a dead network and unreadable bodies mean to wait (2.3.1.4).
    """
    if isinstance(answer, Page):
        return parse(answer.content)
    if isinstance(answer, RedirectError):
        return ALLOW_ALL
    if isinstance(answer, BadStatus) and answer.status is not None and answer.status < _SERVER_ERROR and answer.status not in _NOT_NOW:
        return ALLOW_ALL
    return None
