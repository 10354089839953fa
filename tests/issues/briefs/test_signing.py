"""Signing: who may, that it is of exactly what was looked at, that nothing changes after it, or shows."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections

from nhipcau.issues.actions.briefs.errors import (
    BriefAltered,
    BriefHasChanged,
    BriefHasMoved,
    BriefNotYours,
    SecondFactorMissing,
)
from nhipcau.issues.actions.briefs.signing import sign_brief
from nhipcau.issues.briefing.document import digest_of
from nhipcau.issues.models import Brief, Issue
from nhipcau.issues.queries.briefs import document_of, is_intact
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.people import Person
from nhipcau.running.models import OutgoingMail
from nhipcau.site.errors import DomainError
from tests.issues.briefs.cast import drafted, edited, make_issue, make_picture, signed
from tests.issues.briefs.conftest import MORNING
from tests.network.tasks.cast import Cast, make_cast


@pytest.fixture
def draft(cast: Cast, issues: list[Issue]) -> Brief:
    """An edited draft."""
    return edited(cast.analyst, drafted(cast.analyst))


@pytest.mark.parametrize("part", ["leader", "analyst"])
def test_leader_or_analyst_signs_and_it_gets_its_number(cast: Cast, draft: Brief, part: str) -> None:
    by = getattr(cast, part)
    looked_at = document_of(draft)
    OutgoingMail.objects.all().delete()
    brief = signed(by, draft)
    assert (brief.state, brief.number, brief.revision, brief.signed_by) == ("signed", "1/2026", 0, by)
    assert brief.document == looked_at
    assert brief.fingerprint == digest_of(looked_at)
    assert is_intact(brief)
    record = AuditRecord.objects.get(action="brief.signed")
    assert (record.by, record.values["fingerprint"]) == (by, brief.fingerprint)
    assert not OutgoingMail.objects.exists(), "nothing leaves by signing"


@pytest.mark.parametrize("part", ["auditor", "administrator", "area_officer", "officer", "stranger"])
def test_others_do_not_sign(cast: Cast, draft: Brief, part: str) -> None:
    with pytest.raises(BriefNotYours):
        sign_brief(by=getattr(cast, part), brief=draft, fingerprint=digest_of(document_of(draft)))
    assert Brief.objects.get().state == "editing"


def test_who_signs_has_a_second_factor_where_the_house_asks_for_it(cast: Cast, draft: Brief, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    with pytest.raises(SecondFactorMissing):
        signed(cast.leader, draft)
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=cast.leader, type=Authenticator.Type.TOTP, data={})
    assert signed(cast.leader, draft).state == "signed"


def test_what_was_not_looked_at_is_not_signed(cast: Cast, draft: Brief) -> None:
    before = digest_of(document_of(draft))
    changed = edited(cast.analyst, draft, lead="Khác.")
    with pytest.raises(BriefHasChanged):
        sign_brief(by=cast.leader, brief=changed, fingerprint=before)
    with pytest.raises(BriefHasChanged):  # the row was read before somebody changed it
        sign_brief(by=cast.leader, brief=draft, fingerprint=before)
    assert Brief.objects.get().state == "editing"


def test_numbers_follow_one_another_and_a_taken_one_is_noticed(cast: Cast, issues: list[Issue], draft: Brief) -> None:
    other = drafted(cast.analyst, hours=48)
    looked_at = digest_of(document_of(other))
    assert signed(cast.leader, draft).number == "1/2026"
    with pytest.raises(BriefHasChanged):
        sign_brief(by=cast.leader, brief=other, fingerprint=looked_at)
    assert signed(cast.leader, other).number == "2/2026"


def test_signing_twice_is_refused(cast: Cast, draft: Brief) -> None:
    signed(cast.leader, draft)
    with pytest.raises(BriefHasMoved):
        sign_brief(by=cast.analyst, brief=draft, fingerprint=digest_of(document_of(draft)))
    assert AuditRecord.objects.filter(action="brief.signed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_signs(clock: Any) -> None:
    cast = make_cast()
    make_picture(MORNING)
    make_issue(MORNING)
    draft = drafted(cast.analyst)
    fingerprint = digest_of(document_of(draft))
    barrier, done = threading.Barrier(2), []

    def act(pk: int) -> None:
        try:
            by, brief = Person.objects.get(pk=pk), Brief.objects.get(pk=draft.pk)
            barrier.wait(10)
            sign_brief(by=by, brief=brief, fingerprint=fingerprint)
            done.append(pk)
        except DomainError as error:
            done.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(person.pk,)) for person in (cast.leader, cast.analyst)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    brief = Brief.objects.get()
    assert sorted(map(str, done)) == sorted([str(brief.signed_by_id), "brief-has-moved"])
    assert AuditRecord.objects.filter(action="brief.signed").count() == 1


def test_change_of_the_draft_behind_the_back_stops_the_signature(cast: Cast, draft: Brief) -> None:
    draft.made["issues"][0]["voices"] = 4800
    Brief.objects.filter(pk=draft.pk).update(made=draft.made)
    with pytest.raises(BriefAltered):
        signed(cast.leader, Brief.objects.get())


def test_change_of_what_was_signed_shows(cast: Cast, draft: Brief) -> None:
    brief = signed(cast.leader, draft)
    document = dict(brief.document)
    document["lead"] = "Không có gì."
    Brief.objects.filter(pk=brief.pk).update(document=document)
    assert not is_intact(Brief.objects.get())


def test_floor_is_held_again_at_signing_whatever_the_draft_says(cast: Cast, issues: list[Issue]) -> None:
    brief = drafted(cast.analyst)
    made = dict(brief.made)
    made["floor"] = 2
    made["issues"][1]["excerpts"] = made["issues"][0]["excerpts"]
    made["issues"][1]["questions"] = made["issues"][0]["questions"]
    Brief.objects.filter(pk=brief.pk).update(made=made, made_digest=digest_of(made))
    said = signed(cast.leader, Brief.objects.get()).document["brief"]
    assert said["floor"] == 10
    assert (said["issues"][1]["excerpts"], said["issues"][1]["questions"]) == ([], [])
    assert said["issues"][0]["excerpts"]


def test_row_without_signature_cannot_be_signed_in_the_database(cast: Cast, draft: Brief) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Brief.objects.filter(pk=draft.pk).update(state="signed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Brief.objects.filter(pk=draft.pk).update(state="sent")
    assert connection.vendor in ("sqlite", "postgresql")
