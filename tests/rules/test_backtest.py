"""A candidate book against recorded decisions."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.policy import OUTCOMES
from rules.backtest import EXAMPLES_MAX, Comparison, Decision, Sum, backtest, sentences
from tests.rules.examples import a_rule, compiled, payment

CANDIDATE = compiled(a_rule("hold", "amount > 2000"), a_rule("stop", "amount > 9000", "block"))

HISTORY = """
id   amount     recorded   returned
t1   100.00     approve    -
t2   2000.01    approve    R01
t3   3000.00    approve    -
t4   3000.00    review     R01
t5   9000.01    approve    R10
t6   500.00     review     -
t7   2500.00    approve    R01
"""


def _history() -> list[Decision]:
    rows = [row.split() for row in HISTORY.strip().splitlines()[1:]]
    return [Decision(payment(amount), recorded, name, None if code == "-" else code) for name, amount, recorded, code in rows]


def test_the_report_says_what_differs_in_payments_and_money_and_how_they_ended() -> None:
    report = backtest(_history(), CANDIDATE)
    assert report.total == Sum(7, 2_010_002, (("R01", 3), ("R10", 1)), 1_650_002)
    assert [(change.recorded, change.candidate, change.total, change.examples) for change in report.changes] == [
        ("approve", "review", Sum(3, 750_001, (("R01", 2),), 450_001), ("t2", "t3", "t7")),
        ("approve", "block", Sum(1, 900_001, (("R10", 1),), 900_001), ("t5",)),
        ("review", "approve", Sum(1, 50_000), ("t6",)),
    ]
    assert [(each.rule, each.total.payments) for each in report.rules] == [("hold", 5), ("stop", 1)]
    assert report.differing == 5


def test_the_report_in_words() -> None:
    assert sentences(backtest(_history(), CANDIDATE)) == (
        "test@1 would have held 3 payments, $7,500.01, that were approved; 2 of them later returned (R01: 2)",
        "test@1 would have blocked 1 payment, $9,000.01, that was approved; 1 of them later returned (R10: 1)",
        "test@1 would have approved 1 payment, $500.00, that was held",
    )
    assert sentences(backtest(_history()[:1], CANDIDATE)) == ("test@1 would have decided as recorded: 1 payment, $100.00",)


def test_a_shadow_gets_the_candidates_verdict_and_a_report_at_any_time() -> None:
    shadow = Comparison(CANDIDATE)
    assert [shadow.add(decision).outcome for decision in _history()[:3]] == ["approve", "review", "review"]
    assert shadow.report().differing == 2


def test_examples_are_few() -> None:
    report = backtest((Decision(payment("5000.00"), "approve", f"t{n}") for n in range(100)), CANDIDATE)
    assert len(report.changes[0].examples) == EXAMPLES_MAX


@given(st.lists(st.tuples(st.integers(0, 2_000_000), st.sampled_from(OUTCOMES), st.sampled_from([None, "R01", "R02"]))))
@settings(max_examples=60, deadline=None)
def test_every_payment_is_counted_once(history: list[tuple[int, str, str | None]]) -> None:
    decisions = [Decision(payment(amount_cents=cents), outcome, "", code) for cents, outcome, code in history]
    report = backtest(decisions, CANDIDATE)
    assert report.total.cents == sum(cents for cents, _, _ in history)
    same = [decision for decision in decisions if CANDIDATE.evaluate(decision.facts).outcome == decision.outcome]
    assert report.differing + len(same) == report.total.payments == len(history)
    assert sum(count for _, count in report.total.returned) == sum(code is not None for _, _, code in history)
