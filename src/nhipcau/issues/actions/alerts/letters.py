"""The words of letters about alerts; they quote nobody: what was found, where, how many, since when, and where to look.

Who gets them and when is in `notices.py`; the words themselves are in `templates/issues/alerts/mail/`.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from nhipcau.issues.models.alerts import Alert, AlertNotice


def worded(notice: AlertNotice, *, language: str) -> tuple[str, str]:
    """Subject and text in the language of who reads it."""
    alerts = sorted(notice.alerts.all(), key=lambda alert: (-alert.level, alert.at, alert.pk))
    with translation.override(language):
        values = {
            "rule": notice.rule,
            "alerts": [_shown(alert) for alert in alerts],
            "first": _shown(alerts[0]) if alerts else None,
            "others": max(len(alerts) - 1, 0),
            "asks": any(alert.asks_acknowledgement for alert in alerts),
            "address": f"{settings.PUBLIC_URL}{reverse('alert_list')}?letter={notice.pk}",
        }
        text = render_to_string(f"issues/alerts/mail/{notice.kind}.txt", values)
    subject, _line, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n"


def _shown(alert: Alert) -> dict[str, object]:
    """What a letter says of one alert."""
    said = alert.values
    since = datetime.fromisoformat(said["since"]) if said.get("since") else None
    return {
        "what": alert.rule.what,
        "level": alert.get_level_display() if alert.level else "",
        "name": said.get("place") or said.get("source") or said.get("label") or alert.subject,
        "label": said.get("label", ""),
        "places": ", ".join(said.get("places", [])),
        "people": said.get("people"),
        "voices": said.get("voices"),
        "questions": said.get("questions") or 0,
        "since": since,
        "at": alert.at,
        "page": f"{settings.PUBLIC_URL}/issues/{alert.issue_id}/" if alert.issue_id else "",
    }
