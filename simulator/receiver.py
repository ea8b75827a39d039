"""A receiver of our webhooks, to copy: `python -m simulator.receiver --secrets FILE`. It needs nothing else of HMS-ACH.

What a receiver has to do: read the raw bytes, check a signature of Standard Webhooks over them, refuse what is older than five minutes,
take each `webhook-id` once, answer 2xx quickly, and do the work behind the answer.
"""

import argparse
import base64
import binascii
import hmac
import json
import ssl
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PATH = "/webhooks/reconciliation"
TOLERANCE_SECONDS = 300
BODY_BYTES_MAX = 65_536

Check = Callable[[str, bytes, bytes], bool]
"""Whether a signature of this version (`v1`, `v1a`) is right for the content."""


class Refused(Exception):  # noqa: N818 - an answer to the sender, not a fault of ours
    """The request is not a webhook that we take; the status says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def check_of(line: str) -> Check:
    """The check that a secret allows: `whsec_…` (shared), `whpk_…` (the sender's public key), or, for this demo alone, `whsk_…`."""
    prefix, _, text = line.strip().partition("_")
    key = base64.b64decode(text, validate=True)
    if prefix == "whsec":
        return lambda version, content, signature: version == "v1" and hmac.compare_digest(hmac.digest(key, content, "sha256"), signature)
    if prefix == "whsk":
        public = Ed25519PrivateKey.from_private_bytes(key[:32]).public_key()
    elif prefix == "whpk":
        public = Ed25519PublicKey.from_public_bytes(key)
    else:
        raise ValueError("a secret begins with whsec_, whpk_ or whsk_")

    def check(version: str, content: bytes, signature: bytes) -> bool:
        if version != "v1a":
            return False
        try:
            public.verify(signature, content)
        except InvalidSignature:
            return False
        return True

    return check


def verified(checks: Sequence[Check], headers: Mapping[str, str], body: bytes, now_s: float) -> str:
    """The webhook's id, when one of its signatures is one of ours and it is fresh. Raises Refused. Header names are lower case."""
    identity, stamp, signatures = (headers.get(name, "") for name in ("webhook-id", "webhook-timestamp", "webhook-signature"))
    if not identity or not stamp.isascii() or not stamp.isdigit() or not signatures:
        raise Refused(400, "the headers of a webhook are missing")
    if abs(now_s - int(stamp[:12])) > TOLERANCE_SECONDS:
        raise Refused(400, "the webhook is too old, or from the future")
    content = f"{identity}.{stamp}.".encode() + body
    for each in signatures.split(" "):
        version, _, text = each.partition(",")
        try:
            signature = base64.b64decode(text, validate=True)
        except binascii.Error:
            continue
        if any(check(version, content, signature) for check in checks):
            return identity
    raise Refused(401, "no signature is right")


class Inbox:
    """What was received, each id once; kept in a file, so that a restart knows it too."""

    def __init__(self, path: Path | None = None) -> None:
        self.received: list[tuple[str, Any]] = []
        self.repeats = 0
        self._path = path
        self._lock = threading.Lock()
        if path is not None and path.exists():
            lines = path.read_text().splitlines()
            self.received = [(found["id"], found["body"]) for found in map(json.loads, lines)]
        self._known = {identity for identity, _ in self.received}

    def take(self, identity: str, body: Any) -> bool:
        """Keep it; False when it was here before."""
        with self._lock:
            if identity in self._known:
                self.repeats += 1
                return False
            if self._path is not None:
                with self._path.open("a") as file:
                    file.write(json.dumps({"id": identity, "body": body}) + "\n")
            self._known.add(identity)
            self.received.append((identity, body))
            return True


def handler(checks: Sequence[Check], inbox: Inbox, tell: Callable[[str], None]) -> type[BaseHTTPRequestHandler]:
    """The HTTP side."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            try:
                identity = self._receive()
            except Refused as refusal:
                tell(f"refused: {refusal}")
                self._answer(refusal.status)
            else:
                tell(f"received {identity}")
                self._answer(204)

        def _receive(self) -> str:
            length = self.headers.get("content-length", "")
            if self.path != PATH:
                raise Refused(404, "there is nothing here")
            if not length.isascii() or not length.isdigit() or int(length[:9]) > BODY_BYTES_MAX:
                raise Refused(413, "the body has no length, or too much of it")
            body = self.rfile.read(int(length))
            identity = verified(checks, {name.lower(): value for name, value in self.headers.items()}, body, time.time())
            inbox.take(identity, json.loads(body))
            return identity

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()
            self.close_connection = status >= 400

        def log_message(self, *_arguments: object) -> None:
            """`tell` has said what matters."""

    return Handler


class _Server(ThreadingHTTPServer):
    """Tells in a line whom TLS turned away, such as a sender without a client certificate."""

    daemon_threads = True
    tell: Callable[[str], None]

    def handle_error(self, _request: object, client_address: Any) -> None:
        self.tell(f"{client_address[0]}: {sys.exc_info()[1]}")


def serve(
    port: int, checks: Sequence[Check], inbox: Inbox, tell: Callable[[str], None], tls: ssl.SSLContext | None = None
) -> ThreadingHTTPServer:
    """A server on loopback, ready to `serve_forever`; port 0 is any."""
    server = _Server(("127.0.0.1", port), handler(checks, inbox, tell))
    server.tell = tell
    if tls is not None:
        # whoever connects and says nothing must not hold up the others: the handshake is the business of its own thread
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Receive until Ctrl-C."""
    parser = argparse.ArgumentParser("python -m simulator.receiver", description=__doc__)
    parser.add_argument("--secrets", type=Path, required=True, help="file of secrets, one a line: whsec_… or whpk_…")
    parser.add_argument("--port", type=int, default=9443)
    parser.add_argument("--keep", type=Path, help="file that remembers what was received")
    parser.add_argument("--certificate", type=Path, help="PEM of certificate and key, for HTTPS")
    parser.add_argument("--clients", type=Path, help="PEM of the authority whose client certificates are asked for")
    given = parser.parse_args(arguments)
    lines = [line for line in given.secrets.read_text().splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        parser.error(f"{given.secrets} holds no secret: every webhook would be refused")
    tls = None
    if given.certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=given.clients)
        tls.load_cert_chain(given.certificate)
        tls.verify_mode = ssl.CERT_REQUIRED if given.clients else ssl.CERT_NONE
    server = serve(given.port, [check_of(line) for line in lines], Inbox(given.keep), _tell, tls)
    _tell(f"Webhooks are taken on port {server.server_port}.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
