"""Settings from the environment: what does not hold is refused by name, what is secret is kept to oneself."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from nhipcau.site import environment as env


@pytest.mark.parametrize(
    ("read", "given"),
    [
        (lambda: env.number("X", 5), "five"),
        (lambda: env.flag("X", default=False), "perhaps"),
        (lambda: env.choice("X", ("a", "b")), "c"),
        (lambda: env.address("X", ""), "cau.example.vn"),
        (lambda: env.address("X", ""), "https://cau.example.vn/?a=1"),
        (lambda: env.database("X", folder=Path("/nowhere")), "mysql://a:secret@b/c"),
        (lambda: env.database("X", folder=Path("/nowhere")), "postgresql://a:secret@b"),
    ],
)
def test_value_that_does_not_hold_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, read, given: str):
    monkeypatch.setenv("X", given)
    with pytest.raises(ImproperlyConfigured, match=r"^X=") as caught:
        read()
    assert "secret" not in str(caught.value)


def test_values_that_hold(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("X", " 7 ")
    assert env.number("X", 5) == 7
    monkeypatch.setenv("X", "Yes")
    assert env.flag("X", default=False)
    monkeypatch.setenv("X", "https://cau.example.vn/")
    assert env.address("X", "") == "https://cau.example.vn"
    monkeypatch.setenv("X", "a, b,,c ")
    assert env.words("X") == ["a", "b", "c"]
    monkeypatch.delenv("X")
    assert (env.number("X", 5), env.flag("X", default=True), env.choice("X", ("a", "b"))) == (5, True, "a")


def test_postgresql_is_read_from_its_address(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("X", "postgresql://nhip%40cau:p%2Fw@db.example:5433/centre?sslmode=require")
    read = env.database("X", folder=Path("/nowhere"))
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert [read[name] for name in names] == [
        "django.db.backends.postgresql",
        "centre",
        "nhip@cau",
        "p/w",
        "db.example",
        "5433",
    ]
    assert read["OPTIONS"]["sslmode"] == "require"


def test_secret_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("X", raising=False)
    folder = tmp_path / "data"
    key = env.secret_key("X", folder=folder)
    assert len(key) > 60
    assert env.secret_key("X", folder=folder) == key
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret.key"]
    assert env.secret_key("X", folder=tmp_path / "other") != key
