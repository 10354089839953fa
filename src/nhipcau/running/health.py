"""Whether this installation can do its work now, and figures for Prometheus. Who shows them: `views`.

What keeps a web process from its work is a fault; what goes wrong beside it, in another process, is a lack: pages are
answered all the same, so no balancer may take them away for it. Rooms register theirs in `<room>/health`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min

from nhipcau.running.models import JobRun, MailState, OutgoingMail, WorkerBeat
from nhipcau.running.worker import workers_alive

FAULTS: Final = ("database", "migrations", "worker")

Figure = tuple[str, str, dict[str, str], float]
"""Name, help, labels and value."""
Figures = Callable[[datetime], Iterable[Figure]]
Lacks = Callable[[datetime], Iterable[str]]

_FIGURES: dict[str, Figures] = {}
_LACKS: dict[str, Lacks] = {}


def figures_of_room(function: Figures) -> Figures:
    """Register what gives figures of a room at a moment."""
    _FIGURES[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def lacks_of_room(function: Lacks) -> Lacks:
    """Register what names, in a word each, what a room lacks at a moment; it may ask the database once."""
    _LACKS[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def lacks(now: datetime) -> list[str]:
    """Name what goes wrong beside the web; the database must answer."""
    _find_rooms()
    return [one for function in _LACKS.values() for one in function(now)]


@cache
def _find_rooms() -> None:
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("health")


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


def figures(now: datetime) -> list[Figure]:
    """Give what the database knows of the running system, this room's figures first."""
    _find_rooms()
    return [*_own_figures(now), *(one for function in _FIGURES.values() for one in function(now))]


def _own_figures(now: datetime) -> list[Figure]:
    rows: list[Figure] = [("nhipcau_workers", "Workers that gave a beat in the last minute", {}, workers_alive(now))]
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
