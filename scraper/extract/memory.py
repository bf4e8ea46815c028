"""What have the last pages of one site taught? Counts that fade, so that a site that changes is learned anew, and the template that follows
from them.

A page adds to the counts and all that was counted before fades by one thirtieth: what was seen once is gone after some thirty pages, and
the cost of a page depends on what is remembered, never on how many pages were learned from.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from scraper.extract.taught import Lesson
from scraper.records import Repeated, Rule, Template

__all__ = ["FORMAT", "Memory", "remembered", "renewed", "template_of"]

FORMAT: Final = 2  # of the text that `Memory.to_json` writes; one of another format is not read, and the site is learned anew
FRACTIONS: Final = 1  # the format before, which is read too: a page weighed 1, and what was known of it was rounded
ONE: Final = 1000  # the weight of one page, in whole numbers: fractions have to be rounded, .4 us each, or are long as text
FADES: Final = 1 - 1 / 30
FORGOTTEN: Final = 0.3  # of a page: one page, 35 pages ago
MOST_BLOCKS, MOST_PATHS, MOST_PLACES = 1500, 1500, 8
SETTLED_EVERY: Final = 10  # pages: what is forgotten is looked for now and then, not each time
YOUNG, RENEWED_EVERY = 10, 10  # pages: the first ones change a template most; later on it is only what a page proves that cannot wait
# What two and three pages in a row reach, in pages, less what they fade meanwhile.
TWO_PAGES, THREE_PAGES = 1.5, 2.5
# A block that stands on several pages is chrome where most of them hold it beside the story. Where the story seems to hold it, it has to
# be a sentence that every fourth page repeats: subheads and the cells of tables ("Pros", "Price") are a site's way of telling stories.
MOSTLY_BESIDE, EVERY = 0.5, 0.25
# How strongly a path speaks, as the logarithm of the odds: added to the model's own, with SMOOTH characters on both sides, nothing within
# WEAK of even, and never more than FOR and AGAINST. Of 0, .5 and .7 for WEAK, .5 worsened fewest pages of stories. Few pages speak more
# softly against a path than many: two may have been odd ones.
SMOOTH, WEAK, FOR, AGAINST, DOUBT = 300, 0.5, 2.0, 3.0, 1.0
NOTHING: Final = (0, 0, 0)
RULE_SUPPORT: Final = 0.6  # the share of the pages whose body, headline, … stood at the places that make the rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The counts of one site.

    `learned` pages were learned from. A weight of `unit` is one page seen now: not the weights fall with each page, the unit rises, until
    they are written anew with a unit of `ONE`. `pages` is the weight of all pages. `blocks`: fingerprint to (first letters, weight of the
    pages that hold it, weight of those that hold it in the story); `paths`: path to (weight, characters of story, other characters, both by
    their pages' weights); `places`: field to path to (weight, tag, label).
    """

    learned: int = 0
    unit: int = ONE
    pages: int = 0
    blocks: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    paths: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, tuple[int, str, str]]] = field(default_factory=dict)

    def to_json(self) -> str:
        """Write the memory as JSON text that `from_json` reads."""
        plain = {"format": FORMAT} | {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | None) -> "Memory":
        """Read what `to_json` wrote; what is missing or of another format is an empty memory."""
        plain: dict[str, Any] = json.loads(text) if text else {}
        written = plain.pop("format", None)
        if written not in {FRACTIONS, FORMAT}:
            return cls()
        whole = _in_fractions if written == FRACTIONS else tuple
        for name in ("blocks", "paths"):
            plain[name] = {key: whole(entry) for key, entry in plain[name].items()}
        plain["places"] = {name: {path: whole(entry) for path, entry in known.items()} for name, known in plain["places"].items()}
        if written == FRACTIONS:
            plain["unit"], plain["pages"] = _in_fractions((plain.get("unit", 1.0), plain["pages"]))
        return cls(**plain)


def _in_fractions(entry: Iterable[Any]) -> tuple[Any, ...]:
    """Read weights of which one was a page."""
    return tuple(round(value * ONE) if isinstance(value, int | float) else value for value in entry)


def remembered(memory: Memory, lesson: Lesson) -> Memory:
    """Add what one more page taught; what was known before fades."""
    if memory.learned % SETTLED_EVERY == 0:
        memory = _settled(memory)
    unit = round(memory.unit / FADES)
    return Memory(
        learned=memory.learned + 1,
        unit=unit,
        pages=memory.pages + unit,
        blocks=_blocks(memory, lesson, unit),
        paths=_paths(memory, lesson, unit),
        places=_places(memory, lesson, unit),
    )


