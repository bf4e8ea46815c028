"""Which blocks of a page are the story, given the story's true text? The labels that the body model learns from."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from scraper.extract.document import Block

__all__ = ["story_shares"]

WIDE = re.compile(r"([\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af])")
WORD = re.compile(r"\w+")


def story_shares(blocks: Sequence[Block], truth: str) -> list[float]:
    """Give for each block the share of its words, 0 to 1, that stand in the truth in the same order (longest common subsequence).

    Order is what tells a short block of the story ("Background") from the same word in the navigation.
    """
    numbers: dict[str, int] = {}
    wanted = [numbers.setdefault(word, len(numbers)) for word in _words(truth)]
    found: list[int] = []
    owner: list[int] = []
    for index, block in enumerate(blocks):
        words = _words(block.text)
        found += [numbers.setdefault(word, len(numbers)) for word in words]
        owner += [index] * len(words)
    totals, hits = [0] * len(blocks), [0] * len(blocks)
    for index in owner:
        totals[index] += 1
    if wanted and found:
        for run in LCSseq.opcodes(found, wanted):
            if run.tag == "equal":
                for index in owner[run.src_start : run.src_end]:
                    hits[index] += 1
    return [hit / total if total else 0.0 for hit, total in zip(hits, totals, strict=True)]


def _words(text: str) -> list[str]:
    return WORD.findall(WIDE.sub(r" \1 ", text.lower()))
