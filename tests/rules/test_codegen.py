"""The compiled book against rule-engine itself, on generated rules and facts."""

from collections.abc import Callable
from decimal import Decimal
from dis import get_instructions
from typing import Any

import pytest
import rule_engine
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.facts import Facts
from rules.check import check, typed_context
from rules.codegen import generate
from rules.compile import RULE_FAULTS
from rules.screen import OPERATORS_MAX
from rules.vocabulary import WORDS, Kind
from tests.rules.examples import a_rule, compiled, payment

Texts = st.SearchStrategy[str]
MONEY = ["amount", "open", "sum_1d", "suspense"]
NUMBERS = ["count_1h", "count_1d", "hour", "days_past_due"]
TEXTS = ["reference", "hospital_id", "direction"]
BOOLS = ["has_mandate", "is_banking_day", "first_instrument"]
WORDS_USED = [*MONEY, *NUMBERS, *TEXTS, *BOOLS]

_dollars = st.builds("{}.{:02d}".format, st.integers(0, 30), st.sampled_from([0, 0, 1, 50, 99]))
_whole = st.integers(0, 30).map(str)
_factor = st.sampled_from(["0", "1", "2", "3", "0.5", "0.05", "1.1", "7"])
_text = st.sampled_from(['"H1"', '"H2"', '""', "'repayment'", '"ER-1"', '"H"'])


def _calculations(words: list[str], literals: Texts) -> Texts:
    def grow(inner: Texts) -> Texts:
        return (
            st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "%"]), inner)
            | st.builds("({} * {})".format, inner, _factor)
            | st.builds("({} / {})".format, inner, _factor | st.sampled_from(NUMBERS))
            | st.builds("(-{})".format, inner)
            | st.builds("({} ? {} : {})".format, st.sampled_from(BOOLS), inner, inner)
        )

    leaves = st.sampled_from(words)
    mixed = st.recursive(leaves, grow, max_leaves=4)
    return mixed | st.builds("({} {} {})".format, mixed, st.sampled_from(["+", "-", "%"]), literals)


_money = _calculations(MONEY, _dollars)
_number = _calculations(NUMBERS, _whole) | st.builds("({} / {})".format, _money, _money)
_order = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
_tests = (
    st.builds("{} {} {}".format, _money, _order, _money | _dollars)
    | st.builds("{} {} {}".format, _number, _order, _number | _whole)
    | st.builds("{} {} {}".format, st.sampled_from(TEXTS), st.sampled_from(["==", "!="]), _text | st.sampled_from(TEXTS))
    | st.builds("{} {} [{}, {}]".format, st.sampled_from(TEXTS), st.sampled_from(["in", "not in"]), _text, _text)
    | st.builds("{} in [{}, {}]".format, st.sampled_from(MONEY), _dollars, _dollars)
    | st.builds("{} in {{{}, {}}}".format, st.sampled_from(NUMBERS), _whole, _whole)
    | st.builds("{}.{}({})".format, st.sampled_from(TEXTS), st.sampled_from(["starts_with", "ends_with"]), _text)
    | st.builds("{} in {}".format, _text, st.sampled_from(TEXTS))
    | st.builds("{}.is_empty".format, st.sampled_from(TEXTS))
    | st.sampled_from(BOOLS)
)


def _conditions(inner: Texts) -> Texts:
    return (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("(not {})".format, inner)
        | st.builds("({} ? {} : {})".format, inner, inner, inner)
    )


_rules = st.recursive(_tests, _conditions, max_leaves=5)
_values: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.MONEY: st.sampled_from([0, 1, 50, 100, 150, 199, 250, 1_000, 3_000]) | st.integers(0, 3_500),
    Kind.NUMBER: st.integers(0, 5) | st.integers(0, 30),
    Kind.TEXT: st.sampled_from(["H1", "H2", "", "repayment", "ER-1"]),
    Kind.BOOL: st.booleans(),
}
_facts = st.fixed_dictionaries({name: _values[WORDS[name].kind] for name in WORDS_USED})


