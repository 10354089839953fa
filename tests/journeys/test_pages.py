"""Every page that needs no number, as four roles see it: at a desk or on a phone, light or dark, without a fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from nhipcau.network.access.rights import ANYONE, RIGHTS
from nhipcau.network.access.tasks import standing_of
from nhipcau.network.actions.sample_directives import make_sample_directives
from nhipcau.network.actions.sample_province import LOG_INS
from nhipcau.network.models.people import Person
from nhipcau.running.application import STREAMS_END_IN
from tests.journeys.visitor import DESK, PHONE, House, Visitor

pytestmark = pytest.mark.slow

NO_PAGES: Final = frozenset(
    {
        "home",  # leads on
        "picture_part",  # a part of a page
        "account_logout",
        "account_signup",
        "mfa_reauthenticate_webauthn",  # what a script asks for
        "mfa_deactivate_totp",  # these are of a second factor that there is
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "office_export",
    }
)
"""Addresses that give something else than a page."""


def pages_of(person: Person) -> list[str]:
    """Addresses without a number that the person may open."""
    found = []
    for name, right in RIGHTS.items():
        if right is ANYONE or name in NO_PAGES or not right.allows(standing_of(person)):
            continue
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(address for address in found if not address.endswith(STREAMS_END_IN))


def look_through(visitor: Visitor, person: Person) -> list[str]:
    """Look at each of them and give what is wrong; what only takes a form (405) or leads elsewhere is no page."""
    wrong, looked_at = [], 0
    for address in pages_of(person):
        answer = visitor.context.request.get(visitor.house.address + address, max_redirects=0)
        if answer.status in (302, 405) or "text/html" not in answer.headers["content-type"]:
            continue
        visitor.open(address)
        visitor.wrong = [] if answer.status == 200 else [str(answer.status)]
        try:
            visitor.looks_well()
        except AssertionError as fault:
            wrong.append(str(fault).partition("\n")[0])
        looked_at += 1
    assert looked_at > 8
    return wrong


@pytest.mark.parametrize(
    ("role", "size", "is_dark"),
    [
        ("administrator", DESK, False),
        ("analyst", PHONE, True),
        ("officer", PHONE, False),
        ("auditor", DESK, True),
    ],
)
def test_pages_of_a_role_look_well(
    open_house: Callable[..., House], role: str, size: tuple[int, int], *, is_dark: bool
) -> None:
    house = open_house(language="en" if is_dark else "vi")
    make_sample_directives(now=timezone.now())
    person = Person.objects.get(email=LOG_INS[role])
    visitor = house.visitor(size, is_dark=is_dark)
    visitor.log_in(person.email)
    assert look_through(visitor, person) == []


def test_an_officer_works_without_javascript(open_house: Callable[..., House]) -> None:
    house = open_house()
    make_sample_directives(now=timezone.now())
    phone = house.visitor(PHONE, has_script=False)
    phone.log_in(LOG_INS["officer"])
    phone.open("/received/")
    phone.looks_well()
    new = phone.page.locator("article.work").count()
    phone.press("Acknowledge")
    phone.open("/received/")
    assert phone.page.get_by_role("button", name=house.say("Acknowledge")).count() < new
    phone.looks_well()
