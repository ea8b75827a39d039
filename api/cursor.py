"""Where a paged answer goes on, signed: a cursor that was changed, or made for another question, is refused."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from api.problems import Kind, Problem

_MAC_BYTES: Final = 16
T = TypeVar("T")


class CursorKey:
    """Signs and opens cursors. All API processes that share their clients share the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of_folder(cls, folder: Path) -> "CursorKey":
        """The key kept in the data folder, made when there is none; readable by its owner alone."""
        path = folder / "cursor.key"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
        except FileExistsError:
            pass
        return cls(path.read_bytes())

    def seal(self, question: str, state: object) -> str:
        """A cursor that holds `state` and is good for this question alone."""
        body = msgspec.msgpack.encode(state)
        return base64.urlsafe_b64encode(self._mac(question, body) + body).decode().rstrip("=")

    def open(self, question: str, cursor: str, decode: Callable[[bytes], T]) -> T:
        """The state in a cursor, as `decode` reads its MessagePack. Raises Problem (400) when it's not one of ours for this question."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _refusal() from None
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(question, body)):
            raise _refusal()
        try:
            return decode(body)
        except msgspec.MsgspecError:
            raise _refusal() from None

    def _mac(self, question: str, body: bytes) -> bytes:
        return hmac.new(self._key, question.encode() + b"\0" + body, hashlib.sha256).digest()[:_MAC_BYTES]


def _refusal() -> Problem:
    return Problem(
        Kind.BAD_CURSOR, "Take the cursor from the answer before, unchanged, and repeat the same question; or begin again without."
    )
