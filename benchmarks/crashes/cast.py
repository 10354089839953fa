"""`python -m benchmarks.crashes.cast DATA`: the sample province in a data folder, and keys to its log-ins as JSON.

Who plays: the leader of the hub, and one officer of each point.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nhipcau.running.loading import load


@dataclass(frozen=True)
class Cast:
    """Session keys by person, and the points by number."""

    leader_id: int
    leader_session: str
    officers: dict[int, str]
    """The session of an officer, by the number of their point."""
    session_cookie: str


def make_cast() -> Cast:
    """Make the province and log its people in."""
    from django.conf import settings

    from nhipcau.network.actions.sample_province import make_sample_province
    from nhipcau.network.models.people import Membership
    from nhipcau.running.preparing import prepare_installation

    prepare_installation()
    make_sample_province(password="of nobody's use")
    seats = Membership.objects.select_related("person", "office").order_by("id")
    leader = seats.filter(office__kind="hub", role="leader")[0].person
    officers = {seat.office_id: seat.person for seat in seats.filter(office__kind="point", role="officer")}
    return Cast(
        leader_id=leader.pk,
        leader_session=session_of(leader),
        officers={office: session_of(person) for office, person in officers.items()},
        session_cookie=settings.SESSION_COOKIE_NAME,
    )


def session_of(person: Any) -> str:
    """Log a person in, as the log-in page would; give the value of the cookie."""
    from django.conf import settings
    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = SessionStore()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    request.session.save()
    return str(request.session.session_key)


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    json.dump(asdict(make_cast()), sys.stdout)
