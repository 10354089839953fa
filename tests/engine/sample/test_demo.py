"""The demonstration makes the brief of the bundled sample and says where it is."""

from __future__ import annotations

import pytest

from nhipcau.engine.sample import demo


@pytest.mark.parametrize(("language", "word"), [("vi", "không có thật"), ("en", "made-up")])
def test_the_demonstration_prints_the_path_of_the_brief(tmp_path, capsys, monkeypatch, language, word):
    monkeypatch.setattr(demo, "DAYS", 1)
    monkeypatch.setattr(demo, "POSTS_PER_DAY", 30)
    demo.main(["--out", str(tmp_path / "out"), "--lang", language])
    printed, steps = capsys.readouterr()
    assert len([line for line in steps.splitlines() if "…" in line]) >= 2
    assert (tmp_path / "out" / "brief.html").as_uri() in printed
    assert str(tmp_path / "out" / "brief.pdf") in printed
    assert (tmp_path / "out" / "brief.html").stat().st_size > 10_000
    assert word in printed
    assert len((tmp_path / "out" / "sample.jsonl").read_text(encoding="utf-8").splitlines()) == 30
