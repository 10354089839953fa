"""Pages of briefs: who sees and does what, without JavaScript, with a constant number of queries."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nhipcau.issues.briefing.document import digest_of
from nhipcau.issues.models import Brief, BriefReader, BriefSchedule, Issue
from nhipcau.network.models.tasks import Task
from nhipcau.running.models import OutgoingMail
from tests.issues.briefs.cast import QUOTE, drafted, edited, make_issue, reader, sent, signed
from tests.issues.briefs.conftest import MORNING
from tests.network.tasks.cast import Cast

MOST_QUERIES = 12
ADVICE = [{"what": "Thông cống đường Lê Lợi", "who": "UBND phường", "until": "17:00", "issue": None}]


def page(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


@pytest.fixture
def brief(cast: Cast, issues: list[Issue]) -> Brief:
    """A sent brief with a reader."""
    reader(cast.analyst)
    return sent(cast.leader, signed(cast.leader, edited(cast.analyst, drafted(cast.analyst), recommendations=ADVICE)))


@pytest.fixture
def draft(cast: Cast, issues: list[Issue]) -> Brief:
    """A draft."""
    return drafted(cast.analyst)


def test_page_and_file_say_the_same(cast: Cast, brief: Brief, client: Client) -> None:
    client.force_login(cast.auditor)
    shown = re.search(r"<article.*?</article>", page(client, f"/briefs/{brief.pk}/"), re.DOTALL)
    answer = client.get(f"/briefs/{brief.pk}/html")
    assert shown is not None
    assert shown[0] in answer.content.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    for words in ("Số 1/2026", "Ngập sau mưa lớn", QUOTE, "Những điều chưa biết", "Thông cống", brief.fingerprint):
        assert words in shown[0]
    parts = ["Câu hỏi đặt ra", "Nguồn tin và", "Phân tích", "Kiến nghị", "Về bản tin này", "Việc đã làm từ"]
    places = [
        shown[0].index(f"{number}. {part}")
        for number, part in zip(("I", "II", "III", "IV", "V", "VI"), parts, strict=True)
    ]
    assert places == sorted(places)


def test_pdf_is_the_same_bytes_and_json_proves_itself(cast: Cast, brief: Brief, client: Client) -> None:
    client.force_login(cast.auditor)
    first, second = (client.get(f"/briefs/{brief.pk}/pdf").content for _ in range(2))
    assert first == second
    attached = OutgoingMail.objects.get(key__startswith=f"brief-{brief.pk}-").attachments[0]
    assert attached["sha256"] == hashlib.sha256(first).hexdigest()
    said = json.loads(client.get(f"/briefs/{brief.pk}/json").content)
    assert digest_of(said["document"]) == said["fingerprint"] == brief.fingerprint
    assert said["signed_by"] == "Leader"


def test_every_step_by_forms_alone(cast: Cast, issues: list[Issue], client: Client) -> None:
    reader(cast.analyst)
    client.force_login(cast.analyst)
    key = re.search(r'name="key" value="([^"]+)"', page(client, "/briefs/"))
    assert key is not None
    client.post("/briefs/new", {"key": key[1], "hours": 24, "as_of": ""})
    answer = client.post("/briefs/new", {"key": key[1], "hours": 24, "as_of": ""})
    brief = Brief.objects.get()
    assert answer.url == f"/briefs/{brief.pk}/edit"
    assert f"place-{issues[1].pk}" in page(client, answer.url)
    first, second = (issue.pk for issue in issues)
    given = {
        "version": 1,
        "lead": "Việc nóng nhất là ngập.",
        f"place-{first}": 2,
        f"place-{second}": 1,
        f"keep-{first}": "on",
        f"keep-{second}": "on",
        f"label-{first}": "Ngập Lê Lợi",
        f"remark-{first}": "Đã báo Sở Xây dựng.",
        "what-0": "Thông cống",
        "who-0": "UBND phường",
        "until-0": "17:00",
        "issue-0": first,
        "sign": "1",
    }
    answer = client.post(f"/briefs/{brief.pk}/edit", given)
    assert answer.url == f"/briefs/{brief.pk}/sign"
    assert client.post(f"/briefs/{brief.pk}/edit", given).status_code == 422, "the version was changed"
    text = page(client, answer.url)
    assert text.index("rác ở chợ Đình</h3>") < text.index("Ngập Lê Lợi</h3>")
    assert "Nhận định:</strong> Đã báo Sở Xây dựng." in text
    fingerprint = re.search(r'name="fingerprint" value="(\w{64})"', text)
    assert fingerprint is not None
    assert client.post(answer.url, {"fingerprint": "0" * 64}).status_code == 409
    assert client.post(answer.url, {"fingerprint": fingerprint[1]}).status_code == 302
    assert "chưa gửi cho ai" in page(client, f"/briefs/{brief.pk}/")
    client.post(f"/briefs/{brief.pk}/send")
    text = page(client, f"/briefs/{brief.pk}/")
    assert "doc@example.vn" in text
    assert f"origin_ref={brief.pk}%2F1" in text
    directive = re.search(r'href="(/tasks/new\?[^"]+)"', text)
    assert directive is not None
    form = page(client, directive[1].replace("&amp;", "&"))
    assert 'value="brief"' in form
    assert "Thông cống</textarea>" in form
    correction = client.post(f"/briefs/{brief.pk}/correct", {"reason": "Sai tên đường."})
    assert "đang chuẩn bị" in page(client, f"/briefs/{brief.pk}/").lower()
    assert "sửa đổi 1" in page(client, correction.url.replace("edit", "sign"))
    discarded = client.post(correction.url.replace("edit", "discard"), {"reason": "Không cần."})
    assert discarded.url == "/briefs/"
    page(client, correction.url.replace("edit", "discard"), status=409)


def test_auditor_reads_and_finds_no_button(cast: Cast, brief: Brief, draft: Brief, client: Client) -> None:
    client.force_login(cast.auditor)
    for path in (f"/briefs/{brief.pk}/", f"/briefs/{draft.pk}/", "/briefs/", "/briefs/readers/", "/briefs/hours/"):
        text = page(client, path)
        main = text[text.index("<main") : text.index("</main>")]
        assert 'method="post"' not in main, path
    for path in ("edit", "sign", "discard", "correct"):
        page(client, f"/briefs/{draft.pk}/{path}", status=403)
    assert client.post(f"/briefs/{brief.pk}/send").status_code == 403


@pytest.mark.parametrize("part", ["area_officer", "officer", "stranger"])
def test_others_see_no_brief(cast: Cast, brief: Brief, client: Client, part: str) -> None:
    client.force_login(getattr(cast, part))
    for path in ("", "pdf", "html", "json"):
        page(client, f"/briefs/{brief.pk}/{path}", status=403)


def test_altered_brief_says_so_on_its_page(cast: Cast, brief: Brief, client: Client) -> None:
    Brief.objects.filter(pk=brief.pk).update(document={**brief.document, "lead": "Khác."})
    client.force_login(cast.auditor)
    assert "Mã xác thực không khớp" in page(client, f"/briefs/{brief.pk}/")


def test_quote_that_may_not_be_shown_is_in_no_output(cast: Cast, draft: Brief, client: Client) -> None:
    made = dict(draft.made)
    made["issues"][0]["distinct_authors"] = 9
    Brief.objects.filter(pk=draft.pk).update(made=made)
    client.force_login(cast.auditor)
    for path in ("", "html", "json"):
        text = page(client, f"/briefs/{draft.pk}/{path}")
        assert QUOTE not in text
        assert "9 ý kiến)" not in text.replace("thông cống", "")


def test_draft_is_marked_as_one_everywhere(cast: Cast, draft: Brief, client: Client) -> None:
    client.force_login(cast.auditor)
    for path in ("", "html"):
        assert "dự thảo, chưa ký" in page(client, f"/briefs/{draft.pk}/{path}")


def test_text_of_people_is_escaped(cast: Cast, draft: Brief, client: Client) -> None:
    sent(cast.leader, signed(cast.leader, edited(cast.analyst, draft, lead="<script>alert(1)</script>")))
    client.force_login(cast.auditor)
    for path in ("", "html"):
        text = page(client, f"/briefs/{draft.pk}/{path}")
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text


def test_english_is_complete(cast: Cast, brief: Brief, client: Client) -> None:
    cast.auditor.language = "en"
    cast.auditor.save()
    client.force_login(cast.auditor)
    text = page(client, f"/briefs/{brief.pk}/")
    for words in ("No. 1/2026", "What we do not know", "VI. What was done", "From this brief until now", "Who got it"):
        assert words in text


@pytest.mark.parametrize("path", ["/briefs/", "/briefs/{draft}/", "/briefs/{draft}/sign", "/briefs/{draft}/edit"])
def test_number_of_queries_is_small_and_does_not_grow(
    cast: Cast, brief: Brief, client: Client, clock: Any, path: str
) -> None:
    clock.move_to(MORNING + timedelta(hours=1), tick=False)
    client.force_login(cast.leader)

    def count() -> int:
        made = Brief.objects.latest("pk")
        with CaptureQueriesContext(connection) as queries:
            page(client, path.format(draft=made.pk))
        return len(queries)

    leader = type(cast.leader).objects.get(pk=cast.leader.pk)
    drafted(leader)
    count()
    few = count()
    for number in range(5):
        make_issue(MORNING + timedelta(hours=1), f"vấn đề {number}")
        reader(leader, f"reader-{number}@example.vn")
    for _ in range(3):
        drafted(leader)
    assert 3 <= count() == few <= MOST_QUERIES


def test_page_of_a_sent_brief_has_few_queries_whatever_its_readers(
    cast: Cast, issues: list[Issue], client: Client
) -> None:
    for number in range(6):
        reader(cast.analyst, f"reader-{number}@example.vn")
    brief = sent(cast.leader)
    client.force_login(cast.leader)
    page(client, "/briefs/")
    with CaptureQueriesContext(connection) as queries:
        page(client, f"/briefs/{brief.pk}/")
    assert len(queries) <= MOST_QUERIES


def test_readers_and_hours_by_forms(cast: Cast, client: Client) -> None:
    client.force_login(cast.analyst)
    answer = client.post("/briefs/readers/new", {"person": cast.officer.pk, "language": "vi", "wants_pdf": "on"})
    assert answer.status_code == 302
    assert client.post("/briefs/readers/new", {"language": "vi"}).status_code == 422
    made = BriefReader.objects.get()
    client.post(f"/briefs/readers/{made.pk}", {"do": "stop"})
    assert not BriefReader.objects.get().is_active
    assert "không nhận" in page(client, "/briefs/readers/")
    assert client.post("/briefs/hours/new", {"at": "06:00", "days": [0, 4], "hours": 24}).status_code == 302
    assert client.post("/briefs/hours/new", {"at": "06:00", "days": [0], "hours": 24}).status_code == 422
    schedule = BriefSchedule.objects.get()
    client.post(f"/briefs/hours/{schedule.pk}", {"do": "off"})
    assert "đang tắt" in page(client, "/briefs/hours/")
    client.post(f"/briefs/hours/{schedule.pk}", {"do": "remove"})
    assert not BriefSchedule.objects.exists()
    assert not Task.objects.exists()
