"""The demonstration writes the bundled sample and says where it is."""

from __future__ import annotations

import pytest

from nhipcau.engine.sample import demo


@pytest.mark.parametrize(("language", "word"), [("vi", "không có thật"), ("en", "made up")])
def test_the_demonstration_prints_the_path_of_the_sample(tmp_path, capsys, monkeypatch, language, word):
    monkeypatch.setattr(demo, "DAYS", 1)
    monkeypatch.setattr(demo, "POSTS_PER_DAY", 30)
    demo.main(["--out", str(tmp_path / "out"), "--lang", language])
    printed = capsys.readouterr().out
    assert str(tmp_path / "out" / "sample.jsonl") in printed
    assert word in printed
    assert len((tmp_path / "out" / "sample.jsonl").read_text(encoding="utf-8").splitlines()) == 30
