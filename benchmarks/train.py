"""Train the body model: `make train` reads the corpora and writes scraper/extract/body_page.npz and body_text.npz.

The network is the one that scraper/extract/model.py computes. Pages with a true body are labelled by alignment, pages with only snippets
are not used, and made-up layouts (benchmarks/layouts.py) stand beside them. `--validate` holds out a quarter of the sites and prints the
shingle F1 on them instead of writing weights. Needs the optional group `train`.
"""

import argparse
import hashlib
import io
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from benchmarks.corpora import HELD_OUT, CorpusPage, pages, site_bucket
from benchmarks.labels import story_shares
from benchmarks.layouts import Story, page
from benchmarks.scoring import body_figures
from scraper.decode import decode
from scraper.extract.document import Document
from scraper.extract.features import Matrix, page_matrix, text_matrix
from scraper.extract.fields import opening
from scraper.extract.walk import walk_html

SETS = ("fundus_dev", "wcxb_dev_article", "cleanportaleval")
OUT = Path(__file__).resolve().parents[1] / "scraper" / "extract"
STORY_SHARE = 0.6  # best of 0.4 to 0.7 for the oracle: .9945 and .9909 on the two large sets
MADE_UP, MADE_UP_WEIGHT = 1600, 0.6
EPOCHS, BATCH, RATE, SEED = 24, 16, 3e-3, 0
HIDDEN, CHANNELS, TAPS = 64, 32, 5
MIN_PARAGRAPHS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One labelled page, as numbers."""

    set: str
    site: str
    matrix: Matrix
    labels: Matrix
    texts: tuple[str, ...]
    body: str
    weight: float = 1.0


class Network(nn.Module):
    """The same computation as scraper/extract/model.py, with dropout for training."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.dense = nn.Linear(columns, HIDDEN)
        sizes = (HIDDEN, CHANNELS, CHANNELS)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(size, CHANNELS, TAPS, padding=2**level * (TAPS // 2), dilation=2**level) for level, size in enumerate(sizes)
        )
        self.page = nn.Linear(2 * CHANNELS, CHANNELS)
        self.out = nn.Linear(HIDDEN + CHANNELS, 1)
        self.drop = nn.Dropout(0.25)

    def forward(self, rows: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Give one logit a block; `rows` is (pages, blocks, columns), `mask` (pages, blocks)."""
        hidden = self.drop(torch.relu(self.dense(rows)))
        wide = mask[:, None, :]
        signal = (hidden * mask[:, :, None]).transpose(1, 2)
        for level, convolution in enumerate(self.convolutions):
            found = torch.relu(convolution(signal))
            signal = (found if level == 0 else signal + found) * wide
        whole = torch.cat([signal.max(2)[0], signal.sum(2) / wide.sum(2)], 1)
        signal = torch.relu(signal + self.page(whole)[:, :, None])
        logits: torch.Tensor = self.out(torch.cat([hidden, self.drop(signal.transpose(1, 2))], 2))[:, :, 0]
        return logits


def rows(kind: str, source: Sequence[CorpusPage], *, training: bool) -> Iterator[Row]:
    """Label the corpora's pages, and when training, the made-up ones."""
    stories: list[Story] = []
    for item in source:
        body = item.truth.get("body")
        document = walk_html(decode(item.content).text)
        if not body or not document.blocks:
            continue
        shares = story_shares(document.blocks, body)
        labels = np.asarray([share > STORY_SHARE for share in shares], dtype=np.float32)
        yield _row(kind, document, labels, Row(set=item.set, site=item.site, matrix=_NONE, labels=labels, texts=(), body=body))
        paragraphs = tuple(" ".join(line.split()) for line in body.splitlines() if line.strip())
        if len(paragraphs) >= MIN_PARAGRAPHS and item.truth.get("title"):
            stories.append(Story(headline=" ".join(item.truth["title"].split()), paragraphs=paragraphs))
    rng = random.Random(SEED if training else SEED + 1)
    for number in range(MADE_UP if training else MADE_UP // 10):
        yield _made_up(kind, stories, rng, number)


_NONE = np.zeros((0, 0), dtype=np.float32)


def _row(kind: str, document: Document, labels: Matrix, about: Row) -> Row:
    if kind == "text":
        document = Document(blocks=tuple(block._replace(tag="p", element=-1, link_chars=0) for block in document.blocks), is_html=False)
    found = opening(document, None).headline
    headline = found.choice.winner.value if found.choice.winner else None
    matrix = (text_matrix if kind == "text" else page_matrix)(document, headline, found.block)
    texts = tuple(block.text for block in document.blocks)
    return Row(set=about.set, site=about.site, matrix=matrix, labels=labels, texts=texts, body=about.body, weight=about.weight)


def _made_up(kind: str, stories: Sequence[Story], rng: random.Random, number: int) -> Row:
    chosen = rng.sample(stories, rng.randint(2, 10))
    cut = [Story(headline=story.headline, paragraphs=story.paragraphs[: rng.randint(2, 12)]) for story in chosen]
    cut[0] = Story(headline=chosen[0].headline, paragraphs=chosen[0].paragraphs[: rng.randint(4, 30)])
    text, lines, _headline = page(cut, rng)
    document = walk_html(text)
    labels = np.asarray([block.text in lines for block in document.blocks], dtype=np.float32)
    body = "\n\n".join(cut[0].paragraphs)
    about = Row(set="made_up", site=str(number), matrix=_NONE, labels=labels, texts=(), body=body, weight=MADE_UP_WEIGHT)
    return _row(kind, document, labels, about)


def train(data: Sequence[Row], *, epochs: int = EPOCHS) -> Network:
    """Fit the network; the same data and seed give the same weights on the same machine."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # the matrices are small: two threads spend their time waiting for each other
    rng = np.random.default_rng(SEED)
    network = Network(data[0].matrix.shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=2e-2)
    steps = epochs * ((len(data) + BATCH - 1) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=steps + 1)
    for epoch in range(epochs):
        network.train()
        total = 0.0
        for batch in _batches(data, rng):
            matrix, mask, labels, weights = _pack(batch)
            losses = nn.functional.binary_cross_entropy_with_logits(network(matrix, mask), labels, reduction="none")
            loss = (losses * weights).sum() / len(batch)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1:2} of {epochs}: loss {total / len(data):.4f}", file=sys.stderr, flush=True)
    network.eval()
    return network


def _batches(data: Sequence[Row], rng: np.random.Generator) -> Iterator[list[Row]]:
    """Give the pages in batches of about the same length, in a new order each time."""
    order = sorted(range(len(data)), key=lambda index: len(data[index].matrix) + rng.normal() * 30)
    groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    for group in rng.permutation(len(groups)):
        yield [data[index] for index in groups[group]]


def _pack(batch: Sequence[Row], most: int = 1500) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    longest = min(most, max(len(row.matrix) for row in batch))
    matrix = np.zeros((len(batch), longest, batch[0].matrix.shape[1]), np.float32)
    mask, labels, weights = (np.zeros((len(batch), longest), np.float32) for _ in range(3))
    for index, row in enumerate(batch):
        count = min(longest, len(row.matrix))
        matrix[index, :count] = row.matrix[:count]
        mask[index, :count] = 1
        labels[index, :count] = row.labels[:count]
        # what is scored is text, so a long block counts for more; what annoys is a leaked line, so a short one still counts
        size = np.sqrt(np.asarray([len(text) + 10.0 for text in row.texts[:count]], np.float32))
        weights[index, :count] = (0.7 * size / size.sum() + 0.3 / count) * row.weight
    return torch.from_numpy(matrix), torch.from_numpy(mask), torch.from_numpy(labels), torch.from_numpy(weights)


def export(network: Network) -> bytes:
    """Write the weights as half-precision arrays in the shapes that scraper/extract/model.py multiplies with."""
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    arrays = {"dense.weight": state["dense.weight"].T, "dense.bias": state["dense.bias"]}
    for level in range(3):
        arrays[f"conv{level}.weight"] = state[f"convolutions.{level}.weight"].transpose(2, 1, 0)
        arrays[f"conv{level}.bias"] = state[f"convolutions.{level}.bias"]
    arrays |= {"page.weight": state["page.weight"].T, "page.bias": state["page.bias"], "out.bias": state["out.bias"]}
    arrays |= {"out.hidden": state["out.weight"][:, :HIDDEN].T, "out.signal": state["out.weight"][:, HIDDEN:].T}
    packed = io.BytesIO()
    np.savez_compressed(packed, **{name: value.astype(np.float16) for name, value in arrays.items()})
    return packed.getvalue()


def validate(network: Network, data: Sequence[Row]) -> None:
    """Print shingle F1, precision, recall and exact bodies by set, at the threshold of one half."""
    for name in sorted({row.set for row in data}):
        pairs = []
        for row in data:
            if row.set == name:
                with torch.no_grad():
                    logits = network(torch.from_numpy(row.matrix)[None], torch.ones(1, len(row.matrix)))[0].numpy()
                pairs.append((row.body, "\n\n".join(text for text, logit in zip(row.texts, logits, strict=True) if logit > 0)))
        figures = body_figures(pairs)
        print(
            f"{name:18} n {len(pairs):4}  f1 {figures.f1:.4f}  p {figures.precision:.4f}  r {figures.recall:.4f}  exact {figures.exact:.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--validate", action="store_true", help="hold out a quarter of the sites and score on them; writes nothing")
    parser.add_argument("--kind", choices=("page", "text"), action="append", help="which weights (default: both)")
    options = parser.parse_args()
    source = [item for name in SETS for item in pages(name)]
    digest = hashlib.sha256("".join(sorted(f"{item.set}/{item.id}" for item in source)).encode()).hexdigest()[:12]
    print(f"{len(source)} pages, corpus {digest}", file=sys.stderr)
    for kind in options.kind or ("page", "text"):
        if options.validate:
            kept = list(rows(kind, [item for item in source if site_bucket(item.site) >= HELD_OUT], training=True))
            held = list(rows(kind, [item for item in source if site_bucket(item.site) < HELD_OUT], training=False))
            validate(train(kept), held)
        else:
            weights = export(train(list(rows(kind, source, training=True))))
            (OUT / f"body_{kind}.npz").write_bytes(weights)
            print(f"body_{kind}.npz: {len(weights):,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
