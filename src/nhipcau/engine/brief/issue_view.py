"""One issue put into words: figures, chart, places, questions, evidence.

Its forecast is worded in `forecast_view`, its quotes in `quote_view`, the page around it in `page_view`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from nhipcau.engine.brief.charts import Palette, heat_bar, sparkline
from nhipcau.engine.brief.comparison import heard_period
from nhipcau.engine.brief.forecast_view import backtest_sentences, forecast_sentences, no_forecast_sentence
from nhipcau.engine.brief.model import LEVELS, HeatParts, Issue, Level, matter_of
from nhipcau.engine.brief.quote_view import quotes_of, withheld_sentence
from nhipcau.engine.brief.series import hours_of
from nhipcau.engine.brief.text import brought_down, clean, isolate
from nhipcau.engine.brief.trend_view import chart_of
from nhipcau.engine.brief.view import Badge, IssueView, Linked, Named
from nhipcau.engine.brief.words import Words

SPARKLINE_STEPS: Final = 48
MOST_PLACES: Final = 8
MOST_EVIDENCE: Final = 40
LONGEST_LABEL: Final = 160
PartName = Literal["volume", "growth", "breadth", "sources", "open_questions"]
KindName = Literal["question", "request", "concern", "report", "thanks", "other"]
FULL_DOT, EMPTY_DOT = "●", "○"
PART_NAMES: Final[tuple[PartName, ...]] = ("volume", "growth", "breadth", "sources", "open_questions")
OF_PEOPLE: Final = frozenset({"breadth", "open_questions"})
"""Parts of heat that articles cannot have."""
KIND_NAMES: Final[tuple[KindName, ...]] = ("question", "request", "concern", "report", "thanks", "other")
NOTHING: Final = "–"
SMALL_BASE: Final = 10
"""Below so many voices before, a percentage says more than is known: the difference is shown instead."""


@dataclass(frozen=True)
class Frame:
    """What the issues of one brief share; its words are about the matter of the whole brief."""

    words: Words
    palette: Palette
    floor: int
    as_of: datetime | None
    window: timedelta
    latest: datetime | None
    """The latest post that the brief knows of."""
    labels: dict[int, Linked]
    """The issues of the brief by their number, for those that name others."""


def issue_links(issues: Sequence[Issue], words: Words) -> dict[int, Linked]:
    """Name each issue of a brief with its place in it and the anchor of its card."""
    return {
        issue["id"]: Linked(f"{rank}. {label_of(issue, words)}", f"issue-{rank}", issue["in_title_lang"])
        for rank, issue in enumerate(issues, start=1)
    }


def issue_view(issue: Issue, *, rank: int, frame: Frame) -> IssueView:
    """Word one issue.

    Parameters
    ----------
    issue
        The issue.
    rank
        Its place in the brief, from 1.
    frame
        Words, colours, floor, time of the brief and the window that the change is told over.
    """
    matter = matter_of(press=issue["press"], voices=issue["voices"])
    words = frame.words.about(matter)
    key = f"i{rank}"
    label = label_of(issue, words)
    hours = hours_of(issue["series"])
    points = heat_points(issue["heat"], issue["heat_parts"])
    exact_points = [issue["heat_parts"][name] for name in PART_NAMES]
    # what articles cannot have is no zero
    is_meant = [
        matter != "press" or name not in OF_PEOPLE or value > 0
        for name, value in zip(PART_NAMES, exact_points, strict=True)
    ]
    parts = tuple(
        Named(name=words(f"heat.{name}"), figure=words.number(whole) if meant else NOTHING, share=value)
        for name, whole, value, meant in zip(PART_NAMES, points, exact_points, is_meant, strict=True)
    )
    told_parts = words("list.join").join(
        words("heat.part", name=part.name, points=part.figure) for part in parts if part.figure != NOTHING
    )
    heat = words.number(round(issue["heat"]))
    bar_title = words("heat.bar", heat=heat, parts=told_parts)
    change_code, change, change_detail = _change(issue, frame)
    counts: tuple[int, ...] = ()
    trend_title = words("chart.trend_none")
    if hours is not None:
        step = hours.step_for(SPARKLINE_STEPS)
        summed = hours.summed(step)
        counts = summed.counts
        trend_title = words(
            "chart.trend",
            first=words.short_moment(hours.start.isoformat()),
            last=words.short_moment(min(hours.end, frame.as_of or hours.end).isoformat()),
            peak=words.number(max(counts)),
            step=words.hours(timedelta(hours=step)),
        )
    quotes = tuple(quotes_of(issue, floor=frame.floor, words=words))
    shown_ids = issue["evidence"][:MOST_EVIDENCE]
    hidden_ids = len(issue["evidence"]) - len(shown_ids)
    hidden_places = len(issue["places"]) - MOST_PLACES
    return IssueView(
        rank=words.number(rank),
        anchor=f"issue-{rank}",
        number=words("issue.number", id=str(issue["id"])),
        label=label,
        lang=issue["in_title_lang"],
        badge=badge_of(issue["level"], words),
        status=words(f"status.{issue['status']}"),
        status_code=issue["status"],
        heat=heat,
        heat_value=issue["heat"],
        heat_sentence=words("heat.sentence", heat=heat, parts=told_parts),
        heat_parts=parts,
        heat_bar=heat_bar(exact_points, palette=frame.palette, title=bar_title, key=f"{key}-h"),
        heat_bar_small=heat_bar(exact_points, palette=frame.palette, title=bar_title, key=f"{key}-r"),
        heat_bar_title=bar_title,
        voices=_voices(issue, words),
        authors=_authors(issue, frame.words),
        change=change,
        change_code=change_code,
        change_detail=change_detail,
        counts=_counts(issue, words),
        seen=_seen(issue, words),
        trend=sparkline(counts, palette=frame.palette, title=trend_title, key=f"{key}-s"),
        trend_title=trend_title,
        trend_counts=counts,
        chart=chart_of(
            issue, hours, as_of=frame.as_of, label=label, words=words, palette=frame.palette, key=f"{key}-c"
        ),
        forecast=forecast_sentences(issue, words),
        no_forecast=no_forecast_sentence(issue, words),
        backtest=backtest_sentences(issue["backtest"], words) if issue["forecast"] else "",
        kinds=_kinds(issue, words),
        places=tuple(_places(issue, words)),
        places_more=words("issue.places_more", hidden_places) if hidden_places > 0 else "",
        questions=tuple(
            Named(name=isolate(each["text"]), figure=words.about("post")("count.voices", each["voices"]))
            for each in issue["questions"]
        ),
        questions_none="" if matter == "press" or issue["questions"] else words("issue.questions_none"),
        excerpts_title=words("issue.excerpts"),
        quotes=quotes,
        withheld=withheld_sentence(issue, quotes, floor=frame.floor, words=words),
        keywords=tuple(isolate(word) for word in issue["keywords"]),
        history=tuple(_history(issue, words)),
        related=tuple(frame.labels[each["id"]] for each in issue["related"] if each["id"] in frame.labels),
        evidence_title=words("issue.evidence", len(issue["evidence"])),
        evidence=tuple(clean(each) for each in shown_ids),
        evidence_more=words("issue.evidence_more", hidden_ids) if hidden_ids > 0 else "",
    )


def label_of(issue: Issue, words: Words) -> str:
    """Give the label in one line; an issue of which too little may be shown to name it says so."""
    if issue["label"] == f"#{issue['id']}":
        return words("issue.unnamed", id=str(issue["id"]))
    return brought_down(issue["label"], most=LONGEST_LABEL)


def badge_of(level: Level, words: Words) -> Badge:
    """Show a level as a word and as dots: ●●○ is the second of three."""
    rank = LEVELS.index(level)
    return Badge(level, words(f"level.{level}"), FULL_DOT * rank + EMPTY_DOT * (len(LEVELS) - 1 - rank))


def heat_points(heat: float, parts: HeatParts) -> list[int]:
    """Round the parts to whole points that sum to the rounded heat: the largest remainders are rounded up.

    Parameters
    ----------
    heat, parts
        As in the brief.

    Examples
    --------
    >>> heat_points(3.0, {"volume": 1.4, "growth": 1.4, "breadth": 0.2, "sources": 0.0, "open_questions": 0.0})
    [2, 1, 0, 0, 0]
    """
    exact = [max(parts[name], 0.0) for name in PART_NAMES]
    whole = [int(value) for value in exact]
    missing = round(heat) - sum(whole)
    by_remainder = sorted(range(len(exact)), key=lambda index: (whole[index] - exact[index], index))
    for index in by_remainder[: max(missing, 0)]:
        whole[index] += 1
    return whole


def _voices(issue: Issue, words: Words) -> str:
    """Count what is said, and beside it what only copies: those who speak are those of both."""
    own = words.number(issue["voices"])
    return words("count.with_copies", own=own, copies=words.number(issue["copies"])) if issue["copies"] else own


def _authors(issue: Issue, words: Words) -> str:
    """Count who speaks: people, and in a brief of the press its sources."""
    if words.matter == "press":
        count = issue["distinct_sources"]
    elif matter_of(press=issue["press"], voices=issue["voices"]) == "press":
        return NOTHING
    else:
        count = issue["distinct_authors"]
    return words("count.authors_unknown") if count is None else words.number(count)


def _counts(issue: Issue, words: Words) -> str:
    told = [words("issue.counts", voices=words("count.voices", issue["voices"]))]
    if issue["copies"]:
        told.append(words("issue.counts_copies", copies=words("count.copies", issue["copies"])))
    if issue["distinct_authors"] is not None:
        told.append(words("issue.counts_authors", authors=words("count.authors", issue["distinct_authors"])))
    elif words.matter == "press" and issue["distinct_sources"] is not None:
        told.append(words("issue.counts_sources", sources=words("count.sources", issue["distinct_sources"])))
    elif sum(issue["kinds"][name] for name in KIND_NAMES if name != "other"):
        told.append(words("count.authors_none"))
    if issue["voices_total"] != issue["voices"]:
        told.append(words("issue.total", voices=words("count.voices", issue["voices_total"])))
    return words("list.clause").join(told)


def _history(issue: Issue, words: Words) -> Iterator[str]:
    """Tell where it was split from, and all that was merged into it in one sentence."""
    for event in ("split", "merged"):
        events = [each for each in issue["history"] if each["event"] == event]
        if not events:
            continue
        time = events[-1]["time"]
        told = {"other": str(events[-1]["other"]), "time": words.short_moment(time) if time else words("time.unknown")}
        if event == "merged" and len(events) > 1:
            yield words("issue.merged_several", len(events), **told)
        else:
            yield words(f"issue.{event}", **told)


def _seen(issue: Issue, words: Words) -> str:
    if issue["first_seen"] is None or issue["last_seen"] is None:
        return words("issue.seen_none")
    return words("issue.seen", first=words.moment(issue["first_seen"]), last=words.moment(issue["last_seen"]))


def _change(issue: Issue, frame: Frame) -> tuple[str, str, str]:
    """Voices of the period against the same hours before: a code for its sign, the figure, and both counts."""
    words = frame.words
    hours = hours_of(issue["series"])
    if hours is None or frame.as_of is None or issue["first_seen"] is None:
        return "none", words("change.none"), ""
    begin = frame.as_of - frame.window
    period = heard_period(
        since=int(begin.timestamp()),
        until=int(frame.as_of.timestamp()),
        latest=int((frame.latest or frame.as_of).timestamp()),
    )
    end, shift = begin + timedelta(seconds=period.until - period.since), timedelta(seconds=period.shift)
    before_begin = begin - shift
    first_seen = datetime.fromisoformat(issue["first_seen"])
    if first_seen >= begin:
        return "first", words("change.first"), ""
    if hours.start > before_begin and first_seen < hours.start - timedelta(hours=1):
        return "none", words("change.none"), ""
    now, before = hours.between(begin, end), hours.between(before_begin, min(end - shift, begin))
    told = {"now": words.number(now), "before": words.number(before)}
    if period.is_whole_days:
        detail = words("change.detail", span=words.hours(frame.window), **told)
    else:
        start, stop = words.short_moment(begin.isoformat()), words.short_moment(end.isoformat())
        detail = words("change.same_hours", shift.days, start=start, stop=stop, **told)
    if now == before:
        return "same", words("change.same"), detail
    code = "up" if now > before else "down"
    if before < SMALL_BASE:
        return code, f"{'+' if now > before else ''}{words.number(now - before)}", detail
    return code, words.change((now - before) / before), detail


def _kinds(issue: Issue, words: Words) -> tuple[Named, ...]:
    counts = {name: issue["kinds"][name] for name in KIND_NAMES}
    counts["other"] = max(counts["other"] - issue["press"], 0)  # articles do none of these
    total = sum(counts.values())
    if total == counts["other"]:
        return ()
    return tuple(
        Named(words(f"kind.{name}"), words.number(count), words.percent(count / total), count / total)
        for name, count in counts.items()
        if count > 0
    )


def _places(issue: Issue, words: Words) -> Sequence[Named]:
    return [
        Named(
            name=isolate(place["name"]),
            figure=words("count.voices", place["voices"]),
            note=words("issue.ambiguous", names=words("list.join").join(map(isolate, place["ambiguous"])))
            if place["ambiguous"]
            else "",
        )
        for place in issue["places"][:MOST_PLACES]
    ]
