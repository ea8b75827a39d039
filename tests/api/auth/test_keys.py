"""Signing keys and their turns, and tokens over a rotation."""

from pathlib import Path

import pytest

from api.auth.folder import IdentityFolder, SecretError
from api.auth.keys import OVERLAP_S, PUBLISHED_S, KeyRing, SigningKey, turns
from tests.api.auth.world import Secured

TABLE = """
    now     a          b
    0       signing    -
    999     signing    -
    1000    signing    coming
    1119    signing    coming
    1120    leaving    signing
    1479    leaving    signing
    1480    gone       signing
"""


@pytest.mark.parametrize("line", TABLE.strip().splitlines()[1:])
def test_a_key_is_published_before_it_signs_and_after(line: str) -> None:
    now, first, second = line.split()
    keys = [SigningKey("a", 0, {}), *([SigningKey("b", 1000, {})] if second != "-" else [])]
    assert [turn.state for turn in turns(keys, float(now))] == [word for word in (first, second) if word != "-"]


def test_a_token_is_good_over_a_rotation_until_it_ends_by_itself(secured: Secured) -> None:
    secured.add("credit")
    old = secured.token("credit")
    secured.now_s += 1
    made = secured.identity.keys.rotate()
    listed = secured.connection().get("/.well-known/jwks.json").json()["keys"]
    assert [key["kid"] == made.kid for key in listed] == [False, True]
    secured.now_s += PUBLISHED_S + 1
    assert secured.identity.keys.signer()[0] == made.kid
    assert secured.client("credit", old).get("/api/v1/session").status_code == 200
    new = secured.token("credit")
    secured.now_s += 200
    assert secured.client("credit", old).get("/api/v1/session").status_code == 401
    assert secured.client("credit", new).get("/api/v1/session").status_code == 200
    secured.now_s += OVERLAP_S
    assert [key["kid"] for key in secured.connection().get("/.well-known/jwks.json").json()["keys"]] == [made.kid]


def test_nothing_private_is_published_and_another_process_sees_the_same(secured: Secured) -> None:
    secured.identity.keys.rotate()
    listed = secured.connection().get("/.well-known/jwks.json").json()["keys"]
    assert all(set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"} for key in listed)
    other = KeyRing(secured.identity.folder, lambda: secured.now_s)
    assert other.published() == listed
    assert other.signer()[0] == secured.identity.keys.signer()[0]


def test_what_is_gone_is_removed_at_the_next_rotation(tmp_path: Path) -> None:
    now_s = [0.0]
    ring = KeyRing(IdentityFolder(tmp_path), lambda: now_s[0])
    first = ring.rotate()
    now_s[0] = 10_000
    ring.rotate()
    now_s[0] = 20_000
    ring.rotate()
    assert first.kid not in {file.stem for file in (tmp_path / "signing").iterdir()}


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Faults, row 61."""
    KeyRing(IdentityFolder(tmp_path), lambda: 0.0).rotate()
    [file] = (tmp_path / "signing").glob("*.json")
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(SecretError, match="mode 0644"):
        KeyRing(IdentityFolder(tmp_path), lambda: 0.0).turns()
