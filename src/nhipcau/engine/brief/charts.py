"""Charts as SVG text: a sparkline, history with forecast, and heat split into its parts.

Colours come from a palette: CSS variables for the page, plain colours for the PDF. Words come from the caller.
Figures are drawn in a fixed order with one decimal, so that the same numbers give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, NamedTuple

from nhipcau.engine.brief.text import clean


@dataclass(frozen=True)
class Palette:
    """The colours and the font of a chart; `parts` in the order of the heat's parts."""

    ink: str
    muted: str
    grid: str
    history: str
    forecast: str
    band: str
    paper: str
    parts: tuple[str, str, str, str, str]
    font: str


PAGE: Final = Palette(
    ink="var(--ink)",
    muted="var(--muted)",
    grid="var(--line)",
    history="var(--history)",
    forecast="var(--forecast)",
    band="var(--band)",
    paper="var(--card)",
    parts=("var(--part1)", "var(--part2)", "var(--part3)", "var(--part4)", "var(--part5)"),
    font="inherit",
)
"""For the HTML page, which says what each variable is in light, in dark and in print."""

PRINT: Final = Palette(
    ink="#1b2733",
    muted="#56636f",
    grid="#d6dce1",
    history="#71879b",
    forecast="#0b5f6e",
    band="#bfdde2",
    paper="#ffffff",
    parts=("#1f5a96", "#b4531a", "#2f7a55", "#76489b", "#8a6d00"),
    font="Libertinus Serif",
)
"""For the PDF."""


class Tick(NamedTuple):
    """A mark under a chart, `at` steps from its left edge."""

    at: float
    label: str


