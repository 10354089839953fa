"""The commands in `nhipcau`: without the web half the engine works, and the others say what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from nhipcau.cli import main
from nhipcau.running import commands
from nhipcau.running.commands import COMMANDS

NAMES = sorted(command.name or "" for command in COMMANDS)


def test_the_engines_commands_load_nothing_of_the_web_half() -> None:
    program = "import sys, nhipcau.cli; print([m for m in ('django', 'uvicorn', 'psycopg') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", NAMES)
def test_without_the_web_half_each_command_says_how_to_install_it(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(commands.importlib.util, "find_spec", lambda _: None)
    arguments = [str(tmp_path / "archive")] if name in ("backup", "restore") else []
    arguments += ["--to", "postgresql://nobody@localhost/none"] if name == "move" else []
    result = CliRunner().invoke(main, [name, *arguments, "--data", str(tmp_path / "data")])
    assert result.exit_code == 2
    assert "pip install 'nhipcau[web]'" in result.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["backup", "restore"])
def test_a_folder_or_archive_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [name, str(tmp_path / "archive"), "--data", str(tmp_path / "data")])
    assert result.exit_code == 2
    assert str(tmp_path / ("data" if name == "backup" else "archive")) in result.output


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    result = CliRunner().invoke(main, ["serve", "--data", str(tmp_path / "data"), "--port", "0"])
    assert result.exit_code == 2
    assert f"{tmp_path / 'data'} là một tệp" in result.output
