"""Charts of pages as SVG: a sparkline, heat in its parts, an issue over time with its forecast and what was done.

Only classes, no styles: the policy of pages refuses those, and colours are chosen in `issues.css`. Numbers come in a
fixed order with one decimal. Charts of the brief, which stands alone, are the engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

PARTS: Final = ("volume", "growth", "breadth", "sources", "open_questions")
WIDTH: Final = 720.0
HEAT_HEIGHT: Final = 170.0
VOICES_HEIGHT: Final = 220.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 12.0, 24.0, 24.0


@dataclass(frozen=True)
class Axis:
    """What charts of one issue share: hours from left to right, days under them, numbered marks of what was done."""

    steps: int
    ticks: Sequence[tuple[float, str]] = ()
    marks: Sequence[tuple[float, int]] = field(default=())

    def across(self, step: float) -> float:
        """Where an hour lies."""
        return LEFT + (WIDTH - LEFT - RIGHT) * min(max(step, 0.0), self.steps) / max(self.steps, 1)


def sparkline(counts: Sequence[int], *, title: str) -> SafeString:
    """Draw a small filled line; nothing for no counts."""
    if not counts:
        return SafeString("")
    width, height, edge = 96.0, 24.0, 2.5
    top = max(max(counts), 1)
    step = (width - 2 * edge) / max(len(counts) - 1, 1)
    points = [(edge + step * k, height - edge - (height - 2 * edge) * count / top) for k, count in enumerate(counts)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return _svg(
        f'<polygon class="spark-fill" points="{edge:.1f},{height:.1f} {line} {x:.1f},{height:.1f}"/>'
        f'<polyline class="spark-line" points="{line}"/><circle class="spark-dot" cx="{x:.1f}" cy="{y:.1f}" r="2"/>',
        width=width,
        height=height,
        classes="spark",
        title=title,
    )


def heat_bar(parts: dict[str, float]) -> SafeString:
    """Draw 100 points, filled by the parts of a heat side by side; the words that say the same stand beside it."""
    drawn, begin = ['<rect class="heat-empty" width="100" height="8" rx="1"/>'], 0.0
    for name in PARTS:
        value = float(parts.get(name) or 0)
        if value > 0:
            drawn.append(f'<rect class="heat-{name}" x="{begin:.1f}" width="{max(value - 0.6, 0.4):.1f}" height="8"/>')
            begin += value
    return _svg("".join(drawn), width=100, height=8, classes="heatbar", title="", is_stretched=True)


def heat_line(heats: Sequence[tuple[float, Sequence[float]]], *, end: float, axis: Axis, title: str) -> SafeString:
    """Draw the parts of heat one above the other; each moment holds until the next, the last until `end`."""
    bottom = HEAT_HEIGHT - BOTTOM

    def up(value: float) -> float:
        return bottom - (bottom - TOP) * min(max(value, 0.0), 100.0) / 100

    drawn = [*_frame(axis, height=HEAT_HEIGHT), *_levels(up, (0.0, 50.0, 100.0))]
    below = [0.0] * len(heats)
    for part, name in enumerate(PARTS):
        above = [base + parts[part] for base, (_, parts) in zip(below, heats, strict=True)]
        if any(high > low for high, low in zip(above, below, strict=True)):
            high, low = _steps(heats, above, end, axis, up), _steps(heats, below, end, axis, up)
            drawn.append(f'<polygon class="heat-{name}" points="{_points([*high, *reversed(low)])}"/>')
        below = above
    drawn += _marks(axis, height=HEAT_HEIGHT)
    return _svg("".join(drawn), width=WIDTH, height=HEAT_HEIGHT, classes="timeline", title=title)


def voices_line(
    voices: Sequence[int], expected: Sequence[tuple[float, float, float]], *, axis: Axis, title: str
) -> SafeString:
    """Draw voices of each hour as bars, then the expected ones as a line in their band."""
    bottom = VOICES_HEIGHT - BOTTOM
    highest = _round_up(max([*voices, *(high for _, _, high in expected), 1]))

    def up(value: float) -> float:
        return bottom - (bottom - TOP) * max(value, 0.0) / highest

    drawn = [*_frame(axis, height=VOICES_HEIGHT), *_levels(up, (0.0, highest / 2, highest))]
    bar = max((WIDTH - LEFT - RIGHT) / max(axis.steps, 1) - 0.4, 0.6)
    drawn += [
        f'<rect class="bar" x="{axis.across(k):.1f}" y="{up(count):.1f}" width="{bar:.1f}" '
        f'height="{bottom - up(count):.1f}"/>'
        for k, count in enumerate(voices)
        if count
    ]
    if expected:
        places = [axis.across(len(voices) + k + 0.5) for k in range(len(expected))]
        high = [(x, up(most)) for x, (_, _, most) in zip(places, expected, strict=True)]
        low = [(x, up(least)) for x, (_, least, _) in zip(places, expected, strict=True)]
        middle = [(x, up(mean)) for x, (mean, _, _) in zip(places, expected, strict=True)]
        drawn.append(f'<polygon class="band" points="{_points([*high, *reversed(low)])}"/>')
        drawn.append(f'<polyline class="expected" points="{_points(middle)}"/>')
        now = axis.across(len(voices))
        drawn.append(f'<line class="now" x1="{now:.1f}" x2="{now:.1f}" y1="{TOP}" y2="{bottom}"/>')
    drawn += _marks(axis, height=VOICES_HEIGHT)
    return _svg("".join(drawn), width=WIDTH, height=VOICES_HEIGHT, classes="timeline", title=title)


def _steps(
    heats: Sequence[tuple[float, Sequence[float]]],
    values: Sequence[float],
    end: float,
    axis: Axis,
    up: Callable[[float], float],
) -> list[tuple[float, float]]:
    found = []
    for k, ((at, _), value) in enumerate(zip(heats, values, strict=True)):
        until = heats[k + 1][0] if k + 1 < len(heats) else max(end, at)
        found += [(axis.across(at), up(value)), (axis.across(until), up(value))]
    return found


def _frame(axis: Axis, *, height: float) -> list[str]:
    """Days under the chart, with a thin line each."""
    return [
        f'<line class="grid" x1="{axis.across(at):.1f}" x2="{axis.across(at):.1f}" y1="{TOP}" y2="{height - BOTTOM}"/>'
        f'<text class="tick{" tick-few" if place % 2 else ""}" x="{axis.across(at):.1f}" y="{height - 6}" '
        f'text-anchor="middle">{escape(label)}</text>'
        for place, (at, label) in enumerate(axis.ticks)
    ]


def _levels(up: Callable[[float], float], values: Sequence[float]) -> list[str]:
    return [
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(value):.1f}" y2="{up(value):.1f}"/>'
        f'<text class="tick" x="{LEFT - 5}" y="{up(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
        for value in values
    ]


def _marks(axis: Axis, *, height: float) -> list[str]:
    return [
        f'<g class="mark"><line x1="{axis.across(at):.1f}" x2="{axis.across(at):.1f}" y1="{TOP}" '
        f'y2="{height - BOTTOM}"/><circle cx="{axis.across(at):.1f}" cy="{TOP - 11}" r="9"/>'
        f'<text x="{axis.across(at):.1f}" y="{TOP - 7}" text-anchor="middle">{number}</text></g>'
        for at, number in axis.marks
    ]


def _round_up(least: float) -> float:
    """Find the smallest of 2, 4, 10, 20, 40, 100, … that is not below: its half is whole."""
    power = 1.0
    while True:
        for factor in (2.0, 4.0, 10.0):
            if factor * power >= least:
                return factor * power
        power *= 10.0


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _svg(
    drawn: str, *, width: float, height: float, classes: str, title: str, is_stretched: bool = False
) -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" {}{}>{}</svg>',
        classes,
        f"{width:g}",
        f"{height:g}",
        format_html('role="img" aria-label="{}"', title) if title else mark_safe('aria-hidden="true"'),
        mark_safe(' preserveAspectRatio="none"' if is_stretched else ""),  # noqa: S308  # ours
        mark_safe(drawn),  # noqa: S308  # numbers and escaped words
    )
