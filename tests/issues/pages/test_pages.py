"""Front page, list, search, page of an issue: what they show, what they never show, and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from nhipcau.issues.models.issues import Issue, IssueMoment, Level, Status
from nhipcau.issues.models.triage import NotAnIssue
from nhipcau.network.models.people import Person
from tests.issues.pages.cast import NOW, QUOTE, make_issue, make_picture, quote
from tests.network.tasks.cast import Cast, issue

Browser = Callable[[Person], Client]
MOST_QUERIES = 12  # five of them are of the frame


def page(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.content.decode()


def test_front_page_puts_each_issue_into_its_gravest_section(cast: Cast, browser_of: Browser):
    make_picture()
    make_issue(1, "Nước ngập ở cầu Trắng", level=Level.URGENT, status=Status.NEW)
    make_issue(2, "Mất điện kéo dài", status=Status.NEW, level=Level.NONE)
    make_issue(3, "Giá rau tăng", status=Status.STEADY, level=Level.NONE, open_questions=0)
    shown = page(browser_of(cast.analyst), "/picture/")
    urgent, new, others = (shown.index(f'id="part-{code}"') for code in ("urgent", "new", "others"))
    assert urgent < shown.index("Nước ngập ở cầu Trắng") < new < shown.index("Mất điện kéo dài") < others
    assert others < shown.index("Giá rau tăng")
    assert "Khẩn cấp" in shown
    assert "3200" in shown


def test_front_page_says_that_it_is_old_and_that_nothing_was_heard(cast: Cast, browser_of: Browser):
    assert "Chưa có ý kiến nào" in page(browser_of(cast.analyst), "/picture/")
    make_picture(at=NOW - timedelta(minutes=5))
    assert "Toàn cảnh chưa cập nhật đã" in page(browser_of(cast.analyst), "/picture/")


def test_part_is_not_sent_again_until_the_picture_changes(cast: Cast, browser_of: Browser):
    picture = make_picture()
    client = browser_of(cast.analyst)
    first = client.get("/picture/part")
    assert client.get("/picture/part", headers={"If-None-Match": first["ETag"]}).status_code == 304
    picture.version += 1
    picture.save()
    assert client.get("/picture/part", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("ngap nuoc", True),
        ("NGẬP nước", True),
        ("ngập", True),
        ("dau goi", True),
        ("lũ ống", False),
        ("ngap khong", False),
    ],
)
def test_search_finds_with_and_without_diacritics(cast: Cast, browser_of: Browser, words: str, *, is_found: bool):
    make_issue(1, "Ngập nước ở cầu Trắng")
    assert ("Ngập nước ở cầu Trắng" in page(browser_of(cast.analyst), "/issues/", q=words)) is is_found


def test_search_puts_the_name_as_typed_first(cast: Cast, browser_of: Browser):
    make_issue(1, "Nước ngập trường học", at=NOW)
    make_issue(2, "Ngập nước ở cầu", at=NOW - timedelta(days=3))
    shown = page(browser_of(cast.analyst), "/issues/", q="ngập nước")
    assert shown.index("Ngập nước ở cầu") < shown.index("Nước ngập trường học")


@pytest.mark.parametrize("authors", [None, 0, 9, 10])
def test_words_of_people_need_ten_of_them_on_every_page(cast: Cast, browser_of: Browser, authors: int | None):
    made = make_issue(1, "Ngập nước", authors=authors or 0)
    if authors is None:
        Issue.objects.filter(pk=made.pk).update(distinct_authors=None)
    make_picture()
    client = browser_of(cast.analyst)
    addresses = ("/picture/", "/picture/part", "/issues/", f"/issues/{made.pk}/", f"/issues/{made.pk}/merge")
    shown = "".join(page(client, address) for address in addresses)
    assert (QUOTE in shown) is (authors == 10)
    assert ("Bao giờ có xuồng" in shown) is (authors == 10)


def test_press_may_be_quoted_with_its_source(cast: Cast, browser_of: Browser):
    press = quote("Nước lũ lên nhanh", kind="press", source="bao-tinh", link="https://bao.example/1")
    made = make_issue(1, "Ngập nước", authors=0, excerpts=[press])
    shown = page(browser_of(cast.analyst), f"/issues/{made.pk}/")
    assert "Nước lũ lên nhanh" in shown
    assert "https://bao.example/1" in shown


def test_issue_page_tells_what_was_done_on_the_same_axis(cast: Cast, browser_of: Browser):
    made = make_issue(1, "Ngập nước")
    task = issue(cast, offices=cast.points)
    type(task).objects.filter(pk=task.pk).update(origin_kind="issue", origin_ref=str(made.pk))
    shown = page(browser_of(cast.analyst), f"/issues/{made.pk}/")
    assert task.title in shown
    assert f"0/{len(cast.points)} đơn vị đã xác nhận" in shown
    assert shown.count('class="mark"') == 2  # the directive, on the curve of heat and on that of voices


def test_merged_issue_leads_to_where_it_went(cast: Cast, browser_of: Browser):
    kept, gone = make_issue(1, "Ngập nước"), make_issue(2, "Nước ngập")
    Issue.objects.filter(pk=gone.pk).update(merged_into=kept, gone_at=NOW)
    client = browser_of(cast.analyst)
    assert client.get(f"/issues/{gone.pk}/").url == f"/issues/{kept.pk}/"
    assert "Hủy gộp" in page(client, f"/issues/{gone.pk}/", stay="1")


def test_what_is_no_issue_is_in_its_list_alone(cast: Cast, browser_of: Browser):
    made = make_issue(1, "Trúng thưởng lớn")
    make_picture()
    NotAnIssue.objects.create(issue=made, by=cast.analyst, at=NOW, reason="Quảng cáo")
    client = browser_of(cast.analyst)
    assert "Trúng thưởng lớn" not in page(client, "/picture/") + page(client, "/issues/")
    assert "Trúng thưởng lớn" in page(client, "/issues/not-issues/")


def test_replay_shows_how_it_stood_then(cast: Cast, browser_of: Browser):
    make_issue(1, "Ngập nước", level=Level.URGENT)
    make_picture()
    moment = IssueMoment.objects.order_by("at")[3]
    client = browser_of(cast.analyst)
    then = page(client, "/picture/", at=(moment.at + timedelta(minutes=5)).isoformat())
    assert "Đây là quá khứ" in then
    assert "Ngập nước" in then
    assert "●●● Khẩn cấp" not in " ".join(strip_tags(then).split())
    assert "Đây là quá khứ" not in page(client, "/picture/", at=(NOW + timedelta(days=1)).isoformat())
    assert "Đây là quá khứ" not in page(client, "/picture/", at="garbage")


@pytest.mark.parametrize("address", ["/picture/", "/issues/?q=nuoc", "/picture/?at=2026-11-30T06:00", "/issues/{}/"])
def test_a_page_costs_as_many_queries_for_many_issues_as_for_one(cast: Cast, browser_of: Browser, address: str):
    make_picture()
    first = make_issue(1, "Ngập nước")
    client, asked = browser_of(cast.analyst), address.format(first.pk)
    client.get(asked)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(asked).status_code == 200
        counts.append(len(captured))
        for number in range(2, 30):
            if not Issue.objects.filter(engine_id=number).exists():
                make_issue(number, f"Nước ngập nơi thứ {number}")
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES, [query["sql"][:300] for query in captured]
