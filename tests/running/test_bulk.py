"""Rows that are written without objects are those that Django would have written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from nhipcau.running.bulk import insert
from nhipcau.running.models import MailState, OutgoingMail

NOW = datetime(2026, 11, 27, 1, 30, 15, 123456, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "text": texts,
            "attachments": st.lists(
                st.dictionaries(texts, texts | st.integers(-9, 9) | st.none(), max_size=2), max_size=2
            ),
            "due_at": st.sampled_from([NOW, NOW + timedelta(microseconds=1), NOW + timedelta(days=40)]),
            "taken_at": st.none() | st.just(NOW),
        }
    ),
    max_size=5,
)
COMMON: dict[str, Any] = {"to": "xa@example.vn", "subject": "Chỉ đạo", "created_at": NOW}


def columns(many: list[dict[str, Any]], begin: str = "key") -> dict[str, Any]:
    named: dict[str, Any] = {name: [row[name] for row in many] for name in many[0]} if many else {}
    return named | {"key": [f"{begin}-{number}" for number in range(len(many))]}


def held() -> list[dict[str, Any]]:
    found = OutgoingMail.objects.order_by("key").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in found]


class TestSameRows(TestCase):
    @given(rows)
    def test_as_bulk_create_writes_them(self, many: list[dict[str, Any]]) -> None:
        insert(OutgoingMail, len(many), **COMMON, **columns(many))
        ours = held()
        OutgoingMail.objects.all().delete()
        OutgoingMail.objects.bulk_create(
            OutgoingMail(key=f"key-{number}", **COMMON, **row) for number, row in enumerate(many)
        )
        assert ours == held()


def mails(count: int) -> dict[str, Any]:
    return COMMON | {"key": [f"m-{number}" for number in range(count)], "text": "…", "due_at": NOW}


@pytest.mark.django_db
def test_fields_that_are_not_named_have_their_defaults() -> None:
    insert(OutgoingMail, 2, **mails(2))
    assert set(OutgoingMail.objects.values_list("state", "attempts", "html")) == {(MailState.QUEUED, 0, "")}


@pytest.mark.django_db
def test_rows_that_are_there_stay_or_are_refused() -> None:
    insert(OutgoingMail, 2, **mails(2))
    insert(OutgoingMail, 3, ignore_conflicts=True, **mails(3))
    assert OutgoingMail.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(OutgoingMail, 1, **mails(1))


@pytest.mark.django_db
def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        insert(OutgoingMail, 1, colour="red", **mails(1))
    with pytest.raises(ValueError, match="1 values for 2 rows"):
        insert(OutgoingMail, 2, **mails(1))


@pytest.mark.django_db
def test_it_asks_once_however_many_they_are() -> None:
    with CaptureQueriesContext(connection) as queries:
        insert(OutgoingMail, 3_000, **mails(3_000))
        insert(OutgoingMail, 0, **mails(0))
    assert len(queries) == 1
    assert OutgoingMail.objects.count() == 3_000
