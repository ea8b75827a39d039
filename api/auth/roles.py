"""What a person of the provider may do here: the operator's table says it, from the values of one claim."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from api.auth.scopes import ROLES


class Grant(NamedTuple):
    """A role, and the hospitals that it is for; None means all."""

    role: str
    hospitals: tuple[str, ...] | None


def grants(table: Mapping[str, str]) -> dict[str, Grant]:
    """The table `value -> role` or `value -> role@H01,H02`. Raises ValueError for a role that there is not, or an empty hospital."""
    return {value: _grant(value, text) for value, text in table.items()}


def granted(claim: Any, table: Mapping[str, Grant]) -> Grant | str:
    """What the values of a claim, a text or a list of texts, come to; or why it is nothing.

    Values of one role add their hospitals up. Two roles are none: nobody both proposes and approves.
    """
    values = claim if isinstance(claim, list) else [claim]
    found = [table[value] for value in values if isinstance(value, str) and value in table]
    roles = sorted({grant.role for grant in found})
    if not roles:
        return "no role is mapped"
    if len(roles) > 1:
        return f"more than one role: {', '.join(roles)}"
    hospitals = {name for grant in found for name in grant.hospitals or ()}
    everywhere = any(grant.hospitals is None for grant in found)
    return Grant(roles[0], None if everywhere else tuple(sorted(hospitals)))


def _grant(value: str, text: str) -> Grant:
    role, limited, names = text.partition("@")
    if role not in ROLES:
        raise ValueError(f"{value}: there is no role {role}; there are {', '.join(ROLES)}")
    hospitals = tuple(sorted({name.strip() for name in names.split(",")}))
    if limited and "" in hospitals:
        raise ValueError(f"{value}: {text} names no hospital behind the @")
    return Grant(role, hospitals if limited else None)
