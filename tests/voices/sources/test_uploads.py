"""Files of voices: looked at, mapped, taken in piece by piece with each row once, and removed."""

from __future__ import annotations

import gzip
import io
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from nhipcau.network.models.audit import AuditRecord
from nhipcau.running.backup.writing import _kept
from nhipcau.running.folder import UPLOADS_FOLDER
from nhipcau.site.errors import NotAllowed
from nhipcau.voices import uploadfiles
from nhipcau.voices.actions import taking_uploads, uploads
from nhipcau.voices.actions.intake import read_back
from nhipcau.voices.actions.source_errors import UploadElsewhere, UploadRefused
from nhipcau.voices.actions.sources import add_source, stop_source
from nhipcau.voices.actions.uploads import drop_upload, hand_in, say_columns, take_upload
from nhipcau.voices.jobs.uploads import remove_files, take_uploads
from nhipcau.voices.models import IntakeBatch, IntakeReceipt, Source, Upload
from nhipcau.voices.queries.uploads import preview_of
from tests.network.tasks.cast import Cast
from tests.voices.sources.conftest import client_of, fields, fresh, page

AUTHOR = "Trần Thị Bí Mật"
HANDLE = "bi.mat.1987"
PHONE = "0987 654 321"
ROWS = [
    {"ma": "1", "ngay": "2026-02-05T08:00:00+07:00", "tac_gia": AUTHOR, "noi_dung": f"Cúp điện, gọi {PHONE}"},
    {"ma": "2", "ngay": "2026-02-05T09:00:00+07:00", "tac_gia": HANDLE, "noi_dung": f"Nước ngập đường, {HANDLE} đây"},
    {"ma": "3", "ngay": "không rõ", "tac_gia": AUTHOR, "noi_dung": "Rác không ai dọn"},
]


@pytest.fixture
def source(cast: Cast) -> Source:
    stated = fields(cast, name="Ý kiến", kind="file", matter="post", address="")
    return add_source(by=cast.analyst, fields=stated)


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


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (csv_of(ROWS), "a.csv"),
        (gzip.compress(csv_of(ROWS)), "a.csv.gz"),
        (jsonl_of(ROWS), "a.jsonl"),
        (json.dumps(ROWS).encode(), "a.json"),
        (gzip.compress(jsonl_of(ROWS)), "a.jsonl.gz"),
        (parquet_of(ROWS), "a.parquet"),
    ],
)
def test_every_kind_of_file_is_taken_in(
    cast: Cast, source: Source, tmp_path: Path, content: bytes, name: str, django_capture_on_commit_callbacks: Any
):
    upload = taken(cast, source, content, name)
    with django_capture_on_commit_callbacks(execute=True):
        assert take_uploads(timezone.now()) >= 1
    done = again(upload)
    assert (done.state, done.read, done.accepted, done.rejected) == ("done", 2, 2, 1)
    assert done.rejects[0]["code"] == "time"
    assert files(tmp_path) == []
    assert [row["text"] for row in kept()] == ["Cúp điện, gọi [điện thoại]", "Nước ngập đường, [tài khoản mạng] đây"]
    assert fresh(source).heard_at is not None


def test_preview_shows_the_guess_redacted_and_nothing_is_taken_in(cast: Cast, source: Source, tmp_path: Path):
    upload = handed(cast, source, csv_of(ROWS))
    seen = preview_of(upload)
    assert seen.mapping == {"id": "ma", "time": "ngay", "author": "tac_gia", "text": "noi_dung"}
    assert seen.columns == ["ma", "ngay", "tac_gia", "noi_dung"]
    assert [row.text for row in seen.rows] == ["Cúp điện, gọi [điện thoại]", "Nước ngập đường, [tài khoản mạng] đây"]
    assert seen.rejected == 1
    shown = page(cast.analyst, f"/uploads/{upload.pk}/")
    assert "the time is missing or cannot be read" in shown
    for secret in (AUTHOR, HANDLE, PHONE, "Rác không ai dọn"):
        assert secret not in shown
    assert not IntakeBatch.objects.exists()
    [stored] = files(tmp_path)
    assert len(stored.stem) == 48
    assert stored.stat().st_mode & 0o777 == 0o600


