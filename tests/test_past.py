"""A brief of the past from a state is the brief that would have been had then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from nhipcau.cli import main


def made(out: Path, *arguments: object) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["brief", *map(str, arguments), "--json", str(out), "--top", "100"])
    assert result.exit_code == 0, result.output
    brief: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return brief


def followed(folder: Path, lines: list[str]) -> Path:
    posts, state = folder / "posts", folder / "state"
    posts.mkdir(parents=True)
    (posts / "a.jsonl").write_text("".join(lines), "utf-8")
    result = CliRunner().invoke(main, ["follow", str(posts), "--state", str(state), "--once"])
    assert result.exit_code == 0, result.output
    return state


def test_a_brief_of_the_past_from_a_state_is_the_one_of_then(sample_lines: list[str], tmp_path: Path) -> None:
    lines = sorted(sample_lines, key=lambda line: json.loads(line)["arrived"])
    until = "2026-03-03T15:30:00+07:00"
    early = [line for line in lines if json.loads(line)["arrived"] <= until]
    assert 200 < len(early) < len(lines) - 200
    whole = made(tmp_path / "a.json", "--state", followed(tmp_path / "whole", lines), "--as-of", until)
    then = made(tmp_path / "b.json", "--state", followed(tmp_path / "then", early), "--as-of", until)
    assert whole["later"] == len(lines) - len(early)
    assert then["later"] == 0
    for brief in (whole, then):
        del brief["later"]
        brief["unknowns"] = [each for each in brief["unknowns"] if each["code"] != "posts-later"]
    assert whole == then


def test_what_arrived_late_is_not_in_a_brief_of_the_past(tmp_path: Path) -> None:
    rows = [
        {"id": "early", "time": "2026-03-02T08:00:00+07:00", "arrived": "2026-03-02T08:10:00+07:00"},
        {"id": "late", "time": "2026-03-02T08:05:00+07:00", "arrived": "2026-03-02T20:00:00+07:00"},
        {"id": "untold", "time": "2026-03-02T08:20:00+07:00"},
        {"id": "after", "time": "2026-03-02T12:00:00+07:00"},
    ]
    texts = ["Đường Trần Phú ngập sâu", "Mất điện cả xã từ tối qua", "Nước máy đục ngầu", "Giá rau tăng gấp rưỡi"]
    lines = [json.dumps({**row, "text": text}) + "\n" for row, text in zip(rows, texts, strict=True)]
    brief = made(tmp_path / "b.json", "--state", followed(tmp_path, lines), "--as-of", "2026-03-02T09:00")
    assert sorted(post for issue in brief["issues"] for post in issue["evidence"]) == ["early", "untold"]
    assert brief["later"] == 2


def test_one_date_that_cannot_be_right_does_not_end_the_brief_of_all_others(tmp_path: Path) -> None:
    rows = [
        {"id": f"x{n}", "time": f"2026-03-0{1 + n // 20}T08:{n % 20:02}:00+07:00", "text": f"Đường Trần Phú ngập {n}"}
        for n in range(60)
    ]
    without = made(tmp_path / "a.json", "--state", followed(tmp_path / "a", [json.dumps(row) + "\n" for row in rows]))
    rows.insert(10, {"id": "wrong", "time": "2031-01-01T00:00:00+07:00", "text": "Mất điện cả xã từ tối qua"})
    brief = made(tmp_path / "b.json", "--state", followed(tmp_path, [json.dumps(row) + "\n" for row in rows]))
    assert brief["as_of"] == without["as_of"] == "2026-03-03T08:19:00+07:00"
    assert brief["posts"] == without["posts"]
    assert (brief["later"], without["later"]) == (1, 0)


def test_the_date_of_the_only_post_is_believed(tmp_path: Path) -> None:
    row = {"id": "x", "time": "2031-01-01T00:00:00+07:00", "text": "Mất điện cả xã từ tối qua"}
    brief = made(tmp_path / "b.json", "--state", followed(tmp_path, [json.dumps(row) + "\n"]))
    assert (brief["as_of"], brief["posts"], brief["later"]) == ("2031-01-01T00:00:00+07:00", 1, 0)
