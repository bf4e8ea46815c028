"""What a page's markup for machines claims, in the shapes that pages really use."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract.document import Block, Document, Property, Script
from scraper.extract.jsonld import graph
from scraper.extract.structured import structured

URL = "https://example.org/2025/05/harbour-opens"


def page(
    *scripts: str, metas: tuple[tuple[str, str], ...] = (), properties: tuple[Property, ...] = (), title: str = "Harbour opens"
) -> Document:
    return Document(
        blocks=(Block(title, -1, "h1"),),
        metas=metas,
        properties=properties,
        scripts=tuple(Script("application/ld+json", text) for text in scripts),
        title=f"{title} | Example",
    )


def first(claims: tuple[Any, ...]) -> Any:
    return claims[0].value if claims else None


def names(document: Document) -> list[str]:
    return [named.name for named in first(structured(document, URL).authors) or ()]


def test_authors_may_be_a_string_a_list_an_object_or_a_reference() -> None:
    assert names(page('{"@type":"NewsArticle","author":"Ann Lee"}')) == ["Ann Lee"]
    assert names(page('{"@type":"NewsArticle","author":["Ann Lee",{"@type":"Person","name":"Bo Ek"}]}')) == ["Ann Lee", "Bo Ek"]
    assert names(page('{"@graph":[{"@type":"Article","author":{"@id":"#a"}},{"@id":"#a","@type":"Person","name":"Ann Lee"}]}')) == [
        "Ann Lee"
    ]
    assert names(page('{"@type":"Article","author":{"givenName":"Ann","familyName":"Lee"}}')) == ["Ann Lee"]


def test_an_organisation_is_told_from_a_person_even_when_it_is_called_both() -> None:
    authors = structured(
        page('{"@type":"Article","author":[{"@type":"Organization","name":"Desk"},{"@type":["Person","Organization"],"name":"Ann Lee"}]}'),
        URL,
    )
    assert [(named.name, named.organisation) for named in authors.authors[0].value] == [("Desk", True), ("Ann Lee", False)]


def test_broken_json_is_read_as_far_as_it_can_be() -> None:
    assert first(structured(page('{"@type":"Article","headline":"A \n line",}'), URL).headlines) == "A line"
    assert first(structured(page('<!-- {"@type":"Article", /* note */ "headline":"Harbour opens"} -->'), URL).headlines) == "Harbour opens"
    assert first(structured(page('//<![CDATA[\n{"@type":"Article","headline":"Harbour opens"};\n//]]>'), URL).headlines) == "Harbour opens"
    beyond = '{"@type":"Article","headline":"Harbour opens","description":"a "quoted" word","datePublished":"2025-05-21"}'
    assert first(structured(page(beyond), URL).published) == "2025-05-21"


def test_entities_are_undone_and_several_scripts_are_read() -> None:
    claims = structured(page('{"@type":"WebSite","name":"Example"}', '{"@type":"Article","headline":"Fish &amp; ships"}'), URL)
    assert first(claims.headlines) == "Fish & ships"
    assert first(claims.publishers) == "Example"


def test_the_object_about_this_page_is_chosen_among_many() -> None:
    other = '{"@type":"NewsArticle","headline":"Other story","url":"https://example.org/other","datePublished":"2025-01-01","author":"X Y"}'
    own = f'{{"@type":"NewsArticle","headline":"Harbour opens","url":"{URL}/","datePublished":"2025-05-21"}}'
    assert first(structured(page(f"[{other},{own}]"), URL).published) == "2025-05-21"
    listed = f'{{"@type":"ItemList","itemListElement":[{other}]}}'
    assert first(structured(page(f"[{listed},{own}]"), URL).published) == "2025-05-21"


def test_the_markup_comes_before_the_metas_and_those_before_microdata() -> None:
    metas = (("article:published_time", "2025-05-22"), ("article:author", "https://facebook.com/example"))
    claims = structured(
        page(
            '{"@type":"Article","datePublished":"2025-05-21"}',
            metas=metas,
            properties=(Property("datePublished", "2025-05-23", ("Article",)),),
        ),
        URL,
    )
    assert [claim.value for claim in claims.published] == ["2025-05-21", "2025-05-22", "2025-05-23"]


def test_a_commenter_is_no_author() -> None:
    properties = (Property("author", "Troll", ("Article", "Comment")), Property("author", "Ann Lee", ("Article",)))
    assert names(page(properties=properties)) == ["Ann Lee"]


def test_deep_and_endless_scripts_are_left_out_without_harm() -> None:
    deep = "[" * 100_000
    assert graph([Script("application/ld+json", deep), Script("application/ld+json", '"' * 200_000)]).nodes == ()
    assert graph([Script("application/ld+json", '{"a":"' + '\\"' * 100_000)]).nodes == ()
    assert len(graph([Script("application/ld+json", '[{"@type":"A"}' + ',{"@type":"A"}' * 10_000 + "]")]).nodes) < 5000


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "author", "name", "datePublished", "keywords", "image", "@graph"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(JSON_VALUES, st.text(max_size=60))
def test_any_json_and_any_text_is_accepted(value: Any, text: str) -> None:
    import json

    structured(page(json.dumps({"@type": "Article", "author": value, "image": value, "keywords": value, "hasPart": value}), text), URL)
