"""Posts a second and peak memory of read → brief, beside merely reading and merely tokenising, in the same run.

Each figure is of a process of its own, so that memory is its own; the compiled loops are warmed on a small file first.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nhipcau.engine.sample.writing import write_sample

STAGES = ("nhipcau", "polars.read_ndjson", "HashingVectorizer(1,2)")


def measure(stage: str, path: Path, warm: Path) -> dict[str, float]:
    """Run one stage in this process: posts, seconds, peak memory in MB."""
    seconds = 0.0
    posts = 0
    for source in (warm, path):
        start = time.perf_counter()
        posts = _stage(stage, source)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"posts": posts, "seconds": seconds, "peak": peak}


def _stage(stage: str, path: Path) -> int:
    if stage == "nhipcau":
        from nhipcau.engine.brief.assemble import BriefOptions, assemble
        from nhipcau.engine.reading import PostReader, ReadOptions
        from nhipcau.engine.stream import Engine

        engine = Engine()
        engine.run(PostReader([path], ReadOptions(author_key=bytes(32))).batches())
        assemble(engine, BriefOptions())
        return engine.seq
    import polars

    frame = polars.read_ndjson(path, infer_schema_length=10_000)
    if stage.startswith("HashingVectorizer"):
        from sklearn.feature_extraction.text import HashingVectorizer

        text = "text" if "text" in frame.columns else "summary"
        HashingVectorizer(ngram_range=(1, 2)).transform(frame[text].fill_null("").to_list())
    return len(frame)


def main() -> None:
    """Parse the command line, measure each stage in a process of its own, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="unused; the benchmarks share their options")
    parser.add_argument("--input", type=Path, help="a JSON lines file; else samples are written")
    parser.add_argument("--posts", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--warm", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        print(json.dumps(measure(options.stage, options.input, options.warm)))
        return
    print("| posts | what | seconds | posts/s | peak MB | times nhipcau |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        warm = write_sample(Path(folder) / "warm.jsonl", days=1, posts_per_day=500, seed=2).path
        inputs = [options.input] if options.input else []
        for posts in [] if options.input else options.posts:
            days = max(1, posts // 10_000)
            written = write_sample(Path(folder) / f"{posts}.jsonl", days=days, posts_per_day=posts // days, seed=3)
            inputs.append(written.path)
        for path in inputs:
            base = 0.0
            for stage in STAGES:
                command = [sys.executable, "-m", "benchmarks.throughput", "--stage", stage]
                command += ["--input", str(path), "--warm", str(warm)]
                done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                base = base or done["seconds"]
                print(
                    f"| {done['posts']:,} | {stage} | {done['seconds']:.2f} | "
                    f"{done['posts'] / done['seconds']:,.0f} | {done['peak']:.0f} | {done['seconds'] / base:.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
