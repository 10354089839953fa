"""What machines ask: alive, ready, figures; who may read the figures."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from nhipcau.issues.models.listening import ListenerBeat
from nhipcau.running import health
from nhipcau.running.mail import queue_mail
from nhipcau.running.models import JobRun, WorkerBeat


def beat(name: str = "here:1") -> None:
    now = timezone.now()
    WorkerBeat.objects.create(name=name, version="1", started_at=now, beat_at=now)
    ListenerBeat.objects.create(beat_at=now, started_at=now, doing="listening")


def test_alive_needs_no_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_database_tables_and_worker(client: Client) -> None:
    beat()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": [], "lacking": []})


@pytest.mark.django_db
def test_not_ready_without_a_worker(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": ["worker"], "lacking": []})


@pytest.mark.django_db
def test_not_ready_while_the_database_lacks_a_step(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat()
    monkeypatch.setattr(health, "unapplied_migrations", lambda: ["running.0002"])
    monkeypatch.setattr(health, "_known_to_be_migrated", set())
    assert client.get("/readyz").json() == {"ready": False, "missing": ["migrations"], "lacking": []}


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError

    monkeypatch.setattr(health.connection, "cursor", fail)
    assert client.get("/readyz").json() == {"ready": False, "missing": ["database"], "lacking": []}


@pytest.mark.django_db
def test_asking_again_whether_it_is_ready_is_cheap(client: Client, django_assert_max_num_queries) -> None:
    beat()
    client.get("/readyz")
    with django_assert_max_num_queries(3):
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nothing_is_written_by_asking(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_figures_are_what_prometheus_reads_and_tell_of_jobs_mail_and_workers(client: Client) -> None:
    beat()
    now = timezone.now()
    JobRun.objects.create(job="mail.send", every_seconds=2, finished_at=now, failures_in_a_row=3)
    queue_mail(to="a@example.org", subject="s", text="t", key="k")
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    found = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }
    assert found[("nhipcau_workers",)] == 1
    assert found["nhipcau_mails", ("state", "queued")] == 1
    assert found["nhipcau_job_failures_in_a_row", ("job", "mail.send")] == 3
    assert 0 <= found["nhipcau_job_age_seconds", ("job", "mail.send")] < 60
    assert found["nhipcau_requests_total", ("method", "GET"), ("status", "200"), ("view", "healthz")] >= 1
    assert not re.search(r"a@example\.org", answer.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "request_headers", "address", "status"),
    [
        ("", {}, "127.0.0.1", 200),
        ("", {}, "::1", 200),
        ("", {}, "10.0.0.5", 403),
        ("", {"X-Forwarded-For": "203.0.113.9"}, "127.0.0.1", 403),
        ("", {"Forwarded": "for=203.0.113.9"}, "127.0.0.1", 403),
        ("secret", {}, "127.0.0.1", 403),
        ("secret", {"Authorization": "Bearer wrong"}, "10.0.0.5", 403),
        ("secret", {"Authorization": "Bearer sécret"}, "10.0.0.5", 403),
        ("secret", {"Authorization": "Bearer secret"}, "10.0.0.5", 200),
    ],
)
def test_figures_are_for_this_machine_or_the_holder_of_the_token(
    monkeypatch: pytest.MonkeyPatch, token: str, request_headers: dict[str, str], address: str, status: int
) -> None:
    monkeypatch.setenv("NHIPCAU_METRICS_TOKEN", token)
    assert Client(headers=request_headers).get("/metrics", REMOTE_ADDR=address).status_code == status
