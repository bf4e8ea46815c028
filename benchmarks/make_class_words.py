"""Write scraper/extract/class_words.tsv: what class words have meant to those who wrote extraction rules for some 1,900 sites.

    python -m benchmarks.make_class_words ../shared/data/strip_tokens.tsv

The input counts, for each word, the sites whose rules strip elements named so and the sites whose rules take the body from them (facts
counted in ftr-site-config, CC0). A weight is the log odds of story against chrome; body rules are counted at a third, since every site
has one and only some strip anything.
"""

import math
import re
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "scraper" / "extract" / "class_words.tsv"
WORD = re.compile(r"[a-z]{3,}")


def table(source: str) -> str:
    lines = ["# word <tab> weight: log odds that an element named so is the story, not chrome (benchmarks/make_class_words.py)"]
    for row in sorted(line.split("\t") for line in source.splitlines()[1:]):
        word, stripped, body = row[0], int(row[1]), int(row[2])
        if WORD.fullmatch(word):
            lines.append(f"{word}\t{math.log((body / 3 + 0.5) / (stripped + 0.5)):.2f}")
    return "\n".join(lines) + "\n"


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: python -m benchmarks.make_class_words STRIP_TOKENS.tsv", file=sys.stderr)
        return 2
    OUT.write_text(table(Path(sys.argv[1]).read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
