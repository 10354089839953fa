"""Telling what was heard at a talk, a meeting, a market: it becomes voices of the field source of the hub.

Who tells it is not kept with the voices; the office is their place. The same form sent again tells nothing twice.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from nhipcau.engine.cleaning.names import called_by, hide_author
from nhipcau.network.actions.audit import record
from nhipcau.network.models.offices import Office, OfficeKind
from nhipcau.network.models.people import Person
from nhipcau.site.errors import NotAllowed
from nhipcau.voices.access.sources import reporting_offices
from nhipcau.voices.actions.intake import take_in
from nhipcau.voices.actions.source_errors import ReportInvalid
from nhipcau.voices.models.intake import IntakeReceipt
from nhipcau.voices.models.sources import Source, SourceKind
from nhipcau.voices.queries.pressure import require_room

FIELD_CODE: Final = "field"
OCCASIONS: Final[dict[str, str]] = {
    "meeting": _("Meeting of residents"),
    "talk": _("Talk or campaign"),
    "visit": _("Visit to homes"),
    "reception": _("Citizens' reception"),
    "market": _("Market, shop or workplace"),
    "school": _("School or health station"),
    "other": _("Another occasion"),
}
"""Where people spoke; a choice and no words, so that nobody's name comes in here."""
MOST_LINES: Final = 20
MOST_LETTERS: Final = 1_000
MOST_PEOPLE: Final = 100_000
LONGEST_AGO: Final = timedelta(days=60)
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """What was heard, a line for each question or concern."""

    office: Office
    occasion: str
    on: date
    lines: tuple[str, ...]
    people: int | None = None


def give_field_report(*, by: Person, report: FieldReport, key: str) -> IntakeReceipt:
    """Somebody who works at an office tells what was heard there; the key is that of the form, and serves once."""
    if not reporting_offices(by).filter(pk=report.office.pk).exists():
        raise NotAllowed
    now = timezone.now()
    lines = _checked(report, key, today=timezone.localdate(now))
    content = hashlib.sha256(repr((report.office.pk, report.occasion, report.on, report.people, lines)).encode())
    inner = hashlib.sha256(f"{by.pk}:{report.office.pk}:{key}".encode()).hexdigest()
    require_room()
    with transaction.atomic():
        source = field_source(at=now)
        given = IntakeReceipt.objects.filter(source=source, key=inner).first()
        if given is not None:
            return given  # the same form sent twice: what stands is what came first
        receipt = take_in(
            source=source,
            voices=_voices(report, _without_reporter(lines, by), key=inner, now=now),
            route="report",
            key=inner,
            fingerprint=content.hexdigest(),
            at=now,
        )
        record(by=by, action="field-report.given", of=report.office, values={"voices": receipt.accepted})
    return receipt


def field_source(*, at: datetime) -> Source:
    """The hub's source of field reports, made at its first use."""
    found = Source.objects.filter(kind=SourceKind.FIELD, code=FIELD_CODE).first()
    if found is not None:
        return found
    hub = Office.objects.get(kind=OfficeKind.HUB, closed_on__isnull=True)
    try:
        with transaction.atomic():
            return Source.objects.create(
                code=FIELD_CODE,
                name="Phản ánh từ cơ sở",
                kind=SourceKind.FIELD,
                matter="post",
                owner=hub,
                language="vi",
                purpose="Lắng nghe ý kiến người dân tại cơ sở",
                created_at=at,
                started_at=at,
                is_sample=hub.is_sample,
            )
    except IntegrityError:
        return Source.objects.get(code=FIELD_CODE)


def _checked(report: FieldReport, key: str, *, today: date) -> tuple[str, ...]:
    lines = tuple(line for line in (" ".join(one.split()) for one in report.lines) if line)
    people = report.people
    problems = (
        ("key", "key", 0, not _KEY.fullmatch(key)),
        ("occasion", "choice", 0, report.occasion not in OCCASIONS),
        ("on", "later", 0, report.on > today),
        ("on", "long-ago", LONGEST_AGO.days, report.on < today - LONGEST_AGO),
        ("lines", "missing", 0, not lines),
        ("lines", "many", MOST_LINES, len(lines) > MOST_LINES),
        ("lines", "too-long", MOST_LETTERS, any(len(line) > MOST_LETTERS for line in lines)),
        ("people", "range", MOST_PEOPLE, people is not None and not 1 <= people <= MOST_PEOPLE),
    )
    for field, problem, limit, is_wrong in problems:
        if is_wrong:
            raise ReportInvalid(field=field, problem=problem, limit=limit)
    return lines


def _without_reporter(lines: tuple[str, ...], by: Person) -> tuple[str, ...]:
    """Whoever writes the report is no part of what people said."""
    names, handles = called_by((by.name, by.email))
    return tuple(hide_author(line, names=names, handles=handles) for line in lines)


def _voices(report: FieldReport, lines: tuple[str, ...], *, key: str, now: datetime) -> list[dict[str, object]]:
    noon = timezone.make_aware(datetime.combine(report.on, time(12)))
    return [
        {
            "id": f"{key}:{number}",
            "time": min(noon, now),
            "text": line,
            "place": report.office.name,
            "channel": report.occasion,
            "kind": "post",
            "reach": report.people,
        }
        for number, line in enumerate(lines, 1)
    ]
