"""The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header-07) and the fingerprint of what was asked under it."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Final

from api.models.common import Asked
from api.problems import Kind, Problem
from ledger.personal import found_in_token

KEY_MAX: Final = 255
_KEY: Final = re.compile(r"[\x20-\x7e]+")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\["\\])*)"')


def idempotency_key(values: Sequence[str]) -> str:
    """The key in the header's values: a structured string in quotes, as the draft has it, or the bare text that most clients send.

    Raises Problem (400) when there is none, more than one, or one that is not 1 to 255 printable ASCII characters.
    """
    if not values:
        raise Problem(Kind.IDEMPOTENCY_KEY_MISSING, "Send an Idempotency-Key header; repeat it when you repeat the request.")
    if len(values) > 1:
        raise Problem(Kind.IDEMPOTENCY_KEY_INVALID, "Send one Idempotency-Key header.")
    text = values[0].strip()
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    if not key.strip() or len(key) > KEY_MAX or not _KEY.fullmatch(key):
        raise Problem(Kind.IDEMPOTENCY_KEY_INVALID, f"A key is 1 to {KEY_MAX} printable ASCII characters, such as a UUID.")
    if found := found_in_token(key):
        raise Problem(Kind.IDEMPOTENCY_KEY_INVALID, f"A key names a request and nobody: {found} may not stand in it.")
    return key


def fingerprint(request: Asked) -> str:
    """SHA-256 of what a request means: equal for equal requests, however they were spelled.

    Defaults are left out, so that a field that is added later does not change the fingerprint of an old request.
    """
    meaning = json.dumps(request.model_dump(exclude_defaults=True), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(meaning.encode()).hexdigest()
