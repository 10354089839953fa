"""Kinds of text that come in: without the sign NUL, which no database keeps; unknown fields are refused."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, StringConstraints

WITHOUT_NUL = r"^[^\x00]*$"
Word = Annotated[str, StringConstraints(pattern=WITHOUT_NUL, max_length=200)]
Reason = Annotated[str, StringConstraints(pattern=WITHOUT_NUL, max_length=5_000)]
Text = Annotated[str, StringConstraints(pattern=WITHOUT_NUL, max_length=20_000)]
Code = Annotated[str, StringConstraints(pattern=r"^[^\x00/]+$", min_length=1, max_length=32)]
SourceCode = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=60)]
Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{8,64}$")]
"""Names an intent, so that sending it again does it once."""


class Sent(Schema):
    """Something that is sent in: a field with a wrong name is an error, never silently left out."""

    model_config = ConfigDict(extra="forbid")
