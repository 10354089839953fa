"""Queries that are compiled once."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from nhipcau.running.models import JobRun, OutgoingMail
from nhipcau.running.prepared import Prepared, blank

pytestmark = pytest.mark.django_db


def mail(key):
    now = timezone.now()
    return OutgoingMail.objects.create(key=key, to="a@example.vn", subject=key, text="x", created_at=now, due_at=now)


def test_it_gives_what_the_queryset_gives_with_each_value(django_assert_num_queries):
    for key in ("one", "two", "three"):
        mail(key)
    prepared = Prepared(lambda: OutgoingMail.objects.filter(key=blank("key")))
    for key in ("one", "three", "none", "two"):
        with django_assert_num_queries(1):
            found = prepared(key=key)
        assert found == list(OutgoingMail.objects.filter(key=key))
    assert prepared.first(key="none") is None
    assert prepared.first(key="two").subject == "two"


def test_moments_days_and_lists_are_filled_in():
    first, second = mail("one"), mail("two")
    OutgoingMail.objects.filter(pk=second.pk).update(due_at=timezone.now() + timedelta(days=3))
    since = Prepared(lambda: OutgoingMail.objects.filter(due_at__gt=blank("moment")))
    assert [one.key for one in since(moment=timezone.now() + timedelta(days=1))] == ["two"]
    either = Prepared(lambda: OutgoingMail.objects.filter(pk__in=[blank("a"), blank("b")]).order_by("pk"))
    assert either(a=first.pk, b=second.pk) == [first, second]
    on = Prepared(lambda: OutgoingMail.objects.filter(due_at__date__gte=blank("day")))
    assert on(day=date(2999, 1, 1)) == []


def test_values_come_as_tuples_and_limits_hold():
    for key in ("one", "two", "three"):
        mail(key)
    keys = Prepared(lambda: OutgoingMail.objects.filter(pk__gt=blank("after")).order_by("pk").values_list("key", "to"))
    assert keys(after=0)[0] == ("one", "a@example.vn")
    flat = Prepared(
        lambda: OutgoingMail.objects.filter(pk__gt=blank("after")).order_by("-pk").values_list("key", flat=True)[:2]
    )
    assert flat(after=0) == ["three", "two"]


def test_rows_are_whole_models_that_can_be_saved():
    JobRun.objects.create(job="a", every_seconds=1)
    found = Prepared(lambda: JobRun.objects.filter(job=blank("job"))).first(job="a")
    assert not found._state.adding
    found.every_seconds = 9
    found.save()
    assert JobRun.objects.get().every_seconds == 9


@pytest.mark.django_db(transaction=True)
def test_threads_ask_with_their_own_connections():
    mail("one")
    prepared = Prepared(lambda: OutgoingMail.objects.filter(key=blank("key")))
    prepared(key="one")
    found = []

    def ask():
        try:
            found.extend(one.key for one in prepared(key="one"))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["one"] * 4
