"""`python -m benchmarks.console`: a directive to all points, and the pages with three years of history.

On SQLite in a folder of its own, or on the empty PostgreSQL database that `DATABASE_URL` names.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.console.measures import Figures

    from nhipcau.network.models.tasks import Task


def main() -> None:
    """Make the data, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--audits", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        from nhipcau.running.loading import load

        load(Path(folder))
        from django.db import connection

        print(f"{connection.vendor}: making {options.recipients:,} recipients, {options.audits:,} audit records ...")
        started = time.perf_counter()
        task = _make(recipients=options.recipients, audits=options.audits)
        print(f"made in {time.perf_counter() - started:.0f} s\n", flush=True)
        _print_issuing()
        _print_pages(_pages(task, requests=options.requests))


def _make(*, recipients: int, audits: int) -> Task:
    from benchmarks.console.audits import make_audits
    from benchmarks.console.history import make_history
    from django.utils import timezone

    from nhipcau.network.actions.sample_province import LOG_INS, make_sample_province
    from nhipcau.network.models.offices import Office
    from nhipcau.network.models.people import Person
    from nhipcau.running.preparing import prepare_installation

    prepare_installation()
    hub = make_sample_province(password="benchmark")
    leader = Person.objects.get(email=LOG_INS["leader"])
    points = list(Office.objects.filter(kind="point").order_by("code"))
    task = make_history(points=points, by=leader, hub=hub, recipients=recipients, now=timezone.now())
    make_audits(audits, by=leader, office=hub)
    return task


def _print_issuing(times: int = 20) -> None:
    """From *send* to all recipients, links, clocks and e-mails stored and queued."""
    import statistics

    from benchmarks.console.measures import p95
    from django.utils import timezone

    from nhipcau.network.actions.sample_province import LOG_INS
    from nhipcau.network.actions.tasks.issuing import Directive, issue_directive
    from nhipcau.network.models.offices import Office
    from nhipcau.network.models.people import Person
    from nhipcau.network.queries.audience import Audience

    points = frozenset(Office.objects.filter(kind="point").values_list("pk", flat=True))
    wall, processor = [], []
    for number in range(times + 1):
        by = Person.objects.get(email=LOG_INS["leader"])
        due_at = timezone.now() + timedelta(days=3)
        directive = Directive(title=f"Chỉ đạo đo {number}", text="Thông báo đến từng hộ.", due_at=due_at)
        started, used = time.perf_counter(), time.process_time()
        issue_directive(by=by, directive=directive, audience=Audience(offices=points), key=f"measured-{number}")
        wall.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    print(
        f"a directive to {len(points)} points: median {statistics.median(wall[1:]):.2f} s, "
        f"p95 {p95(wall[1:]):.2f} s; processor time median {statistics.median(processor[1:]):.2f} s\n"
    )


def _pages(task: Task, *, requests: int) -> list[Figures]:
    from benchmarks.console.measures import measure_page

    from nhipcau.network.actions.sample_province import LOG_INS
    from nhipcau.network.models.people import Person

    person = {part: Person.objects.get(email=email) for part, email in LOG_INS.items()}
    asked = (
        ("live board, 150 tiles", f"/tasks/{task.pk}/board", "leader"),
        ("live board, area", f"/tasks/{task.pk}/board", "area officer"),
        ("home: directives", "/tasks/", "leader"),
        ("list, what is late", "/tasks/?show=late", "leader"),
        ("page of a directive", f"/tasks/{task.pk}/", "leader"),
        ("home of a point", "/received/", "officer"),
        ("audit page", "/audit/", "auditor"),
    )
    return [measure_page(name, path, by=person[part], requests=requests) for name, path, part in asked]


def _print_pages(figures: list[Figures]) -> None:
    print("the start page leads a leader to the directives, an officer to what their point received\n")
    print(f"{'page':24}{'median':>9}{'p95':>9}{'CPU p95':>9}  ms{'queries':>9}{'kB':>8}")
    for one in figures:
        times = f"{one.median:9.1f}{one.p95:9.1f}{one.processor_p95:9.1f}"
        print(f"{one.name:24}{times}    {one.queries:9}{one.kilobytes:8.1f}")


if __name__ == "__main__":
    main()
