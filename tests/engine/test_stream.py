"""A run of the engine: neither the borders of batches nor threads change what becomes of posts."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from nhipcau.cli import brief as brief_command
from nhipcau.engine import stream as stream_module
from nhipcau.engine.brief.assemble import BriefOptions, assemble
from nhipcau.engine.brief.model import to_json
from nhipcau.engine.forecasting import levels
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.sample.writing import SampleSummary
from nhipcau.engine.stream import Engine


def run(path: Path, **options: int) -> Engine:
    engine = Engine()
    engine.run(PostReader([path], ReadOptions(author_key=bytes(32), **options)).batches())  # type: ignore[arg-type]
    return engine


@pytest.mark.parametrize(("step", "rows", "block"), [(37, 1000, 50_000), (4096, 16_384, 9000)])
def test_the_borders_of_batches_change_nothing(
    sample: SampleSummary, monkeypatch: pytest.MonkeyPatch, step: int, rows: int, block: int
) -> None:
    whole = to_json(assemble(run(sample.path), BriefOptions()))
    monkeypatch.setattr(stream_module, "STEP_ROWS", step)
    assert to_json(assemble(run(sample.path, batch_rows=rows, block_bytes=block), BriefOptions())) == whole


def test_a_stream_that_has_ended_is_briefed_as_one_that_goes_on(sample: SampleSummary) -> None:
    going_on, ended = run(sample.path), run(sample.path)
    ended.end()
    ended.end()
    assert to_json(assemble(ended, BriefOptions())) == to_json(assemble(going_on, BriefOptions()))
    with pytest.raises(ValueError, match="has ended"):
        ended.run([])


def test_a_post_keeps_its_row_of_the_log(sample: SampleSummary) -> None:
    engine = run(sample.path)
    seqs = np.concatenate([batch.column("seq").to_numpy() for batch in engine.log.scan(["seq"])])
    assert seqs.tolist() == list(range(engine.seq))


def test_columns_of_a_batch_take_no_more_room_than_their_values(sample: SampleSummary) -> None:
    for batch in PostReader([sample.path], ReadOptions(author_key=bytes(32))).batches():
        for name in ("id", "source", "channel", "text"):
            column = batch.column(name)
            values = sum(len(value.encode()) for value in column.to_pylist() if value)
            buffer = column.buffers()[2]
            base = np.frombuffer(buffer, np.uint8)
            assert len(base) <= values + 2 * len(column)


def test_a_small_brief_starts_without_the_large_libraries(tmp_path: Path) -> None:
    posts = tmp_path / "posts.jsonl"
    rows = [
        {
            "id": str(number),
            "time": f"2026-03-01T0{number}:00:00+07:00",
            "text": f"Nước ngập đường Lê Lợi {'rất sâu' if number % 2 else 'từ sáng'} ở xã Tân Lập",
            "author": f"a{number}",
            "source": f"trang {number}",
        }
        for number in range(8)
    ]
    posts.write_text("".join(json.dumps(row) + "\n" for row in rows))
    code = (
        "import sys\nfrom nhipcau.cli import main\n"
        f"try:\n    main(['brief', {str(posts)!r}, '--html', {str(tmp_path / 'brief.html')!r}])\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print(sorted({'pandas', 'statsforecast', 'sklearn'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]"), done.stdout


@pytest.mark.parametrize(("many", "loads"), [(100, 1), (1_000_000, 0)])
def test_the_forecasting_library_is_loaded_once_while_many_posts_are_grouped(
    sample: SampleSummary, monkeypatch: pytest.MonkeyPatch, many: int, loads: int
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(brief_command, "MANY_POSTS", many)
    monkeypatch.setattr(levels, "load_library", lambda: loaded.append(threading.current_thread().name))
    brief_command._run(Engine(keep=False), PostReader([sample.path], ReadOptions(author_key=bytes(32), batch_rows=50)))
    for thread in threading.enumerate():
        if thread.name == "loading":
            thread.join()
    assert loaded == ["loading"] * loads
