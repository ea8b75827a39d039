"""The keys that access tokens are signed with, and their turns.

A key is published before it signs, signs until the next one does, and is still published while tokens that it signed may be around.
All of that follows from when each key was made, so that every process on the folder comes to the same answer by itself.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import msgspec
from joserfc.jwk import ECKey

from api.auth.folder import IdentityFolder, read_secret, write_secret

ALGORITHM: Final = "ES256"
PUBLISHED_S: Final = 120
"""How long a key is published before it signs: longer than anybody keeps our key set."""
OVERLAP_S: Final = 360
"""How long a key is published after another one signs: a token's longest life and a minute."""
_LOOK_S: Final = 1.0
State = Literal["coming", "signing", "leaving", "gone"]


class SigningKey(msgspec.Struct, frozen=True):
    """A private key, its id, and the Unix second at which it was made."""

    kid: str
    made_s: int
    jwk: dict[str, str | list[str]]

    def key(self) -> ECKey:
        """The key itself."""
        return ECKey.import_key(self.jwk)


class Turn(NamedTuple):
    """A key and what it does now; `until_s` is when that ends, 0 when nothing ends it yet."""

    key: SigningKey
    state: State
    until_s: int = 0


def turns(keys: Sequence[SigningKey], now_s: float) -> tuple[Turn, ...]:
    """What each key does at this moment, the oldest first. The first key ever signs at once: nobody holds an older set."""
    ordered = sorted(keys, key=lambda key: (key.made_s, key.kid))
    begins = [key.made_s + (PUBLISHED_S if number else 0) for number, key in enumerate(ordered)]
    return tuple(_turn(key, begins[number], [*begins, 0][number + 1], now_s) for number, key in enumerate(ordered))


def _turn(key: SigningKey, begins_s: int, next_s: int, now_s: float) -> Turn:
    if now_s < begins_s:
        return Turn(key, "coming", begins_s)
    if not next_s or now_s < next_s:
        return Turn(key, "signing", next_s)
    if now_s < next_s + OVERLAP_S:
        return Turn(key, "leaving", next_s + OVERLAP_S)
    return Turn(key, "gone")


class KeyRing:
    """The keys of a folder, looked at again every second. `now_s` is the clock."""

    def __init__(self, folder: IdentityFolder, now_s: Callable[[], float]) -> None:
        self._folder = folder.signing
        self._now_s = now_s
        self._looked_s = float("-inf")
        self._turns: tuple[Turn, ...] = ()
        self._public: dict[str, ECKey] = {}
        self._signer: tuple[str, ECKey] | None = None

    def turns(self) -> tuple[Turn, ...]:
        """What each key does now."""
        now_s = self._now_s()
        if not 0 <= now_s - self._looked_s < _LOOK_S:
            self._look(now_s)
        return self._turns

    def signer(self) -> tuple[str, ECKey]:
        """Id and key that sign now. Raises LookupError when there is no key."""
        self.turns()
        if self._signer is None:
            raise LookupError("there is no signing key; `hms-ach pki init` makes one")
        return self._signer

    def public(self, kid: str) -> ECKey | None:
        """The published key of this id."""
        self.turns()
        return self._public.get(kid)

    def published(self) -> list[dict[str, object]]:
        """The key set for everybody, without private parts."""
        self.turns()
        return [{**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHM} for kid, key in self._public.items()]

    def rotate(self) -> SigningKey:
        """Add a key, which signs when it has been published for a while, and drop those that are gone. The new one comes back."""
        known = self.turns()
        now_s = max([int(self._now_s()), *(turn.key.made_s + 1 for turn in known)])  # two of one second would have no order
        for turn in known:
            if turn.state == "gone":
                (self._folder / f"{turn.key.kid}.json").unlink(missing_ok=True)
        jwk = ECKey.generate_key("P-256").as_dict(private=True)
        made = SigningKey(secrets.token_urlsafe(12), now_s, {name: str(value) for name, value in jwk.items() if name in _PARTS})
        write_secret(self._folder / f"{made.kid}.json", msgspec.json.encode(made))
        self._looked_s = float("-inf")
        return made

    def _look(self, now_s: float) -> None:
        files = sorted(self._folder.glob("*.json"))
        known = {turn.key.kid: turn.key for turn in self._turns}
        keys = [known.get(file.stem) or msgspec.json.decode(read_secret(file), type=SigningKey) for file in files]
        self._turns = turns(keys, now_s)
        self._looked_s = now_s
        live = {turn.key.kid: turn for turn in self._turns if turn.state != "gone"}
        if live.keys() != self._public.keys():
            self._public = {kid: ECKey.import_key(turn.key.key().as_dict(private=False)) for kid, turn in live.items()}
        signing = next((turn.key for turn in self._turns if turn.state == "signing"), None)
        if signing is not None and (self._signer is None or self._signer[0] != signing.kid):
            self._signer = (signing.kid, signing.key())


_PARTS: Final = frozenset({"kty", "crv", "x", "y", "d"})
