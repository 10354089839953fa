"""The demonstration: the main job on the bundled sample, which says on standard error what it is at.

`python -m nhipcau.engine.sample.demo --out DIR --lang vi|en`
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from nhipcau.engine.brief.assemble import BriefOptions, assemble
from nhipcau.engine.brief.html import to_html
from nhipcau.engine.brief.model import Brief
from nhipcau.engine.brief.pdf import to_pdf
from nhipcau.engine.compiling import compilations
from nhipcau.engine.compiling_beside import grouping_compiled_beside
from nhipcau.engine.places.gazetteer import Gazetteer
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.sample.province import gazetteer_path
from nhipcau.engine.sample.writing import SampleSummary, write_sample
from nhipcau.engine.stream import Engine

DAYS: Final = 14
POSTS_PER_DAY: Final = 1500
SEED: Final = 1

_WORDS: Final = {
    "vi": "Đã lập bản tin từ {posts} bài viết mẫu (tỉnh hư cấu, không có thật).\nMở bản tin: {html}\nBản in: {pdf}",
    "en": "A brief of {posts} sample posts (a made-up province) is written.\nOpen it: {html}\nTo print: {pdf}",
}
_STEPS = {
    "vi": {
        "sample": "Đang viết dữ liệu mẫu …",
        "brief": "Đang đọc bài và lập bản tin …",
        "compiling": "Lần chạy đầu phải biên dịch phần lõi, mất một đến hai phút …",
    },
    "en": {
        "sample": "Writing the sample …",
        "brief": "Reading the posts and making the brief …",
        "compiling": "The first run compiles the engine: one to two minutes …",
    },
}


def write_demo(folder: Path) -> SampleSummary:
    """Write the bundled sample, two weeks of 1,500 posts a day, to `sample.jsonl` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_sample(folder / "sample.jsonl", days=DAYS, posts_per_day=POSTS_PER_DAY, seed=SEED)


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, write the sample, make its brief, print where it is."""
    parser = argparse.ArgumentParser(description="The main job on the bundled sample of a made-up province.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--lang", choices=sorted(_WORDS), default="vi", help="language of the brief")
    options = parser.parse_args(arguments)
    steps = _STEPS[options.lang]
    _tell(f"{steps['sample']}\n")
    summary = write_demo(options.out)
    _tell(f"{steps['brief']}\n")
    with _compiling_told(steps["compiling"]), grouping_compiled_beside():
        made = _brief(summary, options.lang)
    html, pdf = options.out / "brief.html", options.out / "brief.pdf"
    html.write_text(to_html(made, lang=options.lang), "utf-8")
    pdf.write_bytes(to_pdf(made, lang=options.lang))
    words = _WORDS[options.lang].format(posts=summary.posts, html=html.resolve().as_uri(), pdf=pdf.resolve())
    sys.stdout.write(words + "\n")


def _tell(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


@contextlib.contextmanager
def _compiling_told(text: str) -> Iterator[None]:
    """Tell once that kernels are compiled, and where somebody looks at it how many have been begun."""
    is_watched = sys.stderr.isatty()
    counts: list[int] = []

    def told(count: int) -> None:
        if is_watched:
            _tell(f"\r{text} {count}")
        elif not counts:
            _tell(f"{text}\n")
        counts.append(count)

    with compilations(told):
        yield
    if is_watched and counts:
        _tell("\n")


def _brief(summary: SampleSummary, lang: str) -> Brief:
    """The brief of the sample, with the places of its own province."""
    engine = Engine(gazetteer=Gazetteer.load(gazetteer_path(), home=None))
    # made-up authors of a made-up province: the key guards nobody, and a fixed one makes each run the same
    options = ReadOptions(author_key=bytes(32))
    engine.run(PostReader([summary.path], options).batches())
    engine.end()
    return assemble(engine, BriefOptions(sample=True, lang=lang))


if __name__ == "__main__":
    main()
