"""Copies of one text are told from other stories of the same event, and from reports on the same template."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.copies import LEAST_WORDS, likeness, sample, words

STORY = """The harbour master closed the old swing bridge on Tuesday after divers found that one of its two bearings had cracked.
Ferries to the
outer islands will leave from the fish quay until the bearing has been cast anew, which the foundry expects to take nine weeks. "We
looked at it on Monday night and knew at once," said Ines Moravec, who leads the bridge crew of fourteen people. The bridge was built in
1911 and opens some 2,300 times a year. Shops on the northern bank fear for their summer trade; the town council has promised them a
shuttle bus and a refund of 40 per cent of their market fees. The council will debate on 12 May whether the bridge should be replaced by
a tunnel, an idea that was last turned down in 1987 because of its price. Fishermen, who pass the bridge every morning at five, said
that a tunnel would suit them well."""
FILLER = "somewhat perhaps nearby yesterday carefully officials wooden gently twice around maybe rather".split()


def edited(text: str, share: float, seed: int = 1) -> str:
    dice = random.Random(seed)
    return " ".join(dice.choice(FILLER) if dice.random() < share else word for word in text.split())


def report(town: str, high: int, low: int, wind: int, rain: int, rise: str) -> str:
    return f"""The weather office expects a cloudy day in {town}. Temperatures will reach {high} degrees in the afternoon, after a
morning with {low} degrees. The wind blows from the west at {wind} kilometres an hour. The chance of rain is {rain} per cent. The sun
rises at {rise}. Drivers should take care on bridges, and the office updates its forecast every six hours and warns of local changes."""


@pytest.mark.parametrize("share", [0.05, 0.15, 0.3])
def test_an_edited_text_is_a_copy(share: float) -> None:
    assert likeness(words(STORY), words(edited(STORY, share))).is_copy


def test_a_text_with_another_lead_and_one_cut_to_a_third_are_copies() -> None:
    sentences = STORY.split(". ")
    led = "Commuters face a long summer. Nobody had seen it coming, least of all the ferrymen. " + ". ".join(sentences[2:])
    assert likeness(words(STORY), words(led)).is_copy
    assert likeness(words(STORY), words(STORY[: len(STORY) // 3])).is_copy
    assert likeness(words(STORY), words("HARBOUR TOWN (Island Wire) - " + STORY)).is_copy


def test_another_story_of_the_same_event_is_none() -> None:
    other = """Shopkeepers met in the town hall to talk about the closed swing bridge. Many had hoped for more than a shuttle bus. Ada
Quill, who sells nets and ropes, counted six customers since Tuesday. "We looked at it on Monday night and knew at once," said Ines Moravec,
who leads the bridge crew of fourteen people. A hotel owner told the meeting that half of her guests had cancelled their rooms for June,
and the mayor answered that she could not make iron grow. The meeting ended with a vote to send a letter to the ministry of transport."""
    assert not likeness(words(STORY), words(other)).is_copy


def test_reports_on_one_template_differ_in_their_numbers() -> None:
    one, other = report("Ostby", 21, 9, 14, 30, "5:12"), report("Marn", 17, 4, 33, 80, "5:48")
    found = likeness(words(one), words(other))
    assert found.share > 0.8
    assert found.numbers < 0.4
    assert not found.is_copy


def test_reports_on_one_template_without_numbers_differ_in_what_they_speak_of() -> None:
    template = (
        "The committee for {0} met on Monday evening in the small hall. Members heard a report about {0} from the clerk, and asked whether"
        " {0} could wait until autumn. The chair thanked everybody who had come for the sake of {0}, and closed the meeting at nine."
    )
    found = likeness(words(template.format("playgrounds")), words(template.format("streetlights")))
    assert found.share > 0.5
    assert not found.is_copy


def test_scripts_without_spaces_are_compared_character_by_character() -> None:
    story = (
        "港の古い橋は火曜日に閉鎖された。潜水士が二つの軸受けの一つに亀裂を見つけたためである。島への船は当分のあいだ魚市場の岸から出る。"
    )
    other = "市議会は来年度の予算案を可決した。図書館の開館時間は短くなり、学校給食の値段は据え置かれる。反対した議員は三人だけだった。"
    assert likeness(words(story), words(story[:40] + "町の人々は驚いた。")).is_copy
    assert not likeness(words(story), words(other)).is_copy


def test_copies_meet_in_the_index_and_texts_of_a_few_words_do_not_enter_it() -> None:
    long = " ".join(edited(STORY, 0.9, seed) for seed in range(40))
    assert set(sample(words(long))) & set(sample(words(edited(long, 0.3))))
    assert sample(words(" ".join(STORY.split()[: LEAST_WORDS - 1]))) == []


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    found = likeness(words(one), words(other))
    assert all(0 <= value <= 1 for value in found)
    assert found == likeness(words(other), words(one)) or len(words(one).meant) == len(words(other).meant)
    assert sample(words(one)) == sorted(set(sample(words(one))))
