"""Words about alerts: what a rule does as sentences, what can go wrong, and what the audit log says."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from nhipcau.issues.models.alerts import AlertRule, What
from nhipcau.issues.models.issues import Level
from nhipcau.network.models.people import Role
from nhipcau.site.errors import DomainError, words_for

ACTIONS: Final[dict[str, Any]] = {
    "alert.acknowledged": _("Alerts acknowledged"),
    "alert-rule.made": _("Alert rule made"),
    "alert-rule.changed": _("Alert rule changed"),
    "alert-rule.switched-on": _("Alert rule switched on"),
    "alert-rule.switched-off": _("Alert rule switched off"),
    "alert-rule.tested": _("Alert rule tested"),
    "notifier.made": _("Notifier added"),
    "notifier.stopped": _("Notifier stopped"),
}
SENTENCES: Final[dict[str, Any]] = {
    "alert.acknowledged": _("Alerts acknowledged: %(alerts)s"),
    "alert-rule.made": _("Alert rule “%(name)s” made, for: %(told)s"),
    "alert-rule.changed": _("Alert rule “%(name)s” changed, for: %(told)s"),
    "alert-rule.switched-on": _("Alert rule “%(name)s” switched on"),
    "alert-rule.switched-off": _("Alert rule “%(name)s” switched off; letters not sent: %(dropped)s"),
    "alert-rule.tested": _("Alert rule “%(name)s” tested, letters: %(count)s"),
    "notifier.made": _("Notifier “%(name)s” added (%(service)s)"),
    "notifier.stopped": _("Notifier “%(name)s” stopped, its address destroyed"),
}


def looks_for(rule: AlertRule) -> str:
    """What a rule looks for, as a sentence."""
    if rule.level == Level.URGENT and rule.what == What.LEVEL:
        return gettext("An issue becomes urgent.")
    if rule.level == Level.URGENT and rule.what == What.PLACE:
        return gettext("In a place an issue becomes urgent.")
    values = {"level": Level(rule.level).label, "questions": rule.questions, "people": rule.people}
    return {
        What.LEVEL: gettext("An issue reaches the level “%(level)s” or a higher one."),
        What.PLACE: gettext("In a place an issue reaches the level “%(level)s” or a higher one."),
        What.SOURCE: gettext("A source falls silent."),
        What.VOID: gettext("An issue has %(questions)s open questions or more, and nothing is published about it."),
        What.CROWD: gettext("A new issue has %(people)s people or more."),
    }[What(rule.what)] % values


def filters_of(rule: AlertRule, *, places: dict[str, str], sources: dict[str, str]) -> list[str]:
    """What keeps a rule from firing, as sentences; places and sources by their names."""
    found = []
    if rule.level and rule.what in (What.VOID, What.CROWD):
        found.append(gettext("Only from the level “%(level)s” on.") % {"level": Level(rule.level).label})
    if rule.places and rule.what != What.SOURCE:
        named = ", ".join(places.get(code, code) for code in rule.places)
        found.append(gettext("Only in: %(places)s.") % {"places": named})
    if rule.sources:
        named = ", ".join(sources.get(code, code) for code in rule.sources)
        found.append(gettext("Only from: %(sources)s.") % {"sources": named})
    if rule.words and rule.what != What.SOURCE:
        found.append(gettext("Only with one of the words: %(words)s.") % {"words": rule.words})
    return found


def tells(rule: AlertRule) -> str:
    """Whom a rule tells; its people and notifiers were read with it."""
    roles = dict(Role.choices)
    told = [gettext("whoever is in command")] if rule.tells_command else []
    told += [str(roles.get(role, role)) for role in rule.roles_told]
    told += [person.name for person in rule.people_told.all()]
    told += [notifier.name for notifier in rule.notifiers_told.all()]
    return ", ".join(told)


def writes(rule: AlertRule) -> list[str]:
    """When a rule writes and when not, as sentences."""
    found = []
    if rule.quiet_from is not None and rule.quiet_until is not None and rule.quiet_from != rule.quiet_until:
        hours = {"begin": f"{rule.quiet_from:%H:%M}", "end": f"{rule.quiet_until:%H:%M}"}
        if rule.urgent_breaks_through:
            found.append(gettext("Quiet from %(begin)s to %(end)s, but for what is urgent.") % hours)
        else:
            found.append(gettext("Quiet from %(begin)s to %(end)s, also for what is urgent.") % hours)
    if rule.group_minutes:
        number = rule.group_minutes
        found.append(
            ngettext(
                "One letter for what is found within %(number)s minute; urgent goes at once.",
                "One letter for what is found within %(number)s minutes; urgent goes at once.",
                number,
            )
            % {"number": number}
        )
    number = rule.repeat_hours
    found.append(
        ngettext(
            "Of the same again after %(number)s hour, or when its level rises.",
            "Of the same again after %(number)s hours, or when its level rises.",
            number,
        )
        % {"number": number}
    )
    if rule.repeats:
        found.append(gettext("It is told again also where it simply goes on."))
    if rule.asks_acknowledgement and rule.escalate_minutes is not None:
        number = rule.escalate_minutes
        found.append(
            ngettext(
                "Urgent and not acknowledged for %(number)s minute: whoever is in command is told, once.",
                "Urgent and not acknowledged for %(number)s minutes: whoever is in command is told, once.",
                number,
            )
            % {"number": number}
        )
    return found


def rule_words(error: DomainError) -> str:
    """One sentence with what to do, in the reader's language."""
    if error.code == "alert-rule-changed":
        return gettext("Somebody else has changed this rule meanwhile. Look at it as it is now.")
    return {
        ("name", "length"): gettext("Name: write between 1 and 120 characters."),
        ("level", "needed"): gettext("Level: choose the level that has to be reached."),
        ("questions", "needed"): gettext("Open questions: choose how many there have to be."),
        ("people", "needed"): gettext("People: choose how many there have to be."),
        ("people", "step"): gettext("Numbers: choose them from the lists."),
        ("told", "nobody"): gettext("Whom it tells: choose at least one."),
        ("told", "nobody-now"): gettext("There is nobody whom this rule would tell now. Change whom it tells."),
        ("quiet_until", "both"): gettext("Quiet hours: give both hours, or none."),
        ("repeat_hours", "needed"): gettext("Of the same again: choose after how many hours."),
    }[error.values["field"], error.values["problem"]]


