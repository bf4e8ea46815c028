"""Is this a CSS selector, and if not, what is wrong with it? The part of Selectors Level 4 that says where something stands on a page.

Which elements it finds is `extract`'s question. States such as `:hover` are no places, and pseudo-elements such as `::before` are no text.
"""

import re
from typing import Final

__all__ = ["fault"]

MAX_CHARS: Final = 500
NAME: Final = r"-?(?:[A-Za-z_\u00a0-\U0010ffff]|\\.)(?:[\w\-\u00a0-\U0010ffff]|\\.)*"
QUOTED: Final = r"\"[^\"\\\n]*\"|'[^'\\\n]*'"
PLACES: Final = "root empty first-child last-child only-child first-of-type last-of-type only-of-type".split()
COUNTED: Final = "nth-child nth-last-child nth-of-type nth-last-of-type".split()
OF_SELECTORS: Final = "not is where has".split()
STEP: Final = re.compile(
    rf"""(?P<simple>(?:{NAME}|\*)|[.\#](?:{NAME})|\[\s*{NAME}\s*(?:[~|^$*]?=\s*(?:{NAME}|{QUOTED})\s*(?:[iIsS]\s*)?)?\]
        |:(?:{"|".join(PLACES)})(?![\w(-])
        |:(?:{"|".join(COUNTED)})\(\s*(?:odd|even|[+-]?\d+|[+-]?\d*n(?:\s*[+-]\s*\d+)?)\s*\))
      |(?P<opens>:(?:{"|".join(OF_SELECTORS)})\(\s*)|(?P<closes>\s*\))|(?P<comma>\s*,\s*)|(?P<joins>\s*[>+~]\s*|\s+)""",
    re.VERBOSE,
)
TAG: Final = re.compile(rf"{NAME}|\*")


def fault(selector: str) -> str | None:
    """Say what is wrong with a selector, and where; None if nothing is."""
    if len(selector) > MAX_CHARS:
        return f"longer than {MAX_CHARS} characters"
    at, depth, before = 0, 0, "start"
    while at < len(selector):
        step = STEP.match(selector, at)
        if step is None or not _may_follow(step, before, depth):
            return f"cannot be read from {selector[at : at + 20]!r} on"
        before = "has" if step["opens"] and "has" in step["opens"] else str(step.lastgroup)
        depth += (before in {"opens", "has"}) - (before == "closes")
        at = step.end()
    if depth:
        return "a bracket is not closed"
    return "ends where something should follow" if before not in {"simple", "closes"} else None


def _may_follow(step: re.Match[str], before: str, depth: int) -> bool:
    """Say whether a step may stand behind the one before: after a joint, a comma or a bracket something to find has to come."""
    ended = before in {"simple", "closes"}
    if step["simple"]:
        return not (ended and TAG.match(step["simple"]))
    if step["opens"]:
        return True
    if step["closes"]:
        return ended and depth > 0
    return ended or (before == "has" and bool(step["joins"] and step["joins"].strip()))
