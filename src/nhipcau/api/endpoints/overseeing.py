"""What those above a unit do with a directive there: sending it again, pausing its clocks, a named proxy's word."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from nhipcau.api.bearer import person_of
from nhipcau.api.endpoints.recipients import detail, visible
from nhipcau.api.shapes.recipients import NewRound, ProxyIn, RecipientDetail
from nhipcau.api.shapes.tasks import WithReason
from nhipcau.network.actions.tasks.acknowledging import acknowledge_for
from nhipcau.network.actions.tasks.clocks import pause_clocks, resume_clocks
from nhipcau.network.actions.tasks.issuing import send_task_again
from nhipcau.network.taskstates import Route

router = Router(tags=["recipients"])


@router.post(
    "/recipients/{int:recipient_id}/rounds",
    response=RecipientDetail,
    url_name="recipient-rounds",
    operation_id="send-again",
    summary="Send a returned directive again",
)
def rounds(request: HttpRequest, recipient_id: int, body: NewRound) -> RecipientDetail:
    """Send it anew to a unit that returned it, with what makes it possible now; the unit acknowledges anew.

    409 says that the unit has not returned it, or that somebody was faster.
    """
    person = person_of(request)
    recipient = visible(person, recipient_id)
    send_task_again(by=person, recipient=recipient, reason=body.reason, due_at=body.due_at, route=Route.API)
    return detail(person, recipient_id)


@router.post(
    "/recipients/{int:recipient_id}/pause",
    response=RecipientDetail,
    url_name="recipient-pause",
    operation_id="pause-clocks",
    summary="Pause the clocks of a unit",
)
def pause(request: HttpRequest, recipient_id: int, body: WithReason) -> RecipientDetail:
    """Let the clocks of a unit stand still, for a reason that stays on record."""
    person = person_of(request)
    pause_clocks(by=person, recipient=visible(person, recipient_id), reason=body.reason)
    return detail(person, recipient_id)


@router.post(
    "/recipients/{int:recipient_id}/resumption",
    response=RecipientDetail,
    url_name="recipient-resumption",
    operation_id="resume-clocks",
    summary="Let the clocks of a unit go on",
)
def resumption(request: HttpRequest, recipient_id: int) -> RecipientDetail:
    """Let paused clocks go on with the working time that was left; the due time moves by as much."""
    person = person_of(request)
    resume_clocks(by=person, recipient=visible(person, recipient_id))
    return detail(person, recipient_id)


@router.post(
    "/recipients/{int:recipient_id}/proxy-acknowledgement",
    response=RecipientDetail,
    url_name="recipient-proxy-acknowledgement",
    operation_id="acknowledge-by-proxy",
    summary="Record an acknowledgement by proxy",
)
def proxy_acknowledgement(request: HttpRequest, recipient_id: int, body: ProxyIn) -> RecipientDetail:
    """Record, as the named proxy of a unit below, who there took note and how one knows; twice is once."""
    person = person_of(request)
    acknowledge_for(by=person, recipient=visible(person, recipient_id), name=body.name, note=body.note)
    return detail(person, recipient_id)
