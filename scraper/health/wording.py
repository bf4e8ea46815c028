"""How is a finding said to a person? One line: what, how many of how many, what is usual."""

from typing import Final

from scraper.health.findings import Finding

__all__ = ["said"]

WHOLES: Final = {"listing": "looks", "page": "pages", "verdict": "pages", "template": "pages"}
KNOWN: Final = {
    "listing:refused": "listings that refuse us",
    "listing:unreachable": "listings that cannot be reached",
    "listing:failed": "listings that cannot be read",
    "page:refused": "pages that refuse us",
    "page:unreachable": "pages that cannot be reached",
    "page:failed": "pages that fail",
    "verdict:duplicate": "pages with the text of another",
    "access:paywalled": "texts behind a paywall",
    "repeated:headline": "headlines that others have, too",
    "repeated:authors": "authors that many others have, too",
    "repeated:paragraph": "texts with a paragraph of others",
    "words:short": "unusually short texts",
    "words:long": "unusually long texts",
    "lines:short": "unusually short paragraphs",
    "links:long": "texts with unusually much of them in links",
    "template:misfit": "pages that are built otherwise",
}
UNREADABLE: Final = {
    "blocked": "refused",
    "backing_off": "not reached; the host is asked at growing pauses",
    "silent": "not readable",
}


def said(finding: Finding) -> str:
    """Say a finding in one line."""
    if finding.about == "items":
        return f"{finding.seen} new links since {finding.since:%Y-%m-%d %H:%M}, {finding.usual:.0f} expected"
    if finding.about == "listings":
        return f"no listing could be read in {finding.of} looks: {UNREADABLE.get(finding.state, 'not readable')}"
    whole = WHOLES.get(finding.about.partition(":")[0], "stories")
    return f"{_named(finding.about)}: {finding.seen} of {finding.of} {whole}, usually {finding.usual:.0%}"


def _named(about: str) -> str:
    kind, _, what = about.partition(":")
    if kind == "signal":
        name, _, signal = what.partition("=")
        return f"{name.replace('_', ' ')} from {signal}"
    if kind == "field":
        return f"with {what.replace('_', ' ')}"
    return KNOWN.get(about) or what.replace("_", " ")
