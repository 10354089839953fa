"""Changing a draft: what may be changed, by whom, until when; never the figures."""

from __future__ import annotations

from typing import Any

import pytest

from nhipcau.issues.actions.briefs.editing import discard_brief, edit_brief, renew_follow_up
from nhipcau.issues.actions.briefs.errors import BriefHasChanged, BriefHasMoved, BriefInvalid, BriefNotYours
from nhipcau.issues.models import Brief, Issue
from nhipcau.issues.queries.briefs import brief_page, document_of
from nhipcau.network.models.audit import AuditRecord
from tests.issues.briefs.cast import drafted, edited, edits, signed
from tests.network.tasks.cast import Cast


@pytest.fixture
def draft(cast: Cast, issues: list[Issue]) -> Brief:
    """A draft of the morning."""
    return drafted(cast.analyst)


def test_what_people_change_is_in_the_document_and_the_draft_stays(
    cast: Cast, issues: list[Issue], draft: Brief
) -> None:
    first, second = (issue.pk for issue in issues)
    advice = {"what": "Thông cống", "who": "UBND phường", "until": "17:00", "issue": first}
    changed = edited(
        cast.analyst,
        draft,
        remarks={str(second): "Đã kiểm tra tại chỗ.", "999": "nobody's"},
        labels={str(second): "Rác chợ Đình dồn ứ"},
        order=[second, first],
        recommendations=[advice, {"what": " ", "who": "x", "until": "", "issue": None}],
    )
    document = document_of(changed)
    assert [issue["id"] for issue in document["brief"]["issues"]] == [second, first]
    assert document["brief"]["issues"][0]["label"] == "Rác chợ Đình dồn ứ"
    assert document["remarks"] == {str(second): "Đã kiểm tra tại chỗ."}
    assert document["recommendations"] == [advice]
    assert document["lead"].startswith("Ngập")
    assert (changed.state, changed.edited_by, changed.version) == ("editing", cast.analyst, 2)
    assert (changed.made, changed.made_digest) == (draft.made, draft.made_digest)
    values = AuditRecord.objects.get(action="brief.edited").values
    assert values["changed"] == ["lead", "remarks", "labels", "order", "recommendations"]


def test_issue_that_is_left_out_is_counted(cast: Cast, issues: list[Issue], draft: Brief) -> None:
    document = document_of(edited(cast.analyst, draft, left_out=[issues[1].pk, 999]))
    assert [issue["id"] for issue in document["brief"]["issues"]] == [issues[0].pk]
    assert document["left_out"] == 1


def test_who_has_an_older_version_is_told_so(cast: Cast, draft: Brief) -> None:
    edited(cast.analyst, draft)
    with pytest.raises(BriefHasChanged):
        edit_brief(by=cast.leader, brief=draft, version=1, edits=edits(draft, lead="other"))
    assert Brief.objects.get().edits["lead"].startswith("Ngập")


@pytest.mark.parametrize("part", ["auditor", "area_officer", "stranger"])
def test_others_change_nothing(cast: Cast, draft: Brief, part: str) -> None:
    by = getattr(cast, part)
    with pytest.raises(BriefNotYours):
        edit_brief(by=by, brief=draft, version=1, edits=edits(draft, lead="x"))
    with pytest.raises(BriefNotYours):
        renew_follow_up(by=by, brief=draft)
    with pytest.raises(BriefNotYours):
        discard_brief(by=by, brief=draft, reason="x")
    assert Brief.objects.get().state == "draft"


@pytest.mark.parametrize(
    "values",
    [
        {"lead": "x" * 5001},
        {"recommendations": [{"what": "x", "who": "", "until": "y" * 61, "issue": None}]},
        {"recommendations": [{"what": "x", "who": "", "until": "", "issue": None}] * 21},
    ],
)
def test_what_is_too_much_is_refused(cast: Cast, draft: Brief, values: dict[str, Any]) -> None:
    with pytest.raises(BriefInvalid):
        edit_brief(by=cast.analyst, brief=draft, version=1, edits=edits(draft, **values))
    assert not AuditRecord.objects.filter(action="brief.edited").exists()


def test_signed_or_discarded_brief_cannot_be_changed(cast: Cast, issues: list[Issue], draft: Brief) -> None:
    brief = signed(cast.leader, draft)
    for act in (
        lambda: edit_brief(by=cast.analyst, brief=brief, version=brief.version, edits=edits(brief, lead="x")),
        lambda: renew_follow_up(by=cast.analyst, brief=brief),
        lambda: discard_brief(by=cast.analyst, brief=brief, reason="x"),
    ):
        with pytest.raises(BriefHasMoved):
            act()
    other = drafted(cast.analyst)
    discard_brief(by=cast.analyst, brief=other, reason="Lập trùng.")
    with pytest.raises(BriefHasMoved):
        edit_brief(by=cast.analyst, brief=other, version=other.version, edits=edits(other))
    assert Brief.objects.get(pk=other.pk).reason == "Lập trùng."


def test_discarding_needs_a_reason(cast: Cast, draft: Brief) -> None:
    with pytest.raises(BriefInvalid):
        discard_brief(by=cast.analyst, brief=draft, reason=" ")


def test_brief_is_found_without_diacritics_by_number_and_by_day(cast: Cast, draft: Brief) -> None:
    signed(cast.leader, edited(cast.analyst, draft))

    def found(words: str) -> int:
        return len(brief_page(Brief.objects.all(), show="all", words=words, number=1).rows)

    assert [found(words) for words in ("ngap le loi", "1/2026", "27/11/2026", "mua lon", "chay rung")] == [
        1,
        1,
        1,
        1,
        0,
    ]
