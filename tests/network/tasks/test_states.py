"""The table of states, and a property: whatever people try, in whatever order, only its moves come to pass."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.network.tasks.cast import Cast, fresh, issue, recipient_of
from tests.network.tasks.test_moves import DOING, MAKERS

from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.task_clocks import TaskClock
from nhipcau.network.models.tasks import RecipientEvent
from nhipcau.network.taskstates import HANDED_IN, MOVES, OPEN, SETTLED, UNACKNOWLEDGED, Side, State, moves_from
from nhipcau.site.errors import DomainError

# said once more in plain words: from each state, where a directive can go
PLAIN = {
    "sent": {"delivered", "opened", "acknowledged", "withdrawn"},
    "delivered": {"opened", "acknowledged", "withdrawn"},
    "opened": {"acknowledged", "withdrawn"},
    "acknowledged": {"accepted", "returned", "withdrawn"},
    "accepted": {"in_progress", "submitted", "returned", "withdrawn"},
    "returned": {"sent", "withdrawn"},
    "in_progress": {"submitted", "withdrawn"},
    "submitted": {"verified", "in_progress", "withdrawn"},
    "verified": {"closed"},
    "closed": set(),
    "withdrawn": set(),
}


def test_table_says_what_the_plain_words_say() -> None:
    table = {state: {move.target for move in MOVES.values() if state in move.sources} for state in State}
    assert table == PLAIN


def test_every_state_is_reached_and_only_the_settled_ones_end() -> None:
    assert {move.target for move in MOVES.values()} == set(State)
    assert {state for state, targets in PLAIN.items() if not targets} == SETTLED
    assert set(State) - SETTLED == OPEN


def test_moves_of_a_side_are_listed_in_the_order_of_work() -> None:
    assert [move.name for move in moves_from("acknowledged", side=Side.UNIT)] == ["accept", "return"]
    assert [move.name for move in moves_from("submitted", side=Side.OVERSEER)] == ["send_back", "verify"]


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=st.lists(st.tuples(st.sampled_from(sorted(DOING)), st.sampled_from(sorted(MAKERS))), max_size=14))
def test_whatever_is_tried_state_history_and_audit_agree(cast: Cast, tries: list[tuple[str, str]]) -> None:
    with transaction.atomic():
        task = issue(cast)
        expected, submitter, walked = "sent", None, ["sent"]
        audits = AuditRecord.objects.count()
        for name, part in tries:
            move = MOVES[name]
            may = name in MAKERS[part]
            goes = may and expected in move.sources and not (move.not_by_submitter and submitter == part)
            try:
                DOING[name](fresh(getattr(cast, part)), recipient_of(task))
                went = True
            except DomainError:
                went = False
            if goes:
                assert went
                expected = move.target
                walked.append(expected)
                submitter = part if name == "submit" else submitter
            elif went:  # acknowledging again says who did first, and changes nothing
                assert name == "acknowledge"
                assert expected not in UNACKNOWLEDGED
        recipient = recipient_of(task)
        events = RecipientEvent.objects.filter(recipient=recipient).order_by("id")
        assert [event.to_state for event in events] == walked
        assert [event.from_state for event in events] == ["", *walked[:-1]]
        assert recipient.state == expected
        assert (recipient.settled_at is not None) == (expected in SETTLED)
        assert AuditRecord.objects.count() - audits == len(walked) - 1
        waiting = set(
            TaskClock.objects.filter(recipient=recipient, round=recipient.round, state="waiting").values_list(
                "kind", flat=True
            )
        )
        assert ("due_escalation" in waiting) == (expected not in HANDED_IN)
        assert ("acknowledge_reminder" in waiting) == (expected in UNACKNOWLEDGED)
        transaction.set_rollback(True)
