"""Issues that say the same in other words, with a model of a few words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nhipcau.cli import main
from nhipcau.engine.dense import load_encoder, related
from nhipcau.engine.errors import EngineError
from tests.engine.dense.tiny_model import write_model

MATTERS = ["điện", "nước", "rác", "cầu", "trường", "chợ", "đèo", "muỗi", "xe", "đất", "thuế", "rừng"]
TWIN = "nguồn"
MEANINGS = [[word, TWIN] if word == "điện" else [word] for word in MATTERS]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model"), MEANINGS)


@pytest.mark.parametrize("pooled", [False, True])
def test_texts_become_unit_vectors_and_texts_of_one_meaning_the_same(pooled: bool, tmp_path: Path) -> None:
    encoder = load_encoder(write_model(tmp_path, MEANINGS, pooled=pooled))
    vectors = encoder.encode(["điện", "nguồn nguồn nguồn", "nước", *MATTERS, ""])
    assert np.linalg.norm(vectors[:-1], axis=1) == pytest.approx(1.0, abs=1e-5)
    assert not vectors[-1].any() or pooled
    assert vectors[0] @ vectors[1] > 0.95
    assert abs(vectors[0] @ vectors[2]) < 0.6


def test_a_text_has_the_same_vector_whatever_stands_beside_it(model: Path) -> None:
    encoder = load_encoder(model)
    texts = ["điện nước", "rác", "cầu trường chợ đèo", ""] * 9
    together = encoder.encode(texts)
    assert together == pytest.approx(np.concatenate([encoder.encode([text]) for text in texts]), abs=1e-6)


def test_only_issues_nearer_than_chance_are_related(model: Path) -> None:
    heads = [[f"{word} hôm nay", word] for word in MATTERS] + [[TWIN, f"{TWIN} tối qua"]]
    found = related(heads, load_encoder(model))
    assert [each.place for each in found[0]] == [len(MATTERS)]
    assert [each.place for each in found[-1]] == [0]
    assert not any(found[1:-1])


def test_among_few_issues_nothing_is_said(model: Path) -> None:
    assert related([["điện"], [TWIN], ["nước"]], load_encoder(model)) == [[], [], []]
    assert related([], load_encoder(model)) == []


def test_the_brief_lists_what_is_perhaps_the_same_matter(model: Path, tmp_path: Path) -> None:
    rows = []
    for word in [*MATTERS, TWIN]:
        own = {"điện": "mất cả xóm từ tối qua", TWIN: "cúp toàn khu lâu lắm rồi"}.get(
            word, f"{word}an {word}em {word}ong"
        )
        rows += [
            {
                "id": f"{word}{n}",
                "time": f"2026-03-02T08:{n:02}:00+07:00",
                "author": f"{word}{n}",
                "text": f"{word} {own}",
            }
            for n in range(4)
        ]
    posts, out, page = tmp_path / "posts.jsonl", tmp_path / "b.json", tmp_path / "b.html"
    posts.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    options = ["--top", "20", "--json", str(out), "--html", str(page), "--md", str(tmp_path / "b.md")]
    result = CliRunner().invoke(main, ["brief", str(posts), "--encoder", str(model), *options])
    assert result.exit_code == 0, result.output
    issues = json.loads(out.read_text("utf-8"))["issues"]
    by_word = {issue["evidence"][0].rstrip("0123456789"): issue for issue in issues}
    assert [each["id"] for each in by_word["điện"]["related"]] == [by_word[TWIN]["id"]]
    assert [each["id"] for each in by_word[TWIN]["related"]] == [by_word["điện"]["id"]]
    assert sum(bool(issue["related"]) for issue in issues) == 2
    assert "Có thể cùng một chuyện" in page.read_text("utf-8")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_folder_without_its_files_is_told(name: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model", MEANINGS)
    (folder / name).unlink()
    with pytest.raises(EngineError) as caught:
        load_encoder(folder)
    assert caught.value.code == "dense.missing"
    assert caught.value.values["file"] == name


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_model_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model", MEANINGS)
    (folder / name).write_bytes(b"no model")
    result = CliRunner().invoke(main, ["brief", "x.jsonl", "--encoder", str(folder)])
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert str(folder) in result.output


def test_a_missing_library_is_told_with_how_to_install_it(model: Path) -> None:
    program = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "from nhipcau.cli import main; sys.argv = ['nhipcau', 'brief', 'x.jsonl', '--encoder', sys.argv[1]]; main()"
    )
    done = subprocess.run([sys.executable, "-c", program, str(model)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nhipcau[dense]" in done.stderr


def test_nothing_of_it_is_loaded_without_the_option() -> None:
    program = (
        "import sys, nhipcau.engine.dense as d; sys.exit('onnxruntime' in sys.modules or 'tokenizers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
