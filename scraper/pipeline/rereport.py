"""What has reading the archive again brought? Counts of outcomes, kinds of change and fields, and a few differences to look at."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from scraper.errors import ScraperError
from scraper.pipeline.exit_codes import ALL_WELL, SOME_FAILED
from scraper.store import Difference

__all__ = ["Report", "Tally"]

SHOWN: Final = ("changed", "new", "no_story", "chrome", "reason")  # outcomes of which examples are given, what matters most first


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of the pages: how many of each outcome (see `Difference`), and of those whose story changed, in what.

    `fields` counts the stories of which a field reads otherwise (`body` among them), `kinds` the changes of each kind. Paragraphs and
    words are sums. `failures` are pages that could not be read, by code.
    """

    dry: bool
    pages: int
    outcomes: Mapping[str, int]
    kinds: Mapping[str, int]
    fields: Mapping[str, int]
    paragraphs_gained: int
    paragraphs_lost: int
    words_added: int
    words_removed: int
    failures: Mapping[str, int]
    examples: tuple[Difference, ...]

    @property
    def exit_code(self) -> int:
        """0 when every page was read, 1 when some could not be."""
        return SOME_FAILED if self.failures else ALL_WELL

    def to_dict(self) -> dict[str, Any]:
        """Give the report as JSON-ready values."""
        examples = [{**one._asdict(), "fields": [entry._asdict() for entry in one.fields]} for one in self.examples]
        return {**asdict(self), "examples": examples, "exit_code": self.exit_code}


class Tally:
    """The counts while pages are read; `report` freezes them. Of each outcome and source some first examples are kept."""

    def __init__(self, examples: int) -> None:
        self._wanted = examples
        self._outcomes: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._fields: Counter[str] = Counter()
        self._moved: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self._examples: dict[str, list[Difference]] = {outcome: [] for outcome in SHOWN}

    def add(self, found: Difference | ScraperError) -> None:
        """Count one page."""
        if isinstance(found, ScraperError):
            self._failures[found.code] += 1
            return
        self._outcomes[found.outcome] += 1
        self._kinds.update(found.kinds)
        self._fields.update([entry.field for entry in found.fields] + ["body"] * bool(found.gained or found.lost))
        self._moved.update(
            {"gained": len(found.gained), "lost": len(found.lost), "added": found.words_added, "removed": found.words_removed}
        )
        shown = self._examples.get(found.outcome)
        if shown is not None and len(shown) < self._wanted:
            shown.append(found)

    def report(self, *, dry: bool) -> Report:
        """Freeze the counts."""
        examples = [one for outcome in SHOWN for one in self._examples[outcome]]
        return Report(
            dry=dry,
            pages=self._outcomes.total() + self._failures.total(),
            outcomes=_ranked(self._outcomes),
            kinds=_ranked(self._kinds),
            fields=_ranked(self._fields),
            paragraphs_gained=self._moved["gained"],
            paragraphs_lost=self._moved["lost"],
            words_added=self._moved["added"],
            words_removed=self._moved["removed"],
            failures=_ranked(self._failures),
            examples=tuple(examples[: self._wanted]),
        )


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
