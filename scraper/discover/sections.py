"""Which stories does a section page or a home page link to? Told by the shape of each link: where it stands, how it reads, where it leads.

For sites without a feed. Lists of links that look alike and read like headlines are stories; menus, footers and what leads to other sites
are not. The page is read by lxml, once; nothing is fetched.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from scraper import urls
from scraper.discover.dates import listed_date
from scraper.discover.listing import Entry, Listing
from scraper.discover.shapes import story_likeness

__all__ = ["markup_tree", "next_page", "page_base", "read"]

MAX_LINKS = 5_000  # in the page; a home page has some 300
MAX_STORIES = 300
_ENOUGH = 3  # points: an address like a story's and words like a headline's; or a headline among its like
_PEERS = 3  # links of one shape make a list
_HEADLINE_WORDS = 4
_HEADLINE_CHARACTERS = 25
_WIDE_CHARACTERS = 10  # Chinese and Japanese: a headline without spaces
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_SHAPE_LEVELS = 4
_CARD_LEVELS = 5
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_CHROME_TAGS = frozenset({"nav", "footer", "form", "button", "select", "noscript", "template"})
_CHROME_ROLES = frozenset({"navigation", "contentinfo", "search", "menu", "menubar"})
_CHROME_WORDS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|submenu|footer|breadcrumbs?|cookies?|consent|share|sharing|social|pagination|pager|"
    r"skip|toolbar|login|newsletter|tag-?list|tags|byline|author)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^(?:next(?: page)?|older(?: posts| stories)?|weiter|n[äa]chste(?: seite)?|suivante?|siguiente|successiva|próxima|»|›|>)\s*[»›>→]?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Story:
    """What the links to one address say together: an image, a headline and a "read more" often lead to the same story."""

    url: str
    text: str = ""
    points: int = 0
    shapes: list[str] = field(default_factory=list)
    card: etree._Element | None = None


def read(text: str, base: str) -> Listing:
    """Read a page as a list of stories, in the page's order; no entries when there are none. Never raises."""
    tree = markup_tree(text)
    if tree is None:
        return Listing()
    base = page_base(tree, base)
    found = _stories(tree, base)
    reading = Counter(shape for story in found for shape in set(story.shapes) if _reads_like_a_headline(story.text))
    entries = [_entry(story) for story in found if _points(story, reading) >= _ENOUGH]
    return Listing(url=base, language=tree.get("lang"), entries=tuple(entries[:MAX_STORIES]), following=next_page(tree, base))


def markup_tree(text: str) -> etree._Element | None:
    """Parse HTML, broken or not; None when there is nothing in it."""
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def next_page(tree: etree._Element, base: str) -> str | None:
    """Give the page that a list goes on at: by `rel=next`, or by a link that says so. It stands on the same host."""
    named = (element for element in tree.iter("link", "a") if "next" in (element.get("rel") or "").lower().split())
    said = (element for element in tree.iter("a") if _NEXT.match(_words(element)))
    for element in (*named, *said):
        url = urls.join(base, element.get("href") or "")
        if url and urls.is_http(url) and urls.host(url) == urls.host(base) and urls.canonical_url(url) != urls.canonical_url(base):
            return url
    return None


def _stories(tree: etree._Element, base: str) -> list[_Story]:
    """Gather the links that stand outside menus and stay on the site, by the address they mean."""
    own = urls.canonical_url(base)
    chrome: dict[etree._Element, bool] = {}
    found: dict[str, _Story] = {}
    for number, link in enumerate(tree.iter("a")):
        if number >= MAX_LINKS:
            break
        url = _address(link, base)
        key = urls.canonical_url(url) if url else own
        if url is None or key == own or _in_chrome(link, chrome):
            continue
        story = found.setdefault(key, _Story(url))
        story.shapes.append(_shape(link))
        words, in_heading = _headline(link)
        if words and (in_heading > story.points or (in_heading == story.points and len(words) > len(story.text))):
            story.text, story.card, story.points = words, link, int(in_heading)
    return list(found.values())


