"""Whoever asks: a client, a person, or nobody yet."""

from typing import Final, Literal, NamedTuple

from api.auth.scopes import EVERYTHING, Scope

Kind = Literal["client", "person", "nobody"]


class Principal(NamedTuple):
    """Who asks, and what they may. `hospitals` None means all of them. `name` goes on record with everything that is done."""

    kind: Kind
    name: str
    scopes: frozenset[Scope]
    hospitals: frozenset[str] | None = None
    role: str = ""
    csrf: str = ""

    @property
    def subject(self) -> str:
        """The same for the same client or person for ever; idempotency keys belong to it, and a checker's differs from the maker's."""
        return f"person:{self.name}" if self.kind == "person" else self.name

    def sees(self, hospital_id: str) -> bool:
        """Whether what belongs to this hospital may be shown. What belongs to none is for those alone who may see all."""
        return self.hospitals is None or hospital_id in self.hospitals


LOCAL: Final = Principal("client", "local", EVERYTHING)
"""Everybody, while authentication is off: then only this machine can ask."""
NOBODY: Final = Principal("nobody", "nobody", frozenset(), frozenset())
