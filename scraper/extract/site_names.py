"""What does a site call itself, and how is that taken off a title? Learned from the page: og:site_name, the publisher, its host."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from scraper.extract.candidates import Claims
from scraper.extract.plain import letters, plain

__all__ = ["is_site", "parted", "site_names", "without_site"]

# Between a headline and what sites put beside it. A hyphen or colon counts with white space around it only, or beside other scripts.
# Its first character is looked for by itself, which is three times as fast as to try each way at each place.
SEPARATOR: Final = re.compile(
    r"[\s|｜»›ㅣ:：_＿–-](?:"
    r"(?<=\s)(?:\s*[|\-–—·•»«›‹:/~⋆*]+\s+|[|｜»›ㅣ]\s?|[:：]{2,3}\s?|[_＿]\s?(?=[^\x00-\x7f])|[—–-](?=\S))"
    r"|(?<=[|｜»›ㅣ])\s?|(?<=[:：])[:：]{1,2}\s?|(?<=[_＿])\s?(?=[^\x00-\x7f])|(?<=[^\x00-\x7f][–-])\s?(?=[^\x00-\x7f]))"
)
SIGN: Final = re.compile(r"[|\-–—·•»«›‹:/~⋆*｜ㅣ：_＿]")
MAX_CUTS: Final = 3
MAX_NAME_CHARS: Final = 80
MAX_SEGMENT: Final = 40
LEAST_LABEL: Final = 4
# As hosts write letters that they cannot have: "Schweizer Jäger" is at schweizerjaeger.example.
UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})


def site_names(claims: Claims, url: str | None) -> frozenset[str]:
    """Give what the site calls itself, in common form: og:site_name, the publisher, and its host without the ending."""
    names = {plain(claim.value) for claim in claims.publishers if len(claim.value) <= MAX_NAME_CHARS}
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        host = ""
    host = host.removeprefix("www.")
    labels = host.split(".")
    names.update(
        (host, *(".".join(labels[i:]) for i in range(1, len(labels) - 1)), *(label for label in labels[:-1] if len(label) >= LEAST_LABEL))
    )
    squeezed = {letters(name) for name in names}
    return frozenset(name for name in names | squeezed if len(name) > 1)


def is_site(text: str, names: frozenset[str]) -> bool:
    """Say whether a text is one of the site's names, whatever its case, spaces and punctuation."""
    form = plain(text)
    return form in names or letters(form) in names or (not form.isascii() and _letters_of_host(form) in names)


def _letters_of_host(form: str) -> str:
    return letters(form if form.isascii() else form.translate(UMLAUTS))


def without_site(text: str, names: frozenset[str], forms: frozenset[str]) -> str:
    """Take the site's name off a title: segments at its ends that are the site's name, or whose loss another line (`forms`) confirms."""
    text = next((part for parts in parted(text) for part in parts if plain(part) in forms), text)
    for _ in range(MAX_CUTS):
        cuts = _cuts(text)
        if not cuts:
            break
        first, last = cuts[0], cuts[-1]
        within = _site_within(text, cuts, names)
        if within is not None:
            text = text[: within.start()]
        elif _belongs_to_site(text[last.end() :], names) or plain(text[: last.start()]) in forms:
            text = text[: last.start()]
        elif _belongs_to_site(text[: first.start()], names) or plain(text[first.end() :]) in forms:
            text = text[first.end() :]
        else:
            break
    return text.strip()


@lru_cache(maxsize=512)
def _cuts(text: str) -> tuple[re.Match[str], ...]:
    # Kept, since a page's titles are taken apart for several questions.
    return tuple(SEPARATOR.finditer(text)) if SIGN.search(text) else ()


def _site_within(text: str, cuts: Sequence[re.Match[str]], names: frozenset[str]) -> re.Match[str] | None:
    """Find the separator before the site's name where its motto follows: "Harbour opens - Quay Post | News from the coast"."""
    found = next((cut for cut, end in pairwise(cuts) if is_site(text[cut.end() : end.start()], names)), None)
    return found if found is not None and not _belongs_to_site(text[: found.start()], names) else None


def parted(text: str) -> Iterator[tuple[str, str]]:
    """Give what stands before and behind each of a title's separators."""
    for cut in _cuts(text):
        yield text[: cut.start()], text[cut.end() :]


def _belongs_to_site(segment: str, names: frozenset[str]) -> bool:
    if is_site(segment, names):
        return True
    form = plain(segment)
    spellings = {letters(form), _letters_of_host(form)}
    return len(segment) < MAX_SEGMENT and any(len(name) > LEAST_LABEL and name in each for name in names for each in spellings)
