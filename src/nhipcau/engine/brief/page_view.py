"""A brief put into words: headline, what is not known, issues, places, sources, method.

One issue is worded in `issue_view`; the shapes are in `view`; how they are laid out is each output's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from nhipcau.engine.brief.charts import Palette
from nhipcau.engine.brief.forecast_view import headline_forecast
from nhipcau.engine.brief.issue_view import Frame, badge_of, issue_links, issue_view, label_of
from nhipcau.engine.brief.model import Brief, Issue, Source, matter_of
from nhipcau.engine.brief.text import brought_down, clean, isolate
from nhipcau.engine.brief.view import BriefView, PlaceView, SourceView, Tile
from nhipcau.engine.brief.words import Words, words_for

USUAL_WINDOW: Final = timedelta(hours=24)
LONGEST_NAMED_SPAN: Final = timedelta(days=14)
FIRST_UNKNOWNS: Final = 4
LONGEST_LABEL: Final = 90
LONGEST_QUESTION: Final = 140
MOST_SOURCES: Final = 15
"""Sources in the table, and every silent one."""
FEWEST_OF_PLACE: Final = 3
SHARE_OF_PLACE: Final = 0.1
"""A place is named in the headline where so many voices of the issue speak of it, at least."""
MOST_WARNED: Final = 5


def build_view(brief: Brief, *, lang: str, palette: Palette) -> tuple[BriefView, Words]:
    """Word a whole brief; the words themselves come with it for the headings of the page.

    Parameters
    ----------
    brief
        The brief.
    lang
        ``"vi"`` or ``"en"``.
    palette
        The colours of its charts.

    Raises
    ------
    EngineError
        See `words.words_for`.
    """
    words = words_for(lang, zone=brief["zone"], matter=matter_of(press=brief["press"], voices=brief["posts"]))
    as_of = datetime.fromisoformat(brief["as_of"]) if brief["as_of"] else None
    since = datetime.fromisoformat(brief["since"]) if brief["since"] else None
    window = as_of - since if as_of and since and as_of > since else USUAL_WINDOW
    frame = Frame(words, palette, brief["floor"], as_of, window, _latest(brief), issue_links(brief["issues"], words))
    told_as_of = words("page.as_of", time=words.moment(brief["as_of"])) if brief["as_of"] else words("page.as_of_none")
    unknowns = tuple(
        words.unknown(each["code"], each["values"]) or isolate(each["text"]) or clean(each["code"])
        for each in brief["unknowns"]
    )
    rest = brief["issues_total"] - len(brief["issues"])
    sources = sorted(brief["sources"], key=lambda source: not source["silent"])
    shown = max(MOST_SOURCES, sum(source["silent"] for source in sources))
    hidden = len(unknowns) - FIRST_UNKNOWNS
    view = BriefView(
        lang=lang,
        document_title=words("page.document_title", as_of=told_as_of),
        as_of=told_as_of,
        as_of_iso=brief["as_of"],
        since=words("page.since", time=words.moment(brief["since"])) if brief["since"] else "",
        intake=_intake(brief, words),
        is_sample=brief["sample"],
        headline=words("headline.heading_span", span=words.hours(window))
        if since and window <= LONGEST_NAMED_SPAN
        else words("headline.heading"),
        tiles=_tiles(brief, words),
        sentences=tuple(_sentences(brief, words)),
        unknowns=unknowns,
        unknowns_first=unknowns[:FIRST_UNKNOWNS],
        unknowns_more=words("unknowns.more", hidden) if hidden > 0 else "",
        issues=tuple(issue_view(issue, rank=rank, frame=frame) for rank, issue in enumerate(brief["issues"], start=1)),
        rest=words("headline.rest", rest) if rest > 0 else "",
        copies_note=words("rank.copies") if any(each["copies"] for each in brief["issues"]) else "",
        places=tuple(
            PlaceView(isolate(each["name"]), words.number(each["voices"]), badge_of(each["level"], words))
            for each in brief["places"]
        ),
        sources=tuple(_source(each, words) for each in sources[:shown]),
        sources_more=words("sources.more", len(sources) - shown) if len(sources) > shown else "",
        method=tuple(_method(brief, words)),
    )
    return view, words


def _latest(brief: Brief) -> datetime | None:
    """Find the latest post that the brief knows of."""
    told = [source["last_seen"] for source in brief["sources"]] + [issue["last_seen"] for issue in brief["issues"]]
    return max((datetime.fromisoformat(time) for time in told if time), default=None)


def _intake(brief: Brief, words: Words) -> str:
    told = [words("intake.posts", brief["posts"])]
    if words.matter == "mixed":
        told.append(words("intake.press", brief["press"]))
    told += [
        words(f"intake.{name}", count)
        for name, count in (("folded", brief["folded"]), ("rejected", brief["rejected"]), ("later", brief["later"]))
        if count
    ]
    return words("list.join").join(told)


def _tiles(brief: Brief, words: Words) -> tuple[Tile, ...]:
    issues = brief["issues"]
    counted = [(sum(issue["level"] == level for issue in issues), level) for level in ("urgent", "alert")]
    counted += [(sum(issue["status"] == status for issue in issues), status) for status in ("new", "growing", "fading")]
    tiles = [Tile(words.number(count), words(f"headline.{tone}"), tone if count else "none") for count, tone in counted]
    return (*tiles, Tile(words.number(brief["posts"] - brief["folded"]), words("headline.voices"), "voices"))


def _sentences(brief: Brief, words: Words) -> list[str]:
    if not brief["issues"]:
        return [words("headline.nothing")]
    told = [_hottest(brief["issues"][0], words), _warned(brief, words)]
    # articles are not read for questions: to say that there are none would mislead
    return told if words.matter == "press" else [*told, _asked(brief, words)]


def _hottest(issue: Issue, words: Words) -> str:
    words = words.about(matter_of(press=issue["press"], voices=issue["voices"]))
    told = {
        "label": _named(issue, words),
        "heat": words.number(round(issue["heat"])),
        "voices": words("count.voices", issue["voices"]),
        "status": words(f"status.{issue['status']}"),
    }
    enough = max(FEWEST_OF_PLACE, SHARE_OF_PLACE * issue["voices"])
    sure = [place for place in issue["places"] if not place["ambiguous"] and place["voices"] >= enough]
    if sure:
        place = max(sure, key=lambda each: each["voices"])
        sentence = words("headline.hottest_place", place=isolate(place["name"]), **told)
    else:
        sentence = words("headline.hottest", **told)
    return f"{sentence} {headline_forecast(issue, words)}".rstrip()


def _warned(brief: Brief, words: Words) -> str:
    warned = [issue for level in ("urgent", "alert") for issue in brief["issues"] if issue["level"] == level]
    if not warned:
        return words("headline.warned_none")
    labels = [_named(issue, words) for issue in warned[:MOST_WARNED]]
    told = words("list.join").join(labels) + (" …" if len(warned) > MOST_WARNED else "")
    return words("headline.warned", labels=told)


def _asked(brief: Brief, words: Words) -> str:
    questions = [question for issue in brief["issues"] for question in issue["questions"]]
    if not questions:
        return words("headline.asked_none")
    most = max(questions, key=lambda question: question["voices"])
    text = _quoted(most["text"], words, most=LONGEST_QUESTION)
    return words("headline.asked", question=text, voices=words.about("post")("count.voices", most["voices"]))


def _named(issue: Issue, words: Words) -> str:
    if issue["label"] == f"#{issue['id']}":
        return label_of(issue, words)
    return _quoted(issue["label"], words, most=LONGEST_LABEL)


def _quoted(text: str, words: Words, *, most: int) -> str:
    return words("list.quoted", text=brought_down(text, most=most))


def _source(source: Source, words: Words) -> SourceView:
    if source["silent"] and source["silent_since"]:
        since = words.short_moment(source["silent_since"])
        if source["expected"] is not None:
            state = words("sources.silent", since=since, expected=words.number(source["expected"]))
        else:
            state = words("sources.silent_short", since=since)
    else:
        state = words("sources.working" if source["enough_history"] else "sources.unwatched")
    return SourceView(
        name=isolate(source["name"]),
        state=state,
        is_silent=source["silent"],
        voices=words.number(source["voices"]),
        last=words.short_moment(source["last_seen"]) if source["last_seen"] else words("time.unknown"),
    )


def _method(brief: Brief, words: Words) -> list[str]:
    rates = {level: brief["alarms"][f"{level}_per_week"] for level in ("watch", "alert", "urgent")}  # type: ignore[literal-required] # the three fields by name
    if all(rate is None for rate in rates.values()):
        alarms = words("method.alarms_none")
    else:
        alarms = words("method.alarms", **{level: _rate(rate, words) for level, rate in rates.items()})
    return [
        words("method.heat"),
        words("method.status"),
        f"{words('method.level')} {alarms}",
        words("method.floor", floor=words.number(brief["floor"])),
        words("method.redaction"),
        *([] if words.matter == "press" else [words("method.kinds")]),
        words("method.forecast"),
        words("method.represent"),
    ]


def _rate(rate: float | None, words: Words) -> str:
    if rate is None:
        return words("method.alarm_unknown")
    return words.number(rate, decimals=1 if rate < 10 else 0) if rate >= 0.1 else words.number(rate, decimals=2)
