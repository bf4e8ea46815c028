"""One page in, one record out. `article` holds the cascade; the other modules answer one question each.

document, walk, plaintext     what does the page hold?
structured, headline, byline, dates, language, publisher, standfirst → fields     what does it say about the story?
features, model, phrases, opinion, templates → body     which blocks are the story?
verdict     what sort of page is it?
"""

from scraper.extract.article import extract

__all__ = ["extract"]
