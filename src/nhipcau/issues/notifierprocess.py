"""A process of its own that hands one message to one notifier: `python -m nhipcau.issues.notifierprocess`.

It reads one request as JSON from its standard input and answers with one line of JSON. Apprise reaches more than a
hundred services, each by code of its own; here none of it opens a connection that the guard has not seen, starts a
program, or lives longer than it may. Who starts it: `actions/alerts/notifiers.py`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from ipaddress import ip_address
from typing import Any, Final

from nhipcau.feeds.addresses import is_allowed

SECONDS: Final = 20
"""It ends itself after so long, also where nobody waits for it any more."""
FORBIDDEN: Final = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "pty.spawn")
NO_ADDRESS, NO_SERVICE, NOT_SECURE, NOT_HERE = "unreadable", "unknown-service", "not-secure", "not-here"
LOCAL: Final = frozenset(
    {"syslog", "windows", "dbus", "qt", "kde", "gnome", "glib", "gio", "macosx", "blink1", "growl"}
)
"""They speak to the screen or the log of this machine."""
MAIL: Final = frozenset({"mailto", "mailtos"})
"""E-mail has a way of its own, with an outbox."""


class Guard:
    """What this process may do, asked by the interpreter itself before each connection and each program."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self.refused = ""

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse what may not be; the interpreter calls this for every audit event."""
        if event in ("socket.connect", "socket.sendto"):
            self._connect(arguments[1])
        elif event in FORBIDDEN:
            self.refused = "forbidden"
            raise PermissionError(event)

    def _connect(self, address: Any) -> None:
        try:
            allowed = isinstance(address, tuple) and is_allowed(
                ip_address(str(address[0]).partition("%")[0]), allow_private=self._allow_private
            )
        except ValueError:  # a name, which could be another address by the time it is resolved
            allowed = False
        if not allowed:
            self.refused = "private-address"
            raise ConnectionRefusedError(self.refused)


def looked_at(address: str, *, allow_private: bool) -> tuple[Any, dict[str, Any]]:
    """Read an address: the notifier that it names, or what is wrong with it."""
    import apprise
    from apprise.manager_plugins import NotificationManager

    scheme = address.partition("://")[0].strip().lower()
    if "://" not in address or not scheme:
        return None, {"problem": NO_ADDRESS}
    if scheme in LOCAL or scheme in MAIL:
        return None, {"problem": NOT_HERE}
    if scheme not in NotificationManager().schemas():
        return None, {"problem": NO_SERVICE}
    quiet = apprise.AppriseAsset(async_mode=False, plugin_paths=[], storage_mode="memory")
    plugin = apprise.Apprise.instantiate(address, asset=quiet, suppress_exceptions=True)
    if plugin is None:
        return None, {"problem": NO_ADDRESS}
    secure = plugin.secure_protocol or ()
    if scheme not in ((secure,) if isinstance(secure, str) else secure) and not allow_private:
        return None, {"problem": NOT_SECURE}
    return plugin, {"problem": "", "service": str(plugin.service_name), "scheme": scheme}


def handed_over(plugin: Any, *, title: str, text: str, guard: Guard) -> dict[str, Any]:
    """Hand a message over once, without retries and redirects; say what became of it as surely as it is known."""
    import requests.adapters

    outcomes: list[str] = []
    send = requests.adapters.HTTPAdapter.send

    def noted(adapter: Any, request: Any, **given: Any) -> Any:
        """Send a request, and note whether it was answered, never begun, or neither is known."""
        try:
            answer = send(adapter, request, **given)
        except requests.exceptions.ConnectTimeout:
            outcomes.append("unreached")
            raise
        except requests.exceptions.ConnectionError as error:
            outcomes.append("unreached" if _was_never_connected(error) else "unknown")
            raise
        except Exception:
            outcomes.append("unknown")
            raise
        outcomes.append(str(answer.status_code))
        return answer

    setattr(requests.adapters.HTTPAdapter, "send", noted)  # noqa: B010  # this process does nothing else
    plugin.retry, plugin.redirects = 0, False
    try:
        is_taken = bool(plugin.notify(body=text, title=title))
    except Exception as error:  # noqa: BLE001  # a fault in a service's own code: what it had sent by then is not known
        outcomes.append("unknown" if not guard.refused else type(error).__name__)
        is_taken = False
    return {"outcome": outcome_of(is_taken, outcomes, guard.refused), "answer": guard.refused or ",".join(outcomes)}


def _was_never_connected(error: Exception) -> bool:
    """Whether no connection came about: then nothing was said to anybody."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "SSLError")


def outcome_of(is_taken: bool, outcomes: list[str], refused: str) -> str:  # noqa: FBT001  # what Apprise says is a yes or no
    """`sent`; `refused`, for good; `later`, surely not sent; else `uncertain`."""
    if is_taken:
        return "sent"
    if refused and all(not one.startswith("2") and one != "unknown" for one in outcomes):
        return "refused"
    if not outcomes or any(one == "unknown" or one.startswith(("2", "3")) for one in outcomes):
        return "uncertain"
    if all(one in ("unreached", "429", "503") for one in outcomes):
        return "later"
    return "refused" if all(one.startswith("4") for one in outcomes) else "uncertain"


def main() -> None:
    """Answer one request."""
    signal.alarm(SECONDS)
    asked = json.load(sys.stdin)
    guard = Guard(allow_private=asked["allow_private"])
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  # what a service's own code prints may hold a secret
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
        os.dup2(nowhere.fileno(), sys.stderr.fileno())
    socket.setdefaulttimeout(SECONDS / 2)
    plugin, found = looked_at(asked["address"], allow_private=asked["allow_private"])
    if plugin is not None and "text" in asked:
        sys.addaudithook(guard)
        found |= handed_over(plugin, title=asked["title"], text=asked["text"], guard=guard)
    answers.write(json.dumps(found))
    answers.flush()


if __name__ == "__main__":
    main()
