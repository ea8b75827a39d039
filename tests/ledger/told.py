"""Effects and accounts in words, as the tables tell them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from ledger import effects as fx
from ledger.account import Account
from ledger.money import money
from tests.ledger.sentences import FEES
from tests.ledger.words import YEAR

_SHORT = {
    "patient_receivable": "receivable",
    "hospital_payable": "payable",
    "ach_in_transit": "transit",
    "returned_items": "returned",
    "matching_differences": "differences",
}


def effects(found: Iterable[fx.AnyEffect]) -> list[str]:
    """One line for each effect."""
    return [_named(_EFFECTS[type(effect)](effect)) for effect in found]


def account(state: Account) -> list[str]:
    """Payments by status, balances by what is open, and whatever else is not nothing; a dash when all is."""
    lines = [f"{payment.transaction_id} {payment.status}" for payment in state.payments.values()]
    lines += [f"{item.balance_id} {money(item.open_cents)}" for item in state.items.values()]
    held = sum(payment.held_cents for payment in state.payments.values())
    transit = sum(payment.in_transit_cents for payment in state.payments.values())
    for name, cents in (("hold", held), ("transit", transit), ("suspense", state.suspense_cents)):
        if cents:
            lines.append(f"{name} {money(cents)}")
    return [_named(line) for line in lines] or ["-"]


def when(at_ms: int) -> str:
    """`03-02 10:00` in UTC."""
    text = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)).strftime("%Y-%m-%d %H:%M")
    return text.removeprefix(f"{YEAR}-")


def _named(line: str) -> str:
    """The payment that collects the fee for T1's return is FEE-T1."""
    for identity, name in FEES.items():
        line = line.replace(identity, name)
    return line


def _moved(effect: fx.Moved) -> str:
    code = effect.code if effect.code != effect.status else ""
    reason = f"({effect.reason})" if effect.reason not in {"", code} else ""
    return _line(f"{effect.transaction_id} {effect.status}", code, reason)


def _decided(effect: fx.Decided) -> str:
    return _line(f"{effect.transaction_id} {effect.status}", "by " + (effect.reviewer or effect.policy), effect.reason)


def _posted(effect: fx.Posted) -> str:
    debit, credit = (_SHORT.get(name, name) for name in (effect.debit, effect.credit))
    return f"Dr {debit} Cr {credit} {money(effect.amount_cents)}"


def _suspended(effect: fx.Suspended) -> str:
    return f"suspense {'+' if effect.amount_cents > 0 else ''}{money(effect.amount_cents)}"


def _webhook(effect: fx.WebhookDue) -> str:
    problems = [_line(code, error, "retry " + when(retry_ms)[:5] if retry_ms else "") for code, _, error, retry_ms in effect.exceptions]
    told = f"webhook {effect.status} {money(effect.settlement_cents)}, open {money(effect.balance_cents)}"
    return told + "".join(f", {problem}" for problem in problems)


def _entry(effect: fx.EntryDue) -> str:
    return f"{effect.side} entry {effect.attempt} {effect.sec_code} '{effect.description}' {money(effect.amount_cents)}"


def _accruing(effect: fx.Accruing) -> str:
    """`looks at B1 on 04-12` is the clock's next look; interest that is counted and not posted yet is told with its day."""
    to = f"interest to {effect.accrued_to[5:]} {money(effect.pending_cents)}" if effect.pending_cents else ""
    return _line(f"{effect.balance_id}:", to, f"look {when(effect.due_ms)}" if effect.due_ms else "no look")


def _line(*words: str) -> str:
    return " ".join(word for word in words if word)


