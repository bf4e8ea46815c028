"""On which days was there how much, and on which days too little? The pictures that run along the calendar."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from statistics import quantiles
from typing import Final

from scraper.look.charts import Cell, field, timeline
from scraper.look.plots import NARROW, WIDE, drawn
from scraper.look.stretches import Cut, coarse, cut, summed
from scraper.look.tables import Filtered, Key, Picture, Table, Value, plural
from scraper.store import GapDay, Overview

__all__ = ["each_day", "each_source", "gaps"]

SHADES: Final = 4
GAPS_SHOWN: Final = 15
WIDTHS: Final = (("wide", WIDE), ("narrow", NARROW))
DAY: Final = timedelta(days=1)
KEYS: Final = (
    Key("shade1", "few, for this source"),
    Key(f"shade{SHADES}", "many"),
    Key("gap", "far fewer than usual"),
    Key("unseen", "nobody looked"),
)
Numbers = Mapping[date, int]


def each_day(figures: Overview) -> Picture:
    """Show how many articles were published on each day."""
    whole = cut(figures.span)
    numbers = summed(whole, ((day.day, day.articles) for day in figures.days))
    bars = [(start, end, numbers.get(start, 0)) for start, end in whole.pairs()]
    busiest, _, most = max(bars, key=lambda bar: bar[2])
    days = figures.span.days
    average = f"{figures.published / days:,.1f} a day"
    return Picture(
        name="days",
        title=f"Articles by {whole.unit}",
        caption=f"{plural(figures.published, 'article')} in {plural(days, 'day')}, {average}. The busiest {whole.unit}: "
        f"{'' if whole.unit == 'day' else 'from '}{busiest}, with {most:,}.",
        drawings=tuple(drawn(timeline(bars, width=width, date_format=whole.date_format), kind) for kind, width in WIDTHS),
        table=Table((whole.unit.capitalize(), "Articles"), tuple((start, number) for start, _, number in bars)),
        view="source_days",
        is_wide=True,
    )


def each_source(figures: Overview) -> Picture:
    """Show the days of each source: how much there was, what was too little, and where nobody looked."""
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for day in figures.source_days:
        found[day.source_id].append((day.day, day.articles))
    troubled: dict[str, list[GapDay]] = defaultdict(list)
    for gap in figures.gaps:
        troubled[gap.source_id].append(gap)
    rows = [(source.source_id, source.source) for source in figures.sources if source.source_id in found]
    fine, few = cut(figures.span), coarse(figures.span)
    return Picture(
        name="sources",
        title=f"Articles by source and {fine.unit}",
        caption=_said_of_sources(figures, len(rows)),
        drawings=tuple(
            drawn(
                field(
                    rows,
                    [cell for key, _ in rows for cell in _cells(key, whole, summed(whole, found[key]), troubled[key])],
                    (figures.span.since, figures.span.until),
                    width=width,
                    date_format=whole.date_format,
                ),
                kind,
            )
            for (kind, width), whole in zip(WIDTHS, (fine, few), strict=True)
        ),
        keys=KEYS if figures.gaps else KEYS[:2],
        table=_by_stretch(rows, few, {key: summed(few, found[key]) for key, _ in rows}),
        view="coverage",
        is_wide=True,
    )


def gaps(figures: Overview) -> Picture:
    """List the days in a row on which a source brought far less than usual, or was not looked at; the most missing first."""
    listed = sorted(_runs(figures.gaps), key=lambda run: (-_missing(run), run[0].source, run[0].day))
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            Filtered(run[0].source, "coverage", "source"),
            run[0].day,
            run[-1].day,
            "fewer than usual" if run[0].is_gap else "nobody looked",
            sum(day.collected or 0 for day in run),
            round(sum(day.expected or 0 for day in run)) or None,
        )
        for run in listed[:GAPS_SHOWN]
    )
    short = sum(day.is_gap for day in figures.gaps)
    caption = (
        f"{plural(short, 'day')} of a source with far fewer articles than usual, {plural(len(figures.gaps) - short, 'day')} on which "
        "nobody looked. What a day is expected to bring is what its source brought on the same weekdays before."
    )
    return Picture(
        name="gaps",
        title="Gaps",
        caption=caption if rows else "On no day did a source bring far less than usual, and none went by without a look.",
        table=Table(("Source", "From", "To", "What", "Articles", "Expected"), rows),
        view="coverage",
        is_wide=True,
    )


def _said_of_sources(figures: Overview, shown: int) -> str:
    all_of_them = len(figures.sources)
    which = f"The {shown} sources with most articles, of {all_of_them:,}" if shown < all_of_them else plural(all_of_them, "source")
    return f"{which}. Each line has its own scale: a pale day is a quiet one for that source, an empty one has nothing."


def _cells(key: str, whole: Cut, numbers: Numbers, troubled: Sequence[GapDay]) -> Iterator[Cell]:
    """Colour the stretches of one source. Too little on any day of a stretch shows; that nobody looked, only where nothing was found."""
    short = {whole.start_of(gap.day) for gap in troubled if gap.is_gap}
    unseen = {whole.start_of(gap.day) for gap in troubled if not gap.is_gap}
    much = _much(list(numbers.values()))
    for start, end in whole.pairs():
        number = numbers.get(start, 0)
        if start in short:
            yield Cell(row=key, start=start, end=end, colour="var(--gap)")
        elif number:
            shade = min(SHADES, int(number / much * SHADES) + 1)
            yield Cell(row=key, start=start, end=end, colour=f"var(--shade{shade})")
        elif start in unseen:
            yield Cell(row=key, start=start, end=end, colour="var(--unseen)")


def _much(numbers: Sequence[int]) -> float:
    """Give what is much for a source: nine in ten of its days have less, so that one great day does not make all others pale."""
    return quantiles(numbers, n=10, method="inclusive")[-1] if len(numbers) > 1 else float(max(numbers, default=1))


def _by_stretch(rows: Sequence[tuple[str, str]], few: Cut, numbers: Mapping[str, Numbers]) -> Table:
    head = ("Source", "Articles", *(start.isoformat()[5:] if few.unit != "month" else start.isoformat()[:7] for start in few.starts))
    lines: tuple[tuple[Value, ...], ...] = tuple(
        (Filtered(name, "source_days", "source"), sum(numbers[key].values()), *(numbers[key].get(start, 0) for start in few.starts))
        for key, name in rows
    )
    return Table(head, lines)


def _runs(troubled: Sequence[GapDay]) -> list[list[GapDay]]:
    """Put days together that follow each other and are of one source and kind; they come by source and day."""
    runs: list[list[GapDay]] = []
    for gap in troubled:
        last = runs[-1][-1] if runs else None
        if last and (last.source_id, last.is_gap, last.day + DAY) == (gap.source_id, gap.is_gap, gap.day):
            runs[-1].append(gap)
        else:
            runs.append([gap])
    return runs


def _missing(run: Sequence[GapDay]) -> float:
    return sum(max(0.0, (day.expected or 0) - (day.collected or 0)) for day in run)
