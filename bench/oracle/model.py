"""A second, naive ledger: decimals, one payment after the other, no effects. It says how each payment must stand and what is open.

It knows the load of the chaos run, not every rule of the ledger: payments up to $10,000 with an authorization are approved, larger
ones held, those above $50,000 declined, and no credit is promised to an account 60 days past due. Nothing is charged: the run's rule
book is the one that ships, which has no fees and no interest. Ticks are believed, but only as far as the clock may move a payment.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

HOLD_ABOVE: Final = Decimal(10_000)
DECLINE_ABOVE: Final = Decimal(50_000)
PARKED_MAX: Final = 100
PAST_DUE: Final = timedelta(days=61)
POSTED, REFUSED = "posted", "refused"
_BANK = ZoneInfo("America/New_York")
_PENDING = frozenset({"approved", "submitted", "retry_scheduled"})
_DONE = frozenset({"settled", "completed"})
_BACK = frozenset({"returned", "charged_back", "retry_scheduled"})
_RETRIED = frozenset({"R01", "R09"})
_NO_ACCOUNT = "R03"
TICKS: Final = {
    "settled": {"settled", "completed"},
    "retry_scheduled": {"approved", "returned"},
    "approved": {"approved"},
    "submitted": {"submitted"},
}
"""Where a tick may move a payment."""


@dataclass
class Owed:
    """A balance: what is open, and what names it."""

    balance_id: str
    reference: str
    due: str
    original: Decimal
    open: Decimal


@dataclass
class Paying:
    """A payment or deposit, and where its money went."""

    direction: str
    amount: Decimal
    reference: str
    balance_id: str
    status: str
    asked_at: datetime
    parts: list[tuple[Owed, Decimal]] = field(default_factory=list)
    suspended: Decimal = Decimal(0)
    settled_on: str = ""
    returns: int = 0


@dataclass
class Naive:
    """One account. `take` answers posted or refused for each event, in the order of the journal."""

    owed: dict[str, Owed] = field(default_factory=dict)
    payments: dict[str, Paying] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    deposits: dict[str, Decimal] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    """deposits that pay nothing yet"""
    mandates: set[str] = field(default_factory=set)
    consents: dict[str, bool] = field(default_factory=dict)
    parked: list[dict[str, Any]] = field(default_factory=list)
    windows: set[str] = field(default_factory=set)
    closed: list[datetime] = field(default_factory=list)
    """when the patient's bank account could not be found: until somebody signs for another, or a later debit stands"""

    @property
    def suspense(self) -> Decimal:
        """Money that pays nothing known."""
        return sum((paying.suspended for paying in self.payments.values()), Decimal(0)) + sum(self.deposits.values(), Decimal(0))

    def take(self, event: dict[str, Any]) -> str:
        """What must become of an event."""
        step = getattr(self, "_" + event["type"].rpartition(".v1")[0].replace(".", "_"))
        taken: bool = step(event["data"], event)
        return POSTED if taken else REFUSED

    def tick(self, transaction_id: str, status: str) -> bool:
        """Whether the clock may move this payment there; if so, it does."""
        paying = self.payments[transaction_id]
        expired = (paying.direction, paying.status, status) == ("preapproval", "approved", "canceled")
        allowed = expired or status in TICKS.get(paying.status, set())
        paying.status = status
        if status == "completed" and paying.direction == "repayment":
            self.closed = [at for at in self.closed if paying.asked_at <= at]
        return allowed

    def _balance_opened(self, data: dict[str, Any], _: object) -> bool:
        if data["balance_id"] in self.owed:
            return False
        amount = Decimal(data["amount"])
        self.owed[data["balance_id"]] = Owed(data["balance_id"], data.get("reference", ""), data["due_date"], amount, amount)
        self._look_again()
        return True

    def _mandate_granted(self, data: dict[str, Any], _: object) -> bool:
        known = data["mandate_id"] in self.mandates
        self.mandates.add(data["mandate_id"])
        self.closed = self.closed if known else []
        return not known

    def _consent_changed(self, data: dict[str, Any], _: object) -> bool:
        known = self.consents.get(data["purpose"]) == data["granted"]
        self.consents[data["purpose"]] = data["granted"]
        return not known

    def _payment_initiated(self, data: dict[str, Any], event: dict[str, Any]) -> bool:
        identity, name = data["transaction_id"], data.get("client_reference", "")
        if identity in self.payments or name in self.names:
            return False
        if name:
            self.names.add(name)
        amount = Decimal(data["amount"])
        status = self._verdict(data["direction"], amount, event["time"])
        named = data.get("reference", ""), data.get("balance_id", "")
        self.payments[identity] = Paying(data["direction"], amount, *named, status, datetime.fromisoformat(event["time"]))
        waiting = [early for early in self.parked if early["data"]["transaction_id"] == identity]
        self.parked = [early for early in self.parked if early["data"]["transaction_id"] != identity]
        for early in waiting:
            self.take({**early, "time": event["time"]})
        return True

    def _verdict(self, direction: str, amount: Decimal, time: str) -> str:
        if amount > DECLINE_ABOVE:
            return "declined"
        unauthorized = direction == "repayment" and (not self.mandates or self.closed)
        late = direction == "preapproval" and self._past_due(datetime.fromisoformat(time))
        return "held" if amount > HOLD_ABOVE or unauthorized or late else "approved"

    def _past_due(self, now: datetime) -> bool:
        """Whether something open was due more than 60 whole days ago, counted from midnight at the bank."""
        due = [datetime.fromisoformat(owed.due).replace(tzinfo=_BANK) for owed in self.owed.values() if owed.open]
        return bool(due) and now.timestamp() - min(due).timestamp() >= PAST_DUE.total_seconds()

    def _payment_reviewed(self, data: dict[str, Any], _: object) -> bool:
        paying = self.payments.get(data["transaction_id"])
        if paying is None or paying.status != "held":
            return False
        paying.status = "approved" if data["verdict"] == "approve" else "declined"
        return True

    def _window_exceeded(self, data: dict[str, Any], _: object) -> bool:
        """What the windows tell of a payment moves nothing; each window counts once."""
        if data["window_id"] in self.windows or data["transaction_id"] not in self.payments:
            return False
        self.windows.add(data["window_id"])
        return True

    def _payment_canceled(self, data: dict[str, Any], _: object) -> bool:
        return self._move(data, frozenset({"held", "approved", "retry_scheduled"}), "canceled")

    def _payment_submitted(self, data: dict[str, Any], event: dict[str, Any]) -> bool:
        return self._park(data, event) or self._move(data, frozenset({"approved", "retry_scheduled"}), "submitted")

    def _payment_failed(self, data: dict[str, Any], event: dict[str, Any]) -> bool:
        return self._park(data, event) or self._move(data, _PENDING, "failed")

    def _payment_settled(self, data: dict[str, Any], event: dict[str, Any]) -> bool:
        if self._park(data, event):
            return True
        paying = self.payments.get(data["transaction_id"])
        if paying is None or paying.status not in _PENDING or paying.amount != Decimal(data["amount"]):
            return False
        paying.status = "settled"
        if paying.direction == "repayment":
            reference = data.get("reference") or paying.reference
            paying.parts, paying.suspended = self._spread(paying.amount, reference, paying.balance_id)
            paying.settled_on = data["settlement_date"]
        return True

    def _payment_returned(self, data: dict[str, Any], event: dict[str, Any]) -> bool:
        if self._park(data, event):
            return True
        paying = self.payments.get(data["transaction_id"])
        if paying is None or paying.status not in {"approved", "submitted", *_DONE} or paying.amount != Decimal(data["amount"]):
            return False
        for owed, part in paying.parts:
            owed.open += part
        paying.parts, paying.suspended = [], Decimal(0)
        paying.returns += 1
        again = data["return_code"] in _RETRIED and paying.direction == "repayment"
        paying.status = "retry_scheduled" if again else "returned"
        if data["return_code"] == _NO_ACCOUNT and paying.direction == "repayment":
            self.closed.append(datetime.fromisoformat(event["time"]))
            self._withdraw(paying)
        return True

    def _withdraw(self, returned: Paying) -> None:
        """Debits that wait for a cut do not go to an account that cannot be found."""
        for paying in self.payments.values():
            if paying is not returned and (paying.direction, paying.status) == ("repayment", "approved"):
                paying.status = "canceled"

    def _deposit_received(self, data: dict[str, Any], _: object) -> bool:
        if data["deposit_id"] in self.deposits:
            return False
        amount = Decimal(data["amount"])
        self.deposits[data["deposit_id"]] = amount
        self.waiting.append(data)
        self._look_again()
        return True

    def _look_again(self) -> None:
        """What is left of repayments, and deposits of which nothing has a place yet, once more: by settlement date.

        A load is shorter than the window of any of them.
        """
        for _, paying in sorted(self.payments.items(), key=lambda each: (each[1].settled_on, each[0])):
            if paying.suspended:
                parts, paying.suspended = self._spread(paying.suspended, paying.reference, paying.balance_id)
                paying.parts += parts
        self.waiting.sort(key=lambda data: (data["settlement_date"], data["deposit_id"]))
        for data in self.waiting:
            amount = self.deposits[data["deposit_id"]]
            left = self._place(amount, data.get("reference", ""), data.get("balance_id", ""))
            if left != amount:
                self.deposits[data["deposit_id"]] = left
                self.waiting.remove(data)
                self._look_again()
                break

    def _place(self, amount: Decimal, reference: str, balance_id: str) -> Decimal:
        """Money that nobody announced pays the balance that it names, or the only one of its amount; the rest of it waits for a person."""
        still = [owed for owed in self.owed.values() if owed.open]
        named = [owed for owed in still if owed.balance_id == balance_id or (reference and owed.reference == reference)]
        same = [] if reference or balance_id else [owed for owed in still if owed.open == amount]
        for owed in named if len(named) == 1 else same if len(same) == 1 else []:
            part = min(amount, owed.open)
            owed.open -= part
            amount -= part
        return amount

    def _park(self, data: dict[str, Any], event: dict[str, Any]) -> bool:
        """Keep a bank's event whose payment has not come; the same once more is none, and what is too much is refused."""
        known = data["transaction_id"] in self.payments or any(waiting["data"] == data for waiting in self.parked)
        if known or len(self.parked) == PARKED_MAX:
            return False
        self.parked.append(event)
        return True

    def _move(self, data: dict[str, Any], before: frozenset[str], after: str) -> bool:
        paying = self.payments.get(data["transaction_id"])
        if paying is None or paying.status not in before:
            return False
        paying.status = after
        return True

    def _spread(self, amount: Decimal, reference: str, balance_id: str) -> tuple[list[tuple[Owed, Decimal]], Decimal]:
        """The named balance first, or the only one of this amount; then the oldest. What is left is suspense."""
        still = [owed for owed in self.owed.values() if owed.open]
        named = [owed for owed in still if owed.balance_id == balance_id or (reference and owed.reference == reference)]
        same = [owed for owed in still if owed.open == amount]
        first = named or (same if len(same) == 1 else [])
        order = [*first, *sorted((owed for owed in still if owed not in first), key=lambda owed: owed.due)]
        parts = []
        for owed in order:
            part = min(amount, owed.open)
            if part:
                owed.open -= part
                amount -= part
                parts.append((owed, part))
        return parts, amount
