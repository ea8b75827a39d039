"""Personal data at the edge: what comes in is sealed before it goes to Kafka, what is refused is named without being repeated."""

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple

from ach.routing import is_routing_number
from api.models.payment import InitiateRequest
from api.problems import Finding, Kind, Problem
from journal.keys.house import SUBJECT as HOUSE
from journal.keys.house import House
from journal.keys.masters import KeyAccessError, Masters
from journal.keys.sealer import Sealer, Unopened
from journal.keys.store import SubjectErasedError
from ledger import bank_account
from ledger.bank_account import EVENT, FIELD, BankAccount
from ledger.seal import context, header_of, subject_of, why_not

_SEALED: Final = "#/instrument"
_PLAIN: Final = "#/bank_account"


class Sealed(NamedTuple):
    """A request that holds nothing in the clear, and what its instrument counts as when requests are compared."""

    request: InitiateRequest
    instrument: str


class Personal:
    """What this process does with keys. `house` opens what was sealed to the published key."""

    def __init__(self, sealer: Sealer, house: Callable[[], House], masters: Masters) -> None:
        self.sealer = sealer
        self._house = house
        self._masters = masters

    async def sealed(self, request: InitiateRequest) -> Sealed:
        """The request with its instrument under the person's own key. Raises Problem where it cannot be, or may not.

        An account in the clear counts as its keyed digest: a hash of it could be guessed, for account numbers are short.
        """
        if request.bank_account is None and not request.instrument:
            return Sealed(request, "")
        patient = request.patient_id
        if request.bank_account is not None:
            if request.instrument:
                raise _refused("send it sealed or in the clear, not both", _PLAIN)
            return await self._under_own_key(request, BankAccount(**request.bank_account.model_dump()), _PLAIN)
        header = header_of(request.instrument)
        if header is not None and subject_of(header.kid) == HOUSE:
            plain = self._opened(request.instrument, patient)
            found = bank_account.decode(plain) if plain is not None else None
            if found is None:
                raise _refused("cannot be opened, or is no bank account", _SEALED)
            return await self._under_own_key(request, found, _SEALED)
        why = why_not(request.instrument, EVENT, FIELD, patient)
        if not why and header is not None:
            opened = self._checked(request.instrument, patient)
            why = opened.value if isinstance(opened, Unopened) else "" if bank_account.decode(opened) else "is no bank account"
        if why:
            raise _refused(why, _SEALED)
        return Sealed(request, request.instrument)

    async def public_key(self, patient: str) -> dict[str, str]:
        """The key to which others seal a person's fields; made when there is none. Raises Problem."""
        await self._have_key(patient)
        return self.sealer.public_key(patient)

    def house_key(self) -> dict[str, str]:
        """The key to which anybody may seal before the person's own is known."""
        try:
            return self._house().public_key()
        except KeyAccessError as error:
            raise _no_keys() from error

    def opened(self, sealed: str, event: str, field: str, patient: str) -> bytes:
        """A field in the clear. Raises Problem (409) where that is no longer possible."""
        try:
            plain = self.sealer.open(sealed, event, field, patient)
        except KeyAccessError as error:
            raise _no_keys() from error
        if isinstance(plain, Unopened):
            raise Problem(Kind.CHANGE_REFUSED, f"It cannot be shown: {plain.value}.")
        return plain

    async def _under_own_key(self, request: InitiateRequest, account: BankAccount, where: str) -> Sealed:
        if not is_routing_number(account.routing_number):
            raise _refused("the routing number's check digit is wrong", where)
        await self._have_key(request.patient_id)
        sealed = self.sealer.seal(request.patient_id, EVENT, FIELD, bank_account.encode(account))
        header = header_of(sealed)
        assert header is not None, "what was just sealed has a header"
        return Sealed(request.model_copy(update={"instrument": sealed, "bank_account": None}), header.fp)

    async def _have_key(self, patient: str) -> None:
        """Make the person's first key when there is none; it waits for Kafka, so not in the event loop."""
        try:
            if self.sealer.store.newest(patient) is None:
                await asyncio.to_thread(self.sealer.store.make, patient)
        except SubjectErasedError as error:
            raise Problem(Kind.REFUSED, "The person's data were erased; nothing is sealed for them any more.") from error
        except KeyAccessError as error:
            raise _no_keys() from error

    def _opened(self, sealed: str, patient: str) -> bytes | None:
        try:
            return self._house().open(self._masters, sealed, context(EVENT, FIELD, patient))
        except KeyAccessError as error:
            raise _no_keys() from error

    def _checked(self, sealed: str, patient: str) -> bytes | Unopened:
        try:
            return self.sealer.open(sealed, EVENT, FIELD, patient)
        except KeyAccessError as error:
            raise _no_keys() from error


def _refused(why: str, pointer: str) -> Problem:
    return Problem(Kind.INVALID, "1 thing is wrong; see errors.", errors=[Finding(detail=why, pointer=pointer)])


def _no_keys() -> Problem:
    detail = "The keys of personal data are not at hand. Nothing was recorded; repeat the request."
    return Problem(Kind.BROKER_UNAVAILABLE, detail, headers={"Retry-After": "5"})
