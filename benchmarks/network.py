"""The body model while it learns: the network of scraper/extract/model.py in torch, how it is fitted, and its weights as a file."""

import io
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.rows import Kind, Row
from scraper.extract.class_kinds import kind_names
from scraper.extract.features import Matrix
from scraper.extract.meanings import AROUND
from scraper.extract.model import DILATIONS
from scraper.extract.story_words import COLUMNS as WORDS
from scraper.extract.witness import WIDTH

__all__ = ["Network", "export", "fit", "predict"]

BATCH, RATE, DECAY = 16, 3e-3, 2e-2
HIDDEN, CHANNELS, DROPPED = 48, 24, 0.2
MOST_BLOCKS = 500  # of a longer page a piece is learned from, another one each time


class Network(nn.Module):
    """The same computation as scraper/extract/model.py, with dropout for training."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.dense = nn.Linear(columns, HIDDEN)
        self.down = nn.Linear(HIDDEN, CHANNELS)
        self.convolutions = nn.ModuleList(nn.Linear(3 * CHANNELS, CHANNELS) for _ in DILATIONS)
        self.page = nn.Linear(2 * CHANNELS, CHANNELS)
        self.out = nn.Linear(HIDDEN + CHANNELS, 1)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, rows: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Give one logit a block; `rows` is (pages, blocks, columns), `mask` (pages, blocks)."""
        wide = mask[:, :, None]
        hidden = self.drop(torch.relu(self.dense(rows)))
        signal = self.down(hidden) * wide
        count = signal.shape[1]
        for dilation, convolution in zip(DILATIONS, self.convolutions, strict=True):
            padded = nn.functional.pad(signal, (0, 0, dilation, dilation))
            spread = torch.cat([padded[:, :count], signal, padded[:, 2 * dilation :]], 2)
            signal = (signal + torch.relu(convolution(spread))) * wide
        whole = torch.cat([signal.max(1)[0], signal.sum(1) / wide.sum(1)], 1)
        signal = torch.relu(signal + self.page(whole)[:, None, :])
        logits: torch.Tensor = self.out(torch.cat([hidden, self.drop(signal)], 2))[:, :, 0]
        return logits


def fit(data: Sequence[Row], kind: Kind, *, epochs: int, seed: int) -> Network:
    """Fit a network; the same data and seed give the same weights on the same machine."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # the matrices are small: two threads spend their time waiting for each other
    rng = np.random.default_rng(seed)
    network = Network(data[0].matrices[kind].shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    steps = epochs * ((len(data) + BATCH - 1) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=steps + 1)
    for epoch in range(epochs):
        network.train()
        total = 0.0
        for batch in _batches(data, rng):
            matrix, mask, labels, weights = _pack(batch, kind, rng)
            losses = nn.functional.binary_cross_entropy_with_logits(network(matrix, mask), labels, reduction="none")
            loss = (losses * weights).sum() / len(batch)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"{kind} {seed}: epoch {epoch + 1:2} of {epochs}: loss {total / len(data):.4f}", file=sys.stderr, flush=True)
    network.eval()
    return network


def predict(networks: Sequence[Network], matrix: Matrix) -> Matrix:
    """Give the probability that each block is story: of several networks, that of their mean logit."""
    with torch.no_grad():
        rows, mask = torch.from_numpy(matrix)[None], torch.ones(1, len(matrix))
        logits = torch.stack([network(rows, mask)[0] for network in networks]).mean(0)
        found: Matrix = torch.sigmoid(logits).numpy()
    return found


def _batches(data: Sequence[Row], rng: np.random.Generator) -> Iterator[list[Row]]:
    """Give the pages in batches of about the same length, in a new order each time."""
    order = sorted(range(len(data)), key=lambda index: len(data[index].labels) + rng.normal() * 30)
    groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    for group in rng.permutation(len(groups)):
        yield [data[index] for index in groups[group]]


def _pack(batch: Sequence[Row], kind: Kind, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    longest = min(MOST_BLOCKS, max(len(row.labels) for row in batch))
    matrix = np.zeros((len(batch), longest, batch[0].matrices[kind].shape[1]), np.float32)
    mask, labels, weights = (np.zeros((len(batch), longest), np.float32) for _ in range(3))
    for index, row in enumerate(batch):
        start = int(rng.integers(0, max(0, len(row.labels) - longest) + 1))
        cut = slice(start, start + longest)
        count = len(row.labels[cut])
        matrix[index, :count] = row.matrices[kind][cut]
        mask[index, :count] = 1
        labels[index, :count] = row.labels[cut]
        weights[index, :count] = row.shares(cut)
        if kind == "page":
            _forget(matrix[index], rng)
    return torch.from_numpy(matrix), torch.from_numpy(mask), torch.from_numpy(labels), torch.from_numpy(weights)


def _forget(matrix: Matrix, rng: np.random.Generator) -> None:
    """Let a page lose a signal now and then, its class names or what it says of itself, so that the model does not lean on it."""
    for columns, share in FORGOTTEN:
        if rng.random() < share:
            matrix[:, columns] = 0


def _forgotten() -> tuple[tuple[slice, float], ...]:
    """Find the page's columns that may be forgotten, counted from the end, where `features.page_matrix` puts what the markup adds."""
    kinds = slice(-WORDS - PROSE - 2 * len(kind_names()), -WORDS - PROSE)
    quoted = slice(kinds.start - QUOTED, kinds.start)
    described = slice(quoted.start - DESCRIBED, quoted.start)
    around = described.start - SHAPES - 5 * LEVELS - len(AROUND) - 1
    return (
        (slice(around - NAMES, around), 0.3),
        (slice(around, around + len(AROUND) + 1), 0.15),
        (described, 0.3),
        (quoted, 0.4),
        (kinds, 0.3),
    )


# How many columns each part of the page's matrix has, where no constant of its own says so.
NAMES, LEVELS, SHAPES, DESCRIBED, QUOTED, PROSE = 4, 4, 5, 3, WIDTH - 3, 13
FORGOTTEN = _forgotten()


def export(network: Network, digest: str) -> bytes:
    """Write the weights as half-precision arrays in the shapes that scraper/extract/model.py multiplies with, and the data's digest."""
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    arrays: dict[str, Matrix] = {}
    for name in ("dense", "down", "page"):
        arrays |= {f"{name}.weight": state[f"{name}.weight"].T, f"{name}.bias": state[f"{name}.bias"]}
    for number in range(len(DILATIONS)):
        arrays[f"conv{number}.weight"] = state[f"convolutions.{number}.weight"].T
        arrays[f"conv{number}.bias"] = state[f"convolutions.{number}.bias"]
    arrays |= {
        "out.hidden": state["out.weight"][:, :HIDDEN].T,
        "out.signal": state["out.weight"][:, HIDDEN:].T,
        "out.bias": state["out.bias"],
    }
    halves: dict[str, Any] = {name: value.astype(np.float16) for name, value in arrays.items()}
    packed = io.BytesIO()
    np.savez_compressed(packed, digest=np.frombuffer(digest.encode(), np.uint8), **halves)
    return packed.getvalue()
