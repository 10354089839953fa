"""Files of voices: taken in piece by piece with each row once, refused, and removed."""

from __future__ import annotations

import gzip
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from nhipcau.network.models.audit import AuditRecord
from nhipcau.running.backup.writing import _kept
from nhipcau.running.folder import UPLOADS_FOLDER
from nhipcau.site.errors import NotAllowed
from nhipcau.voices import uploadfiles
from nhipcau.voices.actions import taking_uploads, uploads
from nhipcau.voices.actions.source_errors import UploadElsewhere, UploadRefused
from nhipcau.voices.actions.sources import add_source, stop_source
from nhipcau.voices.actions.uploads import drop_upload, hand_in, say_columns, take_upload
from nhipcau.voices.jobs.uploads import remove_files, take_uploads
from nhipcau.voices.models import IntakeBatch, IntakeReceipt, Source, Upload
from nhipcau.voices.queries.uploads import preview_of
from tests.network.tasks.cast import Cast
from tests.voices.sources.conftest import client_of, fields, fresh, page
from tests.voices.sources.handed_in import (
    AUTHOR,
    HANDLE,
    PHONE,
    ROWS,
    again,
    csv_of,
    files,
    handed,
    jsonl_of,
    kept,
    many,
    parquet_of,
    taken,
)


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
