"""Is the story of a page that shows next to nothing in the state it embeds for its scripts? Asked once the body is known.

If so, the story's paragraphs stand in for the blocks that the page would show, and every later step works on them as on any others.
"""

from scraper.extract.body import Body
from scraper.extract.candidates import Choice, Found, Named
from scraper.extract.document import Block, Document
from scraper.extract.fields import Opening
from scraper.extract.headline import Headline
from scraper.extract.state import State, embedded_story

__all__ = ["Told", "told"]

# A body shorter than this is no story yet; a state's story is at least `state.LEAST_CHARS` long.
SHELL_CHARS, CONFIDENCE = 300, 0.5
Told = tuple[Document, Opening, Body]


def told(document: Document, known: Opening, body: Body) -> Told | None:
    """Give the page as its state tells it, or None where it shows a story itself, is behind a paywall, or embeds none."""
    if not document.is_html or not document.scripts or len(body.text or "") >= SHELL_CHARS:
        return None
    if any(claim.value for claim in known.claims.paywalled):
        return None
    state = embedded_story(document)
    return _shown(document, known, state) if state else None


def _shown(document: Document, known: Opening, state: State) -> Told:
    paragraphs = state.text.split("\n\n")
    winner = known.headline.choice.winner or (Found(state.headline, state.signal) if state.headline else None)
    title = [winner.value] if winner else []
    blocks = tuple(Block(text, -1, tag) for tag, text in (*(("h1", text) for text in title), *(("p", text) for text in paragraphs)))
    claims = known.claims
    if state.published:
        claims = claims._replace(published=(*claims.published, Found(state.published, state.signal)))
    if state.authors:
        names = tuple(Named(name) for name in state.authors)
        claims = claims._replace(authors=(*claims.authors, Found(names, state.signal)))
    choice = known.headline.choice if known.headline.choice.winner else Choice(winner)
    span = (len(title), len(blocks))
    body = Body(tuple(range(*span)), span, state.text, (), CONFIDENCE, state.signal, ())
    shown = document._replace(blocks=blocks, elements=(), marks=(), layout=None)
    return shown, Opening(claims, Headline(choice, 0 if title else None), known.names), body
