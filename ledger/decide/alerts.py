"""Alerts for risk teams, sent where the rule book routes their severity or their rule."""

from ledger.account import Payment
from ledger.decide.context import Context
from ledger.effects import AlertRaised
from ledger.policy import Fired

RULE_BROKEN = "rule_broken"


def raised(
    name: str, severity: str, about: str, explanation: str, context: Context, hospital_id: str, amount_cents: int = 0
) -> AlertRaised:
    """An alert of the ledger's own: its name stands for the rule as well."""
    route = context.rules.route(name, severity)
    return AlertRaised(name, severity, about, explanation, name, context.rules.version, hospital_id, amount_cents, route)


def fired(each: Fired, broken: bool, payment: Payment, context: Context) -> AlertRaised:
    """The alert of a rule that fired, or that broke: all of those have one name, and name their rule."""
    return AlertRaised(
        RULE_BROKEN if broken else each.rule,
        each.severity,
        payment.transaction_id,
        each.explanation,
        each.rule,
        context.rules.version,
        payment.hospital_id,
        payment.amount_cents,
        context.rules.route(each.rule, each.severity),
    )
