"""Which hosts are in trouble, and is one of them to be left alone just now? Remembered for a run, and handed on to the next one."""

from collections.abc import Mapping
from datetime import datetime

from scraper.errors import FetchError, HostResting
from scraper.fetch.guard import Target, target
from scraper.politeness import Trouble, is_hosts_fault, is_out_of_reach

__all__ = ["Troubles"]

_NONE = Trouble()


class Troubles:
    """The troubles of all hosts; `earlier` are those that an earlier run has met, by neighbourhood."""

    def __init__(self, earlier: Mapping[str, Trouble]) -> None:
        self._known = dict(earlier)
        self._told = dict(earlier)
        self._answered = False  # by any host

    def check(self, place: Target, now: datetime) -> None:
        """Raise HostResting, with `attempts` 0, while an earlier run's trouble or too many failures in this one keep us away."""
        trouble = self._known.get(place.neighbourhood, _NONE)
        wait_s = trouble.resting_s(now)
        if wait_s > 0:
            why = "asked to be left alone" if trouble.wished else f"failed {trouble.failures} times in a row"
            message = f"{place.host} {why} ({trouble.code}), and is asked nothing for another {wait_s:.0f} s"
            error = HostResting(message, code="host_resting", url=place.url, retryable=True, retry_after_s=wait_s)
            error.attempts = 0
            raise error

    def delay_s(self, place: Target) -> float:
        """Give the seconds that the host's refusals have taught us to leave between two requests."""
        return self._known.get(place.neighbourhood, _NONE).delay_s

    def refused(self, place: Target, delay_s: float) -> None:
        """Note that the host asks us to slow down."""
        self._answered = True
        self._known[place.neighbourhood] = self._known.get(place.neighbourhood, _NONE).after_refusal(delay_s)

    def failed(self, error: FetchError, now: datetime, *, allow_private: bool) -> None:
        """Note the end of an errand that failed after all its tries, if it says something of the host."""
        if error.attempts and is_hosts_fault(error):
            place = target(error.url or "", allow_private=allow_private)
            self._known[place.neighbourhood] = self._known.get(place.neighbourhood, _NONE).after_failure(error, now)
            self._answered |= not is_out_of_reach(error.code)

    def answered(self, place: Target, delay_s: float) -> None:
        """Note that the host has answered as it should; `delay_s` is what would be left between two requests without any trouble."""
        self._answered = True
        if trouble := self._known.get(place.neighbourhood):
            self._known[place.neighbourhood] = trouble.after_answer(delay_s)

    def changed(self, *, at_end: bool = False) -> dict[str, Trouble]:
        """Give what is new since the last call; `Trouble()` for a host that is well again.

        As long as no host at all has answered it may be our own network that is down, and nothing is held against the hosts. `at_end` of a
        run there is nobody left to wait for: then it is the one host's fault if there is only one, and nobody's if there are several.
        """
        news = {host: trouble for host, trouble in self._known.items() if trouble != self._told.get(host, _NONE)}
        if not self._answered and (len(news) > 1 or not at_end):
            return {}
        self._told |= news
        return news
