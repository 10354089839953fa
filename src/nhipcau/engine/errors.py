"""What can go wrong in the engine, as codes and values; `nhipcau.messages` words them for people."""

from __future__ import annotations


class EngineError(Exception):
    """An error that a user can mend: a stable code, the values that name the place, and the remedy.

    Parameters
    ----------
    code
        Stable dotted name, for example ``"read.no-text-column"``. The command line words it in Vietnamese and English.
    **values
        What the sentence names: file, row, column, what was expected.

    Examples
    --------
    >>> EngineError("read.no-text-column", file="a.csv", columns="id, when").code
    'read.no-text-column'
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        details = ", ".join(f"{name}={value}" for name, value in values.items())
        super().__init__(f"{code} ({details})" if details else code)
