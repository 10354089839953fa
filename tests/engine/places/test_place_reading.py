from __future__ import annotations

import gzip
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.tokens import tokenize
from nhipcau.engine.errors import EngineError
from nhipcau.engine.places.gazetteer import Gazetteer
from nhipcau.engine.places.reading import shipped_units


def test_the_shipped_list_is_whole() -> None:
    units = shipped_units()
    counts = Counter(zip(units.level.tolist(), units.former.tolist(), strict=True))
    assert counts == {(3, False): 34, (1, False): 3_321, (3, True): 63, (2, True): 696, (1, True): 10_035}
    assert len(set(units.code)) == len(units)
    assert all(successors for successors, former in zip(units.successors, units.former, strict=True) if former)
    assert not any(units.former[row] for successors in units.successors for row in successors)
    assert all(
        units.province[row] == units.province[former]
        for former, successors in enumerate(units.successors)
        for row in successors
    )
    assert (units.province >= 0).all()
    assert np.isfinite(units.latitude).all()
    assert (units.latitude > 6).all()
    assert (units.latitude < 24).all()


def test_the_shipped_list_is_small() -> None:
    assert len((files("nhipcau.engine") / "data" / "places.csv.gz").read_bytes()) < 500_000


def own(path: Path, text: str) -> Gazetteer:
    path.write_text(text, encoding="utf-8")
    return Gazetteer.load(path)


def found(gazetteer: Gazetteer, text: str) -> list[str]:
    texts = pa.array([text])
    rows = gazetteer.find(tokenize(texts, lexicon=Lexicon.load()), texts).rows.tolist()
    return [gazetteer.describe(row).code for row in rows]


def test_an_operators_own_list(tmp_path: Path) -> None:
    gazetteer = own(
        tmp_path / "places.csv",
        "\ufeffcode,name,parent,aliases,latitude,longitude\n"
        "b,Bàu Sen,,,11.5,106.9\n\nb1,Ấp Suối Nhung,b,Suối Nhung;Xóm Nhung,,\n",
    )
    assert found(gazetteer, "Ngập ở Bàu Sen và Xóm Nhung") == ["b", "b1"]
    assert found(gazetteer, "ngap o bau sen") == ["b"]
    place = gazetteer.describe(1)
    assert (place.parent, place.kind, place.latitude, place.full_name) == ("b", "place", None, "Ấp Suối Nhung")
    assert gazetteer.describe(0).longitude == 106.9


def test_an_operators_list_may_be_gzipped_and_name_kinds(tmp_path: Path) -> None:
    path = tmp_path / "places.csv.gz"
    path.write_bytes(gzip.compress("code,name,kind\n1,Bàu Sen,commune\n".encode()))
    assert found(Gazetteer.load(path), "xã Bàu Sen") == ["1"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "places.no-heading", None),
        ("name,where\nA,B\n", "places.no-heading", None),
        ("code,name\n", "places.empty", None),
        ("code,name\n1,A\n,B\n", "places.bad-line", 3),
        ("code,name\n1,A\n2,\n", "places.bad-line", 3),
        ("code,name\n1,A\n1,B\n", "places.bad-line", 3),
        ("code,name\n1,A,x\n", "places.bad-line", 2),
        ("code,name,parent\n1,A,\n2,B,9\n", "places.bad-line", 3),
        ("code,name,parent\n1,A,1\n", "places.bad-line", 2),
        ("code,name,kind\n1,A,village\n", "places.bad-line", 2),
        ("code,name,latitude\n1,A,91\n", "places.bad-line", 2),
        ("code,name,longitude\n1,A,đông\n", "places.bad-line", 2),
        ("code,name,longitude\n1,A,nan\n", "places.bad-line", 2),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    with pytest.raises(EngineError) as caught:
        own(tmp_path / "places.csv", text)
    assert (caught.value.code, caught.value.values.get("line")) == (code, line)
    assert caught.value.values["file"] == str(tmp_path / "places.csv")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"\x1f\x8bbroken", gzip.compress(b"code,name\n1,A\n", mtime=0)[:-6]]
)
def test_a_file_that_cannot_be_read_is_one_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "places.csv"
    path.write_bytes(content)
    for wrong in (path, tmp_path / "none.csv", tmp_path):
        with pytest.raises(EngineError) as caught:
            Gazetteer.load(wrong)
        assert caught.value.code == "places.unreadable"


def test_parents_in_a_ring_end(tmp_path: Path) -> None:
    gazetteer = own(tmp_path / "places.csv", "code,name,parent\n1,Bàu Sen,2\n2,Bàu Súng,1\n")
    assert found(gazetteer, "Bàu Sen, Bàu Súng") == ["1", "2"]
    assert gazetteer.resolve(pa.array(["Bàu Sen, Nơi Khác"])).tolist() == [0]
