"""From checked trees to one Python function.

The function is built as Python's own syntax tree from the nodes of `rules.tree`; no text of a rule ever becomes source. All conditions of
the book form one trie: rules that begin alike (same events, same direction, same first conditions) share the test, evaluated once.
"""

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from ledger.facts import Facts
from rules import tree
from rules.tree import Node, conjuncts, facts_of

_DECIMAL = Context(prec=28, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
"""The context rule-engine evaluates in: division means the same in both."""

_COMPARE: dict[str, type[ast.cmpop]] = {"eq": ast.Eq, "ne": ast.NotEq, "lt": ast.Lt, "le": ast.LtE, "gt": ast.Gt, "ge": ast.GtE}
_WHOLE: dict[str, type[ast.operator]] = {"add": ast.Add, "sub": ast.Sub, "mul": ast.Mult}
_EXACT: dict[str, Callable[[Any, Any], Decimal]] = {
    "add": _DECIMAL.add,
    "sub": _DECIMAL.subtract,
    "mul": _DECIMAL.multiply,
    "tdiv": _DECIMAL.divide,
    "mod": _DECIMAL.remainder,
}

BookFunction = Callable[[Facts], tuple[int, ...]]
RuleFunction = Callable[[Facts], bool]


class Functions(NamedTuple):
    """What a book compiles to."""

    book: BookFunction
    """numbers of the rules that fire, in no particular order; raises if any rule does"""
    rules: tuple[RuleFunction, ...]
    """each rule by itself, for the slow path after an error"""


@dataclass(slots=True)
class _Branch:
    """Rules that share their conditions so far: those that fire here, and the next conditions."""

    fires: list[int] = field(default_factory=list)
    then: dict[Node, "_Branch"] = field(default_factory=dict)


def generate(trees: Sequence[Node]) -> Functions:
    """Compile the conditions of a book; rule n is `trees[n]`."""
    constants: dict[str, object] = {f"_{op}": function for op, function in _EXACT.items()}
    writer = _Writer(constants)
    book = _function("book", trees, [*writer.branch(_trie(trees)), ast.Return(ast.Name("hits", ast.Load()))])
    book.body.insert(0, _assign("hits", ast.Tuple([], ast.Load())))
    rules = [_function(f"rule_{n}", [each], [ast.Return(writer.expression(each))]) for n, each in enumerate(trees)]
    module = ast.fix_missing_locations(ast.Module([book, *rules], []))
    codes = {code.co_name: code for code in compile(module, "<rule book>", "exec").co_consts if isinstance(code, CodeType)}
    book_function, *rule_functions = (FunctionType(codes[f.name], constants) for f in (book, *rules))
    return Functions(book_function, tuple(rule_functions))


def _trie(trees: Sequence[Node]) -> _Branch:
    root = _Branch()
    for number, each in enumerate(trees):
        branch = root
        for condition in conjuncts(each):
            branch = branch.then.setdefault(condition, _Branch())
        branch.fires.append(number)
    return root


def _function(name: str, trees: Iterable[Node], body: list[ast.stmt]) -> ast.FunctionDef:
    """`def name(facts)`: the facts the trees speak of become locals, then the body."""
    words = dict.fromkeys(word.field for each in trees for word in facts_of(each))
    facts = ast.Name("facts", ast.Load())
    loads: list[ast.stmt] = [_assign(_local(word), ast.Attribute(facts, word, ast.Load())) for word in words]
    arguments = ast.arguments(posonlyargs=[], args=[ast.arg("facts")], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.FunctionDef(name, arguments, [*loads, *body], [], lineno=1)


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value, lineno=1)


def _local(word: str) -> str:
    return f"fact_{word}"


class _Writer:
    """Writes nodes as Python syntax; constants that Python has no literal for get a name in `constants`."""

    def __init__(self, constants: dict[str, object]) -> None:
        self._constants = constants

    def branch(self, branch: _Branch) -> list[ast.stmt]:
        """The `if`s below one branch of the trie; a chain without siblings becomes one `and`."""
        statements: list[ast.stmt] = []
        for condition, then in branch.then.items():
            tests = [self.expression(condition)]
            while not then.fires and len(then.then) == 1:
                (condition, then), *_ = then.then.items()
                tests.append(self.expression(condition))
            test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
            statements.append(ast.If(test, [*self._hits(then.fires), *self.branch(then)], []))
        return statements

    def _hits(self, fires: list[int]) -> list[ast.stmt]:
        if not fires:
            return []
        numbers = ast.Tuple([ast.Constant(n) for n in fires], ast.Load())
        return [ast.AugAssign(ast.Name("hits", ast.Store()), ast.Add(), numbers)]

    def expression(self, node: Node) -> ast.expr:
        """One node as a Python expression."""
        match node:
            case tree.Const(value=value):
                return self._constant(value) if isinstance(value, Decimal) else ast.Constant(value)
            case tree.Fact(word=word):
                return ast.Name(_local(word.field), ast.Load())
            case tree.Not(arg=arg):
                return ast.UnaryOp(ast.Not(), self.expression(arg))
            case tree.Negative(arg=arg):
                return ast.UnaryOp(ast.USub(), self.expression(arg))
            case tree.Logic(op=op, left=left, right=right):
                return ast.BoolOp(ast.And() if op == "and" else ast.Or(), [self.expression(left), self.expression(right)])
            case tree.Compare(op=op, left=left, right=right):
                return ast.Compare(self.expression(left), [_COMPARE[op]()], [self.expression(right)])
            case tree.Within(item=item, members=members):
                container = self._constant(frozenset(member.value for member in members))
                return ast.Compare(self.expression(item), [ast.In()], [container])
            case tree.TextTest(op="contains", subject=subject, part=part):
                return ast.Compare(self.expression(part), [ast.In()], [self.expression(subject)])
            case tree.TextTest(op=op, subject=subject, part=part):
                method = ast.Attribute(self.expression(subject), op.replace("_", ""), ast.Load())
                return ast.Call(method, [self.expression(part)], [])
            case tree.Arith(op=op, left=left, right=right, whole=True):
                return ast.BinOp(self.expression(left), _WHOLE[op](), self.expression(right))
            case tree.Arith(op=op, left=left, right=right):
                return ast.Call(ast.Name(f"_{op}", ast.Load()), [self.expression(left), self.expression(right)], [])
            case tree.Choice(test=test, yes=yes, no=no):
                return ast.IfExp(self.expression(test), self.expression(yes), self.expression(no))

    def _constant(self, value: object) -> ast.expr:
        name = f"_k{len(self._constants)}"
        self._constants[name] = value
        return ast.Name(name, ast.Load())
