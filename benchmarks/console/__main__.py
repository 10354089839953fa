"""`python -m benchmarks.console`: a directive to all points, and the pages with three years of history.

On SQLite in a folder of its own (or in `--data`, where what was made is measured again), or on the PostgreSQL database
that `DATABASE_URL` names: `python -m tests.postgresql python -m benchmarks.console`.
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


def main() -> None:
    """Make the data where it is not there, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--audits", type=int, default=1_000_000)
    parser.add_argument("--issues", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--data", type=Path, help="folder in which the centre is made, or was made already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        from nhipcau.running.loading import load

        load(options.data or Path(folder))
        from django.conf import settings
        from django.db import connection

        from nhipcau.running.collecting import collect_seldom

        settings.SECOND_FACTOR = "offered"  # who asks has none, and is to see the pages
        collect_seldom()  # as a web process does
        print(f"{connection.vendor}", flush=True)
        if not _is_made():
            print(f"{options.recipients:,} recipients, {options.audits:,} audit records, {options.issues:,} issues ...")
            started = time.perf_counter()
            _make(recipients=options.recipients, audits=options.audits, issues=options.issues)
            print(f"made in {time.perf_counter() - started:.0f} s\n", flush=True)
        _print_issuing()
        _print_pages(_pages(requests=options.requests))


def _is_made() -> bool:
    from django.db import connection

    return "issues_issue" in connection.introspection.table_names()


def _make(*, recipients: int, audits: int, issues: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from benchmarks.console.audits import make_audits
    from benchmarks.console.history import make_history
    from benchmarks.console.issues import make_briefs, make_issues
    from nhipcau.network.actions.sample_province import LOG_INS, make_sample_province
    from nhipcau.network.models.offices import Office
    from nhipcau.network.models.people import Person
    from nhipcau.running.preparing import prepare_installation

    prepare_installation()
    hub = make_sample_province(password="benchmark")
    leader, now = Person.objects.get(email=LOG_INS["leader"]), timezone.now()
    points = list(Office.objects.filter(kind="point").order_by("code"))
    issue = make_issues(issues, by=leader, now=now)
    make_briefs(by=leader, now=now)
    make_history(points=points, by=leader, hub=hub, recipients=recipients, now=now, origin=str(issue.pk))
    make_audits(audits, by=leader, office=hub)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _print_issuing(times: int = 20) -> None:
    """From *send* to all recipients, links, clocks and e-mails stored and queued."""
    import secrets
    import statistics

    from django.utils import timezone

    from benchmarks.console.measures import counted, p95
    from nhipcau.network.actions.sample_province import LOG_INS
    from nhipcau.network.actions.tasks.issuing import Directive, issue_directive
    from nhipcau.network.models.offices import Office
    from nhipcau.network.models.people import Person
    from nhipcau.network.queries.audience import Audience

    points = frozenset(Office.objects.filter(kind="point").values_list("pk", flat=True))
    wall, processor, queries = [], [], 0
    for number in range(times + 1):
        by = Person.objects.get(email=LOG_INS["leader"])
        due_at = timezone.now() + timedelta(days=3)
        directive = Directive(title=f"Chỉ đạo đo {number}", text="Thông báo đến từng hộ.", due_at=due_at)
        key = f"measured-{secrets.token_hex(8)}"
        with counted() as asked:
            started, used = time.perf_counter(), time.process_time()
            issue_directive(by=by, directive=directive, audience=Audience(offices=points), key=key)
            wall.append(time.perf_counter() - started)
            processor.append(time.process_time() - used)
        queries = len(asked)
    print(
        f"a directive to {len(points)} points: median {statistics.median(wall[1:]):.3f} s, p95 {p95(wall[1:]):.3f} s; "
        f"processor time median {statistics.median(processor[1:]):.3f} s; {queries} queries\n"
    )


def _pages(*, requests: int) -> list[Figures]:
    from benchmarks.console.measures import measure_page
    from nhipcau.issues.models.briefs import Brief
    from nhipcau.issues.models.issues import Issue
    from nhipcau.network.actions.sample_province import LOG_INS
    from nhipcau.network.models.people import Person
    from nhipcau.network.models.tasks import Task

    person = {part: Person.objects.get(email=email) for part, email in LOG_INS.items()}
    task = Task.objects.filter(idempotency_key__startswith="history-").latest("pk")
    issue = Issue.objects.get(engine_id=1)
    year_ago = issue.last_seen_at - timedelta(days=365)
    asked = (
        ("front page", "/picture/", "leader"),
        ("front page, one place", "/picture/?place=S0101&level=1", "leader"),
        ("looking back a year", f"/picture/?at={year_ago:%Y-%m-%dT%H:%M}", "leader"),
        ("issue of three years", f"/issues/{issue.pk}/", "leader"),
        ("the same, 30 days", f"/issues/{issue.pk}/?days=30", "analyst"),
        ("issues, the latest", "/issues/", "leader"),
        ("search: ngập nước", "/issues/?q=ngập+nước", "leader"),
        ("search: ngap nuoc", "/issues/?q=ngap+nuoc", "leader"),
        ("search: nothing found", "/issues/?q=xyzw+khong", "leader"),
        ("search: a number", f"/issues/?q={issue.pk}", "leader"),
        ("search, page 20", "/issues/?q=nuoc&page=20", "leader"),
        ("archive of briefs", "/briefs/", "leader"),
        ("a signed brief", f"/briefs/{Brief.objects.latest('as_of').pk}/", "leader"),
        ("alerts", "/alerts/", "leader"),
        ("live board, 150 tiles", f"/tasks/{task.pk}/board", "leader"),
        ("live board, table", f"/tasks/{task.pk}/board?layout=table", "leader"),
        ("live board, area", f"/tasks/{task.pk}/board", "area officer"),
        ("home: directives", "/tasks/", "leader"),
        ("list, what is late", "/tasks/?show=late", "leader"),
        ("page of a directive", f"/tasks/{task.pk}/", "leader"),
        ("home of a point", "/received/", "officer"),
        ("offices", "/offices/", "leader"),
        ("map", "/offices/map/", "leader"),
        ("people", "/people/", "administrator"),
        ("audit page", "/audit/", "auditor"),
        ("audit, of a kind", "/audit/?kind=taskrecipient", "auditor"),
    )
    return [measure_page(name, path, by=person[part], requests=requests) for name, path, part in asked]


def _print_pages(figures: list[Figures]) -> None:
    print("the start page leads a leader to the picture, an officer to what their point received\n")
    print(f"{'page':24}{'median':>9}{'p95':>9}{'CPU p95':>9}  ms{'queries':>9}{'kB':>8}")
    for one in figures:
        times = f"{one.median:9.1f}{one.p95:9.1f}{one.processor_p95:9.1f}"
        print(f"{one.name:24}{times}    {one.queries:9}{one.kilobytes:8.1f}")


if __name__ == "__main__":
    main()
