"""What tests need beside Python is found, installed where that is possible, and else asked for in one line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import needs


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """A machine without PostgreSQL and browser; what is run on it is noted and does nothing."""
    ran: list[list[str]] = []
    monkeypatch.setattr(needs, "DEBIAN", tmp_path)
    monkeypatch.setattr(needs.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "apt-get" else None)
    monkeypatch.setattr(needs.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append([str(part) for part in command]))
    return ran


def test_root_gets_it_from_the_system(bare: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs.os, "geteuid", lambda: 0)
    needs.install()
    assert [command[0] for command in bare][:2] == ["apt-get", "apt-get"]
    assert bare[1][-2:] == ["postgresql", "chromium"]


def test_others_get_postgresql_with_pip_and_are_asked_for_the_rest(
    bare: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs.os, "geteuid", lambda: 1000)
    assert needs.install() == ["postgresql", "chromium"]
    assert [command[-1] for command in bare] == [needs.PIP_POSTGRESQL]


def test_the_newest_postgresql_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
    for version in ("9.6", "15"):
        (tmp_path / version / "bin" / "initdb").touch()
    monkeypatch.setattr(needs, "DEBIAN", tmp_path)
    monkeypatch.setattr(needs.shutil, "which", lambda _: None)
    monkeypatch.setattr(needs.importlib.util, "find_spec", lambda _: None)
    assert needs.postgresql() == tmp_path / "15" / "bin"


def test_what_is_there_is_not_installed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "postgresql", lambda: Path("/there"))
    monkeypatch.setattr(needs, "chromium", lambda: "/there")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("something was run"))
    assert needs.install() == []
