"""Quotes and what is said of sources name them as people do."""

from __future__ import annotations

from pathlib import Path

import pytest

from nhipcau.issues.actions.picture import renew_picture
from nhipcau.issues.models.issues import Issue
from nhipcau.voices.models.sources import Source
from tests.issues.listened import NOON, about, hear, used_to_talk, voices
from tests.network.tasks.cast import make_cast


@pytest.mark.django_db
def test_sources_are_called_by_their_names(tmp_path: Path) -> None:
    Source.objects.create(
        code="hotline", name="Đường dây nóng 1022", kind="hotline", owner=make_cast().hub, created_at=NOON
    )
    listening = used_to_talk(tmp_path)
    hear(listening, voices(about("nước máy đục ngầu có mùi hôi", 30)))
    picture = renew_picture(listening=listening, now=NOON)
    issue = Issue.objects.order_by("-voices")[0]
    assert {one["source"] for one in issue.excerpts} == {"Đường dây nóng 1022"}
    assert [one["name"] for one in picture.facts["sources"]] == ["Đường dây nóng 1022"]
    assert issue.source_codes == "|hotline|"
