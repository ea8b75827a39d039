"""Limits per hospital."""

import pytest

from tests.rules.examples import compiled, payment

BOOK = compiled(
    '[[limit]]\nhospital = "H1"\nper_payment = "1000.00"\nper_day = 2000\nseverity = "medium"\n',
    '[[limit]]\nhospital = "H1"\ndirections = ["disbursement"]\nper_30_days = 5000\noutcome = "decline"\n',
    '[[limit]]\nhospital = "*"\npayments_per_day = 3\nper_payment = 100\n',
)

CASES = """
hospital | direction    | amount  | day     | 30 days | count | outcome | limits
H1       | repayment    | 1000.00 | 1000.00 | 9000.00 | 9     | approve | -
H1       | repayment    | 1000.01 | 1000.01 | 9000.00 | 9     | review  | limit-per-payment
H1       | repayment    | 1500.00 | 2000.01 | 9000.00 | 9     | review  | limit-per-payment limit-per-day
H1       | disbursement | 10.00   | 10.00   | 5000.01 | 1     | decline | limit-per-30-days
H2       | repayment    | 100.00  | 9000.00 | 9000.00 | 3     | approve | -
H2       | repayment    | 100.01  | 9000.00 | 9000.00 | 4     | review  | limit-per-payment limit-payments-per-day
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_limits_of_the_table(case: str) -> None:
    hospital, direction, amount, day, month, count, outcome, limits = (cell.strip() for cell in case.split("|"))
    sums = {"sum_1d_cents": int(day.replace(".", "")), "sum_30d_cents": int(month.replace(".", "")), "count_1d": int(count)}
    verdict = BOOK.evaluate(payment(amount, direction, hospital_id=hospital, **sums))
    assert verdict.outcome == outcome
    assert " ".join(each.rule for each in verdict.fired) == limits.strip("-")


def test_a_limit_says_its_bound_and_raises_its_alert() -> None:
    (fired,) = BOOK.evaluate(payment("1000.01")).fired
    assert fired.explanation == "The amount, $1,000.01, is above this hospital's limit of $1,000.00."
    assert BOOK.route(fired.rule, fired.severity) == ("risk",)


def test_only_new_payments_are_limited() -> None:
    assert BOOK.evaluate(payment("5000.00", event_type="payment.returned")).fired == ()
