"""E-mails about directives: who is written to on which occasion, and putting them into the outbox.

Always called inside the transaction of what they tell of. The words are in `templates/network/tasks/mail/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from nhipcau.network.models.task_clocks import TaskClock
from nhipcau.network.models.task_mail import OneTimeLink, TaskMail
from nhipcau.network.models.tasks import RecipientEvent, TaskRecipient
from nhipcau.network.onetimelinks import new_number, token_for
from nhipcau.network.queries.audience import Address, addresses_of
from nhipcau.running.bulk import insert
from nhipcau.running.mail import NewMail, queue_mails

LINK_LIFE = timedelta(days=7)
# what each move tells, and whether to the unit or to those above it
_TOLD = {
    "returned": ("returned", "above"),
    "submitted": ("submitted", "above"),
    "in_progress": ("sent_back", "unit"),
    "withdrawn": ("withdrawn", "unit"),
}

# letters of the private-use area: no text that people write has them
_MARKS = {name: f"\ue000{name}\ue001" for name in ("unit", "link", "page", "board")}


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail to one address about one recipient."""

    kind: str
    occasion: str  # the same occasion is told to the same address once
    recipient: TaskRecipient
    address: Address
    detail: str = ""


def tell_of_sending(addressed: Iterable[tuple[TaskRecipient, list[Address]]], *, at: datetime, reason: str = "") -> int:
    """Notices to all units, each with its own one-time link; gives their number. `reason`: why it is sent anew."""
    letters = [
        Letter("notice", f"recipient-{recipient.pk}-round-{recipient.round}-notice", recipient, address, reason)
        for recipient, addresses in addressed
        for address in addresses
    ]
    return _queue(letters, at=at)


def tell_of_correction(recipients: Sequence[TaskRecipient], *, what_changed: str, at: datetime) -> int:
    """That a directive says something else from now on, to all its units, with a link to acknowledge it anew."""
    today = timezone.localdate()
    addresses = addresses_of({one.office_id: one.addressed_role for one in recipients}, on=today)
    letters = [
        Letter("corrected", f"recipient-{one.pk}-version-{one.task.version}", one, address, what_changed)
        for one in recipients
        for address in addresses[one.office_id]
    ]
    return _queue(letters, at=at)


def tell_of_move(event: RecipientEvent, *, recipient: TaskRecipient) -> None:
    """What others must know of a move."""
    kind, side = _TOLD.get(event.to_state, ("", ""))
    if not kind or (kind == "sent_back" and event.from_state != "submitted"):
        return
    occasion = f"event-{event.pk}"
    _queue(
        [Letter(kind, occasion, recipient, address, event.reason) for address in _addresses(recipient, side=side)],
        at=event.at,
    )


def tell_of_clock(clock: TaskClock, *, recipient: TaskRecipient) -> None:
    """A reminder to the unit, or an escalation to those above it."""
    kind = "escalation" if clock.kind.endswith("_escalation") else "reminder"
    side = "above" if kind == "escalation" else "unit"
    occasion = f"recipient-{recipient.pk}-round-{clock.round}-{clock.kind}"
    if recipient.task.version > 1:  # a correction may let a clock ring again
        occasion += f"-{clock.rings_at:%Y%m%d%H%M}"
    _queue(
        [Letter(kind, occasion, recipient, address, clock.kind) for address in _addresses(recipient, side=side)],
        at=timezone.now(),
    )


def addresses_of_unit(recipient: TaskRecipient) -> list[Address]:
    """Where a recipient is written to today."""
    return _addresses(recipient, side="unit")


def _addresses(recipient: TaskRecipient, *, side: str) -> list[Address]:
    today = timezone.localdate()
    if side == "unit":
        return addresses_of({recipient.office_id: recipient.addressed_role}, on=today)[recipient.office_id]
    above = {office_id: "" for office_id in (recipient.area_id, recipient.task.issuing_office_id) if office_id}
    found = addresses_of(above, on=today)
    return list({address.email.casefold(): address for addresses in found.values() for address in addresses}.values())


def _queue(letters: list[Letter], *, at: datetime) -> int:
    letters = [letter for letter in letters if not letter.recipient.task.is_sample]  # nobody of a sample exists
    links = _make_links(letters, at=at)
    mails, keys = [], []
    known: dict[object, str] = {}
    for letter, link in zip(letters, links, strict=True):
        key = f"task-{letter.occasion}-{sha256(letter.address.email.casefold().encode()).hexdigest()[:12]}"
        subject, text = _words(letter, link=link, known=known)
        mails.append(NewMail(to=letter.address.email, subject=subject, text=text, key=key))
        keys.append(key)
    queue_mails(mails)
    insert(
        TaskMail,
        len(letters),
        ignore_conflicts=True,
        key=keys,
        kind=[letter.kind for letter in letters],
        recipient_id=[letter.recipient.pk for letter in letters],
        address=[letter.address.email for letter in letters],
        queued_at=at,
    )
    return len(letters)


@dataclass(frozen=True, slots=True)
class _Link:
    """The number of a one-time link, and until when it serves."""

    number: str
    until: datetime


def _make_links(letters: list[Letter], *, at: datetime) -> list[_Link | None]:
    """A link for each letter that asks to acknowledge."""
    links = [
        _Link(new_number(), max(letter.recipient.due_at, at) + LINK_LIFE)
        if letter.kind in ("notice", "corrected") or letter.detail == "acknowledge_reminder"
        else None
        for letter in letters
    ]
    made = [(letter, link) for letter, link in zip(letters, links, strict=True) if link]
    insert(
        OneTimeLink,
        len(made),
        number=[link.number for _, link in made],
        recipient_id=[letter.recipient.pk for letter, _ in made],
        round=[letter.recipient.round for letter, _ in made],
        address=[letter.address.email for letter, _ in made],
        person_id=[letter.address.person_id for letter, _ in made],
        made_at=at,
        expires_at=[link.until for _, link in made],
    )
    return links


def _words(letter: Letter, *, link: _Link | None, known: dict[object, str]) -> tuple[str, str]:
    """Subject and text in the reader's language; the first line of the template is the subject.

    A directive goes to many with the same words, so a text is rendered once with marks, and these are filled in.
    """
    recipient, task = letter.recipient, letter.recipient.task
    language, until = letter.address.language, link.until if link else None
    same = (letter.kind, language, letter.detail, recipient.due_at, until)
    with translation.override(language):
        if same not in known:
            values = {"task": task, "due_at": recipient.due_at, "detail": letter.detail, "link_until": until}
            values |= {"sender": task.issuing_office.shown_name, **_MARKS, "link": _MARKS["link"] if link else ""}
            known[same] = render_to_string(f"network/tasks/mail/{letter.kind}.txt", values)
        unit = recipient.office.shown_name
    filled = {
        "unit": unit,
        "link": _address("task_link", token_for(link.number)) if link else "",
        "page": _address("received", recipient.pk),
        "board": _address("task_board", task.pk),
    }
    text = known[same]
    for name, mark in _MARKS.items():
        text = text.replace(mark, filled[name])
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n"


def _address(name: str, value: object) -> str:
    """The whole address of a page; only its pattern is looked up, once."""
    return settings.PUBLIC_URL + _pattern(name).format(value)


@lru_cache(maxsize=8)
def _pattern(name: str) -> str:
    sign = "7070707" if name != "task_link" else "a.a"  # stands for the value
    return reverse(name, args=[sign]).replace(sign, "{}")
