"""Posts a second and peak memory of read → brief and of each stage, as ratios to two peers in the same run.

The peers are `polars.read_ndjson` (merely reading the file) and scikit-learn's `HashingVectorizer(ngram_range=(1, 2))`
(merely tokenising). Each figure comes from a process of its own, whose compiled loops are warmed on a small file
first; a stage is timed alone, without what comes before it, and its memory is that of the process. The whole uses
three threads, a stage one (reading: two), so that the seconds of the stages add up to more than those of the whole.

Posts are the made-up sample, 10,000 a day; `--data FOLDER` adds the Vietnamese news of `vi-news/articles.jsonl.gz`
(titles and summaries of three newspapers, from github.com/mnngoisaoxanh/tintuchangngay). Ten million posts take 3 GB
of disk and most of an hour: `--posts 10000000 --only whole`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.throughput.measures import FLOOR, MEASURES, MILLION, VECTORIZER, WHOLE
from nhipcau.engine.sample.writing import write_sample

POSTS_A_DAY = 10_000
NEWS = Path("vi-news") / "articles.jsonl.gz"


def measured(name: str, path: Path, warm: Path) -> dict[str, float]:
    """Run one measure in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.throughput",
        "--measure",
        name,
        "--input",
        str(path),
        "--warm",
        str(warm),
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def show(title: str, path: Path, warm: Path, names: list[str]) -> None:
    """Measure one input and print its table."""
    print(f"\n### {title}\n")
    print("| what | seconds | of processors | posts/s | peak MB | polars = 1 | times the vectoriser's speed |")
    print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
    seconds: dict[str, float] = {}
    for name in names:
        found = measured(name, path, warm)
        seconds[name] = found["wall"]
        ratios = [
            f"{found['wall'] / seconds[FLOOR]:.1f}" if FLOOR in seconds else "",
            f"{seconds[VECTORIZER] / found['wall']:.2f}" if VECTORIZER in seconds else "",
        ]
        print(
            f"| {name} | {found['wall']:.2f} | {found['processor']:.2f} | {found['posts'] / found['wall']:,.0f} | "
            f"{found['peak']:,.0f} | {' | '.join(ratios)} |",
            flush=True,
        )
        if "growth" in found:
            last = int(found["posts"]) // MILLION
            print(
                f"\nA post of the million before {last:,},000,000 costs {found['growth']:.3f} times one of the first "
                f"million (processor time; {found['growth_wall']:.3f} on the clock).",
                flush=True,
            )


def main() -> None:
    """Parse the command line, measure, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with the public data sets: adds the Vietnamese news")
    parser.add_argument("--input", type=Path, help="a file of posts of your own, instead of all others")
    parser.add_argument("--posts", type=int, nargs="*", default=[10_000, 100_000], help="sizes of the sample")
    parser.add_argument("--only", choices=["all", "peers", "whole"], default="all", help="peers: those and the whole")
    parser.add_argument("--folder", type=Path, help="where samples are written, and removed at the end")
    parser.add_argument("--measure", choices=list(MEASURES), help=argparse.SUPPRESS)
    parser.add_argument("--warm", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        MEASURES[options.measure](options.warm)
        print(json.dumps(MEASURES[options.measure](options.input)))
        return
    names = {"all": list(MEASURES), "peers": [FLOOR, VECTORIZER, WHOLE], "whole": [WHOLE]}[options.only]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        warm = write_sample(Path(folder) / "warm.jsonl", days=4, posts_per_day=1500, seed=2).path
        if options.input:
            show(options.input.name, options.input, warm, names)
            return
        if options.data and (options.data / NEWS).exists():
            show("Vietnamese news", options.data / NEWS, warm, names)
        for posts in options.posts:
            days = max(1, posts // POSTS_A_DAY)
            written = write_sample(Path(folder) / f"{posts}.jsonl", days=days, posts_per_day=posts // days, seed=3)
            show(f"{posts:,} posts of the sample", written.path, warm, names)
            written.path.unlink()


if __name__ == "__main__":
    main()
