"""The demonstration: writes the bundled sample. `python -m nhipcau.engine.sample.demo --out DIR --lang vi|en`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from nhipcau.engine.sample.writing import SampleSummary, write_sample

DAYS: Final = 14
POSTS_PER_DAY: Final = 1500
SEED: Final = 1

_WORDS: Final = {
    "vi": "Đã ghi {posts} bài viết mẫu (không có thật) vào {path}",
    "en": "Wrote {posts} sample posts (made up) to {path}",
}


def write_demo(folder: Path) -> SampleSummary:
    """Write the bundled sample, two weeks of 1,500 posts a day, to `sample.jsonl` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_sample(folder / "sample.jsonl", days=DAYS, posts_per_day=POSTS_PER_DAY, seed=SEED)


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, write the sample, print where it is."""
    parser = argparse.ArgumentParser(description="Write the bundled sample of a made-up province.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--lang", choices=sorted(_WORDS), default="vi", help="language of what is printed")
    options = parser.parse_args(arguments)
    summary = write_demo(options.out)
    sys.stdout.write(_WORDS[options.lang].format(posts=summary.posts, path=summary.path) + "\n")


if __name__ == "__main__":
    main()
