"""Do errors keep what they say when they are copied, or sent to another process?"""

import copy
import pickle

import pytest

from scraper.errors import BadStatus, InternalError, ListingError, ScraperError, SourcesError, StoreError, UsageError

URL = "https://coast.example/a"
ERRORS = (
    BadStatus("it answered with status 429", code="http_429", url=URL, retryable=True, status=429, retry_after_s=7.5),
    InternalError("KeyError: 'x'", url=URL),
    ListingError("no feed", url=URL),
    ScraperError("cannot be read", code="unreadable_file"),
    SourcesError("sources.yaml", ["the file is empty"]),
    StoreError("news.db is locked", code="store_locked", retryable=True),
    UsageError("there is no source 'x'", code="unknown_source"),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling_and_copying(error: ScraperError) -> None:
    error.add_note("where it was")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert vars(twin) == vars(error)
