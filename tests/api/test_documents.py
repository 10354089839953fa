"""The examples of the documents run, in both languages, and say the same."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from nhipcau.api.endpoints.recipients import MOVES
from nhipcau.network.tokenwords import SCOPES
from nhipcau.voices.models import Source
from tests.api.programs import program
from tests.network.tasks.cast import Cast, issue, recipient_of

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENTS = ["api.md", "api.vi.md"]
MADE = {"/corrections": 200, "/tasks": 201, "/voices": 202, "/alert-rules": 201}
FENCED = re.compile(r"^```sh\n([\s\S]*?)^```", re.MULTILINE)


def examples(document: str) -> list[str]:
    """The commands of a document."""
    return FENCED.findall((DOCS / document).read_text("utf-8"))


def run(command: str, values: dict[str, str]) -> Any:
    """Do what curl would do: address, method, headers, body."""
    for name, value in values.items():
        command = command.replace(f"${name}", value)
    assert "$" not in command, command
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, address, body, headers = "GET", "", "", {}
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, value = next(words).split(": ", 1)
            headers[name] = value
        elif word == "-d":
            body = next(words)
        else:
            address = word
    kind = headers.pop("Content-Type", "")
    return Client().generic(method, address, body.encode(), content_type=kind, headers=headers)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_examples_run(document: str, cast: Cast):
    Source.objects.create(
        code="hotline", name="Đường dây nóng", kind="hotline", owner=cast.hub, created_at=timezone.now()
    )
    recipient = recipient_of(issue(cast))
    values = {
        "CENTRE": "",
        "DUE": (timezone.now() + timedelta(days=3)).isoformat(),
        "NOW": timezone.now().isoformat(),
        "TASK": str(recipient.task_id),
        "SOURCE": "hotline",
        "RECIPIENT": str(recipient.pk),
    }
    tokens = {"moves": program(cast.officer).token, "": program(cast.leader).token}
    for command in examples(document):
        token = next(text for part, text in tokens.items() if part in command)
        answer = run(command, values | {"TOKEN": token})
        made = next((status for part, status in MADE.items() if part in command and "POST" in command), 200)
        assert answer.status_code == made, command
    recipient.refresh_from_db()
    assert recipient.state == "acknowledged"


def test_both_languages_have_the_same_examples_but_for_a_key():
    english, vietnamese = ([re.sub(r"Key: \S+", "Key", one) for one in examples(name)] for name in DOCUMENTS)
    assert english == vietnamese
    assert len(english) >= 7


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_scope_and_every_move_is_named(document: str):
    text = (DOCS / document).read_text("utf-8")
    assert [name for name in (*SCOPES, *MOVES) if f"`{name}`" not in text] == []
