"""What `make run` starts: a sample centre at work, whose printed log-ins open it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from benchmarks.installations import environment, eventually, free_port

pytestmark = [pytest.mark.slow, pytest.mark.processes]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def demonstrate(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "nhipcau.demonstration", "--data", str(folder), "--lang", "en", *options]
    return subprocess.Popen(command, env=environment(DATABASE_URL=""), stdout=subprocess.PIPE, text=True)


def told(said: str) -> tuple[str, dict[str, str]]:
    """The password and the log-ins that are printed."""
    password = re.search(r"password\s+(\S+)", said)
    assert password is not None, said
    return password[1], dict(re.findall(r"^  (.+?)\s+(\S+@\S+)$", said, re.MULTILINE))


def log_in(address: str, email: str, password: str) -> httpx.Response:
    with httpx.Client(base_url=address, timeout=60) as browser:
        page = browser.get("/account/login/").text
        found = TOKEN.search(page)
        assert found is not None, page
        form = {"csrfmiddlewaretoken": found[1], "login": email, "password": password}
        answer = browser.post("/account/login/", data=form)
        assert answer.status_code == 302, f"{email}: {answer.status_code}"
        return browser.get("/", follow_redirects=True)


@pytest.mark.timeout(900)  # a whole centre is made, with thirty days of voices
def test_every_printed_log_in_opens_the_sample_centre(tmp_path: Path) -> None:
    said, _ = demonstrate(tmp_path / "centre", "--serve", "no").communicate(timeout=500)
    password, log_ins = told(said)
    assert set(log_ins) == {"administrator", "leader", "analyst", "area officer", "officer", "auditor"}

    port = free_port()
    centre = demonstrate(tmp_path / "centre", "--port", str(port))
    try:
        address = f"http://127.0.0.1:{port}"
        eventually(lambda: is_up(address), what="the centre answers")
        for email in log_ins.values():
            home = log_in(address, email, password)
            assert home.status_code == 200, email
            assert not home.url.path.startswith("/account"), email
            assert "mẫu" in home.text  # it says that it is a sample
    finally:
        centre.send_signal(signal.SIGINT)
        said, _ = centre.communicate(timeout=60)
    assert centre.returncode == 0
    assert told(said) == (password, log_ins)  # it was made once, and told again


def is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz").status_code == 200
    except httpx.TransportError:
        return False