def notifier_words(error: DomainError) -> str:
    """One sentence with what to do, in the reader's language."""
    if error.code == "notifier-stopped":
        return gettext("This notifier was stopped already.")
    return {
        "length": gettext("Who is reached by it: write between 1 and 80 characters."),
        "unreadable": gettext("Address: it cannot be read. Compare it with the service's page of Apprise."),
        "unknown-service": gettext("Address: no service is known by the part before “://”."),
        "not-secure": gettext("Address: use the encrypted form, such as jsons:// instead of json://."),
        "not-here": gettext(
            "Address: this kind is not taken. E-mail goes to persons; this machine's screen and log reach nobody."
        ),
        "many": gettext("There are too many notifiers. Stop one that is no longer needed."),
    }[error.values["problem"]]


def too_soon_words(error: DomainError) -> str:
    """That a test was written a moment ago."""
    minutes = error.values["minutes"]
    return ngettext(
        "A test went out less than %(minutes)s minute ago. Wait a little.",
        "A test went out less than %(minutes)s minutes ago. Wait a little.",
        minutes,
    ) % {"minutes": minutes}


ERRORS: Final[dict[str, Any]] = {
    "unreadable": _("the address cannot be read"),
    "unknown-service": _("the service is not known"),
    "not-secure": _("only encrypted addresses are called"),
    "not-here": _("this kind is not taken"),
    "private-address": _("it leads into this house's own network"),
    "forbidden": _("it wanted to start a program here"),
    "cannot-be-opened": _("the address was kept under another secret key: add the notifier anew"),
    "cut-off": _("cut off while it was handed over"),
    "timeout": _("no answer in time"),
    "unreached": _("the other side was not reached"),
    "unknown": _("no answer"),
    "stopped": _("the notifier was stopped"),
}
"""Codes of what became of a letter."""


words_for("alert-rule-", rule_words)
words_for("alert-test-", too_soon_words)
words_for("notifier-", notifier_words)
