"""Recall and false folds on copies of real posts with up to a tenth of their words changed, beside two peers.

Each text is followed by a copy, at most 1,000 texts later. *recall*: copies of texts of at least ten words that were
folded into the head of their original, or into one that shares no fewer words; `n // 10` of n words are changed, a
prefix included. Originals that are near copies themselves (of 70 % and more by comparing all) do not count there, but
in *of all*. *short*: as *of all*, for shorter texts, whose copies keep their words (marks, case, diacritics, address).
*false*: posts folded into a head with a Jaccard of words below .6, or with other words where either has up to four.
Real posts: `vi-news/articles.jsonl.gz` (GitHub mnngoisaoxanh/tintuchangngay), `vi-social/comments.jsonl.gz` (GitHub
ThienIT84/vietnamese-hate-speech-dataset), `short-text/tweets.jsonl.gz` (GitHub jackyin12/MStream).
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.folding.copying import EDITED_WORDS, with_copies
from benchmarks.folding.systems import FEWEST_WORDS, SYSTEMS, Heads, cleaned
from benchmarks.folding.templates import report as report_templates
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.sample.writing import write_sample

FARTHEST = 1000
DIFFERENT = 0.6
SEED = 20
SETS = {
    "Vietnamese news": ("vi-news/articles.jsonl.gz", ("title", "summary")),
    "Vietnamese comments": ("vi-social/comments.jsonl.gz", ("text",)),
    "short-text tweets": ("short-text/tweets.jsonl.gz", ("text",)),
}

Sets = Sequence[frozenset[int]]


def read(path: Path, fields: Sequence[str], count: int) -> list[str]:
    """So many texts, evenly from the whole file, in its order."""
    whole = path.read_bytes()
    lines = (gzip.decompress(whole) if path.suffix == ".gz" else whole).decode("utf-8").rstrip("\n").split("\n")
    rows = [json.loads(line) for line in lines]
    step = max(1, len(rows) // count)
    return [" ".join(row[field] for field in fields) for row in rows[::step][:count]]


def sets(data: Path | None, folder: Path, count: int) -> Iterator[tuple[str, list[str]]]:
    """Name and texts."""
    for name, (place, fields) in SETS.items():
        if data and (data / place).exists():
            yield name, read(data / place, fields, count)
    written = write_sample(folder / "sample.jsonl", days=10, posts_per_day=count // 10, seed=11)
    yield "sample", read(written.path, ("text",), count)


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """The part of the words of two texts that both have."""
    return len(one & other) / len(one | other) if one or other else 1.0


def is_false(words: frozenset[int], head: frozenset[int]) -> bool:
    """Whether a fold is one of different texts."""
    if words != head and min(len(words), len(head)) < FEWEST_WORDS:
        return True
    return jaccard(words, head) < DIFFERENT


def is_found(post: int, original: int, heads: Heads, words: Sets) -> bool:
    """Whether a copy was folded into the head of its original, or into one that is as like it."""
    head = int(heads[post])
    if head == post:
        return False
    likeness = jaccard(words[post], words[head])
    return head == heads[original] or likeness >= jaccard(words[post], words[original])


def main() -> None:
    """Parse the command line, print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.folding", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with the public sets; without it only the sample")
    parser.add_argument("--texts", type=int, default=4000, help="originals a data set")
    options = parser.parse_args()
    lexicon = Lexicon.load()
    SYSTEMS["nhipcau"](cleaned(["một hai ba bốn năm", "một hai ba bốn năm"], lexicon))
    by_kind: dict[str, Counter[str]] = {name: Counter() for name in SYSTEMS}
    copies: Counter[str] = Counter()
    print(
        "| set | system | copies | recall | of all | short | recall of short | posts | false | false, % | µs a post |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, texts in sets(options.data, Path(folder), options.texts):
            stream, originals, kinds = with_copies(texts, seed=SEED, farthest=FARTHEST)
            posts = cleaned(stream, lexicon)
            words = posts.sets()
            # a text that cleaning leaves no words of has no copy to find
            pairs = [(post, place) for post, place in enumerate(originals) if place >= 0 and words[place]]
            long = {post for post, place in pairs if len(stream[place].split()) >= EDITED_WORDS}
            alone = SYSTEMS["all pairs (ceiling)"](posts)[0]
            new = {post for post in long if alone[originals[post]] == originals[post]}
            copies.update(kinds[post] for post in new)
            for system, fold in SYSTEMS.items():
                heads, seconds = fold(posts)
                found = {post for post, place in pairs if is_found(post, place, heads, words)}
                by_kind[system].update(kinds[post] for post in found & new)
                false = sum(is_false(words[post], words[head]) for post, head in enumerate(heads))
                short = len(pairs) - len(long)
                whole = len(stream)
                print(
                    f"| {name} | {system} | {len(new)} | {len(found & new) / max(len(new), 1):.4f} | "
                    f"{len(found & long) / max(len(long), 1):.4f} | {short} | "
                    f"{len(found - long) / max(short, 1):.4f} | {whole} | {false} | "
                    f"{100 * false / whole:.3f} | {1e6 * seconds / whole:.1f} |",
                    flush=True,
                )
    print(f"\nRecall by kind of copy, all sets together\n\n| copy | copies | {' | '.join(SYSTEMS)} |")
    print("|---|---:|" + "---:|" * len(SYSTEMS))
    for kind, count in copies.items():
        print(f"| {kind} | {count} | {' | '.join(f'{by_kind[system][kind] / count:.4f}' for system in SYSTEMS)} |")
    report_templates(lexicon)


if __name__ == "__main__":
    main()
