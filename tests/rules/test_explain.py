"""Sentences that a person at a desk can read."""

import pytest

from ledger.policy import Fired, Verdict
from rules.check import check
from rules.explain import TemplateProblems, describe, dollars, fill, read_template, sentence, summary
from tests.rules.examples import a_rule, compiled, payment

DESCRIBED = """
when | sentence
amount > 2500 | amount of the payment ($3,000.00) is above $2,500.00
amount >= open / 2 | amount of the payment ($3,000.00) is at least open amount of the account's balances ($5,000.50) divided by 2
count_1h > 3 and not has_mandate | payments in the last hour (5) is above 3 and it is not so that an authorization to debit is in force
has_mandate or currency == "USD" | an authorization to debit is in force or currency of the payment (USD) is "USD"
hospital_id in ["H1", "H2"] | hospital of the payment (H1) is one of "H1", "H2"
hospital_id.starts_with("H") | hospital of the payment (H1) starts with "H"
"1" in hospital_id | hospital of the payment (H1) contains "1"
amount % 100 == 0 | amount of the payment ($3,000.00) modulo $100.00 is $0.00
-hour < (has_mandate ? 5 : 0) | minus hour of the day (0) is below (5 if an authorization to debit is in force, else 0)
count_1h > 2.5 | payments in the last hour (5) is above 2.5
"""


@pytest.mark.parametrize("case", DESCRIBED.strip().splitlines()[1:])
def test_a_condition_in_words_with_its_values(case: str) -> None:
    when, expected = (cell.strip() for cell in case.split(" | "))
    tree = check(when)
    assert not isinstance(tree, tuple)
    assert describe(tree, payment("3000.00", count_1h=5, open_cents=500_050)) == expected


def test_a_template_takes_words_and_nothing_else() -> None:
    template = read_template("{amount} by {hospital_id}, {count_1h} within the hour, consent: {payment_consent}, {{kept}}.")
    assert not isinstance(template, TemplateProblems)
    assert fill(template, payment("1234567.89", count_1h=2)) == "$1,234,567.89 by H1, 2 within the hour, consent: yes, {kept}."
    for text in ("{amount!r}", "{amount:>9}", "{amount.real}", "{at_ms}", "{0}", "{}", "{amount", "}"):
        assert isinstance(read_template(text), TemplateProblems)


@pytest.mark.parametrize(("cents", "text"), [(0, "$0.00"), (5, "$0.05"), (123_456_789, "$1,234,567.89"), (-250, "-$2.50")])
def test_dollars(cents: int, text: str) -> None:
    assert dollars(cents) == text


def test_the_strongest_rule_speaks_and_the_others_are_counted() -> None:
    fired = (
        Fired("note", "approve", "A note."),
        Fired("hold", "review", "The amount is high."),
        Fired("stop", "block", "ACH is closed here."),
    )
    assert summary("block", fired) == "Blocked: ACH is closed here (2 more rules fired)."
    assert summary("review", fired[:2]) == "Held for review: the amount is high (1 more rule fired)."
    assert summary("approve", fired[:1]) == "Approved: a note."
    assert summary("approve", ()) == ""


def test_every_verdict_has_a_sentence() -> None:
    book = compiled(a_rule("hold", "amount > 100"))
    assert sentence(book.evaluate(payment("5.00"))) == "Approved: no rule objects."
    assert sentence(book.evaluate(payment("500.00"))) == "Held for review: the amount of the payment ($500.00) is above $100.00."
    assert sentence(Verdict("decline")) == "Declined: no rule objects."
