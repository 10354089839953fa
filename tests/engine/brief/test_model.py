from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import jsonschema
import pytest

from nhipcau.engine.brief import model
from nhipcau.engine.brief.model import Brief, empty_brief, to_json

SCHEMA: dict[str, Any] = json.loads(Path(__file__).parents[3].joinpath("docs/brief.schema.json").read_text("utf-8"))
SHAPES = {
    "kinds": model.KindCounts,
    "alarms": model.Alarms,
    "range": model.Range,
    "forecast_hour": model.ForecastHour,
    "issue": model.Issue,
    "place": model.IssuePlace,
    "backtest": model.Backtest,
    "question": model.Question,
    "excerpt": model.Excerpt,
    "event": model.IssueEvent,
    "place_warning": model.PlaceWarning,
    "source": model.Source,
    "unknown": model.Unknown,
}


def validate(brief: Brief) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(to_json(brief)))


def test_the_schema_is_a_schema_and_every_part_of_it_has_a_shape() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"].keys() == SHAPES.keys()


@pytest.mark.parametrize("name", SHAPES)
def test_schema_and_model_name_the_same_fields(name: str) -> None:
    part = SCHEMA["$defs"][name]
    assert list(part["properties"]) == part["required"]
    assert set(part["properties"]) == set(get_type_hints(SHAPES[name]))
    assert part["additionalProperties"] is False


def test_schema_and_brief_name_the_same_fields() -> None:
    assert list(SCHEMA["properties"]) == SCHEMA["required"] == list(empty_brief())
    assert set(SCHEMA["properties"]) == set(get_type_hints(Brief))


def test_json_of_every_brief_keeps_to_the_schema(brief: Brief, nothing: Brief, timeless: Brief, hostile: Brief) -> None:
    for each in (brief, nothing, timeless, hostile):
        validate(each)


def test_a_field_that_the_schema_does_not_know_is_refused(brief: Brief) -> None:
    brief["issues"][0]["author"] = "someone"  # type: ignore[typeddict-unknown-key]
    with pytest.raises(jsonschema.ValidationError, match="author"):
        validate(brief)


def test_json_gives_back_the_brief(rewritten: Callable[..., Brief]) -> None:
    brief = rewritten(label='"],\n  ["a", 3]', series=[("2026-11-23T05:00:00+07:00", 27)])
    brief["issues"] = brief["issues"][:1]
    assert json.loads(to_json(brief)) == json.loads(json.dumps(brief))


def test_json_has_a_line_for_each_hour_of_a_series(brief: Brief) -> None:
    time, count = brief["issues"][0]["series"][-1]
    assert f'["{time}", {count}]' in to_json(brief)


def test_same_brief_same_json(brief: Brief) -> None:
    assert to_json(brief) == to_json(json.loads(json.dumps(brief)))


def test_json_survives_a_lone_surrogate(rewritten: Callable[..., Brief]) -> None:
    written = to_json(rewritten(label="nước \ud800 rút"))
    assert "nước ? rút" in written
    written.encode("utf-8")


def test_json_refuses_what_is_no_number(rewritten: Callable[..., Brief]) -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json(rewritten(heat=float("nan")))


@pytest.mark.parametrize("authors", [None, 0, 9])
def test_json_leaves_out_peoples_words_below_the_floor(rewritten: Callable[..., Brief], authors: int | None) -> None:
    excerpts = json.loads(to_json(rewritten(distinct_authors=authors)))["issues"][0]["excerpts"]
    assert [excerpt["kind"] for excerpt in excerpts] == ["press"]


def test_json_quotes_people_from_the_floor_up(rewritten: Callable[..., Brief]) -> None:
    excerpts = json.loads(to_json(rewritten(distinct_authors=10)))["issues"][0]["excerpts"]
    assert [excerpt["kind"] for excerpt in excerpts] == ["post", "post", "post", "press"]


def test_the_parts_of_the_fixture_sum_to_its_heat(brief: Brief) -> None:
    for issue in brief["issues"]:
        assert sum(issue["heat_parts"].values()) == pytest.approx(issue["heat"], abs=0.05)
