"""Which events are told to other systems, and how a message is signed: pure, no database.

The form is that of Standard Webhooks, for whose signatures many languages have a library.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from nhipcau.network.taskstates import State

EVENTS: Final[dict[str, Any]] = {
    "task.issued": _("A directive was sent"),
    "task.corrected": _("A directive was corrected"),
    "task.acknowledged": _("A unit acknowledged"),
    "task.returned": _("A unit returned a directive"),
    "task.evidence-submitted": _("A unit handed in evidence"),
    "task.verified": _("Evidence was verified"),
    "task.closed": _("A directive was closed at a unit"),
    "task.overdue": _("A unit is overdue"),
    "issue.appeared": _("An issue is new"),
    "issue.level-raised": _("The level of an issue rose"),
    "issue.triaged": _("What is done about an issue changed"),
    "issue.closed": _("An issue was closed"),
    "issue.merged": _("An issue was merged into another"),
    "issue.split": _("An issue was split off another"),
    "brief.sent": _("A signed brief was sent"),
}
OF_STATE: Final[dict[str, str]] = {
    State.ACKNOWLEDGED: "task.acknowledged",
    State.RETURNED: "task.returned",
    State.SUBMITTED: "task.evidence-submitted",
    State.VERIFIED: "task.verified",
    State.CLOSED: "task.closed",
}
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (30, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400, 86_400)
)
"""After each try that failed: in all three days, then it is given up."""


def new_secret() -> str:
    """Make the secret that both sides know."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, number: str, timestamp: int, body: bytes) -> str:
    """Sign a message: what came, when, and as which message."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((number.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
