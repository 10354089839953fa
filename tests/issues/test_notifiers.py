"""Notifiers, against real receivers on this machine: handed over at most once; doubts and secrets are kept."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from nhipcau.issues import notifying
from nhipcau.issues.actions.alerts import sending
from nhipcau.issues.actions.alerts.errors import NotifierInvalid, NotifierStopped
from nhipcau.issues.actions.alerts.notifiers import make_notifier, stop_notifier
from nhipcau.issues.actions.alerts.rules import AskedRule, make_rule, try_out_rule
from nhipcau.issues.actions.alerts.sending import LEASE, note_mails, send, send_due
from nhipcau.issues.models import AlertNotice, AlertRule, Notifier
from nhipcau.issues.models.alerts import NoticeState, What
from nhipcau.issues.notifierprocess import Guard, outcome_of
from nhipcau.issues.notifying import Handed
from nhipcau.issues.sealing import CannotBeOpened, opened, sealed
from nhipcau.network.models.audit import AuditRecord
from nhipcau.running.models import MailState, OutgoingMail
from nhipcau.site.errors import NotAllowed
from tests.network.tasks.cast import Cast, fresh

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "mat-khau-cua-kenh"  # a made-up secret, which must be found nowhere


class Receiver:
    """What came in, and how it is answered."""

    def __init__(self, port: int) -> None:
        self.address = f"json://127.0.0.1:{port}/{SECRET}"
        self.status, self.hangs_up = 200, False
        self.answers = threading.Event()
        self.answers.set()
        self.bodies: list[dict[str, Any]] = []


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.bodies.append(json.loads(body))
            receiver.answers.wait(60)
            if receiver.hangs_up:
                self.connection.close()
                return
            self.send_response(receiver.status)
            if receiver.status == 307:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):
                """The other side, or this one, has hung up."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.answers.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver in the house, which the settings allow."""
    settings.NOTIFIERS_MAY_BE_PRIVATE = True
    with receiving() as one:
        yield one


def notifier(cast: Cast, address: str) -> Notifier:
    return make_notifier(by=fresh(cast.administrator), name="Kíp trực", address=address, language="vi")


def letter_to(cast: Cast, made: Notifier) -> AlertNotice:
    """A test letter to a notifier."""
    asked = AskedRule(name="Thử kênh", what=What.LEVEL, level=2, notifiers_told=[made])
    rule = make_rule(by=fresh(cast.analyst), asked=asked)
    try_out_rule(by=fresh(cast.analyst), rule=rule)
    return AlertNotice.objects.get(rule=rule)


def state_of(notice: AlertNotice) -> tuple[str, str, int]:
    notice.refresh_from_db()
    return notice.state, notice.error, notice.tries


def test_message_is_handed_over_once_and_its_address_is_kept_nowhere_in_the_clear(
    cast: Cast, receiver: Receiver, client: Client
):
    made = notifier(cast, receiver.address)
    notice = letter_to(cast, made)
    assert send_due(timezone.now()) == 1
    assert send_due(timezone.now() + timedelta(days=1)) == 0
    assert state_of(notice) == ("sent", "", 1)
    assert len(receiver.bodies) == 1
    assert "Thử kênh" in receiver.bodies[0]["title"]
    assert "Không có việc gì xảy ra" in receiver.bodies[0]["message"]
    client.force_login(cast.administrator, backend=BACKEND)
    page = client.get("/alerts/notifiers/").content.decode()
    assert "json://••••••" in page
    everything = page + client.get(f"/alerts/rules/{notice.rule_id}/").content.decode()
    everything += client.get("/audit/").content.decode() + "".join(
        AuditRecord.objects.values_list("values_json", flat=True)
    )
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            everything += str(cursor.fetchall())
    assert SECRET not in everything
    assert opened(made.sealed_address) == receiver.address


@pytest.mark.parametrize(
    ("status", "state", "again"),
    [
        (404, "refused", False),
        (500, "uncertain", False),
        (503, "queued", True),
        (429, "queued", True),
        (307, "uncertain", False),
    ],
)
def test_answer_decides_whether_it_may_go_again(
    cast: Cast, receiver: Receiver, status: int, state: str, *, again: bool
):
    notice = letter_to(cast, notifier(cast, receiver.address))
    receiver.status = status
    now = timezone.now()
    send_due(now)
    assert state_of(notice)[0] == state
    receiver.status = 200
    assert send_due(now + timedelta(hours=3)) == int(again)
    assert len(receiver.bodies) == 1 + int(again)


def test_side_that_hangs_up_leaves_it_uncertain_and_one_that_is_not_there_is_tried_later(
    cast: Cast, receiver: Receiver
):
    first = letter_to(cast, notifier(cast, receiver.address))
    receiver.hangs_up = True
    send_due(timezone.now())
    assert state_of(first)[0] == "uncertain"
    assert send_due(timezone.now() + timedelta(days=1)) == 0
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"json://127.0.0.1:{closed.getsockname()[1]}/"
    second = letter_to(cast, notifier(cast, gone))
    send_due(timezone.now())
    assert state_of(second) == ("queued", "unreached", 1)