def test_person_changes_which_column_is_what(cast: Cast, source: Source):
    rows = [{"cot1": "Đường hỏng nặng", "cot2": "Xã A", "cot3": AUTHOR}]
    upload = handed(cast, source, jsonl_of(rows), "a.jsonl")
    assert preview_of(upload).failure
    with pytest.raises(UploadRefused):
        take_upload(by=cast.analyst, upload=upload)
    assert "State which column is the text" in page(cast.analyst, f"/uploads/{upload.pk}/")
    with pytest.raises(UploadRefused):
        say_columns(by=cast.analyst, upload=upload, mapping={"text": "cot9"})
    client = client_of(cast.analyst)
    said = {"text": "cot1", "place": "cot2", "author": "cot3"}
    assert client.post(f"/uploads/{upload.pk}/columns", said).status_code == 302
    [row] = preview_of(again(upload)).rows
    assert (row.text, row.place, row.has_author) == ("Đường hỏng nặng", "Xã A", True)
    assert client.post(f"/uploads/{upload.pk}/take", {}).status_code == 302
    take_uploads(timezone.now())
    assert kept()[0]["place"] == "Xã A"
    assert fresh(source).mapping["text"] == "cot1", "the next file of the source is read so"


def test_author_column_that_is_none_is_left_out(cast: Cast, source: Source):
    upload = handed(cast, source, csv_of(ROWS))
    mapping = {**preview_of(upload).mapping, "author": uploadfiles.NO_COLUMN}
    say_columns(by=cast.analyst, upload=upload, mapping=mapping)
    take_upload(by=cast.analyst, upload=again(upload))
    take_uploads(timezone.now())
    assert {row["author_key"] for row in kept()} == {None}


@pytest.mark.parametrize("dies_at", [0, 1, 2, 3])
def test_worker_that_dies_anywhere_takes_each_row_once(
    cast: Cast, source: Source, monkeypatch: pytest.MonkeyPatch, dies_at: int
):
    monkeypatch.setattr(uploadfiles, "PIECE_ROWS", 10)
    monkeypatch.setattr(uploadfiles.options_for, "__kwdefaults__", {"rows": 10})
    upload = taken(cast, source, jsonl_of(many(35)), "a.jsonl")
    real, calls = taking_uploads.accept, []

    def dying(**values: Any) -> IntakeReceipt:
        receipt = real(**values)
        calls.append(1)
        if len(calls) == dies_at + 1:
            raise KeyboardInterrupt  # within the transaction, after the queue was written
        return receipt

    with monkeypatch.context() as patch:
        patch.setattr(taking_uploads, "accept", dying)
        with pytest.raises(KeyboardInterrupt):
            take_uploads(timezone.now())
    assert again(upload).pieces_done == dies_at
    take_uploads(timezone.now())
    done = again(upload)
    assert (done.state, done.read, done.accepted, done.pieces_done) == ("done", 35, 35, 4)
    assert sorted(row["text"] for row in kept()) == sorted(row["noi_dung"] for row in many(35))


def test_day_that_ends_in_the_middle_of_a_file_changes_the_author_key(
    cast: Cast, source: Source, monkeypatch: pytest.MonkeyPatch
):
    import time_machine

    monkeypatch.setattr(uploadfiles.options_for, "__kwdefaults__", {"rows": 10})
    with time_machine.travel("2026-02-05T16:59:00Z", tick=False) as clock:
        upload = taken(cast, source, jsonl_of(many(30)), "a.jsonl")
        real = taking_uploads.accept

        def slow(**values: Any) -> IntakeReceipt:
            clock.shift(timedelta(seconds=50))
            return real(**values)

        monkeypatch.setattr(taking_uploads, "accept", slow)
        take_uploads(timezone.now())
    assert again(upload).accepted == 30
    epochs = list(IntakeBatch.objects.order_by("pk").values_list("author_epoch", flat=True))
    assert len(set(epochs)) == 2
    keys = {row["author_key"] for row in kept()}
    assert len(keys) == 2, "one person is one key in a day, and another the next day"


def test_two_workers_do_not_read_one_file_side_by_side(cast: Cast, source: Source):
    upload = taken(cast, source, csv_of(ROWS))
    with taking_uploads._alone(uploads.path_of(upload)):
        assert take_uploads(timezone.now()) == 0
    assert take_uploads(timezone.now()) == 1


def test_the_same_file_and_the_same_voices_come_once(cast: Cast, source: Source, tmp_path: Path):
    taken(cast, source, csv_of(ROWS))
    with pytest.raises(UploadRefused) as refused:
        handed(cast, source, csv_of(ROWS))
    assert refused.value.values["problem"] == "twice"
    assert len(files(tmp_path)) == 1
    take_uploads(timezone.now())
    other = taken(cast, source, jsonl_of(ROWS), "b.jsonl")
    take_uploads(timezone.now())
    assert (again(other).read, again(other).accepted) == (2, 0)
    assert len(kept()) == 2


