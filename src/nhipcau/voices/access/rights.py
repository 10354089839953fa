"""Who may open which address of this room; how it is asked is in `network/access/rights.py`."""

from __future__ import annotations

from typing import Final

from nhipcau.network.access.rights import LISTENING, NETWORK, SOURCES, WORKING, Right

RIGHTS: Final[dict[str, Right]] = {
    # the register
    "source_list": LISTENING,
    "source_new": SOURCES,
    "source_first": SOURCES,
    "source": LISTENING,
    "source_edit": SOURCES,
    "source_stop": SOURCES,
    "source_start": SOURCES,
    "source_forget": NETWORK,
    # files of voices
    "upload_new": SOURCES,
    "upload": SOURCES,
    "upload_columns": SOURCES,
    "upload_take": SOURCES,
    "upload_drop": SOURCES,
    # what was heard
    "field_report": WORKING,
    "field_report_sent": WORKING,
}
