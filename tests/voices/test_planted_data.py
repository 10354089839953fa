"""Personal data planted through every door is found nowhere: database, files, archive, pages, API, mail, log."""

from __future__ import annotations

import csv
import gzip
import io
import json
import logging
import re
import tarfile
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from nhipcau.issues.actions.briefs.readers import add_reader
from nhipcau.issues.listener import Listener, begin, save
from nhipcau.issues.models.issues import Issue
from nhipcau.issues.queries.search import Filters, find
from nhipcau.network.spelling import folded
from nhipcau.running.backup import write_backup
from nhipcau.running.sending import send_due
from nhipcau.voices.actions.intake import read_back, take_in
from nhipcau.voices.actions.sources import add_source
from nhipcau.voices.actions.uploads import hand_in, take_upload
from nhipcau.voices.jobs.feeds import ask_feeds
from nhipcau.voices.jobs.uploads import remove_files, take_uploads
from nhipcau.voices.models import IntakeBatch, Source, Upload
from tests.api.programs import program
from tests.feeds.conftest import no_outside_network, server
from tests.feeds.feed_server import Server
from tests.issues.briefs.cast import sent
from tests.issues.listened import about, talk
from tests.network.tasks.cast import Cast, fresh
from tests.voices.sources.conftest import client_of, fields

__all__ = ["no_outside_network", "server"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

ROUTES = ("feed", "file", "push", "report")
MATTER = "nước máy đục bẩn khu chợ Bình Tây"
PEOPLE = 14
FAMILIES = ("Trịnh", "Huỳnh", "Khuất", "Nghiêm")
GIVEN = (
    *("Bích Thuỷ", "Khoa Nguyên", "Mỹ Dung", "Quốc Thịnh", "Hải Yến", "Gia Khiêm", "Lệ Quyên", "Trường Giang"),
    *("Diễm Trinh", "Hữu Phước", "Kim Ngân", "Thế Vinh", "Ái Vân", "Công Hậu"),
)


class Planted:
    """A made-up person who comes in by one way: what they are called, and everything that they tell of themselves."""

    def __init__(self, route: str, number: int) -> None:
        way = ROUTES.index(route)
        tail = f"{way}{number:02d}"
        self.name = f"{FAMILIES[way]} Thị {GIVEN[number]}"
        self.handle = f"nick.{route}.{number:02d}zz"
        self.account = f"88{tail}77{tail}"
        self.phone = f"0912 3{tail[0]}{tail[1]} 4{tail[2]}7"
        self.identity = f"079184{tail}{tail}"
        self.mail = f"thu{tail}@hopthu.example"
        self.bank = f"00710{tail}23456"
        self.plate = f"51F-{tail}.45"
        self.house = f"{tail}/7"

    def says(self, words: str) -> str:
        """A text in which its author gives everything away."""
        return (
            f"{words}. Tôi là {self.name} ({folded(self.name)}), nick {self.handle}, mã {self.account}, "
            f"gọi {self.phone} hay {self.phone.replace(' ', '')}, cccd {self.identity}, thư {self.mail}, "
            f"stk {self.bank}, xe {self.plate}, nhà {self.house} Lê Lợi"
        )

    @property
    def secrets(self) -> list[str]:
        """What must be found nowhere."""
        told = [self.name, folded(self.name), self.handle, self.account, self.phone, self.phone.replace(" ", "")]
        return [*told, self.identity, self.mail, self.bank, self.plate, f"{self.house} Lê Lợi"]


CROWD = {route: [Planted(route, number) for number in range(PEOPLE)] for route in ROUTES}
SECRETS = [secret for crowd in CROWD.values() for secret in crowd[0].secrets]
_WHO = rf"[0-{len(ROUTES) - 1}](?:0\d|1[0-{PEOPLE - 11}])"
NEEDLES = [
    *(re.compile(f"{family} (?:Thị|thi)".encode()) for one in FAMILIES for family in (one, folded(one))),
    re.compile(rb"nick\.(?:feed|file|push|report)"),
    re.compile(rf"88({_WHO})77\1".encode()),
    re.compile(rb"0912 ?3[0-3][01] ?4\d7"),
    re.compile(rf"079184({_WHO})\1".encode()),
    re.compile(rb"hopthu\.example"),
    re.compile(rf"00710{_WHO}23456".encode()),
    re.compile(rf"51F-{_WHO}".encode()),
    re.compile("/7 Lê Lợi".encode()),
]
"""Every piece of what is planted, whosever it is; each begins with what is quickly looked for.

A number is known by all of its digits: keys of authors are long numbers too, and hold five of them by chance.
"""
_SHORT = 2**21


def texts(route: str) -> list[str]:
    words = about(MATTER, PEOPLE, seed=ROUTES.index(route))
    return [one.says(said) for one, said in zip(CROWD[route], words, strict=True)]


def by_feed(cast: Cast, server: Server) -> None:
    items = "".join(
        f"<item><guid>{one.account}</guid><title>{said}</title><author>{one.mail} ({one.name})</author>"
        f"<dc:creator>{one.handle}</dc:creator><dc:creator>{one.account}</dc:creator></item>"
        for one, said in zip(CROWD["feed"], texts("feed"), strict=True)
    )
    body = f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{items}</channel></rss>'
    server.gives("/rss", body.encode())
    add_source(by=cast.analyst, fields=fields(cast, name="Diễn đàn", matter="post", address=server.url("/rss")))
    assert ask_feeds(timezone.now()) == 1


def by_file(cast: Cast, server: Server) -> None:
    source = add_source(by=cast.analyst, fields=fields(cast, name="Tệp", kind="file", matter="post", address=""))
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "author_id", "author_name", "username", "phone", "noi_dung"])
    for one, said in zip(CROWD["file"], texts("file"), strict=True):
        rows.writerow([one.handle, one.account, one.name, one.handle, one.phone, said])
    content = out.getvalue().encode()
    upload = hand_in(by=cast.analyst, source=source, name="y-kien.csv", size=len(content), chunks=[content])
    shown = client_of(cast.analyst).get(f"/uploads/{upload.pk}/").content
    assert not any(_found([("", shown)]))
    take_upload(by=cast.analyst, upload=upload)
    take_uploads(timezone.now())
    remove_files(timezone.now())


