"""Effects on bank events that came before their payment."""

from ledger.effect import Effect


class Parked(Effect, frozen=True, array_like=True, tag="parked"):
    """A bank event came before its payment: kept, in its own JSON, until the payment comes or the time is up."""

    transaction_id: str
    event: str
    until_ms: int
    amount_cents: int = 0


class Unparked(Effect, frozen=True, array_like=True, tag="unparked"):
    """All parked events of a payment were taken out: applied, or given up."""

    transaction_id: str
    how: str
