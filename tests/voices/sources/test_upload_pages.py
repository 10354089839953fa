"""What a person sees of a file of voices: a preview, which column is what, how it came to be taken in."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from nhipcau.network.models.audit import AuditRecord
from nhipcau.voices import uploadfiles
from nhipcau.voices.actions.source_errors import UploadRefused
from nhipcau.voices.actions.uploads import say_columns, take_upload
from nhipcau.voices.jobs.uploads import take_uploads
from nhipcau.voices.models import IntakeBatch, Source
from nhipcau.voices.queries.uploads import preview_of
from tests.network.tasks.cast import Cast
from tests.voices.sources.conftest import client_of, fresh, page
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
)


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
