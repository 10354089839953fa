"""The sample stream: the same for the same arguments, quiet at night, and true to its truth."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nhipcau.engine.errors import EngineError
from nhipcau.engine.sample import write_sample, writing
from nhipcau.engine.sample.grammar import KINDS, scenarios
from nhipcau.engine.sample.province import STATEMENT_EN, STATEMENT_VI, sources
from nhipcau.engine.sample.spelling import STYLES, unaccent

DAYS = 14
PER_DAY = 1500
NO_ZONE = datetime(2026, 1, 1)  # noqa: DTZ001 - that is what is wrong with it


@dataclass(frozen=True)
class Sample:
    posts: list[dict]
    rows: list[dict]
    truth: dict


def read(folder: Path, **options) -> Sample:
    summary = write_sample(folder / "sample.jsonl", **options)
    posts = [json.loads(line) for line in summary.path.read_text(encoding="utf-8").splitlines()]
    with gzip.open(summary.truth_posts, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return Sample(posts, rows, json.loads(summary.truth.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Sample:
    return read(tmp_path_factory.mktemp("sample"), days=DAYS, posts_per_day=PER_DAY, seed=1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_line_says_that_it_is_made_up(sample):
    assert all(post["sample"] is True and post["id"].startswith("sample-") for post in sample.posts)
    assert next(iter(sample.posts[0])) == "id"
    assert (sample.truth["statement_vi"], sample.truth["statement_en"]) == (STATEMENT_VI, STATEMENT_EN)


def test_a_stream_has_exactly_the_posts_that_were_asked_for(sample):
    assert len(sample.posts) == len(sample.rows) == sample.truth["posts"] == DAYS * PER_DAY
    assert [post["id"] for post in sample.posts] == [row["id"] for row in sample.rows]
    assert len({post["id"] for post in sample.posts}) == len(sample.posts)


def test_posts_come_in_time_order_and_arrive_after_they_were_written(sample):
    times = [moment(post["time"]) for post in sample.posts]
    assert times == sorted(times)
    assert moment(sample.truth["start"]) <= times[0]
    assert times[-1] < moment(sample.truth["end"])
    assert all(moment(post["arrived"]) > moment(post["time"]) for post in sample.posts)


def test_nights_are_quiet_and_evenings_are_not(sample):
    by_hour = Counter(moment(post["time"]).hour for post in sample.posts)
    night = sum(by_hour[hour] for hour in range(1, 5)) / 4
    evening = sum(by_hour[hour] for hour in range(19, 22)) / 3
    assert night * 6 < evening


def test_no_issue_speaks_before_its_onset_or_after_its_end(sample):
    known = {issue["id"]: issue for issue in sample.truth["issues"]}
    hour = timedelta(hours=1)
    for post, row in zip(sample.posts, sample.rows, strict=True):
        if row["issue"]:
            issue = known[row["issue"]]
            assert moment(issue["onset"]) - hour <= moment(post["time"]) <= moment(issue["ends"]) + hour


def test_a_sudden_issue_peaks_soon_after_its_onset(sample):
    sudden = [issue for issue in sample.truth["issues"] if issue["shape"] == "sudden" and issue["posts"] > 100]
    assert len(sudden) >= 5
    for issue in sudden:
        assert moment(issue["peak"]) - moment(issue["onset"]) < timedelta(days=3)


def test_the_truth_counts_what_is_in_the_stream(sample):
    counted = Counter(row["issue"] for row in sample.rows)
    by_kind = defaultdict(Counter)
    for row in sample.rows:
        by_kind[row["issue"]][row["kind"]] += 1
    assert counted.pop("") == sample.truth["chatter"]
    assert counted == {issue["id"]: issue["posts"] for issue in sample.truth["issues"]}
    for issue in sample.truth["issues"]:
        assert issue["kinds"] == {kind: by_kind[issue["id"]][kind] for kind in KINDS}
        assert issue["label_vi"]
        assert issue["label_en"]
        assert issue["places"]


def test_every_scenario_happens_in_the_bundled_fortnight(sample):
    assert {issue["scenario"] for issue in sample.truth["issues"]} == {scenario.key for scenario in scenarios()}


def test_one_source_falls_silent_at_the_time_that_is_told(sample):
    silent, since = sample.truth["silent"]["source"], moment(sample.truth["silent"]["since"])
    times = [moment(post["time"]) for post in sample.posts if post["source"] == silent]
    assert times
    assert max(times) < since
    assert min(times) < since - timedelta(days=5)


def test_many_sources_of_many_channels_speak(sample):
    assert len({post["source"] for post in sample.posts}) >= 40
    assert {post["channel"] for post in sample.posts} == {"page", "hotline", "press", "radio", "survey"}


def test_press_items_have_titles_and_no_author(sample):
    press = [post for post in sample.posts if post["kind"] == "press"]
    assert len(press) > 100
    assert all(post["title"] and post["channel"] == "press" and "author" not in post for post in press)
    assert all("title" not in post for post in sample.posts if post["kind"] == "post")


def test_styles_have_their_shares(sample):
    count = Counter(row["style"] for row in sample.rows)
    n = len(sample.rows)
    assert set(count) == set(STYLES)
    assert 0.11 < (count["unaccented"] + count["teencode-unaccented"]) / n < 0.21
    assert 0.08 < (count["teencode"] + count["teencode-unaccented"]) / n < 0.17
    for post, row in zip(sample.posts, sample.rows, strict=True):
        if row["style"] in ("unaccented", "teencode-unaccented"):
            assert post["text"] == unaccent(post["text"])


def test_twins_are_the_same_words_without_diacritics(sample):
    text = {post["id"]: post["text"] for post in sample.posts}
    issue = {row["id"]: row["issue"] for row in sample.rows}
    twins = [row for row in sample.rows if row["twin_of"]]
    assert len(twins) > 50
    for row in twins:
        assert text[row["id"]] == unaccent(text[row["twin_of"]])
        assert text[row["id"]] != text[row["twin_of"]]
        assert row["issue"] == issue[row["twin_of"]]


def test_copies_belong_to_a_wave_and_follow_its_original(sample):
    waves = {wave["original"]: wave for wave in sample.truth["waves"]}
    copies = Counter(row["copy_of"] for row in sample.rows if row["copy_of"])
    assert copies == {original: wave["copies"] for original, wave in waves.items()}
    place = {row["id"]: number for number, row in enumerate(sample.rows)}
    by_author = defaultdict(set)
    for number, row in enumerate(sample.rows):
        if row["copy_of"]:
            wave = waves[row["copy_of"]]
            assert place[row["copy_of"]] < number
            assert row["issue"] == wave["issue"]
            by_author[wave["id"], wave["authors"]].add(sample.posts[number].get("author"))
    assert all(len(authors) <= 7 for (_, kind), authors in by_author.items() if kind == "few")
    assert any(len(authors) > 7 for (_, kind), authors in by_author.items() if kind == "many")


def test_a_few_writers_write_much_and_most_write_little(sample):
    count = Counter(post["author"] for post in sample.posts if "author" in post)
    busiest = sum(posts for _, posts in count.most_common(len(count) // 10))
    assert busiest > 0.25 * sum(count.values())
    assert count.most_common(1)[0][1] < 0.03 * len(sample.posts)


def test_texts_are_not_near_copies_of_each_other(sample):
    own = [p["text"] for p, row in zip(sample.posts, sample.rows, strict=True) if row["issue"] and not row["copy_of"]]
    assert len(set(own)) > 0.8 * len(own)


def test_every_text_is_whole(sample):
    for post in sample.posts:
        text = post["text"]
        assert text == text.strip()
        assert not set("{}|\\") & set(text)
        assert "  " not in text


def test_personal_data_are_placeholders_only(sample):
    digits = [word for post in sample.posts for word in post["text"].replace(".", "").replace("-", "").split()]
    numbers = {word.strip(",!") for word in digits if sum(c.isdigit() for c in word) >= 8}
    assert numbers
    assert all(number.startswith(("0900000", "001000000000")) for number in numbers)


def test_the_same_arguments_give_the_same_bytes_whatever_the_hash_seed(tmp_path):
    program = (
        "import sys; from pathlib import Path; from nhipcau.engine.sample import write_sample;"
        "write_sample(Path(sys.argv[1]), days=3, posts_per_day=200, seed=5)"
    )
    found = []
    for hash_seed in ("0", "77"):
        out = tmp_path / hash_seed / "sample.jsonl"
        out.parent.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-c", program, str(out)], check=True, env=environment)
        found.append([digest(path) for path in sorted(out.parent.iterdir())])
    assert found[0] == found[1]
    assert len(found[0]) == 3


def test_another_seed_gives_another_stream(tmp_path):
    streams = [read(tmp_path, days=2, posts_per_day=300, seed=seed) for seed in (1, 2)]
    assert streams[0].posts != streams[1].posts
    assert streams[0].truth["issues"] != streams[1].truth["issues"]


def test_a_packed_stream_is_the_same_stream(tmp_path):
    plain = write_sample(tmp_path / "a.jsonl", days=1, posts_per_day=300, seed=3)
    packed = write_sample(tmp_path / "b.jsonl.gz", days=1, posts_per_day=300, seed=3)
    assert gzip.decompress(packed.path.read_bytes()) == plain.path.read_bytes()


def test_issues_are_born_and_die_through_a_long_stream(tmp_path):
    long = read(tmp_path, days=120, posts_per_day=100, seed=2)
    issues = long.truth["issues"]
    assert len(issues) > 2.5 * len(scenarios())
    start = moment(long.truth["start"])
    live = [
        sum(moment(issue["onset"]) <= start + timedelta(days=day) < moment(issue["ends"]) for issue in issues)
        for day in range(20, 120)
    ]
    early, late = sum(live[:50]), sum(live[50:])
    assert max(early, late) <= 1.4 * min(early, late)
    assert min(live) > 0


def test_an_hour_with_many_posts_is_drawn_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "_CHUNK_POSTS", 20)
    busy = read(tmp_path, days=1, posts_per_day=1000, seed=4)
    times = [moment(post["time"]) for post in busy.posts]
    assert len(times) == 1000
    assert times == sorted(times)
    assert sum(issue["posts"] for issue in busy.truth["issues"]) + busy.truth["chatter"] == 1000


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"days": 0, "posts_per_day": 5}, "sample.days-too-few"),
        ({"days": 5, "posts_per_day": 0}, "sample.posts-too-few"),
        ({"days": 5000, "posts_per_day": 5_000_000}, "sample.too-many-posts"),
        ({"days": 5, "posts_per_day": 5, "seed": -1}, "sample.seed-negative"),
        ({"days": 5, "posts_per_day": 5, "start": NO_ZONE}, "sample.start-without-zone"),
    ],
)
def test_wrong_arguments_are_named(tmp_path, options, code):
    with pytest.raises(EngineError) as error:
        write_sample(tmp_path / "sample.jsonl", **{"seed": 1, **options})
    assert error.value.code == code
    assert not list(tmp_path.iterdir())


def test_sources_are_known(sample):
    assert {post["source"] for post in sample.posts} <= {source.name for source in sources()}