def _address(link: etree._Element, base: str) -> str | None:
    href = (link.get("href") or "").strip()
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    url = urls.join(base, href)
    return url if url and urls.is_http(url) and _same_site(urls.host(url), urls.host(base)) else None


def _same_site(one: str | None, other: str | None) -> bool:
    bare, own = (one or "").removeprefix("www."), (other or "").removeprefix("www.")
    return bool(bare and own) and (bare == own or bare.endswith(f".{own}") or own.endswith(f".{bare}"))


def _points(story: _Story, reading: Counter[str]) -> int:
    if not story.text:
        return 0
    listed = any(reading[shape] >= _PEERS for shape in story.shapes)
    return story_likeness(story.url) + story.points + _reads_like_a_headline(story.text) + listed


def _reads_like_a_headline(text: str) -> bool:
    if _WIDE.search(text):
        return len(text) >= _WIDE_CHARACTERS
    return len(text) >= _HEADLINE_CHARACTERS and len(text.split()) >= _HEADLINE_WORDS


def _in_chrome(element: etree._Element, known: dict[etree._Element, bool]) -> bool:
    """Tell whether an element stands in a menu, footer or the like; what is found of its ancestors is kept for the next."""
    path: list[etree._Element] = []
    node: etree._Element | None = element.getparent()
    answer = False
    while node is not None:
        if node in known:
            answer = known[node]
            break
        path.append(node)
        if _is_chrome(node):
            answer = True
            break
        node = node.getparent()
    known.update(dict.fromkeys(path, answer))
    return answer


def _is_chrome(element: etree._Element) -> bool:
    if element.tag in {"body", "html", "main", "article"}:
        return False
    if element.tag in _CHROME_TAGS or (element.get("role") or "") in _CHROME_ROLES:
        return True
    return bool(_CHROME_WORDS.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _shape(link: etree._Element) -> str:
    """Describe where a link stands: itself and what is around it, by tag and first class."""
    near = (link, *_ancestors(link, _SHAPE_LEVELS))
    return ">".join(f"{element.tag}.{(element.get('class') or '').partition(' ')[0]}" for element in near)


def _headline(link: etree._Element) -> tuple[str, bool]:
    """Give the words a link shows, or of the heading inside it, and whether a heading is in or around it."""
    inside = next((_words(part) for part in link.iter(*_HEADINGS)), None)
    if inside:
        return inside, True
    around = any(parent.tag in _HEADINGS for parent in _ancestors(link, 3))
    words = _words(link) or " ".join((link.get("aria-label") or link.get("title") or "").split())
    return words, around and bool(words)


def _entry(story: _Story) -> Entry:
    return Entry(url=story.url, title=story.text[:500], published=listed_date(_time(story)))


def _time(story: _Story) -> str | None:
    """Give the date on a story's card: the one `time` within the nearest container that has one."""
    for container in _ancestors(story.card, _CARD_LEVELS) if story.card is not None else ():
        times = [time.get("datetime") for time in container.iter("time")]
        if times:
            return times[0] if len(times) == 1 else None
    return None


def _ancestors(element: etree._Element, levels: int) -> Iterator[etree._Element]:
    for _, parent in zip(range(levels), element.iterancestors(), strict=False):
        yield parent


def _words(element: etree._Element) -> str:
    return " ".join(" ".join(_texts(element.itertext())).split())


def _texts(pieces: Iterable[object]) -> Iterator[str]:
    room = 2_000
    for piece in pieces:
        room -= len(str(piece))
        yield str(piece)
        if room < 0:
            return


def page_base(tree: etree._Element, base: str) -> str:
    """Give what the addresses in a page stand on: its `base` element, if it has one."""
    given = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    return urls.join(base, given) or base if given else base
