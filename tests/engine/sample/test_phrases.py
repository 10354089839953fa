"""Scenario files and what is made of them: enough to say, no slot unknown, ways of typing that people have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.sample.book import book
from nhipcau.engine.sample.grammar import MARKS, SHAPES, chatter, parse_scenario, scenarios
from nhipcau.engine.sample.phrases import EMPTY, Phrasebook, with_synonyms
from nhipcau.engine.sample.spelling import STYLES, spelt, unaccent

HEAD = "vi: Thử\nen: Try\nshape: slow\nsources: area 1\n"


def test_there_are_thirty_scenarios_of_every_shape():
    assert len(scenarios()) >= 30
    assert {scenario.shape for scenario in scenarios()} == set(SHAPES)


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.key)
def test_a_scenario_has_enough_to_say(scenario):
    voices = [line for mark in MARKS for line in scenario.lines.get(mark, ())]
    assert len(voices) >= 25
    assert len(set(voices)) == len(voices)
    assert set("?&~.+*") <= set(scenario.lines)
    assert len(scenario.lines[">"]) >= 3
    assert len(scenario.lines[">>"]) >= 4
    assert any(mark.startswith("e") for mark in scenario.lines)
    assert "cq" in scenario.slots


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.key)
def test_a_scenario_uses_every_slot_that_it_names(scenario):
    said = " ".join(line for lines in scenario.lines.values() for line in lines)
    assert {name for name in scenario.slots if f"{{{name}}}" not in said} <= {"cq"}


def test_chatter_has_a_hundred_sentences():
    assert sum(len(lines) for lines in chatter().lines.values()) >= 100


def test_every_group_has_templates_and_every_choice_lies_within_the_pieces():
    made = book()
    templates = made.templates
    assert (templates.group_size > 0).all()
    assert templates.rows.max() < len(made.pieces)
    assert (templates.rows >= -1 - len(templates.slot_start)).all()
    assert (templates.slot_start + templates.slot_size <= len(made.pieces)).all()


def test_an_unknown_slot_is_an_error():
    maker = Phrasebook()
    with pytest.raises(ValueError, match="river"):
        maker.group(["nước {river} dâng"])


def test_an_unknown_line_is_an_error():
    with pytest.raises(ValueError, match="no line of a scenario"):
        parse_scenario("try", HEAD + "nước dâng cao\n")


def test_an_unknown_shape_is_an_error():
    with pytest.raises(ValueError, match="no shape"):
        parse_scenario("try", HEAD.replace("slow", "quick"))


def test_a_slot_may_be_fixed_for_an_issue():
    scenario = parse_scenario("try", HEAD + "sông := A | B\nchỗ = C | D\n. {sông} dâng ở {chỗ}\n")
    assert scenario.slots["sông"].is_fixed
    assert not scenario.slots["chỗ"].is_fixed


def test_a_template_is_its_pieces_and_slots():
    maker = Phrasebook()
    maker.group(["nước dâng {2..4} mét"])
    row = maker.freeze().rows[-1]
    assert [maker.pieces[piece] for piece in row if piece >= 0] == ["nước dâng ", " mét"]
    assert (row < EMPTY).sum() == 1


def test_words_are_said_in_other_ways_but_never_inside_a_slot():
    assert with_synonyms("bao giờ {bao giờ|mai}").count("|") > 1
    assert with_synonyms("{bao giờ|mai}") == "{bao giờ|mai}"
    assert with_synonyms("để bà con biết mà cảm ơn").endswith("cảm ơn")


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("plain", "Không có nước, khổ quá, đường sá hòa"),
        ("unaccented", "Khong co nuoc, kho qua, duong sa hoa"),
        ("shouted", "KHÔNG CÓ NƯỚC, KHỔ QUÁ, ĐƯỜNG SÁ HÒA"),
        ("old-tones", "Không có nước, khổ quá, đường sá hoà"),
    ],
)
def test_ways_of_typing(style, expected):
    assert spelt("Không có nước, khổ quá, đường sá hòa", style) == expected


def test_teencode_shortens_common_words():
    assert spelt("không biết bao nhiêu người", "teencode") != "không biết bao nhiêu người"
    assert spelt("của quý", "old-tones") == "của quý"


@given(st.sampled_from(book().pieces), st.sampled_from(STYLES))
def test_a_phrase_is_always_typed_in_the_same_way_and_keeps_its_blanks_at_the_ends(piece, style):
    typed = spelt(piece, style)
    assert typed == spelt(piece, style)
    assert (typed[:1] == " ", typed[-1:] == " ") == (piece[:1] == " ", piece[-1:] == " ")
    if "unaccented" in style:
        assert typed == unaccent(typed)