_EFFECTS: dict[type, Callable[[Any], str]] = {
    fx.Refused: lambda e: f"refused {e.reason}",
    fx.DeadLettered: lambda e: f"dead letter {e.code}",
    fx.BalanceOpened: lambda e: f"owes {e.balance_id} {money(e.amount_cents)}",
    fx.PaymentInitiated: lambda e: f"{e.direction} {e.transaction_id} {money(e.amount_cents)}",
    fx.Decided: _decided,
    fx.Moved: _moved,
    fx.Posted: _posted,
    fx.Matched: lambda e: f"{e.source_id} pays {e.balance_id} {money(e.amount_cents)} by {e.rule}",
    fx.Unmatched: lambda e: f"{e.balance_id} owed again {money(e.amount_cents)}",
    fx.Suspended: _suspended,
    fx.DepositReceived: lambda e: f"deposit {e.deposit_id} {money(e.amount_cents)}",
    fx.ExceptionOpened: lambda e: f"exception {e.exception_id} {e.severity} {money(e.amount_cents)}",
    fx.ExceptionClosed: lambda e: _line(f"closed {e.exception_id} {e.how}", f"by {e.actor}" if e.actor else ""),
    fx.AlertRaised: lambda e: f"alert {e.alert} {e.severity}",
    fx.CreditApplied: lambda e: f"credit applied at {e.hospital_id} {money(e.amount_cents)}",
    fx.RetryScheduled: lambda e: f"retry {when(e.at_ms)} as entry {e.attempt}",
    fx.EntryDue: _entry,
    fx.WebhookDue: _webhook,
    fx.NotificationDue: lambda e: f"{e.channel} {e.template}",
    fx.ConsentChanged: lambda e: f"consent {e.purpose} {'yes' if e.granted else 'no'}",
    fx.MandateGranted: lambda e: f"mandate {e.mandate_id}",
    fx.MandateRevoked: lambda e: f"mandate {e.mandate_id} revoked",
    fx.Parked: lambda e: f"parked {e.transaction_id} until {when(e.until_ms)}",
    fx.Unparked: lambda e: f"unparked {e.transaction_id} {e.how}",
    fx.PolicyActivated: lambda e: f"policy {e.version}",
    fx.PolicyShadowed: lambda e: f"shadow {e.version or 'off'}",
    fx.ShadowDiffered: lambda e: f"shadow {e.policy}: {e.transaction_id} {e.outcome} instead of {e.recorded}",
    fx.RemittanceAdvised: lambda e: f"advice {e.advice_id} {money(e.amount_cents)}",
    fx.Reassociated: lambda e: f"advice {e.advice_id} is of {e.deposit_id}",
    fx.RuleSnoozed: lambda e: f"rule {e.rule} sleeps until {when(e.until_ms)}",
    fx.Charged: lambda e: f"charged {e.balance_id} {money(e.amount_cents)}",
    fx.ChargeWaived: lambda e: f"waived {e.balance_id} {money(e.waived_cents)}",
    fx.Accruing: _accruing,
    fx.Recast: lambda e: f"recast {e.balance_id} {'+' if e.change_cents > 0 else ''}{money(e.change_cents)}",
    fx.AccountCorrected: lambda e: f"change {e.code} of {e.transaction_id}: {', '.join(e.fields) or 'nothing'}",
    fx.Barred: lambda e: f"barred {e.bar} by {e.transaction_id} {e.code}",
    fx.Unbarred: lambda e: f"unbarred {e.bar} of {e.transaction_id} ({e.how})",
    fx.DutyOpened: lambda e: _line(f"until {e.until} {e.duty} {e.transaction_id}", e.code),
    fx.DutyClosed: lambda e: f"done {e.duty} {e.transaction_id} ({e.how})",
    fx.Disputed: lambda e: f"{e.stage} {e.transaction_id} {e.code} of {e.return_code}",
    fx.RolloutChanged: lambda e: f"rollout {e.hospital_id} {e.phase}",
    fx.Acted: lambda e: f"{e.actor} {e.action} {e.about}",
    fx.ExceptionAssigned: lambda e: f"{e.exception_id} is {e.owner or 'nobody'}'s",
    fx.ExceptionSnoozed: lambda e: f"{e.exception_id} waits until {when(e.until_ms)}",
    fx.ExceptionOverdue: lambda e: f"{e.exception_id} overdue {e.level}",
    fx.AdjustmentProposed: lambda e: f"{e.adjustment_id}? {e.form} {e.about} {money(e.amount_cents)}",
    fx.AdjustmentDecided: lambda e: f"{e.adjustment_id} {e.verdict}",
    fx.BalanceAdjusted: lambda e: f"{e.balance_id} {'+' if e.amount_cents > 0 else ''}{money(e.amount_cents)} by {e.adjustment_id}",
    fx.SubjectErased: lambda e: f"{e.state} {e.patient_id}",
    fx.SubjectHeld: lambda e: f"hold {e.patient_id} {'yes' if e.held else 'no'}",
    fx.SubjectRevealed: lambda e: f"{e.field} of {e.patient_id} revealed to {e.by}",
}
