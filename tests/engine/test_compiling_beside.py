"""The other process makes exactly the kernels that a stream of posts asks for, and is not started for nothing."""

from __future__ import annotations

import subprocess
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from nhipcau.engine import Engine
from nhipcau.engine.compiling_beside import compile_grouping, grouping_compiled_beside
from nhipcau.engine.grouping import _arrival, _copies, _features, _revision
from nhipcau.engine.posts import POST_SCHEMA

KERNELS = (_arrival.assign, _arrival.resolve, _copies.fold, _features.represent, _revision.revise)


def posts() -> pa.RecordBatch:
    texts = ["Đường ngập sâu ở phường Hoa Mai", "Mất điện cả xóm từ tối qua", "Đường ngập sâu ở phường Hoa Mai rồi"]
    rows = [{"id": str(place), "text": text, "kind": "post"} for place, text in enumerate(texts)]
    return pa.RecordBatch.from_pylist(rows, schema=POST_SCHEMA)


def test_it_makes_the_kernels_that_posts_need_and_no_others():
    engine = Engine(keep=False)
    threads = np.concatenate([numbers for _, numbers in engine.take([posts()])])
    engine.end()
    engine.issues_of(threads)
    needed = {kernel.py_func.__name__: list(kernel.signatures) for kernel in KERNELS}
    compile_grouping()
    assert {kernel.py_func.__name__: list(kernel.signatures) for kernel in KERNELS} == needed
    assert all(needed.values())


def test_no_process_is_started_where_the_kernels_are_kept(monkeypatch: pytest.MonkeyPatch):
    compile_grouping()

    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with grouping_compiled_beside():
        pass


def test_the_process_ends_with_the_block(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("nhipcau.engine.compiling.is_kept", lambda _module: False)
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(real(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    with grouping_compiled_beside():
        assert len(started) == 1
    assert started[0].poll() is not None
