"""What counts in a brief: a copied text once, in every figure; a status that fits the change beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from nhipcau.cli import main


def made(folder: Path, rows: list[dict[str, Any]], *options: object) -> dict[str, Any]:
    posts, out = folder / "posts.jsonl", folder / "brief.json"
    posts.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    result = CliRunner().invoke(main, ["brief", str(posts), "--json", str(out), *map(str, options)])
    assert result.exit_code == 0, result.output
    brief: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return brief


def post(number: int, time: str, text: str) -> dict[str, Any]:
    return {
        "id": f"x{number}",
        "time": f"{time}+07:00",
        "author": f"a{number}",
        "source": f"s{number % 3}",
        "text": text,
    }


def test_copies_of_one_question_are_one_question_in_every_figure(tmp_path: Path) -> None:
    copied = "Bao giờ phường Tân Lập có điện lại vậy mọi người?"
    rows = [post(n, f"2026-03-02T08:{n:02}:00", copied) for n in range(30)]
    rows += [
        post(30 + n, f"2026-03-02T09:{n:02}:00", f"Phường Tân Lập mất điện, nhà số {n} tối om, có điện lại chưa thấy")
        for n in range(12)
    ]
    brief = made(tmp_path, rows)
    issue = next(issue for issue in brief["issues"] if issue["copies"] >= 25)
    assert issue["kinds"]["question"] <= issue["voices"] < 20
    assert sum(issue["kinds"].values()) == issue["voices"]
    assert sum(count for _, count in issue["series"]) == issue["voices_total"]
    assert max(question["voices"] for question in issue["questions"]) < 5


def test_what_was_more_the_day_before_is_not_growing(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    # of many words, so that no text is a near copy of another
    own = [" ".join(f"điều{word}" for word in rng.choice(300, 7, replace=False)) for _ in range(70)]
    texts = [f"Cháy rừng ở đồi Sim lan nhanh, dân sơ tán {words}" for words in own]
    days = [("03", 2), ("04", 1), ("05", 2), ("06", 1), ("07", 1), ("08", 40), ("09", 20)]
    rows = []
    for day, count in days:
        # what else is said, without which no word is rarer than another
        other = [" ".join(f"từ{word}" for word in rng.choice(400, 9, replace=False)) for _ in range(60)]
        rows += [post(1000 + len(rows) + n, f"2026-03-{day}T09:{n:02}:00", text) for n, text in enumerate(other)]
        rows += [post(len(rows) + n, f"2026-03-{day}T10:{n:02}:00", texts.pop()) for n in range(count)]
    rising = made(tmp_path, rows, "--as-of", "2026-03-09T00:00")["issues"][0]
    falling = made(tmp_path, rows, "--as-of", "2026-03-10T00:00")["issues"][0]
    assert rising["voices"] > falling["voices"] > 10
    assert rising["id"] == falling["id"]
    assert rising["status"] == "growing"
    assert falling["status"] == "steady"


def test_a_wave_of_copies_by_new_accounts_adds_no_heat(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    words = [" ".join(f"điều{word}" for word in rng.choice(300, 6, replace=False)) for _ in range(24)]
    own = [
        post(n, f"2026-03-02T08:{n:02}:00", f"Nước sông lên nhanh, dân ven bờ xin được đưa đi, {each}")
        for n, each in enumerate(words)
    ]
    other = [
        post(100 + n, f"2026-03-02T07:{n:02}:00", " ".join(f"từ{word}" for word in rng.choice(400, 9, replace=False)))
        for n in range(40)
    ]
    wave = [
        {**post(1000 + n, f"2026-03-02T{9 + n // 50:02}:{n % 50:02}:00", own[3]["text"]), "source": f"nhóm {n % 40}"}
        for n in range(500)
    ]
    end = ("--as-of", "2026-03-02T20:00")
    before = made(tmp_path, [*other, *own], *end)["issues"][0]
    after = made(tmp_path, [*other, *own, *wave], *end)["issues"][0]
    assert before["id"] == after["id"]
    assert after["heat_parts"] == before["heat_parts"]
    assert after["level"] == before["level"]
    assert before["heat_parts"]["breadth"] > 0
    assert (before["copies"], after["copies"]) == (0, 500)
    # those who copy are people all the same: the floor for quoting is held against all of them
    assert after["distinct_authors"] == before["distinct_authors"] + 500
    assert after["distinct_sources"] == before["distinct_sources"] + 40


def test_few_who_say_something_and_many_who_copy_it_are_many_for_the_floor(tmp_path: Path) -> None:
    text = "Bao giờ phường Tân Lập có điện lại, ai biết chỉ giúp bà con khu phố 3 với"
    issue = made(tmp_path, [post(n, f"2026-03-02T08:{n:02}:00", text) for n in range(12)])["issues"][0]
    assert (issue["voices"], issue["copies"], issue["distinct_authors"]) == (1, 11, 12)
    assert issue["excerpts_withheld"] is None
    alone = made(tmp_path, [post(1, "2026-03-02T08:00:00", text)])["issues"][0]
    assert issue["heat_parts"]["breadth"] == alone["heat_parts"]["breadth"]


def steady_rows(days: range, last_hour: int) -> list[dict[str, Any]]:
    """An issue that brings 2 posts each night and 12 each evening, with what else is said; the last day is cut."""
    rng = np.random.default_rng(3)
    rows = []
    for day in days:
        for hour, count in ((1, 1), (4, 1), (19, 6), (21, 6)):
            if day == days[-1] and hour >= last_hour:
                continue
            own = [" ".join(f"điều{word}" for word in rng.choice(300, 4, replace=False)) for _ in range(count)]
            text = "Nước máy phường Tân Lập đục ngầu mùi tanh"
            rows += [
                post(len(rows) + n, f"2026-03-{day:02}T{hour:02}:{n:02}:00", f"{text} {each}")
                for n, each in enumerate(own)
            ]
        for n in range(400):
            words = " ".join(f"từ{word}" for word in rng.choice(900, 9, replace=False))
            if day < days[-1] or n % 24 < last_hour:
                rows.append(post(9000 + len(rows), f"2026-03-{day:02}T{n % 24:02}:{n % 60:02}:00", words))
    return sorted(rows, key=lambda row: str(row["time"]))


@pytest.mark.parametrize("until", ["2026-03-09T06:00", "2026-03-09T10:00"])
def test_a_morning_is_compared_with_mornings(tmp_path: Path, until: str) -> None:
    rows = steady_rows(range(1, 10), last_hour=6)
    issue = max(
        made(tmp_path, rows, "--since", "2026-03-09T00:00", "--as-of", until)["issues"], key=lambda i: i["voices_total"]
    )
    assert issue["voices"] == 2
    assert issue["status"] == "steady"
    assert issue["heat_parts"]["growth"] < 1


def test_a_day_of_which_half_has_not_come_is_compared_with_as_much_of_the_days_before(tmp_path: Path) -> None:
    # the stream ends at 20:00, the brief is of midnight: the evening's second half is missing, not quiet
    rows = steady_rows(range(1, 10), last_hour=20)
    issues = made(tmp_path, rows, "--as-of", "2026-03-10T00:00")["issues"]
    issue = max(issues, key=lambda each: each["voices_total"])
    assert issue["voices"] == 8
    assert issue["status"] == "steady"
    growth = issue["heat_parts"]["growth"]
    whole = made(tmp_path, steady_rows(range(1, 10), last_hour=24), "--as-of", "2026-03-10T00:00")["issues"]
    assert growth == pytest.approx(max(whole, key=lambda each: each["voices_total"])["heat_parts"]["growth"], abs=0.5)


@pytest.mark.parametrize(("until", "first"), [("06:00", "06:00"), ("06:20", "06:00"), ("06:40", "07:00")])
def test_a_forecast_names_the_hours_that_it_is_of(tmp_path: Path, until: str, first: str) -> None:
    rng = np.random.default_rng(4)
    rows = []
    for day in range(1, 11):
        for n in range(24):
            hour = 1 + n if n < 5 else 9  # a few at night, all others between nine and ten
            own = " ".join(f"điều{word}" for word in rng.choice(300, 4, replace=False))
            text = f"Nước máy phường Tân Lập đục ngầu mùi tanh {own}"
            rows.append(post(len(rows), f"2026-03-{day:02}T{hour:02}:{n:02}:00", text))
        for n in range(400):
            words = " ".join(f"từ{word}" for word in rng.choice(900, 9, replace=False))
            hour = n if n < 24 else 9
            rows.append(post(len(rows), f"2026-03-{day:02}T{hour:02}:{n % 60:02}:00", words))
    issue = max(made(tmp_path, rows, "--as-of", f"2026-03-10T{until}")["issues"], key=lambda each: each["voices_total"])
    assert issue["forecast"][0]["time"] == f"2026-03-10T{first}:00+07:00"
    busiest = max(issue["forecast"][:24], key=lambda each: float(each["mean"]))
    assert busiest["time"] == "2026-03-10T09:00:00+07:00"


def test_a_window_longer_than_six_weeks_is_counted_whole(tmp_path: Path) -> None:
    rows = [
        post(n, f"2026-{month:02}-10T08:{n:02}:00", f"Nước máy đục tháng {month}") for n, month in enumerate((1, 4, 9))
    ]
    brief = made(tmp_path, rows, "--since", "2026-01-01", "--as-of", "2026-09-11")
    assert brief["posts"] == 3
    assert sum(count for issue in brief["issues"] for _, count in issue["series"]) == sum(
        issue["voices"] for issue in brief["issues"]
    )
