"""Webhooks of issues and briefs: queued with what happened, received signed, numbers and codes only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from nhipcau.issues.actions.parting import merge_issue, split_issue
from nhipcau.issues.actions.picture import renew_picture
from nhipcau.issues.actions.telling import note_events
from nhipcau.issues.actions.triage import move_issue, rename_issue
from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import IssueEvent, NotAnIssue
from nhipcau.network.actions.webhooks import make_webhook
from nhipcau.network.jobs.webhooks import send_webhooks
from nhipcau.network.models.webhooks import Webhook, WebhookDelivery
from nhipcau.network.webhookevents import EVENTS
from tests.api.receiver import Receiver, receiving
from tests.issues.briefs.cast import drafted, edited, make_issue, sent, signed
from tests.issues.listened import NOON, about, hear, used_to_talk, voices
from tests.network.tasks.cast import Cast, fresh

WATER = "nước máy đục ngầu có mùi hôi"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Another system in the house, which the settings allow."""
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    with receiving() as one:
        yield one


def hook(cast: Cast, address: str = "https://example.vn/", *events: str) -> Webhook:
    """A webhook for events, for all where none is named."""
    return make_webhook(by=fresh(cast.administrator), name="Hệ thống thử", address=address, events=events or EVENTS)


def queued() -> list[dict[str, Any]]:
    """What waits to be told, in order."""
    return [json.loads(body) for body in WebhookDelivery.objects.order_by("pk").values_list("body", flat=True)]


def an_issue(label: str, **fields: Any) -> Issue:
    """An issue as the listener would have left it."""
    return make_issue(timezone.now(), label, **fields)


def test_what_people_do_is_received_signed_and_without_a_word_of_anybody(cast: Cast, receiver: Receiver):
    made = hook(cast, receiver.address)
    issue, other = an_issue("ngập đường Lê Lợi"), an_issue("ngập ngã tư")
    move_issue(by=cast.analyst, issue=issue, to="acting", was="new")
    rename_issue(by=cast.analyst, issue=issue, label="Ngập lớn")
    merge_issue(by=cast.analyst, issue=other, into=issue)
    move_issue(by=cast.analyst, issue=issue, to="closed", was="acting")
    send_webhooks(timezone.now())
    told = [json.loads(body) for _headers, body in receiver.messages]
    assert [(one["type"], one["data"]) for one in told] == [
        ("issue.triaged", {"issue": issue.pk, "from": "new", "to": "acting"}),
        ("issue.merged", {"issue": other.pk, "into": issue.pk}),
        ("issue.triaged", {"issue": issue.pk, "from": "acting", "to": "closed"}),
        ("issue.closed", {"issue": issue.pk, "from": "acting"}),
    ]
    headers, body = receiver.messages[0]
    assert "ngập" not in body.decode()
    to_sign = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, to_sign, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_issue_that_is_split_off_is_told(cast: Cast):
    hook(cast, "https://example.vn/", "issue.split")
    threads = [{"thread": number, "voices": 5, "words": ""} for number in (1, 2)]
    issue = an_issue("ngập", threads=threads)
    part = split_issue(by=cast.analyst, issue=issue, threads=[2])
    assert [(one["type"], one["data"]) for one in queued()] == [("issue.split", {"issue": part.pk, "off": issue.pk})]


def test_issues_that_the_listener_finds_are_told_once(cast: Cast, tmp_path: Path):
    hook(cast)
    listening = used_to_talk(tmp_path)
    hear(listening, voices(about(WATER, 30)))
    renew_picture(listening=listening, now=NOON)
    renew_picture(listening=listening, now=NOON)
    appeared = [one["data"]["issue"] for one in queued() if one["type"] == "issue.appeared"]
    assert sorted(appeared) == sorted(Issue.objects.values_list("pk", flat=True))
    levels = IssueEvent.objects.filter(code="level")
    raised = [one["data"]["issue"] for one in queued() if one["type"] == "issue.level-raised"]
    assert raised == [one.issue_id for one in levels if one.values["to"] > one.values["from"]]


def test_only_a_level_that_rises_is_told(cast: Cast):
    hook(cast)
    issue = an_issue("ngập")
    note_events(
        IssueEvent(issue=issue, at=timezone.now(), code="level", values={"from": before, "to": after})
        for before, after in ((1, 3), (3, 0))
    )
    said = {"issue": issue.pk, "from": "watch", "to": "urgent"}
    assert [(one["type"], one["data"]) for one in queued()] == [("issue.level-raised", said)]


def test_sample_and_what_is_hidden_tell_nobody_and_what_is_taken_back_is_never_told(cast: Cast):
    hook(cast)
    move_issue(by=cast.analyst, issue=an_issue("mẫu", is_sample=True), to="closed", was="new")
    denial = NotAnIssue.objects.create(issue=an_issue("khác"), by=cast.analyst, at=timezone.now())
    hidden = an_issue("giống", like_denied=denial)
    note_events([IssueEvent(issue=hidden, at=timezone.now(), code="level", values={"from": 0, "to": 3})])
    with transaction.atomic():
        move_issue(by=cast.analyst, issue=an_issue("ngập"), to="closed", was="new")
        assert queued()
        transaction.set_rollback(True)
    assert queued() == []


def test_brief_that_is_sent_is_told_with_its_number(cast: Cast):
    hook(cast)
    an_issue("ngập đường Lê Lợi")
    brief = sent(cast.analyst, signed(cast.leader, edited(cast.analyst, drafted(cast.analyst))))
    said = [(one["type"], one["data"]) for one in queued() if one["type"].startswith("brief.")]
    assert said == [("brief.sent", {"brief": brief.pk, "number": brief.number, "corrects": None})]
