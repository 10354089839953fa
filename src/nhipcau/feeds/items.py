"""The bytes of a feed → posts: RSS 0.9 to 2.0, Atom and JSON Feed. No network here (see `connections.py`).

XML passes defusedxml before feedparser sees it: entity declarations (the "billion laughs") and external references are
refused. A feed that is not quite well-formed is still read, if no trick is in it, because many honest feeds are broken.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit
from xml.sax import SAXParseException
from zoneinfo import ZoneInfo

import defusedxml.common
import orjson

from nhipcau.engine.cleaning.names import called_by, hide_author
from nhipcau.feeds.errors import FeedError

LONGEST_TEXT: Final = 5_000
"""Characters of a post that are kept; a summary is shorter, a whole article is not ours to copy."""

FUTURE_TOLERANCE: Final = timedelta(minutes=10)
"""An item dated later than this after its arrival has a wrong clock or zone; its arrival stands for its time."""

_NOT_FEEDS: Final = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_BLOCKS: Final = frozenset(
    {"p", "br", "div", "li", "ul", "ol", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
)
_UNSPOKEN: Final = frozenset({"script", "style", "template", "iframe", "object", "svg"})
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_ENCODING: Final = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS: Final = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "windows-1258", "utf-16"}
)
_GMT_PLUS: Final = re.compile(r"(?:GMT|UTC)\s?([+-])(\d{1,2})(?::?(\d{2}))?\s*$")
_DAY_FIRST: Final = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")

_OFFICES: Final = (
    "báo", "tạp chí", "đài", "thông tấn", "cổng", "trang tin", "trang thông tin", "ban", "bộ", "sở", "cục", "chi cục",
    "vụ", "viện", "phòng", "văn phòng", "trung tâm", "ủy ban", "uỷ ban", "ubnd", "hđnd", "hội", "liên đoàn", "mặt trận",
    "công an", "bệnh viện", "trường học", "trường đại học", "trường thpt", "trường thcs", "công ty", "tổng công ty",
    "tập đoàn", "tỉnh", "thành phố", "xã", "phường", "đặc khu",
)  # fmt: skip
_OFFICE: Final = re.compile(rf"(?i)\s*(?:{'|'.join(_OFFICES)})\s")
"""What offices, papers and companies begin with, and families do not: who publishes in their name is no person."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What one feed holds: posts that the reader accepts as they are, newest order as the feed has it."""

    posts: list[dict[str, str]]
    invalid_line: int = 0
    """Where it is not well-formed; 0 where it is. It was read all the same."""


