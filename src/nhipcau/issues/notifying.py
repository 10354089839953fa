"""Asking the process of notifiers what an address is, or to hand over a message. How it guards: `notifierprocess`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

PATIENCE_SECONDS: Final = 30
KEPT_OF_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a message: `sent`, `later` (surely not sent), `refused` or `uncertain`; and the answer to it."""

    outcome: str
    answer: str = ""


def look_at(address: str) -> dict[str, Any]:
    """What an address is: `service` and `scheme`, or a `problem`. Nothing is sent."""
    try:
        return _ask({"address": address})
    except (subprocess.TimeoutExpired, ValueError):
        return {"problem": "unreadable"}


def hand_over(address: str, *, title: str, text: str) -> Handed:
    """Hand a message to an address, once."""
    try:
        found = _ask({"address": address, "title": title, "text": text})
    except (subprocess.TimeoutExpired, ValueError):
        return Handed("uncertain", "timeout")
    if found["problem"]:
        return Handed("refused", found["problem"])
    return Handed(found["outcome"], found["answer"])


def _ask(asked: dict[str, Any]) -> dict[str, Any]:
    request = asked | {"allow_private": settings.NOTIFIERS_MAY_BE_PRIVATE}
    environment = {name: os.environ[name] for name in KEPT_OF_ENVIRONMENT if name in os.environ}
    done = subprocess.run(  # this program itself, its request on standard input
        [sys.executable, "-m", "nhipcau.issues.notifierprocess"],
        input=json.dumps(request).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
