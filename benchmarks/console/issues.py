"""Issues of three years with all that is kept of them, and a year of briefs: written straight into the tables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from nhipcau.engine.cleaning.letters import strip_diacritics
from nhipcau.issues.models.briefs import Brief
from nhipcau.issues.models.issues import Issue, IssueHour, IssueMoment, Picture
from nhipcau.issues.models.triage import IssueEvent, IssueNote, NotAnIssue
from nhipcau.network.models.people import Person

DAYS: Final = 3 * 365
AT_ONCE: Final = 200
HOT: Final = 150
"""Issues that are spoken of now."""
MATTERS: Final = (
    *("Ngập nước đường", "Mất điện khu phố", "Nước sinh hoạt đục ở", "Cầu tạm hư tại", "Rác không được thu ở"),
    *("Lịch tiêm chủng tại", "Tin đồn vỡ đập ở", "Đền bù giải tỏa tại", "Giá vật tư tăng ở", "Xe quá tải chạy qua"),
)
PLACES: Final = ("Thịnh Cát", "Bình Lâm", "Hòa Ninh", "Phú Điền", "Tân Khê", "Sơn Hạ", "An Trạch", "Đông Giồng")
WORDS: Final = (
    *("nước", "dâng", "nhanh", "xuồng", "cứu", "hộ", "bao", "giờ", "điện", "trở", "lại", "đường", "ngập", "sâu", "xã"),
    *("chưa", "thấy", "ai", "tới", "hỏi", "người", "già", "trẻ", "em", "gạo", "thuốc", "chợ", "trường", "học", "nghỉ"),
)


def make_issues(count: int, *, by: Person, now: datetime) -> Issue:
    """Write the issues; the one that is given is spoken of since three years, with the longest story of all."""
    chance = random.Random(1)
    heaviest = _made(0, count, chance, now)
    heaviest.first_seen_at, heaviest.last_seen_at, heaviest.heat = now - timedelta(days=DAYS), now, 99.0
    issues = Issue.objects.bulk_create(
        [heaviest, *(_made(number, count, chance, now) for number in range(1, count))], batch_size=AT_ONCE
    )
    _write(IssueHour, (row for one in issues for row in _hours(one, chance)))
    _write(IssueMoment, (row for one in issues for row in _moments(one, chance)))
    _write(IssueEvent, (row for one in issues for row in _events(one, issues, chance, by)))
    _write(IssueNote, (IssueNote(issue=one, by=by, at=one.last_seen_at, text=_text(chance)) for one in issues[::3]))
    NotAnIssue.objects.bulk_create(NotAnIssue(issue=one, by=by, at=one.last_seen_at) for one in issues[-count // 50 :])
    for number in range(1, 200):
        IssueNote.objects.create(issue=heaviest, by=by, at=now - timedelta(hours=number), text=_text(chance))
    facts = {
        "posts": 3200,
        "places": [{"code": f"S01{n:02}", "name": name, "voices": 9, "level": "none"} for n, name in enumerate(PLACES)],
    }
    Picture.objects.update_or_create(pk=1, defaults={"version": 1, "as_of": now, "facts": facts})
    return issues[0]


def make_briefs(*, by: Person, now: datetime) -> Brief:
    """Sign a brief for each day of a year; give the newest."""
    from nhipcau.issues.actions.briefs.drafting import draft_on_demand
    from nhipcau.issues.actions.briefs.signing import sign_brief
    from nhipcau.issues.briefing.document import digest_of
    from nhipcau.issues.queries.briefs import document_of

    drafted = draft_on_demand(by=by, hours=24, as_of=now)
    sign_brief(by=by, brief=drafted, fingerprint=digest_of(document_of(drafted)))
    signed = Brief.objects.get(pk=drafted.pk)
    earlier = []
    for day in range(1, 365):
        one = Brief.objects.get(pk=drafted.pk)
        one.pk, one.drafting_key, one.as_of = None, None, now - timedelta(days=day)
        one.year, one.sequence = 2000 + day, day
        earlier.append(one)
    Brief.objects.bulk_create(earlier, batch_size=50)
    return signed


def _made(number: int, count: int, chance: random.Random, now: datetime) -> Issue:
    is_hot = number < HOT
    ends_at = now - (
        timedelta(minutes=chance.randrange(600)) if is_hot else timedelta(days=1 + DAYS * number / (count + 1))
    )
    label = f"{chance.choice(MATTERS)} {chance.choice(PLACES)} {number}"
    code = f"S01{number % len(PLACES):02}"
    told: list[dict[str, Any]] = [
        {"text": _text(chance), "time": ends_at.isoformat(), "source": "trang-xa", "kind": "post", "voices": 2}
        | {"link": None}
        for _ in range(5)
    ]
    return Issue(
        engine_id=number + 1,
        label=label,
        keywords=label.split()[:3],
        status=("new", "growing", "steady", "fading")[number % 4] if is_hot else "fading",
        level=number % 4 if is_hot else 0,
        heat=90.0 * (1 - number / HOT) if is_hot else 0.0,
        heat_parts={"volume": 14, "growth": 10, "breadth": 8, "sources": 5, "open_questions": 3},
        voices=24,
        voices_total=600,
        distinct_authors=14 if number % 5 else 7,
        distinct_sources=4,
        first_seen_at=ends_at - timedelta(hours=chance.randrange(24, 24 * 14)),
        last_seen_at=ends_at,
        changed_at=ends_at,
        kinds={"question": 4, "report": 12},
        places=[{"code": code, "name": PLACES[number % len(PLACES)], "voices": 9, "ambiguous": []}],
        place_codes=f"|{code}|",
        questions=[{"text": "Bao giờ có xuồng cứu hộ?", "voices": 4}],
        open_questions=number % 3,
        forecast=[
            {"time": (now + timedelta(hours=k)).isoformat(), "mean": 3.0, "lo80": 1.0, "hi80": 6.0, "p50": 3.0}
            for k in range(72 if is_hot else 0)
        ],
        excerpts=told,
        evidence=list(range(50)),
        threads=[
            {"thread": 10 * number + k, "voices": 20, "first": ends_at.isoformat(), "last": ends_at.isoformat()}
            for k in range(20)
        ],
        search_text=strip_diacritics(" ".join([label, *(str(one["text"]) for one in told)]).casefold()),
    )


def _hours(issue: Issue, chance: random.Random) -> Iterator[IssueHour]:
    for hour in _clock(issue, every=1):
        if voices := chance.randrange(5):
            yield IssueHour(issue=issue, hour=hour, voices=voices, copies=voices // 2)


def _moments(issue: Issue, chance: random.Random) -> Iterator[IssueMoment]:
    for at in _clock(issue, every=2):
        heat = chance.random() * 90
        yield IssueMoment(
            issue=issue,
            at=at,
            heat=heat,
            heat_parts={"volume": heat / 2, "growth": heat / 2},
            level=int(heat // 25),
            status="growing",
            voices=24,
            distinct_authors=14,
            place_codes=issue.place_codes,
        )


def _events(issue: Issue, issues: list[Issue], chance: random.Random, by: Person) -> Iterator[IssueEvent]:
    yield IssueEvent(issue=issue, at=issue.first_seen_at, code="appeared")
    for number, at in enumerate(_clock(issue, every=8)):
        if number % 4 == 3:
            values = {"triage_from": "new", "triage_to": "assessing"}
            yield IssueEvent(issue=issue, at=at, code="triaged", by=by, values=values)
        elif number % 9 == 5:
            other = issues[chance.randrange(len(issues))]
            yield IssueEvent(issue=issue, at=at, code="absorbed", other=other)
        else:
            yield IssueEvent(issue=issue, at=at, code="level", values={"from": number % 4, "to": (number + 1) % 4})


def _clock(issue: Issue, *, every: int) -> Iterator[datetime]:
    hour = issue.first_seen_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while hour <= issue.last_seen_at:
        yield hour
        hour += timedelta(hours=every)


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=18))


def _write(model: Any, rows: Iterator[Any]) -> None:
    while batch := [row for _, row in zip(range(5_000), rows, strict=False)]:
        model.objects.bulk_create(batch, batch_size=2_000)
