"""Whether this installation can do its work now, and figures for Prometheus. Who shows them: `views`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min

from nhipcau.running.models import JobRun, MailState, OutgoingMail, WorkerBeat
from nhipcau.running.worker import workers_alive

FAULTS: Final = ("database", "migrations", "worker")


def faults(now: datetime) -> list[str]:
    """Name what is missing: `database`, `migrations`, `worker`; nothing where all is well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            return ["migrations"]
        return [] if workers_alive(now) else ["worker"]
    except DatabaseError:
        return ["database"]


_known_to_be_migrated: set[str] = set()


def _is_migrated() -> bool:
    """Whether no migration is missing; once seen it is not asked again: code only changes with a new process."""
    if not _known_to_be_migrated and not unapplied_migrations():
        _known_to_be_migrated.add(connection.alias)
    return bool(_known_to_be_migrated)


def unapplied_migrations() -> list[str]:
    """Name the migrations that the database still lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown_migrations() -> list[str]:
    """Name the migrations that the database has and this version does not know: a newer one made them."""
    loader = MigrationExecutor(connection).loader
    ours = loader.migrated_apps
    return [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.graph.nodes
    ]


def figures(now: datetime) -> list[tuple[str, str, dict[str, str], float]]:
    """Give name, help, labels and value of what the database knows of the running system."""
    rows: list[tuple[str, str, dict[str, str], float]] = [
        ("nhipcau_workers", "Workers that gave a beat in the last minute", {}, workers_alive(now))
    ]
    latest = WorkerBeat.objects.order_by("-beat_at").first()
    if latest is not None:
        rows.append(
            ("nhipcau_worker_beat_age_seconds", "Age of the latest beat", {}, (now - latest.beat_at).total_seconds())
        )
    for run in JobRun.objects.order_by("job"):
        if run.finished_at is not None:
            age = (now - run.finished_at).total_seconds()
            rows.append(("nhipcau_job_age_seconds", "Since a job last ran through", {"job": run.job}, age))
        failures = float(run.failures_in_a_row)
        rows.append(
            ("nhipcau_job_failures_in_a_row", "Failures of a job since it last ran", {"job": run.job}, failures)
        )
    counts = dict(OutgoingMail.objects.order_by().values_list("state").annotate(Count("pk")))
    rows.extend(
        ("nhipcau_mails", "Outgoing mails by state", {"state": state.value}, float(counts.get(state.value, 0)))
        for state in MailState
    )
    oldest = OutgoingMail.objects.filter(state=MailState.QUEUED, due_at__lte=now).aggregate(due=Min("due_at"))["due"]
    age = (now - oldest).total_seconds() if oldest else 0.0
    rows.append(("nhipcau_mail_oldest_due_seconds", "How long the oldest due mail has waited", {}, age))
    return rows
