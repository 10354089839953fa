"""Backup and restore: one moment of a running system, whole or not at all."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.installations import run_command
from nhipcau.authorkeys import FILE_NAME, NEVER_COPIED, author_key
from nhipcau.engine.errors import EngineError
from nhipcau.running.backup import restore_backup
from nhipcau.running.backup.manifest import Manifest

pytestmark = pytest.mark.processes

CHANGE = "UPDATE sides SET amount = amount + CASE name WHEN 'left' THEN -1 ELSE 1 END"
ROWS = 500


@pytest.fixture(autouse=True, scope="module")
def _on_sqlite() -> Iterator[None]:
    """These are about SQLite, also where the other tests run on PostgreSQL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        yield


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a database, a key and files."""
    folder = tmp_path_factory.mktemp("installed") / "data"
    folder.mkdir(0o700)
    (folder / "evidence" / "ab").mkdir(parents=True)
    (folder / "evidence" / "ab" / "ảnh hiện trường.jpg").write_bytes(bytes(range(256)) * 500)
    (folder / "notes.txt").write_text("ghi chú", "utf-8")
    author_key(folder, now=datetime.now(UTC))
    with closing(sqlite3.connect(folder / "nhipcau.sqlite3")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE sides (name TEXT, amount INTEGER)")
        database.executemany("INSERT INTO sides VALUES (?, 0)", [("left",), ("right",)] * ROWS)
        database.commit()
    assert run_command("check", "--data", folder).returncode == 1  # no tables of ours, and yet it was looked at
    return folder


@pytest.fixture(scope="module")
def archive(installed: Path) -> Path:
    path = installed.parent / "backup.tar.gz"
    made = run_command("backup", path, "--data", installed, "--lang", "en")
    assert made.returncode == 0, made.stderr
    return path


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".sqlite3" not in path.name and path.name not in NEVER_COPIED and path.suffix != ".lock"
    }


def test_what_was_backed_up_is_what_is_restored(installed: Path, archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "data"
    done = run_command("restore", archive, "--data", target, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert files_of(target) == files_of(installed)
    assert [path.name for path in target.parent.iterdir()] == ["data"]
    with closing(sqlite3.connect(target / "nhipcau.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM sides").fetchone() == (2 * ROWS,)


def test_an_archive_and_what_is_restored_are_for_their_owner_only(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "data"
    restore_backup(archive, folder=target)
    assert not [path for path in (archive, target, *target.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_the_secret_of_authors_is_never_copied(installed: Path, archive: Path) -> None:
    _, secret = (installed / FILE_NAME).read_text().split()
    with tarfile.open(archive) as tar:
        members = [(member.name, tar.extractfile(member)) for member in tar]
        assert any("notes.txt" in name for name, _ in members)
        assert not any("author" in name for name, _ in members)
        for _, content in members:
            assert content is not None
            assert secret.encode() not in (read := content.read())
            assert bytes.fromhex(secret) not in read


def test_a_backup_is_of_one_moment_while_others_write(installed: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    changes = 0

    def write() -> None:
        nonlocal changes
        with closing(sqlite3.connect(installed / "nhipcau.sqlite3", timeout=60, isolation_level=None)) as database:
            while not stop.is_set():
                database.execute("BEGIN IMMEDIATE")
                database.execute(CHANGE)
                database.execute("COMMIT")
                changes += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sums = []
        for number in range(3):
            path = tmp_path / f"{number}.tar.gz"
            assert run_command("backup", path, "--data", installed).returncode == 0
            restore_backup(path, folder=tmp_path / f"data{number}")
            with closing(sqlite3.connect(tmp_path / f"data{number}" / "nhipcau.sqlite3")) as database:
                sums.append(database.execute("SELECT sum(amount), max(amount) FROM sides").fetchone())
    finally:
        stop.set()
        writer.join()
    assert changes > 10
    assert [total for total, _ in sums] == [0, 0, 0]
    assert len({most for _, most in sums}) > 1  # it was written meanwhile


def test_an_existing_file_is_not_replaced(installed: Path, archive: Path) -> None:
    before = archive.read_bytes()
    refused = run_command("backup", archive, "--data", installed, "--lang", "en")
    assert refused.returncode == 2
    assert "Choose another name" in refused.stderr
    assert archive.read_bytes() == before


def test_a_folder_with_something_in_it_is_not_restored_into(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.txt").write_text("mine")
    with pytest.raises(EngineError, match=r"run\.folder-not-empty"):
        restore_backup(archive, folder=tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("part", ["checksum", "end"])
def test_a_damaged_end_is_noticed_too(archive: Path, tmp_path: Path, part: str) -> None:
    content = bytearray(archive.read_bytes())
    if part == "checksum":
        content[-6] ^= 1
    else:
        del content[-4:]
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(content)
    with pytest.raises(EngineError, match=r"run\.archive-damaged"):
        restore_backup(damaged, folder=tmp_path / "data")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_archive_restores_nothing(archive: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(archive.read_bytes())
    # past the ten bytes of gzip's head, of which some mean nothing
    if data.draw(st.booleans(), label="cut off"):
        del content[data.draw(st.integers(10, len(content) - 1), label="at") :]
    else:
        place = data.draw(st.integers(10, len(content) - 1), label="at")
        content[place] ^= data.draw(st.integers(1, 255), label="change")
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(content)
    with pytest.raises(EngineError, match=r"run\.archive-damaged"):
        restore_backup(damaged, folder=tmp_path / "data")
    assert [path.name for path in tmp_path.iterdir()] == ["damaged.tar.gz"]


def changed(archive: Path, target: Path, change) -> Path:
    """An archive with other members, as somebody with bad intent would make it: the digests fit."""
    with tarfile.open(archive, "r:gz") as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}
    manifest = json.loads(members.pop("manifest.json"))
    entries = [(tarfile.TarInfo(name), content) for name, content in members.items()]
    change(entries, manifest)
    entries.append((tarfile.TarInfo("manifest.json"), json.dumps(manifest).encode()))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for entry, content in entries:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    target.write_bytes(gzip.compress(buffer.getvalue()))
    return target


@pytest.mark.parametrize("name", ["files/../../outside.txt", "/etc/outside.txt", "outside.txt", "files/../outside.txt"])
def test_nothing_is_written_outside_the_folder(archive: Path, tmp_path: Path, name: str) -> None:
    bad = changed(archive, tmp_path / "bad.tar.gz", lambda entries, _: entries.append((tarfile.TarInfo(name), b"x")))
    with pytest.raises(EngineError, match=r"run\.archive-damaged"):
        restore_backup(bad, folder=tmp_path / "inner" / "data")
    assert not list(tmp_path.rglob("*outside*"))


def test_links_in_an_archive_are_refused(archive: Path, tmp_path: Path) -> None:
    def add_link(entries, _manifest) -> None:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        entries.append((link, b""))

    with pytest.raises(EngineError, match=r"run\.archive-damaged"):
        restore_backup(changed(archive, tmp_path / "bad.tar.gz", add_link), folder=tmp_path / "data")


def test_an_archive_of_a_newer_form_says_which_version_to_install(archive: Path, tmp_path: Path) -> None:
    newer = changed(archive, tmp_path / "newer.tar.gz", lambda _, manifest: manifest.update(format=99, version="9.9"))
    refused = run_command("restore", newer, "--data", tmp_path / "data", "--lang", "en")
    assert refused.returncode == 2
    assert "(9.9)" in refused.stderr


def test_a_manifest_reads_back_as_it_was_written() -> None:
    manifest = Manifest(database="sqlite", made_at="2026-03-01T00:00:00+00:00", files={"files/ảnh.jpg": ("ab", 3)})
    assert Manifest.from_json(manifest.to_json()) == manifest
