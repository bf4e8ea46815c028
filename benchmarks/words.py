"""Which words mark stories, and which what sites set around them? The table story_words.tsv, learned from the blocks of labelled pages.

One weight a word, in a logistic regression over the words that blocks begin with; the length of a block is weighed beside them, so that no
word is paid for standing in long paragraphs. A network that learned from columns of words which have seen its own pages would trust them
too much, so `crossed` gives the pages of each part of the sites columns from the words of the other parts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from benchmarks.corpora import HELD_OUT, site_bucket
from benchmarks.rows import LABELLED, MADE_UP, UNLABELLED, Row
from scraper.extract.plain_words import opening_words
from scraper.extract.sorts import tables
from scraper.extract.story_words import COLUMNS, word_columns

__all__ = ["crossed", "learned", "table", "written"]

Weights = dict[str, int]
Ints = npt.NDArray[np.int64]

# On sites left out .855 of the pairs of a story's block and another, of 20 to 400 characters, are in the right order by the sum of their
# words alone; .851 where seven thousand words are weighed, .846 with words of 15 sites or more only.
FEWEST_SITES, MOST_WORDS, SHRINK, LEAST, HUNDREDTHS = 8, 8000, 1e-4, 10, 100
EPOCHS, BATCH, RATE, SEED = 4, 4096, 0.05, 0
TOLD, ALL = frozenset((*LABELLED, *UNLABELLED)), -1


def learned(rows: Sequence[Row]) -> Weights:
    """Learn the weights, in hundredths, of the words that stand on enough of the rows' sites, from pages that hold stories."""
    return _Blocks([row for row in rows if row.set in TOLD]).weights()


def crossed(rows: Sequence[Row]) -> tuple[list[Row], Weights]:
    """Give the rows with their columns of words, from the words of other sites than their own, and the words of all sites.

    Made-up pages have no site: their columns are made with the words of all.
    """
    parts = [site_bucket(row.site) // HELD_OUT if row.set != MADE_UP else ALL for row in rows]
    words = {part: learned([row for row, own in zip(rows, parts, strict=True) if own != part]) for part in {ALL, *parts}}
    return [next(written([row], words[part])) for row, part in zip(rows, parts, strict=True)], words[ALL]


def written(rows: Iterable[Row], weights: Weights) -> Iterator[Row]:
    """Give the rows with the columns that these weights make, which stand last in the matrix of a page."""
    for row in rows:
        columns = np.hstack([row.matrices["page"][:, :-COLUMNS], word_columns(list(row.texts), weights)])
        yield replace(row, matrices={**row.matrices, "page": columns})


def table(weights: Weights, digest: str) -> str:
    """Write the weights as the file that `story_words.py` reads."""
    head = (
        f"# word <tab> weight in hundredths: above zero it marks stories, below zero what stands around them. From corpus {digest};",
        "# written by `make train`.",
    )
    return "\n".join([*head, *(f"{word}\t{weight}" for word, weight in weights.items()), ""])


class _Blocks:
    """The words of all blocks as numbers, one block behind the other, and what is true of the blocks."""

    def __init__(self, rows: Sequence[Row]) -> None:
        found = [opening_words(list(row.texts), *tables()) for row in rows]
        sites: dict[str, set[str]] = {}
        for row, blocks in zip(rows, found, strict=True):
            for word in set(chain.from_iterable(blocks)):
                sites.setdefault(word, set()).add(row.site)
        spread = Counter({word: len(names) for word, names in sites.items() if len(names) >= FEWEST_SITES})
        self.words = sorted(sorted(spread), key=lambda word: -spread[word])[:MOST_WORDS]
        numbers = {word: number for number, word in enumerate(self.words)}
        known = [[numbers[word] for word in block if word in numbers] for block in chain.from_iterable(found)]
        self.counts = np.asarray([len(block) for block in known])
        self.starts = np.concatenate(([0], np.cumsum(self.counts)))
        self.numbers = torch.tensor(list(chain.from_iterable(known)))
        self.labels = torch.from_numpy(np.concatenate([row.labels for row in rows]))
        shares = torch.from_numpy(np.concatenate([row.shares() for row in rows]))
        self.shares = shares / shares.mean()
        length = torch.log1p(torch.tensor([float(len(text)) for row in rows for text in row.texts])) / 7
        self.length = torch.stack([length, length**2, length**3], 1)

    def weights(self) -> Weights:
        """Fit the regression; the same rows give the same weights on the same machine."""
        torch.manual_seed(SEED)
        rng = np.random.default_rng(SEED)
        words, length = nn.EmbeddingBag(len(self.words), 1, mode="sum"), nn.Linear(3, 1)
        nn.init.zeros_(words.weight)
        optimiser = torch.optim.Adam([*words.parameters(), *length.parameters()], lr=RATE)
        steps = EPOCHS * (len(self.counts) // BATCH + 1)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=steps + 1)
        for _ in range(EPOCHS):
            order = rng.permutation(len(self.counts))
            for start in range(0, len(order), BATCH):
                batch = order[start : start + BATCH]
                logits = words(*self._bags(batch))[:, 0] + length(self.length[batch])[:, 0]
                losses = nn.functional.binary_cross_entropy_with_logits(logits, self.labels[batch], reduction="none")
                loss = (losses * self.shares[batch]).mean() + SHRINK * (words.weight**2).sum()
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
        rounded = (words.weight.detach()[:, 0] * HUNDREDTHS).round().int().tolist()
        return {word: weight for word, weight in sorted(zip(self.words, rounded, strict=True)) if abs(weight) >= LEAST}

    def _bags(self, batch: Ints) -> tuple[torch.Tensor, torch.Tensor]:
        """Give the words of these blocks, and where each block's begin."""
        ends = np.cumsum(self.counts[batch])
        places = np.arange(ends[-1]) + np.repeat(self.starts[batch] - (ends - self.counts[batch]), self.counts[batch])
        return self.numbers[places], torch.from_numpy(ends - self.counts[batch])