def test_slow_side_leaves_it_uncertain(cast: Cast, receiver: Receiver):
    notice = letter_to(cast, notifier(cast, receiver.address))
    receiver.answers.clear()
    send_due(timezone.now())
    assert state_of(notice) == ("uncertain", "unknown", 1)
    assert send_due(timezone.now() + timedelta(days=1)) == 0
    assert len(receiver.bodies) == 1


def test_process_that_does_not_end_leaves_it_uncertain(monkeypatch: pytest.MonkeyPatch):
    def hang(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("", 30)

    monkeypatch.setattr(notifying.subprocess, "run", hang)
    assert notifying.hand_over("jsons://example.vn/", title="a", text="b") == Handed("uncertain", "timeout")
    assert notifying.look_at("jsons://example.vn/")["problem"] == "unreadable"


def test_worker_that_dies_while_it_hands_over_leaves_it_uncertain(cast: Cast, receiver: Receiver, monkeypatch: Any):
    notice = letter_to(cast, notifier(cast, receiver.address))

    def die(*_: Any, **__: Any) -> Handed:
        raise SystemExit

    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "hand_over", die)
        with pytest.raises(SystemExit):
            send_due(now)
    assert state_of(notice)[0] == "handing-over"
    assert send_due(now) == 0
    send_due(now + LEASE + timedelta(seconds=1))
    assert state_of(notice)[:2] == ("uncertain", "cut-off")
    assert receiver.bodies == []


def test_letter_that_another_worker_has_is_left_to_it(cast: Cast, receiver: Receiver):
    made = letter_to(cast, notifier(cast, receiver.address))
    first, second = AlertNotice.objects.get(pk=made.pk), AlertNotice.objects.get(pk=made.pk)
    assert send(first, now=timezone.now())
    assert not send(second, now=timezone.now())
    assert len(receiver.bodies) == 1


def test_copy_of_a_centre_hands_nothing_over(cast: Cast, receiver: Receiver, settings: Any):
    notice = letter_to(cast, notifier(cast, receiver.address))
    settings.NOTIFIERS_ARE_USED = False
    assert send_due(timezone.now()) == 0
    assert state_of(notice)[0] == "queued"
    assert receiver.bodies == []


def test_what_is_never_reached_is_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any):
    settings.NOTIFIERS_MAY_BE_PRIVATE = True
    notice = letter_to(cast, notifier(cast, "json://127.0.0.1:9/"))
    monkeypatch.setattr(sending, "hand_over", lambda *_, **__: Handed("later", "unreached"))
    now = timezone.now()
    for _ in range(len(sending.WAITS) + 1):
        now += timedelta(hours=2)
        assert send_due(now) == 1
    assert state_of(notice)[0] == "refused"
    assert send_due(now + timedelta(days=9)) == 0


@pytest.mark.parametrize(
    "address", ["jsons://127.0.0.1/", "jsons://10.0.0.8/", "jsons://169.254.169.254/", "jsons://localhost/"]
)
def test_address_inside_the_house_is_not_called(cast: Cast, address: str):
    notice = letter_to(cast, notifier(cast, address))
    send_due(timezone.now())
    assert state_of(notice)[:2] == ("refused", "private-address")


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("json://example.vn/", "not-secure"),
        ("mailtos://a:b@example.vn", "not-here"),
        ("syslog://", "not-here"),
        ("dbus://", "not-here"),
        ("nothing://example.vn/", "unknown-service"),
        ("example.vn", "unreadable"),
        ("tgram://", "unreadable"),
        ("jsons://a\x00b/", "unreadable"),
        ("jsons://" + "a" * 3000, "unreadable"),
    ],
)
def test_address_that_cannot_be_taken_is_refused_at_once(cast: Cast, address: str, problem: str):
    with pytest.raises(NotifierInvalid) as refused:
        notifier(cast, address)
    assert refused.value.values["problem"] == problem
    assert not Notifier.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        ("127.0.0.1", 80),
        ("::1", 80),
        ("10.1.1.1", 80),
        ("localhost", 80),
        "/var/run/docker.sock",
        ("169.254.169.254", 80),
    ],
)
def test_guard_lets_no_connection_into_the_house(address: Any):
    guard = Guard(allow_private=False)
    with pytest.raises(ConnectionRefusedError):
        guard("socket.connect", (None, address))
    guard = Guard(allow_private=False)
    guard("socket.connect", (None, ("93.184.216.34", 443)))
    assert guard.refused == ""


def test_guard_lets_no_program_be_started():
    with pytest.raises(PermissionError):
        Guard(allow_private=True)("subprocess.Popen", ("sh", [], None, None))


