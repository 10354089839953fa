"""What `nhipcau check` asks of this room: whether the audit log is guarded and whole, whether webhooks arrive.

`nhipcau audit verify` proves the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone

from nhipcau.network.access.founding import is_unfounded
from nhipcau.network.models.webhooks import DeliveryState, Webhook
from nhipcau.network.queries.audit_proof import prove
from nhipcau.running.checks import Finding, check, problem, warning, well

NEWEST: Final = 1000
LATELY: Final = timedelta(days=1)


@check
def audit_log() -> Iterator[Finding]:
    """Prove the newest records, and name the head, to be noted elsewhere."""
    proof = prove(last=NEWEST)
    if not proof.is_guarded:
        yield problem("audit.unguarded")
    if proof.problem:
        yield problem("audit.broken", seq=proof.problem_seq, reason=proof.problem)
    else:
        yield well("audit.whole", seq=proof.head_seq, head=proof.head_hash[:16])


@check
def webhooks() -> Iterator[Finding]:
    """Other systems are reached that want to be told."""
    lately = timezone.now() - LATELY
    given_up = Q(deliveries__state=DeliveryState.GIVEN_UP, deliveries__finished_at__gte=lately)
    counted = Webhook.objects.filter(stopped_at__isnull=True).annotate(lost=Count("deliveries", filter=given_up))
    for one in counted.filter(lost__gt=0).order_by("pk"):
        yield warning("webhook.failing", name=one.name, address=one.address, count=one.lost)


@check
def centre() -> Iterator[Finding]:
    """There is a centre."""
    if is_unfounded():
        yield warning("centre.unfounded")
