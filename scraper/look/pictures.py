"""What is there to see? The pictures of the page in their order; those along the calendar are drawn by `days`."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from scraper.look.charts import Bar, bars
from scraper.look.days import each_day, each_source, gaps
from scraper.look.plots import NARROW, drawn
from scraper.look.tables import Filtered, Key, Linked, Picture, Table, plural
from scraper.store import Overview

__all__ = ["pictures"]

BARS_SHOWN: Final = 10


@lru_cache(maxsize=8)  # drawing takes a second, and most readers ask for what was asked for before
def pictures(figures: Overview) -> tuple[Picture, ...]:
    """Give everything that the figures show."""
    along = (each_day(figures), each_source(figures)) if figures.published else ()
    others = (_troubles, gaps, _failures, _hosts, _rejects, _authors, _tags, _reprints, _shared)
    return (*along, *(picture(figures) for picture in others))


def _troubles(figures: Overview) -> Picture:
    found = figures.troubles
    return Picture(
        name="troubles",
        title="Sources in trouble today",
        caption=f"{plural(len(found), 'source')} not as usual, measured by their own last weeks; `scraper health` says the same."
        if found
        else "Every source that was judged is as it usually is.",
        table=Table(
            ("Source", "State", "Since", "Why"),
            tuple(
                (Filtered(one.source, "health_changes", "source"), one.state.replace("_", " "), one.day, one.evidence.replace("\n", "; "))
                for one in found
            ),
        ),
        view="health",
    )


def _failures(figures: Overview) -> Picture:
    meanings = {failure.code: failure.meaning for failure in figures.failures}
    counted: Counter[str] = Counter()
    for failure in figures.failures:
        counted[failure.code] += failure.addresses
    return Picture(
        name="failures",
        title="What fails, and why",
        caption=f"{plural(counted.total(), 'address', 'addresses')} in these days, each by what came of its last try."
        if counted
        else "Everything that was last tried in these days could be fetched.",
        drawings=_bars([Bar(name=meanings[code], parts=(number,)) for code, number in counted.most_common(BARS_SHOWN)]),
        table=Table(
            ("Code", "Meaning", "Addresses"),
            tuple((Filtered(code, "failures", "outcome"), meanings[code], number) for code, number in counted.most_common()),
        ),
        view="failures",
    )


def _hosts(figures: Overview) -> Picture:
    counted: Counter[str] = Counter()
    for failure in figures.failures:
        counted[failure.host] += failure.addresses
    worst = [host for host, _ in counted.most_common(BARS_SHOWN)]
    rows = [
        (Filtered(one.host, "failures_by_host", "host"), one.meaning, one.addresses)
        for host in worst
        for one in figures.failures
        if one.host == host
    ]
    shown = f": the {len(worst)} with most of them, of {len(counted):,}" if len(counted) > len(worst) else ""
    return Picture(
        name="hosts",
        title="Where it fails",
        caption=f"Addresses that could not be fetched, by host{shown}." if worst else "No host failed.",
        drawings=_bars([Bar(name=host, parts=(counted[host],)) for host in worst]),
        table=Table(("Host", "Meaning", "Addresses"), tuple(rows)),
        view="failures_by_host",
    )


def _rejects(figures: Overview) -> Picture:
    pages = sum(reject.pages for reject in figures.rejects)
    return Picture(
        name="rejects",
        title="Pages that are no articles",
        caption=f"{plural(pages, 'page')} last fetched in these days, by what they are instead." if pages else "Every page was an article.",
        drawings=_bars([Bar(name=reject.meaning, parts=(reject.pages,)) for reject in figures.rejects[:BARS_SHOWN]]),
        table=Table(
            ("Verdict", "Meaning", "Pages"),
            tuple((Filtered(one.verdict, "rejected_pages", "verdict"), one.meaning, one.pages) for one in figures.rejects),
        ),
        view="rejected_pages",
    )


def _authors(figures: Overview) -> Picture:
    return Picture(
        name="authors",
        title="Authors",
        caption=f"People in bylines, by articles{_since(figures)}." if figures.authors else "No byline names anybody.",
        drawings=_bars([Bar(name=author.name, parts=(author.articles,)) for author in figures.authors[:BARS_SHOWN]]),
        table=Table(
            ("Author", "Articles"), tuple((Filtered(author.name, "author_articles", "name"), author.articles) for author in figures.authors)
        ),
        view="authors",
    )


def _tags(figures: Overview) -> Picture:
    return Picture(
        name="tags",
        title="Tags",
        caption=f"Keywords that pages give themselves, by articles{_since(figures)}." if figures.tags else "No page names keywords.",
        drawings=_bars([Bar(name=tag.name, parts=(tag.articles,)) for tag in figures.tags[:BARS_SHOWN]]),
        table=Table(("Tag", "Articles"), tuple((Filtered(tag.name, "article_tags", "tag"), tag.articles) for tag in figures.tags)),
        view="tags",
    )


def _reprints(figures: Overview) -> Picture:
    listed = figures.reprints
    return Picture(
        name="reprints",
        title="Who ran what others had",
        caption="Texts that an earlier article of another source has, too, by who ran them later."
        if listed
        else "No text was found twice in these days.",
        drawings=_bars([Bar(name=one.source, parts=(one.near, one.exact)) for one in listed[:BARS_SHOWN]]),
        keys=(Key("part1", "under other words"), Key("part2", "letter for letter")) if listed else (),
        table=Table(
            ("Source", "Under other words", "Letter for letter"),
            tuple((Filtered(one.source, "copies", "source"), one.near, one.exact) for one in listed),
        ),
        view="copies",
    )


def _shared(figures: Overview) -> Picture:
    rows = tuple((Linked(one.headline or one.url, one.url), one.source, one.day, one.sources, one.copies) for one in figures.shared)
    return Picture(
        name="shared",
        title="Stories that several ran",
        caption="Those with most sources; a reprint was found in these days."
        if rows
        else "No story was found at a second source in these days.",
        table=Table(("Story", "First seen at", "Day", "Sources", "Copies"), rows),
        view="shared_stories",
        is_wide=True,
    )


def _bars(listed: Sequence[Bar]) -> tuple[str, ...]:
    return (drawn(bars(listed, width=NARROW), "small"),) if listed else ()


def _since(figures: Overview) -> str:
    return "" if figures.named_since == figures.span.since else f" since {figures.named_since}"
