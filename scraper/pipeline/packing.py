"""How does a template get to a worker with each of a source's pages? Packed once for many of them, with what has been proved since.

On most pages a block proves to be the site's own, and the template is another one by that block alone. So it is packed whole when its other
parts change, with every tenth page, and a worker unpacks that once.
"""

import pickle
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from scraper.records import Repeated, Template

__all__ = ["Packed", "Packing", "unpacked"]

TEMPLATES: Final = 100  # as many sources as a run works on at once


class Packed(NamedTuple):
    """A template as workers are given it: the pickle of an earlier one, and the blocks that have been added to it."""

    whole: bytes
    proved: dict[str, Repeated]


class Packing:
    """Packs the templates of one source, each of which comes of the one before."""

    def __init__(self) -> None:
        self._first: Template | None = None
        self._whole = b""

    def packed(self, template: Template) -> Packed:
        """Make a template ready to be handed to a worker."""
        first = self._first
        if first is None or template.odds is not first.odds:  # `extract.memory.renewed` adds blocks, or makes all of it anew
            first, self._first, self._whole = template, template, pickle.dumps(template, pickle.HIGHEST_PROTOCOL)
        proved = template.repeated.keys() - first.repeated.keys()
        return Packed(self._whole, {mark: template.repeated[mark] for mark in proved})


def unpacked(packed: Packed) -> Template:
    """Give the template that was packed."""
    first = _whole(packed.whole)
    return replace(first, repeated={**first.repeated, **packed.proved}) if packed.proved else first


@lru_cache(maxsize=TEMPLATES)
def _whole(pickled: bytes) -> Template:
    template: Template = pickle.loads(pickled)  # noqa: S301 - `Packing` has made it
    return template