def _settled(memory: Memory) -> Memory:
    """Write all weights anew in units of one page, without what is forgotten."""
    unit, least = memory.unit, FORGOTTEN * memory.unit
    blocks = [(mark, known) for mark, known in memory.blocks.items() if known[1] > least]
    paths = [(path, known) for path, known in memory.paths.items() if known[0] > least]
    if len(blocks) > MOST_BLOCKS:
        blocks = sorted(blocks, key=lambda entry: -entry[1][1])[:MOST_BLOCKS]
    if len(paths) > MOST_PATHS:
        paths = sorted(paths, key=lambda entry: -entry[1][0])[:MOST_PATHS]
    return Memory(
        learned=memory.learned,
        pages=memory.pages * ONE // unit,
        blocks={mark: (letters, seen * ONE // unit, story * ONE // unit) for mark, (letters, seen, story) in blocks},
        paths={path: (weight * ONE // unit, story * ONE // unit, other * ONE // unit) for path, (weight, story, other) in paths},
        places={
            name: {path: (weight * ONE // unit, tag, label) for path, (weight, tag, label) in known.items() if weight > least}
            for name, known in memory.places.items()
        },
    )


def _blocks(memory: Memory, lesson: Lesson, unit: int) -> dict[str, tuple[str, int, int]]:
    kept = dict(memory.blocks)
    for mark, (letters, is_story) in lesson.blocks.items():
        known = kept.get(mark)
        now = unit if is_story else 0
        kept[mark] = (letters, known[1] + unit, known[2] + now) if known else (letters, unit, now)
    return kept


def _paths(memory: Memory, lesson: Lesson, unit: int) -> dict[str, tuple[int, int, int]]:
    kept = dict(memory.paths)
    for path, (story, other) in lesson.paths.items():
        known = kept.get(path, NOTHING)
        kept[path] = (known[0] + unit, known[1] + unit * story, known[2] + unit * other)
    return kept


def _places(memory: Memory, lesson: Lesson, unit: int) -> dict[str, Mapping[str, tuple[int, str, str]]]:
    kept = dict(memory.places)
    for name, place in lesson.places.items():
        known = dict(kept.get(name, {}))
        weight = known[place.path][0] if place.path in known else 0
        known[place.path] = (weight + unit, place.tag, place.label)
        kept[name] = dict(sorted(known.items(), key=lambda entry: -entry[1][0])[:MOST_PLACES])
    return kept


# -- what follows


def template_of(memory: Memory) -> Template:
    """Give what the next page of the site is read with."""
    unit, two = memory.unit, TWO_PAGES * memory.unit
    return Template(
        pages=memory.learned,
        repeated=_repeated(memory, memory.blocks),
        odds={
            path: _odds(weight / unit, story / unit, other / unit) for path, (weight, story, other) in memory.paths.items() if weight > two
        },
        rules=tuple(rule for name in sorted(memory.places) for rule in _rules(name, memory)),
    )


def renewed(template: Template, memory: Memory, lesson: Lesson) -> Template:
    """Bring a template up to date with a memory that has just been added to: as a whole now and then, by what the page proves at once.

    Where the page proves nothing it is the very same template.
    """
    if memory.learned <= YOUNG or memory.learned % RENEWED_EVERY == 0:
        return template_of(memory)
    proved = _repeated(memory, lesson.blocks.keys() - template.repeated.keys())
    return replace(template, repeated={**template.repeated, **proved}) if proved else template


def _repeated(memory: Memory, marks: Iterable[str]) -> dict[str, Repeated]:
    """Give those of these blocks that the site repeats."""
    unit, two, blocks = memory.unit, TWO_PAGES * memory.unit, memory.blocks
    known = [(mark, *blocks[mark]) for mark in marks if blocks[mark][1] > two]
    return {
        mark: Repeated(letters=letters, pages=round(seen / unit), beside=story < MOSTLY_BESIDE * seen)
        for mark, letters, seen, story in known
        if _repeats(seen / unit, story / unit, memory.pages / unit)
    }


def _repeats(seen: float, story: float, pages: float) -> bool:
    return story < MOSTLY_BESIDE * seen or (seen > THREE_PAGES and seen >= EVERY * pages)


def _odds(weight: float, story: float, other: float) -> float:
    odds = math.log((story + SMOOTH) / (other + SMOOTH))
    spoken = max(0.0, abs(odds) - WEAK)
    return round(min(FOR, spoken) if odds > 0 else -min(AGAINST, spoken) * weight / (weight + DOUBT), 2)


def _rules(name: str, memory: Memory) -> list[Rule]:
    """Give the places where a field was found more than once, if together they hold most of the pages; the best supported first."""
    pages, places = memory.pages / memory.unit, memory.places[name].items()
    known = [(weight / memory.unit, path, tag, label) for path, (weight, tag, label) in places]
    known = sorted((place for place in known if place[0] > TWO_PAGES), key=lambda place: (-place[0], place[1]))
    if sum(weight for weight, *_ in known) < RULE_SUPPORT * pages or pages < TWO_PAGES:
        return []
    return [Rule(field=name, path=path, tag=tag, label=label, pages=round(weight), of=round(pages)) for weight, path, tag, label in known]
