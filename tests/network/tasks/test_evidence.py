"""Evidence: what is taken, what is refused and why, what is taken out of photos, and who gets to see it."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD, Base

from nhipcau.network import taskfiles
from nhipcau.network.actions.tasks import evidence as submitting
from nhipcau.network.actions.tasks.errors import EvidenceMissing, EvidenceRefused, TaskHasMoved
from nhipcau.network.actions.tasks.evidence import Item, submit_evidence
from nhipcau.network.jobs import tasks as jobs
from nhipcau.network.jobs.tasks import sweep_files
from nhipcau.network.models.audit import AuditRecord
from nhipcau.network.models.task_files import Evidence, StoredFile
from nhipcau.network.taskfiles import FileRefused, check_document, check_photo, path_of
from tests.network.tasks.cast import Cast, bring_to, issue, recipient_of


def photo(*, kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A photo that tells where and with what it was taken, lying on its side."""
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[Base.Make] = "PhoneOfSomebody"
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[2] = (10.0, 46.0, 0.0)
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def packed(**entries: bytes) -> bytes:
    """A ZIP with entries; two underscores stand for a slash."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


DOCX = {"[Content_Types].xml": b"<x/>", "word__document.xml": b"<x/>"}
PACKED = [packed(**DOCX), packed(mimetype=b"application/vnd.oasis.opendocument.text", **{"đơn.txt": b"x" * 200})]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_loses_place_and_maker_and_stands_upright(kind: str) -> None:
    original = photo(kind=kind)
    assert b"PhoneOfSomebody" in original
    checked = check_photo(io.BytesIO(original))
    with Image.open(io.BytesIO(checked.content)) as made:
        assert made.format == "JPEG"
        assert made.size == (40, 60)
        assert not made.getexif()
        assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"PhoneOfSomebody" not in checked.content


def test_large_photo_becomes_small() -> None:
    with Image.open(io.BytesIO(check_photo(io.BytesIO(photo(size=(4000, 1000)))).content)) as made:
        assert max(made.size) == taskfiles.PHOTO_SIDE


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_kind"),
        (b"GIF89a" + bytes(50), "unknown_kind"),
        (photo()[:300], "not_readable"),
        (b"\xff\xd8\xff" + bytes(100), "unknown_kind"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        check_photo(io.BytesIO(content))
    assert refusal.value.code == code


def test_sizes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taskfiles, "PHOTO_BYTES", 100)
    monkeypatch.setattr(taskfiles, "DOCUMENT_BYTES", 100)
    for check, content in ((check_photo, photo()), (check_document, b"%PDF-" + bytes(200))):
        with pytest.raises(FileRefused) as refusal:
            check(io.BytesIO(content))
        assert refusal.value.code == "too_large"


def test_photo_of_far_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taskfiles, "PHOTO_PIXELS", 1000)
    with pytest.raises(FileRefused) as refusal:
        check_photo(io.BytesIO(photo(size=(100, 100))))
    assert refusal.value.code == "too_large"


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (packed(**DOCX), "docx"),
        (packed(**{"[Content_Types].xml": b"", "xl__workbook.xml": b""}), "xlsx"),
        (packed(mimetype=b"application/vnd.oasis.opendocument.text"), "odt"),
    ],
)
def test_document_is_known_by_what_it_holds(content: bytes, extension: str) -> None:
    checked = check_document(io.BytesIO(content))
    assert (checked.extension, checked.content) == (extension, content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\x00", "unknown_kind"),
        (b"<html><script>", "unknown_kind"),
        (packed(readme=b"x"), "unknown_kind"),
        (packed(**DOCX, **{"word__vbaProject.bin": b"x"}), "has_macros"),
        (packed(**DOCX)[:60], "not_readable"),
        (photo(), "unknown_kind"),
    ],
    ids=[
        "program",
        "page",
        "no-document",
        "macros",
        "cut-off",
        "photo",
    ],  # what is packed holds the second of its packing
)
def test_what_is_no_plain_document_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        check_document(io.BytesIO(content))
    assert refusal.value.code == code


@given(st.sampled_from(PACKED), st.data())
def test_a_broken_document_is_taken_or_refused_and_nothing_else(content: bytes, data: st.DataObject) -> None:
    broken = bytearray(content)
    for place in data.draw(st.lists(st.integers(4, len(content) - 1), min_size=1, max_size=6)):
        broken[place] = data.draw(st.integers(0, 255))
    stop = data.draw(st.sampled_from([len(content), len(content) // 2, len(content) - 3]))
    assert answer_to(bytes(broken[:stop])) in {"taken", "not_readable", "unknown_kind", "too_large", "has_macros"}


def answer_to(content: bytes) -> str:
    """Whether a document is taken, or the code of its refusal; any other error goes through."""
    try:
        check_document(io.BytesIO(content))
    except FileRefused as refusal:
        return refusal.code
    return "taken"


def test_packed_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taskfiles, "UNPACKED_BYTES", 1000)
    with pytest.raises(FileRefused) as refusal:
        check_document(io.BytesIO(packed(**DOCX, big=bytes(2000))))
    assert refusal.value.code == "too_large"


def test_all_four_kinds_are_kept_in_one_go(cast: Cast) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "accepted")
    audits = AuditRecord.objects.count()
    items = [
        Item("photo", name=r"C:\ảnh\giếng.jpg", stream=io.BytesIO(photo())),
        Item("document", name="báo cáo.pdf", stream=io.BytesIO(b"%PDF-1.7")),
        Item("link", url="https://example.vn/tin"),
        Item("count", count=42, note="hộ"),
    ]
    submit_evidence(by=cast.officer, recipient=recipient, items=items, note="Đã xong.")
    kept = list(Evidence.objects.filter(recipient=recipient).order_by("id"))
    assert [piece.kind for piece in kept] == ["photo", "document", "link", "count"]
    assert [piece.file.original_name for piece in kept if piece.file] == ["giếng.jpg", "báo cáo.pdf"]
    for file in StoredFile.objects.all():
        path = path_of(file.name, folder=Path(settings.DATA_FOLDER) / "evidence")
        assert path.stat().st_size == file.size_bytes
        assert len(file.name.partition(".")[0]) == 48
        assert "giếng" not in file.name
    assert recipient_of(recipient.task).submitted_by == cast.officer
    assert AuditRecord.objects.count() == audits + 1


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (Item("link", url="javascript:alert(1)"), "bad_link"),
        (Item("link", url="https://[x"), "bad_link"),
        (Item("count", count=-1), "bad_count"),
        (Item("count"), "bad_count"),
        (Item("photo", name="x.jpg"), "empty"),
        (Item("photo", name="x.jpg", stream=io.BytesIO(b"%PDF-")), "unknown_kind"),
        (Item("tale"), "unknown_evidence"),
    ],
)
def test_refused_item_is_named_and_nothing_is_kept(cast: Cast, item: Item, problem: str) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "accepted")
    good = Item("document", name="a.pdf", stream=io.BytesIO(b"%PDF-1.7"))
    with pytest.raises(EvidenceRefused) as refusal:
        submit_evidence(by=cast.officer, recipient=recipient, items=[good, item])
    assert (refusal.value.values["item"], refusal.value.values["problem"]) == (2, problem)
    assert recipient_of(recipient.task).state == "accepted"
    assert not list(Path(settings.DATA_FOLDER).glob("**/*.*"))


def test_nothing_and_too_much_are_refused(cast: Cast) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "accepted")
    with pytest.raises(EvidenceMissing):
        submit_evidence(by=cast.officer, recipient=recipient, items=[])
    with pytest.raises(EvidenceRefused):
        submit_evidence(by=cast.officer, recipient=recipient, items=[Item("count", count=1)] * 13)


def test_bytes_go_when_the_rows_are_not_written(cast: Cast) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "acknowledged")  # not yet accepted
    item = Item("document", name="a.pdf", stream=io.BytesIO(b"%PDF-1.7"))
    with pytest.raises(TaskHasMoved):
        submit_evidence(by=cast.officer, recipient=recipient, items=[item])
    assert not list(Path(settings.DATA_FOLDER).glob("**/*.pdf*"))


def test_sweep_takes_old_files_without_a_row_and_no_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "accepted")
    item = Item("document", name="a.pdf", stream=io.BytesIO(b"%PDF-1.7"))
    submit_evidence(by=cast.officer, recipient=recipient, items=[item])
    left = taskfiles.keep(check_document(io.BytesIO(b"%PDF-left")), folder=submitting.files.folder())
    assert sweep_files(timezone.now()) == 0
    monkeypatch.setattr(jobs, "ORPHANS_OLDER_THAN", timedelta(seconds=-5))
    assert sweep_files(timezone.now()) == 1
    assert not path_of(left, folder=submitting.files.folder()).exists()
    assert path_of(StoredFile.objects.get().name, folder=submitting.files.folder()).exists()


def test_file_is_served_to_those_who_see_its_recipient_and_to_nobody_else(cast: Cast, client: Client) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast, offices=cast.points)), "accepted")
    item = Item("photo", name="giếng.jpg", stream=io.BytesIO(photo()))
    submit_evidence(by=cast.officer, recipient=recipient, items=[item])
    address = f"/files/{StoredFile.objects.get().name}"
    assert client.get(address).status_code in (302, 403)
    seen = {}
    parts = ("officer", "colleague", "leader", "auditor", "area_officer", "neighbour", "other_area_officer", "stranger")
    for part in parts:
        client.force_login(getattr(cast, part))
        answer = client.get(address)
        if answer.streaming:
            assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
        seen[part] = answer.status_code
    assert seen == dict.fromkeys(parts[:5], 200) | dict.fromkeys(parts[5:], 404)


def test_document_is_served_as_a_download_that_runs_nothing(cast: Cast, client: Client) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "accepted")
    item = Item("document", name="báo cáo.pdf", stream=io.BytesIO(b"%PDF-1.7"))
    submit_evidence(by=cast.officer, recipient=recipient, items=[item])
    client.force_login(cast.officer)
    answer = client.get(f"/files/{StoredFile.objects.get().name}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert client.get("/files/..%2Fsecret.key").status_code == 404
