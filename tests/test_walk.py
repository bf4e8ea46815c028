"""The walk: what becomes a block, and what is read beside the text."""

from scraper.extract.walk import walk_html


def texts(html: str) -> list[str]:
    return [block.text for block in walk_html(html).blocks]


def test_inline_elements_stay_in_their_paragraph_and_blocks_part_it() -> None:
    assert texts("<div>One <b>two</b> <a href=x>three</a><p>four</p>five</div>") == ["One two three", "four", "five"]


def test_a_drop_cap_stays_joined_to_its_word() -> None:
    assert texts("<p><span class=cap>T</span>he lock</p>") == ["The lock"]


def test_one_break_is_a_line_and_two_are_a_paragraph() -> None:
    assert texts("<div>a<br>b<br><br>c<br> <br/>d</div>") == ["a\nb", "c", "d"]


def test_soft_hyphens_and_zero_width_characters_go() -> None:
    assert texts("<p>Bun\u00addes\u200btag\ufeff</p>") == ["Bundestag"]


def test_scripts_styles_forms_controls_and_pictures_hold_no_text() -> None:
    assert texts(
        "<p>a</p><script>x</script><style>y</style><select><option>z</option></select><button>b</button><noscript>n</noscript>"
    ) == ["a"]


def test_the_characters_in_links_are_counted() -> None:
    block = walk_html("<p>12345 <a href=x>678</a> <a href=y>90</a></p>").blocks[0]
    assert (block.link_chars, block.links) == (5, 2)


def test_a_custom_element_parts_blocks() -> None:
    assert texts("<x-story><x-line>one</x-line><x-line>two</x-line></x-story>") == ["one", "two"]


def test_hidden_is_inherited() -> None:
    document = walk_html("<div style='display: none'><section><p>a</p></section></div><p>b</p>")
    assert [document.elements[block.element].hidden for block in document.blocks] == [True, False]


def test_metadata_scripts_and_microdata_are_kept_in_order() -> None:
    document = walk_html(
        '<html lang="de"><head><title> A  b </title><meta property="og:title" content="T"><link rel="canonical" href="/x">'
        '<script type="application/ld+json">{"a":1}</script></head>'
        '<body itemscope itemtype="https://schema.org/Article"><span itemprop="author">N</span></body></html>',
    )
    assert (document.title, document.language) == ("A b", "de")
    assert document.meta("og:title") == "T"
    assert document.links[0][:2] == ("canonical", "/x")
    assert document.scripts[0].text == '{"a":1}'
    assert [(entry.name, entry.value, entry.scopes) for entry in document.properties] == [("author", "N", ("Article",))]


def test_marks_carry_the_text_and_the_machine_date() -> None:
    marks = walk_html('<p class="byline">By Ann Lee</p><time datetime="2025-01-02">2 Jan</time>').marks
    assert [(mark.text, mark.value) for mark in marks] == [("By Ann Lee", ""), ("2 Jan", "2025-01-02")]


def test_a_page_nested_twenty_thousand_deep_is_walked_without_recursion() -> None:
    assert texts("<span>" * 20000 + "deep" + "</span>" * 20000) == ["deep"]


def test_an_empty_page_has_no_blocks() -> None:
    assert texts("") == []
    assert texts("<!-- only a comment -->") == []


def test_a_numeric_reference_of_endless_digits_is_no_character() -> None:
    assert texts(f"<p title='&#{'9' * 5000};'>a &#{'1' * 5000}; b</p>") == ["a \ufffd b"]


def test_a_page_is_the_same_whichever_way_its_lines_end() -> None:
    lines = [
        "<html lang=en><head><title>A", "title</title><meta name=description content='Two", "lines'><link rel=canonical href='/a", "b'>",
        "<script type=application/ld+json>{", '"a": 1}</script></head><body class="one', 'two"><p', "class=byline>By <a", "href=x>Ann",
        "Lee</a>", "</p><p>A <b>bold", "word</b> &hellip; and &", "&nosuch;", "more<br>", "text</p><p itemprop='headline", "name' title='a",
        "b'>C", "D</p>",
    ]  # fmt: skip
    unix, *others = (walk_html(end.join(lines)) for end in ("\n", "\r\n", "\r"))
    for other in others:
        assert other._replace(layout=None) == unix._replace(layout=None)
