"""Who may open which address of this room; how it is asked is in `network/access/rights.py`."""

from __future__ import annotations

from typing import Final

from nhipcau.network.access.rights import ANALYSING, LISTENING, NETWORK, Right
from nhipcau.network.models.offices import OfficeKind
from nhipcau.network.models.people import Role

SIGNING: Final = Right(
    "signing briefs",
    lambda standing: any(
        seat.office_kind == OfficeKind.HUB and seat.role in (Role.LEADER, Role.ANALYST) for seat in standing.seats
    ),
)
"""Leaders and analysts of the hub."""

RIGHTS: Final[dict[str, Right]] = {
    # the picture and issues
    "picture": LISTENING,
    "picture_part": LISTENING,
    "picture_events": LISTENING,
    "issue_list": LISTENING,
    "issue": LISTENING,
    "issue_do": ANALYSING,
    "issue_merge": ANALYSING,
    "issue_split": ANALYSING,
    "issue_deny": ANALYSING,
    "not_issue_list": LISTENING,
    "not_issue_take_back": ANALYSING,
    # internal alerts
    "alert_list": LISTENING,
    "alert_acknowledge": LISTENING,  # an auditor is refused by the action
    "alert_rule_list": LISTENING,
    "alert_rule": LISTENING,
    "alert_rule_trial": LISTENING,
    "alert_rule_offer": ANALYSING,
    "alert_rule_new": ANALYSING,
    "alert_rule_edit": ANALYSING,
    "alert_rule_switch": ANALYSING,
    "alert_rule_test": ANALYSING,
    "notifier_list": ANALYSING,
    "notifier_new": NETWORK,
    "notifier_stop": NETWORK,
    # briefs
    "brief_list": LISTENING,
    "brief": LISTENING,
    "brief_pdf": LISTENING,
    "brief_html": LISTENING,
    "brief_json": LISTENING,
    "brief_new": ANALYSING,
    "brief_edit": ANALYSING,
    "brief_renew": ANALYSING,
    "brief_discard": ANALYSING,
    "brief_sign": SIGNING,
    "brief_send": ANALYSING,
    "brief_send_again": ANALYSING,
    "brief_correct": ANALYSING,
    "brief_readers": LISTENING,  # adding and stopping them is for who works on briefs
    "brief_reader_new": ANALYSING,
    "brief_reader_switch": ANALYSING,
    "brief_schedules": LISTENING,
    "brief_schedule_new": ANALYSING,
    "brief_schedule_do": ANALYSING,
}
