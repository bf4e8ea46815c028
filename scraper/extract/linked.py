"""How much of a story's text stands in links? A few words of most stories do; where much of it does, lists of other stories came in."""

from scraper.extract.article import Reading
from scraper.records import STORIES

__all__ = ["link_density"]


def link_density(reading: Reading) -> float | None:
    """Give the share of a story's characters that are a link's, 0 to 1; None of a page that tells none."""
    document, body = reading.document, reading.body
    if reading.article.verdict not in STORIES or document is None or body is None or not body.blocks:
        return None
    blocks = [document.blocks[index] for index in body.blocks]
    return min(1.0, sum([block.link_chars for block in blocks]) / max(1, sum([len(block.text) for block in blocks])))
