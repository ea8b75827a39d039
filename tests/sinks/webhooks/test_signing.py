"""Signatures: Standard Webhooks' own example, rotation, and what the copyable receiver makes of them."""

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from simulator.receiver import Refused, check_of, verified
from sinks.webhooks.signing import Pair, SecretError, headers, new_pair, new_shared, parse

# The example of the Standard Webhooks reference libraries.
ID, STAMP = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
BODY = b'{"test": 2432232314}'
EXAMPLE = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def named(secrets: list[str], body: bytes = BODY, stamp: int = STAMP) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in headers([parse(line) for line in secrets], ID, stamp, body)}


def test_the_reference_example() -> None:
    assert named([EXAMPLE]) == {"webhook-id": ID, "webhook-timestamp": str(STAMP), "webhook-signature": SIGNATURE}


def test_a_key_pairs_signature_is_ed25519_over_the_same_content() -> None:
    line = new_pair()
    pair = parse(line)
    assert isinstance(pair, Pair)
    version, signature = named([line])["webhook-signature"].split(",")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(pair.public.removeprefix("whpk_")))
    public.verify(base64.b64decode(signature), f"{ID}.{STAMP}.".encode() + BODY)
    assert version == "v1a"
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signature), f"{ID}.{STAMP + 1}.".encode() + BODY)


def test_during_a_rotation_every_secret_signs() -> None:
    old, new, pair = new_shared(), new_shared(), new_pair()
    sent = named([new, old, pair])
    assert [each.partition(",")[0] for each in sent["webhook-signature"].split(" ")] == ["v1", "v1", "v1a"]
    for known in (old, new, pair, parse(pair).public):  # type: ignore[union-attr]
        assert verified([check_of(known)], sent, BODY, STAMP) == ID


RECEIVED = """
what is wrong              status
nothing                    200
4 minutes old              200
6 minutes old              400
6 minutes early            400
body re-serialised         401
another secret             401
signature of other id      401
no signature               400
no id                      400
timestamp is text          400
signature is no base64     401
"""


@pytest.mark.parametrize("line", RECEIVED.strip().splitlines()[1:])
def test_what_the_receiver_takes(line: str) -> None:
    what, status = line.rsplit(None, 1)
    sent, body, now = named([EXAMPLE]), BODY, STAMP
    checks = [check_of(EXAMPLE)]
    match what.strip():
        case "4 minutes old":
            now += 240
        case "6 minutes old":
            now += 360
        case "6 minutes early":
            now -= 360
        case "body re-serialised":
            body = b'{"test":2432232314}'
        case "another secret":
            checks = [check_of(new_shared()), check_of(new_pair())]
        case "signature of other id":
            sent["webhook-id"] = "msg_other"
        case "no signature":
            del sent["webhook-signature"]
        case "no id":
            del sent["webhook-id"]
        case "timestamp is text":
            sent["webhook-timestamp"] = "now"
        case "signature is no base64":
            sent["webhook-signature"] = "v1,%%%"
    if status == "200":
        assert verified(checks, sent, body, now) == ID
    else:
        with pytest.raises(Refused) as refused:
            verified(checks, sent, body, now)
        assert refused.value.status == int(status)


@pytest.mark.parametrize("line", ["", "secret", "whsec_", "whsec_c2hvcnQ=", "whsk_c2hvcnQ=", "whsec_no-base64!", "whpk_" + "A" * 43 + "="])
def test_a_line_that_is_no_secret_is_refused_without_being_shown(line: str) -> None:
    with pytest.raises(SecretError) as refused:
        parse(line)
    assert not line or line.partition("_")[2] not in str(refused.value) or not line.partition("_")[2]


def test_a_secret_does_not_show_in_its_text() -> None:
    assert EXAMPLE.removeprefix("whsec_") not in repr(parse(EXAMPLE))
