"""One public feed → posts: conditional request, redirects by hand, size and time limits. Many at once: `reader.py`.

Where a connection may go: `connections.py` and `addresses.py`. What the bytes mean: `items.py`. The feeds are named one
by one by the operator and nothing is crawled, so robots.txt, which speaks to crawlers, is not asked; `Retry-After` is
obeyed and a feed that has not changed is not sent again.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

import httpcore
import httpx

from nhipcau.feeds.addresses import literal_address
from nhipcau.feeds.connections import Resolver, guarded_client, resolve
from nhipcau.feeds.errors import FeedError
from nhipcau.feeds.items import read_feed
from nhipcau.feeds.state import FeedState

MOST_REDIRECTS: Final = 5
LONGEST_WAIT: Final = timedelta(days=1)
"""A server that asks for more patience than this gets this."""

DEFAULT_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_HOST: Final = re.compile(rb"[A-Za-z0-9._-]+|[0-9A-Fa-f:.%]+")  # after IDNA; brackets of IPv6 are off by now
_ACCEPT: Final = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=.9, */*;q=.1"


@dataclass(frozen=True, slots=True)
class FeedResult:
    """What one fetch brought.

    `status` is `fetched`, `unchanged` (the server says that nothing is new) or `waiting` (it asked for patience and was
    not asked again, until `retry_at`). `url` is where the redirects ended. `invalid_line` is where
    the document is not well-formed, 0 where it is; it was read all the same.
    """

    posts: list[dict[str, str]]
    status: Literal["fetched", "unchanged", "waiting"]
    url: str
    etag: str = ""
    modified: str = ""
    retry_at: datetime | None = None
    invalid_line: int = 0


def fetch_feed(
    url: str,
    *,
    now: datetime,
    state: FeedState | None = None,
    allow_private: bool = False,
    timeout_seconds: float = 10,
    total_seconds: float | None = None,
    max_bytes: int = 5_000_000,
    zone: ZoneInfo = DEFAULT_ZONE,
    resolver: Resolver = resolve,
    client: httpx.Client | None = None,
) -> FeedResult:
    """Fetch one feed.

    Parameters
    ----------
    url
        `http` or `https`, without a user name or password.
    now
        Arrival time of what is found; a time without a zone is UTC.
    state
        What the last fetch of this feed left; sends `If-None-Match` and `If-Modified-Since`.
    allow_private
        Also visit this machine and private networks.
    timeout_seconds
        Longest wait for a connection and for each next bytes.
    total_seconds
        Longest time for all of it; three times `timeout_seconds` if not given.
    max_bytes
        Largest document, as sent and as decompressed.
    zone
        Zone of item times that name none.
    resolver
        Who answers for host names.
    client
        A client to use instead of an own `guarded_client`; whoever passes one answers for its guard.

    Raises
    ------
    FeedError
        Codes `feed.*`; its values name the feed's `url`.
    """
    now = in_utc(now)
    known = state or FeedState()
    if known.retry_at is not None and known.retry_at > now:
        return FeedResult([], "waiting", url, known.etag, known.modified, known.retry_at)
    total = total_seconds if total_seconds is not None else 3 * timeout_seconds
    try:
        own = client or guarded_client(
            timeout_seconds=timeout_seconds, total_seconds=total, allow_private=allow_private, resolver=resolver
        )
        try:
            return _fetch(own, url, known=known, now=now, max_bytes=max_bytes, zone=zone)
        finally:
            if client is None:
                own.close()
    except FeedError as error:
        raise FeedError(error.code, **({"url": url} | error.values)) from None
    except (httpx.TimeoutException, httpcore.TimeoutException):
        raise FeedError("feed.timeout", url=url, seconds=timeout_seconds, total_seconds=total) from None
    except (httpcore.ConnectError, httpx.ConnectError) as error:
        raise FeedError("feed.unreachable", url=url, reason=_reason(error)) from None
    except (httpx.HTTPError, httpcore.ProtocolError, httpcore.NetworkError, httpx.InvalidURL) as error:
        raise FeedError("feed.bad-response", url=url, reason=_reason(error)) from None


def _fetch(
    client: httpx.Client, url: str, *, known: FeedState, now: datetime, max_bytes: int, zone: ZoneInfo
) -> FeedResult:
    target = _checked(url)
    headers = {"Accept": _ACCEPT}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.modified:
        headers["If-Modified-Since"] = known.modified
    for _ in range(MOST_REDIRECTS + 1):
        with client.stream("GET", target, headers=headers) as response:
            if response.status_code in (301, 302, 303, 307, 308):
                if not response.headers.get("location"):
                    raise FeedError("feed.http-status", status=response.status_code)
                target = _checked(str(target.join(response.headers["location"])))
                continue
            if response.status_code == 304:
                return FeedResult([], "unchanged", str(target), known.etag, known.modified)
            if response.status_code in (429, 503):
                retry_at = _retry_at(response.headers.get("retry-after", ""), now=now)
                if retry_at is not None:
                    raise FeedError("feed.wait", status=response.status_code, retry_at=retry_at)
            if response.status_code != 200:
                raise FeedError("feed.http-status", status=response.status_code)
            body = _body(response, max_bytes=max_bytes)
            feed = read_feed(
                body, content_type=response.headers.get("content-type", ""), url=str(target), now=now, zone=zone
            )
            return FeedResult(
                posts=feed.posts,
                status="fetched",
                url=str(target),
                etag=response.headers.get("etag", "")[:1_000],
                modified=response.headers.get("last-modified", "")[:100],
                invalid_line=feed.invalid_line,
            )
    raise FeedError("feed.too-many-redirects", limit=MOST_REDIRECTS)


def _checked(url: str) -> httpx.URL:
    """Return the URL, if it is one that may be asked for; where it leads is checked when the connection is made."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FeedError("feed.bad-url", address=url[:200]) from None
    if parsed.scheme not in ("http", "https"):
        raise FeedError("feed.scheme", address=url[:200])
    if parsed.userinfo or not _HOST.fullmatch(parsed.raw_host) or not 0 < (parsed.port or 80) < 65_536:
        raise FeedError("feed.bad-url", address=f"{parsed.scheme}://{parsed.host}")
    literal_address(parsed.host)  # refuses the odd forms
    return parsed


def _body(response: httpx.Response, *, max_bytes: int) -> bytes:
    """Read the whole body, decompressed here piece by piece, because a few kilobytes of gzip can hold gigabytes."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise FeedError("feed.encoding", encoding=encoding[:100])
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > max_bytes:
        raise FeedError("feed.too-large", limit=max_bytes)
    unzip = zlib.decompressobj(wbits=47) if encoding in ("gzip", "x-gzip", "deflate") else None  # 47: either header
    body = bytearray()
    sent = 0
    try:
        for piece in response.iter_raw():
            sent += len(piece)
            body += piece if unzip is None else unzip.decompress(piece, max_bytes + 1 - len(body))
            if sent > max_bytes or len(body) > max_bytes:
                raise FeedError("feed.too-large", limit=max_bytes)
    except zlib.error:
        raise FeedError("feed.truncated") from None
    if unzip is not None and not unzip.eof:
        raise FeedError("feed.truncated")
    return bytes(body)


def _retry_at(value: str, *, now: datetime) -> datetime | None:
    """When to come back, from seconds or a date; None where the header says nothing usable."""
    try:
        moment = now + timedelta(seconds=int(value)) if value.strip().isdecimal() else parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return now + LONGEST_WAIT if value.strip().isdecimal() else None
    return min(in_utc(moment), now + LONGEST_WAIT)


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC; one without a zone is meant so."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
