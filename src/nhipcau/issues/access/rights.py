"""Who may open which address of this room; how it is asked is in `network/access/rights.py`."""

from __future__ import annotations

from typing import Final

from nhipcau.network.access.rights import Right

RIGHTS: Final[dict[str, Right]] = {}
