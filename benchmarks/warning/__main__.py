"""Early warning measured three ways, with live peers in the same run.

1. NAB (github.com/numenta/NAB, `nab/{data,labels}`): `detect` on every series, standard profile, one threshold for the
   whole corpus and one for the tweet volumes alone.
2. A made-up province: hours from each issue's onset to its first level, and false levels of what belongs to no issue.
3. Vietnamese news (github.com/mnngoisaoxanh/tintuchangngay, `vi-news/articles.jsonl.gz`): the brief at known bursts.

The data are not part of this project. Without them only the second part runs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.warning import nab, onsets, replays
from benchmarks.warning.peers import DETECTORS
from nhipcau.engine.watch.detect import detect

TWEETS = "realTweets"


def report_nab(folder: Path, *, with_peers: bool) -> None:
    """Print one row a detector."""
    series = nab.read(folder)
    tweets = {name: one for name, one in series.items() if one.category == TWEETS}
    categories = sorted({one.category for one in series.values() if one.windows})
    print(f"{len(series)} series, {len(tweets)} of tweet volumes")
    print(f"| detector | whole | {' | '.join(categories)} | tweets, own threshold | thresholds | µs a point |")
    print(f"|---|---:|{'---:|' * len(categories)}---:|---|---:|")
    detectors: dict[str, Callable[..., nab.Floats]] = {"ours": detect, **(DETECTORS if with_peers else {})}
    detect(np.arange(200), np.arange(200.0))  # compiled before it is timed
    for name, detector in detectors.items():
        begin = time.process_time()
        scores = {each: detector(one.times, one.values) for each, one in series.items()}
        seconds = time.process_time() - begin
        whole, alone = nab.score(series, scores), nab.score(tweets, scores)
        by_category = " | ".join(_figure(whole.of(series, category=category)) for category in categories)
        points = sum(len(one.values) for one in series.values())
        print(
            f"| {name} | {_figure(whole.whole)} | {by_category} | {_figure(alone.whole)}"
            f" | {whole.threshold:.3f}; {alone.threshold:.3f} | {1e6 * seconds / points:.0f} |",
            flush=True,
        )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def main() -> None:
    """Print the three parts."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.warning", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with nab/ and vi-news/")
    parser.add_argument("--no-peers", action="store_true", help="only ours on NAB (seconds, not minutes)")
    parser.add_argument("--only", choices=("nab", "sample", "news"), help="one part")
    options = parser.parse_args()
    if options.data and options.only in (None, "nab"):
        print("### NAB, standard profile\n")
        report_nab(options.data / "nab", with_peers=not options.no_peers)
    if options.only in (None, "sample"):
        print("\n### Known onsets of a made-up province, 6 weeks\n")
        onsets.report(onsets.province(days=42, posts_per_day=4000, seed=6))
    if options.data and options.only in (None, "news"):
        print("\n### Known bursts of the news, replayed\n")
        replays.report(options.data / "vi-news" / "articles.jsonl.gz")


if __name__ == "__main__":
    main()
