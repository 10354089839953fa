"""Forecast the next 72 hours of series whose future is known: error, coverage and seconds, beside live peers.

Series: Vietnamese news by category (`cat` by publication, `catf` by arrival), by keyword (`kw`) and by bursting title
phrase (`auto`) as stand-ins for issues, tweet volumes by the hour (`nab`), and made-up ones. `cover 80` counts hours
within the interval as given; whole counts near nothing put any interval above its level, so the share in the middle 80
% of the chances stands below it, a count on the edge by its part (Czado, Gneiting and Held 2009). The data are not
part of this project: GitHub mnngoisaoxanh/tintuchangngay (`vi-news/articles.jsonl.gz`: time, fetched, source, title,
summary) and GitHub numenta/NAB (`nab/data/realTweets/*.csv.gz`). By default only series that no constant was set on.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.forecast.series import HORIZON, Case, Floats, Series, cases, made_up, news, tweets
from nhipcau.engine.forecasting import Forecast, forecast_many, load_library
from nhipcau.engine.forecasting.chances import chances, within_middle

CASES = {"cat": 10, "catf": 10, "kw": 4, "auto": 1, "nab": 16, "made up": 2}
"""Hours to forecast from, by group, for each series."""


@dataclass
class Tally:
    """What one method did in one group: a row a case."""

    error: list[float] = field(default_factory=list)
    coverage: list[float] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, came: Floats, middle: Floats, low: Floats, high: Floats) -> None:
        """Score one case."""
        self.error.append(float(np.abs(middle - came).mean()))
        self.coverage.append(float(((came >= low) & (came <= high)).mean()))
        self.width.append(float((high - low).mean()))


def peers() -> dict[str, Callable[[], object]]:
    """Models of statsforecast as they come, with a season of a day."""
    models = load_library()
    return {
        "SeasonalNaive": lambda: models.SeasonalNaive(season_length=24),
        "AutoETS": lambda: models.AutoETS(season_length=24),
        "AutoTheta": lambda: models.AutoTheta(season_length=24),
    }


def naive(known: Floats, season: int) -> Floats:
    """Repeat the last season (a shorter history repeats its last day)."""
    season = season if len(known) >= season else 24
    return known[len(known) - season + np.arange(HORIZON) % season]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.forecast", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with vi-news/ and nab/")
    parser.add_argument("--tuned", action="store_true", help="the other half: series that constants were set on")
    parser.add_argument(
        "--no-peers", action="store_true", help="only seasonal naive beside ours (seconds, not minutes)"
    )
    arguments = parser.parse_args()

    begin = time.perf_counter()
    models = peers()
    print(f"import of statsforecast: {time.perf_counter() - begin:.2f} s")
    if arguments.no_peers:
        models = {"SeasonalNaive": models["SeasonalNaive"]}
    every = [*news(arguments.data), *tweets(arguments.data), *made_up()]
    chosen = [series for series in every if series.is_held_out != arguments.tuned]
    print(f"series: {'those constants were set on' if arguments.tuned else 'held out'}, {len(chosen)} of {len(every)}")
    for group in CASES:
        report(
            group, [case for series in chosen if series.group == group for case in cases(series, CASES[group])], models
        )
    budget(every)


def report(group: str, found: Sequence[Case], models: dict[str, Callable[[], object]]) -> None:
    """Print one group."""
    if not found:
        return
    ours, mean = Tally(), Tally()
    others: dict[str, Tally] = defaultdict(Tally)
    forecasts: list[Forecast] = []
    scored: list[Case] = []
    for case in found:
        begin = time.perf_counter()
        forecast = forecast_many([case.known], last_hour=case.last_hour, stream=case.stream)[0]
        ours.seconds += time.perf_counter() - begin
        if len(forecast.mean) == 0:
            continue
        scored.append(case)
        forecasts.append(forecast)
        ours.add(case.came, forecast.median, forecast.low, forecast.high)
        mean.add(case.came, forecast.mean, forecast.low, forecast.high)
        for name, make in models.items():
            begin = time.perf_counter()
            others[name].add(case.came, *_peer(make, case.known))
            others[name].seconds += time.perf_counter() - begin
    by_day = np.array([np.abs(naive(case.known, 24) - case.came).mean() for case in scored])
    by_week = np.array([np.abs(naive(case.known, 168) - case.came).mean() for case in scored])
    inner = np.array([_inner_naive(case.known) for case in scored])
    # Series weigh alike, whatever their level.
    scale = np.array([case.came.mean() + case.known[-24:].mean() + 0.05 for case in scored])

    print(f"\n{group}: {len(scored)} forecasts of {len({case.series.name for case in scored})} series")
    print(f"{'':22}{'MASE 24':>9}{'MASE 168':>10}{'MASE in':>9}{'cover 80':>10}{'width':>8}{'ms':>8}")
    for name, tally in {"ours (median)": ours, "ours (mean)": mean, **others}.items():
        error = np.array(tally.error) / scale
        milliseconds = f"{1000 * tally.seconds / len(found):8.1f}" if tally.seconds else f"{'':8}"
        print(
            f"{name:22}{error.mean() / (by_day / scale).mean():9.3f}{error.mean() / (by_week / scale).mean():10.3f}"
            f"{(np.array(tally.error) / inner).mean():9.3f}{np.mean(tally.coverage):10.3f}"
            f"{(np.array(tally.width) / scale).mean():8.2f}{milliseconds}"
        )
    _extras(scored, forecasts, ours)


def _extras(scored: Sequence[Case], forecasts: Sequence[Forecast], ours: Tally) -> None:
    totals = {hours: np.array([case.came[:hours].sum() for case in scored]) for hours in (24, 72)}
    for hours, real in totals.items():
        given = [forecast.next_24 if hours == 24 else forecast.next_72 for forecast in forecasts]
        held = [
            total is not None and total.low <= value <= total.high for total, value in zip(given, real, strict=True)
        ]
        size = np.array([case.known[-24:].sum() * hours / 24 for case in scored])
        error = np.array([abs(total.mean - value) if total else 0.0 for total, value in zip(given, real, strict=True)])
        ratio = (error / (size + 1)).mean() / (np.abs(size - real) / (size + 1)).mean()
        print(f"  total of {hours} h: MASE {ratio:.3f}, coverage {np.mean(held):.3f}")
    tested = [forecast.backtest for forecast in forecasts if forecast.backtest is not None]
    errors = [each.mase for each in tested if each.mase is not None]
    coverage, calibration = (np.mean([getattr(each, name) for each in tested]) for name in ("coverage", "calibration"))
    print(
        f"  {len(tested)} back-tests shown beside: MASE {np.median(errors):.3f} (median), coverage {coverage:.3f},"
        f" in the middle 80 % of the chances {calibration:.3f}"
    )
    middle = [_middle(case, forecast) for case, forecast in zip(scored, forecasts, strict=True)]
    print(f"  hours in the middle 80 % of the chances, a count on the edge by its part: {np.mean(middle):.3f}")
    clear = np.array([forecast.reason is None for forecast in forecasts])
    if clear.any() and not clear.all():
        covered = np.array(ours.coverage)
        print(
            f"  not marked too sparse: {clear.sum()}, coverage {covered[clear].mean():.3f};"
            f" marked: {covered[~clear].mean():.3f} (their totals: see above)"
        )


def _middle(case: Case, forecast: Forecast) -> float:
    given = chances(forecast.mean, forecast.excess)
    inside = (case.came >= forecast.low) & (case.came <= forecast.high)
    return float(np.where(given.is_large, inside, within_middle(given, case.came, 0.8)).mean())


def _peer(make: Callable[[], object], known: Floats) -> tuple[Floats, Floats, Floats]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            given = make().forecast(y=known, h=HORIZON, level=[80])  # type: ignore[attr-defined]
        except Exception:  # noqa: BLE001 - a peer that cannot fit a short series falls back, as its own class does
            given = {"mean": naive(known, 24)}
    middle = np.maximum(np.nan_to_num(given["mean"]), 0.0)
    low, high = given.get("lo-80", middle), given.get("hi-80", middle)
    return middle, np.maximum(np.nan_to_num(low), 0.0), np.maximum(np.nan_to_num(high), 0.0)


def _inner_naive(known: Floats) -> float:
    """Mean error of repeating the day before, within the history: the scale of Hyndman and Koehler (2006)."""
    inner = np.abs(known[24:] - known[:-24])
    return max(float(inner.mean()) if len(inner) else float(known.mean()), 0.01)


def budget(every: Sequence[Series]) -> None:
    """Print the seconds for twenty issues at one hour, as a brief asks for them."""
    issues = sorted((series for series in every if series.group == "kw"), key=lambda each: -each.counts.sum())[:20]
    known = [series.counts[-HORIZON - 28 * 24 : -HORIZON] for series in issues]
    stream = issues[0].stream
    last_hour = issues[0].first_hour + len(issues[0].counts) - HORIZON - 1
    begin = time.perf_counter()
    forecast_many(known, last_hour=last_hour, stream=None if stream is None else stream[:-HORIZON])
    print(f"\n20 issues of 28 days, back-tests included: {time.perf_counter() - begin:.2f} s")


if __name__ == "__main__":
    main()
