"""What may each key of sources.yaml hold? One table for each mapping of the file; what a sound value is, is in `checks`.

Which keys belong where, and what they mean together, is in `catalogue`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scraper.records import SiteRules
from scraper.sources import checks

__all__ = ["ARCHIVE_KEYS", "DEFAULT_KEYS", "NOTICE_KEYS", "POLICY_KEYS", "RULE_KEYS", "SOURCE_KEYS", "Field"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """How one key is read: `check` cleans one value; with `many` the key holds a list of such values.

    With `keys` it holds a mapping, and `check` is given what is sound of it.
    """

    check: Callable[[Any], Any]
    many: bool = False
    keys: "Mapping[str, Field] | None" = None


def _site_rules(values: Mapping[str, Any]) -> SiteRules | None:
    return SiteRules(**values) if values else None


POLICY_KEYS = {
    "user_agent": Field(check=checks.user_agent),
    "delay_s": Field(check=checks.number(0, 3_600)),  # 0 is for a server of one's own, such as the demo's
    "timeout_s": Field(check=checks.number(0.1, 600)),
    "max_bytes": Field(check=checks.number(1_000, 500_000_000, whole=True)),
    "allow_private": Field(check=checks.switch),
    "headers": Field(check=checks.headers),
    "render": Field(check=checks.one_of("never", "auto", "always")),
}
_SHARED_KEYS = POLICY_KEYS | {
    "country": Field(check=checks.country),
    "languages": Field(check=checks.language, many=True),
    "tags": Field(check=checks.text, many=True),
    "enabled": Field(check=checks.switch),
    "archived": Field(check=checks.switch),
    "allow": Field(check=checks.pattern, many=True),
    "deny": Field(check=checks.pattern, many=True),
    "article_id": Field(check=checks.one_group),
    "max_items": Field(check=checks.number(1, 10_000, whole=True)),
    "max_age_days": Field(check=checks.number(1, 36_500, whole=True)),
    "poll_min": Field(check=checks.span("0m", "7d")),
    "poll_max": Field(check=checks.span("0m", "7d")),
    "revisit": Field(check=checks.span("10m", "90d"), many=True),
}
ARCHIVE_KEYS = {
    "enabled": Field(check=checks.switch),
    "dir": Field(check=checks.text),
    "max_gb": Field(check=checks.number(0.01, 100_000)),
    "compression": Field(check=checks.one_of("zstd", "gzip")),
}
NOTICE_KEYS = {
    "heartbeat": Field(check=checks.url),
    "webhook": Field(check=checks.url),
    "command": Field(check=checks.text, many=True),
    "allow_private": Field(check=checks.switch),
}
RULE_KEYS = {
    "body": Field(check=checks.selector),
    "strip": Field(check=checks.selector, many=True),
    "strip_text": Field(check=checks.expression, many=True),
    "title_trim": Field(check=checks.expression, many=True),
    "author_drop": Field(check=checks.expression, many=True),
    "timezone": Field(check=checks.timezone),
}
DEFAULT_KEYS = {"contact": Field(check=checks.contact)} | _SHARED_KEYS
SOURCE_KEYS = {
    "id": Field(check=checks.identifier),
    "name": Field(check=checks.text),
    "domain": Field(check=checks.domain),
    "feeds": Field(check=checks.url, many=True),
    "news_sitemaps": Field(check=checks.url, many=True),
    "sections": Field(check=checks.url, many=True),
    "home": Field(check=checks.url),
    "rules": Field(check=_site_rules, keys=RULE_KEYS),
} | _SHARED_KEYS
