"""Sources in a browser: the first feeds, a source that fails, a file from a telephone, what was heard at a meeting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from nhipcau.network.actions.sample_province import LOG_INS
from nhipcau.network.models.offices import Office
from nhipcau.network.models.people import Person
from nhipcau.voices.actions.sources import add_source
from nhipcau.voices.jobs.uploads import take_uploads
from nhipcau.voices.models import IntakeBatch, Source, SourceFailure, Upload
from nhipcau.voices.sourcefields import SourceFields
from tests.journeys.visitor import PHONE, House

pytestmark = pytest.mark.slow
FILE = """mã,thời gian,người viết,địa bàn,nội dung
1,2026-11-26 08:10,Lê Văn Kín,Phường An Lộc,"Cống trước chợ nghẹt, mưa là ngập. Gọi cho tôi 0912 345 678"
2,2026-11-26 09:30,ẩn danh 77,Xã Lộc Ninh,Bao giờ trạm y tế có thuốc lại?
3,hôm qua,Lê Văn Kín,Xã Lộc Ninh,Đường thôn 5 hư hết rồi
"""


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.DATA_FOLDER = tmp_path
    yield
    assert not [path for path in tmp_path.glob("uploads/*") if "Kín" in path.read_text("utf-8")]


def register(administrator: Person) -> dict[str, Source]:
    """Sources in every state."""
    hub = Office.objects.get(kind="hub")
    now = timezone.now()
    states: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "Báo Hoài Giang": (
            {"address": "https://bao.hoaigiang.example/rss", "rhythm_minutes": 60},
            {"failures_in_a_row": 3, "failure_code": "feed.http-status", "failure_values": {"status": 404}},
        ),
        "Đài Phát thanh – Truyền hình Hoài Giang": (
            {"address": "https://dai.hoaigiang.example/rss", "rhythm_minutes": 180},
            {"heard_at": now - timedelta(hours=9), "silent_since": now - timedelta(hours=9)},
        ),
        "Cổng thông tin điện tử tỉnh": (
            {"address": "https://hoaigiang.example/rss", "rhythm_minutes": 720},
            {"heard_at": now - timedelta(minutes=25), "succeeded_at": now - timedelta(minutes=2)},
        ),
        "Phiếu hỏi ý kiến bộ phận một cửa": ({"kind": "file", "matter": "post"}, {}),
    }
    made = {}
    for name, (stated, standing) in states.items():
        terms = "Nguồn công khai của tỉnh; trích dẫn kèm tên nguồn."
        fields = SourceFields(
            **{"name": name, "kind": "feed", "matter": "press", "owner": hub, "terms": terms} | stated
        )
        made[name] = add_source(by=administrator, fields=fields)
        Source.objects.filter(pk=made[name].pk).update(**standing)
    for hours in (1, 2, 4):
        SourceFailure.objects.create(
            source=made["Báo Hoài Giang"],
            at=now - timedelta(hours=hours),
            code="feed.http-status",
            values={"status": 404},
        )
    return made


@pytest.mark.parametrize("language", ["vi", "en"])
def test_administrator_begins_with_the_first_feeds_and_sees_how_sources_are_doing(
    open_house: Callable[..., House], language: str
) -> None:
    house = open_house(language=language)
    desk = house.visitor(is_dark=language == "en")
    desk.log_in(LOG_INS["administrator"])
    desk.open("/sources/")
    desk.looks_well()
    desk.press("Choose the first press feeds")
    desk.page.get_by_label("VnExpress – Sức khỏe", exact=True).check()
    desk.picture("sources-first")
    desk.press("Add the chosen feeds")
    assert Source.objects.get().address == "https://vnexpress.net/rss/suc-khoe.rss"
    made = register(Person.objects.get(email=LOG_INS["administrator"]))
    desk.open("/sources/")
    desk.picture("sources-list")
    desk.open(f"/sources/{made['Báo Hoài Giang'].code}/")
    desk.picture("sources-one")
    desk.fill("Reason", "Trang đã đổi địa chỉ")
    desk.press("Stop this source")
    desk.sees(house.say("The source is stopped. Nothing of it is taken in."))
    phone = house.visitor(PHONE, is_dark=language == "vi")
    phone.log_in(LOG_INS["analyst"])
    for path in ("/sources/", f"/sources/{made['Báo Hoài Giang'].code}/", "/sources/new", "/sources/first"):
        phone.open(path)
        phone.looks_well()


@pytest.mark.parametrize("has_script", [True, False])
def test_analyst_hands_a_file_in_from_a_telephone(open_house: Callable[..., House], has_script: bool) -> None:
    house = open_house(language="vi" if has_script else "en")
    made = register(Person.objects.get(email=LOG_INS["administrator"]))
    phone = house.visitor(PHONE, has_script=has_script)
    phone.log_in(LOG_INS["analyst"])
    phone.open(f"/sources/{made['Phiếu hỏi ý kiến bộ phận một cửa'].code}/")
    phone.press("Hand in a file")
    phone.looks_well()
    phone.hand_in("id_file", "mot-cua.csv", FILE.encode(), "text/csv")
    phone.press("Look at it")
    phone.picture("sources-upload")
    assert "0912" not in phone.words
    assert "Lê Văn Kín" not in phone.words
    assert house.say("the time is missing or cannot be read") in phone.words
    phone.page.locator("#id_place").select_option("địa bàn")
    phone.press("Look again with these columns")
    assert "Xã Lộc Ninh" in phone.words
    phone.press("Take it in like this")
    phone.sees(house.say("being taken in") if Upload.objects.get().state == "running" else house.say("waiting"))
    phone.looks_well()
    take_uploads(timezone.now())
    phone.sees(house.say("All of it is taken in. The file itself is removed."))  # the page looked again by itself
    phone.looks_well()
    assert Upload.objects.get().accepted == sum(IntakeBatch.objects.values_list("voices", flat=True)) == 2


@pytest.mark.parametrize("has_script", [True, False])
def test_officer_of_a_point_tells_what_was_heard(open_house: Callable[..., House], has_script: bool) -> None:
    house = open_house(language="vi" if has_script else "en")
    phone = house.visitor(PHONE, has_script=has_script)
    phone.log_in(LOG_INS["officer"])
    phone.press("Field report", within="nav")
    lines = "Bao giờ sửa cầu qua suối?\nLo dịch tả lợn lây sang\nTiền hỗ trợ sạt lở khi nào có?"
    phone.fill("What people asked or were concerned about", lines)
    phone.fill("About how many people were there", "35")
    phone.picture("sources-field-report", is_whole=True)
    phone.press("Send")
    phone.sees(house.say("What happens next"))
    phone.looks_well()
    assert sum(IntakeBatch.objects.values_list("voices", flat=True)) == 3
