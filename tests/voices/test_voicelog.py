"""Reading the log: in stream order, some of it, while it changes, and when something is wrong with it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.fs as pafs
import pytest

from nhipcau.voices.actions.compacting import put_together
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.actions.sweeping import remove_leaving_files
from nhipcau.voices.logplace import Place, place_of_log
from nhipcau.voices.models import LogSegment
from nhipcau.voices.sides import THREADS, has_side, read_side, side_names, write_side, write_sides
from nhipcau.voices.voicelog import LogFileDamaged, LogFileMissing, VoiceLog
from tests.voices.voices_of_days import NOW, grouped, logged, made_source, queue, rows_of

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)


@pytest.fixture
def texts() -> list[str]:
    """Thirty voices around midnight, in twelve files of two days that reach into one another."""
    source, order = made_source(), random.Random(3)
    said = []
    for number in range(12):
        some = [f"{number}-{row}" for row in range(order.randint(1, 4))]
        queue(source, some, at=MIDNIGHT + timedelta(seconds=number - 6 + order.choice([-4, 0, 4])))
        said += some
        log_waiting(now=MIDNIGHT + timedelta(seconds=number))
    return said


@pytest.mark.parametrize("put_files_together", [False, True])
def test_voices_come_in_the_order_of_the_stream(texts: list[str], put_files_together: bool) -> None:
    if put_files_together:
        write_sides(THREADS, grouped())
        assert put_together(now=NOW + timedelta(days=2)) == 2
        first, second = LogSegment.objects.order_by("first_seq")
        assert first.last_seq > second.first_seq
    assert logged() == list(enumerate(texts))
    for after in range(-1, len(texts)):
        assert logged(after_seq=after) == list(enumerate(texts))[after + 1 :]
        assert logged(until_seq=after) == list(enumerate(texts))[: after + 1]


def test_days_are_read_alone(texts: list[str]) -> None:
    log = VoiceLog()
    days = [list(rows_of(log.of_days(day, day))) for day in (date(2026, 11, 26), date(2026, 11, 27))]
    assert days[0]
    assert days[1]
    assert sorted(days[0] + days[1]) == list(enumerate(texts))
    assert list(rows_of(log.of_days(date(2026, 11, 26), date(2026, 11, 27)))) == list(enumerate(texts))


def test_columns_are_chosen(texts: list[str]) -> None:
    assert all(batch.schema.names == ["seq", "text"] for batch in VoiceLog().batches(columns=["text"]))
    with pytest.raises(ValueError, match="author_name"):
        list(VoiceLog().batches(columns=["author_name"]))


def test_what_comes_later_is_not_given(texts: list[str]) -> None:
    batches = VoiceLog().batches()
    seen = [next(batches).column("seq").to_pylist()]
    queue(made_source(), ["sau"])
    log_waiting(now=NOW)
    seen += [batch.column("seq").to_pylist() for batch in batches]
    assert [seq for some in seen for seq in some] == list(range(len(texts)))


@pytest.mark.parametrize("read_before", range(0, 12, 3))
def test_files_that_are_replaced_and_removed_meanwhile_cost_a_reader_nothing(
    texts: list[str], read_before: int
) -> None:
    write_sides(THREADS, grouped())
    batches = VoiceLog().batches()
    seen = list(rows_of(next(batches) for _ in range(read_before)))
    assert put_together(now=NOW + timedelta(days=2)) == 2
    assert remove_leaving_files(now=NOW + timedelta(days=3)) == 12
    seen += rows_of(batches)
    assert seen == list(enumerate(texts))


def test_a_missing_file_is_named(own_data_folder: Path) -> None:
    queue(made_source(), ["một"])
    log_waiting(now=NOW)
    path = own_data_folder / "voices" / LogSegment.objects.get().path
    path.unlink()
    with pytest.raises(LogFileMissing) as missing:
        logged()
    assert missing.value.values == {"file": str(path)}


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied"])
def test_a_damaged_file_is_named(own_data_folder: Path, damage: str) -> None:
    queue(made_source(), [f"Nước ngập lần {number}" for number in range(50)])
    log_waiting(now=NOW)
    path = own_data_folder / "voices" / LogSegment.objects.get().path
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes({"cut": content[:-30], "flipped": content, "emptied": b""}[damage])
    with pytest.raises(LogFileDamaged) as damaged:
        logged()
    assert damaged.value.values["file"] == str(path)


def test_sides_belong_to_the_file_they_were_made_for(texts: list[str]) -> None:
    log = VoiceLog()
    assert side_names() == []
    table = grouped()
    assert write_sides(THREADS, table) == 12
    assert side_names() == [THREADS]
    for segment in log.segments():
        found = read_side(segment, THREADS)
        assert found is not None
        seqs = [seq for seq, _ in rows_of(log.of_segments([segment]))]
        assert found.column("seq").to_pylist() == seqs
        assert found.column("thread").to_pylist() == [seq // 3 for seq in seqs]
    one = log.segments()[0]
    LogSegment.objects.filter(path=one.path).update(sha256="0" * 64)
    other = log.segments()[0]
    assert read_side(other, THREADS) is None
    assert not has_side(other, THREADS)
    with pytest.raises(ValueError, match="voices"):
        write_side(one, THREADS, table.slice(0, 0))


def test_sides_of_files_that_are_only_partly_known_wait(texts: list[str]) -> None:
    table = grouped()
    first = VoiceLog().segments()[0]
    assert write_sides(THREADS, table.slice(first.last_seq, len(texts))) < 12
    assert write_sides(THREADS, table.slice(0, 0)) == 0


@pytest.fixture(params=["folder", "file", "storage"])
def _elsewhere(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Another folder, the same as an address, and a file system that is not this machine's as far as we know."""
    if request.param == "storage":
        from nhipcau.voices import logplace

        storage = pafs.SubTreeFileSystem(str(tmp_path), pafs.LocalFileSystem())

        def place(_address: str, folder: Path, ending: str) -> Place:
            for name in ("bucket", "bucket-derived"):
                (tmp_path / name).mkdir(exist_ok=True)
            return Place(_Bucket(storage), f"bucket{ending}", folder / f"voices{ending}.part", is_local=False)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(logplace, "_place", place)
            yield
    else:
        folder = tmp_path / "elsewhere"
        settings.VOICE_LOG = folder.as_uri() if request.param == "file" else str(folder)
        yield


class _Bucket:
    """As object storage: folders need not be made."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def open_output_stream(self, path: str) -> Any:
        self._inner.create_dir(path.rpartition("/")[0], recursive=True)
        return self._inner.open_output_stream(path)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@pytest.mark.usefixtures("_elsewhere")
def test_the_log_may_lie_elsewhere(own_data_folder: Path) -> None:
    source = made_source()
    for text in ("một", "hai", "ba"):
        queue(source, [text])
        log_waiting(now=NOW)
    assert write_sides(THREADS, grouped()) == 3
    assert not (own_data_folder / "voices").exists()
    assert put_together(now=NOW + timedelta(days=2)) == 1
    assert remove_leaving_files(now=NOW + timedelta(days=3)) == 3
    assert logged() == [(0, "một"), (1, "hai"), (2, "ba")]
    assert len(place_of_log().sizes()) == 1
    (segment,) = VoiceLog().segments()
    assert has_side(segment, THREADS)
