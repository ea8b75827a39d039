"""The book that ships, by cases."""

import pytest

from ledger.policy import OUTCOMES
from rules.compile import CompiledBook, compile_book
from rules.default import default_book_text
from tests.rules.examples import payment

CASES = """
amount    | direction    | other facts                             | outcome | rules
1000.00   | preapproval  | -                                       | approve | -
1000.00   | preapproval  | has_mandate=0                           | approve | -
5000.01   | preapproval  | -                                       | review  | large-preapproval
15000.01  | preapproval  | -                                       | decline | preapproval-hard-limit large-preapproval
1000.00   | preapproval  | days_past_due=61                        | review  | preapproval-past-due
250.00    | repayment    | -                                       | approve | -
250.00    | repayment    | payment_consent=0                       | block   | no-consent
250.00    | repayment    | has_mandate=0                           | block   | no-mandate
250.00    | repayment    | unauthorized_returns_90d=1              | block   | unauthorized-return
250.00    | repayment    | returns_90d=3                           | review  | returns-history
250.00    | repayment    | count_1m=6                              | review  | velocity-minute
250.00    | repayment    | count_1m=6 count_1h=11                  | review  | velocity-minute velocity-hour score
250.00    | repayment    | distinct_hospitals_30d=5                | review  | many-hospitals
10000.01  | repayment    | -                                       | review  | large-payment
9500.00   | repayment    | count_7d=3                              | approve | just-below-threshold
3000.00   | repayment    | first_instrument=1                      | approve | first-instrument-large
250.00    | repayment    | open_count=1 open_cents=10000           | approve | beyond-open-balance
50000.01  | disbursement | -                                       | decline | hard-limit large-payment
6000.00   | disbursement | hour=3                                  | approve | night-disbursement
6000.00   | disbursement | hour=12 is_banking_day=0                | approve | night-disbursement
"""


def _book() -> CompiledBook:
    book = compile_book(default_book_text())
    assert isinstance(book, CompiledBook)
    return book


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_default_book(case: str) -> None:
    amount, direction, facts, outcome, rules = (cell.strip() for cell in case.split("|"))
    given = dict(pair.split("=") for pair in facts.split() if pair != "-")
    bools = {"has_mandate", "payment_consent", "first_instrument", "is_banking_day"}
    more = {"hour": 12} | {name: bool(int(value)) if name in bools else int(value) for name, value in given.items()}
    verdict = _book().evaluate(payment(amount, direction, **more))
    assert " ".join(each.rule for each in verdict.fired) == rules.strip("-")
    assert verdict.outcome == outcome


def test_every_rule_has_a_sentence_and_every_outcome_is_used() -> None:
    rules = _book().book.rules
    assert all(rule.explain for rule in rules)
    assert {rule.outcome for rule in rules} == set(OUTCOMES)


def test_every_rule_of_the_book_is_in_the_table_of_cases() -> None:
    assert {rule.name for rule in _book().book.rules} - set(CASES.split()) == {"currency", "preapprovals-on-hold", "velocity-day"}
