"""What the screen refuses before the parser sees it."""

import pytest

from rules.screen import DEPTH_MAX, OPERATORS_MAX, screen

REFUSED = """
expression                              | because
9 ** 9 ** 9 > 1                         | powers can grow without bound
count_1h << 60 > 1                      | shifts can grow without bound
count_1h >> 1 > 1                       | shifts are not part of the language
amount // 3 > 1                         | whole division is ambiguous for money
reference =~ "(a+)+b"                   | regular expressions can run for ever
reference =~~ "a"                       | regular expressions can run for ever
reference !~ "a"                        | regular expressions can run for ever
$now > 3                                | built-ins such as $now or $random
[x for x in $range(9999999999)] == []   | comprehensions can grow without bound
reference ?? "a" == "b"                 | no fact is ever missing
reference == null                       | no fact is ever missing
amount < inf                            | there is no infinite amount
count_1h & 1 == 1                       | bit operations are not part of the language
d"2026-01-01" < d"2026-01-02"           | a text is plain and in quotes
reference == "a\\n"                     | is not part of the language
reference.to_ary == 1                   | `.to_ary` is not known
ammount > 5                             | did you mean `amount`?
amount > 0x10                           | is not part of the language
amount > 1e9                            | is not part of the language
amount > 111111111111111111111111       | has more than 20 digits
amount > 5 # why                        | comments belong into the TOML
                                        | the expression is empty
"""


@pytest.mark.parametrize("case", REFUSED.strip().splitlines()[1:])
def test_refused(case: str) -> None:
    expression, reason = (cell.strip() for cell in case.rsplit(" | ", 1))
    assert reason in "; ".join(screen(expression))


def test_every_refusal_is_told_at_once() -> None:
    assert len(screen("$now > 3 and ammount ** 2 > 1 and nothing =~ 'x'")) == 5


@pytest.mark.parametrize(
    "expression",
    ["(" * (DEPTH_MAX + 1) + "amount" + ")" * (DEPTH_MAX + 1) + " > 1", "not " * (OPERATORS_MAX + 1) + "has_mandate", "a" * 20_000],
)
def test_size_is_bounded(expression: str) -> None:
    assert any("more than" in problem or "longer than" in problem for problem in screen(expression))


@pytest.mark.parametrize(
    "expression",
    [
        "amount > 2500",
        "amount > 2500.50 and (direction == 'repayment' or not has_mandate)",
        'hospital_id in ["H 1", \'H"2\'] ? count_1h > 3 : -amount % 100 == 0',
        'reference.starts_with("ER-") and not reference.is_empty',
        "amount\n  > 5\n  and true",
    ],
)
def test_the_language_passes(expression: str) -> None:
    assert screen(expression) == ()
