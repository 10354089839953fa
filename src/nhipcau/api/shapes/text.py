"""Kinds of text that come in: without the sign NUL, which no database keeps; unknown fields are refused.

Days and moments are taken as they are written, never as a number of seconds.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Final

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

WITHOUT_NUL = r"^[^\x00]*$"
Word = Annotated[str, StringConstraints(pattern=WITHOUT_NUL, max_length=200)]
Reason = Annotated[str, StringConstraints(pattern=WITHOUT_NUL, max_length=5_000)]
Text = Annotated[str, StringConstraints(pattern=WITHOUT_NUL, max_length=20_000)]
Code = Annotated[str, StringConstraints(pattern=r"^[^\x00/]+$", min_length=1, max_length=32)]
SourceCode = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=60)]
FileName = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{48}\.[a-z]{3,4}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{8,64}$")]
"""Names an intent, so that sending it again does it once."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticCustomError("date_parsing", "a day is written as 2026-07-01")
    return value


def _written_moment(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.match(value):
        raise PydanticCustomError("datetime_parsing", "a moment is written as 2026-07-01T17:00:00+07:00")
    return value


Day = Annotated[datetime.date, BeforeValidator(_written_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_moment)]


class Sent(Schema):
    """Something that is sent in: a field with a wrong name is an error, never silently left out."""

    model_config = ConfigDict(extra="forbid")
