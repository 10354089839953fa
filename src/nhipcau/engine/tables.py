"""The operator's tables: abbreviations, places, rules of kinds. Loading them, and keeping them beside a state.

What each table may hold: `cleaning.lexicon`, `places.reading`, `kinds.cues`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.errors import EngineError
from nhipcau.engine.kinds.cues import CueTable, load_cues
from nhipcau.engine.places.gazetteer import Gazetteer
from nhipcau.engine.places.units import Place

FOLDER: Final = "tables"
FREE: Final = ("cues",)
"""Tables that are looked at only when a brief is made: they may change while a state lives."""


@dataclass(frozen=True)
class Tables:
    """Tables that are ready for an `Engine`; `cues` is None for the shipped rules."""

    lexicon: Lexicon
    gazetteer: Gazetteer
    cues: CueTable | None


@dataclass(frozen=True, kw_only=True)
class TableFiles:
    """Files of the operator's tables, None for what is shipped.

    Parameters
    ----------
    lexicon
        Abbreviations over the shipped ones.
    gazetteer, places
        Places instead of the shipped list, or beside it; not both.
    cues
        Rules over the shipped ones.
    """

    lexicon: Path | None = None
    gazetteer: Path | None = None
    places: Path | None = None
    cues: Path | None = None

    @classmethod
    def kept(cls, state: Path) -> TableFiles:
        """Name the tables that a state folder keeps."""
        found = {each.name: state / FOLDER / f"{each.name}.csv" for each in fields(cls)}
        return cls(**{name: path for name, path in found.items() if path.exists()})

    def load(self, extras: Iterable[Place] = ()) -> Tables:
        """Read the tables.

        Parameters
        ----------
        extras
            What `Gazetteer.extras` gave when a stream was saved.

        Raises
        ------
        EngineError
            `tables.two-lists`, and what the readers of the tables raise, with file, line and field.
        """
        if self.gazetteer and self.places:
            raise EngineError("tables.two-lists")
        lexicon = Lexicon.load(self.lexicon)
        own = self.lexicon is not None or self.cues is not None
        return Tables(
            lexicon=lexicon,
            gazetteer=Gazetteer.load(self.gazetteer, more=self.places, extras=extras),
            cues=load_cues([self.cues] if self.cues else [], lexicon=lexicon) if own else None,
        )

    def beside(self, state: Path, *, has_posts: bool) -> TableFiles:
        """Complete these files by those that a state keeps; what posts were grouped with must not change.

        Raises
        ------
        EngineError
            `tables.changed` where a table differs from what the state's posts were taken with.
        """
        kept = TableFiles.kept(state)
        for each in fields(self):
            given: Path | None = getattr(self, each.name)
            before: Path | None = getattr(kept, each.name)
            if given is None or not has_posts or each.name in FREE:
                continue
            if before is None or _content(given) != _content(before):
                raise EngineError("tables.changed", table=each.name, file=str(given), state=str(state))
        return replace(kept, **{name: path for name, path in vars(self).items() if path is not None})

    def keep(self, state: Path) -> None:
        """Copy the tables into a state folder, each whole or not at all."""
        folder = state / FOLDER
        for each in fields(self):
            path: Path | None = getattr(self, each.name)
            target = folder / f"{each.name}.csv"
            if path is None or path == target:
                continue
            folder.mkdir(parents=True, exist_ok=True)
            part = target.with_suffix(".part")
            with part.open("wb") as file:
                file.write(_content(path))
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EngineError("tables.unreadable", file=str(path), reason=error.strerror or str(error)) from error
