"""What does a page's microdata or RDFa claim? Properties inside an article's item come first, those outside of any item last.

Properties of comments, persons and products inside the page are told apart by the types of the items around them.
"""

from collections.abc import Iterator
from typing import Final

from scraper.extract.candidates import Claims, Found, Named
from scraper.extract.document import Property

__all__ = ["from_microdata"]

ASIDE_SCOPES: Final = frozenset(
    "Comment UserComments Review Product Offer Person Organization ImageObject VideoObject ItemList Event BreadcrumbList".split()
)
MAX_PROPERTIES: Final = 300
MAX_NAMES: Final = 25


def from_microdata(properties: tuple[Property, ...]) -> Claims:
    """Collect the claims of all properties that speak of the story."""
    if not properties:
        return Claims()
    known: dict[str, list[str]] = {}
    for prop in properties[:MAX_PROPERTIES]:
        if not (prop.scopes and prop.scopes[-1] in ASIDE_SCOPES):
            known.setdefault(prop.name, []).append(" ".join(prop.value.split()))
    names = tuple(dict.fromkeys(_people(properties)))
    return Claims(
        headlines=_claim(known, "headline"),
        authors=(Found(tuple(Named(name) for name in names[:MAX_NAMES]), "microdata:author"),) if names else (),
        published=_claim(known, "datePublished", "dateCreated"),
        modified=_claim(known, "dateModified"),
        sections=_claim(known, "articleSection"),
        tags=tuple(Found(tuple(known[key][:60]), f"microdata:{key}") for key in ("keywords",) if key in known),
        languages=_claim(known, "inLanguage"),
        descriptions=_claim(known, "description"),
    )


def _claim(known: dict[str, list[str]], *names: str) -> tuple[Found[str], ...]:
    return tuple(Found(value, f"microdata:{name}") for name in names for value in known.get(name, ())[:1] if value)


def _people(properties: tuple[Property, ...]) -> Iterator[str]:
    """Give the names of authors: a `name` inside an author's item where there is one, else the text of the `author` property."""
    names = [" ".join(prop.value.split()) for prop in properties[:MAX_PROPERTIES] if prop.name == "name" and "Person" in prop.scopes[-1:]]
    for prop in properties[:MAX_PROPERTIES]:
        if prop.name in ("author", "creator") and "Comment" not in prop.scopes and "://" not in prop.value:
            text = " ".join(prop.value.split())
            yield from [name for name in names if name and name in text] or [text]