def test_dropped_file_is_removed_and_taken_in_no_more(
    cast: Cast, source: Source, tmp_path: Path, django_capture_on_commit_callbacks: Any
):
    upload = taken(cast, source, csv_of(ROWS))
    with django_capture_on_commit_callbacks(execute=True):
        drop_upload(by=cast.analyst, upload=upload)
    assert files(tmp_path) == []
    assert take_uploads(timezone.now()) == 0
    assert kept() == []
    with pytest.raises(UploadElsewhere):
        drop_upload(by=cast.analyst, upload=upload)
    with pytest.raises(UploadElsewhere):
        say_columns(by=cast.analyst, upload=upload, mapping={})


def test_source_that_is_stopped_fails_the_file_and_keeps_it_a_day(cast: Cast, source: Source, tmp_path: Path):
    upload = taken(cast, source, csv_of(ROWS))
    stop_source(by=cast.analyst, source=source, reason="Dừng khảo sát")
    take_uploads(timezone.now())
    assert again(upload).state == "failed"
    shown = page(cast.analyst, f"/uploads/{upload.pk}/")
    assert "The source was stopped while the file was taken in." in shown
    remove_files(timezone.now())
    assert len(files(tmp_path)) == 1
    remove_files(timezone.now() + timedelta(days=2))
    assert files(tmp_path) == []


def test_files_that_nobody_needs_are_removed(cast: Cast, source: Source, tmp_path: Path):
    upload = handed(cast, source, csv_of(ROWS))
    orphan = tmp_path / UPLOADS_FOLDER / "of-nobody.csv"
    orphan.write_text("x")
    remove_files(timezone.now())
    assert len(files(tmp_path)) == 2
    old = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(orphan, (old, old))
    Upload.objects.update(at=timezone.now() - timedelta(days=2))
    remove_files(timezone.now())
    assert files(tmp_path) == []
    assert again(upload).state == "dropped"


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"x", "a.exe", "ending"),
        (b"", "a.csv", "nothing-readable"),
        (b"not parquet", "a.parquet", "nothing-readable"),
    ],
)
def test_file_that_cannot_be_read_is_refused(
    cast: Cast, source: Source, tmp_path: Path, content: bytes, name: str, problem: str
):
    if name == "a.parquet":
        content = b"PAR1" + content
    with pytest.raises(UploadRefused) as refused:
        handed(cast, source, content, name)
    assert refused.value.values["problem"] == problem
    assert files(tmp_path) == []
    assert not AuditRecord.objects.filter(action="upload.handed-in").exists()


