"""What a sealed field looks like: a JWE in compact serialization (RFC 7516), A256GCM, bound to its subject and its place.

Pure: it tells what claims to be sealed for whom from what is not, and never opens anything. The protected header, which is the
additional authenticated data, names in `ctx` the event type, the field and the subject, so that a ciphertext cannot be moved to another.
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from typing import Final

import msgspec
from msgspec import Struct

ENCRYPTION: Final = "A256GCM"
DIRECT: Final = "dir"
"""by us, with the subject's data key"""
AGREED: Final = "ECDH-ES+A256KW"
"""by somebody else, to the public key that belongs to the subject's data key"""
_COMPACT = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){4}")


class Header(Struct, frozen=True):
    """The members of a JWE's protected header that matter here."""

    alg: str
    enc: str
    kid: str
    ctx: str = ""
    fp: str = ""
    """keyed digest of the content: equal contents of one subject have equal ones"""


_decode = msgspec.json.Decoder(Header).decode


def context(event_type: str, field: str, subject: str) -> str:
    """What a sealed field is bound to."""
    return f"{event_type}|{field}|{subject}"


def kid_of(subject: str, version: str) -> str:
    """Name of a version of a subject's data key."""
    return f"{subject}.{version}"


def subject_of(kid: str) -> str:
    """The subject whose key this is."""
    return kid.rpartition(".")[0]


def header_of(sealed: str) -> Header | None:
    """The protected header; None for anything that is no JWE of ours."""
    if not _COMPACT.fullmatch(sealed):
        return None
    head = sealed.partition(".")[0]
    try:
        return _decode(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (Base64Error, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def why_not(sealed: str, event_type: str, field: str, subject: str) -> str:
    """Why a text does not count as sealed for this field of this subject; empty when it does. Says nothing of its content.

    A bank's event names no subject (empty): then the key's is the one.
    """
    header = header_of(sealed)
    if header is None:
        return "not a JWE in compact serialization"
    if header.alg not in {DIRECT, AGREED} or header.enc != ENCRYPTION:
        return f"sealed otherwise than by {DIRECT} or {AGREED} with {ENCRYPTION}"
    subject = subject or subject_of(header.kid)
    if not subject or subject_of(header.kid) != subject:
        return "sealed with a key of another subject"
    if header.ctx != context(event_type, field, subject):
        return "sealed for another place (ctx)"
    return ""


def identity(sealed: str) -> str:
    """What tells one bank account of a subject from another without opening it: the keyed digest, or failing that the text itself."""
    header = header_of(sealed)
    return header.fp if header is not None and header.fp else sealed
