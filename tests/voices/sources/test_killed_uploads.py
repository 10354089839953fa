"""A worker that is really killed, many times, while it takes a file in: each row comes once, and the file goes."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.timeout(600)]

ROWS = 1_000
PIECE = 20
MAKE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "nhipcau.site.settings"
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from pathlib import Path
from nhipcau.voices.actions.sources import add_source
from nhipcau.voices.actions.uploads import hand_in, take_upload
from tests.network.tasks.cast import make_cast
from tests.voices.sources.conftest import fields
cast = make_cast()
source = add_source(by=cast.analyst, fields=fields(cast, name="F", kind="file", matter="post", address=""))
content = Path(os.environ["FILE"]).read_bytes()
upload = hand_in(by=cast.analyst, source=source, name="a.jsonl", size=len(content), chunks=[content])
take_upload(by=cast.analyst, upload=upload)
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "a.jsonl"
    (tmp_path / "data").mkdir(mode=0o700)
    rows = ({"id": number, "text": f"Ý kiến thứ {number}", "author": f"người {number % 7}"} for number in range(ROWS))
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    said = {"NHIPCAU_DATA": str(tmp_path / "data"), "FILE": str(file), "DATABASE_URL": ""}
    said["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[3]), *filter(None, sys.path)])
    return {**os.environ, **said}


def asked(folder: Path, sql: str) -> list[Any]:
    with sqlite3.connect(folder / "nhipcau.sqlite3", timeout=20) as database:
        return database.execute(sql).fetchall()


def until(is_so: Callable[[], bool], worker: subprocess.Popen[bytes]) -> None:
    while worker.poll() is None and not is_so():
        time.sleep(0.005)


def test_killed_again_and_again_each_row_comes_once(environment: dict[str, str]):
    subprocess.run([sys.executable, "-c", MAKE], env=environment, check=True, timeout=200)
    data = Path(environment["NHIPCAU_DATA"])
    program = [sys.executable, str(Path(__file__).with_name("killed.py")), str(PIECE)]
    chance = random.Random(7)
    kills = 0
    for number in range(1, 5):
        worker = subprocess.Popen(program, env=environment)
        goal = number * ROWS // PIECE // 6 + chance.randrange(5)
        until(lambda goal=goal: asked(data, "SELECT pieces_done FROM voices_upload")[0][0] >= goal, worker)
        time.sleep(chance.random() / 100)
        if worker.poll() is None:
            worker.send_signal(signal.SIGKILL)
            kills += 1
        worker.wait()
    subprocess.run(program, env=environment, check=True, timeout=200)
    assert kills >= 3
    [(state, read, accepted, pieces)] = asked(data, "SELECT state, read, accepted, pieces_done FROM voices_upload")
    assert (state, read, accepted, pieces) == ("done", ROWS, ROWS, ROWS // PIECE)
    texts = []
    for (payload,) in asked(data, "SELECT payload FROM voices_intakebatch"):
        texts += pa.ipc.open_stream(payload).read_all().column("text").to_pylist()
    assert sorted(texts) == sorted(f"Ý kiến thứ {number}" for number in range(ROWS))
    assert list((data / "uploads").iterdir()) == []
