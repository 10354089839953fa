"""The command line as its users meet it: a brief from files, the past as it was, errors in one line."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from nhipcau.engine.errors import EngineError
from nhipcau.engine.sample.writing import SampleSummary
from nhipcau.messages import catalogue, say

Run = Callable[..., Result]
Briefed = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_brief_of_the_sample_in_every_output(
    briefed: Briefed, sample: SampleSummary, tmp_path: Path, lang: str
) -> None:
    names = {kind: tmp_path / f"brief.{kind}" for kind in ("html", "pdf", "md")}
    options = [part for kind, path in names.items() for part in (f"--{kind}", path)]
    made = briefed(tmp_path / "brief.json", sample.path, "--lang", lang, *options)
    assert made["issues"]
    assert made["sample"] is True
    for issue in made["issues"]:
        assert sum(issue["heat_parts"].values()) == pytest.approx(issue["heat"], abs=0.06)
        assert issue["distinct_authors"] is None or issue["distinct_authors"] <= issue["voices"] + issue["copies"]
    assert names["pdf"].read_bytes().startswith(b"%PDF")
    assert made["issues"][0]["label"].split()[0] in names["html"].read_text("utf-8")
    assert not list(tmp_path.glob(".*"))


def test_a_brief_of_the_past_is_the_brief_one_would_have_had(
    briefed: Briefed, sample: SampleSummary, sample_lines: list[str], tmp_path: Path
) -> None:
    until = "2026-03-04T09:00:00+07:00"
    early = tmp_path / "early.jsonl"
    early.write_text("".join(line for line in sample_lines if json.loads(line)["arrived"] <= until), "utf-8")
    whole = briefed(tmp_path / "a.json", sample.path, "--as-of", until)
    cut = briefed(tmp_path / "b.json", early, "--as-of", until)
    assert whole.pop("later") > 0
    cut.pop("later")
    for made in (whole, cut):
        made["unknowns"] = [each for each in made["unknowns"] if each["code"] != "posts-later"]
    assert whole == cut


def test_people_are_quoted_only_from_the_floor_up(briefed: Briefed, sample: SampleSummary, tmp_path: Path) -> None:
    made = briefed(tmp_path / "b.json", sample.path, "--top", 100, "--since", "2026-03-02T00:00+07:00")
    small = [issue for issue in made["issues"] if (issue["distinct_authors"] or 0) < 10]
    assert small
    for issue in small:
        assert not [excerpt for excerpt in issue["excerpts"] if excerpt["kind"] == "post"]
        assert not issue["questions"]


def test_without_an_author_column_people_are_not_quoted(
    briefed: Briefed, sample_lines: list[str], tmp_path: Path
) -> None:
    bare = tmp_path / "bare.jsonl"
    rows = [json.loads(line) for line in sample_lines]
    keep = ("id", "time", "text")
    bare.write_text("".join(json.dumps({name: row[name] for name in keep}) + "\n" for row in rows), "utf-8")
    made = briefed(tmp_path / "b.json", bare)
    assert "unknown-authors" in {each["code"] for each in made["unknowns"]}
    assert all(not issue["excerpts"] and not issue["questions"] for issue in made["issues"])


def test_press_is_quoted_with_its_source(briefed: Briefed, tmp_path: Path) -> None:
    rows = [
        {"id": f"p{n}", "time": f"2026-03-02T0{n}:00:00+07:00", "source": f"Báo {n}", "title": f"Cầu Mới sập nhịp {n}",
         "summary": "Cầu Mới sập một nhịp lúc rạng sáng, không có người bị thương", "link": f"https://bao.example/{n}"}
        for n in range(1, 6)
    ]  # fmt: skip
    path = tmp_path / "press.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    made = briefed(tmp_path / "b.json", path, "--kind", "press")
    quoted = made["issues"][0]["excerpts"]
    assert quoted
    assert all(excerpt["kind"] == "press" and excerpt["source"] and excerpt["link"] for excerpt in quoted)


def test_posts_without_times_are_grouped_and_the_brief_says_what_is_left_out(briefed: Briefed, tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("text\n" + "Mất điện khu phố 3 từ tối qua\nKhu phố 3 mất điện từ tối qua\nĐường ngập\n", "utf-8")
    made = briefed(tmp_path / "b.json", path)
    assert made["as_of"] is None
    assert made["posts"] == 3
    assert "no-times" in {each["code"] for each in made["unknowns"]}


def test_planted_personal_data_is_nowhere_in_what_is_kept_or_shown(run: Run, tmp_path: Path) -> None:
    planted = ["0912345678", "nguyenvanbi.mat", "bimat@example.com", "Người Đăng Bí Mật"]
    posts = tmp_path / "posts"
    posts.mkdir()
    rows = [
        {"id": f"x{n}", "time": f"2026-03-02T08:{n:02}:00+07:00", "author": f"{planted[3]} {n}",
         "text": f"Đường Trần Phú ngập sâu từ sáng, ai biết khi nào rút nước {n}? "
                 f"gọi {planted[0]}, {planted[2]}, @{planted[1]}"}
        for n in range(30)
    ]  # fmt: skip
    (posts / "a.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    state = tmp_path / "state"
    assert run("follow", posts, "--state", state, "--once").exit_code == 0
    outputs = [tmp_path / f"b.{kind}" for kind in ("html", "json", "md")]
    result = run("brief", "--state", state, "--html", outputs[0], "--json", outputs[1], "--md", outputs[2])
    assert result.exit_code == 0, result.output
    assert json.loads(outputs[1].read_text("utf-8"))["posts"] == 30
    import pyarrow.ipc as ipc

    kept = [str(ipc.open_file(path).read_all().to_pydict()) for path in state.rglob("*.arrow")]
    kept += [path.read_bytes().decode("utf-8", "replace") for path in [*state.rglob("*"), *outputs] if path.is_file()]
    for secret in planted:
        assert not [text for text in kept if secret in text], secret


def test_group_gives_every_post_its_issue(
    run: Run, sample: SampleSummary, sample_lines: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "groups.csv"
    result = run("group", sample.path, "--out", out)
    assert result.exit_code == 0, result.output
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [json.loads(line)["id"] for line in sample_lines]
    assert all(row["issue"].isdigit() for row in rows)


def test_follow_killed_at_any_moment_ends_with_the_issues_of_an_unbroken_run(
    briefed: Briefed, run: Run, sample_lines: list[str], tmp_path: Path
) -> None:
    folder, whole, broken = tmp_path / "posts", tmp_path / "whole", tmp_path / "broken"
    folder.mkdir()
    for part in range(8):
        lines = sample_lines[part * len(sample_lines) // 8 : (part + 1) * len(sample_lines) // 8]
        (folder / f"{part}.jsonl").write_text("".join(lines), "utf-8")
    command = [sys.executable, "-m", "nhipcau.cli", "follow", str(folder), "--once", "--state"]
    subprocess.run([*command, str(whole)], check=True, capture_output=True)
    kills = 0
    for wait in (1.0, 2.0, 2.4, 2.8, 3.2, 3.6, 4.0):
        process = subprocess.Popen([*command, str(broken)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    subprocess.run([*command, str(broken)], check=True, capture_output=True)
    assert kills
    made = [briefed(tmp_path / f"{state.name}.json", "--state", state, "--top", 50) for state in (whole, broken)]
    assert made[0] == made[1]
    assert made[0]["posts"] > 0


def test_follow_takes_standard_input_once_however_often_it_is_fed(
    briefed: Briefed, run: Run, sample_lines: list[str], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    for fed in (sample_lines[:300], sample_lines[:700], sample_lines[:700]):
        result = run("follow", "-", "--state", state, "--once", fed="".join(fed))
        assert result.exit_code == 0, result.output
    assert briefed(tmp_path / "b.json", "--state", state, "--since", "2026-03-01T00:00+07:00")["posts"] == 700


def test_detect_scores_every_row(run: Run, tmp_path: Path) -> None:
    series, out = tmp_path / "series.csv", tmp_path / "scored.csv"
    rows = [f"2026-03-{1 + n // 24:02} {n % 24:02}:00:00,{10 + n % 24}" for n in range(240)]
    series.write_text("\n".join(["timestamp,value", *rows]) + "\n")
    result = run("detect", series, "--out", out)
    assert result.exit_code == 0, result.output
    with out.open(newline="") as file:
        scored = list(csv.DictReader(file))
    assert list(scored[0]) == ["timestamp", "value", "anomaly_score", "label"]
    assert len(scored) == 240
    assert all(0 <= float(row["anomaly_score"]) <= 1 for row in scored)


def test_sample_is_written_with_its_truth(run: Run, tmp_path: Path) -> None:
    result = run("sample", "--days", 1, "--posts-per-day", 60, "--seed", 3, "--out", tmp_path / "s.jsonl")
    assert result.exit_code == 0, result.output
    assert len((tmp_path / "s.jsonl").read_text("utf-8").splitlines()) == 60
    assert (tmp_path / "s.truth.json").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["brief", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["brief"], "follow"),
        (["brief", "--as-of", "hôm qua", "x.jsonl"], "--as-of"),
        (["group", "--out", "x.csv"], "-"),
        (["detect", "no-such.csv", "--out", "x.csv"], "no-such.csv"),
        (["follow", "no-such-folder", "--state", "state"], "no-such-folder"),
        (["brief", "--columns", "nonsense=1", "x.jsonl"], "nonsense"),
    ],
)
def test_every_error_is_one_line_and_exit_code_two(
    run: Run, arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_errors_are_worded_in_both_languages() -> None:
    vietnamese, english = catalogue("vi"), catalogue("en")
    assert set(vietnamese) == set(english)
    error = EngineError("read.missing", path="a.csv")
    assert say(error, lang="vi") != say(error, lang="en")
    assert "a.csv" in say(error, lang="vi")
    assert say(EngineError("new.code", what=1), lang="vi") == "new.code (what=1)"


@pytest.mark.parametrize("name", ["nhipcau.engine", "nhipcau.cli"])
def test_importing_loads_nothing_heavy(name: str) -> None:
    heavy = ["django", "feedparser", "httpx", "jinja2", "numba", "numpy", "pandas", "pyarrow", "rich", "statsforecast"]
    code = f"import sys, {name}; print(sorted(set({heavy}) & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
