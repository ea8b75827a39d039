"""A sealed field counts for its own subject, event and field alone."""

import json
from base64 import urlsafe_b64encode

import pytest

from ledger.seal import identity, why_not
from tests.ledger.columns import columns

EVENT = "payment.initiated.v1"


def sealed(**members: str) -> str:
    """A text that looks sealed for the instrument of P-1."""
    header = {"alg": "dir", "enc": "A256GCM", "kid": "P-1.a1", "ctx": f"{EVENT}|instrument|P-1", **members}
    head = urlsafe_b64encode(json.dumps({name: value for name, value in header.items() if value}).encode()).rstrip(b"=").decode()
    return f"{head}..aXY.dGV4dA.dGFn"


CASES = """
member | value                             | why not
alg    | dir                               |
alg    | ECDH-ES+A256KW                    |
alg    | none                              | sealed otherwise than by dir or ECDH-ES+A256KW with A256GCM
enc    | A128CBC-HS256                     | sealed otherwise than by dir or ECDH-ES+A256KW with A256GCM
kid    | P-2.a1                            | sealed with a key of another subject
kid    | house.1                           | sealed with a key of another subject
kid    | P-1                               | sealed with a key of another subject
kid    |                                   | not a JWE in compact serialization
ctx    | payment.initiated.v1|instrument|P-2 | sealed for another place (ctx)
ctx    | consent.changed.v1|contact|P-1    | sealed for another place (ctx)
ctx    |                                   | sealed for another place (ctx)
"""


@pytest.mark.parametrize(("member", "value", "why"), columns(CASES))
def test_what_counts_as_sealed(member: str, value: str, why: str) -> None:
    assert why_not(sealed(**{member: value}), EVENT, "instrument", "P-1") == why


@pytest.mark.parametrize(
    "text", ["021000021 1234567", "....", "a.b.c.d.e", "e30....", '{"routing_number":"021000021"}', "bm8.....", "é....", sealed() + "\n"]
)
def test_what_is_no_jwe_is_not_sealed(text: str) -> None:
    assert why_not(text, EVENT, "instrument", "P-1") == "not a JWE in compact serialization"


def test_an_account_is_known_again_by_its_digest_alone() -> None:
    assert identity(sealed(fp="f00d")) == identity(sealed(fp="f00d", kid="P-1.b2")) == "f00d"
    assert identity(sealed()) == sealed()
    assert identity("an older text") == "an older text"
