"""Effects that ask for something outside the ledger: an ACH entry, a word to CREDIT, the patient or a hospital's billing system."""

from ledger.effect import Effect


class CreditApplied(Effect, frozen=True, array_like=True, tag="credit-applied"):
    """A pre-approved credit stands on the hospital's account, for its billing system."""

    transaction_id: str
    hospital_id: str
    patient_id: str
    amount_cents: int


class EntryDue(Effect, frozen=True, array_like=True, tag="entry-due"):
    """An ACH entry is to be sent. `description` is the company entry description."""

    transaction_id: str
    attempt: int
    side: str
    """credit or debit, as the receiver sees it"""
    amount_cents: int
    sec_code: str
    description: str
    hospital_id: str
    patient_id: str = ""
    instrument: str = ""


class WebhookDue(Effect, frozen=True, array_like=True, tag="webhook"):
    """CREDIT is to be told: what settled, what is still open, and what needs attention."""

    transaction_id: str
    status: str
    settlement_cents: int
    balance_cents: int
    exceptions: tuple[tuple[str, str, str, int], ...] = ()
    """(code, reason, error_code, retry at in ms or 0)"""


class NotificationDue(Effect, frozen=True, array_like=True, tag="notify"):
    """The patient is to be told; consent was checked for this channel."""

    template: str
    channel: str
    transaction_id: str
    patient_id: str
    amount_cents: int
    at_ms: int = 0
    hospital_id: str = ""
    """whose clock says when it is night"""
    contact: str = ""
    """where to, sealed; empty when the consent named no number or address"""
