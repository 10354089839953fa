"""The commands of a running installation: `serve`, `worker`, `check`, `backup`, `restore`, `move`.

They load nothing of the web half before they are called, and say how to install it where it is missing.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from nhipcau.engine.errors import EngineError

LANG = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of what is written."
)
DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("nhipcau-data"),
    show_default=True,
    envvar="NHIPCAU_DATA",
    help="The folder under which everything is kept.",
)


def web_processes() -> int:
    """Pages of many who come at once are answered by two processors where the machine has them."""
    return min(os.cpu_count() or 1, 2)


WORKERS = click.option(
    "--workers",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    envvar="NHIPCAU_WORKERS",
    help="Worker processes.",
)
ARCHIVE = click.argument("archive", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
NEEDED: Final = ("a2wsgi", "django", "uvicorn", "whitenoise", "prometheus_client")
WORDS: Final[dict[str, dict[str, str]]] = {
    "vi": {
        "ready": "Nhịp Cầu đang chạy tại {address}  (dừng: Ctrl+C)\nDữ liệu nằm trong {folder}",
        "died": "nhipcau: tiến trình {role} dừng đột ngột (mã {code}), đang khởi động lại.",
        "well": "tốt      ",
        "warning": "lưu ý    ",
        "problem": "CÓ LỖI   ",
        "all-well": "Mọi thứ đều ổn.",
        "some-warning": "Hệ thống chạy được; có {warnings} điều cần lưu ý.",
        "some-problem": "Có {problems} lỗi cần xử lý.",
        "backed-up": "Đã sao lưu: {file} ({files} tệp, {bytes} byte).\n"
        "Bản sao chứa khóa và dữ liệu cá nhân: hãy cất giữ cẩn thận.",
        "moved": "Đã chuyển {rows} dòng của {tables} bảng và đối chiếu từng dòng. Cơ sở dữ liệu cũ: {old}\n"
        "Từ nay đặt DATABASE_URL tới cơ sở dữ liệu mới, rồi chạy: nhipcau audit verify --data {folder}; "
        "nhipcau check --data {folder}; nhipcau serve --data {folder}",
        "restored": "Đã khôi phục vào {folder}: {files} tệp, bản sao lúc {made_at}.\n"
        "Chạy tiếp: nhipcau serve --data {folder}",
    },
    "en": {
        "ready": "Nhịp Cầu runs at {address}  (stop: Ctrl+C)\nIts data are in {folder}",
        "died": "nhipcau: process {role} ended (code {code}) and is started again.",
        "well": "well     ",
        "warning": "note     ",
        "problem": "PROBLEM  ",
        "all-well": "All is well.",
        "some-warning": "It works; things to note: {warnings}.",
        "some-problem": "Problems to mend: {problems}.",
        "backed-up": "Backed up: {file} ({files} files, {bytes} bytes).\n"
        "It holds keys and personal data: keep it safe.",
        "moved": "{rows} rows of {tables} tables are moved, and each is compared. The old database: {old}\n"
        "From now on set DATABASE_URL to the new one, then: nhipcau audit verify --data {folder}; "
        "nhipcau check --data {folder}; nhipcau serve --data {folder}",
        "restored": "Restored into {folder}: {files} files, as of {made_at}.\nTo go on: nhipcau serve --data {folder}",
    },
}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, envvar="NHIPCAU_HOST", help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, envvar="NHIPCAU_PORT", help="Its port."
)
@DATA
@click.option(
    "--web",
    type=click.IntRange(1),
    default=web_processes,
    show_default="a processor each, two at most",
    envvar="NHIPCAU_WEB",
    help="Web processes.",
)
@WORKERS
@LANG
def serve(host: str, port: int, data: Path, web: int, workers: int, lang: str) -> None:
    """Run the centre: web pages and worker, in one tree of processes that replaces what dies."""
    need_web_half()
    from nhipcau.running.serving import Serving
    from nhipcau.running.serving import serve as serve_until_stopped

    words = WORDS[lang]

    def on_ready(address: str, notices: list[str]) -> None:
        click.echo(words["ready"].format(address=address, folder=data.resolve()))
        for sentence in notices:
            click.echo(sentence.replace("{address}", address))

    serve_until_stopped(
        Serving(host=host, port=port, folder=data, web_processes=web, workers=workers, lang=lang),
        on_ready=on_ready,
        on_death=lambda role, code: click.echo(words["died"].format(role=role, code=code), err=True),
    )


@click.command()
@DATA
@WORKERS
@LANG
def worker(data: Path, workers: int, lang: str) -> None:
    """Run workers alone, where web pages are served elsewhere on the same PostgreSQL database."""
    need_web_half()
    from nhipcau.running.serving import work

    work(data, workers=max(1, workers), lang=lang)


@click.command()
@DATA
@LANG
def check(data: Path, lang: str) -> None:
    """Say what is wrong with an installation, and what to do about it; exit code 1 where something is."""
    need_web_half()
    from nhipcau.running.checking import check_installation
    from nhipcau.running.checks import Level, worded

    words = WORDS[lang]
    counts = dict.fromkeys(Level, 0)
    for finding in check_installation(data):
        counts[finding.level] += 1
        click.echo(words[finding.level.name.lower()] + worded(finding, lang=lang))
    problems, warnings = counts[Level.PROBLEM], counts[Level.WARNING]
    verdict = "some-problem" if problems else "some-warning" if warnings else "all-well"
    click.echo("\n" + words[verdict].format(problems=problems, warnings=warnings))
    if problems:
        sys.exit(1)


@click.command()
@ARCHIVE
@DATA
@LANG
def backup(archive: Path, data: Path, lang: str) -> None:
    """Write one consistent archive of everything that is kept, also while the system runs."""
    need_web_half()
    if not data.is_dir():
        raise EngineError("run.no-folder", folder=str(data))
    from nhipcau.running.loading import load

    load(data)
    from nhipcau.running.backup import write_backup

    manifest = write_backup(archive, folder=data.resolve(), now=datetime.now(UTC))
    click.echo(
        WORDS[lang]["backed-up"].format(file=archive, files=len(manifest.files), bytes=f"{archive.stat().st_size:,}")
    )


@click.command()
@ARCHIVE
@DATA
@LANG
def restore(archive: Path, data: Path, lang: str) -> None:
    """Make a data folder from an archive; it must be new or empty, and a damaged archive restores nothing."""
    need_web_half()
    from nhipcau.running.backup import restore_backup

    manifest = restore_backup(archive, folder=data.absolute())
    click.echo(
        WORDS[lang]["restored"].format(folder=data.resolve(), files=len(manifest.files), made_at=manifest.made_at)
    )


@click.command()
@click.option(
    "--to",
    "target",
    required=True,
    envvar="NHIPCAU_MOVE_TO",
    help="The empty database: postgresql://person:password@host:5432/name.",
)
@DATA
@LANG
def move(target: str, data: Path, lang: str) -> None:
    """Move an installation from SQLite to PostgreSQL: all rows, each compared; it must not run meanwhile."""
    need_web_half()
    if not data.is_dir():
        raise EngineError("run.no-folder", folder=str(data))
    if not target.startswith(("postgres://", "postgresql://")):
        raise EngineError("run.move-to")
    os.environ["NHIPCAU_MOVE_TO"] = target
    from nhipcau.running.loading import load

    load(data)
    from nhipcau.running.moving import move_installation

    words = WORDS[lang]
    done = move_installation(
        folder=data.resolve(), on_table=lambda name, rows: click.echo(f"{rows:>12,}  {name}") if rows else None
    )
    click.echo(words["moved"].format(tables=done.tables, rows=f"{done.rows:,}", old=done.old, folder=data.resolve()))


COMMANDS: Final = (serve, worker, check, backup, restore, move)


def need_web_half() -> None:
    """Refuse a command whose libraries are not installed."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise EngineError("run.not-installed", libraries=missing)
