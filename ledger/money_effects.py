"""Effects by which money comes, goes and is allocated. All amounts are cents."""

from ledger.effect import Effect


class Posted(Effect, frozen=True, array_like=True, tag="posted"):
    """One posting: `amount_cents` debited to one account and credited to another."""

    debit: str
    credit: str
    amount_cents: int
    hospital_id: str
    about: str
    """transaction, deposit or balance that it belongs to"""
    memo: str = ""


class Matched(Effect, frozen=True, array_like=True, tag="matched"):
    """Money of a payment or deposit was allocated to a balance."""

    source_id: str
    balance_id: str
    amount_cents: int
    rule: str
    """the matching pass: id, reference, unique_amount, oldest_first"""
    evidence: tuple[str, ...] = ()
    score: int = 0


class Unmatched(Effect, frozen=True, array_like=True, tag="unmatched"):
    """An allocation was taken back; the balance is open again by that amount."""

    source_id: str
    balance_id: str
    amount_cents: int
    reason: str


class Suspended(Effect, frozen=True, array_like=True, tag="suspended"):
    """Money that matches nothing lies in suspense; a negative amount takes it out again."""

    source_id: str
    amount_cents: int
    reason: str


class DepositReceived(Effect, frozen=True, array_like=True, tag="deposit"):
    """Money came in without a payment of ours."""

    deposit_id: str
    hospital_id: str
    amount_cents: int
    day: str
    reference: str = ""
    trace_number: str = ""
    patient_id: str = ""
    balance_id: str = ""
