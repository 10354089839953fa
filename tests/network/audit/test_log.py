"""The audit log: one record an action, append-only in the database itself, a chain that shows every change."""

from __future__ import annotations

import ast
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import nhipcau
from nhipcau.network.actions.audit import record
from nhipcau.network.auditchain import hash_of, written
from nhipcau.network.auditguard import guard, is_guarded, unguard
from nhipcau.network.auditwords import ACTIONS, SENTENCES, record_words
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Person
from nhipcau.network.queries.audit_proof import prove
from nhipcau.network.taskstates import MOVES


@pytest.fixture
def person(db: None) -> Person:
    return Person.objects.create_user("a@example.vn", name="A")


def write(person: Person | None, count: int = 1) -> None:
    for number in range(count):
        with transaction.atomic():
            record(by=person, action="person.edited", of=person, values={"number": number, "name": "Ngọc"})


def tamper(sql: str) -> None:
    """Change the table behind the triggers' back, as somebody with the file in hands could."""
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    guard(connection)


def test_records_follow_one_another(person: Person):
    write(person, 3)
    first, second, third = AuditRecord.objects.order_by("seq")
    assert (first.seq, second.seq, third.seq) == (1, 2, 3)
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert third.values == {"number": 2, "name": "Ngọc"}
    proof = prove()
    assert proof.holds
    assert (proof.count, proof.head_seq, proof.head_hash) == (3, 3, third.hash)


def test_empty_log_holds(db: None):
    proof = prove()
    assert proof.holds
    assert (proof.count, proof.head_seq) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_record_is_written_only_inside_a_transaction():
    with pytest.raises(RuntimeError):
        record(by=None, action="person.edited", of=None, values={})
    assert not AuditRecord.objects.exists()


@transaction.atomic
def _write_and_fail(person: Person) -> None:
    write(person)
    AuditRecord.objects.update(action="other")


def test_record_goes_with_its_transaction(person: Person):
    with pytest.raises(DatabaseError):
        _write_and_fail(person)
    assert not AuditRecord.objects.exists()
    write(person)
    assert AuditRecord.objects.get().seq == 1