def by_push(cast: Cast, server: Server) -> None:
    stated = fields(cast, name="Chương trình", kind="api", matter="post", address="")
    source = add_source(by=cast.analyst, fields=stated)
    said = [
        {"id": one.account, "author": one.name, "author_id": one.account, "handle": one.handle, "text": text}
        for one, text in zip(CROWD["push"], texts("push"), strict=True)
    ]
    said += [{"id": "x", "text": CROWD["push"][0].says("thử"), "writer": CROWD["push"][0].name}]
    answer = program(cast.analyst).post(f"/sources/{source.code}/voices", {"voices": said}, Idempotency_Key="k" * 12)
    assert (answer.status_code, answer.json()["accepted"]) == (202, PEOPLE), answer.content
    assert not any(_found([("", answer.content)]))
    take_in(  # what else is said, so that the matter stands out
        source=source,
        voices=[{"id": f"t{k}", "text": text, "author": f"a{k}"} for k, text in enumerate(talk(200))],
        route="push",
        key="talk",
        fingerprint="talk",
        at=timezone.now(),
    )


def by_report(cast: Cast, server: Server) -> None:
    client = client_of(cast.officer)
    page = client.get("/field-report/").content.decode()
    [key] = re.findall(r'name="key" value="([^"]+)"', page)
    told = {"key": key, "office": cast.points[0].pk, "occasion": "talk", "on": f"{timezone.localdate():%Y-%m-%d}"}
    # what a stranger is called nobody knows; their numbers and addresses are seen
    said = [re.sub(r"Tôi là .*?, mã \d+, ", "", text) for text in texts("report")]
    assert client.post("/field-report/", told | {"people": 40, "lines": "\r\n".join(said)}).status_code == 302


