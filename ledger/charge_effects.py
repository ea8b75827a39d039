"""Effects by which a rule book charges: what is owed more, or no longer, beside what CREDIT opened."""

from ledger.effect import Effect


class Charged(Effect, frozen=True, array_like=True, tag="charged"):
    """A fee or interest is owed: a balance of its own, which money pays in the order of the rule book."""

    balance_id: str
    component: str
    """fees or interest"""
    name: str
    """late-fee, interest, return-fee, or a fee's name in the book"""
    parent_id: str
    """the balance it belongs to; empty for a fee on a payment that names none"""
    about: str
    """payment or balance that it was charged for"""
    amount_cents: int
    hospital_id: str
    patient_id: str
    due_date: str
    policy: str
    """version of the rule book in force"""
    explanation: str


class ChargeWaived(Effect, frozen=True, array_like=True, tag="charge-waived"):
    """What is still open of a charge is no longer owed."""

    balance_id: str
    waived_cents: int
    reason: str


class Accruing(Effect, frozen=True, array_like=True, tag="accruing"):
    """How far a balance has borne interest, and when the clock looks at it again (0: not before something changes)."""

    balance_id: str
    since: str
    accrued_to: str
    pending_cents: int
    due_ms: int


class Recast(Effect, frozen=True, array_like=True, tag="recast"):
    """An instalment's amount changed, after a part or early payment; what is owed on the whole plan stays the same."""

    balance_id: str
    plan_id: str
    change_cents: int
    policy: str
