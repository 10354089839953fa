"""The one table that states for every address who may open it; `middleware/rights.py` asks it before any view.

Other rooms state theirs in their own `access/rights.py` (`state_rights`). An address that is not here is refused.
Which rows of it a person reaches is in the other files of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from nhipcau.network.models.offices import OfficeKind
from nhipcau.network.models.people import Role
from nhipcau.network.standing import Standing


@dataclass(frozen=True, slots=True)
class Right:
    """A right, and whether somebody who stands so has it."""

    name: str
    allows: Callable[[Standing], bool]


def _at_hub(*roles: str) -> Callable[[Standing], bool]:
    return lambda standing: any(seat.office_kind == OfficeKind.HUB and seat.role in roles for seat in standing.seats)


def _anywhere(*roles: str) -> Callable[[Standing], bool]:
    return lambda standing: any(seat.role in roles for seat in standing.seats)


ANYONE: Final = Right("anyone", lambda _standing: True)
"""Strangers too."""
PERSON: Final = Right("person", lambda _standing: True)
"""Whoever is logged in, with or without a seat."""
SEAT: Final = Right("seat", lambda standing: bool(standing.seats))
"""Whoever has a seat at an office now."""
WORKING: Final = Right("working", _anywhere(*(role for role in Role.values if role != Role.AUDITOR)))
"""Whoever has a seat now and is no auditor."""
DIRECTING: Final = Right("directing", lambda standing: bool(standing.directs_at))
"""Whoever may send directives."""
NETWORK: Final = Right("network", _at_hub(Role.ADMINISTRATOR))
"""Administrators of the hub, who make and change offices."""
PEOPLE: Final = Right("people", _anywhere(Role.ADMINISTRATOR))
"""Administrators of any office, for the people there and below."""
ROSTER: Final = Right("roster", _anywhere(Role.ADMINISTRATOR, Role.LEADER))
"""Who says who is on duty at their office."""
AUDIT: Final = Right(
    "audit",
    lambda standing: _anywhere(Role.AUDITOR)(standing) or _at_hub(Role.ADMINISTRATOR, Role.LEADER)(standing),
)
"""Auditors anywhere; administrators and leaders of the hub."""
LISTENING: Final = Right("listening", _at_hub(*Role.values))
"""Whoever has a seat at the hub: they see what people say and what becomes of it."""
ANALYSING: Final = Right("analysing", _at_hub(Role.ADMINISTRATOR, Role.LEADER, Role.ANALYST))
"""Who works on issues and briefs at the hub."""
SOURCES: Final = Right("sources", _at_hub(Role.ADMINISTRATOR, Role.ANALYST))
"""Who keeps the register of sources."""

RIGHTS: Final[dict[str, Right]] = {
    # what all pages share
    "home": PERSON,
    "set_language": ANYONE,
    "set_theme": ANYONE,
    # machines
    "healthz": ANYONE,
    "readyz": ANYONE,
    "metrics": ANYONE,  # guards itself by its token
    # log-in
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_inactive": ANYONE,
    "account_reset_password": ANYONE,
    "account_reset_password_done": ANYONE,
    "account_reset_password_from_key": ANYONE,
    "account_reset_password_from_key_done": ANYONE,
    "account_signup": ANYONE,  # says that nobody signs up here
    "account_reauthenticate": PERSON,
    "account_change_password": PERSON,
    "account_set_password": PERSON,
    "mfa_authenticate": ANYONE,
    "mfa_login_webauthn": ANYONE,
    "mfa_index": PERSON,
    "mfa_activate_totp": PERSON,
    "mfa_deactivate_totp": PERSON,
    "mfa_view_recovery_codes": PERSON,
    "mfa_download_recovery_codes": PERSON,
    "mfa_generate_recovery_codes": PERSON,
    "mfa_list_webauthn": PERSON,
    "mfa_add_webauthn": PERSON,
    "mfa_edit_webauthn": PERSON,
    "mfa_remove_webauthn": PERSON,
    "mfa_reauthenticate": PERSON,
    "mfa_reauthenticate_webauthn": PERSON,
    "usersessions_list": PERSON,
    "openid_connect_login": ANYONE,
    "openid_connect_callback": ANYONE,
    "socialaccount_login_cancelled": ANYONE,
    "socialaccount_login_error": ANYONE,
    # people
    "invitation": ANYONE,  # by its signed address
    "profile": PERSON,
    "person_list": SEAT,
    "person_new": PEOPLE,
    "person": SEAT,
    "person_edit": PEOPLE,
    "person_do": PEOPLE,
    "deputies": PERSON,
    "roster": SEAT,
    "roster_change": ROSTER,
    "hand_over": SEAT,
    # audit log
    "audit_list": AUDIT,
    "audit_verify": AUDIT,
    "audit_export": AUDIT,
    # tokens of the API
    "token_list": PERSON,
    "token_new": PERSON,
    "token_list_of_others": PEOPLE,
    "token_revoke": PERSON,
    # webhooks
    "webhook_list": NETWORK,
    "webhook_new": NETWORK,
    "webhook": NETWORK,
    "webhook_stop": NETWORK,
    # e-mails that need a look
    "mail_list": NETWORK,
    "mail_again": NETWORK,
    # the API asks its own table, `api/rights.py`, for each operation and token
    "api:openapi-json": ANYONE,
    "api:api-root": ANYONE,
    "api:me": ANYONE,
    "api:offices": ANYONE,
    "api:office": ANYONE,
    "api:tasks": ANYONE,
    "api:task-with-files": ANYONE,
    "api:task": ANYONE,
    "api:file": ANYONE,
    "api:task-withdrawal": ANYONE,
    "api:task-corrections": ANYONE,
    "api:task-recipients": ANYONE,
    "api:recipient": ANYONE,
    "api:recipient-moves": ANYONE,
    "api:recipient-evidence": ANYONE,
    "api:recipient-files": ANYONE,
    "api:recipient-rounds": ANYONE,
    "api:recipient-pause": ANYONE,
    "api:recipient-resumption": ANYONE,
    "api:recipient-proxy-acknowledgement": ANYONE,
    "api:source-voices": ANYONE,
    "api:sources": ANYONE,
    "api:source": ANYONE,
    "api:picture": ANYONE,
    "api:picture-events": ANYONE,
    "api:issues": ANYONE,
    "api:issue": ANYONE,
    "api:issue-series": ANYONE,
    "api:issue-history": ANYONE,
    "api:issue-triage": ANYONE,
    "api:issue-owner": ANYONE,
    "api:issue-name": ANYONE,
    "api:issue-notes": ANYONE,
    "api:alert-rules": ANYONE,
    "api:alert-rule": ANYONE,
    "api:alert-rule-switch": ANYONE,
    "api:alert-rule-trial": ANYONE,
    "api:alerts": ANYONE,
    "api:alert-acknowledgements": ANYONE,
    "api:briefs": ANYONE,
    "api:brief": ANYONE,
    "api:audit-records": ANYONE,
    "api_unknown": ANYONE,
    # offices
    "start": ANYONE,  # with the key of the first start, while there is no office
    "office_list": SEAT,
    "office_tree": SEAT,
    "office_map": SEAT,
    "office": SEAT,
    "office_edit": WORKING,
    "office_new": NETWORK,
    "office_merge": NETWORK,
    "office_move": NETWORK,
    "office_areas": NETWORK,
    "office_rename": NETWORK,
    "office_close": NETWORK,
    "office_groups": SEAT,
    "office_group_new": WORKING,
    "office_group": WORKING,
    "office_group_delete": WORKING,
    "special_days": SEAT,  # adding to them is the hub's administrators'
    "special_day_remove": NETWORK,
    "office_import_new": NETWORK,
    "office_import": NETWORK,
    "office_export": NETWORK,
    # directives
    "task_list": PERSON,
    "task_new": DIRECTING,
    "task": PERSON,
    "task_correct": DIRECTING,
    "task_board": PERSON,
    "task_board_part": PERSON,
    "task_board_events": PERSON,
    "received_list": PERSON,
    "received": PERSON,
    "received_evidence": PERSON,
    "received_move": PERSON,
    "received_mail_again": PERSON,
    "task_link": ANYONE,  # by its signed address
    "task_file": PERSON,
}


def state_rights(rights: Mapping[str, Right]) -> None:
    """Add the rights of a room to the table, when it starts; no address is stated twice."""
    for name, right in rights.items():
        if RIGHTS.setdefault(name, right) is not right:
            raise ValueError(f"two rights are stated for the address {name}")
