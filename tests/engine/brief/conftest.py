"""A brief of a made-up province, rich enough that every part of every output has something to show."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from nhipcau.engine.brief.model import (
    Brief,
    Excerpt,
    ForecastHour,
    HeatParts,
    Issue,
    KindCounts,
    Level,
    Status,
    empty_brief,
)

ZONE = timezone(timedelta(hours=7))
AS_OF = datetime(2026, 11, 23, 6, 0, tzinfo=ZONE)
HOUR = timedelta(hours=1)
HOSTILE = (
    '<script>alert(1)</script> "]; #panic() $x$ */ {{ 7*7 }} [a](javascript:x) `b` \\u{202e} \u202egnp.exe \x1b[31m\x07'
)

Row = tuple[str, str, str, Level, Status, tuple[float, float, float, float, float], int, int, int]

ROWS: list[Row] = [
    ("Nước sông lên nhanh, nhiều hộ ven bờ xin được đưa đi nơi an toàn", "nước sông, ven bờ, sơ tán, xuồng máy",
     "Bến Nứa", "urgent", "new", (28.4, 24.1, 15.2, 9.3, 9.0), 1312, 240, 906),
    ("Mất điện kéo dài ở các xã phía bắc, chưa rõ khi nào có lại", "mất điện, đường dây, trạm biến áp, có điện lại",
     "Đồi Sim", "alert", "growing", (22.6, 17.0, 12.1, 7.4, 12.0), 688, 75, 511),
    ("Nước máy đục và có mùi sau mưa lớn", "nước máy, đục, mùi hôi, bể lọc", "Chợ Lụa", "alert", "growing",
     (17.9, 14.2, 10.4, 6.1, 8.8), 402, 31, 318),
    ("Trường nào nghỉ học ngày mai?", "nghỉ học, thông báo, phụ huynh, đưa đón", "Hòa Trúc", "watch", "new",
     (12.0, 13.4, 8.9, 5.0, 11.2), 377, 18, 340),
    ("Sạt lở chặn đường liên xã qua đèo Mây Trắng", "sạt lở, đèo Mây Trắng, ách tắc, thông xe", "Suối Ngà", "watch",
     "growing", (10.8, 11.6, 7.3, 6.0, 4.1), 219, 44, 161),
    ("Giá rau và thịt ở chợ tăng gấp rưỡi trong ba ngày", "giá rau, giá thịt, chợ, bình ổn", "Chợ Lụa", "none",
     "growing", (9.5, 8.1, 6.6, 3.9, 2.2), 184, 9, 150),
    ("Hồ sơ đất đai chậm trả sau khi sáp nhập xã", "hồ sơ đất đai, trả kết quả, một cửa, sáp nhập", "Cồn Én", "none",
     "steady", (7.7, 1.0, 6.9, 3.2, 6.6), 121, 4, 98),
    ("Muỗi nhiều, lo sốt xuất huyết ở khu trọ công nhân", "muỗi, sốt xuất huyết, khu trọ, phun thuốc", "Bến Nứa",
     "none", "steady", (5.4, 2.6, 4.1, 2.8, 3.0), 63, 2, 51),
    ("Cảm ơn đội xung kích giúp dọn nhà sau lũ quét", "đội xung kích, dọn nhà, cảm ơn", "Suối Ngà", "none", "fading",
     (4.9, 0.0, 3.0, 2.1, 0.0), 48, 12, 39),
    ("Xe tải chở cát chạy đêm làm hỏng mặt đường", "xe tải, chở cát, mặt đường, ban đêm", "Cồn Én", "none", "fading",
     (2.2, 0.0, 1.9, 1.4, 1.0), 9, 0, 7),
]  # fmt: skip

QUESTIONS = [
    "Khi nào thì có xuồng tới đón bà con?",
    "Số điện thoại nào gọi được lúc này?",
    "Điểm sơ tán ở đâu, có nước uống không?",
]
QUOTES = [
    "Nước vào tới sân rồi, nhà có người già nằm một chỗ, mong được hỗ trợ sớm. Gọi [số điện thoại] không ai nghe máy.",
    "Bà con hỏi nhau cả đêm mà chưa thấy thông báo chính thức nào ở trang của xã.",
    "nha em o cuoi xom nuoc len toi dau goi roi, ai biet cho nao con cho tru khong a",
]


def counts_by_hour(peak: float, status: str, *, hours: int) -> list[tuple[str, int]]:
    """A day's rhythm under a course that fits the status; no chance in it."""
    start = AS_OF - HOUR * hours
    found = []
    for index in range(hours):
        time = start + HOUR * index
        rhythm = 0.35 + 0.65 * math.sin(math.pi * ((time.hour - 4) % 24) / 24) ** 2
        part = (index + 1) / hours
        course = {"new": part**3, "growing": 0.25 + part**2, "steady": 0.8, "fading": 1.0 - 0.8 * part}[status]
        found.append((time.isoformat(), round(peak * rhythm * course + ((index * 7919) % 5) / 4)))
    return found


