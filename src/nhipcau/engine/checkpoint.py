"""Saving and loading an engine in a folder, all or nothing.

`<folder>/log/` holds the segments of the log, `<folder>/checkpoint-N/` one state, and the file `<folder>/current`
names the one that counts. A kill at any moment leaves the last whole checkpoint in force.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from nhipcau.engine.errors import EngineError
from nhipcau.engine.grouping.state import GroupSettings, GroupState
from nhipcau.engine.log import PostLog
from nhipcau.engine.places.gazetteer import Gazetteer
from nhipcau.engine.stream import Engine

VERSION = 1


def save(engine: Engine, folder: Path, *, position: dict[str, Any]) -> None:
    """Write the engine and what its caller needs to go on (`position`, JSON) into the folder, atomically."""
    engine.log.flush()
    folder.mkdir(parents=True, exist_ok=True)
    number = _current(folder) + 1
    target = folder / f"checkpoint-{number}"
    if target.exists():
        shutil.rmtree(target)
    target.mkdir()
    state = engine.state
    with (target / "arrays.npz").open("wb") as file:
        np.savez(file, **state.arrays())
        file.flush()
        os.fsync(file.fileno())
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
    _sync(folder)
    for old in folder.glob("checkpoint-*"):
        if old != target:
            shutil.rmtree(old, ignore_errors=True)


def load(folder: Path) -> tuple[Engine, dict[str, Any]] | None:
    """The engine of the last whole checkpoint and its position; None where the folder has none.

    Raises
    ------
    EngineError
        `state.damaged` where a file of the checkpoint cannot be read.
    """
    number = _current(folder)
    if number == 0:
        if (folder / "log").exists():
            PostLog(folder / "log").drop_unknown()
        return None
    source = folder / f"checkpoint-{number}"
    try:
        manifest = json.loads((source / "manifest.json").read_text("utf-8"))
        with np.load(source / "arrays.npz") as stored:
            arrays = {name: stored[name] for name in stored.files}
        state = GroupState.from_arrays(GroupSettings(**manifest["settings"]), arrays)
        state.history = [tuple(row) for row in manifest["history"]]
        from nhipcau.engine.places.units import Place

        extras = [Place(**{**row, "candidates": tuple(row.get("candidates", ()))}) for row in manifest["extras"]]
        log = PostLog(folder / "log", segments=manifest["segments"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError("state.damaged", folder=str(folder), reason=str(error)) from error
    log.drop_unknown()
    engine = Engine(
        log=log,
        state=state,
        seq=manifest["seq"],
        author_epoch=manifest["author_epoch"],
        gazetteer=Gazetteer.load(extras=extras),
    )
    engine.copies = manifest["copies"]
    return engine, manifest["position"]


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


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
