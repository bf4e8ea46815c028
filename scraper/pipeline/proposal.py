"""What would a source made of a survey look like in sources.yaml? Only what was seen goes into it; what was not is left to the defaults."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from scraper.pipeline.survey import Survey
from scraper.records import STORIES, Article
from scraper.sources.zones import zone_at
from scraper.urls import origin

__all__ = ["clocks", "domain_of", "entry_of", "id_of", "stories"]

# The labels below a country's own that say what sort of site it is; they are no part of a name.
SORTS: Final = frozenset(("ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "ne", "net", "nom", "or", "org"))
COUNTRY_CHARS: Final = 2
KEYS: Final = {"feed": "feeds", "news_sitemap": "news_sitemaps", "section": "sections"}
FEWEST: Final = 2  # of the pages have to agree on a language or a name, unless there is but one


def id_of(domain: str) -> str:
    """Make an id of a domain: `harbourpost.example` is harbourpost, `news.coast.co.uk` news-coast, and an address stays one."""
    host, _, port = domain.partition(":")
    labels = host.split(".")
    if not labels[-1].isdigit():
        labels = labels[:-1] if len(labels) > 1 else labels
        if len(labels) > 1 and labels[-1] in SORTS and len(host.rpartition(".")[2]) == COUNTRY_CHARS:
            labels = labels[:-1]
    return "-".join([*labels, port] if port else labels)[:64]


def domain_of(found: Survey) -> str:
    """Give the domain of a site: that of the address, unless most links lead elsewhere, as those of a feed at another host do."""
    own = _domain(found.url)
    hosts = Counter(_domain(link.url) for listing in found.listings for link in listing.links)
    if not hosts or sum(count for host, count in hosts.items() if host == own or host.endswith(f".{own}")) * 2 >= hosts.total():
        return own
    return hosts.most_common(1)[0][0]


def _domain(url: str) -> str:
    return (origin(url) or "").partition("://")[2].removeprefix("www.")


def entry_of(found: Survey, *, source_id: str, domain: str) -> dict[str, Any]:
    """Give the keys of a source, in the order in which people write them."""
    told = stories(found)
    publishers = Counter(article.publisher for article in told if article.publisher)
    often_named = [name for name, count in publishers.most_common(1) if count >= min(FEWEST, len(told))]
    entry: dict[str, Any] = {"id": source_id, "name": (often_named or [domain])[0], "domain": domain}
    languages = Counter(article.language for article in told if article.language)
    if often := [language for language, count in languages.most_common() if count >= min(FEWEST, len(told))]:
        entry["languages"] = often
    for kind, key in KEYS.items():
        if urls := [listing.url for listing in found.listings if listing.kind == kind and listing.links]:
            entry[key] = urls
    zone = _zone(told, domain)
    return entry | ({"rules": {"timezone": zone}} if zone else {})


def stories(found: Survey) -> list[Article]:
    """Give the samples that are stories."""
    return [sample.article for sample in found.samples if sample.article and sample.article.verdict in STORIES]


def clocks(articles: Iterable[Article]) -> Counter[str]:
    """Count how the stories' times are told: by zone (`+01:00`), `no zone` where the page gives none, `no time` where it has no time."""
    return Counter(_clock(article) for article in articles)


def _clock(article: Article) -> str:
    if article.published is None or article.published_precision == "day":
        return "no time"
    return article.published.isoformat()[-6:] if article.published.tzinfo and not _zone_is_the_listings(article) else "no zone"


def _zone_is_the_listings(article: Article) -> bool:
    proof = article.evidence.of("published")
    return proof is not None and any(lost.reason.endswith("the zone") for lost in proof.candidates)


def _zone(articles: Iterable[Article], domain: str) -> str | None:
    """Give the zone of the site's clock where its pages do not: the one of its country in which all the listing's moments are right."""
    country = urlsplit(f"//{domain}").hostname or ""
    country = country.rpartition(".")[2]
    without = [article for article in articles if _clock(article) == "no zone"]
    if len(country) != COUNTRY_CHARS or not without:
        return None
    zones = {
        zone_at(country, article.published.replace(tzinfo=None), offset)
        for article in without
        if article.published and (offset := article.published.utcoffset()) is not None
    }
    return zones.pop() if len(zones) == 1 else None
