"""Kinds, money literals and the shape of the tree."""

import pytest

from rules.check import check
from rules.tree import Arith, Choice, Compare, Const, Fact, Logic, Node, Within
from rules.vocabulary import WORDS, Kind

AMOUNT = Fact(WORDS["amount"])

REFUSED = """
expression                                   | because
amount                                       | a rule is a condition, this is money
count_1h + 1                                 | a rule is a condition, this is number
"yes"                                        | a rule is a condition, this is text
amount > 25.005                              | $25.005 has more than two decimals
amount > 10 / 3                              | more than two decimals
amount > count_1h                            | dollars and a number do not compare or mix
amount + count_1h > 5                        | dollars and a number do not compare or mix
amount * sum_1d > 5                          | dollars times dollars means nothing
count_1h / amount > 5                        | a number divided by dollars means nothing
amount == "5"                                | money and text do not compare or mix
has_mandate == 1                             | yes/no and number do not compare or mix
has_mandate and amount                       | `and` needs yes/no, not money
not amount                                   | `not` needs yes/no, not money
reference > "a"                              | text has no order
has_mandate > payment_consent                | yes/no has no order
reference + "a" == "ba"                      | text cannot be calculated with
amount in [5, count_1h]                      | do not compare or mix
hospital_id in []                            | `in` needs a list of literals
hospital_id in [reference]                   | `in` needs a list of literals
3 in amount                                  | data type mismatch
hour in reference                            | data type mismatch
amount > 1 and                               | syntax error at the end
1 < amount < 5                               | syntax error at `<`
amount > 1 amount                            | syntax error at `amount`
1 / 0 > amount                               | division by zero
reference.starts_with                        | `.starts_with` is a question
reference.is_empty("a")                      | data type mismatch (not a callable value)
reference.starts_with("a", "b")              | expected at most 1
amount.is_empty                              | unknown attribute
(has_mandate ? amount : count_1h) > 5        | do not compare or mix
amount ? true : false                        | `?` needs yes/no, not money
"""


@pytest.mark.parametrize("case", REFUSED.strip().splitlines()[1:])
def test_refused(case: str) -> None:
    expression, reason = (cell.strip() for cell in case.rsplit(" | ", 1))
    found = check(expression)
    assert isinstance(found, tuple)
    assert reason in found[0]


ACCEPTED: list[tuple[str, Node]] = [
    ("amount > 2500", Compare("gt", AMOUNT, Const(250_000, Kind.MONEY))),
    ("0.01 < amount", Compare("lt", Const(1, Kind.MONEY), AMOUNT)),
    ("amount in [10, 2.50]", Within(AMOUNT, (Const(1_000, Kind.MONEY), Const(250, Kind.MONEY)))),
    ("amount % 100 == 0", Compare("eq", Arith("mod", AMOUNT, Const(10_000, Kind.MONEY), Kind.MONEY, False), Const(0, Kind.MONEY))),
    ("amount * 2 > 5", Compare("gt", Arith("mul", AMOUNT, Const(2, Kind.NUMBER), Kind.MONEY, True), Const(500, Kind.MONEY))),
    ("amount / sum_1d > 2", Compare("gt", Arith("tdiv", AMOUNT, Fact(WORDS["sum_1d"]), Kind.NUMBER, False), Const(2, Kind.NUMBER))),
    (
        "amount > (is_banking_day ? 5000 : 1000)",
        Compare("gt", AMOUNT, Choice(Fact(WORDS["is_banking_day"]), Const(500_000, Kind.MONEY), Const(100_000, Kind.MONEY), Kind.MONEY)),
    ),
    (
        "reference.is_empty or has_mandate",
        Logic("or", Compare("eq", Fact(WORDS["reference"]), Const("", Kind.TEXT)), Fact(WORDS["has_mandate"])),
    ),
]


@pytest.mark.parametrize(("expression", "tree"), ACCEPTED)
def test_dollars_become_cents_in_the_tree(expression: str, tree: Node) -> None:
    assert check(expression) == tree
