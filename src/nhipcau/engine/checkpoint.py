"""Saving and loading an engine in a folder, all or nothing.

`<folder>/log/` holds the segments of the log, `<folder>/checkpoint-N/` one state, and the file `<folder>/current`
names the one that counts. A kill at any moment leaves the last whole checkpoint in force.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc

from nhipcau.engine.disk import sync
from nhipcau.engine.errors import EngineError
from nhipcau.engine.grouping.state import Array, GroupSettings, GroupState
from nhipcau.engine.log import Log, PostLog
from nhipcau.engine.places.units import Place
from nhipcau.engine.stream import Engine
from nhipcau.engine.tables import TableFiles

VERSION = 2
MOST_ATTEMPTS = 5


def save(engine: Engine, folder: Path, *, position: dict[str, Any]) -> None:
    """Write the engine and what its caller needs to go on (`position`, JSON) into the folder, atomically.

    Raises
    ------
    ValueError
        While posts are being taken.
    """
    if not engine.is_settled:
        raise ValueError("posts are still being taken: the state is not whole")
    engine.log.flush()
    folder.mkdir(parents=True, exist_ok=True)
    number = _current(folder) + 1
    target = folder / f"checkpoint-{number}"
    if target.exists():
        shutil.rmtree(target)
    target.mkdir()
    state = engine.state
    _write_arrays(target / "arrays.arrow", state.arrays())
    manifest = {
        "version": VERSION,
        "settings": asdict(state.settings),
        "seq": engine.seq,
        "copies": engine.copies,
        "author_epoch": engine.author_epoch,
        "segments": engine.log.segments,
        "history": state.history,
        "extras": [asdict(place) for place in engine.gazetteer.extras],
        "position": position,
    }
    _write(target / "manifest.json", json.dumps(manifest, ensure_ascii=False))
    _write(folder / "current.new", f"{number}\n")
    (folder / "current.new").replace(folder / "current")
    sync(folder)
    for old in folder.glob("checkpoint-*"):
        if old != target:
            shutil.rmtree(old, ignore_errors=True)


def load(
    folder: Path, *, tables: TableFiles | None = None, open_log: Callable[[list[str]], Log] | None = None
) -> tuple[Engine, dict[str, Any]] | None:
    """Give the engine of the last whole checkpoint and its position; None where the folder has none.

    Parameters
    ----------
    folder
        What `save` wrote.
    tables
        The operator's tables; those that the folder keeps if not given.
    open_log
        Opens the log by the names of the segments that count; the engine's own, in the folder, if not given.

    Raises
    ------
    EngineError
        `state.damaged` where a file of the checkpoint cannot be read, and what the readers of the tables raise.

    Notes
    -----
    Nothing is changed, so a state may be looked at while a run goes on. The run itself begins with
    `PostLog.drop_unknown`.
    """
    for attempt in range(MOST_ATTEMPTS):
        number = _current(folder)
        if number == 0:
            return None
        try:
            manifest, state = _read(folder / f"checkpoint-{number}")
            break
        except (OSError, ValueError, KeyError, TypeError) as error:
            # a run that goes on may have put the next checkpoint in its place meanwhile
            if _current(folder) == number or attempt == MOST_ATTEMPTS - 1:
                raise EngineError("state.damaged", folder=str(folder), reason=str(error)) from error
    extras = [Place(**{**row, "candidates": tuple(row.get("candidates", ()))}) for row in manifest["extras"]]
    log = open_log(manifest["segments"]) if open_log else PostLog(folder / "log", segments=manifest["segments"])
    loaded = (tables or TableFiles.kept(folder)).load(extras)
    engine = Engine(
        log=log,
        state=state,
        seq=manifest["seq"],
        author_epoch=manifest["author_epoch"],
        lexicon=loaded.lexicon,
        gazetteer=loaded.gazetteer,
        cues=loaded.cues,
    )
    engine.copies = manifest["copies"]
    return engine, manifest["position"]


def _read(source: Path) -> tuple[dict[str, Any], GroupState]:
    manifest = json.loads((source / "manifest.json").read_text("utf-8"))
    if manifest["version"] != VERSION:
        raise ValueError(f"written by another version of nhipcau: {manifest['version']}, not {VERSION}")
    state = GroupState.from_arrays(GroupSettings(**manifest["settings"]), _read_arrays(source / "arrays.arrow"))
    state.history = [tuple(row) for row in manifest["history"]]
    return manifest, state


def _write_arrays(path: Path, arrays: dict[str, Array]) -> None:
    """Write arrays as columns of one row of bytes, LZ4-compressed: most of a young state is zeros."""
    columns, shapes = [], {}
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        ends = pa.py_buffer(np.array([0, len(data)], np.int64))
        columns.append(pa.LargeBinaryArray.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(data)]))
        shapes[name] = json.dumps([np.lib.format.dtype_to_descr(array.dtype), array.shape])
    schema = pa.schema([pa.field(name, pa.large_binary()) for name in arrays], metadata=shapes)
    with path.open("wb") as file:
        with ipc.new_file(file, schema, options=ipc.IpcWriteOptions(compression="lz4")) as writer:
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
        file.flush()
        os.fsync(file.fileno())


def _read_arrays(path: Path) -> dict[str, Array]:
    with ipc.open_file(str(path)) as reader:
        batch = reader.get_batch(0)
        arrays = {}
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            descr, shape = json.loads(batch.schema.metadata[name.encode()])
            fields = [tuple(field) for field in descr] if isinstance(descr, list) else descr
            data = np.frombuffer(column.buffers()[2] or b"", np.lib.format.descr_to_dtype(fields))
            arrays[name] = data.reshape(shape).copy()
    return arrays


def _current(folder: Path) -> int:
    try:
        return int((folder / "current").read_text())
    except FileNotFoundError:
        return 0
    except (OSError, ValueError) as error:
        raise EngineError("state.damaged", folder=str(folder), reason=str(error)) from error


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
