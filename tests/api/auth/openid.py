"""A small OpenID provider on a real socket with TLS: authorization codes with PKCE that are good once, ID tokens, keys that change."""

import base64
import binascii
import contextlib
import datetime as dt
import hashlib
import secrets
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from api.auth import pki
from tests.api.socket_server import served

CLIENT, SECRET = "hms ledger", "s3cret:of/ours"


class Provider:
    """Signs in whoever `person` describes, without asking. `token` makes an ID token of header and claims; a test may put another in."""

    def __init__(self, callback: str, now_s: Callable[[], float], authority: Path) -> None:
        self.url = ""
        self.authority = authority
        self.callback = callback
        self.now_s = now_s
        self.keys = {"first": ECKey.generate_key("P-256")}
        self.person: dict[str, Any] = {"sub": "ana", "groups": ["ledger-finance"]}
        self.token: Callable[[dict[str, Any], dict[str, Any]], str] = self.signed
        self.discovered: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.exchanged = 0
        paths = (("/.well-known/openid-configuration", self._discovery), ("/keys", self._keys), ("/authorize", self._authorize))
        self.app = Starlette(routes=[*(Route(path, answer) for path, answer in paths), Route("/token", self._token, methods=["POST"])])

    def rotate(self, kid: str) -> None:
        """Sign with a key of this name from now on; the ones before are gone."""
        self.keys = {kid: ECKey.generate_key("P-256")}

    def signed(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """An ID token as it should be."""
        return jwt.encode(header, claims, self.keys[header["kid"]], algorithms=["ES256"])

    async def _discovery(self, _request: Request) -> Response:
        told = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "code_challenge_methods_supported": ["plain", "S256"],
            "authorization_response_iss_parameter_supported": True,
            "claims_supported": ["sub", "groups"],
        }
        return JSONResponse({**told, **self.discovered})

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [{**key.as_dict(private=False), "kid": kid, "use": "sig"} for kid, key in self.keys.items()]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        right = {"client_id": CLIENT, "response_type": "code", "redirect_uri": self.callback, "code_challenge_method": "S256"}
        if (
            any(asked.get(name) != value for name, value in right.items())
            or not asked.get("nonce")
            or "openid" not in asked["scope"].split()
        ):
            return JSONResponse({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(f"{self.callback}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}", 302)

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        asked = self.codes.pop(form.get("code", ""), None)
        if not _proved(request) or asked is None or form["grant_type"] != "authorization_code":
            return JSONResponse({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"] or form["redirect_uri"] != self.callback:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.exchanged += 1
        now = int(self.now_s())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.person}
        token = self.token({"typ": "JWT", "alg": "ES256", "kid": next(iter(self.keys))}, claims)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})


def _proved(request: Request) -> bool:
    """Whether the client came with its secret (RFC 6749 section 2.3.1)."""
    try:
        text = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    name, _, secret = text.partition(":")
    return (unquote(name), unquote(secret)) == (CLIENT, SECRET)


@contextlib.contextmanager
def serving(folder: Path, callback: str, now_s: Callable[[], float]) -> Iterator[Provider]:
    """The provider until the block ends."""
    provider = Provider(callback, now_s, folder / "ca.pem")
    now = dt.datetime.now(dt.UTC)
    ca = pki.authority("provider", now)
    pair = pki.server(ca, ["127.0.0.1"], now)
    for name, content in (("ca.pem", ca.certificate), ("server.pem", pair.certificate), ("server.key", pair.key)):
        (folder / name).write_bytes(content)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    config = uvicorn.Config(provider.app, ssl_context_factory=lambda _config, _default: context, lifespan="off", log_config=None, ws="none")
    with served(config) as port:
        provider.url = f"https://127.0.0.1:{port}"
        yield provider
