"""The tables together reach every refusal and every kind of effect."""

from ledger import effects as fx
from ledger.refusal import Refusal
from tests.ledger import (
    test_adjustments,
    test_agreements,
    test_balances,
    test_bars,
    test_changes,
    test_charged_interest,
    test_charged_money,
    test_charged_payments,
    test_clock,
    test_deadlines,
    test_deposits,
    test_disputes,
    test_exceptions,
    test_late_fees,
    test_matches,
    test_parking,
    test_payments,
    test_policy,
    test_prenotes,
    test_remittances,
    test_retry,
    test_returned_credits,
    test_returns,
    test_rollout,
    test_settlements,
    test_snoozes,
    test_subjects,
    test_withdrawn,
)
from tests.ledger.table import run

MODULES = (
    test_adjustments,
    test_agreements,
    test_balances,
    test_bars,
    test_changes,
    test_charged_interest,
    test_charged_money,
    test_charged_payments,
    test_clock,
    test_deadlines,
    test_deposits,
    test_disputes,
    test_exceptions,
    test_late_fees,
    test_matches,
    test_parking,
    test_payments,
    test_policy,
    test_prenotes,
    test_remittances,
    test_retry,
    test_returned_credits,
    test_returns,
    test_rollout,
    test_settlements,
    test_subjects,
    test_snoozes,
    test_withdrawn,
)


def _seen() -> list[fx.AnyEffect]:
    return [effect for module in MODULES for story in module.STORIES for _, seen in run(story) for effect in seen.effects]


def test_every_refusal_is_reached_by_a_story() -> None:
    reached = {effect.reason for effect in _seen() if isinstance(effect, fx.Refused)}
    assert reached == {refusal.value for refusal in Refusal}


def test_every_kind_of_effect_is_reached_by_a_story() -> None:
    """All but dead letters, which are messages that never became an event."""
    reached = {type(effect) for effect in _seen()}
    assert reached == set(fx.AnyEffect.__args__) - {fx.DeadLettered}
