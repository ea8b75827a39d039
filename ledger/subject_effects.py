"""Effects on what may be done with a person's data in one account."""

from ledger.effect import Effect


class SubjectErased(Effect, frozen=True, array_like=True, tag="subject-erased"):
    """The account's person is erased; `restricted` while an open payment puts that off: then nothing new begins meanwhile."""

    patient_id: str
    state: str
    """`erased` or `restricted`"""
    by: str
    ticket: str = ""


class SubjectHeld(Effect, frozen=True, array_like=True, tag="subject-held"):
    """A legal hold began or ended."""

    patient_id: str
    held: bool
    by: str
    ticket: str = ""


class SubjectRevealed(Effect, frozen=True, array_like=True, tag="subject-revealed"):
    """Somebody was shown a sealed field."""

    patient_id: str
    field: str
    transaction_id: str
    purpose: str
    by: str
    ticket: str = ""
