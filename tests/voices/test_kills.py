"""Processes are killed while a program pushes: every voice that was answered is in the queue or in the log, once;
nothing personal is in any file, answer or line of what the processes print.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.installations import Installation, environment, eventually
from benchmarks.intake.cast import SOURCE
from tests.postgresql import new_database
from tests.voices.test_envelope import PERSONAL, planted, traces

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.timeout(900)]

SETTINGS = {"DJANGO_SETTINGS_MODULE": "benchmarks.crashes.settings"}
BATCHES, VOICES = 30, 20
KEPT = """
import json, sys
from pathlib import Path
from nhipcau.running.loading import load
load(Path(sys.argv[1]))
from django.db import connection
from nhipcau.voices.actions.intake import read_back
from nhipcau.voices.models import IntakeBatch
from nhipcau.voices.voicelog import VoiceLog
rows = [row for one in IntakeBatch.objects.order_by("pk") for row in read_back(bytes(one.payload)).to_pylist()]
rows += [row for batch in VoiceLog().batches() for row in batch.to_pylist()]
said = []
with connection.cursor() as cursor:
    for table in connection.introspection.table_names():
        cursor.execute(f'SELECT * FROM "{table}"')
        said.append(repr(cursor.fetchall()))
print(json.dumps({"rows": rows, "tables": said}, default=str, ensure_ascii=False))
"""


class Sender(threading.Thread):
    """A program: it pushes batch after batch, each until it is answered."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.centre: Installation | None = None
        self.answers: list[dict[str, Any]] = []
        self.said: list[str] = []
        self.again = 0
        self._token = token

    def run(self) -> None:
        for number in range(BATCHES):
            while not self._push(number):
                self.again += 1
                time.sleep(0.1)

    def _push(self, number: int) -> bool:
        names = {name: PERSONAL[name] for name in ("author", "author_id", "handle")}
        voices: list[dict[str, Any]] = [
            {"id": f"{PERSONAL['author_id']}-{number}-{row}", "text": planted(f"Ý kiến {number} {row}."), **names}
            for row in range(VOICES)
        ]
        voices.append({"id": "x", PERSONAL["author"]: PERSONAL["phone"]})
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": f"batch-{number:04}"}
        centre = self.centre
        try:
            assert centre is not None
            answer = httpx.post(
                f"{centre.address}/api/v1/sources/{SOURCE}/voices", json={"voices": voices}, headers=headers, timeout=60
            )
        except (httpx.HTTPError, AssertionError, OSError):
            return False
        self.said.append(answer.text)
        if answer.status_code != 202:
            return False
        self.answers.append(answer.json())
        return True


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_each_answered_voice_is_kept_once_and_nothing_personal_anywhere(
    tmp_path: Path, postgresql_server: str, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database(postgresql_server) if database == "postgresql" else "")
    folder, chance = tmp_path / "data", random.Random(5)
    folder.mkdir(mode=0o700)
    (token,) = json.loads(_printed("-m", "benchmarks.intake.cast", folder, 1))
    sender = Sender(token)
    said = []
    for life in range(3):
        centre = Installation(folder, "--workers", "0", **SETTINGS)
        sender.centre = centre
        eventually(lambda: centre.get("/healthz").status_code == 200, what="it answers")  # noqa: B023
        if life == 0:
            sender.start()
        for _ in range(2 if life < 2 else 0):
            enough = len(sender.answers) + chance.randint(1, 4)
            eventually(lambda: len(sender.answers) >= enough or not sender.is_alive(), what="answers")  # noqa: B023
            for process in centre.children("web") + centre.children("listener"):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        if life < 2:
            centre.stop(signal.SIGKILL)
        else:
            sender.join(300)
            centre.stop()
        said.append(centre.said)
    assert not sender.is_alive()
    assert sum(answer["accepted"] for answer in sender.answers) == BATCHES * VOICES
    assert all(answer["known"] == 0 for answer in sender.answers)
    kept = _printed("-c", KEPT, folder)
    ids = [row["id"] for row in json.loads(kept)["rows"]]
    assert len(ids) == len(set(ids)) == BATCHES * VOICES
    assert traces(kept) == traces("\n".join([*said, *sender.said]).encode()) == []
    for path in folder.rglob("*"):
        assert not path.is_file() or traces(path.read_bytes()) == [], path


def _printed(*arguments: object) -> bytes:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, env=environment(**SETTINGS), stdout=subprocess.PIPE, check=True).stdout
