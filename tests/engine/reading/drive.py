"""What the tests of reading share: options, a run, and the rows that came of it."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

from hypothesis import settings

from nhipcau.engine.posts import POST_SCHEMA
from nhipcau.engine.reading import PostReader, ReadOptions, RejectSink

KEY = bytes(range(16))

# The first example of a property compiles what it tests, so that no deadline would hold.
unhurried = settings(deadline=None)


def options(**chosen: Any) -> ReadOptions:
    return ReadOptions(author_key=KEY, **chosen)


def written(path: Path, content: bytes | str | list[Any]) -> Path:
    """Write bytes, text, or a line of JSON for each element; zipped where the name says so."""
    if isinstance(content, list):
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(raw, mtime=0) if path.suffix == ".gz" else raw)
    return path


def run(*paths: Path | str, stdin: bytes | None = None, rejects: Path | None = None, **chosen: Any):
    """Read everything: the rows as dictionaries, and the reader."""
    sink = RejectSink(rejects) if rejects else None
    reader = PostReader(
        list(paths), options(**chosen), rejects=sink, stdin=io.BytesIO(stdin) if stdin is not None else None
    )
    rows = []
    for batch in reader.batches():
        assert batch.schema == POST_SCHEMA
        batch.validate(full=True)
        assert 0 < batch.num_rows <= reader._options.batch_rows
        rows += batch.to_pylist()
    if sink:
        sink.close()
    return rows, reader


def texts(*paths: Path | str, **chosen: Any) -> list[str]:
    return [row["text"] for row in run(*paths, **chosen)[0]]


def rejected(path: Path, sink: Path, **chosen: Any) -> list[tuple[int, str]]:
    """Line and code of the rejects of one file."""
    run(path, rejects=sink, **chosen)
    if not sink.exists():
        return []
    return [(entry["line"], entry["code"]) for entry in map(json.loads, sink.read_text().splitlines())]
