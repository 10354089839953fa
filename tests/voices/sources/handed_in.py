"""Files of voices that tests hand in, in each form, and what became of them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from nhipcau.running.folder import UPLOADS_FOLDER
from nhipcau.voices.actions.intake import read_back
from nhipcau.voices.actions.uploads import hand_in, take_upload
from nhipcau.voices.models import IntakeBatch, Source, Upload
from tests.network.tasks.cast import Cast

AUTHOR = "Trần Thị Bí Mật"
HANDLE = "bi.mat.1987"
PHONE = "0987 654 321"
ROWS = [
    {"ma": "1", "ngay": "2026-02-05T08:00:00+07:00", "tac_gia": AUTHOR, "noi_dung": f"Cúp điện, gọi {PHONE}"},
    {"ma": "2", "ngay": "2026-02-05T09:00:00+07:00", "tac_gia": HANDLE, "noi_dung": f"Nước ngập đường, {HANDLE} đây"},
    {"ma": "3", "ngay": "không rõ", "tac_gia": AUTHOR, "noi_dung": "Rác không ai dọn"},
]


def csv_of(rows: list[dict[str, str]]) -> bytes:
    lines = [",".join(rows[0]), *(",".join(f'"{value}"' for value in row.values()) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def jsonl_of(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def parquet_of(rows: list[dict[str, str]]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


def many(count: int) -> list[dict[str, str]]:
    return [{**ROWS[1], "ma": f"m{number}", "noi_dung": f"Ý kiến thứ {number}"} for number in range(count)]


def handed(cast: Cast, source: Source, content: bytes, name: str = "y-kien.csv") -> Upload:
    return hand_in(by=cast.analyst, source=source, name=name, size=len(content), chunks=[content])


def taken(cast: Cast, source: Source, content: bytes, name: str = "y-kien.csv") -> Upload:
    upload = handed(cast, source, content, name)
    take_upload(by=cast.analyst, upload=upload)
    return upload


def again(upload: Upload) -> Upload:
    return Upload.objects.select_related("source").get(pk=upload.pk)


def kept() -> list[dict[str, Any]]:
    batches = IntakeBatch.objects.order_by("pk")
    return [row for batch in batches for row in read_back(bytes(batch.payload)).to_pylist()]


def files(folder: Path) -> list[Path]:
    place = folder / UPLOADS_FOLDER
    return sorted(place.iterdir()) if place.is_dir() else []
