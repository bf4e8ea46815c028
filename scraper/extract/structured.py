"""What does a page's markup for machines claim? JSON-LD, microdata and meta elements, as ranked claims a field.

Every claim is a witness, not a truth: the field modules weigh it against what a reader sees. Within one field the claims stand in order
of trust: JSON-LD of the object that is about this page, microdata, then the metas.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from scraper.extract.candidates import Claims, Found, Named
from scraper.extract.document import Document
from scraper.extract.jsonld import Graph, Node, graph, text_of, texts
from scraper.extract.metas import from_metas
from scraper.extract.microdata import from_microdata
from scraper.extract.plain import plain

__all__ = ["PAGE_DATE", "structured", "url_key"]

ARTICLE_TYPES: Final = frozenset(
    "Article NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle OpinionNewsArticle ReportageNewsArticle "
    "ReviewNewsArticle AdvertiserContentArticle BlogPosting LiveBlogPosting SocialMediaPosting DiscussionForumPosting TechArticle Report "
    "ScholarlyArticle SatiricalArticle MedicalScholarlyArticle Review CriticReview HowTo Recipe".split()
)
PAGE_TYPES: Final = frozenset("WebPage ItemPage MedicalWebPage AboutPage FAQPage QAPage CreativeWork VideoObject PodcastEpisode".split())
SITE_TYPES: Final = frozenset("WebSite NewsMediaOrganization Organization Corporation Blog OnlineBusiness".split())

# The signal of a date that a WebPage object has: every page of a CMS has one, stories and others alike.
PAGE_DATE: Final = "json_ld:WebPage.datePublished"
MAX_AUTHORS: Final = 25
MAX_HEADINGS: Final = 5


def structured(document: Document, url: str | None) -> Claims:
    """Collect what JSON-LD, microdata and metas claim. `url` is the page's own address, to tell its object from those of other stories."""
    objects = graph(document.scripts)
    node = _about(objects, document, url)
    parts: list[tuple[tuple[Any, ...], ...]] = [
        _from_node(objects, node),
        from_metas(document.metas),
        from_microdata(document.properties),
        _weakly(node),
        _from_site(objects),
    ]
    return Claims._make(a + b + c + d + e for a, b, c, d, e in zip(*parts, strict=True))


@lru_cache(maxsize=1024)
def url_key(url: str | None) -> str:
    """Give what two addresses of one page share: host and path in lower case, without `www.` and a closing slash."""
    # Kept, since a page gives its address five times over.
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    return (host + parts.path.rstrip("/")).lower()


# -- which object is about this page


def _about(objects: Graph, document: Document, url: str | None) -> Node | None:
    """Choose the object that describes this page: an article whose address or headline is the page's; the first of equals."""
    rated = [(node, kind) for node in objects.nodes if (kind := _kind(node))]
    if not rated or (len(rated) == 1 and not rated[0][0].aside):
        return rated[0][0] if rated else None
    titles, addresses = _Titles(document), _addresses(document, url)
    best, best_score = None, 0.0
    for node, kind in rated:
        score = kind + _score(node, titles, addresses)
        if score > best_score:
            best, best_score = node, score
    return best


def _kind(node: Node) -> float:
    """Rate the type of an object. The steps only need to keep an order: a matching address or headline outweighs the type."""
    if not ARTICLE_TYPES.isdisjoint(node.types):
        return 3.0
    return 0.0 if PAGE_TYPES.isdisjoint(node.types) else 1.0


def _score(node: Node, titles: "_Titles", addresses: frozenset[str]) -> float:
    """Rate what an object says of itself; teasers need both the page's address and its headline."""
    members = node.members
    score = 0.3 * ("datePublished" in members) + 0.2 * ("author" in members) + 0.1 * ("headline" in members) - 4.0 * node.aside
    if any(url_key(text) in addresses for text in map(text_of, (members.get("url"), members.get("mainEntityOfPage"), members.get("@id")))):
        score += 2.0
    headline = plain(text_of(members.get("headline")) or text_of(members.get("name")) or "")
    if headline and titles.hold(headline):
        score += 2.0
    return score


