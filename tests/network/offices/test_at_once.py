"""Two administrators change the network at the same moment: one change follows the other, and the tree stays a tree."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from nhipcau.network.actions.office_changes import close_office, merge_offices, move_office
from nhipcau.network.actions.offices import create_office
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.offices import LinkKind, Office, OfficeLink
from nhipcau.network.models.people import Person
from nhipcau.network.officefields import OfficeFields
from nhipcau.network.queries.audit_proof import prove
from nhipcau.site.errors import DomainError
from tests.network.offices.conftest import TODAY, Cast, link, make_office, make_person

pytestmark = pytest.mark.django_db(transaction=True)

Change = Callable[[Person], Any]


def at_once(*lists: list[Change]) -> list[str]:
    """Each list by an administrator of their own, in a thread of its own; what came of each change."""
    keepers = [make_person(f"keeper-{number}", Office.objects.get(kind="hub"), "administrator") for number in (1, 2)]
    ready, done = threading.Barrier(len(lists)), []

    def work(keeper: Person, changes: list[Change]) -> None:
        try:
            for change in changes:
                ready.wait(30)
                try:
                    change(keeper)
                    done.append("done")
                except DomainError as error:
                    done.append(error.code)
        except BaseException as error:
            done.append(repr(error))
            ready.abort()
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in zip(keepers, lists, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(done)


def check_tree() -> None:
    """Every office that is open answers to one that is open, and through others to the hub."""
    open_now = {office.pk: office for office in Office.objects.filter(closed_on=None)}
    held = OfficeLink.objects.filter(until_on=None)
    parents: dict[int, list[int]] = {number: [] for number in open_now}
    for one in held:
        assert one.office_id in open_now, f"{one.office.code} is closed and still answers to somebody"
        assert one.parent_id in open_now, f"{one.office.code} answers to {one.parent.code}, which is closed"
        if one.kind == LinkKind.PARENT:
            parents[one.office_id].append(one.parent_id)
    for number, office in open_now.items():
        passed = set()
        while open_now[number].kind != "hub":
            assert number not in passed, f"{office.code} stands in a circle"
            passed.add(number)
            (number,) = parents[number]
    assert prove().holds


def changes_recorded() -> int:
    return AuditRecord.objects.filter(action__startswith="office.").count()


@pytest.fixture
def departments(cast: Cast) -> tuple[Office, Office]:
    other = make_office("SXD", "Sở Xây dựng", "department")
    link(other, cast.hub)
    return cast.health, other


def test_of_two_moves_that_would_make_a_circle_one_is_refused(departments: tuple[Office, Office]):
    here, there = departments
    done = at_once(
        [lambda by: move_office(by=by, office=here, parent=there, on=TODAY)],
        [lambda by: move_office(by=by, office=there, parent=here, on=TODAY)],
    )
    assert done == ["done", "office-link-refused"]
    check_tree()
    assert changes_recorded() == 1


def test_of_two_that_merge_into_each_other_one_stays(cast: Cast):
    done = at_once(
        [lambda by: merge_offices(by=by, offices=[cast.east], into=cast.west, on=TODAY)],
        [lambda by: merge_offices(by=by, offices=[cast.west], into=cast.east, on=TODAY)],
    )
    assert done == ["done", "office-closed"]
    check_tree()
    assert changes_recorded() == 1


def test_an_office_is_merged_or_moved_below_but_never_below_what_is_gone(departments: tuple[Office, Office]):
    here, there = departments
    done = at_once(
        [lambda by: close_office(by=by, office=here, successors=[there], on=TODAY)],
        [
            lambda by: create_office(
                by=by, office=OfficeFields("P9", "Xã Mới", "point"), parent=Office.objects.get(pk=here.pk), on=TODAY
            )
        ],
    )
    assert done in (["done", "done"], ["done", "office-closed"])
    check_tree()


def test_an_office_is_closed_once(cast: Cast):
    done = at_once(*[[lambda by: close_office(by=by, office=cast.lake, on=TODAY)]] * 2)
    assert done == ["done", "office-closed"]
    assert changes_recorded() == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_two_do_at_once_leaves_a_tree(cast: Cast, seed: int):
    chance = random.Random(seed)
    for number in range(6):
        link(make_office(f"D{number}", f"Phòng {number}", "department"), cast.hub)
    offices = list(Office.objects.filter(kind="department").order_by("pk"))

    def some() -> Change:
        one, other = chance.sample(offices, 2)
        if chance.random() < 0.3:
            return lambda by: merge_offices(by=by, offices=[one], into=other, on=TODAY)
        return lambda by: move_office(by=by, office=one, parent=other, on=TODAY)

    done = at_once([some() for _ in range(8)], [some() for _ in range(8)])
    assert set(done) <= {"done", "office-closed", "office-link-refused"}
    assert len(done) == 16
    check_tree()
