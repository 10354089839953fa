"""The demonstration centre: the sample province at work, with one log-in for each role. What `make run` starts.

`python -m nhipcau.demonstration --data DIR [--port PORT] [--lang vi|en] [--serve yes|no] [--stream yes|no]`
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from nhipcau.engine.errors import EngineError
from nhipcau.messages import say
from nhipcau.running.folder import make_folder
from nhipcau.running.loading import load
from nhipcau.running.occupancy import occupy
from nhipcau.running.serving import Serving, serve

HOST: Final = "127.0.0.1"
PASSWORD_FILE: Final = "sample-password.txt"  # noqa: S105  # a name, not a password

_WORDS: Final[dict[str, dict[str, str]]] = {
    "vi": {
        "listening": "Đang nghe ba mươi ngày ý kiến mẫu (khoảng một phút) …",
        "streaming": "Ý kiến của hôm nay đang đến, nhanh gấp 60 lần.",
        "made": "\nTrung tâm mẫu (tỉnh hư cấu, không có thật) nằm trong {folder}.",
        "log-ins": "Đăng nhập với mật khẩu  {password}",
        "ready": "Mở trang: {address}  (dừng: Ctrl+C)",
        "later": "Mở trung tâm mẫu: NHIPCAU_SECOND_FACTOR=offered nhipcau serve --data {folder}",
        "administrator": "quản trị viên",
        "leader": "lãnh đạo trung tâm",
        "analyst": "chuyên viên phân tích",
        "area officer": "cán bộ khu vực",
        "officer": "cán bộ điểm cầu xã",
        "auditor": "giám sát viên",
    },
    "en": {
        "listening": "Listening to thirty days of sample voices (about a minute) …",
        "streaming": "Today's voices are coming in, sixty times as fast.",
        "made": "\nA sample centre (of a made-up province) is in {folder}.",
        "log-ins": "Log in with the password  {password}",
        "ready": "Open it: {address}  (stop: Ctrl+C)",
        "later": "To open it: NHIPCAU_SECOND_FACTOR=offered nhipcau serve --data {folder}",
    },
}


def make_centre(folder: Path, *, lang: str = "vi") -> tuple[str, dict[str, str]]:
    """Make the sample in a data folder, or leave one that is there as it is; give its password and log-ins by role."""
    with occupy(make_folder(folder)):
        load(folder)
        from django.utils import timezone

        from nhipcau.issues.actions.sample_issues import listen_to_sample, work_on_sample
        from nhipcau.network.actions.sample_directives import make_sample_directives
        from nhipcau.network.actions.sample_province import LOG_INS, make_sample_province
        from nhipcau.network.models.people import Person
        from nhipcau.running.preparing import prepare_installation
        from nhipcau.voices.actions.sample_voices import make_sample_past

        prepare_installation()
        password = _password(folder)
        hub = make_sample_province(password=password)
        make_sample_directives(now=timezone.now())
        if make_sample_past(hub=hub, now=timezone.now()):
            _tell(_WORDS[lang]["listening"])
        listen_to_sample(folder=folder, now=timezone.now())
        people = Person.objects.in_bulk([LOG_INS["leader"], LOG_INS["analyst"]], field_name="email")
        work_on_sample(leader=people[LOG_INS["leader"]], analyst=people[LOG_INS["analyst"]], now=timezone.now())
        return password, LOG_INS


def stream(folder: Path) -> None:
    """Take in a day of voices sixty times as fast, for as long as whoever started this runs."""
    load(folder)
    from django.utils import timezone

    from nhipcau.voices.actions.sample_voices import stream_sample

    parent = os.getppid()
    stream_sample(now=timezone.now, is_over=lambda: os.getppid() != parent)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the centre, say how to log in, and serve it until told to stop."""
    parser = argparse.ArgumentParser(description="The sample province at work.")
    parser.add_argument("--data", type=Path, required=True, help="folder under which everything is kept")
    parser.add_argument("--port", type=int, default=8000, help="port to serve at, on this machine only")
    parser.add_argument("--lang", choices=sorted(_WORDS), default="vi", help="language of what is told")
    parser.add_argument("--serve", choices=["yes", "no"], default="yes", help="no: made and told, not served")
    parser.add_argument("--stream", choices=["yes", "no", "only"], default="no", help="yes: today's voices come in too")
    options = parser.parse_args(arguments)
    try:
        if options.stream == "only":
            stream(options.data)
            return
        _demonstrate(
            options.data,
            port=options.port,
            lang=options.lang,
            is_served=options.serve == "yes",
            has_stream=options.stream == "yes",
        )
    except EngineError as error:
        sys.exit(f"nhipcau: {say(error, lang=options.lang)}")


def _demonstrate(folder: Path, *, port: int, lang: str, is_served: bool, has_stream: bool) -> None:
    words = _WORDS[lang]
    # who looks at the sample binds no device to it; served in any other way, it asks for a second factor like all
    os.environ.setdefault("NHIPCAU_SECOND_FACTOR", "offered")
    os.environ.setdefault("NHIPCAU_PUBLIC_URL", f"http://localhost:{port}")
    password, log_ins = make_centre(folder, lang=lang)
    _tell(words["made"].format(folder=folder))
    _tell(words["log-ins"].format(password=password))
    for role, email in log_ins.items():
        _tell(f"  {words.get(role, role):<24}{email}")
    if not is_served:
        _tell(words["later"].format(folder=folder))
        return
    streaming: list[subprocess.Popen[bytes]] = []

    def ready(address: str, _notices: list[str]) -> None:
        _tell(words["ready"].format(address=address))
        if has_stream:
            _tell(words["streaming"])
            command = [sys.executable, "-m", "nhipcau.demonstration", "--data", str(folder), "--stream", "only"]
            streaming.append(subprocess.Popen(command))  # noqa: S603  # ourselves

    try:
        serve(Serving(host=HOST, port=port, folder=folder, lang=lang), on_ready=ready)
    finally:
        for process in streaming:
            process.terminate()


def _password(folder: Path) -> str:
    """Give the password of this sample: each has another, so that none is open to whoever has read this."""
    file = folder / PASSWORD_FILE
    if not file.exists():
        file.touch(0o600)
        file.write_text(f"{secrets.token_hex(2)}-{secrets.token_hex(2)}-{secrets.token_hex(2)}\n", "utf-8")
    return file.read_text("utf-8").strip()


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
