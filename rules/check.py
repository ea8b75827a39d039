"""From rule-engine's parse to our typed tree: only what the language allows, every value with its kind, or the reasons why not.

rule-engine parses and knows three types; this translation adds ours, above all money: dollars next to a count never compare, and a literal
becomes cents where money is meant.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import rule_engine
from rule_engine import ast as rast

from rules import tree
from rules.screen import screen
from rules.tree import Node
from rules.vocabulary import WORDS, Kind

_DATA_TYPES = {
    Kind.MONEY: rule_engine.DataType.FLOAT,
    Kind.NUMBER: rule_engine.DataType.FLOAT,
    Kind.TEXT: rule_engine.DataType.STRING,
    Kind.BOOL: rule_engine.DataType.BOOLEAN,
}


class RefusedError(ValueError):
    """An expression that is not of the language; the message is for the author of the rule."""


def check(expression: str) -> Node | tuple[str, ...]:
    """The typed tree of a condition, or everything that is wrong with it.

    Refused: tokens outside the language, unknown words, mixed kinds, money with a third decimal, and what is not yes/no.
    """
    problems = screen(expression)
    if problems:
        return problems
    try:
        node = _node(_parse(expression))
    except RefusedError as problem:
        return (str(problem),)
    if node.kind is not Kind.BOOL:
        return (f"a rule is a condition, this is {node.kind.value}",)
    return node


def typed_context() -> Any:
    """rule-engine's context for the vocabulary: the types of all words, and UTC."""
    types = {word.name: _DATA_TYPES[word.kind] for word in WORDS.values()}
    return rule_engine.Context(type_resolver=rule_engine.type_resolver_from_dict(types), default_timezone="utc")


def _parse(expression: str) -> Any:
    try:
        return rule_engine.Rule(expression, context=typed_context()).statement.expression
    except rule_engine.errors.RuleSyntaxError as problem:
        token = getattr(problem, "token", None)
        raise RefusedError(f"syntax error at `{token.value}`" if token is not None else "syntax error at the end") from None
    except rule_engine.errors.EngineError as problem:
        raise RefusedError(problem.message) from None
    except (ArithmeticError, TypeError, ValueError) as problem:
        raise RefusedError(str(problem)) from None


def _node(expression: Any) -> Node:
    """Translate one node; what has no entry in the table below is refused."""
    translate = _TRANSLATE.get(type(expression))
    if translate is None:
        raise RefusedError(f"{type(expression).__name__} is not part of the language")
    return translate(expression)


def _number(expression: Any) -> Node:
    value: Decimal = expression.value
    if not value.is_finite():
        raise RefusedError("a number must be finite")
    whole = value == value.to_integral_value()
    return tree.Const(int(value) if whole else value, Kind.NUMBER)


def _text(expression: Any) -> Node:
    return tree.Const(str(expression.value), Kind.TEXT)


def _bool(expression: Any) -> Node:
    return tree.Const(bool(expression.value), Kind.BOOL)


def _fact(expression: Any) -> Node:
    if expression.scope is not None:
        raise RefusedError(f"`${expression.name}` is not part of the language")
    return tree.Fact(WORDS[expression.name])


def _unary(expression: Any) -> Node:
    arg = _node(expression.right)
    if expression.type == "not":
        return tree.Not(_demand(arg, Kind.BOOL, "`not`"))
    if arg.kind not in (Kind.MONEY, Kind.NUMBER):
        raise RefusedError(f"{arg.kind.value} has no sign")
    return tree.Negative(arg, arg.kind)


def _logic(expression: Any) -> Node:
    where = f"`{expression.type}`"
    left = _demand(_node(expression.left), Kind.BOOL, where)
    right = _demand(_node(expression.right), Kind.BOOL, where)
    return tree.Logic(expression.type, left, right)


def _equality(expression: Any) -> Node:
    left, right = _same_kind(_node(expression.left), _node(expression.right))
    return tree.Compare(expression.type, left, right)


def _order(expression: Any) -> Node:
    left, right = _same_kind(_node(expression.left), _node(expression.right))
    if left.kind not in (Kind.MONEY, Kind.NUMBER):
        raise RefusedError(f"{left.kind.value} has no order")
    return tree.Compare(expression.type, left, right)


def _within(expression: Any) -> Node:
    item = _node(expression.member)
    if not isinstance(expression.container, (rast.ArrayExpression, rast.SetExpression)):
        container = _demand(_node(expression.container), Kind.TEXT, "`in`")
        return tree.TextTest("contains", container, _demand(item, Kind.TEXT, "`in`"))
    members = [_same_kind(item, _node(member))[1] for member in expression.container.value]
    literals = tuple(member for member in members if isinstance(member, tree.Const))
    if len(literals) != len(members) or not literals:
        raise RefusedError("`in` needs a list of literals")
    if isinstance(item, tree.Const):
        raise RefusedError("`in` asks whether a fact is in a list")
    return tree.Within(item, tuple(sorted(literals, key=repr)))


