"""What does one site repeat? Blocks that stand on several of its pages are chrome, whatever they say and however they are marked up.

`learn` counts fingerprints over a few pages of one source; `repeated_blocks` finds them on the next page. Where templates are kept, and
when they are learned anew, is left to the pipeline.
"""

from collections import Counter
from collections.abc import Iterable

from scraper.extract.document import Document
from scraper.fingerprints import block_fingerprint
from scraper.records import Template

__all__ = ["learn", "repeated_blocks"]

# Two pages may quote the same sentence; three pages of one site that hold the same block hold it because the site puts it there. With
# fewer than six pages two are enough, since a template of three pages would otherwise learn only what stands on every one.
MIN_PAGES, FEW_PAGES = 3, 6
MIN_CHARS = 2


def learn(documents: Iterable[Document]) -> Template:
    """Count on how many of a site's pages each block stands; those on too few pages are not kept."""
    counts: Counter[str] = Counter()
    pages = 0
    for document in documents:
        pages += 1
        counts.update({block_fingerprint(block.text) for block in document.blocks if len(block.text) >= MIN_CHARS})
    least = MIN_PAGES if pages >= FEW_PAGES else 2
    return Template(pages=pages, repeated={mark: count for mark, count in counts.items() if count >= least})


def repeated_blocks(document: Document, template: Template | None) -> frozenset[int]:
    """Give the indexes of the blocks that the template knows as repeated."""
    if template is None or not template.repeated:
        return frozenset()
    return frozenset(
        index
        for index, block in enumerate(document.blocks)
        if len(block.text) >= MIN_CHARS and block_fingerprint(block.text) in template.repeated
    )
