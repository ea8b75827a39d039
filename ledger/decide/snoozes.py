"""A person puts a rule to sleep for one account, or wakes it."""

from collections.abc import Sequence

from ledger.account import Account
from ledger.decide.acts import acted, repeated
from ledger.decide.context import Context
from ledger.effects import AnyEffect, Refused, RuleSnoozed
from ledger.people_events import RuleSnoozed as RuleSnoozedEvent
from ledger.refusal import Refusal
from ledger.wire import epoch_ms

SNOOZE_MS_MAX = 366 * 86_400_000


def rule_snoozed(account: Account, event: RuleSnoozedEvent, context: Context) -> Sequence[AnyEffect]:
    """Refused: a rule that the book in force does not know or does not let sleep, more than a year, and waking what is awake."""
    data = event.data
    if refused := repeated(account, event, data.rule):
        return refused
    until_ms = epoch_ms(data.until)
    if until_ms > context.at_ms + SNOOZE_MS_MAX:
        return [Refused(Refusal.IMPLAUSIBLE_TIME, data.rule, "a rule sleeps for a year at most")]
    awake = account.snoozes.get(data.rule, 0) <= context.at_ms
    if until_ms <= context.at_ms and awake:
        return [Refused(Refusal.DUPLICATE, data.rule, "it is awake")]
    if until_ms > context.at_ms and not context.rules.snoozable(data.rule):
        return [Refused(Refusal.RULE_NOT_SNOOZABLE, data.rule, f"no rule {data.rule} of {context.rules.version} may be snoozed")]
    action = "snoozed" if until_ms > context.at_ms else "woke"
    return [acted(event, action, data.rule, data.comment), RuleSnoozed(data.rule, until_ms)]
