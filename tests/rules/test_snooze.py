"""A snoozed rule is silent for one account, until it wakes."""

import pytest

from tests.rules.examples import a_rule, compiled, payment

MIDNIGHT = 1_767_225_600_000  # 2026-01-01T00:00:00Z
BOOK = compiled(
    a_rule("hold", score=5),
    a_rule("stop", "amount > 5000", "block"),
    a_rule("stop-softly", "amount > 9000", "block", snooze="true"),
    '[[snooze]]\naccount = "CR-1"\nrule = "hold"\nuntil = 2026-01-01T00:00:00Z\nreason = "known donor"\n',
    '[[snooze]]\naccount = "CR-1"\nrule = "hold"\nuntil = 2025-01-01T00:00:00-05:00\nreason = "an earlier one"\n',
)

CASES = """
account  at           asleep by a person   amount    outcome  score
CR-1     -1           -                    500.00    approve  0
CR-1     0            -                    500.00    review   5
CR-2     -1           -                    500.00    review   5
CR-2     0            hold                 500.00    approve  0
CR-1     -1           stop                 6000.00   block    0
CR-1     -1           stop-softly          9500.00   block    0
CR-1     -1           stop,stop-softly     9500.00   block    0
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_snoozes_of_the_table(case: str) -> None:
    account, at, snoozed, amount, outcome, score = case.split()
    names = () if snoozed == "-" else tuple(snoozed.split(","))
    verdict = BOOK.evaluate(payment(amount, account=account, at_ms=MIDNIGHT + int(at), snoozed=names))
    assert (verdict.outcome, verdict.score) == (outcome, int(score))
    assert not {"hold", "stop-softly"} & {each.rule for each in verdict.fired if each.rule in snoozed}
