"""Issues, the picture and sources for programs: what they say, page by page, and never words below the floor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nhipcau.issues.models.issues import Issue
from nhipcau.issues.models.triage import NotAnIssue
from nhipcau.voices.models.sources import Source
from tests.api.programs import program
from tests.issues.pages.cast import NOW, QUOTE, make_issue, make_picture
from tests.network.tasks.cast import Cast


def test_issues_come_in_pages_the_latest_heard_first(cast: Cast):
    made = [make_issue(number, f"Ngập nơi thứ {number}", at=NOW - timedelta(days=number)) for number in range(1, 6)]
    asked = program(cast.analyst)
    first = asked.get("/issues", {"limit": 3}).json()
    second = asked.get("/issues", {"limit": 3, "cursor": first["next"]}).json()
    assert [one["id"] for one in [*first["items"], *second["items"]]] == [one.pk for one in made]
    assert second["next"] is None


def test_issues_are_found_as_on_the_pages(cast: Cast):
    wanted = make_issue(1, "Ngập nước ở cầu", level=3)
    make_issue(2, "Giá rau tăng", level=0, search_text="gia rau tang")
    denied = make_issue(3, "Ngập nước trúng thưởng", level=3)
    NotAnIssue.objects.create(issue=denied, by=cast.analyst, at=NOW)
    asked = program(cast.analyst)
    for filters in ({"words": "ngap nuoc"}, {"level": "2"}):
        assert [one["id"] for one in asked.get("/issues", filters).json()["items"]] == [wanted.pk]
    assert asked.get("/issues", {"changed_after": NOW.isoformat()}).json()["items"] == []
    assert asked.get("/issues", {"level": "9"}).status_code == 422


@pytest.mark.parametrize("authors", [0, 9, 10])
def test_words_of_people_need_ten_of_them(cast: Cast, authors: int):
    made = make_issue(1, "Ngập nước", authors=authors)
    said = str(program(cast.analyst).get(f"/issues/{made.pk}").json())
    assert (QUOTE in said) is (authors == 10)
    assert ("xuồng" in said) is (authors == 10)


def test_series_has_the_hours_in_their_order(cast: Cast):
    made = make_issue(1, "Ngập nước")
    asked = program(cast.analyst)
    hours = [one["hour"] for one in asked.get(f"/issues/{made.pk}/series").json()["items"]]
    assert hours == sorted(hours)
    assert len(hours) == made.hours.count()
    later = asked.get(f"/issues/{made.pk}/series", {"since": hours[5]}).json()["items"]
    assert [one["hour"] for one in later] == hours[5:]


def test_picture_says_how_fresh_it_is(cast: Cast):
    asked = program(cast.auditor)
    assert asked.get("/picture").json()["as_of"] is None
    make_picture()
    answer = asked.get("/picture")
    assert answer.json()["facts"]["posts"]
    assert asked.get("/picture", If_None_Match=answer.headers["ETag"]).status_code == 304


def test_merged_issue_says_into_which(cast: Cast):
    kept, gone = make_issue(1, "Ngập nước"), make_issue(2, "Nước ngập")
    Issue.objects.filter(pk=gone.pk).update(merged_into=kept, gone_at=NOW)
    asked = program(cast.analyst)
    assert asked.get(f"/issues/{gone.pk}").json()["merged_into"] == kept.pk
    assert [one["id"] for one in asked.get("/issues").json()["items"]] == [kept.pk]


def test_sources_tell_how_they_are_doing(cast: Cast):
    Source.objects.create(code="day-nong", name="Đường dây nóng", kind="hotline", owner=cast.hub, created_at=NOW)
    asked = program(cast.analyst)
    listed = asked.get("/sources").json()["items"]
    assert [one["code"] for one in listed] == ["day-nong"]
    assert asked.get("/sources/day-nong").json() == listed[0]
    assert asked.get("/sources/nothing").status_code == 404


@pytest.mark.parametrize(
    ("path", "name"), [("/audit-records", "until_on"), ("/offices", "on"), ("/issues", "changed_after")]
)
def test_days_and_moments_are_no_numbers(cast: Cast, path: str, name: str):
    answer = program(cast.leader).get(path, {name: "-1.01e-108"})
    assert answer.status_code == 422
    assert "2026-07-01" in answer.json()["errors"][0]["detail"]
