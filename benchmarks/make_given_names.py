"""Write scraper/extract/given_names.txt: the given names of some eighty countries, from Faker's tables (MIT), without case and accents.

    python benchmarks/make_given_names.py            # needs `pip install faker`, which nothing else here does

A name that pages write in lower case more often than as a name ("will", "page", "media") says nothing of a person and is left out, save
the few that are mostly names (KEPT). Months, places and words of other kinds that stand in Faker's tables are DROPPED by hand.
"""

import argparse
import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path

from benchmarks.corpora import SETS, pages
from scraper.decode import decode
from scraper.extract.given_names import folded
from scraper.extract.walk import walk_html

NAME = re.compile(r"[a-z]{3,}(?:['’-][a-z]+)?")
WORD = re.compile(r"(?<=[a-z,;] )[A-Za-zÀ-ɏ]+")
LEAST_LOWER, LOWER_SHARE, PROSE_CHARS = 4, 0.5, 80
KEPT = frozenset(
    "mark bill max jack dan ray ella marco drew sue grace rose grant miles dawn maja guy joy hope faith chase marine penny rich".split()
)
DROPPED = frozenset(
    "january february march april june july august september october november december monday tuesday wednesday thursday friday saturday "
    "sunday america africa asia europa berlin china corona france lage london north south east west tage washington york india israel "
    "texas california madrid roma hamburg bremen holland england ireland scotland canada mexico cuba kenya egypt iran russia norden "
    "internet google apple amazon".split()
)


def known_names() -> set[str]:
    providers = importlib.import_module("faker.providers.person")
    found: set[str] = set()
    for module in pkgutil.iter_modules(providers.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for name in dir(provider):
            values = getattr(provider, name)
            if name.startswith("first_name") and isinstance(values, (tuple, list, dict)):
                found.update(folded(str(value)) for value in values)
    return {name for name in found if NAME.fullmatch(name)}


def seen(names: set[str]) -> tuple[Counter[str], Counter[str]]:
    """Count the pages whose prose writes each name in lower case, and those that write it as a name."""
    lower: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    for page in (page for corpus in SETS for page in pages(corpus)):
        prose = (block.text for block in walk_html(decode(page.content).text).blocks if len(block.text) > PROSE_CHARS > block.link_chars)
        words = {word for text in prose for word in WORD.findall(text)}
        lower.update({folded(word) for word in words if word.islower()} & names)
        upper.update({folded(word) for word in words if not word.islower()} & names)
    return lower, upper


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.parse_args()
    names = known_names()
    lower, upper = seen(names)
    words = {name for name in names if lower[name] >= LEAST_LOWER and lower[name] > LOWER_SHARE * upper[name]}
    kept = sorted((names - words - DROPPED) | (KEPT & names))
    (Path(__file__).parent.parent / "scraper" / "extract" / "given_names.txt").write_text("\n".join(kept) + "\n", "utf-8")
    print(f"{len(kept)} names")


if __name__ == "__main__":
    main()
