"""Does this URL look like a story's, by its shape alone? Its path is read as people read it: a date, a number, a slug, or a section's name.

Words are few and in the languages that URLs are written in; a site that breaks the habit is set right by `allow` and `deny`.
"""

import re
from urllib.parse import unquote, urlsplit

__all__ = ["story_likeness"]

_DATE = re.compile(r"/(?:19|20)\d\d[/_-]?(?:[01]?\d[/_-]?[0-3]?\d?|[a-z]{3})/")
_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_QUERY_NUMBER = re.compile(r"(?:^|&)(?:id|p|art(?:icle)?(?:_?id)?|story(?:_?id)?|nid|newsid|idxno)=[\w-]*\d", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|m3u8|zip|css|js|xml|rss|json|ics|docx?|xlsx?)$", re.IGNORECASE)
_ENDING = re.compile(r"\.[a-z]{3,5}$|[_-]?(?:\d{4,}|[0-9a-f]{12,})$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_NO_STORY = frozenset(
    """about abo account advertise advertising agb apps author authors autor autoren auteur barrierefreiheit careers cart
    categoria categorie category checkout comments contact contacto contatti cookie cookies datenschutz editorial-guidelines feed feedback
    feeds forum gallery help hilfe impressum imprint jobs kategorie kontakt legal login logout mentions-legales my-account newsletter
    newsletters page people podcast podcasts privacy privacy-policy profile profil register registrieren rss search seite shop signin signup
    sitemap staff subscribe subscription suche tag tags term terms terms-of-use thema themen topic topics user users video videos wp-admin
    wp-content wp-json wp-login""".split()
)
_LEADING_WORDS = 2  # /tag/ and /en/tag/ are no stories; /news/2026/privacy is one
_SLUG_WORDS = 4
_LONG_SLUG_WORDS = 6


def story_likeness(url: str) -> int:
    """Give 2 for a URL that looks like a story's, 1 for one that may be, 0 for one that tells nothing, -3 for what is none."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    if _FILE.search(path) or _NO_STORY.intersection(segment.lower().partition(".")[0] for segment in segments[:_LEADING_WORDS]):
        return -3
    if not segments:
        return 1 if _QUERY_NUMBER.search(parts.query) else -3
    slug = max(segments[-2:], key=len)
    words = len(_WORDS.findall(_ENDING.sub("", slug)))
    marks = bool(_DATE.search(f"{path}/")) + bool(_NUMBER.search(path)) + bool(_QUERY_NUMBER.search(parts.query))
    marks += (words >= _SLUG_WORDS) + (words >= _LONG_SLUG_WORDS)
    return min(marks, 2)
