"""A web server on the loopback that answers as each test tells it, and misbehaves when told so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NOW = datetime(2026, 2, 5, 6, 0, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Tin mới</title><link>https://www.bao.example/</link>
<item><guid>https://bao.example/1</guid><title>Mưa lớn ở &lt;b&gt;Đồng Phú&lt;/b&gt;</title>
<link>https://bao.example/1</link><author>nguoi.viet@bao.example</author>
<description>&lt;p&gt;Nước ngập đường.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</description>
<pubDate>Thu, 05 Feb 2026 12:30:00 +0700</pubDate></item>
<item><guid isPermaLink="false">2</guid><title>Cúp điện</title><link>https://bao.example/2</link>
<pubDate>Thu, 05 Feb 2026 12:40:00 GMT+7</pubDate></item>
</channel></rss>""".encode()

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """Paths → answers, and the requests that came."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                self.close_connection = True
                try:
                    owner.answers[self.path](self)
                    self.wfile.flush()
                except OSError:
                    pass  # the client had enough, which is what many of these tests want

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self.port = self._http.server_address[1]
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def gives(self, path: str, body: bytes = RSS, *, status: int = 200, **headers: str) -> str:
        """Answer a path with this; returns its URL. `content_type` means `Content-Type`."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            named = {"content_type": "application/rss+xml", "content_length": str(len(body))} | headers
            for name, value in named.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        return self.does(path, answer)

    def does(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return self.url(path)

    def close(self) -> None:
        self.ended.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
