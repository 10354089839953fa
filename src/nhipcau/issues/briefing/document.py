"""What is signed: the draft with the changes of people, as plain data in no language, and its fingerprint. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, cast

import orjson

from nhipcau.engine.brief.model import DEFAULT_FLOOR, Brief, Issue, quotable
from nhipcau.issues.briefing.comparison import Change, compare

VERSION: Final = 1


class Recommendation(TypedDict):
    """What should be done, by whom, until when, about which issue; it can become a directive."""

    what: str
    who: str
    until: str
    issue: int | None


class Edits(TypedDict):
    """What people changed; `order` and `left_out` are numbers of issues, the others go by the number as a text."""

    lead: str
    remarks: dict[str, str]
    labels: dict[str, str]
    left_out: list[int]
    order: list[int]
    recommendations: list[Recommendation]


class Previous(TypedDict):
    """The brief before, as far as this one speaks of it."""

    number: str
    revision: int
    as_of: str
    issues: list[dict[str, Any]]


class Correction(TypedDict):
    """What this brief puts right."""

    fingerprint: str
    revision: int
    reason: str


class Document(TypedDict):
    """Exactly what is signed."""

    version: int
    number: str
    revision: int
    corrects: Correction | None
    office: str
    office_en: str
    drafted_at: str
    drafted_by: str
    edited_by: str
    brief: Brief
    left_out: int
    lead: str
    remarks: dict[str, str]
    recommendations: list[Recommendation]
    previous: dict[str, Any] | None
    changes: list[Change]
    follow_up: list[dict[str, Any]]
    is_sample: bool


def no_edits() -> Edits:
    """Nothing was changed."""
    return {"lead": "", "remarks": {}, "labels": {}, "left_out": [], "order": [], "recommendations": []}


def edits_of(stored: Mapping[str, Any]) -> Edits:
    """Give stored changes, with what an earlier version did not know of."""
    return cast("Edits", {**no_edits(), **{name: stored[name] for name in no_edits() if name in stored}})


def edited_issues(made: Brief, edits: Edits) -> list[Issue]:
    """Give the issues as people want them: their order, their labels, without those left out.

    What may not be quoted is not there, whatever the draft says.
    """
    places = {number: place for place, number in enumerate(edits["order"])}
    kept = [issue for issue in made["issues"] if issue["id"] not in edits["left_out"]]
    ordered = sorted(kept, key=lambda issue: places.get(issue["id"], len(places)))
    return [_floored({**issue, "label": edits["labels"].get(str(issue["id"])) or issue["label"]}) for issue in ordered]


def _floored(issue: Mapping[str, Any]) -> Issue:
    """Hold the floor once more: quotes and questions of people only where enough of them speak."""
    said = cast("Issue", dict(issue))
    authors = said["distinct_authors"]
    said["excerpts"] = quotable(said, floor=DEFAULT_FLOOR)
    if authors is None or authors < DEFAULT_FLOOR:
        said["questions"] = []
    return said


def compose(
    *,
    made: Brief,
    edits: Edits,
    office: str,
    office_en: str,
    number: str,
    revision: int,
    corrects: Correction | None,
    drafted_at: str,
    drafted_by: str,
    edited_by: str,
    previous: Previous | None,
    follow_up: Sequence[Mapping[str, Any]],
    is_sample: bool,
) -> Document:
    """Put a brief together as its readers will see it."""
    issues = edited_issues(made, edits)
    numbers = {str(issue["id"]) for issue in issues}
    brief: Brief = {**made, "floor": max(made["floor"], DEFAULT_FLOOR), "issues": issues}
    before = previous["issues"] if previous else []
    return {
        "version": VERSION,
        "number": number,
        "revision": revision,
        "corrects": corrects,
        "office": office,
        "office_en": office_en,
        "drafted_at": drafted_at,
        "drafted_by": drafted_by,
        "edited_by": edited_by,
        "brief": brief,
        "left_out": len(made["issues"]) - len(issues),
        "lead": edits["lead"],
        "remarks": {name: text for name, text in edits["remarks"].items() if name in numbers and text},
        "recommendations": [each for each in edits["recommendations"] if each["what"]],
        "previous": {name: previous[name] for name in ("number", "revision", "as_of")} if previous else None,
        "changes": compare(before, cast("list[Mapping[str, Any]]", issues)) if previous else [],
        "follow_up": [dict(each) for each in follow_up],
        "is_sample": is_sample,
    }


def digest_of(said: Mapping[str, Any]) -> str:
    """SHA-256 over the sorted JSON: the same for the same content, however a database keeps it."""
    return hashlib.sha256(orjson.dumps(_plain(said), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _plain(said: Any) -> Any:
    """Whole floats become integers and pairs lists: some databases give them back so."""
    kind = type(said)  # most of a document is text: asked first, and without classes that ask back
    if kind is str or kind is int or said is None or kind is bool:
        return said
    if kind is dict or isinstance(said, Mapping):
        return {str(name): _plain(value) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_plain(value) for value in said]
    if isinstance(said, float) and said.is_integer():
        return int(said)
    return said