class _Titles:
    """The page's own titles; its headings are only looked up where those of its head do not settle the question."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known = tuple(filter(None, map(plain, (document.meta("og:title"), document.title))))
        self._headings: tuple[str, ...] | None = None

    def hold(self, headline: str) -> bool:
        """Say whether one of them has this headline in it, or is a part of it."""
        if any(headline in title or title in headline for title in self._known):
            return True
        if self._headings is None:
            headings = islice((block.text for block in self._document.blocks if block.tag == "h1"), MAX_HEADINGS)
            self._headings = tuple(filter(None, map(plain, headings)))
        return any(headline in title or title in headline for title in self._headings)


def _addresses(document: Document, url: str | None) -> frozenset[str]:
    given = [url, document.meta("og:url")]
    given.extend(href for rel, href, _ in document.links if rel == "canonical")
    return frozenset(key for key in map(url_key, given) if "/" in key)


# -- what an object claims


def _from_node(objects: Graph, node: Node | None) -> Claims:
    if node is None:
        return Claims()
    members = node.members
    article = not ARTICLE_TYPES.isdisjoint(node.types)
    image = members.get("image") or members.get("thumbnailUrl")
    return Claims(
        headlines=_claim(members, "headline", "name", "alternativeHeadline") if article else _claim(members, "headline"),
        authors=tuple(_authors(objects, members)),
        published=_claim(members, "datePublished") if article else (),
        modified=_claim(members, "dateModified"),
        publishers=_named(objects, members, "publisher", "sourceOrganization", "copyrightHolder"),
        sections=_claim(members, "articleSection"),
        tags=tuple(Found(texts(members[key]), f"json_ld:{key}") for key in ("keywords",) if members.get(key)),
        images=tuple(Found(source, "json_ld:image") for source in [_image(objects.resolve(image))] if source),
        languages=_claim(members, "inLanguage"),
        descriptions=_claim(members, "description"),
        bodies=_claim(members, "articleBody"),
        paywalled=_paywalled(members),
        types=node.types,
    )


def _weakly(node: Node | None) -> Claims:
    """Read the dates of creation, and those of a page that calls itself no article: they count where a reader sees them."""
    if node is None or not ARTICLE_TYPES.isdisjoint(node.types):
        return Claims(published=_claim(node.members, "dateCreated")) if node else Claims()
    return Claims(published=tuple(Found(claim.value, PAGE_DATE) for claim in _claim(node.members, "datePublished")))


def _claim(members: Mapping[str, Any], *names: str) -> tuple[Found[str], ...]:
    pairs = ((text_of(members.get(name)), name) for name in names)
    return tuple(Found(text, f"json_ld:{name}") for text, name in pairs if text)


def _named(objects: Graph, members: Mapping[str, Any], *names: str) -> tuple[Found[str], ...]:
    pairs = ((text_of(objects.resolve(members.get(name))), name) for name in names)
    return tuple(Found(text, f"json_ld:{name}") for text, name in pairs if text and "://" not in text)


def _authors(objects: Graph, members: Mapping[str, Any]) -> Iterator[Found[tuple[Named, ...]]]:
    for key in ("author", "creator"):
        value = members.get(key)
        if not value:
            continue
        items = value if isinstance(value, list) else [value]
        names = tuple(name for item in items[:MAX_AUTHORS] for name in _people(objects, item))
        if names:
            yield Found(names, f"json_ld:{key}")


def _people(objects: Graph, item: Any) -> Iterable[Named]:
    item = objects.resolve(item)
    if not isinstance(item, dict):
        return [Named(name) for name in texts(item)]
    kind = item.get("@type")
    kinds = [str(entry) for entry in (kind if isinstance(kind, list) else [kind])]
    # A blog's author is often both: ["Person", "Organization"].
    organisation = any("Organization" in entry for entry in kinds) and "Person" not in kinds
    names = item.get("name") or item.get("@list") or item.get("@value")
    given, family = text_of(item.get("givenName")), text_of(item.get("familyName"))
    if not names and (given or family):
        names = " ".join(filter(None, (given, family)))
    return [Named(name, organisation) for name in texts(names)]


def _image(value: Any) -> str | None:
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return value.strip() or None if isinstance(value, str) else None


def _paywalled(members: Mapping[str, Any]) -> tuple[Found[bool], ...]:
    free = members.get("isAccessibleForFree")
    if free is None and isinstance(members.get("hasPart"), dict):
        free = members["hasPart"].get("isAccessibleForFree")
    if free is None:
        return ()
    return (Found(str(free).strip().lower().rsplit("/", 1)[-1] in ("false", "no", "0"), "json_ld:isAccessibleForFree"),)


def _from_site(objects: Graph) -> Claims:
    """Read what only speaks of the site: the name of a WebSite or an organisation that stands at the top."""
    names = [Found(name, f"json_ld:{node.types[0]}") for node in objects.nodes[:60] if not node.aside for name in _site_name(node)]
    return Claims(publishers=tuple(names[:4]))


def _site_name(node: Node) -> Iterable[str]:
    name = None if SITE_TYPES.isdisjoint(node.types) else text_of(node.members.get("name"))
    return (name,) if name else ()
