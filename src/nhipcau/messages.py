"""The words of errors, Vietnamese and English, from `messages.toml`: the library gives codes, people read sentences."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from nhipcau.engine.errors import EngineError


class _Known(dict[str, object]):
    """Values by name; one that an error did not give is shown as an ellipsis rather than hiding the sentence."""

    def __missing__(self, name: str) -> str:
        return "…"


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Sentences by code."""
    words: dict[str, dict[str, str]] = tomllib.loads((files("nhipcau") / "messages.toml").read_text("utf-8"))
    return words[lang]


def say(error: EngineError, *, lang: str) -> str:
    """The error as one sentence; one without a sentence keeps its code and values, so that nothing is hidden."""
    sentence = catalogue(lang).get(error.code)
    if sentence is None:
        return str(error)
    values = {name: _written(value) for name, value in error.values.items()}
    return sentence.format_map(_Known(values)).replace("\n", " ")


def _written(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {count}" for name, count in value.items())
    if isinstance(value, list | tuple | set):
        return ", ".join(map(str, value))
    return str(value)