def test_what_is_planted_through_every_door_is_found_nowhere(
    cast: Cast, server: Server, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settings.DATA_FOLDER, settings.FEEDS_MAY_BE_PRIVATE = tmp_path / "data", True
    (tmp_path / "data").mkdir()
    for come_in in (by_feed, by_file, by_push, by_report):
        come_in(cast, server)
    found = list(_found(_database("queue")))
    assert IntakeBatch.objects.count() >= 4

    listener = Listener(threading.Event(), folder=tmp_path / "data" / "listener")
    listening = begin(tmp_path / "data" / "listener")
    while listener.turn(listening):
        pass
    save(listening, tmp_path / "data" / "listener")
    issue = Issue.objects.filter(gone_at=None).order_by("-voices").first()
    assert issue is not None
    assert issue.distinct_authors >= 10
    assert "[tên]" in json.dumps(issue.excerpts, ensure_ascii=False), "people are quoted, so there is something to find"
    add_reader(by=cast.analyst, person=None, email="doc@example.vn", name="VP", language="vi", wants_pdf=True)
    brief = sent(cast.leader)
    while send_due(timezone.now()):
        pass
    assert mail.outbox

    write_backup(tmp_path / "archive.tar.gz", folder=tmp_path / "data", now=timezone.now())
    places = (
        _database("database"),
        _files(tmp_path / "data"),
        _archive(tmp_path / "archive.tar.gz"),
        _pages(cast, issue.pk, brief.pk),
        _api(cast, issue.pk, brief.pk),
        _mails(),
        [("log", caplog.text.encode())],
    )
    looked_at = []
    for place in places:
        for name, content in place:
            looked_at.append(name)
            found += _found([(name, content)])
    assert sorted(set(found)) == []
    everyone = [secret for crowd in CROWD.values() for one in crowd for secret in one.secrets]
    assert all(any(_found([("", secret.encode())])) for secret in everyone), "what is planted would be found"
    for must in ("voices/day=", "listener/", "backup:files/voices", "backup:database", "pdf", "/audit/export", "mail"):
        assert any(must in name for name in looked_at), must
    for secret in SECRETS:
        assert find(Filters(words=secret), now=timezone.now(), number=1).rows == []


Pieces = Iterator[tuple[str, bytes]] | list[tuple[str, bytes]]


def _found(pieces: Pieces) -> Iterator[tuple[str, str]]:
    for name, content in pieces:
        if len(content) < _SHORT:
            content += b" " + b" ".join(content.split())
        for needle in NEEDLES:
            for secret in needle.finditer(content):
                yield name, secret[0].decode()


def _database(name: str) -> Pieces:
    """All rows of all tables, and the file with whatever is left in its free pages."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield f"{name}:{table}", repr(row).encode()
                for value in row:
                    if isinstance(value, (bytes, memoryview)):
                        yield f"{name}:{table}", bytes(value)
    for batch in IntakeBatch.objects.all():
        yield f"{name}:payload", repr(read_back(bytes(batch.payload)).to_pylist()).encode()
    if connection.vendor == "sqlite":
        for ending in ("", "-wal"):
            path = Path(str(connection.settings_dict["NAME"]) + ending)
            if path.exists():
                yield f"{name}:file{ending}", path.read_bytes()


def _files(folder: Path) -> Pieces:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from _opened(path.relative_to(folder).as_posix(), path.read_bytes())


def _opened(name: str, content: bytes) -> Pieces:
    """A file as it lies there, and what is packed in it."""
    yield name, content
    if content[:4] == b"PAR1":
        yield name, repr(pq.read_table(io.BytesIO(content)).to_pylist()).encode()
    elif content[:6] == b"ARROW1":
        for column in pa.ipc.open_file(content).read_all().columns:
            for chunk in column.chunks:
                yield from ((name, buffer.to_pybytes()) for buffer in chunk.buffers() if buffer is not None)
    elif content[:2] == b"\x1f\x8b":
        yield name, gzip.decompress(content)
    elif content[:4] == b"%PDF":
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        yield name, unicodedata.normalize("NFC", text).encode()


def _archive(path: Path) -> Pieces:
    with tarfile.open(path) as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            yield from _opened(f"backup:{member.name}", file.read())


def _pages(cast: Cast, issue: int, brief: int) -> Pieces:
    paths = [
        *("/picture/", "/issues/", f"/issues/{issue}/", f"/issues/{issue}/split", f"/issues/{issue}/merge"),
        *(f"/briefs/{brief}/", f"/briefs/{brief}/pdf", f"/briefs/{brief}/html", f"/briefs/{brief}/json", "/briefs/"),
        *("/sources/", "/audit/", "/alerts/", "/alerts/rules/"),
        *(f"/sources/{code}/" for code in Source.objects.values_list("code", flat=True)),
        *(f"/uploads/{pk}/" for pk in Upload.objects.values_list("pk", flat=True)),
    ]
    for person in (cast.leader, cast.auditor):
        client = client_of(fresh(person))
        for path in paths:
            answer = client.get(path)
            assert answer.status_code in (200, 302, 403), path
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield from _opened(path, content)
        answer = client.post("/audit/export", {"form": "csv"})
        yield "/audit/export", b"".join(answer.streaming_content) if answer.streaming else answer.content


def _api(cast: Cast, issue: int, brief: int) -> Pieces:
    asking = program(cast.analyst)
    codes = Source.objects.values_list("code", flat=True)
    paths = ["/picture", "/issues", f"/issues/{issue}", "/briefs", f"/briefs/{brief}"]
    for path in (*paths, "/sources", *(f"/sources/{code}" for code in codes), "/me"):
        answer = asking.get(path)
        assert answer.status_code == 200, (path, answer.content)
        yield f"/api/v1{path}", answer.content


def _mails() -> Pieces:
    for one in mail.outbox:
        yield "mail", f"{one.subject} {one.body} {getattr(one, 'alternatives', '')}".encode()
        for name, content, _kind in one.attachments:
            yield from _opened(f"mail {name}", content if isinstance(content, bytes) else content.encode())