def test_size_and_disk_have_limits(
    cast: Cast, source: Source, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    settings.UPLOAD_MEGABYTES = 1
    with pytest.raises(UploadRefused) as refused:
        hand_in(by=cast.analyst, source=source, name="a.csv", size=10, chunks=[b"x" * 2**20, b"y"])
    assert refused.value.values["problem"] == "too-large"
    assert files(tmp_path) == []
    monkeypatch.setattr(uploads, "room_for", lambda *_given, **_options: False)
    with pytest.raises(UploadRefused) as refused:
        handed(cast, source, csv_of(ROWS))
    assert refused.value.values["problem"] == "no-room"


def test_feed_and_stopped_source_take_no_files_and_others_hand_none_in(cast: Cast, source: Source):
    feed = add_source(by=cast.analyst, fields=fields(cast))
    with pytest.raises(UploadRefused):
        handed(cast, feed, csv_of(ROWS))
    upload = handed(cast, source, csv_of(ROWS))
    for act in (
        lambda: hand_in(by=cast.leader, source=source, name="a.csv", size=1, chunks=[b"x"]),
        lambda: say_columns(by=cast.leader, upload=upload, mapping={}),
        lambda: take_upload(by=cast.leader, upload=upload),
        lambda: drop_upload(by=cast.leader, upload=upload),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_page_of_a_source_that_takes_no_files_asks_for_none(cast: Cast, source: Source):
    client = client_of(cast.analyst)
    assert 'type="file"' in client.get(f"/sources/{source.code}/upload").content.decode()
    Source.objects.filter(pk=source.pk).update(stopped_at=timezone.now())
    shown = client.get(f"/sources/{source.code}/upload").content.decode()
    assert 'type="file"' not in shown
    assert "takes no files now" in shown


def test_pages_lead_from_the_file_to_what_was_taken_in(cast: Cast, source: Source):
    client = client_of(cast.analyst)
    wrong = client.post(f"/sources/{source.code}/upload", {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert wrong.status_code == 422
    file = SimpleUploadedFile("y-kien.csv", csv_of(ROWS))
    looked = client.post(f"/sources/{source.code}/upload", {"file": file}, follow=True)
    assert "First rows, as they would be kept" in looked.content.decode()
    address = looked.redirect_chain[-1][0]
    waiting = client.post(f"{address}take", follow=True)
    assert waiting.headers["Refresh"] == "3"
    assert "in the background" in waiting.content.decode()
    take_uploads(timezone.now())
    done = client.get(address)
    assert "Refresh" not in done.headers
    assert "All of it is taken in" in done.content.decode()
    assert client.post(f"{address}take").status_code in (409, 422)
    records = AuditRecord.objects.exclude(action="session.log-in").order_by("seq")
    assert [record.action for record in records] == [
        "source.added",
        "upload.handed-in",
        "upload.taken",
    ]


@pytest.mark.django_db(transaction=True)
def test_what_was_planted_is_found_nowhere_afterwards(tmp_path: Path):
    from django.db import connection

    from tests.network.tasks.cast import make_cast

    cast = make_cast()
    source = add_source(by=cast.analyst, fields=fields(cast, name="Ý kiến", kind="file", matter="post", address=""))
    taken(cast, source, csv_of(ROWS))
    take_uploads(timezone.now())
    assert len(kept()) == 2
    found = "".join(str(one) for model in (Upload, Source, AuditRecord) for one in model.objects.values())
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    payloads = b"".join(json.dumps(row, default=str, ensure_ascii=False).encode() for row in kept())
    database = b""
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        database = b"".join(path.read_bytes() for path in name.parent.glob(name.name + "*") if path.is_file())
    for secret in (AUTHOR, HANDLE, PHONE, PHONE.replace(" ", "")):
        assert secret not in found
        for place in (on_disk, payloads, database):
            assert secret.encode() not in place


def test_file_as_it_was_handed_in_is_in_no_backup(cast: Cast, source: Source, tmp_path: Path):
    handed(cast, source, csv_of(ROWS))
    (tmp_path / "kept.txt").write_text("x")
    assert [path.name for path in _kept(tmp_path, leave_out=set())] == ["kept.txt"]


def test_large_file_on_its_way_in_has_no_name_on_the_disk(cast: Cast, source: Source, tmp_path: Path, settings: Any):
    way = tmp_path / "way"
    way.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(way)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000
    seen = []
    real = uploads.store

    def watching(chunks: Any, **options: Any) -> Any:
        seen.append(list(way.iterdir()))
        return real(chunks, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads, "store", watching)
        file = SimpleUploadedFile("a.jsonl", jsonl_of(many(200)))
        answer = client_of(cast.analyst).post(f"/sources/{source.code}/upload", {"file": file})
    assert answer.status_code == 302
    assert seen == [[]]
    assert preview_of(Upload.objects.get()).rows


def test_all_columns_that_name_authors_are_told_and_taken_out_of_the_texts(cast: Cast, source: Source):
    row = {"id": "1", "author_id": "acc-5550123", "author_name": AUTHOR, "nick": HANDLE, "nguoi_nhap": "Đỗ Thị Lạ Lẫm"}
    row["text"] = f"{AUTHOR} hay acc-5550123, tức {HANDLE}, do thi la lam ghi: mất nước"
    upload = handed(cast, source, jsonl_of([row]), "a.jsonl")
    shown = page(cast.analyst, f"/uploads/{upload.pk}/")
    assert "taken out of the texts: author_id, author_name, nick." in shown
    said = {"text": "text", "id": "id", "author": "author_id", "called": "nguoi_nhap"}
    assert client_of(cast.analyst).post(f"/uploads/{upload.pk}/columns", said).status_code == 302
    shown = page(cast.analyst, f"/uploads/{upload.pk}/")
    assert "taken out of the texts: author_id, author_name, nick, nguoi_nhap." in shown
    take_upload(by=cast.analyst, upload=again(upload))
    take_uploads(timezone.now())
    [kept_row] = kept()
    assert kept_row["text"] == "[tên] hay [tài khoản mạng], tức [tài khoản mạng], [tên] ghi: mất nước"
    assert fresh(source).mapping["called"] == "nguoi_nhap"


def test_first_row_of_a_file_without_a_header_is_offered_as_no_column(cast: Cast, source: Source):
    content = f"Gọi {PHONE},{'dài ' * 40},noi_dung\n1,2,Mất điện\n".encode()
    assert preview_of(handed(cast, source, content)).columns == ["noi_dung"]
