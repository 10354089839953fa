"""The checks of this room: database, key, addresses, mail, clock, worker, jobs. Words: `findings.toml`."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from nhipcau.running.checks import Finding, check, problem, warning, well
from nhipcau.running.health import unapplied_migrations, unknown_migrations
from nhipcau.running.mail import unsent
from nhipcau.running.models import JobRun, WorkerBeat
from nhipcau.running.worker import ALIVE, workers_alive

LEAST_KEY_LENGTH: Final = 40
LEAST_POSTGRESQL: Final = 140000
SKEW: Final = timedelta(seconds=5)
MAIL_SECONDS: Final = 10
NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@check
def database() -> Iterator[Finding]:
    """It answers, is of a version that does, and sound."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            version = connection.pg_version  # type: ignore[attr-defined]
            if version < LEAST_POSTGRESQL:
                yield problem("database.old", version=version // 10000)
        else:
            cursor.execute("PRAGMA journal_mode")
            if (mode := cursor.fetchone()[0]) != "wal":
                yield warning("database.not-wal", mode=mode)
            cursor.execute("PRAGMA quick_check(1)")
            if (answer := cursor.fetchone()[0]) != "ok":
                yield problem("database.damaged", answer=answer)
                return
    yield well("database.answers", name=NAMES.get(connection.vendor, connection.vendor))


@check
def migrations() -> Iterator[Finding]:
    """The tables are those of this version."""
    unknown, unapplied = unknown_migrations(), unapplied_migrations()
    if unknown:
        yield problem("migrations.newer", names=", ".join(unknown))
    elif unapplied:
        yield problem("migrations.missing", count=len(unapplied), names=", ".join(unapplied[:3]))
    else:
        yield well("migrations.all")


@check
def secret_key() -> Iterator[Finding]:
    """The key that signs log-ins and links is long and nobody else's."""
    key = settings.SECRET_KEY
    if len(key) < LEAST_KEY_LENGTH or len(set(key)) < 10 or "insecure" in key:
        yield problem("key.weak")
    else:
        yield well("key.good")


@check
def addresses() -> Iterator[Finding]:
    """Errors are not shown to visitors, and the address that mails carry is this site's and guarded."""
    if settings.DEBUG:
        yield problem("site.debug")
    address = str(getattr(settings, "PUBLIC_URL", ""))
    parts = urlsplit(address)
    is_local = parts.hostname in (None, "localhost", "127.0.0.1", "::1")
    if is_local:
        yield warning("site.local", address=address or "-")
    elif parts.scheme != "https":
        yield problem("site.not-https", address=address)
    else:
        yield well("site.address", address=address)


@check
def mail() -> Iterator[Finding]:
    """Mail leaves: the server lets us in, and the sender is an address."""
    backend = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2]
    if backend != "smtp":
        yield warning("mail.not-sent", backend=backend)
        return
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if "@" not in sender or sender.endswith("@localhost"):
        yield problem("mail.sender", sender=settings.DEFAULT_FROM_EMAIL)
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        server_connection: Any = get_connection(timeout=MAIL_SECONDS)
        server_connection.open()
        server_connection.close()
    except (OSError, smtplib.SMTPException) as error:
        yield problem("mail.no-server", server=server, error=f"{type(error).__name__}: {error}")
    else:
        yield well("mail.server", server=server)


@check
def mail_left_behind() -> Iterator[Finding]:
    """No mail is stuck."""
    if count := unsent().count():
        yield warning("mail.stuck", count=count, example=unsent().order_by("created_at")[0].error or "-")


@check
def clock() -> Iterator[Finding]:
    """The clock has not gone back, agrees with the database's, and the zone is known."""
    now = timezone.now()
    try:
        ZoneInfo(settings.TIME_ZONE)
    except ZoneInfoNotFoundError:
        yield problem("clock.zone", zone=settings.TIME_ZONE)
    latest = WorkerBeat.objects.aggregate(latest=Max("beat_at"))["latest"]
    if latest is not None and latest > now + SKEW:
        yield problem("clock.went-back", now=_at(now), latest=_at(latest))
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            difference = abs(cursor.fetchone()[0] - timezone.now())
        if difference > SKEW:
            yield problem("clock.differs", seconds=round(difference.total_seconds()))
            return
    yield well("clock.good", now=_at(now), zone=settings.TIME_ZONE)


@check
def worker() -> Iterator[Finding]:
    """A worker lives, and its jobs run through."""
    now = timezone.now()
    alive = workers_alive(now)
    latest = WorkerBeat.objects.aggregate(latest=Max("beat_at"))["latest"]
    if not alive:
        yield problem("worker.silent", since=_at(latest)) if latest else problem("worker.never")
        return
    yield well("worker.alive", count=alive, since=_at(latest))
    for run in JobRun.objects.order_by("job"):
        late_after = max(ALIVE * 10, timedelta(seconds=run.every_seconds * 3))
        if run.failures_in_a_row >= 3:
            yield problem("job.fails", job=run.job, count=run.failures_in_a_row, error=run.error)
        elif run.finished_at is not None and run.finished_at < now - late_after:
            yield problem("job.hangs", job=run.job, since=_at(run.finished_at))


def _at(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%d/%m/%Y %H:%M:%S")
