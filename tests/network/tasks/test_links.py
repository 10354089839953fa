"""One-time links: looked at by scanners, used twice, late, altered, guessed, and of an earlier sending."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone
from tests.network.tasks.cast import Cast, bring_to, issue, recipient_of

from nhipcau.network.actions.tasks import moves
from nhipcau.network.actions.tasks.acknowledging import acknowledge_task
from nhipcau.network.actions.tasks.issuing import send_task_again
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.task_mail import OneTimeLink
from nhipcau.network.models.tasks import Acknowledgement, RecipientEvent
from nhipcau.network.onetimelinks import new_number, number_in, token_for
from nhipcau.running.models import OutgoingMail


def link_to(address: str) -> str:
    """The path of the newest link in the mail to an address."""
    text = OutgoingMail.objects.filter(to=address).latest("id").text
    found = re.search(r"https?://[^/\s]+(/a/\S+)", text)
    assert found, text
    return found[1]


def written() -> tuple[int, int, int, int]:
    """What a look must not change."""
    return (
        AuditRecord.objects.count(),
        RecipientEvent.objects.count(),
        Acknowledgement.objects.count(),
        OneTimeLink.objects.filter(used_at__isnull=False).count(),
    )


def test_scanner_that_gets_the_link_again_and_again_consumes_nothing(cast: Cast, client: Client) -> None:
    task = issue(cast)
    before = written()
    for method in (client.get, client.head, client.get):
        assert method(link_to("officer@example.vn")).status_code == 200
    assert written() == before
    assert recipient_of(task).state == "sent"


def test_button_acknowledges_as_the_person_written_to(cast: Cast, client: Client) -> None:
    task = issue(cast)
    path = link_to("officer@example.vn")
    answer = client.post(path)
    assert answer.status_code == 200
    made = Acknowledgement.objects.get()
    assert (made.person, made.name, made.route, made.office) == (cast.officer, "Officer", "link", cast.points[0])
    assert recipient_of(task).state == "acknowledged"
    assert OneTimeLink.objects.get(used_at__isnull=False).person == cast.officer
    after = written()
    assert client.post(path).status_code == client.get(path).status_code == 200
    assert written() == after


def test_second_person_of_the_unit_sees_who_was_first(cast: Cast, client: Client) -> None:
    issue(cast)
    client.post(link_to("officer@example.vn"))
    after = written()
    answer = client.post(link_to("colleague@example.vn"))
    assert "Officer" in answer.content.decode()
    assert written() == after


def test_address_without_an_account_says_a_name(cast: Cast, client: Client) -> None:
    issue(cast, offices=[cast.points[2]])
    path = link_to("p3@example.vn")
    before = written()
    assert client.post(path, {"name": "  "}).status_code == 422
    assert written() == before
    assert client.post(path, {"name": "Chị  Tư"}).status_code == 200
    made = Acknowledgement.objects.get()
    assert (made.name, made.person, made.route) == ("Chị Tư", None, "link")


def test_late_link_is_refused(cast: Cast, client: Client) -> None:
    issue(cast)
    path = link_to("officer@example.vn")
    before = written()
    with time_machine.travel(OneTimeLink.objects.order_by("-expires_at")[0].expires_at + timedelta(seconds=1)):
        assert client.get(path).status_code == client.post(path).status_code == 410
    assert written() == before


def test_altered_and_guessed_links_are_refused_alike(cast: Cast, client: Client) -> None:
    issue(cast)
    path = link_to("officer@example.vn")
    number = OneTimeLink.objects.get(address="officer@example.vn").number
    other = OneTimeLink.objects.get(address="colleague@example.vn").number
    signature = path.rpartition(".")[2]
    altered = [
        path[:-1] + ("A" if path[-1] != "A" else "B"),
        f"/a/{other}.{signature}",
        f"/a/{number}",
        f"/a/{number}.",
        "/a/1",
        "/a/" + token_for(new_number()),  # well signed, but no such link
        "/a/" + signing.Signer(salt="another.purpose", sep=".").sign(number),
    ]
    before = written()
    pages = set()
    for wrong in altered:
        for answer in (client.get(wrong), client.post(wrong, {"name": "Ai đó"})):
            assert answer.status_code == 410, wrong
            pages.add(re.sub(r'value="[^"]*"', "", answer.content.decode()))
    assert written() == before
    assert len(pages) == 1


def test_link_opens_nothing_else(cast: Cast, client: Client) -> None:
    task = issue(cast)
    client.post(link_to("officer@example.vn"))
    answer = client.get(f"/received/{recipient_of(task).pk}/")
    assert answer.status_code in (302, 403)


def test_link_of_an_earlier_sending_shows_that_it_passed(cast: Cast, client: Client) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "returned")
    old = link_to("officer@example.vn")
    send_task_again(by=cast.leader, recipient=recipient, reason="Đã thêm người.")
    assert link_to("officer@example.vn") != old
    client.post(old)
    assert recipient_of(recipient.task).state == "sent"
    client.post(link_to("officer@example.vn"))
    assert recipient_of(recipient.task).state == "acknowledged"


def test_link_to_what_was_withdrawn_acknowledges_nothing(cast: Cast, client: Client) -> None:
    recipient = recipient_of(issue(cast))
    path = link_to("officer@example.vn")
    moves.withdraw_from(by=cast.leader, recipient=recipient, reason="Gửi nhầm.")
    assert client.post(path).status_code == 410
    assert client.get(path).status_code == 200
    assert not Acknowledgement.objects.exists()


def test_link_after_a_log_in_shows_the_acknowledgement(cast: Cast, client: Client) -> None:
    recipient = recipient_of(issue(cast))
    acknowledge_task(by=cast.colleague, recipient=recipient)
    assert "Colleague" in client.get(link_to("officer@example.vn")).content.decode()


def test_database_alone_opens_nothing(cast: Cast) -> None:
    issue(cast)
    for number in OneTimeLink.objects.values_list("number", flat=True):
        assert number_in(number) is None
        assert number_in(token_for(number)) == number


@pytest.mark.parametrize("kind", ["late", "fresh"])
def test_page_is_kept_by_no_cache_and_tells_no_other_site(cast: Cast, client: Client, kind: str) -> None:
    issue(cast)
    path = link_to("officer@example.vn")
    moment = timezone.now() + timedelta(days=60 if kind == "late" else 0)
    with time_machine.travel(moment):
        answer = client.get(path)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
