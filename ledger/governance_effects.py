"""Effects that change what later decisions stand on, and what a shadow says beside them."""

from ledger.effect import Effect


class PolicyActivated(Effect, frozen=True, array_like=True, tag="policy"):
    """A rule book is in force in this partition."""

    version: str
    text: str
    activated_by: str = ""


class PolicyShadowed(Effect, frozen=True, array_like=True, tag="shadow"):
    """A candidate book runs beside the one in force from here on; without version and text none does."""

    version: str = ""
    text: str = ""
    shadowed_by: str = ""


class ShadowDiffered(Effect, frozen=True, array_like=True, tag="shadow-differed"):
    """The candidate book would have decided a payment otherwise, or alerted otherwise on a later event. Nothing follows from it."""

    transaction_id: str
    """or the deposit"""
    policy: str
    """version of the candidate"""
    outcome: str
    """the candidate's, of `ledger.policy.OUTCOMES`; on a later event its loudest alert, such as `alert high`, or `no alert`"""
    recorded: str
    """the same of the book in force"""
    explanation: str
    amount_cents: int
    hospital_id: str


class RolloutChanged(Effect, frozen=True, array_like=True, tag="rollout"):
    """A hospital is in this phase of its rollout."""

    hospital_id: str
    phase: str
    changed_by: str = ""
