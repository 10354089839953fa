"""Moving from SQLite to PostgreSQL: every row, numbers that go on, the chain of the audit log, the files of voices."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks.installations import environment, run_command
from nhipcau.running.occupancy import occupy
from tests.postgresql import new_database

pytestmark = [pytest.mark.processes]

BEGIN = "import django; django.setup()\nfrom django.utils import timezone\n"
FILL = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.network.tasks.cast import make_cast
from nhipcau.voices.actions.intake import take_in
from nhipcau.voices.actions.logging import log_waiting
from nhipcau.voices.actions.sources import add_source
from nhipcau.voices.sourcefields import SourceFields
from nhipcau.issues.models import Issue, IssueEvent
cast, now = make_cast(), timezone.now()
source = add_source(by=cast.analyst, fields=SourceFields(name="Ý kiến", kind="api", owner=cast.hub, matter="post"))
gone = add_source(by=cast.analyst, fields=SourceFields(name="Thừa", kind="api", owner=cast.hub, matter="post"))
type(gone).objects.filter(pk=gone.pk).delete()
def voices(name, count):
    said = [{"id": f"{name}{k}", "author": f"a{k}", "text": f"Nước máy đục \\\\ \\t lần {k}"} for k in range(count)]
    take_in(source=source, voices=said, route="push", key=name, fingerprint=name, at=now)
voices("one", 300)
log_waiting(now=now)
voices("two", 20)
issue = Issue.objects.create(label="Nước \u0027đục\u0027", first_seen_at=now, last_seen_at=now, changed_at=now,
    excerpts=[{"text": "a\\nb", "kind": "post"}], heat=1.1)
IssueEvent.objects.create(issue=issue, at=now, code="appeared", values={"số": [1, None, True, 2.5]})
"""
LOOK = """
import json, hashlib
from django.apps import apps
from django.db import connection
from nhipcau.network.queries.audit_proof import prove
from nhipcau.voices.models import IntakeBatch, Source
from nhipcau.voices.voicelog import VoiceLog
from nhipcau.voices.actions.intake import read_back
texts = [t for b in VoiceLog().batches() for t in b.column("text").to_pylist()]
queued = [read_back(bytes(one.payload)) for one in IntakeBatch.objects.order_by("pk")]
waiting = [t for b in queued for t in b.column("text").to_pylist()]
def plain(v):
    if isinstance(v, memoryview):
        return bytes(v)
    return json.dumps(v, sort_keys=True) if isinstance(v, (dict, list)) else v
rows = {}
for model in apps.get_models(include_auto_created=True):
    names = [f.attname for f in model._meta.local_concrete_fields]
    found = [repr([plain(v) for v in row]) for row in model._base_manager.order_by("pk").values_list(*names)]
    rows[model._meta.db_table] = [len(found), hashlib.sha256("\\n".join(found).encode()).hexdigest()]
proof = prove()
print(json.dumps({"vendor": connection.vendor, "texts": texts, "waiting": waiting, "rows": rows,
    "holds": proof.holds, "head": proof.head_hash, "source": Source.objects.get(name="Ý kiến").pk}))
"""
GO_ON = """
from nhipcau.network.models.people import Person
from nhipcau.voices.actions.sources import add_source
from nhipcau.voices.sourcefields import SourceFields
from nhipcau.network.models.offices import Office
by, hub = Person.objects.get(email="analyst@example.vn"), Office.objects.get(code="H")
print(add_source(by=by, fields=SourceFields(name="Mới", kind="api", owner=hub, matter="post")).pk)
"""


def done(script: str, folder: Path, **changes: str) -> str:
    """Run a few lines on an installation."""
    env = environment(NHIPCAU_DATA=str(folder), **changes) | {"PYTHONPATH": ":".join([*sys.path, str(Path.cwd())])}
    ran = subprocess.run([sys.executable, "-c", BEGIN + script], env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation on SQLite with people, voices in the log and in the queue, an issue and audit records."""
    data = tmp_path / "data"
    data.mkdir(0o700)
    done(FILL, data, DATABASE_URL="")
    return data


def test_everything_moves_and_goes_on(folder: Path, postgresql_server: str, tmp_path: Path) -> None:
    url = new_database(postgresql_server)
    before: dict[str, Any] = json.loads(done(LOOK, folder, DATABASE_URL=""))
    assert (before["vendor"], len(before["texts"]), len(before["waiting"]), before["holds"]) == (
        "sqlite",
        300,
        20,
        True,
    )
    with occupy(folder):
        busy = run_command("move", "--to", url, "--data", folder, "--lang", "en", DATABASE_URL="")
    assert (busy.returncode, "uses the folder" in busy.stderr) == (2, True), busy.stderr
    moved = run_command("move", "--to", url, "--data", folder, "--lang", "en", DATABASE_URL="")
    assert moved.returncode == 0, moved.stderr
    assert "each is compared" in moved.stdout
    after = json.loads(done(LOOK, folder, DATABASE_URL=url))
    assert after["vendor"] == "postgresql"
    assert {name: value for name, value in after.items() if name not in ("vendor", "rows")} == {
        name: value for name, value in before.items() if name not in ("vendor", "rows")
    }
    assert after["rows"] == before["rows"]
    assert int(done(GO_ON, folder, DATABASE_URL=url)) == before["source"] + 2, "the number of what was deleted too"
    proved = run_command("audit", "verify", "--data", folder, "--lang", "en", DATABASE_URL=url)
    assert proved.returncode == 0, proved.stdout + proved.stderr
    assert not (folder / "nhipcau.sqlite3").exists()
    assert (folder / "nhipcau.sqlite3.moved").exists()
    archive = tmp_path / "backup.tar.gz"
    assert run_command("backup", archive, "--data", folder, DATABASE_URL=url).returncode == 0
    listed = subprocess.run(["tar", "-tzf", archive], capture_output=True, text=True, check=True).stdout
    assert "moved" not in listed
    assert "files/voices/day=" in listed


def test_a_database_with_tables_is_refused_and_a_failure_changes_nothing(folder: Path, postgresql_server: str) -> None:
    url = new_database(postgresql_server)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE other (x int)")
    refused = run_command("move", "--to", url, "--data", folder, "--lang", "en", DATABASE_URL="")
    assert (refused.returncode, "has tables already" in refused.stderr) == (2, True), refused.stderr
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE other")
    # a text that PostgreSQL cannot keep stops everything
    done("from nhipcau.issues.models import Issue\nIssue.objects.update(label='a\\x00b')", folder, DATABASE_URL="")
    failed = run_command("move", "--to", url, "--data", folder, "--lang", "en", DATABASE_URL="")
    assert failed.returncode != 0
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    assert json.loads(done(LOOK, folder, DATABASE_URL=""))["vendor"] == "sqlite"


def test_what_is_no_postgresql_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    refused = run_command("move", "--to", "mysql://a@b/c", "--data", tmp_path / "data", "--lang", "en", DATABASE_URL="")
    assert (refused.returncode, "empty PostgreSQL database" in refused.stderr) == (2, True), refused.stderr
