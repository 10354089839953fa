"""The words of errors, Vietnamese and English, from `messages.toml`: the library gives codes, people read sentences."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from nhipcau.engine.errors import EngineError


class _Known(dict[str, object]):
    """Values by name; one that an error did not give is shown as an ellipsis rather than hiding the sentence."""

    def __missing__(self, name: str) -> str:
        return "…"


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Give sentences by code; those of reasons, which end a sentence, by `reason.` and their code."""
    words: dict[str, dict[str, Any]] = tomllib.loads((files("nhipcau") / "messages.toml").read_text("utf-8"))
    reasons: dict[str, str] = words[lang].pop("reason")
    return {**words[lang], **{f"reason.{code}": sentence for code, sentence in reasons.items()}}


def say(error: EngineError, *, lang: str) -> str:
    """Word an error as one sentence; one without a sentence keeps its code and values, so that nothing is hidden."""
    sentence = catalogue(lang).get(error.code)
    if sentence is None:
        return str(error)
    values = {name: _written(value) for name, value in error.values.items()}
    reason = catalogue(lang).get(f"reason.{values.get('reason')}")
    if reason is not None:
        values["reason"] = reason.format_map(_Known(values))
    return sentence.format_map(_Known(values)).replace("\n", " ")


def _written(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {count}" for name, count in value.items())
    if isinstance(value, list | tuple | set):
        return ", ".join(map(str, value))
    return str(value)