def _calculation(expression: Any) -> Node:
    left, right = _node(expression.left), _node(expression.right)
    for side in (left, right):
        if side.kind not in (Kind.MONEY, Kind.NUMBER):
            raise RefusedError(f"{side.kind.value} cannot be calculated with")
    if expression.type in ("add", "sub", "mod"):
        left, right = _same_kind(left, right)
        kind = left.kind
    elif expression.type == "mul":
        kind = _product(left, right)
    elif expression.type == "tdiv":
        kind = _quotient(left, right)
    else:
        raise RefusedError(f"`{expression.type}` is not part of the language")
    whole = expression.type in ("add", "sub", "mul") and tree.is_whole(left) and tree.is_whole(right)
    return tree.Arith(expression.type, left, right, kind, whole)


def _product(left: Node, right: Node) -> Kind:
    if left.kind is Kind.MONEY and right.kind is Kind.MONEY:
        raise RefusedError("dollars times dollars means nothing")
    return Kind.MONEY if Kind.MONEY in (left.kind, right.kind) else Kind.NUMBER


def _quotient(left: Node, right: Node) -> Kind:
    if left.kind is Kind.MONEY:
        return Kind.NUMBER if right.kind is Kind.MONEY else Kind.MONEY
    if right.kind is Kind.MONEY:
        raise RefusedError("a number divided by dollars means nothing")
    return Kind.NUMBER


def _choice(expression: Any) -> Node:
    test = _demand(_node(expression.condition), Kind.BOOL, "`?`")
    yes, no = _same_kind(_node(expression.case_true), _node(expression.case_false))
    return tree.Choice(test, yes, no, yes.kind)


def _attribute(expression: Any) -> Node:
    if expression.name != "is_empty":
        raise RefusedError(f"`.{expression.name}` is a question: give it a text in brackets")
    return tree.Compare("eq", _demand(_node(expression.object), Kind.TEXT, "`.is_empty`"), tree.Const("", Kind.TEXT))


def _call(expression: Any) -> Node:
    function = expression.function
    if not isinstance(function, rast.GetAttributeExpression) or function.name not in ("starts_with", "ends_with"):
        raise RefusedError("only .starts_with and .ends_with take a text in brackets")
    if len(expression.arguments) != 1:
        raise RefusedError(f"`.{function.name}` takes one text")
    where = f"`.{function.name}`"
    subject = _demand(_node(function.object), Kind.TEXT, where)
    return tree.TextTest(function.name, subject, _demand(_node(expression.arguments[0]), Kind.TEXT, where))


def _demand(node: Node, kind: Kind, where: str) -> Node:
    if node.kind is not kind:
        raise RefusedError(f"{where} needs {kind.value}, not {node.kind.value}")
    return node


def _same_kind(left: Node, right: Node) -> tuple[Node, Node]:
    """Both sides in one kind; a literal number beside money is dollars."""
    if left.kind is Kind.MONEY and right.kind is Kind.NUMBER:
        right = _as_money(right)
    elif right.kind is Kind.MONEY and left.kind is Kind.NUMBER:
        left = _as_money(left)
    if left.kind is not right.kind:
        raise RefusedError(f"{left.kind.value} and {right.kind.value} do not compare or mix")
    return left, right


def _as_money(node: Node) -> Node:
    if isinstance(node, tree.Choice):
        return tree.Choice(node.test, _as_money(node.yes), _as_money(node.no), Kind.MONEY)
    if not isinstance(node, tree.Const) or not isinstance(node.value, (int, Decimal)):
        raise RefusedError("dollars and a number do not compare or mix; divide dollars by the number instead")
    cents = Decimal(node.value) * 100
    if cents != cents.to_integral_value():
        raise RefusedError(f"${node.value} has more than two decimals")
    return tree.Const(int(cents), Kind.MONEY)


_TRANSLATE: dict[type, Callable[[Any], Node]] = {
    rast.FloatExpression: _number,
    rast.StringExpression: _text,
    rast.BooleanExpression: _bool,
    rast.SymbolExpression: _fact,
    rast.UnaryExpression: _unary,
    rast.LogicExpression: _logic,
    rast.ComparisonExpression: _equality,
    rast.ArithmeticComparisonExpression: _order,
    rast.ContainsExpression: _within,
    rast.AddExpression: _calculation,
    rast.SubtractExpression: _calculation,
    rast.ArithmeticExpression: _calculation,
    rast.TernaryExpression: _choice,
    rast.GetAttributeExpression: _attribute,
    rast.FunctionCallExpression: _call,
}
