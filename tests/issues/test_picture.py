"""What the listener writes of issues."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db.models import Sum

from nhipcau.engine.grouping.grouper import issues_of
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.sample.writing import SampleSummary
from nhipcau.issues.actions.picture import renew_picture
from nhipcau.issues.models.issues import Issue, IssueHour, IssueMoment, Picture
from nhipcau.issues.models.triage import IssueEvent
from tests.issues.listened import NOON, about, hear, new_listening, used_to_talk, voices

pytestmark = pytest.mark.django_db
WATER = "nước máy đục ngầu có mùi hôi"


def test_nothing_heard_is_an_empty_picture(tmp_path: Path) -> None:
    picture = renew_picture(listening=new_listening(tmp_path), now=NOON)
    assert (picture.seq, picture.facts["posts"], Issue.objects.count()) == (0, 0, 0)
    assert Picture.objects.get().facts["unknowns"]


def test_an_issue_appears_with_its_figures(tmp_path: Path) -> None:
    listening = used_to_talk(tmp_path)
    hear(listening, voices(about(WATER, 30)))
    picture = renew_picture(listening=listening, now=NOON)
    assert picture.seq == 230
    issue = Issue.objects.order_by("-voices")[0]
    assert issue.voices + issue.copies <= 30
    assert issue.voices_total == IssueHour.objects.filter(issue=issue).aggregate(sum=Sum("voices"))["sum"]
    assert issue.distinct_authors >= 10
    assert issue.excerpts
    assert "nuoc" in issue.search_text
    assert issue.status == "new"
    assert [event.code for event in issue.events.all()][:1] == ["appeared"]


def test_below_the_floor_nothing_of_people_is_kept(tmp_path: Path) -> None:
    listening = used_to_talk(tmp_path)
    hear(listening, voices(about(WATER, 30), authors=9))
    renew_picture(listening=listening, now=NOON)
    assert Issue.objects.exists()
    for issue in Issue.objects.all():
        assert issue.excerpts == []
        assert issue.questions == []
        assert issue.excerpts_withheld == "few-authors"


def test_a_picture_after_the_day_has_no_voices_and_no_words(tmp_path: Path) -> None:
    listening = used_to_talk(tmp_path)
    hear(listening, voices(about(WATER, 30)))
    renew_picture(listening=listening, now=NOON)
    renew_picture(listening=listening, now=NOON + timedelta(days=2), hour_end=True)
    assert not Issue.objects.exclude(voices=0).exists()
    assert all(issue.excerpts == [] for issue in Issue.objects.all())
    assert IssueMoment.objects.filter(at=NOON + timedelta(days=2)).exists()


def test_every_voice_of_the_sample_is_in_one_hour_of_one_row(tmp_path: Path, sample: SampleSummary) -> None:
    listening = new_listening(tmp_path)
    reader = PostReader([sample.path], ReadOptions(author_key=b"k" * 32))
    for batch in reader.batches():
        for start in range(0, batch.num_rows, 500):
            hear(listening, batch.slice(start, 500))
            now = datetime.fromtimestamp(int(listening.log.column("time").max()), UTC)
            renew_picture(listening=listening, now=now, describe=False, judge=False)
    renew_picture(listening=listening, now=now)
    for issue in Issue.objects.all():
        sums = IssueHour.objects.filter(issue=issue).aggregate(sum=Sum("voices"))
        assert (sums["sum"] or 0) == issue.voices_total
    listening.engine.end()
    listening.is_fresh = True
    renew_picture(listening=listening, now=now)
    numbers = issues_of(listening.engine.state, listening.log.column("thread"))
    rows = Issue.objects.filter(gone_at=None)
    counted = np.isin(numbers, list(rows.values_list("engine_id", flat=True)))
    is_copy = listening.log.column("is_copy")
    sums = IssueHour.objects.aggregate(Sum("voices"), Sum("copies"))
    assert sums["voices__sum"] == int((counted & ~is_copy).sum())
    assert sums["copies__sum"] == int((counted & is_copy).sum())
    assert IssueEvent.objects.filter(code="appeared").count() == Issue.objects.count()


def test_the_threads_of_an_issue_are_told_and_their_words_from_the_floor_up(tmp_path: Path) -> None:
    listening = used_to_talk(tmp_path)
    hear(listening, voices(about(WATER, 30)))
    renew_picture(listening=listening, now=NOON)
    issue = Issue.objects.order_by("-voices")[0]
    assert sum(one["voices"] for one in issue.threads) == issue.voices_total
    threads = listening.log.column("thread").tolist()
    assert all(threads.count(one["thread"]) >= one["voices"] for one in issue.threads)
    assert all(threads.count(one["thread"]) >= 10 for one in issue.threads if one["words"])


def test_few_people_leave_no_words_of_threads(tmp_path: Path) -> None:
    listening = used_to_talk(tmp_path)
    hear(listening, voices(about(WATER, 30), authors=9))
    renew_picture(listening=listening, now=NOON)
    assert any(issue.threads for issue in Issue.objects.all())
    assert not any(one["words"] for issue in Issue.objects.all() for one in issue.threads)
