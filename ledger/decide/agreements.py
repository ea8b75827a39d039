"""Decisions on consents and mandates."""

from ledger.account import Account
from ledger.decide import bars, retry, subjects, withdrawn
from ledger.decide.context import Context
from ledger.effects import AnyEffect, ConsentChanged, MandateGranted, MandateRevoked, Refused
from ledger.events import ConsentChanged as ConsentEvent
from ledger.events import MandateGranted as GrantedEvent
from ledger.events import MandateRevoked as RevokedEvent
from ledger.evolve import evolve
from ledger.refusal import Refusal


def consent_changed(account: Account, event: ConsentEvent, _: Context) -> list[AnyEffect]:
    """Consent for one purpose; a repeat of what holds already is a duplicate. A new number or address is something new.

    With the consent to payments go the debits that are not yet with the bank.
    """
    data = event.data
    if account.consents.get(data.purpose) is data.granted and data.contact in {"", account.contacts.get(data.purpose)}:
        return [Refused(Refusal.DUPLICATE, data.purpose)]
    if account.privacy and data.granted:
        return subjects.barred(account, data.purpose)
    changed = ConsentChanged(data.purpose, data.granted, data.version, data.jurisdiction, data.contact)
    if data.purpose == "payments" and not data.granted:
        return [changed, *withdrawn.debits(account, "consent withdrawn")]
    return [changed]


def mandate_granted(account: Account, event: GrantedEvent, context: Context) -> list[AnyEffect]:
    """A new authorization. A revoked one stays revoked: Nacha asks for a new authorization, which has a new id.

    It lifts what unauthorized returns have barred; a stopped payment (R08) is presented again when it is named.
    """
    data = event.data
    in_force = account.mandates.get(data.mandate_id)
    if in_force is not None:
        return [Refused(Refusal.DUPLICATE if in_force else Refusal.MANDATE_REVOKED, data.mandate_id)]
    if account.privacy:
        return subjects.barred(account, data.mandate_id)
    granted = MandateGranted(data.mandate_id, data.patient_id, data.sec_code)
    effects: list[AnyEffect] = [granted, *bars.lifted_by_mandate(account)] if account.bars else [granted]
    if data.reauthorizes:
        for effect in effects:
            account = evolve(account, effect, context.at_ms)
        effects += retry.reauthorized(account, data.reauthorizes, context)
    return effects


def mandate_revoked(account: Account, event: RevokedEvent, _: Context) -> list[AnyEffect]:
    """An authorization ends; with the last one in force go the debits that are not yet with the bank, retries when they fall due."""
    data = event.data
    in_force = account.mandates.get(data.mandate_id)
    if in_force is None:
        return [Refused(Refusal.UNKNOWN_MANDATE, data.mandate_id)]
    if not in_force:
        return [Refused(Refusal.DUPLICATE, data.mandate_id)]
    revoked = MandateRevoked(data.mandate_id, data.reason)
    if any(others for name, others in account.mandates.items() if name != data.mandate_id):
        return [revoked]
    return [revoked, *withdrawn.debits(account, "mandate revoked")]
