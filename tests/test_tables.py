"""The operator's tables on the command line: they do their work, bad ones are told in a line, a state keeps its own."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
Briefed = Callable[..., dict[str, Any]]
RULE = "cue,kind,weight,position,accents,asks\ncần rõ giờ giấc,question,9,anywhere,free,\n"


def posts(path: Path, texts: list[str]) -> Path:
    rows = [{"id": f"x{n}", "time": f"2026-03-02T08:{n:02}:00+07:00", "author": f"a{n}", "text": text}
            for n, text in enumerate(texts)]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def table(path: Path, content: str) -> Path:
    path.write_text(content, "utf-8")
    return path


def test_an_abbreviation_of_ones_own_brings_posts_together(run: Run, tmp_path: Path) -> None:
    texts = ["Nhà máy xử lý rác Cồn Én bốc mùi", "nmxlr Cồn Én bốc mùi"]
    source = posts(tmp_path / "a.jsonl", texts)
    lexicon = table(tmp_path / "own.csv", "word,meaning\nnmxlr,nhà máy xử lý rác\n")
    issues = []
    for name, options in (("without", []), ("with", ["--lexicon", lexicon])):
        out = tmp_path / f"{name}.csv"
        assert run("group", source, "--out", out, *options).exit_code == 0
        with out.open(newline="") as file:
            issues.append([row["issue"] for row in csv.DictReader(file)])
    assert issues[0][0] != issues[0][1]
    assert issues[1][0] == issues[1][1]


@pytest.mark.parametrize(("option", "keeps_shipped"), [("--gazetteer", False), ("--places", True)])
def test_places_of_ones_own_stand_instead_of_the_shipped_list_or_beside_it(
    briefed: Briefed, option: str, keeps_shipped: bool, tmp_path: Path
) -> None:
    source = posts(tmp_path / "a.jsonl", ["Chợ Cồn Én ở tỉnh Đồng Nai ngập sâu từ sáng nay"])
    places = table(tmp_path / "own.csv", "code,name\ncho-1,Chợ Cồn Én\n")
    brief = briefed(tmp_path / "b.json", source, option, places)
    found = {place["code"] for place in brief["issues"][0]["places"]}
    assert "cho-1" in found
    assert ("75" in found) == keeps_shipped


def test_a_rule_of_ones_own_tells_a_kind_and_opens_a_question(briefed: Briefed, tmp_path: Path) -> None:
    texts = [f"Đội sửa điện tới khu phố {n} cần rõ giờ giấc" for n in range(12)]
    source = posts(tmp_path / "a.jsonl", texts)
    cues = table(tmp_path / "own.csv", RULE)
    plain, own = briefed(tmp_path / "a.json", source), briefed(tmp_path / "b.json", source, "--cues", cues)
    assert plain["kinds"]["question"] < own["kinds"]["question"]
    assert not plain["issues"][0]["questions"]
    assert own["issues"][0]["questions"]


@pytest.mark.parametrize(
    ("option", "content", "told"),
    [
        ("--lexicon", "word,meaning\nko,không\na b,c\n", ("dòng 3", "cột word", "viết liền")),
        ("--lexicon", "từ,nghĩa\n", ("word,meaning",)),
        ("--gazetteer", "code,name\n1,A\n1,B\n", ("dòng 3", "cột code", "dòng 2", "Hãy")),
        ("--gazetteer", "code,name,latitude\n1,A,x\n", ("dòng 2", "cột latitude", "Ví dụ")),
        ("--gazetteer", "code,name\n", ("chưa có địa danh",)),
        ("--places", "code,name\n75,A\n", ("dòng 2", "cột code", "danh mục có sẵn")),
        ("--places", "code,name,parent\nx,A,nowhere\n", ("dòng 2", "cột parent", "nowhere")),
        (
            "--cues",
            "cue,kind,weight,position,accents,asks\nxin,plea,4,anywhere,,\n",
            ("dòng 2", "cột kind", "plea", "request"),
        ),
        ("--cues", "cue,kind\nxin,request\n", ("weight",)),
    ],
)
def test_a_bad_table_is_told_in_one_line_with_its_row_field_and_remedy(
    run: Run, option: str, content: str, told: tuple[str, ...], tmp_path: Path
) -> None:
    source = posts(tmp_path / "a.jsonl", ["Đường ngập"])
    bad = table(tmp_path / "bad.csv", content)
    for command in (
        ["brief", source],
        ["group", source, "--out", tmp_path / "g.csv"],
        ["follow", source, "--state", tmp_path / "state", "--once"],
    ):
        result = run(*command, option, bad)
        assert result.exit_code == 2
        assert len(result.output.strip().splitlines()) == 1
        assert "bad.csv" in result.output
        assert "…" not in result.output.replace("dấu …", "")
        for words in told:
            assert words in result.output
    assert not (tmp_path / "state" / "tables").exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00w", b"word,meaning\nko,\xe1\xbb\n"])
@pytest.mark.parametrize("option", ["--lexicon", "--gazetteer", "--cues"])
def test_a_table_that_is_no_text_is_told_too(run: Run, option: str, content: bytes, tmp_path: Path) -> None:
    source = posts(tmp_path / "a.jsonl", ["Đường ngập"])
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    for path in (bad, tmp_path / "missing.csv"):
        result = run("brief", source, option, path)
        assert result.exit_code == 2
        assert path.name in result.output
        assert len(result.output.strip().splitlines()) == 1


def test_a_list_instead_and_a_list_beside_are_not_taken_together(run: Run, tmp_path: Path) -> None:
    source = posts(tmp_path / "a.jsonl", ["Đường ngập"])
    places = table(tmp_path / "own.csv", "code,name\ncho-1,Chợ Cồn Én\n")
    result = run("brief", source, "--gazetteer", places, "--places", places)
    assert result.exit_code == 2
    assert "--places" in result.output


def test_a_state_keeps_its_tables_and_refuses_others(briefed: Briefed, run: Run, tmp_path: Path) -> None:
    folder, state = tmp_path / "posts", tmp_path / "state"
    folder.mkdir()
    posts(folder / "a.jsonl", ["Chợ Cồn Én ngập sâu từ sáng nay", "Nhà máy xử lý rác bốc mùi cả đêm"])
    places = table(tmp_path / "own.csv", "code,name\ncho-1,Chợ Cồn Én\n")
    lexicon = table(tmp_path / "words.csv", "word,meaning\nnmxlr,nhà máy xử lý rác\n")
    given = ("--gazetteer", places, "--lexicon", lexicon)
    assert run("follow", folder, "--state", state, "--once", *given).exit_code == 0
    # what is kept does not hang on the operator's files
    places.unlink()
    lexicon.unlink()
    posts(folder / "b.jsonl", ["nmxlr bốc mùi cả đêm", "Chợ Cồn Én ngập sâu từ sáng nay nha"])
    assert run("follow", folder, "--state", state, "--once").exit_code == 0
    brief = briefed(tmp_path / "b.json", "--state", state)
    assert sorted(issue["voices"] + issue["copies"] for issue in brief["issues"]) == [2, 2]
    assert {place["code"] for issue in brief["issues"] for place in issue["places"]} == {"cho-1"}

    same = table(tmp_path / "same.csv", "code,name\ncho-1,Chợ Cồn Én\n")
    other = table(tmp_path / "other.csv", "code,name\ncho-2,Chợ Cồn Én\n")
    assert run("follow", folder, "--state", state, "--once", "--gazetteer", same).exit_code == 0
    for command in (["follow", folder, "--state", state, "--once"], ["brief", "--state", state]):
        result = run(*command, "--gazetteer", other)
        assert result.exit_code == 2
        assert "other.csv" in result.output
        assert len(result.output.strip().splitlines()) == 1


def test_rules_of_kinds_may_change_while_a_state_lives(briefed: Briefed, run: Run, tmp_path: Path) -> None:
    folder, state = tmp_path / "posts", tmp_path / "state"
    folder.mkdir()
    posts(folder / "a.jsonl", ["Đội sửa điện tới khu phố cần rõ giờ giấc"])
    assert run("follow", folder, "--state", state, "--once").exit_code == 0
    cues = table(tmp_path / "own.csv", RULE)
    assert briefed(tmp_path / "a.json", "--state", state, "--cues", cues)["kinds"]["question"] == 1
