"""How often is a request tried, and how long is waited in between? Home of tenacity."""

from dataclasses import dataclass

import tenacity

from scraper.errors import FetchError

__all__ = ["Patience"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long to try: seconds, doubled each time, with up to `jitter_s` added so that hosts are not retried in step.

    A Retry-After up to `max_retry_after_s` is waited for; a longer one ends the try, and the caller comes back later.
    """

    tries: int = 3
    first_wait_s: float = 1.0
    max_wait_s: float = 30.0
    jitter_s: float = 1.0
    max_retry_after_s: float = 60.0

    def repeats(self, error: BaseException) -> bool:
        """Tell whether trying again makes sense here: it may help, it was really tried, and the wait asked for is bearable."""
        if not isinstance(error, FetchError) or not error.retryable or not error.attempts:
            return False
        return (error.retry_after_s or 0.0) <= self.max_retry_after_s

    def retrying(self) -> tenacity.AsyncRetrying:
        """Make what calls a function again as long as this patience lasts, and raises the last error."""
        return tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self.tries),
            retry=tenacity.retry_if_exception(self.repeats),
            wait=self.wait_s,
            reraise=True,
        )

    def wait_s(self, state: tenacity.RetryCallState) -> float:
        """Give the seconds until the next try: exponential, but no less than the server asked for."""
        error = state.outcome.exception() if state.outcome else None
        asked_s = error.retry_after_s if isinstance(error, FetchError) else None
        own = tenacity.wait_exponential(multiplier=self.first_wait_s, max=self.max_wait_s) + tenacity.wait_random(0, self.jitter_s)
        return max(own(state), asked_s or 0.0)