@pytest.mark.parametrize("change", ["update", "delete", "delete-all", "raw-update", "raw-delete"])
def test_database_refuses_to_change_or_delete(person: Person, change: str):
    write(person, 2)
    attempts: dict[str, Any] = {
        "update": lambda: AuditRecord.objects.filter(seq=1).update(action="other"),
        "delete": lambda: AuditRecord.objects.get(seq=2).delete(),
        "delete-all": lambda: AuditRecord.objects.all().delete(),
        "raw-update": lambda: connection.cursor().execute("UPDATE network_auditrecord SET action = 'other'"),
        "raw-delete": lambda: connection.cursor().execute("DELETE FROM network_auditrecord"),
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        attempts[change]()
    assert AuditRecord.objects.filter(action="person.edited").count() == 2
    assert prove().holds


@pytest.mark.parametrize(
    ("sql", "problem", "seq"),
    [
        ("UPDATE network_auditrecord SET action = 'other' WHERE seq = 2", "changed", 2),
        ("UPDATE network_auditrecord SET values_json = '{}' WHERE seq = 3", "changed", 3),
        ("UPDATE network_auditrecord SET by_id = NULL WHERE seq = 1", "changed", 1),
        ("UPDATE network_auditrecord SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 4", "changed", 4),
        ("UPDATE network_auditrecord SET number = '77' WHERE seq = 2", "changed", 2),
        ("UPDATE network_auditrecord SET hash = previous_hash WHERE seq = 2", "changed", 2),
        ("UPDATE network_auditrecord SET previous_hash = hash WHERE seq = 3", "not-following", 3),
        ("DELETE FROM network_auditrecord WHERE seq = 2", "gap", 2),
        ("DELETE FROM network_auditrecord WHERE seq = 1", "gap", 1),
    ],
)
def test_what_was_done_behind_the_back_is_found(person: Person, sql: str, problem: str, seq: int):
    write(person, 5)
    tamper(sql)
    proof = prove()
    assert not proof.holds
    assert (proof.problem, proof.problem_seq) == (problem, seq)


def test_end_that_was_cut_off_is_found_by_a_head_noted_before(person: Person):
    write(person, 5)
    head = AuditRecord.objects.latest("seq")
    tamper("DELETE FROM network_auditrecord WHERE seq > 3")
    assert prove().holds, "a chain alone cannot show it"
    proof = prove(known_head=(head.seq, head.hash))
    assert (proof.problem, proof.problem_seq) == ("cut-off", 4)
    write(person, 9)
    assert prove(known_head=(head.seq, head.hash)).problem == "other-head"
    assert prove(known_head=(head.seq, head.hash), last=2).problem == "other-head"
    third = AuditRecord.objects.get(seq=3)
    assert prove(known_head=(third.seq, third.hash), last=2).holds


def test_latest_records_are_proved_alone(person: Person):
    write(person, 9)
    proof = prove(last=4)
    assert proof.holds
    assert (proof.count, proof.head_seq) == (4, 9)
    tamper("UPDATE network_auditrecord SET action = 'other' WHERE seq = 3")
    assert prove(last=4).holds
    assert prove(last=7).problem == "changed"
    assert prove(last=100).problem_seq == 3


def test_missing_triggers_are_found(person: Person):
    write(person)
    unguard(connection)
    assert not is_guarded(connection)
    assert not prove().holds
    guard(connection)
    assert prove().holds


def test_time_never_goes_back_along_the_log(person: Person, time_machine: Any):
    time_machine.move_to("2026-11-27T08:00:00+00:00", tick=False)
    write(person)
    time_machine.move_to("2026-11-27T07:00:00+00:00", tick=False)
    write(person)
    first, second = AuditRecord.objects.order_by("seq")
    assert first.at == second.at


@pytest.mark.django_db(transaction=True)
def test_those_who_write_at_once_make_one_chain():
    people = [Person.objects.create_user(f"p{number}@example.vn", name=str(number)) for number in range(4)]
    ready = threading.Barrier(4)

    def many(person: Person) -> None:
        try:
            ready.wait()
            write(person, 10)
        finally:
            connection.close()

    threads = [threading.Thread(target=many, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    proof = prove()
    assert proof.holds
    assert proof.count == 40


values = st.dictionaries(
    st.text(max_size=8), st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12), max_size=4
)


@given(values, st.randoms())
def test_values_are_written_in_one_way_only(said: dict[str, Any], random: Any):
    names = list(said)
    random.shuffle(names)
    assert written({name: said[name] for name in names}) == written(said)


@given(st.data())
def test_any_difference_gives_another_hash(data: st.DataObject):
    from datetime import UTC, datetime

    one = {
        "seq": 5,
        "at": datetime(2026, 11, 27, tzinfo=UTC),
        "by": 3,
        "office": None,
        "action": "a.b",
        "kind": "task",
        "number": "12",
        "values_json": "{}",
        "previous_hash": "0" * 64,
    }
    name = data.draw(st.sampled_from(sorted(one)))
    other: Any = {"seq": 6, "at": datetime(2026, 11, 27, 0, 0, 0, 1, tzinfo=UTC), "by": None, "office": 3}.get(
        name, "x"
    )
    assert hash_of(**(one | {name: other})) != hash_of(**one)  # type: ignore[arg-type]


def recorded_actions() -> set[str]:
    """Every code that the house records, from its source."""
    found = {f"task.{name}" for name in MOVES}
    for path in Path(nhipcau.__file__).parent.glob("*/actions/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record", "_note"):
                said = [word.value for word in node.keywords if word.arg == "action"] + node.args[1:2]
                found |= {one.value for one in said if isinstance(one, ast.Constant)}
    return found


def test_every_action_that_is_recorded_has_words():
    assert recorded_actions() - set(ACTIONS) == set()
    assert set(ACTIONS) == set(SENTENCES)
    assert len(recorded_actions()) > 40


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_sentence_holds_with_no_values_at_all(language: str):
    with translation.override(language):
        for action in SENTENCES:
            assert record_words(action, {})
    assert record_words("later.version", {"a": 1}) == "later.version"
