"""The facts of a payment, from its account alone."""

from msgspec.structs import replace

from ledger.account import Account, Payment
from ledger.events import DepositData, InitiatedData
from ledger.facts import Facts
from ledger.money import Cents
from ledger.payments import naming
from ledger.policy import Rail
from ledger.seal import identity
from ledger.windows import facts as window_facts

_PREAPPROVAL = "preapproval"
"""the one direction of payments that have a hold (`ledger.decide.postings`)"""
_DAY_MS = 86_400_000
_RETURN_MEMORY_MS = 90 * _DAY_MS


def of_payment(account: Account, data: InitiatedData, rail: Rail, at_ms: int) -> Facts:
    """Facts of a payment that is about to be decided at `at_ms`, its event's time; its own amount counts in the windows."""
    today = rail.business_date(at_ms)
    windows = window_facts(account.windows, at_ms, int(data.amount), data.hospital_id)
    late_since = min([item.due_date for item in account.items.values() if item.open_cents], default=today)
    horizon = at_ms - _RETURN_MEMORY_MS
    return Facts(
        event_type="payment.initiated",
        account=account.credit_reference,
        at_ms=at_ms,
        direction=data.direction,
        amount_cents=int(data.amount),
        currency=data.currency,
        hospital_id=data.hospital_id,
        patient_id=data.patient_id,
        sec_code=data.sec_code,
        reference=data.reference,
        hour=rail.local_hour(at_ms),
        is_banking_day=rail.is_banking_day(rail.local_date(at_ms)),
        account_age_days=max(0, at_ms - account.opened_at_ms) // _DAY_MS if account.opened_at_ms else 0,
        open_cents=account.open_cents(),
        open_count=len(account.open_items()),
        held_cents=sum([payment.held_cents for payment in naming(account.payments, _PREAPPROVAL) if payment.direction == _PREAPPROVAL]),
        suspense_cents=account.suspense_cents,
        days_past_due=_days_between(rail.start_of_day_ms(late_since), at_ms) if late_since < today else 0,
        first_instrument=bool(data.instrument) and identity(data.instrument) not in account.instruments,
        has_mandate=True in account.mandates.values(),
        payment_consent=account.consents.get("payments", True),
        returns_90d=sum([horizon < moment for moment in account.returns_at_ms]),
        unauthorized_returns_90d=sum([horizon < moment for moment in account.unauthorized_at_ms]),
        snoozed=_asleep(account, at_ms) if account.snoozes else (),
        **windows._asdict(),
    )


def of_later(account: Account, payment: Payment, event_type: str, rail: Rail, at_ms: int) -> Facts:
    """Facts of a payment at a later event of it, as the account stood before that event. The windows end at the event's time."""
    data = InitiatedData(
        credit_reference=account.credit_reference,
        transaction_id=payment.transaction_id,
        patient_id=payment.patient_id,
        hospital_id=payment.hospital_id,
        amount=Cents(0),
        direction="repayment",
        reference=payment.reference,
        instrument=payment.instrument,
    )
    known = _counted_before(of_payment(account, data, rail, at_ms))
    return replace(known, event_type=event_type, direction=payment.direction, amount_cents=payment.amount_cents, sec_code=payment.sec_code)


def of_deposit(account: Account, data: DepositData, rail: Rail, at_ms: int) -> Facts:
    """Facts of money that nobody announced. It has no direction, and windows count payments alone."""
    as_payment = InitiatedData(
        credit_reference=account.credit_reference,
        transaction_id=data.deposit_id,
        patient_id=data.patient_id or account.patient_id,
        hospital_id=data.hospital_id,
        amount=Cents(0),
        direction="repayment",
        reference=data.reference,
    )
    known = _counted_before(of_payment(account, as_payment, rail, at_ms))
    return replace(known, event_type="deposit.received", direction="", amount_cents=int(data.amount), sec_code="")


def _counted_before(known: Facts) -> Facts:
    """The same without the present event among the payments: it is none, or was counted when it was initiated."""
    return replace(
        known,
        count_1m=known.count_1m - 1,
        count_1h=known.count_1h - 1,
        count_1d=known.count_1d - 1,
        count_7d=known.count_7d - 1,
        count_30d=known.count_30d - 1,
        count_90d=known.count_90d - 1,
    )


def _asleep(account: Account, at_ms: int) -> tuple[str, ...]:
    return tuple([rule for rule, until_ms in account.snoozes.items() if at_ms < until_ms])


def _days_between(start_ms: int, end_ms: int) -> int:
    return max(0, (end_ms - start_ms) // _DAY_MS)
