"""Keeping the register: a source is added, changed, stopped and started again, each with one audit record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.feeds.addresses import is_allowed, literal_address
from nhipcau.feeds.errors import FeedError
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.site.errors import NotAllowed
from nhipcau.voices import sourcefields as limits
from nhipcau.voices.access.sources import keeps_sources
from nhipcau.voices.actions.source_errors import SourceInvalid, SourceIsStopped
from nhipcau.voices.models.segments import Forgetting
from nhipcau.voices.models.sources import Source, SourceKind, matter_choices
from nhipcau.voices.sourcefields import SourceFields

RESERVED: Final = frozenset({"new", "first"})
"""Words of addresses that no code may be."""
COLUMNS: Final = (
    "name", "matter", "owner", "area", "language", "terms", "purpose", "retention_days", "rhythm_minutes", "address"
)  # fmt: skip
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
CODE_LETTERS: Final = 50


def add_source(*, by: Person, fields: SourceFields) -> Source:
    """Whoever keeps the register adds a source; a feed is asked from now on."""
    _demand(by)
    fields = _checked(fields)
    now = timezone.now()
    with transaction.atomic():
        made = _make(fields, at=now, is_sample=fields.owner.is_sample)
        record(by=by, action="source.added", of=made, values={"name": made.name, "kind": made.kind})
    return made


def add_first_feeds(*, by: Person, feeds: Sequence[SourceFields]) -> list[Source]:
    """Whoever keeps the register adds the feeds that they confirmed, all or none."""
    _demand(by)
    if not feeds:
        raise SourceInvalid(field="", problem="none-chosen", limit=0)
    checked = [_checked(one) for one in feeds]
    now = timezone.now()
    with transaction.atomic():
        made = [_make(one, at=now, is_sample=one.owner.is_sample) for one in checked]
        names = [one.name for one in made]
        record(by=by, action="source.first-added", of=made[0], values={"count": len(made), "names": names})
    return made


def change_source(*, by: Person, source: Source, fields: SourceFields) -> Source:
    """Whoever keeps the register changes what is stated; a feed with another address is asked anew."""
    _demand(by)
    fields = _checked(fields, but=source)
    with transaction.atomic():
        before = Source.objects.select_for_update().get(pk=source.pk)
        changed = [name for name in COLUMNS if getattr(before, name) != getattr(fields, name)]
        values: dict[str, Any] = {name: getattr(fields, name) for name in changed}
        if "address" in changed:
            values |= {"feed_state": {}, "failures_in_a_row": 0, "failure_code": "", "failure_values": {}}
            values |= {"ask_next_at": timezone.now()}
        if values:
            Source.objects.filter(pk=source.pk).update(**values)
        record(by=by, action="source.changed", of=before, values={"name": fields.name, "fields": changed})
    source.refresh_from_db()
    return source


def stop_source(*, by: Person, source: Source, reason: str) -> None:
    """Whoever keeps the register stops a source at once: it is asked no more, and nothing of it is taken in."""
    _demand(by)
    reason = stated_reason(reason)
    with transaction.atomic():
        taken = Source.objects.filter(pk=source.pk, stopped_at__isnull=True)
        if taken.update(stopped_at=timezone.now(), ask_next_at=None, silent_since=None) != 1:
            raise SourceIsStopped(problem="stopped")
        record(by=by, action="source.stopped", of=source, values={"name": source.name, "reason": reason})


def start_source(*, by: Person, source: Source, reason: str) -> None:
    """Whoever keeps the register starts a stopped source again; its failures are forgotten, its silence begins anew."""
    _demand(by)
    reason = stated_reason(reason)
    now = timezone.now()
    with transaction.atomic():
        stopped = Source.objects.filter(pk=source.pk, stopped_at__isnull=False)
        fresh = {"failures_in_a_row": 0, "failure_code": "", "failure_values": {}, "started_at": now}
        asked = now if source.kind == SourceKind.FEED else None
        if stopped.update(stopped_at=None, ask_next_at=asked, **fresh) != 1:
            raise SourceIsStopped(problem="running")
        if Forgetting.objects.filter(source=source, ended_at__isnull=True).exists():
            raise SourceIsStopped(problem="being-forgotten")
        record(by=by, action="source.started", of=source, values={"name": source.name, "reason": reason})


def address_problem(address: str) -> str:
    """What is wrong with the address of a feed, as a code; empty where it may be asked. Nothing is asked here."""
    if len(address) > limits.ADDRESS_LETTERS or any(sign.isspace() or not sign.isprintable() for sign in address):
        return "address"
    try:
        parts = urlsplit(address)
        literal = literal_address(parts.hostname or "")
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.port == 0:
            return "address"
    except (ValueError, FeedError):
        return "address"
    may_be_private = settings.FEEDS_MAY_BE_PRIVATE
    if literal is not None and not is_allowed(literal, allow_private=may_be_private):
        return "address-private"
    return ""


def _demand(person: Person) -> None:
    if not keeps_sources(person):
        raise NotAllowed


def stated_reason(reason: str) -> str:
    """A reason in one line; raise where it is none."""
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 500:
        raise SourceInvalid(field="reason", problem="reason", limit=500)
    return reason


def _checked(fields: SourceFields, *, but: Source | None = None) -> SourceFields:
    """Give the fields in order; raise for the first that does not hold."""
    name, address = " ".join(fields.name.split()), fields.address.strip()
    kind = but.kind if but else fields.kind
    problems = (
        ("name", "length", limits.NAME_LETTERS, not 1 <= len(name) <= limits.NAME_LETTERS),
        ("kind", "choice", 0, kind not in SourceKind.values),
        ("matter", "choice", 0, fields.matter not in dict(matter_choices())),
        ("owner", "office-closed", 0, not fields.owner.is_open(timezone.localdate())),
        ("language", "language", 0, not _LANGUAGE.fullmatch(fields.language) or len(fields.language) > 8),
        ("terms", "too-long", limits.TERMS_LETTERS, len(fields.terms) > limits.TERMS_LETTERS),
        ("purpose", "too-long", limits.PURPOSE_LETTERS, len(fields.purpose) > limits.PURPOSE_LETTERS),
        ("retention_days", "range", limits.LONGEST_RETENTION_DAYS, not _is_good_term(fields.retention_days)),
        ("rhythm_minutes", "range", limits.LONGEST_RHYTHM_MINUTES, not _is_good_rhythm(fields.rhythm_minutes)),
    )
    for field, problem, limit, is_wrong in problems:
        if is_wrong:
            raise SourceInvalid(field=field, problem=problem, limit=limit)
    if kind == SourceKind.FEED:
        if problem := address_problem(address):
            raise SourceInvalid(field="address", problem=problem, limit=limits.ADDRESS_LETTERS)
        others = Source.objects.filter(kind=SourceKind.FEED, address=address, stopped_at__isnull=True)
        if others.exclude(pk=but.pk if but else 0).exists():
            raise SourceInvalid(field="address", problem="address-twice", limit=0)
    return SourceFields(
        name=name,
        kind=kind,
        owner=fields.owner,
        matter=fields.matter,
        area=fields.area,
        language=fields.language,
        terms=fields.terms.strip(),
        purpose=" ".join(fields.purpose.split()),
        retention_days=fields.retention_days,
        rhythm_minutes=fields.rhythm_minutes,
        address=address if kind == SourceKind.FEED else "",
    )


def _is_good_term(days: int) -> bool:
    return 1 <= days <= limits.LONGEST_RETENTION_DAYS


def _is_good_rhythm(minutes: int | None) -> bool:
    return minutes is None or limits.SHORTEST_RHYTHM_MINUTES <= minutes <= limits.LONGEST_RHYTHM_MINUTES


def _make(fields: SourceFields, *, at: datetime, is_sample: bool) -> Source:
    values = {name: getattr(fields, name) for name in COLUMNS}
    values |= {"kind": fields.kind, "created_at": at, "started_at": at, "is_sample": is_sample}
    values["ask_next_at"] = at if fields.kind == SourceKind.FEED else None
    stem = slugify(strip_diacritics(fields.name.lower()))[:CODE_LETTERS].strip("-") or fields.kind
    for number in range(1, 1_000):
        code = stem if number == 1 else f"{stem}-{number}"
        if code in RESERVED or Source.objects.filter(code=code).exists():
            continue
        try:
            with transaction.atomic():
                return Source.objects.create(code=code, **values)
        except IntegrityError:
            continue  # somebody took the code at this moment
    raise SourceInvalid(field="name", problem="name-taken", limit=0)
