"""What of a feed says which stories there are? Its short fields. The rest is left out before a parser sees it, in one pass over the text.

Stories told in full make nine tenths of many feeds and are read from their pages anyway. What is left is bounded in every measure that
makes feedparser slow: nesting, attributes, the length of a name, entries. The pass neither mends nor judges: what is broken stays so.
"""

import re

__all__ = ["MAX_ENTRIES", "lean"]

MAX_ENTRIES = 5_000  # 1.5 s of feedparser; feeds in the wild hold some hundred at most
_MAX_TAGS = 200_000  # 25 µs each, 5 s in all
_MAX_DEPTH = 24  # rss, channel, item and a field are four; XHTML in a title adds a handful
_MAX_TAGS_AN_ENTRY = 1_000  # feedparser compares each keyword of an entry with all before it
_ITEM_DEPTH = 4  # what an entry begins with, so that elements nobody closed do not add up from entry to entry
_MAX_ATTRIBUTES = 4_000  # in characters; a root with thirty name spaces has 1,500
_MAX_TEXT = 4_000  # a long URL, a title with markup
_MAX_NAME = 250  # feedparser looks for addresses in names with a pattern that takes quadratic time: 165 s for 200,000 letters
_TOLD = frozenset({"description", "summary", "encoded", "content", "body", "fulltext", "tagline"})
_PREFIXES_OF_TOLD = frozenset({"", "content", "itunes", "xhtml", "atom", "rss", "dc"})  # media:content is a file, not a text
_ENTRIES = frozenset({"item", "entry"})
_NAMES = ("author", "creator", "contributor", "editor", "webmaster", "publisher", "name", "email", "owner")
_DEFAULTED = ("rss", "atom")  # prefixes that feedparser knows by their name space only; undeclared, they are left off
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.-]*)(?::([\w.-]+))?((?:\"[^\"<]*\"|'[^'<]*'|[^<>\"'])*+)>")
_ENTRY_WITHIN = re.compile(r"</?(?:\w+:)?(?:item|entry)\b", re.IGNORECASE)
_HALF_REFERENCE = re.compile(r"&[^;&]{0,12}$")
_SECTION = "<![CDATA["
_MARKED = ((_SECTION, "]]>"), ("<!--", "-->"), ("<?", "?>"))


def lean(text: str) -> str:
    """Give the feed without the stories' texts, and within bounds. Linear in the text's length, whatever it holds."""
    return _Scan(text).read()


class _Scan:
    """One pass; `kept` is what is given in the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.kept: list[str] = []
        self.depth = 0
        self.tags = 0
        self.tags_of_entry = 0
        self.entries = 0
        self.name_of: str | None = None  # the element around a person's name, while it lasts
        self.room = _MAX_TEXT
        self.found: dict[str, int] = {}  # where the next of something was found last: nothing is looked for twice over the same text
        self.undeclared = frozenset(name for name in _DEFAULTED if f"<{name}:" in text and f"xmlns:{name}" not in text)

    def read(self) -> str:
        position = 0
        while position < len(self.text) and self.tags < _MAX_TAGS and self.entries <= MAX_ENTRIES:
            start = self.text.find("<", position)
            if start < 0:
                start = len(self.text)
            self._keep(self.text[position:start])
            position = self._markup(start) if start < len(self.text) else start
        return "".join(self.kept)

    def _markup(self, start: int) -> int:
        """Read what begins with `<` at `start`; give the position after it."""
        for opening, closing in _MARKED:
            if self.text.startswith(opening, start):
                return self._marked(start, opening, closing)
        tag = _TAG.match(self.text, start)
        if tag is None:
            self._keep("<")
            return start + 1
        return self._tag(tag)

    def _marked(self, start: int, opening: str, closing: str) -> int:
        """Read a section, comment or instruction. One without an end, or whose end belongs to the next of its kind, is none."""
        inside, end = start + len(opening), self._find(closing, start)
        following = self._find(opening, inside)
        if end < 0 or (0 <= following < end and following > self._next_entry(inside) >= 0):
            return inside
        if opening == _SECTION:
            kept = self.text[inside:end][: self.room]
            self.room -= len(kept)
            self.kept.append(f"{opening}{kept}{closing}")
        elif opening == "<?":
            self.kept.append(self.text[start : end + len(closing)])
        return end + len(closing)

    def _tag(self, tag: re.Match[str]) -> int:
        is_end, prefix, local, attributes = tag[1] == "/", tag[2], tag[3], tag[4]
        name, alone = (local or prefix).lower(), attributes.endswith("/")
        if name in _TOLD and (prefix if local else "").lower() in _PREFIXES_OF_TOLD and not is_end and not alone:
            return self._after_told(tag)
        self._count(name, is_end=is_end, alone=alone)
        if name in _ENTRIES or (self.depth <= _MAX_DEPTH and self.tags_of_entry <= _MAX_TAGS_AN_ENTRY):
            self.kept.append(self._written(tag))
        if is_end and not alone:
            self.depth = max(self.depth - 1, 0)
        return tag.end()

    def _written(self, tag: re.Match[str]) -> str:
        slash, prefix, local, attributes = tag.groups("")
        if len(attributes) > _MAX_ATTRIBUTES:
            attributes = "/" if attributes.endswith("/") else ""
        if local and prefix in self.undeclared:
            return f"<{slash}{local}{attributes}>"
        return f"<{slash}{prefix}{':' if local else ''}{local}{attributes}>"

    def _count(self, name: str, *, is_end: bool, alone: bool) -> None:
        """Note where in the feed we are."""
        self.tags += 1
        self.tags_of_entry += self.entries > 0  # what comes before the first entry may list them all, as RDF does
        if name in _ENTRIES:
            self.depth, self.tags_of_entry, self.name_of = _ITEM_DEPTH, 0, None
            self.entries += not is_end
        elif not is_end and not alone:
            self.depth += 1
        if is_end and name == self.name_of:
            self.name_of = None
        if self.name_of is None:
            self.room = _MAX_TEXT
            if name.endswith(_NAMES) and not is_end:
                self.name_of, self.room = name, _MAX_NAME

    def _after_told(self, tag: re.Match[str]) -> int:
        """Give the position after a story's text. One that has no end of its own ends with its entry, or is taken to be empty."""
        start, closing = tag.end(), f"</{tag[2]}{':' + tag[3] if tag[3] else ''}>"
        if self.text.startswith(_SECTION, start):  # what looks like an entry in it is text
            end, following = self._find("]]>", start), self._find(_SECTION, start + 1)
            start = end if end >= 0 and not 0 <= following < end else start
        end, entry = self._find(closing, start), self._next_entry(start)
        if end < 0 or 0 <= entry < end:
            return max(entry, tag.end())
        return end + len(closing)

    def _find(self, wanted: str, start: int) -> int:
        known = self.found.get(wanted)
        if known is None or 0 <= known < start:
            known = self.found[wanted] = self.text.find(wanted, start)
        return known

    def _next_entry(self, start: int) -> int:
        """Give where the next entry begins or this one ends, or -1."""
        known = self.found.get("entry")
        if known is None or 0 <= known < start:
            match = _ENTRY_WITHIN.search(self.text, start)
            known = self.found["entry"] = match.start() if match else -1
        return known

    def _keep(self, text: str) -> None:
        if len(text) > self.room:
            text = _HALF_REFERENCE.sub("", text[: self.room])
        self.room -= len(text)
        self.kept.append(text)
