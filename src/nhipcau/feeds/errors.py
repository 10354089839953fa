"""What can go wrong with a source, as codes and values; `nhipcau.messages` words them for people."""

from __future__ import annotations

from nhipcau.engine.errors import EngineError


class FeedError(EngineError):
    """A feed that cannot be had, or a file that cannot be written; every code begins with `feed.`.

    Its values name at least `url` or `path`. One feed's error never stops the others.
    """
