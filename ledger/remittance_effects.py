"""Effects of remittance advices, beyond the money that they place."""

from ledger.effect import Effect


class RemittanceAdvised(Effect, frozen=True, array_like=True, tag="advised"):
    """A payer said which bills a payment of its is for."""

    advice_id: str
    hospital_id: str
    reassociation_trace: str
    payer_id: str
    amount_cents: int
    day: str
    pays: tuple[tuple[str, int], ...]
    """(a bill's id or reference, cents)"""


class Reassociated(Effect, frozen=True, array_like=True, tag="reassociated"):
    """The money of an advice is found, whether or not it could be placed as advised."""

    advice_id: str
    deposit_id: str
