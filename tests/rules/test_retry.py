"""What the book wishes presented again."""

from typing import Any

import pytest

from rules.retry import RetryTerms
from tests.rules.examples import a_book, compiled, problems

CASES = """
terms                                | reason             | amount | made | again
-                                    | insufficient_funds | 100.00 | 0    | yes
-                                    | insufficient_funds | 100.00 | 1    | yes
-                                    | insufficient_funds | 100.00 | 2    | no
-                                    | uncollected_funds  | 100.00 | 0    | yes
-                                    | account_closed     | 100.00 | 0    | no
retries_max = 1                      | insufficient_funds | 100.00 | 1    | no
minimum = 50                         | insufficient_funds | 49.99  | 0    | no
reasons = ["uncollected_funds"]      | insufficient_funds | 100.00 | 0    | no
scheduled_by = "credit"              | insufficient_funds | 100.00 | 0    | no
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_retries_of_the_table(case: str) -> None:
    terms, reason, amount, made, again = (cell.strip() for cell in case.split("|"))
    retry = compiled(f"[retry]\n{terms.strip('-')}\n").retry
    assert retry.wanted(reason, int(amount.replace(".", "")), int(made)) == (again == "yes")


@pytest.mark.parametrize(("key", "value"), [("retries_max", 3), ("window_days", 181), ("delay_days", 0), ("reasons", '["account_closed"]')])
def test_nachas_limits_are_not_widened(key: str, value: Any) -> None:
    ((line, message),) = problems(a_book(f"[retry]\n{key} = {value}\n"))
    assert line == 6
    assert message.startswith(f"retry, {key}: ")
    assert RetryTerms().retries_max == 2
