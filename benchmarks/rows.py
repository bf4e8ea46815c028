"""Which pages does the body model learn from, and what is true of their blocks? Rows of numbers with labels, for markup and for plain text.

Pages with a true body are labelled by alignment. Pages with snippets are labelled where a snippet stands and nowhere else. Made-up pages
(`benchmarks/layouts.py`) are labelled as they were made.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from benchmarks.corpora import CorpusPage
from benchmarks.labels import story_shares
from benchmarks.layouts import Story, page
from benchmarks.scoring import scorer
from scraper.decode import decode
from scraper.extract.document import Block, Document
from scraper.extract.features import Matrix, page_matrix, text_matrix
from scraper.extract.fields import opening
from scraper.extract.walk import walk_html

__all__ = ["LABELLED", "MADE_UP", "MIXED", "UNLABELLED", "Kind", "Row", "balanced", "labelled", "made_up", "unlabelled"]

Kind = Literal["page", "text"]

LABELLED = ("fundus_dev", "wcxb_dev_article", "cleanportaleval")
UNLABELLED = ("trafilatura_eval", "htmldate_default")
MIXED = ("wcxb_dev_other",)  # products, forums, listings, manuals: no articles, but with a true body
MADE_UP = "made_up"  # the set of the pages that are made up
STORY_SHARE = 0.6  # best of 0.4 to 0.7 for the oracle: .9945 and .9909 on the two large sets
MIN_PARAGRAPHS = 4
MADE_UP_WEIGHT, UNLABELLED_WEIGHT, MIXED_WEIGHT, SNIPPET_WEIGHT = 0.6, 0.5, 0.5, 2.0
SNIPPET_ROOM = 60  # a block that holds a snippet of chrome is chrome when it is not much longer than the snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One page, as numbers. `sure` is how much each block's label counts; labels lie between 0 and 1, NaN where they are unknown."""

    set: str
    site: str
    matrices: dict[Kind, Matrix]
    labels: Matrix
    sure: Matrix
    texts: tuple[str, ...]
    body: str = ""
    weight: float = 1.0

    def shares(self, cut: slice = slice(None)) -> Matrix:
        """Give what each of the blocks of this cut counts for.

        What is scored is text, so a long block counts for more; what annoys is a leaked line, so a short one still counts.
        """
        size = np.sqrt(np.asarray([len(text) + 10.0 for text in self.texts[cut]], np.float32))
        found: Matrix = (0.7 * size / size.sum() + 0.3 / len(size)) * self.sure[cut] * self.weight
        return found


def labelled(source: Iterable[CorpusPage]) -> Iterator[tuple[Row, Story | None]]:
    """Label the pages that have a true body by alignment; give each with its story, where that is one and long enough to make pages of."""
    for item in source:
        body = item.truth.get("body")
        document = walk_html(decode(item.content).text)
        if not body or not document.blocks:
            continue
        labels = np.asarray([share > STORY_SHARE for share in story_shares(document.blocks, body)], dtype=np.float32)
        row = _row(document, labels, set_name=item.set, site=item.site, url=item.url, body=body)
        if item.set in MIXED:
            yield replace(row, weight=MIXED_WEIGHT), None
        else:
            yield row, _story(item)


def balanced(rows: Sequence[Row]) -> list[Row]:
    """Weigh the pages of a site by one over the root of their number, so that no site has the word."""
    pages = Counter((row.set, row.site) for row in rows)
    return [replace(row, weight=row.weight * pages[row.set, row.site] ** -0.5) for row in rows]


def _story(item: CorpusPage) -> Story | None:
    paragraphs = tuple(" ".join(line.split()) for line in item.truth["body"].splitlines() if line.strip())
    title = item.truth.get("title")
    return Story(headline=" ".join(title.split()), paragraphs=paragraphs) if len(paragraphs) >= MIN_PARAGRAPHS and title else None


def made_up(stories: Sequence[Story], count: int, seed: int) -> Iterator[Row]:
    """Make pages of these stories."""
    rng = random.Random(seed)
    for number in range(count):
        chosen = rng.sample(stories, rng.randint(2, 10))
        cut = [Story(headline=story.headline, paragraphs=story.paragraphs[: rng.randint(2, 12)]) for story in chosen]
        cut[0] = Story(headline=chosen[0].headline, paragraphs=chosen[0].paragraphs[: rng.randint(4, 30)])
        text, lines, _headline = page(cut, rng)
        document = walk_html(text)
        labels = np.asarray([block.text in lines for block in document.blocks], dtype=np.float32)
        row = _row(document, labels, set_name=MADE_UP, site=str(number), body="\n\n".join(cut[0].paragraphs))
        yield replace(row, weight=MADE_UP_WEIGHT)


def unlabelled(source: Iterable[CorpusPage]) -> Iterator[Row]:
    """Give pages without a true body; where snippets of what belongs to the story and what does not are known, they are labels."""
    for item in source:
        document = walk_html(decode(item.content).text)
        if not document.blocks:
            continue
        labels = _snippet_labels(document.blocks, item.truth.get("with") or (), item.truth.get("without") or ())
        row = _row(document, labels, set_name=item.set, site=item.site, url=item.url)
        yield replace(row, weight=UNLABELLED_WEIGHT, sure=np.where(np.isnan(labels), 1.0, SNIPPET_WEIGHT).astype(np.float32))


def _snippet_labels(blocks: Sequence[Block], story: Sequence[str], chrome: Sequence[str]) -> Matrix:
    """Label the one block that holds a snippet of the story, and every block that is little more than a snippet of chrome."""
    norm = scorer().norm
    texts = [norm(block.text) for block in blocks]
    labels = np.full(len(texts), np.nan, dtype=np.float32)
    for snippet in map(norm, chrome):
        labels[[index for index, text in enumerate(texts) if snippet in text and len(text) < 4 * len(snippet) + SNIPPET_ROOM]] = 0
    for snippet in map(norm, story):
        holding = [index for index, text in enumerate(texts) if snippet in text]
        if len(holding) == 1:
            labels[holding] = 1
    return labels


def _row(document: Document, labels: Matrix, *, set_name: str, site: str, url: str | None = None, body: str = "") -> Row:
    known = opening(document, url)
    bare = Document(blocks=tuple(block._replace(tag="p", element=-1, link_chars=0) for block in document.blocks), is_html=False)
    plain = opening(bare, None)
    return Row(
        set=set_name,
        site=site,
        matrices={
            "page": page_matrix(document, _title(known.headline.choice.winner), known.headline.block, known.claims),
            "text": text_matrix(bare, _title(plain.headline.choice.winner), plain.headline.block),
        },
        labels=labels,
        sure=np.ones_like(labels),
        texts=tuple(block.text for block in document.blocks),
        body=body,
    )


def _title(winner: object) -> str | None:
    value = getattr(winner, "value", None)
    return value if isinstance(value, str) else None
