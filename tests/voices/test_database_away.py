"""The database goes away while programs push and comes back: they are told to wait, and nothing accepted is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.installations import Installation, environment, eventually
from benchmarks.intake.cast import SOURCE
from tests.postgresql import ROOMY, own_server
from tests.voices.test_kills import KEPT, SETTINGS

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.timeout(900)]

AWAY_SECONDS = 6
"""Longer than any process waits before it tries again."""


def test_who_pushes_is_told_to_wait_and_nothing_accepted_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    with own_server(ROOMY) as server:
        monkeypatch.setenv("DATABASE_URL", server.url)
        (token,) = json.loads(_printed("-m", "benchmarks.intake.cast", folder, 1))
        centre = Installation(folder, **SETTINGS)
        try:
            centre.wait_until_ready()

            def push(number: int) -> httpx.Response:
                voices = [
                    {"id": f"{number}-{row}", "text": f"Nước ngập thôn {number}, nhà {row}."} for row in range(20)
                ]
                headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"batch-{number:04}"}
                address = f"{centre.address}/api/v1/sources/{SOURCE}/voices"
                return httpx.post(address, json={"voices": voices}, headers=headers, timeout=60)

            assert [push(number).status_code for number in range(3)] == [202] * 3
            server.stop()
            until = time.monotonic() + AWAY_SECONDS
            refused: list[httpx.Response] = []
            while time.monotonic() < until:
                refused.append(push(3))
                time.sleep(0.5)
            assert {answer.status_code for answer in refused} == {503}
            assert {answer.headers["Content-Type"] for answer in refused} == {"application/problem+json"}
            assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
            assert centre.get("/healthz").status_code == 200
            assert centre.get("/readyz").status_code == 503
            page = centre.get("/account/login/")
            assert page.status_code == 503
            assert "Cơ sở dữ liệu" in page.text
            assert centre.process.poll() is None
            server.start()
            eventually(centre.is_ready, what="it is ready again")
            answers: list[dict[str, Any]] = [push(number).json() for number in range(6)]
            assert [(one["accepted"], one["known"]) for one in answers[3:]] == [(20, 0)] * 3
            eventually(lambda: len(_rows(folder)) == 6 * 20, what="all are kept")
        finally:
            centre.stop()
        ids = [row["id"] for row in _rows(folder)]
        assert len(ids) == len(set(ids)) == 6 * 20


def _rows(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(_printed("-c", KEPT, folder))["rows"]
    return rows


def _printed(*arguments: object) -> bytes:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, env=environment(**SETTINGS), stdout=subprocess.PIPE, check=True).stdout