class _TextOf(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silence = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _UNSPOKEN:
            self._silence += 1
        elif tag in _BLOCKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSPOKEN:
            self._silence = max(0, self._silence - 1)
        elif tag in _BLOCKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silence:
            self.parts.append(data)


def plain_text(markup: str) -> str:
    """Text of an HTML fragment on one line: no tags, scripts, control or direction-changing characters.

    Examples
    --------
    >>> plain_text("<b>Mưa</b> lớn &amp;amp; ngập<br>đường")
    'Mưa lớn & ngập đường'
    """
    reader = _TextOf()
    reader.feed(markup[: 20 * LONGEST_TEXT])
    reader.close()
    return " ".join(_CONTROLS.sub("", unescape("".join(reader.parts))).split())


def parse_time(text: str, *, zone: ZoneInfo) -> datetime | None:
    """Time of an item in UTC, or None. A time without a zone is meant in `zone`.

    Examples
    --------
    >>> parse_time("Thu, 05 Feb 2026 13:00:00 GMT+7", zone=ZoneInfo("Asia/Ho_Chi_Minh")).isoformat()
    '2026-02-05T06:00:00+00:00'
    """
    text = text.strip()
    offset = _GMT_PLUS.search(text)
    if offset:
        text = f"{text[: offset.start()].rstrip()} {offset[1]}{int(offset[2]):02d}{offset[3] or '00'}"
    moment = None
    for reader in (datetime.fromisoformat, parsedate_to_datetime, _day_first):
        try:
            moment = reader(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        break
    if moment is None:
        return None
    if moment.tzinfo is None:  # "-0000" is how mail writes UTC without saying whose local time it was
        moment = moment.replace(tzinfo=UTC if text.endswith("-0000") else zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _day_first(text: str) -> datetime:
    found = _DAY_FIRST.match(text)
    if found is None:
        raise ValueError(text)
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is set by the caller


def read_feed(body: bytes, *, content_type: str, url: str, now: datetime, zone: ZoneInfo) -> Feed:
    """Read the posts of a feed.

    Parameters
    ----------
    body
        The whole document, decompressed.
    content_type
        As the server said it; it only refuses what cannot be a feed, since many feeds are served as `text/html`.
    url
        Where it came from; names errors, and the source where the feed has no link of its own.
    now
        When it arrived.
    zone
        Zone of times that name none.

    Returns
    -------
    Feed
        Posts with `id, time, arrived, source, text, link, kind`. `text` is the title, a line break, the summary.
        No author is kept, nor what the author is called in title and summary. An item without a time takes its arrival.

    Raises
    ------
    FeedError
        `feed.not-a-feed`, `feed.invalid-xml`, `feed.unsafe-xml`.
    """
    kind = content_type.split(";")[0].strip().lower()
    if kind.startswith(_NOT_FEEDS):
        raise FeedError("feed.not-a-feed", url=url, content_type=kind)
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        home, items, invalid_line = *_json_items(body, url=url, content_type=kind), 0
    else:
        home, items, invalid_line = _xml_items(body, url=url, content_type=kind)
    host = (urlsplit(home if home.startswith(("http://", "https://")) else url).hostname or "").removeprefix("www.")
    posts = [post for item in items if (post := _post(item, host=host, now=now, zone=zone))]
    if invalid_line and not posts:
        raise FeedError("feed.invalid-xml", url=url, line=invalid_line)
    return Feed(posts=posts, invalid_line=invalid_line)


def _post(item: Mapping[str, Any], *, host: str, now: datetime, zone: ZoneInfo) -> dict[str, str] | None:
    title, summary = plain_text(item["title"]), plain_text(item["summary"])
    link = item["link"].strip() if item["link"].strip().startswith(("http://", "https://")) else ""
    text = "\n".join(part for part in (title, summary if summary != title else "") if part)
    if item["called"]:
        names, handles = called_by(one for one in item["called"] if not _OFFICE.match(one))
        text = hide_author(text, names=names, handles=handles)
    text = text[:LONGEST_TEXT]
    if not text:
        return None
    arrived = now.astimezone(UTC)
    moment = parse_time(item["time"], zone=zone) if item["time"] else None
    if moment is None or moment > arrived + FUTURE_TOLERANCE:
        moment = arrived
    identity = _CONTROLS.sub("", item["id"].strip())[:500] or link
    if not identity:
        identity = "text:" + hashlib.sha256(text.encode()).hexdigest()[:32]
    if "://" not in identity and not identity.startswith(("urn:", "tag:")):
        identity = f"{host}:{identity}"  # '12345' is a name only within its own feed
    post = {
        "id": identity,
        "time": moment.isoformat(timespec="seconds"),
        "arrived": arrived.isoformat(timespec="seconds"),
        "source": host,
        "text": text,
        "link": link,
        "kind": "press",
    }
    return post


def _json_items(body: bytes, *, url: str, content_type: str) -> tuple[str, list[dict[str, Any]]]:
    try:
        feed = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise FeedError("feed.not-a-feed", url=url, content_type=content_type) from None
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/"):
        raise FeedError("feed.not-a-feed", url=url, content_type=content_type)
    items = feed.get("items")
    ours = _called_in_json(feed)
    return _word(feed, "home_page_url"), [
        {
            "id": _word(item, "id"),
            "link": _word(item, "url", "external_url"),
            "title": _word(item, "title"),
            "summary": _word(item, "summary", "content_text", "content_html"),
            "time": _word(item, "date_published", "date_modified"),
            "called": [*_called_in_json(item), *ours],
        }
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
    ]


def _word(item: Mapping[str, Any], *names: str) -> str:
    """Return the first of these values that says something, as text."""
    for name in names:
        value = item.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value)
    return ""


def _called_in_json(holder: Mapping[str, Any]) -> list[str]:
    """What authors are called: a list of objects, or one of the first version."""
    told = holder.get("authors")
    people = [*(told if isinstance(told, list) else []), holder.get("author")]
    return [word for one in people if isinstance(one, dict) for name in ("name", "url") if (word := _word(one, name))]


def _called_in_xml(holder: Any) -> list[str]:
    """What authors and contributors are called; RSS writes `mail (name)`."""
    people = [*holder.get("authors", []), *holder.get("contributors", []), holder.get("author_detail")]
    called = [word for one in people if one for name in ("name", "email", "href") if (word := _word(one, name))]
    # the parser cuts long endings of addresses off and into the name: whatever stands in brackets is taken for itself
    parts = [part for word in (*called, _word(holder, "author")) for part in re.split(r"[()<>,;]", word)]
    return [plain_text(part) for part in dict.fromkeys(parts) if part.strip()]


def _xml_items(body: bytes, *, url: str, content_type: str) -> tuple[str, list[dict[str, Any]], int]:
    import feedparser  # takes a tenth of a second, which only XML should pay
    from defusedxml.expatreader import DefusedExpatParser

    parser = DefusedExpatParser(forbid_dtd=False, forbid_entities=True, forbid_external=True)
    invalid_line = 0
    try:
        parser.parse(io.BytesIO(body))
    except defusedxml.common.DefusedXmlException:
        raise FeedError("feed.unsafe-xml", url=url) from None
    except SAXParseException as error:
        invalid_line = max(1, error.getLineNumber() or 1)
        body = _repairable(body, url=url)
    # A stream, never the text itself: feedparser would open a text that looks like an address or a path.
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": "application/xml; charset=utf-8" if invalid_line else "application/xml"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not parsed.get("version") and not parsed.entries:
        if invalid_line and not re.match(rb"\s*(<!doctype\s+html|<html)", body[:500], re.IGNORECASE):
            raise FeedError("feed.invalid-xml", url=url, line=invalid_line)
        raise FeedError("feed.not-a-feed", url=url, content_type=content_type)
    items = []
    ours = _called_in_xml(parsed.feed)
    for entry in parsed.entries:
        contents = [str(content.get("value") or "") for content in entry.get("content", [])]
        items.append(
            {
                "id": _word(entry, "id"),
                "link": _word(entry, "link"),
                "title": _word(entry, "title"),
                "summary": _word(entry, "summary") or next((content for content in contents if content), ""),
                "time": _word(entry, "published", "updated", "created"),
                "called": [*_called_in_xml(entry), *ours],
            }
        )
    return _word(parsed.feed, "link"), items, invalid_line


def _repairable(body: bytes, *, url: str) -> bytes:
    """Return a document that is not well-formed as UTF-8, once nothing in it can declare an entity in any reading."""
    declared = _ENCODING.search(body[:200])
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    text = body.decode(encoding if encoding in _ENCODINGS else "utf-8", errors="replace")
    if re.search(r"<!\s*entity", text, re.IGNORECASE):
        raise FeedError("feed.unsafe-xml", url=url)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))
    return text.encode("utf-8", errors="replace")