@pytest.mark.parametrize(
    ("is_taken", "outcomes", "refused", "outcome"),
    [
        (True, ["200"], "", "sent"),
        (False, [], "", "uncertain"),
        (False, ["unknown"], "", "uncertain"),
        (False, ["200", "404"], "", "uncertain"),
        (False, ["unreached"], "", "later"),
        (False, ["unreached", "404"], "", "uncertain"),
        (False, ["404", "403"], "", "refused"),
        (False, ["502"], "", "uncertain"),
        (False, ["unreached"], "private-address", "refused"),
        (False, ["200"], "private-address", "uncertain"),
    ],
)
def test_outcome_is_no_surer_than_what_is_known(is_taken: bool, outcomes: list[str], refused: str, outcome: str):
    assert outcome_of(is_taken, outcomes, refused) == outcome


def test_stopped_notifier_is_not_written_to_and_its_address_is_destroyed(cast: Cast, receiver: Receiver):
    made = notifier(cast, receiver.address)
    notice = letter_to(cast, made)
    stop_notifier(by=fresh(cast.administrator), notifier=made)
    send_due(timezone.now())
    assert state_of(notice)[:2] == ("dropped", "stopped")
    assert receiver.bodies == []
    assert Notifier.objects.get().sealed_address == ""
    with pytest.raises(NotifierStopped):
        stop_notifier(by=fresh(cast.administrator), notifier=made)
    assert AuditRecord.objects.filter(action__startswith="notifier.").count() == 2


def test_address_that_was_sealed_with_another_key_is_refused_in_words(cast: Cast, receiver: Receiver, settings: Any):
    notice = letter_to(cast, notifier(cast, receiver.address))
    settings.SECRET_KEY = "another key, which is as long as a key has to be for this to be fair"
    with pytest.raises(CannotBeOpened):
        opened(Notifier.objects.get().sealed_address)
    send_due(timezone.now())
    assert state_of(notice)[:2] == ("refused", "cannot-be-opened")


def test_sealed_twice_is_not_twice_the_same():
    assert sealed("a") != sealed("a")
    assert opened(sealed("ngập nước")) == "ngập nước"


def test_only_administrators_of_the_hub_add_and_stop_notifiers(cast: Cast, client: Client):
    made = notifier(cast, "jsons://example.vn/")
    for person in (cast.analyst, cast.leader, cast.auditor, cast.officer):
        with pytest.raises(NotAllowed):
            make_notifier(by=fresh(person), name="x", address="jsons://example.vn/", language="vi")
        with pytest.raises(NotAllowed):
            stop_notifier(by=fresh(person), notifier=made)
    client.force_login(cast.analyst, backend=BACKEND)
    page = client.get("/alerts/notifiers/").content.decode()
    assert "Kíp trực" in page
    assert "/stop" not in page


def test_pages_add_and_stop_a_notifier(cast: Cast, client: Client):
    client.force_login(cast.administrator, backend=BACKEND)
    given = {"name": "Kíp trực", "address": "json://example.vn/", "language": "vi"}
    wrong = client.post("/alerts/notifiers/new", given)
    assert wrong.status_code == 422
    assert "json://example.vn/" not in wrong.content.decode()
    assert client.post("/alerts/notifiers/new", given | {"address": "jsons://example.vn/"}).status_code == 302
    made = Notifier.objects.get()
    assert client.post(f"/alerts/notifiers/{made.pk}/stop").status_code == 302
    assert "đã dừng" in client.get("/alerts/notifiers/").content.decode()


def test_what_became_of_a_mail_is_noted(cast: Cast):
    rule = make_rule(
        by=fresh(cast.analyst), asked=AskedRule(name="Thử", what=What.SOURCE, people_told=[cast.analyst, cast.leader])
    )
    try_out_rule(by=fresh(cast.analyst), rule=rule)
    sent, uncertain = OutgoingMail.objects.order_by("pk")
    OutgoingMail.objects.filter(pk=sent.pk).update(state=MailState.SENT, sent_at=timezone.now())
    OutgoingMail.objects.filter(pk=uncertain.pk).update(state=MailState.UNCERTAIN, error="cut off")
    assert note_mails(timezone.now()) == 2
    assert note_mails(timezone.now()) == 0
    assert AlertNotice.objects.get(key=sent.key).state == NoticeState.SENT
    assert AlertNotice.objects.get(key=uncertain.key).state == NoticeState.UNCERTAIN
    assert AlertRule.objects.count() == 1


def test_process_of_a_notifier_gets_no_secret_of_the_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    asked: list[dict[str, str]] = []
    run = notifying.subprocess.run
    monkeypatch.setenv("NHIPCAU_SECRET_KEY", "not for others")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")

    def noted(command: list[str], **given: Any) -> Any:
        asked.append(given["env"])
        assert all(SECRET not in word for word in command)
        return run(command, **given)

    monkeypatch.setattr(notifying.subprocess, "run", noted)
    assert notifying.look_at(f"jsons://example.vn/{SECRET}")["service"] == "JSON"
    assert set(asked[0]) <= set(notifying.KEPT_OF_ENVIRONMENT)