class Expected(NamedTuple):
    """One step of a forecast."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class ChartWords:
    """What a chart says: its title, its description, the line between past and forecast, and its numbers."""

    title: str
    description: str
    now: str
    number: Callable[[float], str]


CHART_WIDTH: Final = 360.0
CHART_HEIGHT: Final = 150.0
LEFT, RIGHT, TOP, BOTTOM = 30.0, 6.0, 14.0, 20.0
"""Margins in which the labels stand; narrow enough to be read on a telephone."""


def sparkline(counts: Sequence[float], *, palette: Palette, title: str, key: str) -> str:
    """Draw a small filled line without axes; a dot marks its end.

    Parameters
    ----------
    counts
        Voices in steps of equal length, oldest first; empty gives an empty text.
    palette, title
        Colours, and what a screen reader says.
    key
        Unique on the page: ids are made of it.
    """
    if not counts:
        return ""
    width, height, edge = 96.0, 24.0, 2.5
    top = max(max(counts), 1.0)
    step = (width - 2 * edge) / max(len(counts) - 1, 1)
    points = [(edge + step * index, height - edge - (height - 2 * edge) * v / top) for index, v in enumerate(counts)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    drawn = (
        f'<polygon points="{edge:.1f},{height:.1f} {line} {last_x:.1f},{height:.1f}" style="fill:{palette.band}"/>'
        f'<polyline points="{line}" style="fill:none;stroke:{palette.forecast};stroke-width:1.4"/>'
        f'<circle cx="{last_x:.1f}" cy="{last_y:.1f}" r="2" style="fill:{palette.forecast}"/>'
    )
    return _svg(drawn, width=width, height=height, title=title, key=key, classes="spark")


def heat_bar(points: Sequence[float], *, palette: Palette, title: str, key: str) -> str:
    """Draw a bar of 100 points, filled by the parts of a heat side by side.

    Parameters
    ----------
    points
        Five numbers whose sum is at most 100.
    palette, title, key
        See `sparkline`.
    """
    drawn = [f'<rect width="100" height="8" rx="1" style="fill:{palette.grid}"/>']
    begin = 0.0
    for value, colour in zip(points, palette.parts, strict=True):
        if value > 0:
            # A hair of the paper's colour keeps neighbours apart for those who do not see the colours.
            length = max(value - 0.6, 0.4)
            drawn.append(f'<rect x="{begin:.1f}" width="{length:.1f}" height="8" style="fill:{colour}"/>')
            begin += value
    return _svg("".join(drawn), width=100.0, height=8.0, title=title, key=key, classes="heatbar", is_stretched=True)


def trend_chart(
    history: Sequence[float],
    forecast: Sequence[Expected],
    *,
    ticks: Sequence[Tick],
    palette: Palette,
    words: ChartWords,
    key: str,
) -> str:
    """Draw history as filled steps, then the forecast as a broken line in its 80 % band.

    Parameters
    ----------
    history
        Voices a step, oldest first; empty (with an empty forecast) gives an empty text.
    forecast
        The steps that follow, of the same length.
    ticks
        Marks under the axis, in steps from the left edge.
    palette, words, key
        See `sparkline`.
    """
    steps = len(history) + len(forecast)
    if steps == 0:
        return ""
    unit = _round_unit(max([1.0, *history, *(each.high for each in forecast), *(each.mean for each in forecast)]) / 3)
    base = CHART_HEIGHT - BOTTOM

    def across(step: float) -> float:
        return LEFT + (CHART_WIDTH - LEFT - RIGHT) * step / steps

    def up(value: float) -> float:
        return base - (base - TOP) * max(value, 0.0) / (3 * unit)

    drawn = []
    for line in range(4):
        height = up(line * unit)
        drawn.append(
            f'<path d="M{LEFT:.1f} {height:.1f}H{CHART_WIDTH - RIGHT:.1f}" '
            f'style="stroke:{palette.grid};stroke-width:.7"/>'
            + _label(LEFT - 4, height + 3.5, words.number(line * unit), anchor="end", palette=palette)
        )
    for tick in ticks:
        x = across(tick.at)
        drawn.append(
            f'<path d="M{x:.1f} {base:.1f}v4" style="stroke:{palette.muted};stroke-width:.7"/>'
            + _label(x, base + 15, tick.label, anchor="middle", palette=palette)
        )
    if history:
        outline = "".join(f"V{up(value):.1f}H{across(index + 1):.1f}" for index, value in enumerate(history))
        drawn.append(f'<path d="M{across(0):.1f} {base:.1f}{outline}V{base:.1f}Z" style="fill:{palette.history}"/>')
    if forecast:
        drawn.append(_forecast_lines(forecast, begin=len(history), across=across, up=up, palette=palette))
        x = across(len(history))
        drawn.append(
            f'<path d="M{x:.1f} {TOP - 6:.1f}V{base:.1f}" style="stroke:{palette.ink};stroke-width:.8"/>'
            + _label(x + 3, TOP - 4, words.now, anchor="start", palette=palette)
        )
    return _svg(
        "".join(drawn),
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
        title=words.title,
        key=key,
        classes="chart",
        description=words.description,
    )


def _forecast_lines(
    forecast: Sequence[Expected],
    *,
    begin: int,
    across: Callable[[float], float],
    up: Callable[[float], float],
    palette: Palette,
) -> str:
    middles = [across(begin + index + 0.5) for index in range(len(forecast))]
    upper = [f"{x:.1f},{up(each.high):.1f}" for x, each in zip(middles, forecast, strict=True)]
    lower = [f"{x:.1f},{up(each.low):.1f}" for x, each in zip(middles, forecast, strict=True)]
    means = [f"{x:.1f},{up(each.mean):.1f}" for x, each in zip(middles, forecast, strict=True)]
    return (
        f'<polygon points="{" ".join(upper + lower[::-1])}" '
        f'style="fill:{palette.band};stroke:{palette.forecast};stroke-width:.5"/>'
        f'<polyline points="{" ".join(means)}" '
        f'style="fill:none;stroke:{palette.forecast};stroke-width:1.6;stroke-dasharray:4 2"/>'
    )


def _round_unit(least: float) -> float:
    """Find the smallest of 1, 2, 5, 10, 20, 50, … that is not below `least`: counts have whole marks."""
    power = 1.0
    while True:
        for factor in (1.0, 2.0, 5.0):
            if factor * power >= least:
                return factor * power
        power *= 10.0


def _label(x: float, y: float, text: str, *, anchor: str, palette: Palette) -> str:
    font = "" if palette.font == "inherit" else f' font-family="{palette.font}"'
    style = f"fill:{palette.muted};font-size:11px"
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{font} style="{style}">{escape(clean(text))}</text>'


def _svg(
    drawn: str,
    *,
    width: float,
    height: float,
    title: str,
    key: str,
    classes: str,
    description: str = "",
    is_stretched: bool = False,
) -> str:
    named = f'<title id="{key}-t">{escape(clean(title))}</title>'
    ids = f"{key}-t"
    if description:
        named += f'<desc id="{key}-d">{escape(clean(description))}</desc>'
        ids += f" {key}-d"
    stretch = ' preserveAspectRatio="none"' if is_stretched else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}" viewBox="0 0 {width:.0f} {height:.0f}"{stretch} '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-labelledby="{ids}">{named}{drawn}</svg>'
    )
