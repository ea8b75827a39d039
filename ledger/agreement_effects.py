"""Effects on what the patient agreed to: consents and mandates."""

from ledger.effect import Effect


class ConsentChanged(Effect, frozen=True, array_like=True, tag="consent"):
    """Consent for one purpose was given or withdrawn."""

    purpose: str
    granted: bool
    version: str = ""
    jurisdiction: str = ""
    contact: str = ""
    """the number or address that it is for, sealed"""


class MandateGranted(Effect, frozen=True, array_like=True, tag="mandate"):
    """Debits are authorized."""

    mandate_id: str
    patient_id: str
    sec_code: str


class MandateRevoked(Effect, frozen=True, array_like=True, tag="mandate-revoked"):
    """Debits are no longer authorized."""

    mandate_id: str
    reason: str = ""
