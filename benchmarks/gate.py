"""`make gate`: accuracy on a fixed sample of the corpora must not fall below the floors pinned in benchmarks/floors.json.

`--pin` writes today's figures, less a margin, as floors, but never lowers one: that takes `--lower NAME` and a reason in the commit.
Without the corpora there is nothing to measure, and the gate says so.
"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.contenders import CONTENDERS
from benchmarks.corpora import corpora_folder, pages
from benchmarks.extract import figures, measure
from benchmarks.targets import LOWER_IS_BETTER

FLOORS = Path(__file__).with_name("floors.json")
SAMPLE = {"fundus_dev": 2, "wcxb_dev_article": 6, "trafilatura_eval": 6, "htmldate_default": 3}
MARGIN = 0.002  # figures are the same on every machine; the margin is for a library's new release


def sample_figures() -> dict[str, float]:
    """Measure the sample; names are `set/figure`."""
    found: dict[str, float] = {}
    for name, every in SAMPLE.items():
        seen, runs = measure([CONTENDERS["scraper"]], pages(name, every=every))
        found |= {f"{name}/{figure}": value for figure, value in figures(seen, runs["scraper"]).items()}
    return found


def _is_worse(name: str, value: float, floor: float) -> bool:
    return value > floor if name.split("/")[1] in LOWER_IS_BETTER else value < floor


def pinned(found: dict[str, float], floors: dict[str, float], lower: set[str]) -> dict[str, float]:
    """Give the new floors: raised where today is better, kept where it is not."""
    new = {}
    for name, value in found.items():
        better = name.split("/")[1] in LOWER_IS_BETTER
        candidate = round(value + MARGIN if better else value - MARGIN, 4)
        old = floors.get(name)
        new[name] = candidate if old is None or name in lower or not _is_worse(name, candidate, old) else old
    return new


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pin", action="store_true", help="raise the floors to today's figures")
    parser.add_argument("--lower", action="append", default=[], metavar="NAME", help="let this floor fall (set/figure)")
    options = parser.parse_args()
    if corpora_folder() is None:
        print("gate: no corpora on this machine (expected ../shared/corpora or SCRAPER_CORPORA): nothing measured")
        return 0
    floors = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    found = sample_figures()
    if options.pin:
        FLOORS.write_text(json.dumps(pinned(found, floors, set(options.lower)), indent=1, sort_keys=True) + "\n", "utf-8")
        print(f"gate: {len(found)} floors pinned")
        return 0
    failures = [name for name, floor in floors.items() if name not in found or _is_worse(name, found[name], floor)]
    for name, value in sorted(found.items()):
        mark = "  BELOW ITS FLOOR" if name in failures else ""
        print(f"{name:40} {value:.4f}   floor {floors.get(name, float('nan')):.4f}{mark}")
    print(f"gate: {len(floors) - len(failures)} of {len(floors)} floors hold", file=sys.stderr)
    return 1 if failures or not floors else 0


if __name__ == "__main__":
    sys.exit(main())