def forecast_of(series: list[tuple[str, int]], status: str) -> list[ForecastHour]:
    growth = {"new": 1.2, "growing": 1.1, "steady": 1.0, "fading": 0.7}[status]
    forecast: list[ForecastHour] = []
    for index in range(72):
        mean = sum(count for _, count in series[-24:][index % 24 :][:3]) / 3 * growth
        mean = mean or 0.4
        spread = 0.35 * mean + 0.02 * index * mean + 0.6
        time = (AS_OF + HOUR * index).isoformat()
        forecast.append(
            {
                "time": time,
                "mean": round(mean, 2),
                "median": float(round(mean)),
                "lo80": max(mean - spread, 0.0),
                "hi80": mean + spread,
            }
        )
    return forecast


def build_issue(rank: int, row: Row) -> Issue:
    label, keywords, place, level, status, parts, voices, copies, authors = row
    hours = 40 if status == "new" else 240
    first_seen = AS_OF - HOUR * (20 if status == "new" else 400)
    series = counts_by_hour(voices / 18, status, hours=hours)
    has_forecast = voices >= 60
    forecast = forecast_of(series, status) if has_forecast else []
    kinds: KindCounts = {
        "question": voices // 4,
        "request": voices // 5,
        "concern": voices // 6,
        "report": voices // 4,
        "thanks": voices // 40,
        "other": 0,
    }
    kinds["other"] = voices - sum(kinds.values())  # type: ignore[call-overload]
    heat: HeatParts = {
        "volume": parts[0], "growth": parts[1], "breadth": parts[2], "sources": parts[3], "open_questions": parts[4],
    }  # fmt: skip
    excerpts: list[Excerpt] = [
        {
            "text": text, "time": (AS_OF - HOUR * (index + 1)).isoformat(), "source": "Trang xã " + place,
            "kind": "post", "voices": 12 - 5 * index, "link": f"https://example.vn/bai/{rank}-{index}",
        }
        for index, text in enumerate(QUOTES)
    ]  # fmt: skip
    excerpts.append(
        {
            "text": f"{label}: chính quyền địa phương đang kiểm tra.", "time": (AS_OF - HOUR * 5).isoformat(),
            "source": "Báo Vàm Sương", "kind": "press", "voices": 1, "link": "https://bao.example.vn/tin",
        }
    )  # fmt: skip
    is_wide = authors >= 10
    return {
        "id": 4000 + rank * 17,
        "label": label,
        "in_title_lang": "vi",
        "keywords": keywords.split(", "),
        "status": status,
        "level": level,
        "heat": round(sum(parts), 1),
        "heat_parts": heat,
        "voices": voices,
        "press": 0,
        "copies": copies,
        "voices_total": voices if status == "new" else voices * 3 + 7,
        "distinct_authors": None if rank == 8 else authors,
        "distinct_sources": 3 + rank,
        "first_seen": first_seen.isoformat(),
        "last_seen": (AS_OF - timedelta(minutes=7 * rank)).isoformat(),
        "series": series,
        "places": [
            {"code": "09001", "name": f"xã {place}", "voices": voices // 2, "ambiguous": []},
            {"code": "09002", "name": "phường Tân Lập", "voices": voices // 7,
             "ambiguous": ["xã Tân Lập (khu vực Đồi Sim)", "phường Tân Lập (thành phố cũ)"]},
        ],
        "forecast": forecast,
        "forecast_totals": {
            str(span): {
                "mean": sum(each["mean"] for each in forecast[:span]),
                "lo80": 0.75 * sum(each["mean"] for each in forecast[:span]),
                "hi80": 1.3 * sum(each["mean"] for each in forecast[:span]),
            }
            for span in (24, 72)
            if forecast
        },
        "forecast_reason": None if has_forecast else "too-short",
        "backtest": {"of": "median", "mase": 0.78 if rank != 6 else 1.08, "coverage": 0.81, "calibration": 0.8,
                     "windows": 6, "hours": 144,
                     "mase_24": 0.9, "coverage_24": 0.7, "windows_24": 6}
        if has_forecast and rank != 4
        else None,
        "kinds": kinds,
        "questions": [
            {"text": text, "voices": max(voices // (12 * (index + 1)), 1)} for index, text in enumerate(QUESTIONS)
        ]
        if rank not in (9, 10)
        else [],
        "excerpts": excerpts if is_wide and rank != 8 else excerpts[-1:],
        "excerpts_withheld": "unknown-authors" if rank == 8 else None if is_wide else "few-authors",
        "evidence": [f"vs-{rank:02}-{index:05}" for index in range(min(voices, 55))],
        "related": [{"id": 4034, "similarity": 0.71}] if rank == 1 else [],
        "history": [{"time": (AS_OF - HOUR * 9).isoformat(), "event": "merged", "other": 3991},
                    {"time": (AS_OF - HOUR * 30).isoformat(), "event": "split", "other": 3870}] if rank == 2 else [],
    }  # fmt: skip


def build_brief() -> Brief:
    issues = [build_issue(rank, row) for rank, row in enumerate(ROWS, start=1)]
    kinds = {name: sum(issue["kinds"][name] for issue in issues) for name in issues[0]["kinds"]}  # type: ignore[literal-required]
    silent_since = (AS_OF - HOUR * 11).isoformat()
    return {
        **empty_brief(),
        "as_of": AS_OF.isoformat(),
        "since": (AS_OF - HOUR * 24).isoformat(),
        "sample": True,
        "posts": 18_432,
        "folded": 1_920,
        "rejected": 3,
        "later": 12,
        "issues_total": 83,
        "kinds": kinds,  # type: ignore[typeddict-item]
        "alarms": {"watch_per_week": 2.0, "alert_per_week": 0.5, "urgent_per_week": 0.05},
        "issues": issues,
        "places": [
            {"code": "09001", "name": "xã Bến Nứa", "voices": 702, "level": "urgent"},
            {"code": "09003", "name": "xã Đồi Sim", "voices": 351, "level": "alert"},
            {"code": "09004", "name": "phường Chợ Lụa", "voices": 296, "level": "watch"},
            {"code": "09005", "name": "xã Hòa Trúc", "voices": 190, "level": "none"},
        ],
        "sources": [
            {"name": "Trang xã Bến Nứa", "voices": 866, "last_seen": (AS_OF - HOUR).isoformat(), "silent": False,
             "silent_since": None, "expected": 21.0, "enough_history": True},
            {"name": "Báo Vàm Sương", "voices": 96, "last_seen": (AS_OF - HOUR * 2).isoformat(), "silent": False,
             "silent_since": None, "expected": None, "enough_history": False},
            {"name": "Nhóm cộng đồng Suối Ngà", "voices": 0, "last_seen": silent_since, "silent": True,
             "silent_since": silent_since, "expected": 34.2, "enough_history": True},
        ],
        "unknowns": [
            {"code": "source-silent", "text": "",
             "values": {"source": "Nhóm cộng đồng Suối Ngà", "since": silent_since, "expected": 34}},
            {"code": "unknown-authors", "values": {}, "text": ""},
            {"code": "few-authors", "values": {"count": 1, "floor": 10}, "text": ""},
            {"code": "places-missing", "values": {"share": 0.38}, "text": ""},
            {"code": "forecast-weak", "values": {"count": 1}, "text": ""},
            {"code": "rows-rejected", "values": {"count": 3}, "text": ""},
            {"code": "a-code-of-tomorrow", "values": {}, "text": "Điều mà danh mục lời chưa có."},
            {"code": "not-representative", "values": {}, "text": ""},
        ],
    }  # fmt: skip


@pytest.fixture
def brief() -> Brief:
    return build_brief()


@pytest.fixture
def nothing() -> Brief:
    """A brief without a single post."""
    return empty_brief()


@pytest.fixture
def timeless() -> Brief:
    """A brief of a file that has neither times nor authors nor sources."""
    made = build_brief()
    made.update(as_of=None, since=None, sources=[], unknowns=[{"code": "no-times", "values": {}, "text": ""}])
    for issue in made["issues"]:
        issue.update(
            first_seen=None, last_seen=None, series=[], forecast=[], forecast_totals={}, forecast_reason="no-times",
            backtest=None, distinct_authors=None, history=[], excerpts=[], excerpts_withheld="unknown-authors",
        )  # fmt: skip
    return made


def made_hostile(value: object, key: str = "") -> object:
    """Every free text in a brief replaced by what an attacker would post; codes, times and numbers kept."""
    kept = {"as_of", "since", "zone", "status", "level", "kind", "event", "time", "first_seen", "last_seen", "code",
            "silent_since", "forecast_reason", "excerpts_withheld", "in_title_lang", "series", "of"}  # fmt: skip
    if key in kept:
        return value
    if isinstance(value, dict):
        return {name: made_hostile(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [made_hostile(each, key) for each in value]
    if key == "link":
        return "javascript:alert(document.domain)"
    return f"{value} {HOSTILE}" if isinstance(value, str) else value


@pytest.fixture
def hostile() -> Brief:
    return made_hostile(build_brief())  # type: ignore[return-value]


@pytest.fixture
def rewritten(brief: Brief) -> Callable[..., Brief]:
    """Copy the rich brief with some fields of its first issue replaced."""

    def rewrite(**fields: object) -> Brief:
        made = copy.deepcopy(brief)
        made["issues"][0].update(fields)  # type: ignore[typeddict-item]
        return made

    return rewrite
