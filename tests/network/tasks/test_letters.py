"""E-mails about directives: written in the transaction of what they tell of, in the reader's language, once."""

from __future__ import annotations

import io

import pytest
from django.db import transaction
from tests.network.tasks.cast import Cast, bring_to, directive, issue, recipient_of

from nhipcau.network.actions.tasks import issuing, letters, moves
from nhipcau.network.actions.tasks.evidence import Item, submit_evidence
from nhipcau.network.actions.tasks.issuing import Directive, issue_directive
from nhipcau.network.models.people import Person
from nhipcau.network.models.task_clocks import TaskClock
from nhipcau.network.models.task_files import TaskAttachment
from nhipcau.network.models.task_mail import TaskMail
from nhipcau.network.models.tasks import RecipientEvent, Task, TaskRecipient
from nhipcau.network.queries.audience import Audience
from nhipcau.network.taskfiles import check_document
from nhipcau.running.models import OutgoingMail


def letter_to(address: str) -> OutgoingMail:
    """The newest mail to an address."""
    return OutgoingMail.objects.filter(to=address).latest("id")


def test_notice_says_all_in_the_reader_s_language(cast: Cast) -> None:
    Person.objects.filter(pk=cast.colleague.pk).update(language="en")
    issue(cast, title="Kiểm tra <nước>", text="Dòng một\nDòng hai", why="Vì & bởi")
    vietnamese, english = letter_to("officer@example.vn"), letter_to("colleague@example.vn")
    assert vietnamese.subject.startswith("Chỉ đạo: Kiểm tra <nước> – hạn ")
    assert english.subject.startswith("Directive: Kiểm tra <nước> – due ")
    for mail in (vietnamese, english):
        for part in ("Đơn vị P1", "Đơn vị H", "Dòng một\nDòng hai", "Vì & bởi", "/a/", "/received/"):
            assert part in mail.text
        assert "\ue000" not in mail.text + mail.subject


def test_each_address_has_its_own_link(cast: Cast) -> None:
    issue(cast, offices=cast.points)
    texts = list(OutgoingMail.objects.values_list("text", flat=True))
    links = {line for text in texts for line in text.splitlines() if "/a/" in line}
    assert len(links) == len(texts) == 4


def bring_on(cast: Cast, recipient: TaskRecipient) -> None:
    """Hand in evidence."""
    submit_evidence(by=cast.officer, recipient=recipient, items=[Item("count", count=1)])


@pytest.mark.parametrize(
    ("state", "act", "to", "says"),
    [
        (
            "acknowledged",
            lambda c, r: moves.return_task(by=c.officer, recipient=r, reason="Thiếu người."),
            "leader",
            "Thiếu người.",
        ),
        (
            "submitted",
            lambda c, r: moves.send_evidence_back(by=c.leader, recipient=r, reason="Thiếu ảnh."),
            "officer",
            "Thiếu ảnh.",
        ),
        (
            "opened",
            lambda c, r: moves.withdraw_from(by=c.leader, recipient=r, reason="Gửi nhầm."),
            "officer",
            "Gửi nhầm.",
        ),
        (
            "returned",
            lambda c, r: issuing.send_task_again(by=c.leader, recipient=r, reason="Thêm người."),
            "officer",
            "Thêm người.",
        ),
        ("in_progress", bring_on, "north", "Đơn vị P1"),
    ],
)
def test_move_that_others_must_know_is_told_with_its_reason(
    cast: Cast, state: str, act: object, to: str, says: str
) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), state)
    OutgoingMail.objects.all().delete()
    act(cast, recipient)  # type: ignore[operator]
    mail = letter_to(f"{to}@example.vn")
    assert says in mail.text
    assert "Kiểm tra nước" in mail.subject


@pytest.mark.parametrize("kind", ["acknowledge_reminder", "acknowledge_escalation", "due_reminder", "due_escalation"])
def test_each_clock_has_its_words(cast: Cast, kind: str) -> None:
    recipient = recipient_of(issue(cast))
    OutgoingMail.objects.all().delete()
    letters.tell_of_clock(TaskClock.objects.get(kind=kind), recipient=recipient)
    subjects = set(OutgoingMail.objects.values_list("subject", flat=True))
    assert len(subjects) == 1
    assert all(("/a/" in mail.text) == (kind == "acknowledge_reminder") for mail in OutgoingMail.objects.all())
    letters.tell_of_clock(TaskClock.objects.get(kind=kind), recipient=recipient)
    assert OutgoingMail.objects.count() == len(set(OutgoingMail.objects.values_list("key", flat=True)))
    assert OutgoingMail.objects.count() == TaskMail.objects.filter(kind__in=["reminder", "escalation"]).count()


def test_sample_writes_to_nobody(cast: Cast) -> None:
    audience = Audience(offices=frozenset({cast.points[0].pk}))
    issue_directive(by=cast.leader, directive=directive(), audience=audience, key="sample-one", is_sample=True)
    assert not OutgoingMail.objects.exists()


def test_nothing_stays_when_the_transaction_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **values: object) -> None:
        raise RuntimeError("cut off")

    monkeypatch.setattr(issuing, "record", fail)
    with pytest.raises(RuntimeError):
        issue(cast, attachments=[("a.pdf", check_document(io.BytesIO(b"%PDF-1.7")))])
    for table in (Task, TaskRecipient, RecipientEvent, TaskClock, TaskMail, OutgoingMail, TaskAttachment):
        assert not table.objects.exists(), table
    assert not list(issuing.files.folder().glob("**/*.pdf"))


def test_form_that_was_sent_twice_at_once_makes_one_directive(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Directive = directive()
    audience = Audience(offices=frozenset({cast.points[0].pk}))
    known = issuing._known
    first = issue_directive(by=cast.leader, directive=asked, audience=audience, key="twice-at-once")

    def blind_once(**_values: object) -> None:
        """The other request had not yet committed when this one looked."""
        monkeypatch.setattr(issuing, "_known", known)

    monkeypatch.setattr(issuing, "_known", blind_once)
    with transaction.atomic():
        second = issue_directive(by=cast.leader, directive=asked, audience=audience, key="twice-at-once")
    assert second.pk == first.pk
    assert (Task.objects.count(), TaskRecipient.objects.count()) == (1, 1)


def test_attachment_goes_out_with_the_directive(cast: Cast) -> None:
    task = issue(cast, attachments=[("công văn.pdf", check_document(io.BytesIO(b"%PDF-1.7")))])
    attachment = TaskAttachment.objects.get(task=task)
    assert attachment.file.original_name == "công văn.pdf"
