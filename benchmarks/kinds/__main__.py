"""Print precision and recall per kind on the labelled voices, and posts per second.

The voices are made up and stand in `tests/data/kinds_labelled.csv` (text, kind, lang: vi, vi-plain = without
diacritics or in teencode, en). A hash of the text puts each into one of two parts: rules were written looking at the
part `dev`, figures are reported from the part `test`.
Both parts were written by the same hand before the rules, about the matters of an office: on real and noisier voices
expect less, above all for `concern` and `report`. `--errors` and `explain` show what to mend in `data/kinds_*.csv`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from nhipcau.engine.kinds import KINDS, explain, kinds_of

LABELLED = Path(__file__).parents[2] / "tests" / "data" / "kinds_labelled.csv"


@dataclass(frozen=True)
class Voice:
    """A labelled voice and what the rules say of it."""

    text: str
    kind: str
    lang: str
    found: str

    @property
    def part(self) -> str:
        """`dev` or `test`, by a hash of the text."""
        return "test" if hashlib.blake2b(self.text.encode(), digest_size=8).digest()[0] % 2 else "dev"


@dataclass(frozen=True)
class Score:
    """Precision and recall of one kind on `voices` voices of it."""

    kind: str
    precision: float
    recall: float
    voices: int


def labelled(path: Path = LABELLED) -> list[Voice]:
    """Read the labelled voices and classify them."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    codes = kinds_of(pa.array([row["text"] for row in rows], pa.string())).to_pylist()
    return [Voice(row["text"], row["kind"], row["lang"], KINDS[code]) for row, code in zip(rows, codes, strict=True)]


def scores(voices: Sequence[Voice]) -> Iterator[Score]:
    """Precision and recall of each kind."""
    for kind in KINDS:
        right = sum(voice.kind == voice.found == kind for voice in voices)
        said = sum(voice.found == kind for voice in voices)
        there = sum(voice.kind == kind for voice in voices)
        yield Score(kind, right / said if said else 0.0, right / there if there else 0.0, there)


def posts_per_second(voices: Sequence[Voice], repeats: int = 40) -> float:
    """Speed on the labelled voices, tokenizing included, JIT warm."""
    texts = pa.array([voice.text for voice in voices] * repeats, pa.string())
    kinds_of(texts)
    begin = time.perf_counter()
    kinds_of(texts)
    return len(texts) / (time.perf_counter() - begin)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kinds", description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list the misjudged voices of the part dev")
    arguments = parser.parse_args()
    voices = labelled()
    for part in ("dev", "test"):
        for lang in ("all", "vi", "vi-plain", "en"):
            chosen = [voice for voice in voices if voice.part == part and lang in {"all", voice.lang}]
            right = sum(voice.kind == voice.found for voice in chosen) / len(chosen)
            print(f"\n{part}, {lang}: {len(chosen)} voices, {right:.3f} right\n")
            print("| kind | precision | recall | voices |\n| --- | --- | --- | --- |")
            for score in scores(chosen):
                print(f"| {score.kind} | {score.precision:.3f} | {score.recall:.3f} | {score.voices} |")
    print(f"\n{posts_per_second(voices):,.0f} posts per second, tokenizing included")
    if arguments.errors:
        for voice in voices:
            if voice.part == "dev" and voice.kind != voice.found:
                cues = ", ".join(f"{one.kind}: {one.cue}" for one in explain(voice.text))
                print(f"{voice.kind} taken for {voice.found} [{cues}]: {voice.text}")


if __name__ == "__main__":
    main()
