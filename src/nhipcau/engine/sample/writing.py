"""Writes a sample stream and its truth: the one public function of the package. Streaming; memory does not grow.

The truth is two files. `<out>.truth.json` is one JSON document:

- `statement_vi`, `statement_en`: that all is made up; `province`, `seed`, `days`, `posts_per_day`, `start`, `end`;
- `posts`, `chatter`: how many posts there are, and how many belong to no issue; `posts_file`: the other file's name;
- `places`: code, name, area and former name of each commune;
- `issues`: `id`, `scenario`, `label_vi`, `label_en`, `shape`, `onset`, `peak` (the busiest hour), `first`,
  `last`, `ends`, `places` (codes, the one where it began first), `posts`, `kinds` (posts by kind);
- `waves`: `id`, `issue`, `original` (post id), `start`, `end`, `authors` (`many` or `few`), `copies`;
- `silent`: `source` that said nothing from `since` on.

`<out>.truth.csv.gz` has a line for each post, in the order of the posts: `id,issue,kind,copy_of,twin_of,style`. `issue`
is empty for chatter; `copy_of` is the original of a copied wave; `twin_of` is a post with the same words that has its
diacritics where this one has none; `style` is how it was typed (`nhipcau.engine.sample.spelling.STYLES`).
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np

from nhipcau.engine.errors import EngineError
from nhipcau.engine.sample.book import book
from nhipcau.engine.sample.compose import Composer
from nhipcau.engine.sample.encoding import PostLines, TruthLines, issue_id
from nhipcau.engine.sample.grammar import KINDS, scenarios
from nhipcau.engine.sample.live import Longs
from nhipcau.engine.sample.plan import Issue, Plan, make_plan
from nhipcau.engine.sample.province import PROVINCE, STATEMENT_EN, STATEMENT_VI, areas, communes, sources

DEFAULT_START: Final = datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=7)))
MOST_POSTS: Final = 999_999_999
_CHUNK_POSTS: Final = 40_000


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """What was written and where."""

    posts: int
    issues: int
    path: Path
    truth: Path
    truth_posts: Path
    start: datetime
    end: datetime


@dataclass(frozen=True)
class _Chunk:
    hours: Longs
    counts: Longs
    start: float = 0.0
    end: float = 1.0


def _chunks(posts_by_hour: Longs) -> Iterator[_Chunk]:
    """Cut into runs of whole hours with some tens of thousands of posts, at most a day; an hour with more is cut."""
    first = 0
    while first < len(posts_by_hour):
        count = int(posts_by_hour[first])
        if count > _CHUNK_POSTS:
            parts = -(-count // _CHUNK_POSTS)
            for part in range(parts):
                share = count * (part + 1) // parts - count * part // parts
                yield _Chunk(np.array([first]), np.array([share]), part / parts, (part + 1) / parts)
            first += 1
            continue
        last = first
        total = 0
        while last < len(posts_by_hour) and last - first < 24 and total + posts_by_hour[last] <= _CHUNK_POSTS:
            total += int(posts_by_hour[last])
            last += 1
        if total:
            yield _Chunk(np.arange(first, last), posts_by_hour[first:last])
        first = last


def _open(stack: ExitStack, path: Path) -> BinaryIO:
    file = stack.enter_context(path.open("wb"))
    if path.suffix != ".gz":
        return file
    # No name and no time in the header: the same stream gives the same bytes.
    packed = gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=file, mtime=0)
    return cast(BinaryIO, stack.enter_context(io.BufferedWriter(cast(io.RawIOBase, packed), 1 << 20)))


def _checked(days: int, posts_per_day: int, seed: int, start: datetime) -> None:
    if days < 1:
        raise EngineError("sample.days-too-few", days=days)
    if posts_per_day < 1:
        raise EngineError("sample.posts-too-few", posts_per_day=posts_per_day)
    if days * posts_per_day > MOST_POSTS:
        raise EngineError("sample.too-many-posts", posts=days * posts_per_day, most=MOST_POSTS)
    if seed < 0:
        raise EngineError("sample.seed-negative", seed=seed)
    if start.tzinfo is None:
        raise EngineError("sample.start-without-zone", start=start.isoformat())


def write_sample(
    out: Path,
    *,
    days: int,
    posts_per_day: int,
    seed: int,
    start: datetime = DEFAULT_START,
    truth: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> SampleSummary:
    """Write a stream of public posts of a made-up province, and what is true of it.

    Parameters
    ----------
    out
        JSON lines in time order: `id, time, arrived, source, channel, place?, author?, title?, text, kind, reach,
        sample`, of which the last is true on every line. A name that ends in `.gz` is packed.
    days, posts_per_day
        Their product is the exact number of posts; quiet and busy days differ.
    seed
        Not negative. The same arguments give the same bytes.
    start
        First moment of the stream, with a zone; whole hours are kept.
    truth
        Where the truth goes, by default beside `out` with the suffix `.truth.json`; the module says what is in it.
    progress
        Called with the number of posts written since the last call.

    Returns
    -------
    SampleSummary
        Counts and paths.

    Raises
    ------
    EngineError
        `sample.days-too-few`, `sample.posts-too-few`, `sample.too-many-posts`, `sample.seed-negative`,
        `sample.start-without-zone`.

    Notes
    -----
    About 5 µs a post on one core; memory is some 200 MB at any length.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     summary = write_sample(Path(folder) / "sample.jsonl", days=2, posts_per_day=50, seed=1)
    >>> summary.posts
    100
    """
    _checked(days, posts_per_day, seed, start)
    start = start.replace(minute=0, second=0, microsecond=0)
    places = sources()
    plan = make_plan(
        scenarios(),
        places,
        days=days,
        posts_per_day=posts_per_day,
        seed=seed,
        first_weekday=start.weekday(),
        first_hour=start.hour,
    )
    phrasebook = book()
    composer = Composer(plan, phrasebook, places, posts_per_day=posts_per_day, seed=seed)
    posts = PostLines(phrasebook, places, start=start, days=days)
    true_lines = TruthLines(plan.issues)
    bare = out.with_suffix("") if out.suffix == ".gz" else out
    truth_path = truth or bare.with_suffix(".truth.json")
    truth_posts = truth_path.with_suffix(".csv.gz")
    chatter = 0
    with ExitStack() as stack:
        post_file = _open(stack, out)
        truth_file = _open(stack, truth_posts)
        truth_file.write(TruthLines.HEADER)
        for number, chunk in enumerate(_chunks(plan.posts_by_hour)):
            rows = composer.draw(number, chunk.hours, chunk.counts, start=chunk.start, end=chunk.end)
            post_file.write(posts.encode(rows))
            truth_file.write(true_lines.encode(rows))
            chatter += int((rows.issue < 0).sum())
            if progress is not None:
                progress(len(rows.seconds))
    end = start + timedelta(days=days)
    document = {
        "statement_vi": STATEMENT_VI,
        "statement_en": STATEMENT_EN,
        "province": PROVINCE,
        "seed": seed,
        "days": days,
        "posts_per_day": posts_per_day,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "posts": composer.next_row,
        "chatter": chatter,
        "posts_file": truth_posts.name,
        **_truth_of(plan, start),
    }
    truth_path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    said = sum(1 for issue in plan.issues if issue.first >= 0)
    return SampleSummary(composer.next_row, said, out, truth_path, truth_posts, start, end)


def _truth_of(plan: Plan, start: datetime) -> dict[str, object]:
    def moment(hours: float) -> str:
        return (start + timedelta(seconds=int(hours * 3600))).isoformat()

    said = [issue for issue in plan.issues if issue.first >= 0]
    return {
        "silent": {"source": sources()[plan.silent_source].name, "since": moment(plan.silent_since)},
        "places": [
            {
                "code": commune.code,
                "name": commune.full_name,
                "area": areas()[commune.area],
                "former_name": commune.former_name,
            }
            for commune in communes()
        ],
        "issues": [_issue_truth(issue, moment) for issue in said],
        "waves": [
            {
                "id": f"wave-{wave.number + 1:05d}",
                "issue": issue_id(issue),
                "original": f"sample-{wave.original:09d}",
                "start": moment(wave.start_hour),
                "end": moment(wave.end_hour),
                "authors": wave.authors,
                "copies": wave.copies,
            }
            for issue in said
            if (wave := issue.wave) is not None and wave.copies
        ],
    }


def _issue_truth(issue: Issue, moment: Callable[[float], str]) -> dict[str, object]:
    scenario = scenarios()[issue.scenario]
    centre = communes()[int(issue.places[0])]
    return {
        "id": issue_id(issue),
        "scenario": issue.key,
        "label_vi": f"{scenario.label_vi} ({centre.full_name})",
        "label_en": f"{scenario.label_en} ({centre.name})",
        "shape": issue.shape,
        "onset": moment(issue.onset),
        "peak": moment(issue.peak_hour),
        "first": moment(issue.first / 3600),
        "last": moment(issue.last / 3600),
        "ends": moment(issue.onset + issue.life),
        "places": [communes()[place].code for place in issue.places.tolist()],
        "posts": int(issue.by_kind.sum()),
        "kinds": dict(zip(KINDS, issue.by_kind.tolist(), strict=True)),
    }
