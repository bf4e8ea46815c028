"""How is a host treated that refuses us or does not answer? Asked more slowly, then left alone for growing pauses, and never given up.

Pure: `now` is an argument. What is remembered between runs, and by whom, is left to `fetch` and the store.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.errors import BadStatus, FetchError
from scraper.politeness.waits import MAX_ASKED_DELAY_S

__all__ = ["Trouble", "is_hosts_fault", "is_out_of_reach"]

_BEARABLE = 5  # failures in a row; a run meets one at a dead host, its robots.txt, so the first pause comes in the fifth run
_FIRST_REST = timedelta(minutes=15)
_LONGEST_REST = timedelta(days=1)
_LONGEST_WISH = timedelta(days=7)  # of Retry-After
_SLOWER, _FASTER = 2.0, 0.8  # a refusal doubles the delay; after three answers half of that is gone, after twenty the rest
_LEAST_DELAY_S = 0.01
_SLOW_DOWN = frozenset({429, 503})
_SERVER_ERROR = 500
_OUT_OF_REACH = frozenset({"dns_failure", "connect_failed", "tls_failure", "timeout", "connection_lost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What a host has done to us lately.

    `failures` in a row, the last one's `code`, until when the host rests (aware), and how slowly it is to be asked (seconds).
    """

    failures: int = 0
    code: str | None = None
    resting_until: datetime | None = None
    delay_s: float = 0.0

    @property
    def wished(self) -> bool:
        """Tell whether the host rests because it asked for that, not because it kept failing."""
        return self.failures < _BEARABLE

    def resting_s(self, now: datetime) -> float:
        """Give the seconds for which the host is still to be left alone.

        No rest is longer than a week: what seems longer was written down by a clock that has been set right since, and is over.
        """
        left = self.resting_until - now if self.resting_until else timedelta()
        return max(0.0, left.total_seconds()) if left <= _LONGEST_WISH else 0.0

    def after_failure(self, error: FetchError, now: datetime) -> "Trouble":
        """Count a failure; from the fifth in a row on the host rests, each time twice as long, up to a day. A Retry-After is kept too."""
        failures = self.failures + 1
        rest = timedelta()
        if failures >= _BEARABLE:
            rest = min(_FIRST_REST * 2 ** min(failures - _BEARABLE, 10), _LONGEST_REST)
        wish = min(timedelta(seconds=min(error.retry_after_s or 0.0, 1e9)), _LONGEST_WISH)
        longest = max(rest, wish)
        return replace(self, failures=failures, code=error.code, resting_until=now + longest if longest else self.resting_until)

    def after_refusal(self, delay_s: float) -> "Trouble":
        """Ask twice as slowly as before, which was with `delay_s` between two requests."""
        return replace(self, delay_s=min(max(self.delay_s, delay_s, _LEAST_DELAY_S) * _SLOWER, MAX_ASKED_DELAY_S))

    def after_answer(self, delay_s: float) -> "Trouble":
        """Forget the failures, and ask a little faster again, until `delay_s` is what counts."""
        slower_s = self.delay_s * _FASTER
        return Trouble(delay_s=slower_s if slower_s > max(delay_s, _LEAST_DELAY_S) else 0.0)


def is_hosts_fault(error: FetchError) -> bool:
    """Tell whether a failure says something of the host rather than of the one page: it cannot be reached, or it refuses everybody."""
    status = error.status if isinstance(error, BadStatus) else None
    return is_out_of_reach(error.code) or (status is not None and (status in _SLOW_DOWN or status >= _SERVER_ERROR))


def is_out_of_reach(code: str | None) -> bool:
    """Tell whether nothing came from the host at all, which may be our own network's doing."""
    return code in _OUT_OF_REACH
