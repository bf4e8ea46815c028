"""How much of a story stands inside the elements of each path, where no compiler built the inner loops? The compiled way gives the same."""

from typing import TYPE_CHECKING

from scraper.extract.document import Block

if TYPE_CHECKING:
    from scraper.extract.document import Ints

__all__ = ["shares"]

# A block counts by its text, but no paragraph outweighs a dozen lines, and a line still counts.
MOST_CHARS, LEAST_CHARS = 500, 20


def shares(
    blocks: tuple[Block, ...], kept: tuple[int, ...], first: "Ints", end: "Ints", paths: tuple[str, ...], held: float, /
) -> tuple[dict[str, tuple[int, int]], int | None]:
    """Give story and other text inside the elements of each path, and the last element that holds a share of the story, `held` of the most.

    An element holds the blocks from `first` to before `end`, and `kept` are those of the story.
    """
    story, other = _inside(blocks, frozenset(kept), first, end)
    by_path: dict[str, tuple[int, int]] = {}
    for path, told, rest in zip(paths, story, other, strict=True):
        if told or rest:
            before = by_path.get(path, (0, 0))
            by_path[path] = (before[0] + told, before[1] + rest)
    least = held * max(story, default=0)
    return by_path, max((index for index, told in enumerate(story) if told >= least and (told or other[index])), default=None)


def _inside(blocks: tuple[Block, ...], kept: frozenset[int], first: "Ints", end: "Ints") -> tuple[list[int], list[int]]:
    """Measure how much story and how much other text each element holds."""
    before = [(0, 0)]
    for index, block in enumerate(blocks):
        size = min(len(block.text), MOST_CHARS) + LEAST_CHARS
        told, rest = before[-1]
        before.append((told + size, rest) if index in kept else (told, rest + size))
    spans = list(zip(first.tolist(), end.tolist(), strict=True))
    return [before[last][0] - before[start][0] for start, last in spans], [before[last][1] - before[start][1] for start, last in spans]
