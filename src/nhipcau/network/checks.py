"""What `nhipcau check` asks of this room: whether the audit log is guarded and its newest records follow one another.

`nhipcau audit verify` proves the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nhipcau.network.access.founding import is_unfounded
from nhipcau.network.queries.audit_proof import prove
from nhipcau.running.checks import Finding, check, problem, warning, well

NEWEST: Final = 1000


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
def centre() -> Iterator[Finding]:
    """There is a centre."""
    if is_unfounded():
        yield warning("centre.unfounded")
