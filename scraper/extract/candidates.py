"""What does one signal claim? A value together with the place it was read from, and how a winner and its losers become evidence.

Which of several claims is right is decided by the field modules; nothing here ranks anything.
"""

from collections.abc import Iterable
from typing import Final, Generic, NamedTuple, TypeVar

from scraper.records import Candidate, FieldEvidence

__all__ = ["Choice", "Claims", "Found", "Frame", "Named", "evidence"]

T = TypeVar("T")
# Evidence is stored with every article: a page that repeats one meta a thousand times must not swell it.
MAX_LOSERS: Final = 8
MAX_VALUE_CHARS: Final = 300


class Found(NamedTuple, Generic[T]):
    """A value and its signal, written `where:name`, such as `json_ld:datePublished` or `meta:og:title`."""

    value: T
    signal: str


class Choice(NamedTuple, Generic[T]):
    """The winner of one field, if there is one, and the claims that lost, each with the reason."""

    winner: Found[T] | None = None
    losers: tuple[Candidate, ...] = ()


class Frame(NamedTuple):
    """What is known of the story's place on the page: the block of its headline, and the range of its body's blocks, end excluded."""

    headline: int | None = None
    story: tuple[int, int] | None = None

    @property
    def top(self) -> int | None:
        """Give the block where the story begins: its headline, else its body's first."""
        if self.headline is not None:
            return self.headline
        return self.story[0] if self.story else None


class Named(NamedTuple):
    """A name a page gives, and whether it says that the bearer is an organisation."""

    name: str
    organisation: bool = False


class Claims(NamedTuple):
    """The claims of one page, each tuple in order of trust. Dates are text, as written; nothing is cleaned beyond white space."""

    headlines: tuple[Found[str], ...] = ()
    authors: tuple[Found[tuple[Named, ...]], ...] = ()
    published: tuple[Found[str], ...] = ()
    modified: tuple[Found[str], ...] = ()
    publishers: tuple[Found[str], ...] = ()
    sections: tuple[Found[str], ...] = ()
    tags: tuple[Found[tuple[str, ...]], ...] = ()
    images: tuple[Found[str], ...] = ()
    languages: tuple[Found[str], ...] = ()
    descriptions: tuple[Found[str], ...] = ()
    bodies: tuple[Found[str], ...] = ()
    paywalled: tuple[Found[bool], ...] = ()
    types: tuple[str, ...] = ()


def evidence(field: str, signal: str, value: str, losers: Iterable[Candidate] = ()) -> FieldEvidence:
    """Write down where a field came from; long values and long lists of losers are cut."""
    kept: list[Candidate] = []
    for loser in losers:
        if len(kept) == MAX_LOSERS:
            break
        short = len(loser.value) <= MAX_VALUE_CHARS
        kept.append(loser if short else Candidate(value=loser.value[:MAX_VALUE_CHARS], signal=loser.signal, reason=loser.reason))
    return FieldEvidence(field=field, signal=signal, value=value[:MAX_VALUE_CHARS], candidates=tuple(kept))
