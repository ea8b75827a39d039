"""Alerts for risk teams, sent where the rule book routes their severity or their rule."""

from ledger.account import Account, Payment
from ledger.decide.context import Context
from ledger.effects import AlertRaised, AnyEffect, Refused
from ledger.events import WindowExceeded
from ledger.governance import RULE_BROKEN, Governance
from ledger.ids import rule_alert_id
from ledger.policy import Fired
from ledger.refusal import Refusal

ID_CONFLICT = "id_conflict"


def raised(
    name: str, severity: str, about: str, explanation: str, context: Context, hospital_id: str, amount_cents: int = 0
) -> AlertRaised:
    """An alert of the ledger's own: its name stands for the rule as well."""
    route = context.rules.route(name, severity)
    return AlertRaised(name, severity, about, explanation, name, context.rules.version, hospital_id, amount_cents, route)


def conflict(account: Account, about: str, detail: str, hospital_id: str, amount_cents: int, context: Context) -> list[AnyEffect]:
    """An identifier that is known comes with other content: refused, for the first one stands. People are told of it once.

    What came stays in its topic, whole; the refusal's entry and the alert name the place.
    """
    refused = Refused(Refusal.CONTENT_CONFLICT, about, detail)
    once = f"{ID_CONFLICT}/{about}"
    if once in account.noticed:
        return [refused]
    explanation = f"{about} came with other content than what is known by its identifiers; the first stands."
    route = context.rules.route(ID_CONFLICT, "medium")
    version = context.rules.version
    return [refused, AlertRaised(ID_CONFLICT, "medium", about, explanation, ID_CONFLICT, version, hospital_id, amount_cents, route, once)]


def broken(standing: Governance, context: Context) -> tuple[AlertRaised, ...]:
    """One alert for each rule of a book that broke here for the first time; all have one name, and name their rule and a payment."""
    return tuple(
        AlertRaised(
            RULE_BROKEN,
            each.severity,
            each.about,
            each.explanation,
            each.rule,
            each.policy,
            "",
            route=context.rules.route(each.rule, each.severity),
            window=rule_alert_id(each.policy, each.rule),
        )
        for each in standing.broken
        if not each.told
    )


def fired(each: Fired, payment: Payment, context: Context) -> AlertRaised:
    """The alert of a rule that fired."""
    return AlertRaised(
        each.rule,
        each.severity,
        payment.transaction_id,
        each.explanation,
        each.rule,
        context.rules.version,
        payment.hospital_id,
        payment.amount_cents,
        context.rules.route(each.rule, each.severity),
    )


def exceeded(account: Account, event: WindowExceeded, context: Context) -> list[AnyEffect]:
    """A window across accounts went beyond the usual: told once, with the payment that did it. It holds nothing."""
    data = event.data
    if data.window_id in account.noticed:
        return [Refused(Refusal.DUPLICATE, data.window_id, data.watch)]
    if data.transaction_id not in account.payments:
        return [Refused(Refusal.UNKNOWN_TRANSACTION, data.transaction_id)]
    route = context.rules.route(data.watch, data.severity)
    return [
        AlertRaised(
            data.watch,
            data.severity,
            data.transaction_id,
            data.explanation,
            data.watch,
            data.policy,
            data.hospital_id,
            int(data.amount),
            route,
            data.window_id,
        )
    ]
