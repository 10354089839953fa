"""E-mail addresses, handles and links to profiles: which are redacted, which stay. Called by `redaction.py`."""

from __future__ import annotations

import re
from typing import Final

from nhipcau.engine.cleaning.tags import EMAIL, PROFILE

_PROFILE_HOSTS: Final = (
    r"(?:facebook|fb|instagram|twitter|x|tiktok|threads|linkedin|youtube)\.com|fb\.me|m\.me|zalo\.me|t\.me|wa\.me|"
    r"threads\.net|messenger\.com|telegram\.me|locket\.cam"
)
_LINKS: Final = re.compile(
    rf"(?P<profile>(?<![\w.@-])(?:https?://)?(?:(?:www|m|web|mobile|vi-vn|chat|mbasic|touch)\.)?(?P<host>{_PROFILE_HOSTS})"
    r"/(?P<path>[^\s<>\"']{1,300}))"
    r"|(?P<link>https?://[^\s<>\"']{1,2000})"
    r"|(?P<email>(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"
    r"|(?P<handle>(?<![\w@/.＠])[@＠](?=[\w.]{0,39}[^\W\d_])[\w.]{1,39}[\w])",
    re.IGNORECASE,
)

# First parts of a path that lead to a page of content and to no person.
_CONTENT: Final = re.compile(
    r"groups|watch(\.php)?|events?|share|reels?|hashtag|photo(\.php)?|marketplace|gaming|help|policies|p|explore|playlist|"
    r"results|shorts|live|embed|search|home|i|intent|tag|discover|music|legal|about|business|privacy|feed|jobs|pulse|"
    r"company|school|sharer(\.php)?|dialog|plugins|login|ads|story|videos?"
)
_PERSON_BEHIND_MARK: Final = frozenset(["tiktok.com", "threads.net", "threads.com"])
_YOUTUBE_PERSONS: Final = ("@", "channel/", "c/", "user/")
_CLOSING: Final = ".,;:!?)]}…"


def _replacement(match: re.Match[str]) -> str:
    if match["link"]:
        return match[0]
    if match["email"]:
        return EMAIL + _closing(match[0])
    if match["handle"]:
        return PROFILE
    host, path = match["host"].lower(), match["path"]
    first = re.split(r"[/?#]", path, maxsplit=1)[0].rstrip(_CLOSING).lower()
    if host == "youtube.com":
        is_person = path.lower().startswith(_YOUTUBE_PERSONS)
    elif host == "linkedin.com":
        is_person = path.lower().startswith("in/")
    elif host in _PERSON_BEHIND_MARK:
        is_person = first.startswith("@")
    else:
        is_person = len(first) > 1 and _CONTENT.fullmatch(first) is None
    return PROFILE + _closing(path) if is_person else match[0]


def _closing(matched: str) -> str:
    """Punctuation that ends the sentence and not the address."""
    return matched[len(matched.rstrip(_CLOSING)) :]


def redact_links(text: str) -> str:
    """Replace e-mail addresses, handles and profile links; other links stay.

    >>> redact_links("hỏi @nguoidan hoặc zalo.me/0000, đọc https://bao.example/tin-1234567890.html")
    'hỏi [tài khoản mạng] hoặc [tài khoản mạng], đọc https://bao.example/tin-1234567890.html'
    """
    return _LINKS.sub(_replacement, text)
