"""`python -m benchmarks.listening.history DATA VOICES DAYS SEED`: voices of the last days are put into the queue."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.intake.cast import SOURCE
from nhipcau.engine.posts import TIME_TYPE
from nhipcau.engine.reading import PostReader, ReadOptions
from nhipcau.engine.reading.arrays import number_array
from nhipcau.engine.sample.writing import write_sample
from nhipcau.running.loading import load

BATCH = 5_000


def queue_history(*, voices: int, days: int, seed: int) -> None:
    """Queue made-up voices as if they had come evenly over the days before now."""
    from django.utils import timezone

    from nhipcau.voices.actions.intake import written
    from nhipcau.voices.models import IntakeBatch, Source

    source = Source.objects.get(code=SOURCE)
    begin = datetime.now(UTC) - timedelta(days=days)
    step = timedelta(days=days) / voices / timedelta(microseconds=1)
    number = 0
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "sample.jsonl"
        write_sample(path, days=days, posts_per_day=-(-voices // days), seed=seed)
        for batch in PostReader([path], ReadOptions(author_key=b"b" * 32)).batches():
            for start in range(0, batch.num_rows, BATCH):
                part = batch.slice(start, min(BATCH, voices - number, batch.num_rows - start))
                if not part.num_rows:
                    return
                micros = begin.timestamp() * 1e6 + step * np.arange(number, number + part.num_rows)
                made = _at(part, micros.astype(np.int64))
                IntakeBatch.objects.create(
                    source=source,
                    route="file",
                    received_at=timezone.now(),
                    author_epoch=1 + int(micros[0] // 86_400_000_000),
                    voices=part.num_rows,
                    payload=written(made),
                )
                number += part.num_rows


def _at(batch: pa.RecordBatch, micros: np.ndarray) -> pa.RecordBatch:
    for name in ("time", "arrived"):
        batch = batch.set_column(batch.schema.get_field_index(name), name, number_array(micros, TIME_TYPE))
    return batch


if __name__ == "__main__":
    load(Path(sys.argv[1]))
    queue_history(voices=int(sys.argv[2]), days=int(sys.argv[3]), seed=int(sys.argv[4]))
