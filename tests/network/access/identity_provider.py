"""An OpenID provider on loopback that refuses what a real one refuses (OpenID Connect Core 1.0, 3.1.2 and 3.1.3)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "nhipcau", "of the provider and us alone"


@dataclass
class Provider:
    """One provider: who is logged in there, and the codes and tokens that it has given out."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    def authorize(self, address: str) -> str:
        """What a person's browser is led back to, once they have logged in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert {"openid", "email"} <= set(asked["scope"].split())
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = {"redirect_uri": asked["redirect_uri"], "challenge": asked["code_challenge"]}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, given: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Answer at the token endpoint: each code once, to whom it was given."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = authorization == f"Basic {basic}" or (given.get("client_id"), given.get("client_secret")) == (
            CLIENT,
            SECRET,
        )
        code = self.codes.pop(given.get("code", ""), None)
        proof = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if not known:
            return self._refuse(401, "invalid_client")
        if given.get("grant_type") != "authorization_code":
            return self._refuse(400, "unsupported_grant_type")
        if code is None or code["redirect_uri"] != given.get("redirect_uri"):
            return self._refuse(400, "invalid_grant")
        if base64.urlsafe_b64encode(proof).decode().rstrip("=") != code["challenge"]:
            return self._refuse(400, "invalid_grant")
        token = secrets.token_urlsafe(16)
        self.tokens.add(token)
        now = int(time.time())
        said = {**self.claims, "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300}
        signed = jwt.encode(said, self.key, algorithm="RS256", headers={"kid": "one"})
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def _refuse(self, status: int, error: str) -> tuple[int, dict[str, Any]]:
        self.refused.append(error)
        return status, {"error": error}

    def answer(self, path: str, authorization: str) -> tuple[int, Any]:
        """Answer what is read: where things are, the keys, who somebody is."""
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
            found = {name: f"{self.address}/{place}" for name, place in places.items()}
            return 200, {"issuer": self.address, "jwks_uri": f"{self.address}/keys", **found}
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return 200, {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}
        if path == "/userinfo" and authorization.removeprefix("Bearer ") in self.tokens:
            return 200, self.claims
        return self._refuse(401, path)


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """Run a provider."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(*provider.answer(self.path, self.headers.get("Authorization", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*provider.exchange(given, self.headers.get("Authorization", "")))

        def _send(self, status: int, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
