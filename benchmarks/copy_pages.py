"""Stories and what becomes of them on the wire: copies that were edited, led anew or cut short, and stories that only look like copies.

The stories are bodies of the development corpora; half of them are kept back as material for other stories of the same event. Reports on
a template are written here, from names and numbers drawn by lot. The same seed gives the same set.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.corpora import pages

__all__ = ["Told", "generated"]

SHARES: Final = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)  # of the words edited
COPIES: Final = 4  # of each story
WEIGHTS: Final = (25, 25, 25, 15, 10)  # of the five kinds of copies below
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
TOWNS: Final = "Harrow Linden Ostby Marn Kessel Vale Tornau Brix Felden Arnsby Corrin Dull Estwick Quay".split()
SKIES: Final = "sunny cloudy overcast rainy windy foggy clear hazy".split()
FIRMS: Final = "Arlo Brandt Cedar Delmar Ennis Fjord Granit Holt Iver Juno Kestrel Lumen".split()
MOVES: Final = "rose fell gained lost climbed slipped".split()
DAYS: Final = "Monday Tuesday Wednesday Thursday Friday".split()


@dataclass(frozen=True, slots=True)
class Told:
    """One text, which story it tells, and how it came about."""

    story: str
    kind: str
    text: str


def generated(stories: int, *, seed: int = 7) -> list[Told]:
    """Give originals, their copies, other stories of the same events, and reports on two templates, in the order of publication."""
    dice = random.Random(seed)
    texts = list(_texts())
    dice.shuffle(texts)
    originals, material = texts[:stories], texts[stories:]
    words = [word for text in originals[:200] for word in text.split()]
    told = []
    for number, text in enumerate(originals):
        told.append(Told(f"s{number}", "original", text))
        told += [_copy(dice, f"s{number}", text, _fresh(dice, words), words) for _ in range(COPIES)]
        if number < len(material):
            told.append(Told(f"e{number}", "same event", _event(dice, text, material[number])))
        if number % 4 == 0:
            told.append(Told(f"w{number}", "weather report", _weather(dice)))
            told.append(Told(f"m{number}", "market report", _market(dice)))
    return told


def _texts() -> Iterator[str]:
    for name in ("wcxb_dev_article", "fundus_dev"):
        for page in pages(name):
            body = page.truth.get("body") or ""
            if 120 <= len(re.findall(r"\w+", body)) <= 3_000:  # as stories are
                yield body


def _copy(dice: random.Random, story: str, text: str, other: str, words: Sequence[str]) -> Told:
    share = dice.choice(SHARES)
    edited = _edited(dice, text, share, words)
    kinds = {
        "edited": edited,
        "new lead": _led(dice, edited, other),
        "cut to a third": _third(edited),
        "prefix": f"{dice.choice(TOWNS).upper()} (Island Wire) - {edited}",
        "new lead and cut": _third(_led(dice, edited, other)),
    }
    (kind,) = dice.choices(list(kinds), weights=WEIGHTS)
    return Told(story, f"{kind}, {share:.0%} edited", kinds[kind])


def _edited(dice: random.Random, text: str, share: float, words: Sequence[str]) -> str:
    out = []
    for word in text.split(" "):
        kept = [word] if dice.random() >= share else dice.choice(([dice.choice(words)], [], [word, dice.choice(words)]))
        out += kept
    return " ".join(out)


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.!?。])\s+|\n+", text) if sentence.strip()]


def _led(dice: random.Random, text: str, other: str) -> str:
    return "\n\n".join(_sentences(other)[: dice.randint(1, 3)] + _sentences(text)[dice.randint(0, 2) :])


def _third(text: str) -> str:
    words = text.split(" ")
    return " ".join(words[: max(60, len(words) // 3)])


def _fresh(dice: random.Random, words: Sequence[str]) -> str:
    """Write sentences that stand in no story."""
    return " ".join(" ".join(dice.choices(words, k=dice.randint(8, 30))).rstrip(".,") + "." for _ in range(3))


def _event(dice: random.Random, text: str, material: str) -> str:
    """Write another story of the same event: its own sentences, with the names and 15 to 35 % of quotes and background of the first."""
    quoted, own = _sentences(text), _sentences(material)
    shared = dice.sample(quoted, min(max(1, int(len(own) * dice.uniform(0.15, 0.35))), max(1, len(quoted) // 3)))
    for sentence in shared:
        own.insert(dice.randint(1, len(own)), sentence)
    names = NAME.findall(text) or ["Moravec"]
    return NAME.sub(lambda _: dice.choice(names), " ".join(own))


def _weather(dice: random.Random) -> str:
    town, *near = dice.sample(TOWNS, 6)
    number = dice.randint

    def sky() -> str:
        return dice.choice(SKIES)

    return (
        f"The weather service expects a {sky()} day in {town} on {dice.choice(DAYS)}. Temperatures will reach {number(-5, 34)} degrees "
        f"in the afternoon, after a {sky()} morning with {number(-9, 20)} degrees. The wind blows at {number(3, 60)} kilometres an hour, "
        f"with gusts of up to {number(20, 110)} kilometres an hour near {near[0]}. In {near[1]} and {near[2]} it will be {sky()} with "
        f"{number(-5, 34)} degrees, in {near[3]} {sky()}. The chance of rain is {number(0, 100)} percent. At night the thermometer falls "
        f"to {number(-15, 15)} degrees. Water levels on the river at {near[4]} stand at {number(80, 600)} centimetres. The outlook for "
        f"the coming days: {sky()} on the first day with {number(-5, 34)} degrees, {sky()} on the second with {number(-5, 34)} degrees, "
        f"and {sky()} towards the weekend. Drivers should take care on bridges. The service updates its forecast every six hours and "
        "warns of local changes."
    )


def _market(dice: random.Random) -> str:
    firms = dice.sample(FIRMS, 5)
    by = [f"{dice.choice(MOVES)} {dice.uniform(0.1, 5):.1f} percent" for _ in range(6)]
    return (
        f"Stocks {dice.choice(MOVES)} on {dice.choice(DAYS)} as investors weighed news. The main index {by[0]} to "
        f"{dice.randint(9000, 18000)} points. Shares of {firms[0]} {by[1]} after the company reported quarterly figures. {firms[1]} "
        f"{by[2]} and {firms[2]} {by[3]}. Trading volume was {dice.randint(50, 900)} million shares. The euro traded at "
        f"{dice.uniform(1, 1.3):.4f} dollars. Oil {dice.choice(MOVES)} to {dice.randint(40, 120)} dollars a barrel. Gold "
        f"{dice.choice(MOVES)} to {dice.randint(1500, 2900)} dollars an ounce. The yield on ten-year bonds stood at "
        f"{dice.uniform(1, 5):.2f} percent. Analysts said the market remained nervous ahead of the meeting of the central bank. In the "
        f"second row, {firms[3]} {by[4]} while {firms[4]} {by[5]}. Investors should note that past performance is no guide to the "
        "future. The exchange closes at half past five."
    )
