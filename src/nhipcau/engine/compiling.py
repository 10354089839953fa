"""Where compiled kernels are kept between two runs. Every kernel takes `njit` from here, none from numba.

Numba looks only at the file of a kernel to know whether what it kept still holds. A kernel holds the code of the
kernels that it calls and the constants that it reads, whatever file they stand in; and what was kept for a named tuple
of another name cannot even be looked at. So what is kept lies in a folder named by all sources that went into it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import numba
from numba.core import event

_IMPORT = re.compile(r"^from (\S+) import (\([^)]*\)|.*)$|^import (.*)$", re.MULTILINE)
_ONE_AT_A_TIME = Lock()
_KERNELS: set[Any] = set()


def njit(**options: Any) -> Callable[[Any], Any]:
    """As `numba.njit`, but what it keeps (`cache=True`) is forgotten when a source that went into it changes.

    Parameters
    ----------
    **options
        Those of `numba.njit`.

    Notes
    -----
    It is kept beside the module, in `__pycache__`; in the user's folder for such things where that cannot be written;
    below `NUMBA_CACHE_DIR` where that is set. Other users of numba in the same process are left as they are.
    """

    def compiled(function: Any) -> Any:
        _KERNELS.add(function)
        with _ONE_AT_A_TIME:
            before = numba.config.CACHE_DIR
            numba.config.CACHE_DIR = str(_folder(function.__module__, before))
            try:
                return numba.njit(**options)(function)
            finally:
                numba.config.CACHE_DIR = before

    return compiled


def is_kept(module: str) -> bool:
    """Whether something compiled is kept of a module of kernels as it is now."""
    import_module(module)
    return any(_folder(module, numba.config.CACHE_DIR).rglob("*.nbi"))


class _Compilations(event.Listener):  # type: ignore[misc] # numba publishes no types
    """Counts the kernels of ours that are compiled, and not those that were kept."""

    def __init__(self, told: Callable[[int], None]) -> None:
        self.told = told
        self.count = 0

    def on_start(self, event: Any) -> None:
        if event.data["dispatcher"].py_func in _KERNELS:
            self.count += 1
            self.told(self.count)

    def on_end(self, event: Any) -> None:
        """Nothing: the next one tells that this one is done."""


@contextlib.contextmanager
def compilations(told: Callable[[int], None]) -> Iterator[None]:
    """Say what takes so long on a first run: `told` is called for each kernel that is compiled, with their number."""
    with event.install_listener("numba:compile", _Compilations(told)):
        yield


@cache
def digest(module: str) -> str:
    """Twelve letters that are others when a module's source is, or that of a module of the same package it leads to.

    Only imports at the left margin count, so that it does not matter what else is loaded.
    """
    package = module.partition(".")[0]
    sources: dict[str, bytes] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in sources or name not in sys.modules or name.partition(".")[0] != package:
            continue
        sources[name] = _file_of(name).read_bytes()
        for origin, names, modules in _IMPORT.findall(sources[name].decode()):
            waiting += [origin, *(f"{origin}.{each}" for each in re.findall(r"\w+", names))]
            waiting += re.findall(r"[\w.]+", modules)
    found = hashlib.sha256()
    for name in sorted(sources):
        found.update(f"{name} {len(sources[name])}\n".encode() + sources[name])
    return found.hexdigest()[:12]


def _file_of(module: str) -> Path:
    return Path(sys.modules[module].__file__ or "")


def _folder(module: str, chosen: str) -> Path:
    return _place(module, chosen) / f"kernels-{digest(module)}"


def _place(module: str, chosen: str) -> Path:
    if chosen:
        return Path(chosen)
    folder = _file_of(module).parent
    if os.access(folder, os.W_OK):
        return folder / "__pycache__"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nhipcau"
