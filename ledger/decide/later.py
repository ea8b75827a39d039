"""Rules on what comes after the decision on a payment, and on deposits. What has happened is neither held nor declined: they alert."""

from collections.abc import Sequence

from ledger.account import Account
from ledger.decide import facts
from ledger.decide.context import Context
from ledger.effects import AlertRaised, AnyEffect, Refused, ShadowDiffered
from ledger.events import AccountEvent, DepositReceived, PaymentFailed, PaymentReturned, PaymentSettled
from ledger.facts import Facts
from ledger.governance import RULE_BROKEN
from ledger.ids import rule_alert_id
from ledger.policy import BLOCK, DECLINE, REVIEW, Fired
from ledger.sla import SEVERITIES

_NAMES: dict[type, str] = {
    PaymentSettled: "payment.settled",
    PaymentReturned: "payment.returned",
    PaymentFailed: "payment.failed",
    DepositReceived: "deposit.received",
}

_SEVERITIES = {REVIEW: "medium", BLOCK: "high", DECLINE: "high"}
"""of a rule that would hold or decline, and does not say how severe it is"""
SILENT = "no alert"


def followed(account: Account, event: AccountEvent, effects: Sequence[AnyEffect], context: Context) -> Sequence[AnyEffect]:
    """The effects, and behind them the alerts of rules on such an event, and where a shadow's would differ. `account` is as it was before.

    Nothing is asked of what is refused, nor of a bank's event that waits for its payment: it is asked once the payment is there.
    """
    name = _NAMES.get(type(event), "")
    books = [book for book in (context.rules, context.shadow) if book is not None]
    if not any(name in book.later for book in books) or type(effects[0]) is Refused:
        return effects
    known = _facts(account, event, name, context)
    if known is None:
        return effects
    about = event.data.deposit_id if isinstance(event, DepositReceived) else event.data.transaction_id  # type: ignore[union-attr]
    fired = context.rules.evaluate(known).fired
    told = (_alert(each, about, known, context) for each in fired)
    return [*effects, *(alert for alert in told if alert), *_beside(fired, about, known, context)]


def _facts(account: Account, event: AccountEvent, name: str, context: Context) -> Facts | None:
    if isinstance(event, DepositReceived):
        return facts.of_deposit(account, event.data, context.rail, context.at_ms)
    payment = account.payments.get(event.data.transaction_id)  # type: ignore[union-attr]
    return None if payment is None else facts.of_later(account, payment, name, context.rail, context.at_ms)


def _severity(each: Fired) -> str:
    return each.severity or _SEVERITIES.get(each.outcome, "")


def _beside(fired: Sequence[Fired], about: str, known: Facts, context: Context) -> list[AnyEffect]:
    """What the shadow would have alerted, when its loudest alert is another one. A rule that breaks says nothing."""
    if context.shadow is None:
        return []
    other = [each for each in context.shadow.evaluate(known).fired if not each.broken]
    recorded, says = (_loudest(each) for each in (fired, other))
    if recorded == says:
        return []
    why = next((each.explanation for each in other if f"alert {_severity(each)}" == says), "No rule of it alerts.")
    return [ShadowDiffered(about, context.shadow.version, says, recorded, why, known.amount_cents, known.hospital_id)]


def _loudest(fired: Sequence[Fired]) -> str:
    """`alert` and the highest severity of what fired."""
    severities = [_severity(each) for each in fired if not each.broken]
    return next((f"alert {severity}" for severity in reversed(SEVERITIES) if severity in severities), SILENT)


def _alert(each: Fired, about: str, known: Facts, context: Context) -> AlertRaised | None:
    """What the rule says; of one that breaks, that it does, once for the partition. None for a rule that only gives points."""
    severity = _severity(each)
    if not severity:
        return None
    version, route = context.rules.version, context.rules.route(each.rule, severity)
    if not each.broken:
        return AlertRaised(each.rule, severity, about, each.explanation, each.rule, version, known.hospital_id, known.amount_cents, route)
    if any((broken.policy, broken.rule) == (version, each.rule) for broken in context.broken):
        return None
    window = rule_alert_id(version, each.rule)
    return AlertRaised(RULE_BROKEN, severity, about, each.explanation, each.rule, version, "", route=route, window=window)
