"""The listening engine: posts become issues, warnings, forecasts and a brief. Arrow in, Arrow out.

Start at `stream` (a run), `brief.assemble` (what it says), `checkpoint` (what is kept). Names load when they are used,
so that importing the engine costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_NAMES = {
    "Engine": "nhipcau.engine.stream",
    "EngineError": "nhipcau.engine.errors",
    "GroupSettings": "nhipcau.engine.grouping.state",
    "LOGGED_SCHEMA": "nhipcau.engine.posts",
    "POST_SCHEMA": "nhipcau.engine.posts",
    "PostLog": "nhipcau.engine.log",
    "PostReader": "nhipcau.engine.reading",
    "ReadOptions": "nhipcau.engine.reading",
    "assemble": "nhipcau.engine.brief.assemble",
}
__all__ = sorted(_NAMES)


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_NAMES[name]), name)
