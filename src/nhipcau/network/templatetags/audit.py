"""How records of the audit log are shown."""

from __future__ import annotations

from django import template
from django.urls import NoReverseMatch, reverse

from nhipcau.network import auditwords
from nhipcau.network.models.audit import AuditRecord

register = template.Library()
PAGES = {"task": "task", "taskrecipient": "received", "person": "person"}


@register.filter
def record_words(record: AuditRecord) -> str:
    """Say what a record says."""
    return auditwords.record_words(record.action, record.values)


@register.filter
def value_words(record: AuditRecord) -> list[tuple[str, str]]:
    """Give the values of a record by name."""
    return [(name, auditwords.shown(name, value)) for name, value in record.values.items()]


@register.filter
def page_of(record: AuditRecord) -> str:
    """Give the address of what a record is about, where it has a page."""
    if record.kind == "office" and record.office:
        return reverse("office", args=[record.office.code])
    try:
        return reverse(PAGES[record.kind], args=[int(record.number)])
    except (KeyError, ValueError, NoReverseMatch):
        return ""
