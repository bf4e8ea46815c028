"""Who wrote the story, and which agencies supplied it? Weighs the markup's claims against the byline a reader sees.

How names are read out of a text is left to `names`. The writer's note below the story names the writer only when nothing else does.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from scraper.extract.byline_elsewhere import card, far, labelled, owner
from scraper.extract.byline_places import BESIDE_DATE, NAME_LINE, Claim, Scene, seen
from scraper.extract.byline_words import DESKS, NOBODY
from scraper.extract.candidates import Choice, Claims, Found, Named
from scraper.extract.document import Document
from scraper.extract.names import People, people
from scraper.extract.plain import plain
from scraper.extract.site_names import is_site
from scraper.extract.writer_notes import closing_author
from scraper.records import Candidate

__all__ = ["Byline", "byline"]

# Where bylines are shown: on the page, or on the card that its link is shown as.
HOUSE_SIGNALS: Final = ("visible:author_link", "visible:line", "meta:twitter:data")
SHOWN: Final = frozenset(("visible:author_link", "visible:line", "visible:byline"))
FULL_SIGNALS: Final = (
    "visible:author_link",
    "visible:line",
    "visible:byline",
    "meta:citation_author",
    "meta:dc.contributor",
    "meta:parsely-author",
    "meta:twitter:data",
)
# The list of authors that names an agency as one of them (4 of 4 pages); elsewhere it may have supplied a picture (decision 19).
LISTED: Final = "json_ld:author"
# Names that stand where bylines stand, and nothing else says that they are one.
PLACED: Final = frozenset((BESIDE_DATE, NAME_LINE))
MAX_FULL: Final = 5
MAX_HOUSE_CHARS: Final = 90


class Byline(NamedTuple):
    """Persons, agencies, and what lost."""

    authors: Choice[tuple[str, ...]] = Choice()
    agencies: Choice[tuple[str, ...]] = Choice()


def byline(
    document: Document, claims: Claims, *, names: frozenset[str], headline: int | None, story: tuple[int, int] | None = None
) -> Byline:
    """Choose the authors. `names` are the site's own in common form, `headline` is the block that shows it, `story` the body's blocks.

    A house (a desk, a brand) is only named when no person is, and only where a reader sees it as the byline; an agency also where the
    story's own object lists it beside the persons.
    """
    scene = Scene(document, names, headline if headline is not None else (story[0] if story else None), story)
    found = list(_structured(claims, names))
    known = any(_trust(claim) == 0 for claim in found if claim.people.persons)
    found.extend(seen(scene, marks_only=known))
    persons = [claim for claim in found if claim.people.persons]
    agencies = next((claim for claim in found if claim.people.agencies), None)
    if story is not None and all(claim.signal == BESIDE_DATE for claim in persons):
        persons[:0] = [Claim(People((name.value,)), name.signal, name.value) for name in closing_author(document, story, names)]
    if not persons:
        persons = list(_instead(scene, found, claims, agencies))
    persons = sorted(_apart(persons), key=_trust)
    return Byline(
        _choice(_fullest(persons), [claim for claim in found if not claim.people.persons]),
        Choice(Found(agencies.people.agencies, agencies.signal)) if agencies else Choice(),
    )


def _instead(scene: Scene, found: list[Claim], claims: Claims, agencies: Claim | None) -> Iterable[Claim]:
    """Look further where no person is named by the usual signals: a house or an agency is named as the author where nobody else is."""
    if agencies is None and (elsewhere := list(labelled(scene)) or list(card(scene)) or list(far(scene))):
        return elsewhere
    if houses := list(_houses(found, claims.types)):
        return houses
    if agencies is not None:
        return (agencies._replace(people=People(agencies.people.agencies)),)
    return owner(scene, [claim.value for claim in claims.publishers])


def _apart(persons: list[Claim]) -> list[Claim]:
    """Put microdata that names many behind the shown byline that names some of them: other stories and comments have authors too."""
    shown = [{plain(name) for name in claim.people.persons} for claim in persons if claim.signal in SHOWN]
    many = [
        claim
        for claim in persons
        if claim.signal == "microdata:author" and len(claim.people.persons) > 1 and shown
        and not any(names >= {plain(name) for name in claim.people.persons} for names in shown)
    ]  # fmt: skip
    return [*(claim for claim in persons if claim not in many), *many]


def _trust(claim: Claim) -> int:
    """Put claims of full names before those of nicknames and logins, and what is no byline by its place behind both."""
    if claim.signal in PLACED:
        return 2
    return 0 if any(" " in name or not name.isascii() for name in claim.people.persons) else 1


def _fullest(persons: list[Claim]) -> list[Claim]:
    """Put the claim first that names everybody the winner names, and more: markup often knows the first writer only."""
    if not persons:
        return persons
    winner = {plain(name) for name in persons[0].people.persons}
    for claim in persons[1:]:
        more = {plain(name) for name in claim.people.persons}
        if winner < more and len(more) <= MAX_FULL and claim.signal in FULL_SIGNALS and all(" " in name for name in more):
            return [claim, *(other for other in persons if other is not claim)]
    return persons


def _houses(found: list[Claim], types: tuple[str, ...]) -> Iterator[Claim]:
    """Give houses that are shown as the byline, or that a news story's own object names as its author; a desk may be any article's."""
    news, article = (any(word in kind for kind in types) for word in ("News", "Article"))
    for claim in found:
        houses = claim.people.houses
        named = claim.signal == LISTED and (news or (article and plain("".join(houses)).strip(" .") in DESKS))
        if houses and (named or claim.signal in HOUSE_SIGNALS) and len(claim.raw) <= MAX_HOUSE_CHARS:
            yield claim._replace(people=People(claim.people.houses))


def _choice(persons: list[Claim], empty: list[Claim]) -> Choice[tuple[str, ...]]:
    losers = [Candidate(value=claim.raw[:200], signal=claim.signal, reason="names no person") for claim in empty]
    if not persons:
        return Choice(None, tuple(losers))
    winner = persons[0]
    together = winner.people.persons + (winner.people.agencies if winner.signal == LISTED else ())
    beaten = [Candidate(value=", ".join(claim.people.persons), signal=claim.signal, reason=_why(winner, claim)) for claim in persons[1:]]
    return Choice(Found(tuple(dict.fromkeys(together)), winner.signal), (*beaten, *losers))


def _why(winner: Claim, loser: Claim) -> str:
    same = {plain(name) for name in winner.people.persons} == {plain(name) for name in loser.people.persons}
    return "says the same" if same else "a less trusted signal"


# -- what the markup claims


def _own_house(named: Named, names: frozenset[str], read: People) -> Iterator[str]:
    """Give an organisation's name, the site's own or a desk's, as the markup writes it: "quay online", "Redaktion"."""
    text = named.name.strip()
    form = plain(text).strip(" .")
    own = form in DESKS or (form not in NOBODY and (named.organisation or is_site(text, names)))
    if own and not any(read) and "://" not in text and 1 < len(text) <= MAX_HOUSE_CHARS:
        yield text


def _structured(claims: Claims, names: frozenset[str]) -> Iterator[Claim]:
    for claim in claims.authors:
        persons: dict[str, None] = {}
        agencies: dict[str, None] = {}
        houses: dict[str, None] = {}
        for named in claim.value:
            read = people(named.name, names)
            agencies.update(dict.fromkeys(read.agencies))
            houses.update(dict.fromkeys(read.houses or (read.persons if named.organisation else ()) or _own_house(named, names, read)))
            if not named.organisation:
                persons.update(dict.fromkeys(read.persons))
        yield Claim(
            People(tuple(persons), tuple(agencies), tuple(houses)[:1]), claim.signal, "; ".join(named.name for named in claim.value)
        )
