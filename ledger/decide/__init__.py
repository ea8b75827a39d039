"""The decision: account, event and knowledge in, effects out. Pure; refusals come first, past the last one it must succeed."""

from collections.abc import Callable, Sequence
from typing import Any

from ledger import events
from ledger.account import Account, Status
from ledger.decide import (
    adjustments,
    agreements,
    alerts,
    balances,
    bank,
    changes,
    charging,
    deposits,
    disputes,
    exceptions,
    later,
    matches,
    park,
    payments,
    remittances,
    snoozes,
    subjects,
    waiting,
)
from ledger.decide.context import PAST_MS_MAX, Context
from ledger.decide.deadlines import dated
from ledger.effects import AnyEffect, BalanceOpened, Decided, DepositReceived, EntryDue, Refused, Unparked
from ledger.evolve import evolve
from ledger.refusal import Refusal
from ledger.wire import decode_parked

_Decision = Callable[[Account, Any, Context], Sequence[AnyEffect]]

_DECISIONS: dict[type, _Decision] = {
    events.BalanceOpened: balances.balance_opened,
    events.PlanOpened: balances.plan_opened,
    events.PaymentInitiated: payments.initiated,
    events.PaymentCanceled: payments.canceled,
    events.PaymentReviewed: payments.reviewed,
    events.PaymentSubmitted: bank.submitted,
    events.PaymentSettled: bank.settled,
    events.PaymentReturned: bank.returned,
    events.PaymentFailed: bank.failed,
    events.DepositReceived: deposits.deposit_received,
    events.RemittanceAdvised: remittances.advised,
    events.ConsentChanged: agreements.consent_changed,
    events.MandateGranted: agreements.mandate_granted,
    events.MandateRevoked: agreements.mandate_revoked,
    events.WindowExceeded: alerts.exceeded,
    events.RuleSnoozed: snoozes.rule_snoozed,
    events.AccountChanged: changes.account_changed,
    events.ReturnDishonored: disputes.dishonored,
    events.ReturnContested: disputes.contested,
    events.ExceptionAssigned: exceptions.assigned,
    events.ExceptionCommented: exceptions.commented,
    events.ExceptionSnoozed: exceptions.snoozed,
    events.ExceptionResolved: exceptions.resolved,
    events.AdjustmentProposed: adjustments.proposed,
    events.AdjustmentApproved: adjustments.approved,
    events.AdjustmentRejected: adjustments.rejected,
    events.MatchConfirmed: matches.confirmed,
    events.MatchRevoked: matches.revoked,
    events.SubjectErased: subjects.erased,
    events.SubjectHeld: subjects.held,
    events.SubjectRevealed: subjects.revealed,
}

_BRINGS = frozenset({BalanceOpened, DepositReceived})
"""first effects of events by which money in suspense may find its place"""


def decide(account: Account, event: events.AccountEvent, context: Context) -> Sequence[AnyEffect]:
    """Effects of one event on its account; a refusal is an effect as well. Never empty."""
    if context.at_ms > context.now_ms + context.future_skew_ms:
        return [Refused(Refusal.FUTURE_TIME, event.id, "the event's time is ahead of the broker's clock")]
    if context.at_ms < context.now_ms - PAST_MS_MAX:
        return [Refused(Refusal.IMPLAUSIBLE_TIME, event.id, "the event's time is more than ten years ago")]
    effects = _DECISIONS[type(event)](account, event, context)
    if context.rules.later or context.shadow is not None:
        effects = later.followed(account, event, effects, context)
    if (account.parked or account.given_up) and type(event) is events.PaymentInitiated and type(effects[0]) is not Refused:
        effects = _with_parked(account, event.data.transaction_id, effects, context)
    if account.suspense_cents and type(effects[0]) in _BRINGS:
        effects = waiting.followed(account, effects, context)
    opens = type(effects[0]) is BalanceOpened and context.rules.missing is not None
    if account.accruals or opens or context.rules.charges is not None:
        effects = charging.followed(account, effects, context)
    return dated(effects, context)


def _with_parked(account: Account, transaction_id: str, effects: Sequence[AnyEffect], context: Context) -> Sequence[AnyEffect]:
    """The payment that bank events were waiting for has come: they are decided now, in the order in which they came.

    Its entry is with the bank already, whoever sent it; no second one falls due. Events given up before count for an approved payment
    alone: while a person has yet to decide, their money stays where it is.
    """
    approved = any(type(effect) is Decided and effect.status == Status.APPROVED for effect in effects)
    lost = park.of_payment(account.given_up, transaction_id) if approved else []
    waiting = [*lost, *park.of_payment(account.parked, transaction_id)]
    if not waiting:
        return effects
    recovered: list[AnyEffect] = [
        *(park.recovered(account, transaction_id) if lost else ()),
        *(effect for effect in effects if type(effect) is not EntryDue),
        Unparked(transaction_id, "recovered" if lost else "applied"),
    ]
    for effect in recovered:
        account = evolve(account, effect, context.at_ms)
    for parked in waiting:
        late = decode_parked(parked.event)
        for effect in later.followed(account, late, _DECISIONS[type(late)](account, late, context), context):
            recovered.append(effect)
            account = evolve(account, effect, context.at_ms)
    return recovered
