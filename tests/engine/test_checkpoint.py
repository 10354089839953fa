"""Saving and loading an engine: only whole, only of this version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nhipcau.engine.checkpoint import load, save
from nhipcau.engine.errors import EngineError
from nhipcau.engine.log import PostLog
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.sample.writing import SampleSummary
from nhipcau.engine.stream import Engine


def batches(sample: SampleSummary) -> PostReader:
    return PostReader([sample.path], ReadOptions(author_key=bytes(32)))


def test_a_state_is_not_saved_while_posts_are_being_taken(sample: SampleSummary, tmp_path: Path) -> None:
    engine = Engine(log=PostLog(tmp_path / "log"))
    taking = engine.take(batches(sample).batches())
    next(taking)
    with pytest.raises(ValueError, match="being taken"):
        save(engine, tmp_path, position={})
    for _ in taking:
        pass
    save(engine, tmp_path, position={"file": "a"})
    loaded = load(tmp_path)
    assert loaded is not None
    assert loaded[0].seq == engine.seq
    assert loaded[1] == {"file": "a"}


def test_a_state_of_another_version_is_refused_by_name(tmp_path: Path) -> None:
    save(Engine(log=PostLog(tmp_path / "log")), tmp_path, position={})
    manifest = next(tmp_path.glob("checkpoint-*")) / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "version": 1}))
    with pytest.raises(EngineError) as caught:
        load(tmp_path)
    assert "another version" in str(caught.value.values["reason"])
