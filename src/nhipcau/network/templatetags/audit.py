"""How records of the audit log are shown."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from nhipcau.network import auditwords

register = template.Library()
PAGES = {"task": "task", "taskrecipient": "received", "person": "person"}


@register.filter
def action_words(code: str) -> str:
    """Put an action into words."""
    return auditwords.action_words(code)


@register.filter
def value_words(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Give the values for showing."""
    return auditwords.value_words(values)


@register.filter
def page_of(record: Any) -> str:
    """Give the address of what a record is about, where it has a page."""
    if record.kind == "office" and isinstance(record.office, Model):
        return reverse("office", args=[record.office.code])
    try:
        return reverse(PAGES[record.kind], args=[int(record.number)])
    except (KeyError, ValueError, NoReverseMatch):
        return ""
