"""What a listener holds in memory: the engine, the narrow columns, and what it last wrote. Nothing in it is the truth.

All of it follows from the voice log and the database; `listener.py` is the loop, `actions/picture.py` what is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from nhipcau.engine.brief.figures import Longs
from nhipcau.engine.stream import Engine
from nhipcau.issues.describing import Texts
from nhipcau.issues.mapping import Overlay
from nhipcau.issues.narrowlog import NarrowLog


@dataclass
class Listening:
    """One listener's memory."""

    engine: Engine
    log: NarrowLog
    texts: Texts
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(settings.TIME_ZONE))
    overlay: Overlay | None = None
    # of the last picture; none of it is known after a start, and then all issues are looked at
    thread_base: int = 0
    thread_keys: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    is_fresh: bool = True
    to_describe: set[int] = field(default_factory=set)
    next_hour: datetime | None = None  # the end of the hour that is noted next
    forget_at: datetime | None = None  # of a long backlog, what is too old is forgotten once a day of it
    sides_from: int = 0  # the first voice whose side is not written
    grouping: str = ""  # which run of grouping the numbers of issues and threads are of
    sought: Longs = field(default_factory=lambda: np.zeros(0, np.int64))  # anchors of what is carried over, in order
    found: dict[int, int] = field(default_factory=dict)  # the thread of each of them that came by
    forecast_at: dict[int, datetime] = field(default_factory=dict)
