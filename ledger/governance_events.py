"""Events that change what later decisions stand on. They go to every partition, by number."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.envelope import Envelope, OptionalToken, Token

Phase = Literal["shadow", "assisted", "live", "paused", "debits_held"]


class PolicyData(Struct, frozen=True, kw_only=True):
    """A rule book comes into force in the partition that reads this."""

    version: Token
    text: Annotated[str, Meta(max_length=500_000)]
    activated_by: OptionalToken = ""


class ShadowData(Struct, frozen=True, kw_only=True):
    """A candidate book runs beside the one in force and only reports; an empty text ends it."""

    text: Annotated[str, Meta(max_length=500_000)]
    shadowed_by: OptionalToken = ""


class RolloutData(Struct, frozen=True, kw_only=True):
    """A hospital enters a phase of its rollout. Without any event it is live."""

    hospital_id: Token
    phase: Phase
    changed_by: OptionalToken = ""


class PolicyActivated(Envelope, frozen=True, kw_only=True, tag="policy.activated.v1"):
    data: PolicyData


class PolicyShadowed(Envelope, frozen=True, kw_only=True, tag="policy.shadowed.v1"):
    data: ShadowData


class RolloutChanged(Envelope, frozen=True, kw_only=True, tag="rollout.changed.v1"):
    data: RolloutData


GovernanceEvent = PolicyActivated | PolicyShadowed | RolloutChanged
"""What decisions stand on changes: it is sent to every partition."""
