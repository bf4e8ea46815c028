"""What day does a text name that our own tables cannot read? Home of dateparser, which takes 0.5 s to load and 1 to 10 ms a text.

Asked only for a short value that the markup itself calls the date of publication, and only in the page's language.
"""

import re
import warnings

from scraper.extract.moments import Moment, Reading

__all__ = ["slow_moment"]

LIKELY = re.compile(r"(?=.*\d)(?=.*[^\W\d_]{2})")
MAX_CHARS = 60


def slow_moment(text: str, reading: Reading) -> Moment | None:
    """Read an absolute date with day, month and year; None for anything else, relative dates included."""
    if reading.language is None or len(text) > MAX_CHARS or not LIKELY.match(text) or "://" in text:
        return None
    import dateparser

    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": reading.order.upper(),
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dateparser's own, about the year 1900 and deprecated calls
        try:
            found = dateparser.parse(text, languages=[reading.language], settings=settings)
        except (ValueError, OverflowError):
            return None  # a language that dateparser does not know, or a number beyond the calendar
    if found is None:
        return None
    whole_day = found.hour == found.minute == found.second == 0
    return Moment(found, "day" if whole_day else "minute", end=len(text))
