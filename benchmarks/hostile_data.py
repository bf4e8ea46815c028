"""Kinds of pages hostile to what is read out of them: JSON-LD, metas, microdata, and text to stall the patterns for dates and names."""

import json
from collections.abc import Callable
from itertools import cycle

from benchmarks.hostile_pages import STORY, Kind, rows, script

__all__ = ["KINDS"]

LD = '<script type="application/ld+json">'
NEWS = '{"@type":"NewsArticle","headline":"x%d","author":{"name":"Ann Lee"},"datePublished":"2025-05-21"}'


def in_line(piece: str) -> Kind:
    return Kind(f"one line of {piece!r}", 2_000_000, lambda n: f"<p>{piece * (n // len(piece))}</p>{STORY}")


def in_bylines(piece: str) -> Kind:
    return Kind(f"bylines of {piece!r}", 20_000, lambda n: f'<p class="byline author date">{piece * 12}</p>' * n + STORY)


def in_heading(piece: str) -> Kind:
    return Kind(f"heading of {piece!r}", 400, lambda n: f"<title>{piece * n}</title><h1>{piece * n}</h1>{STORY}")


def in_json(piece: str, member: str) -> Kind:
    return Kind(f"JSON-LD {member} of {piece!r}", 200_000, script(lambda n: article(member, piece * (n // len(piece)))))


def article(member: str, value: str) -> str:
    return json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Lock", member: value})


NESTED_BODY = '{"title":"Lock","body":['


def state(text: Callable[[int], str]) -> Callable[[int], str]:
    """Put a text into the state of a page that shows nothing else."""
    return lambda n: f'<title>Lock</title><div id=root></div><script id="__NEXT_DATA__" type="application/json">{text(n)}</script>'


def item(number: int, following: int) -> str:
    return json.dumps({"@id": str(number), "@type": "Article", "author": {"@id": str(following)}})


# What is repeated in one long line, and in many short ones: each aims at a pattern that reads dates, names, titles, addresses or phrases.
PIECES = (
    "Jan. 5, 2026 4:50 p.m. ", "1.1.1.1.1.", "1 1 1 1 ", "20250521", "2025-05-21T10:00:00", "5 de mayo de 2020 de ", "12:00:00:",
    "2020年1月", "٢٠٢٥/٥/٢١ ", "+05:30 ", "午前", "tháng 5 năm ", "midnight ", "By By By ", "By Ann Lee and ", "von der von und ",
    "Ann Lee is the ", "Ann Lee is the editor of the ", "writes for ", "Dr. Prof. Mr. ", "a b c d e f ", "A. B. C. ", "((((((",
    "[](){}", "\"'“‘", "@a@b@c", "http://", "www.www.", "a@a.", "#tag ", "# # # ", "| x | x ", " - - - ", "::::", "x–y—z ",
    "published updated ", "posted on by ", "© Photo: ", "read more ", "min read ", "Updated: Published: ", "live blog ",
    "display:none ", "en-GB-", "&quot;{", "<b><i>", "ООО ", "e e e e ", "und und ", ", , , , ", "a,b;c|d/e•f", "_____", "Foto: von ",
    "all posts by all posts by ", "Mc'Donald-O'Neil ", "de la de los ",
)  # fmt: skip
MEMBERS = ("author", "datePublished", "headline", "publisher", "keywords", "inLanguage", "url")

KINDS: tuple[Kind, ...] = (
    *map(in_line, PIECES),
    *map(in_bylines, PIECES),
    *map(in_heading, PIECES),
    *map(in_json, PIECES, cycle(MEMBERS)),
    Kind("JSON-LD nested lists", 1_000_000, script(lambda n: "[" * n)),
    Kind("JSON-LD nested objects", 100_000, script(lambda n: '{"a":' * n + "1" + "}" * n)),
    Kind("JSON-LD nested lists, whole", 100_000, script(lambda n: "[" * n + "]" * n)),
    Kind("JSON-LD nested deep enough to be read", 900, script(lambda n: '{"@type":"Article","hasPart":[' * n + "]}" * n)),
    Kind("JSON-LD of 20 MB", 200_000, script(lambda n: '{"@graph":[' + ",".join(NEWS % i for i in range(n)) + "]}")),
    Kind("JSON-LD of 40,000 stories", 15_000, script(lambda n: '{"@graph":[' + ",".join(NEWS % i for i in range(n)) + "]}")),
    Kind("JSON-LD scripts", 200_000, lambda n: "".join(f"{LD}{NEWS % i}</script>" for i in range(n)) + STORY),
    Kind("JSON-LD scripts, broken", 200_000, lambda n: f'{LD}{{"headline":"x",}}//</script>' * n + STORY),
    Kind("JSON-LD duplicate keys", 100_000, script(lambda n: "{" + '"headline":"a","author":"Ann Lee",' * n + '"@type":"Article"}')),
    Kind("JSON-LD not a number", 10, script(lambda _n: '{"@type":"Article","datePublished":NaN,"headline":-Infinity,"author":[Infinity]}')),
    Kind("JSON-LD huge numbers", 1_000_000, script(lambda n: '{"@type":"Article","headline":' + "9" * n + "}")),
    Kind("JSON-LD huge floats", 4_000, script(lambda n: '{"@type":"Article","headline":1e' + "9" * n + ',"datePublished":1e999}')),
    Kind(
        "JSON-LD cycles",
        20_000,
        script(
            lambda n: (
                '{"@graph":[' + ",".join(f'{{"@id":"{i}","@type":"Article","author":{{"@id":"{(i + 1) % n}"}}}}' for i in range(n)) + "]}"
            )
        ),
    ),
    Kind(
        "JSON-LD lists of authors",
        300_000,
        script(lambda n: '{"@type":"Article","headline":"x","author":[' + '{"name":"Ann Lee"},' * n + '"x"]}'),
    ),
    Kind("JSON-LD unclosed string", 1_000_000, script(lambda n: '{"headline":"' + "\\" * n)),
    Kind("JSON-LD of escapes", 200_000, script(lambda n: '{"@type":"Article","headline":"' + "\\ud800\\u0000" * n + '"}')),
    Kind("JSON-LD of quotes", 250_000, script(lambda n: '{"@type":"Article",' + '"' * n)),
    Kind("JSON-LD of comments", 250_000, script(lambda n: "/*" * n + "//" * n)),
    Kind("JSON-LD of stars", 250_000, script(lambda n: '{"a":1,/*' + "*" * n)),
    Kind("JSON-LD of commas and spaces", 250_000, script(lambda n: '{"a":1' + ", " * n + "}")),
    Kind("JSON-LD of spaces", 1_400_000, script(lambda n: " " * n + "{")),
    Kind("JSON-LD of entities", 200_000, script(lambda n: "{&quot;headline&quot;:&quot;" + "&amp;" * n + "&quot;}")),
    Kind("JSON-LD loose members", 20_000, script(lambda n: '"headline" : "x" "datePublished"   ' * n)),
    Kind("JSON-LD of markup comments", 200_000, script(lambda n: "<!--" * n + "{")),
    Kind("JSON-LD types", 300_000, script(lambda n: '{"@type":[' + '"Article",' * n + '"x"],"headline":"x"}')),
    Kind(
        "JSON-LD images",
        300_000,
        script(lambda n: '{"@type":"Article","headline":"x","image":' + "[" * 900 + "]" * 900 + ',"keywords":[' + '"k",' * n + '"k"]}'),
    ),
    Kind("embedded state", 3_000_000, lambda n: f"<script>window.__INITIAL_STATE__={'{' * n}</script>{STORY}"),
    Kind("embedded states", 100_000, rows('<script id="__NEXT_DATA__" type="application/json">{"a":[[[[1]]]]}</script>')),
    Kind("state of nested bodies", 60_000, state(lambda n: NESTED_BODY * 440 + "[[]" + ",[]" * n + "]" + "]}" * 440)),
    Kind("state of bodies", 60_000, state(lambda n: "[" + '{"title":"Lock","body":"<p>x"},' * n + "1]")),
    Kind(
        "state of paragraphs", 2_000, state(lambda n: '{"title":"Lock","articleBody":[' + f'"{"<b id=x><i>" * 60}<p>Words.",' * n + "1]}")
    ),
    Kind(
        "state of markup",
        150_000,
        state(lambda n: '{"title":"Lock","articleBody":"' + "<font id=f><div>" * (n // 2) + "</font>" * n + '"}'),
    ),
    Kind(
        "state in strings in strings", 200_000, state(lambda n: json.dumps(json.dumps(json.dumps({"title": "Lock", "body": "<p>x" * n}))))
    ),
    Kind("state of deep lists", 1_000_000, state(lambda n: "[" * n)),
    Kind("state of huge numbers", 1_000_000, state(lambda n: '{"body":' + "9" * n + "}")),
    Kind("state that is assigned", 1_000_000, lambda n: f"<title>Lock</title><script>__NUXT__{'[a]' * n} = {{}}</script>"),
    Kind("metas", 500_000, rows('<meta name="author" content="Ann Lee">')),
    Kind("metas, all different", 200_000, lambda n: "".join(f'<meta name="m{i}" content="x">' for i in range(n)) + STORY),
    Kind(
        "a meta of 10 MB",
        2_000_000,
        lambda n: f'<meta name="author" content="{"Ann, " * n}"><meta property="og:title" content="{"x | " * n}">' + STORY,
    ),
    Kind("a description of 10 MB", 1_000_000, lambda n: f'<meta name="description" content="{"A word. " * n}">' + STORY),
    Kind("keywords", 1_000_000, lambda n: f'<meta name="keywords" content="{"a,b " * n}">' + STORY),
    Kind("microdata", 200_000, rows("<span itemprop='author name headline datePublished'>Ann Lee</span>")),
    Kind("microdata of many names", 100_000, lambda n: f'<p itemprop="{"name " * n}">Ann Lee</p>' * 20 + STORY),
    Kind("microdata around everything", 4, lambda n: '<div itemprop="articleBody author">' * n + "<p>words of it</p>" * 100_000),
    Kind("times", 400_000, rows('<time datetime="2025-01-01T10:00:00Z">1 Jan 2025</time>')),
    Kind("times around everything", 30_000, lambda n: "<time>" * n + "<p>5 May 2025</p>" * n),
    Kind("bylines", 300_000, rows('<span class="byline author">By Ann Lee and</span>')),
    Kind("bylines, all different", 100_000, lambda n: "".join(f'<p class="author a{i}">By Ann Lee{i}</p>' for i in range(n)) + STORY),
    Kind("hashtags", 1_000_000, lambda n: STORY + "<p>" + "#tag " * n),
    Kind("canonical addresses", 200_000, rows("<link rel=canonical href='http://[::1'>")),
    Kind("a title of separators", 1_000_000, lambda n: f"<title>{'| ' * n}</title>{STORY}"),
    Kind("a language", 1_000_000, lambda n: f'<html lang="{"en-" * n}"><meta property="og:locale" content="{"en_" * n}">{STORY}'),
)
