"""A rule tried on the past: what it would have found and sent, by the same functions that the worker calls.

From where sightings are complete this is exactly what would have gone out; before, how issues stood at the ends of
hours is all that is known, and of sources nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, F, Max, OuterRef
from django.utils import timezone

from nhipcau.issues.alertletters import Letter, letters_of
from nhipcau.issues.alertrules import Firing, Seen, Watch, step_down
from nhipcau.issues.models.alerts import AlertCursor, AlertRule, AlertSighting, What
from nhipcau.issues.models.issues import Issue, IssueHour, IssueMoment, Status
from nhipcau.issues.queries.alert_recipients import Recipients
from nhipcau.issues.queries.alert_rows import codes, condition_of, manners_of, seen_of
from nhipcau.issues.queries.alert_states import words_of

FADES_AFTER: Final = timedelta(days=1)
"""An issue of whose hours nothing more is known has had no voice for its whole window."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done."""

    since: datetime
    until: datetime
    exact_since: datetime | None
    fired: list[Firing]
    letters: list[Letter]
    recipients: Recipients

    @property
    def by_day(self) -> list[tuple[date, int]]:
        """How many letters would have gone out on each day, those without any too."""
        counted = Counter(timezone.localdate(letter.due_at) for letter in self.letters)
        first, last = timezone.localdate(self.since), max([timezone.localdate(self.until), *counted])
        return [(day, counted[day]) for day in (first + timedelta(days=n) for n in range((last - first).days + 1))]


def tried(rule: AlertRule, *, since: datetime, until: datetime) -> Trial:
    """Try a rule as if it had been switched on at `since`."""
    cursor = AlertCursor.objects.filter(pk=1).first()
    exact = cursor.kept_since if cursor else None
    course = sorted(
        [*_moments(rule, since=since, until=until if exact is None else min(exact, until)), *_sightings(since, until)],
        key=lambda seen: (seen.at, seen.subject),
    )
    fired = Watch(condition_of(rule), since=since).advance(course, until=until)
    recipients = Recipients(rule)
    letters = letters_of([(firing, recipients.at(firing.at)) for firing in fired], manners_of(rule))
    return Trial(since, until, exact, fired, letters, recipients)


def _sightings(since: datetime, until: datetime) -> Iterator[Seen]:
    """What was seen in a span, and how everything stood at its beginning."""
    before = AlertSighting.objects.filter(at__lte=since).values("subject").annotate(newest=Max("pk")).values("newest")
    for rows in (
        AlertSighting.objects.filter(pk__in=before),
        AlertSighting.objects.filter(at__gt=since, at__lte=until),
    ):
        yield from map(seen_of, rows.order_by("pk").iterator(chunk_size=2000))


def _moments(rule: AlertRule, *, since: datetime, until: datetime) -> Iterator[Seen]:
    """What the listener kept of the hours, before anything was seen for rules."""
    if rule.what == What.SOURCE or until <= since:
        return
    published = IssueHour.objects.filter(issue=OuterRef("issue"), press__gt=0, hour__lte=OuterRef("at"))
    moments = IssueMoment.objects.filter(at__gt=since - FADES_AFTER, at__lt=until).annotate(
        is_published=Exists(published), gone_at=F("issue__gone_at")
    )
    known: dict[int, tuple[str, frozenset[str]]] = {}
    issues = Issue.objects.filter(pk__in=moments.values("issue")).only("own_label", "label", "keywords", "source_codes")
    for issue in issues:
        known[issue.pk] = (words_of(issue), codes(issue.source_codes))
    last: Seen | None = None
    for moment in moments.order_by("issue", "at").iterator(chunk_size=2000):
        if last is not None:
            yield from _faded(last, before=moment.at if last.subject == f"issue-{moment.issue_id}" else until)
        words, sources = known.get(moment.issue_id, ("", frozenset()))
        last = Seen(
            at=moment.at,
            subject=f"issue-{moment.issue_id}",
            is_there=moment.gone_at is None or moment.at < moment.gone_at,
            level=moment.level,
            is_new=moment.status == Status.NEW,
            people=step_down(moment.distinct_authors),
            questions=step_down(moment.open_questions),
            is_published=moment.is_published,
            places=codes(moment.place_codes),
            sources=sources,
            words=words,
        )
        yield last
    if last is not None:
        yield from _faded(last, before=until)


def _faded(last: Seen, *, before: datetime) -> Iterator[Seen]:
    """That an issue has nothing left, where nothing is known of it for a day."""
    if last.at + FADES_AFTER < before:
        yield Seen(at=last.at + FADES_AFTER, subject=last.subject, is_there=False)
