"""Moves of a recipient: allowed, refused, invalid, repeated, with one event and one audit record each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.network.tasks.cast import LONG_AGO, Cast, bring_to, fresh, issue, recipient_of

from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.tasks import moves
from nhipcau.network.actions.tasks.acknowledging import acknowledge_for, acknowledge_task
from nhipcau.network.actions.tasks.errors import (
    NotYours,
    ReasonMissing,
    TaskHasMoved,
    TaskInvalid,
    VerifiedBySubmitter,
)
from nhipcau.network.actions.tasks.evidence import Item, submit_evidence
from nhipcau.network.actions.tasks.issuing import send_task_again
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Membership, Person
from nhipcau.network.models.tasks import RecipientEvent, TaskRecipient
from nhipcau.network.taskstates import MOVES, State
from nhipcau.running.models import OutgoingMail

DOING: dict[str, Callable[[Person, TaskRecipient], Any]] = {
    "acknowledge": lambda by, one: acknowledge_task(by=by, recipient=one),
    "accept": lambda by, one: moves.accept_task(by=by, recipient=one),
    "return": lambda by, one: moves.return_task(by=by, recipient=one, reason="Thiếu người."),
    "start": lambda by, one: moves.start_task(by=by, recipient=one),
    "submit": lambda by, one: submit_evidence(by=by, recipient=one, items=[Item("count", count=1)]),
    "send_again": lambda by, one: send_task_again(by=by, recipient=one, reason="Đã thêm người."),
    "send_back": lambda by, one: moves.send_evidence_back(by=by, recipient=one, reason="Thiếu ảnh."),
    "verify": lambda by, one: moves.verify_evidence(by=by, recipient=one),
    "close": lambda by, one: moves.close_task(by=by, recipient=one),
    "withdraw": lambda by, one: moves.withdraw_from(by=by, recipient=one, reason="Gửi nhầm."),
}
UNIT_MOVES = {"acknowledge", "accept", "return", "start", "submit"}
START_OF = {name: next(state for state in State if state in MOVES[name].sources) for name in DOING}
# who makes which moves for a directive of the hub at a point of the north
MAKERS = {
    "officer": UNIT_MOVES,
    "colleague": UNIT_MOVES,
    "neighbour": set(),
    "leader": {"send_again", "send_back", "verify", "close", "withdraw"},
    "analyst": {"send_again", "send_back", "verify", "close", "withdraw"},
    "area_officer": {"send_back", "verify"},
    "other_area_officer": set(),
    "auditor": set(),
    "administrator": set(),
    "stranger": set(),
}


@pytest.mark.parametrize("name", sorted(DOING))
def test_move_is_made_by_its_side_and_refused_to_all_others(cast: Cast, name: str) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), START_OF[name])
    events = RecipientEvent.objects.filter(recipient=recipient)
    audits, noted = AuditRecord.objects.count(), events.count()
    allowed = None
    for part, makes in MAKERS.items():
        by = fresh(getattr(cast, part))
        if name in makes:
            allowed = by
            continue
        with pytest.raises(NotYours):
            DOING[name](by, recipient)
    assert (AuditRecord.objects.count(), events.count()) == (audits, noted)
    assert allowed is not None
    DOING[name](allowed, recipient)
    recipient.refresh_from_db()
    assert recipient.state == MOVES[name].target
    assert (AuditRecord.objects.count(), events.count()) == (audits + 1, noted + 1)
    newest = events.latest("id")
    assert (newest.by, newest.to_state, newest.from_state) == (allowed, MOVES[name].target, START_OF[name])


@pytest.mark.parametrize("name", sorted(set(DOING) - {"acknowledge"}))
def test_repeated_move_is_refused_and_writes_nothing(cast: Cast, name: str) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), START_OF[name])
    by = cast.officer if name in UNIT_MOVES else cast.leader
    DOING[name](by, recipient)
    audits, noted = AuditRecord.objects.count(), RecipientEvent.objects.count()
    with pytest.raises(TaskHasMoved):
        DOING[name](by, recipient_of(recipient.task))
    assert (AuditRecord.objects.count(), RecipientEvent.objects.count()) == (audits, noted)


def test_repeated_acknowledgement_is_the_first_one(cast: Cast) -> None:
    recipient = recipient_of(issue(cast))
    first = acknowledge_task(by=cast.officer, recipient=recipient)
    audits = AuditRecord.objects.count()
    again = acknowledge_task(by=cast.colleague, recipient=recipient_of(recipient.task))
    assert (again.pk, again.name, again.route) == (first.pk, "Officer", "log_in")
    assert AuditRecord.objects.count() == audits


def test_two_who_move_at_once_are_one_after_the_other(cast: Cast) -> None:
    task = issue(cast)
    mine, theirs = recipient_of(task), recipient_of(task)
    moves.open_task(by=cast.colleague, recipient=theirs)
    acknowledge_task(by=cast.officer, recipient=mine)  # still believes that it is unread
    moves.accept_task(by=cast.officer, recipient=mine)
    with pytest.raises(TaskHasMoved) as refusal:
        moves.return_task(by=cast.colleague, recipient=_behind(theirs, "opened"), reason="Thiếu người.")
    assert refusal.value.values["state"] == "opened"
    assert recipient_of(task).state == "accepted"


def _behind(recipient: TaskRecipient, state: str) -> TaskRecipient:
    recipient.state = state
    return recipient


@pytest.mark.parametrize(
    "call",
    [
        lambda cast, one: moves.return_task(by=cast.officer, recipient=one, reason="  "),
        lambda cast, one: moves.withdraw_from(by=cast.leader, recipient=one, reason=""),
    ],
)
def test_move_that_needs_a_reason_is_refused_without(cast: Cast, call: Callable[..., Any]) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "acknowledged")
    with pytest.raises(ReasonMissing):
        call(cast, recipient)
    assert recipient_of(recipient.task).state == "acknowledged"


def test_submitter_verifies_nothing_of_their_own_even_with_a_second_seat(cast: Cast) -> None:
    Membership.objects.create(person=cast.officer, office=cast.hub, role="leader", from_on=LONG_AGO)
    recipient = bring_to(cast, recipient_of(issue(cast)), "submitted")
    both = fresh(cast.officer)
    for move in (
        lambda: moves.verify_evidence(by=both, recipient=recipient),
        lambda: moves.send_evidence_back(by=both, recipient=recipient, reason="Thiếu ảnh."),
    ):
        with pytest.raises(VerifiedBySubmitter):
            move()
    assert recipient_of(recipient.task).state == "submitted"


def test_proxy_names_who_took_note_and_who_recorded_it(cast: Cast) -> None:
    recipient = recipient_of(issue(cast))
    for name, note in (("", "gọi điện"), ("Bà Sáu", " ")):
        with pytest.raises(TaskInvalid):
            acknowledge_for(by=cast.area_officer, recipient=recipient, name=name, note=note)
    with pytest.raises(NotYours):
        acknowledge_for(by=cast.colleague, recipient=recipient, name="Bà Sáu", note="gọi điện")
    made = acknowledge_for(by=cast.area_officer, recipient=recipient, name="Bà  Sáu", note="gọi điện")
    assert (made.name, made.person, made.recorded_by, made.route, made.office) == (
        "Bà Sáu",
        None,
        cast.area_officer,
        "proxy",
        cast.points[0],
    )


def test_only_the_unit_opens(cast: Cast) -> None:
    recipient = recipient_of(issue(cast))
    assert not any(
        moves.open_task(by=getattr(cast, part), recipient=recipient) for part in ("leader", "auditor", "neighbour")
    )
    assert moves.open_task(by=cast.officer, recipient=recipient)
    assert not moves.open_task(by=cast.colleague, recipient=recipient)
    assert recipient_of(recipient.task).state == "opened"


def test_sent_again_is_acknowledged_anew(cast: Cast) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "returned")
    send_task_again(by=cast.leader, recipient=recipient, reason="Đã thêm người.")
    recipient = recipient_of(recipient.task)
    assert (recipient.state, recipient.round, recipient.acknowledged_at) == ("sent", 2, None)
    acknowledge_task(by=cast.colleague, recipient=recipient)
    assert list(recipient.acknowledgements.order_by("round").values_list("round", "name")) == [
        (1, "Officer"),
        (2, "Colleague"),
    ]


def test_those_above_are_written_to_when_a_unit_returns_or_hands_in(cast: Cast) -> None:
    recipient = recipient_of(issue(cast))
    OutgoingMail.objects.all().delete()
    bring_to(cast, recipient, "returned")
    told = set(OutgoingMail.objects.values_list("to", flat=True))
    assert told == {"leader@example.vn", "analyst@example.vn", "north@example.vn"}
    assert all("Thiếu người." in mail.text for mail in OutgoingMail.objects.all())


def test_standing_follows_the_seats_of_today(cast: Cast) -> None:
    assert standing_of(cast.auditor).sees_all
    assert standing_of(cast.area_officer).visible == {cast.north.pk, *(point.pk for point in cast.points[:3])}
    Membership.objects.filter(person=cast.area_officer).update(until_on=LONG_AGO.replace(year=2021))
    assert standing_of(fresh(cast.area_officer)).visible == frozenset()