def _mine(function: Callable[[Facts], object], facts: Facts) -> object:
    try:
        return function(facts)
    except RULE_FAULTS:
        return "broken"


def _oracle(text: str, thing: dict[str, Any]) -> object:
    try:
        return rule_engine.Rule(text, context=typed_context()).matches(thing)
    except rule_engine.errors.EngineError:
        return "broken"


def _compared(texts: list[str], values: dict[str, Any]) -> None:
    fields: dict[str, Any] = {WORDS[name].field: value for name, value in values.items()}
    facts = Facts(event_type="", **fields)
    thing = {name: Decimal(value) / 100 if WORDS[name].kind is Kind.MONEY else value for name, value in values.items()}
    checked = [(text, tree) for text in texts if not isinstance(tree := check(text), tuple)]
    functions = generate([tree for _, tree in checked])
    mine = [_mine(function, facts) for function in functions.rules]
    oracle = [_oracle(text, thing) for text, _ in checked]
    assert mine == oracle, [text for (text, _), a, b in zip(checked, mine, oracle, strict=True) if a != b]
    if "broken" not in mine:
        assert sorted(functions.book(facts)) == [n for n, fires in enumerate(mine) if fires]


@given(st.lists(_rules, min_size=1, max_size=8), _facts)
@settings(max_examples=400, deadline=None)
def test_compiled_rules_answer_as_rule_engine_does(texts: list[str], values: dict[str, Any]) -> None:
    _compared(texts, values)


@given(
    st.lists(_tests, min_size=2, max_size=4), st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), min_size=2, max_size=8), _facts
)
@settings(max_examples=100, deadline=None)
def test_shared_conditions_change_no_answer(parts: list[str], picks: list[list[int]], values: dict[str, Any]) -> None:
    _compared([" and ".join(f"({parts[n % len(parts)]})" for n in pick) for pick in picks], values)


def test_most_generated_rules_pass_the_lint() -> None:
    seen: list[bool] = []

    @given(_rules)
    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    def count(text: str) -> None:
        seen.append(not isinstance(check(text), tuple))

    count()
    assert sum(seen) > len(seen) * 0.7


def test_a_condition_that_rules_share_is_tested_once() -> None:
    book = compiled(*(a_rule(f"r{n}", f"hour > 3 and amount > {n}", directions='["repayment"]') for n in range(20)))
    code = [instruction.argval for instruction in get_instructions(book._functions.book)]
    assert code.count("repayment") == 1
    assert code.count("payment.initiated") == 1
    assert code.count("fact_hour") == 2  # one store, one load


AS_DEEP_AS_ALLOWED = [
    "not " * (OPERATORS_MAX - 1) + "has_mandate",
    "has_mandate ? has_mandate : " * (OPERATORS_MAX - 1) + "has_mandate",
    "- " * (OPERATORS_MAX - 2) + "amount > 5",
    "amount" + " + amount" * (OPERATORS_MAX - 2) + " > 5",
    "count_1d" + " * 99999999999999999999" * (OPERATORS_MAX - 2) + " > 5",
    " and ".join(["has_mandate"] * (OPERATORS_MAX // 2)) + " or first_instrument" * (OPERATORS_MAX // 2),
]


@pytest.mark.parametrize("when", AS_DEEP_AS_ALLOWED)
def test_the_deepest_expressions_compile(when: str) -> None:
    assert compiled(a_rule("deep", when)).evaluate(payment()).outcome in ("approve", "review")


def test_conditions_that_branch_at_every_step_compile() -> None:
    steps = [f"amount > {n}" for n in range(50)]
    book = compiled(*(a_rule(f"r{n}", " and ".join(steps[: n + 1])) for n in range(50)))
    assert len(book.evaluate(payment("30.50")).fired) == 31
