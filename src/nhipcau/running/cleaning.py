"""Clean-up: sent mail, ended log-ins and old beats are deleted when they have served their time; the work never is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.apps import apps
from django.utils import timezone

from nhipcau.running.jobs import job
from nhipcau.running.models import MailState, OutgoingMail, WorkerBeat

KEPT_MAIL: Final = timedelta(days=90)
KEPT_BEATS: Final = timedelta(days=1)
AT_ONCE: Final = 1000


@job("clean.up", every_seconds=3600)
def clean_up(now: datetime) -> int:
    """Delete sent mail after 90 days, ended sessions, and beats of workers that are gone."""
    old = OutgoingMail.objects.filter(state=MailState.SENT, sent_at__lt=now - KEPT_MAIL)
    done, _ = OutgoingMail.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
    WorkerBeat.objects.filter(beat_at__lt=now - KEPT_BEATS).delete()
    if apps.is_installed("django.contrib.sessions"):
        from django.contrib.sessions.models import Session

        ended = Session.objects.filter(expire_date__lt=timezone.now()).values_list("pk", flat=True)[:AT_ONCE]
        done += Session.objects.filter(pk__in=list(ended)).delete()[0]
    return done
