"""Prints the table. Data: the short-text sets of github.com/jackyin12/MStream as `short-text/{tweets,news}.jsonl.gz`.

The peers are told what the engine is not: MiniBatchKMeans the true number of groups, DBSCAN sees the whole set at once.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN, MiniBatchKMeans
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.grouping.scores import row
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.sample.writing import write_sample
from nhipcau.engine.stream import Engine

LABELS = Path(__file__).parent / "vi_events.csv"

Grouping = Callable[[Path, list[str], int], NDArray[np.int64]]


def ours(path: Path, texts: list[str], groups: int) -> NDArray[np.int64]:
    """The engine, one pass, default settings."""
    engine = Engine(keep=False)
    batches = PostReader([path], ReadOptions(author_key=bytes(32))).batches()
    return engine.issues_of(np.concatenate([threads for _, threads in engine.take(batches)]))


def k_means(path: Path, texts: list[str], groups: int) -> NDArray[np.int64]:
    """MiniBatchKMeans on TF-IDF, told the true number of groups."""
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    return np.asarray(MiniBatchKMeans(groups, random_state=0, n_init=3, batch_size=2048).fit_predict(vectors))


def density(path: Path, texts: list[str], groups: int) -> NDArray[np.int64]:
    """DBSCAN on TF-IDF over the whole set; noise counts as groups of one."""
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    labels = np.asarray(DBSCAN(eps=0.6, min_samples=2, metric="cosine").fit_predict(vectors))
    noise = np.flatnonzero(labels < 0)
    labels[noise] = labels.max() + 1 + np.arange(len(noise))
    return labels


PEERS: dict[str, Grouping] = {"nhipcau": ours, "MiniBatchKMeans (k known)": k_means, "DBSCAN (whole set)": density}


def sets(data: Path | None, work: Path) -> Iterator[tuple[str, Path, list[str], NDArray[np.int64]]]:
    """Name, file for the engine, texts, true groups."""
    for name in ("tweets", "news"):
        source = data / "short-text" / f"{name}.jsonl.gz" if data else None
        if source and source.exists():
            with gzip.open(source, "rt", encoding="utf-8") as file:
                rows = [json.loads(line) for line in file]
            path = work / f"{name}.jsonl"
            path.write_text("".join(json.dumps({"id": r["id"], "text": r["text"]}) + "\n" for r in rows), "utf-8")
            yield f"short-text {name}", path, [r["text"] for r in rows], np.array([r["cluster"] for r in rows])
    articles = data / "vi-news" / "articles.jsonl.gz" if data else None
    if articles and articles.exists():
        yield from news_events(articles, work)
    summary = write_sample(work / "sample.jsonl", days=14, posts_per_day=700, seed=11)
    with gzip.open(summary.truth_posts, "rt", encoding="utf-8", newline="") as file:
        issue = {r["id"]: r["issue"] for r in csv.DictReader(file)}
    lines = [json.loads(line) for line in summary.path.read_text("utf-8").splitlines()]
    kept = [line for line in lines if issue[line["id"]]]
    path = work / "issues.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept), "utf-8")
    _, truth = np.unique([issue[line["id"]] for line in kept], return_inverse=True)
    yield "sample, posts of issues", path, [line["text"] for line in kept], truth


def news_events(articles: Path, work: Path) -> Iterator[tuple[str, Path, list[str], NDArray[np.int64]]]:
    """Articles of the labelled events of two to five items, and whole days with the articles that are alone."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = {row["id"]: row for row in csv.DictReader(file)}
    with gzip.open(articles, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["id"] in labels]
    sizes = Counter(label["event"] for label in labels.values() if label["event"])
    few = [row for row in rows if 2 <= sizes[labels[row["id"]]["event"]] <= 5]
    for name, kept in (("Vietnamese events of 2-5", few), ("Vietnamese days whole", rows)):
        path = work / f"{name}.jsonl"
        texts = [f"{row['title']} {row['summary']}" for row in kept]
        lines = ({"id": row["id"], "time": row["time"], "text": text} for row, text in zip(kept, texts, strict=True))
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
        _, truth = np.unique([labels[row["id"]]["event"] or row["id"] for row in kept], return_inverse=True)
        yield name, path, texts, truth


def main() -> None:
    """Parse the command line and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with the public sets; without it only the sample")
    options = parser.parse_args()
    print("| set | system | NMI | V | ARI | B³-F1 | groups | seconds |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        warm = write_sample(Path(folder) / "warm.jsonl", days=1, posts_per_day=600, seed=1)
        ours(warm.path, [], 0)
        for name, path, texts, truth in sets(options.data, Path(folder)):
            for system, grouping in PEERS.items():
                start = time.perf_counter()
                found = grouping(path, texts, len(np.unique(truth)))
                seconds = time.perf_counter() - start
                print(f"| {name} | {system} | {row(truth, found)} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
