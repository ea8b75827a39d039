"""The folds of what a patient agreed to, and of what is left of it once the patient's data is erased."""

from collections.abc import Callable
from sys import intern
from typing import Any

from msgspec.structs import replace

from ledger import effects as fx
from ledger.account import PURPOSES, Account


def _consent(account: Account, effect: fx.ConsentChanged, at_ms: int) -> Account:
    consents = {**account.consents, effect.purpose: effect.granted}
    contacts = account.contacts
    if effect.contact or effect.purpose in contacts:  # a consent that was withdrawn, or given anew without one, has no contact
        contacts = {purpose: contact for purpose, contact in contacts.items() if purpose != effect.purpose}
        if effect.contact and effect.granted:
            contacts[effect.purpose] = effect.contact
    return replace(account, consents=consents, contacts=contacts, opened_at_ms=account.opened_at_ms or at_ms)


def _mandate(account: Account, effect: fx.MandateGranted, at_ms: int) -> Account:
    mandates = {**account.mandates, effect.mandate_id: True}
    return replace(
        account,
        mandates=mandates,
        patient_id=account.patient_id or effect.patient_id,
        opened_at_ms=account.opened_at_ms or at_ms,
    )


def _mandate_revoked(account: Account, effect: fx.MandateRevoked, _: int) -> Account:
    return replace(account, mandates={**account.mandates, effect.mandate_id: False})


def _subject_erased(account: Account, effect: fx.SubjectErased, _: int) -> Account:
    """Nothing may begin any more: consents and mandates are void, contacts and known instruments are forgotten."""
    return replace(
        account,
        privacy=intern(effect.state),
        consents=dict.fromkeys(PURPOSES, False),
        mandates=dict.fromkeys(account.mandates, False),
        contacts={},
        instruments=(),
    )


def _subject_held(account: Account, effect: fx.SubjectHeld, _: int) -> Account:
    return replace(account, legal_hold=effect.held)


FOLDS: dict[type, Callable[[Account, Any, int], Account]] = {
    fx.ConsentChanged: _consent,
    fx.MandateGranted: _mandate,
    fx.MandateRevoked: _mandate_revoked,
    fx.SubjectErased: _subject_erased,
    fx.SubjectHeld: _subject_held,
}
