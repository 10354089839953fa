"""Rules that most centres want, offered while there is none; they are off until a person switches them on."""

from __future__ import annotations

from datetime import time

from django.db import transaction
from django.utils.translation import gettext

from nhipcau.issues.access.alerts import keeps_rules
from nhipcau.issues.actions.alerts.errors import AlertRuleChanged
from nhipcau.issues.actions.alerts.rules import AskedRule, make_rule
from nhipcau.issues.models.alerts import AlertRule, What
from nhipcau.issues.models.issues import Level
from nhipcau.network.models.people import Person, Role
from nhipcau.site.errors import NotAllowed


def offers() -> list[AskedRule]:
    """The rules, named in the language of whoever asks."""
    evening, morning = time(22), time(6)
    return [
        AskedRule(
            name=gettext("Urgent anywhere"),
            what=What.LEVEL,
            level=Level.URGENT,
            tells_command=True,
            quiet_from=evening,
            quiet_until=morning,
        ),
        AskedRule(
            name=gettext("A source is silent"),
            what=What.SOURCE,
            roles_told=[Role.ANALYST],
            asks_acknowledgement=False,
            group_minutes=30,
            quiet_from=evening,
            quiet_until=morning,
        ),
        AskedRule(
            name=gettext("Many ask and nothing is published"),
            what=What.VOID,
            questions=10,
            roles_told=[Role.ANALYST],
            group_minutes=30,
            quiet_from=evening,
            quiet_until=morning,
        ),
    ]


def take_offers(*, by: Person) -> list[AlertRule]:
    """An analyst of the hub takes the offered rules, all off, where there is no rule yet."""
    if not keeps_rules(by):
        raise NotAllowed
    with transaction.atomic():
        if AlertRule.objects.exists():
            raise AlertRuleChanged
        return [make_rule(by=by, asked=asked) for asked in offers()]
