"""Making and revoking tokens of the API. A person makes their own: made by another it could be used in their name."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from nhipcau.network.access.tokens import revocable_tokens
from nhipcau.network.actions.audit import record
from nhipcau.network.models.people import Person
from nhipcau.network.models.tokens import ApiToken
from nhipcau.network.tokenwords import LONGEST_DAYS, SCOPES, TokenText, new_token
from nhipcau.site.errors import DomainError

MOST_TOKENS = 20


class TokenInvalid(DomainError):
    """A field does not hold. Values: field, problem, limit."""

    code = "token-invalid"


class TooManyTokens(DomainError):
    """The person has as many valid tokens as one may have. Values: limit."""

    code = "token-too-many"


class TokenNotYours(DomainError):
    """The token speaks for somebody else, whom the person does not administer."""

    code = "token-not-yours"
    status = 403


class TokenRevoked(DomainError):
    """The token was revoked already."""

    code = "token-revoked"
    status = 409


def make_token(*, by: Person, name: str, scopes: Collection[str], days: int) -> tuple[ApiToken, TokenText]:
    """Make a token that speaks for oneself; its text is told now and never again."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise TokenInvalid(field="name", problem="length", limit=80)
    if not scopes or not set(scopes) <= SCOPES.keys():
        raise TokenInvalid(field="scopes", problem="unknown", limit=0)
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenInvalid(field="days", problem="range", limit=LONGEST_DAYS)
    now, text = timezone.now(), new_token()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)
        if ApiToken.objects.filter(person=by, revoked_at__isnull=True, expires_at__gt=now).count() >= MOST_TOKENS:
            raise TooManyTokens(limit=MOST_TOKENS)
        token = ApiToken.objects.create(
            person=by,
            name=name,
            number=text.number,
            digest=text.digest,
            scopes=[scope for scope in SCOPES if scope in scopes],
            made_at=now,
            expires_at=now + datetime.timedelta(days=days),
        )
        values = {"name": name, "number": text.number, "scopes": ", ".join(token.scopes), "days": days}
        record(by=by, action="token.made", of=token, values=values)
    return token, text


def revoke_token(*, by: Person, token: ApiToken) -> None:
    """Let a token open nothing any more: one's own, or that of somebody whom one administers."""
    if not revocable_tokens(by).filter(pk=token.pk).exists():
        raise TokenNotYours
    with transaction.atomic():
        valid = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if valid.update(revoked_at=timezone.now(), revoked_by=by) != 1:
            raise TokenRevoked
        values = {"name": token.name, "number": token.number, "person": token.person.name}
        record(by=by, action="token.revoked", of=token, values=values)


def note_use(token: ApiToken) -> None:
    """Note the day of its last use, at most once a day; no audit record, because nothing was decided."""
    today = timezone.localdate()
    if token.used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(used_on=today)
