"""The checked form of an expression: a small typed tree, all that the compiler and the explanations ever see.

Money in it is integer cents. Nodes are values: equal conditions of two rules are equal nodes, which is how they come to be shared.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.vocabulary import Kind, Word

CompareOp = Literal["eq", "ne", "lt", "le", "gt", "ge"]
ArithOp = Literal["add", "sub", "mul", "tdiv", "mod"]
TextOp = Literal["starts_with", "ends_with", "contains"]


@dataclass(frozen=True, slots=True)
class Const:
    """A literal. Money is cents as int; a number is an int where it is whole, else a Decimal."""

    value: int | Decimal | str | bool
    kind: Kind


@dataclass(frozen=True, slots=True)
class Fact:
    """The value of a word."""

    word: Word

    @property
    def kind(self) -> Kind:
        """Kind of the word."""
        return self.word.kind


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    arg: "Node"
    kind: Kind = Kind.BOOL


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` and `or`, evaluated from the left and no further than needed."""

    op: Literal["and", "or"]
    left: "Node"
    right: "Node"
    kind: Kind = Kind.BOOL


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two values of one kind."""

    op: CompareOp
    left: "Node"
    right: "Node"
    kind: Kind = Kind.BOOL


@dataclass(frozen=True, slots=True)
class Within:
    """Membership in a list of literals."""

    item: "Node"
    members: tuple[Const, ...]
    kind: Kind = Kind.BOOL


@dataclass(frozen=True, slots=True)
class TextTest:
    """A question to a text."""

    op: TextOp
    subject: "Node"
    part: "Node"
    kind: Kind = Kind.BOOL


@dataclass(frozen=True, slots=True)
class Negative:
    """The value with its sign turned."""

    arg: "Node"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Arith:
    """A calculation. `whole`: both sides and the result are Python ints; otherwise it is done in `Decimal`, 28 digits."""

    op: ArithOp
    left: "Node"
    right: "Node"
    kind: Kind
    whole: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? yes : no`."""

    test: "Node"
    yes: "Node"
    no: "Node"
    kind: Kind


Node = Const | Fact | Not | Logic | Compare | Within | TextTest | Negative | Arith | Choice


def is_whole(node: Node) -> bool:
    """Whether the value is a Python int at run time."""
    match node:
        case Const(value=value):
            return isinstance(value, int)
        case Arith(whole=whole):
            return whole
        case Negative(arg=arg):
            return is_whole(arg)
        case Choice(yes=yes, no=no):
            return is_whole(yes) and is_whole(no)
        case _:
            return True


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The conditions that all must hold, in the order they are evaluated."""
    if isinstance(node, Logic) and node.op == "and":
        return (*conjuncts(node.left), *conjuncts(node.right))
    return (node,)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Const() | Fact():
            return ()
        case Not(arg=arg) | Negative(arg=arg):
            return (arg,)
        case Logic(left=a, right=b) | Compare(left=a, right=b) | Arith(left=a, right=b):
            return (a, b)
        case Within(item=item):
            return (item,)
        case TextTest(subject=subject, part=part):
            return (subject, part)
        case Choice(test=test, yes=yes, no=no):
            return (test, yes, no)


def facts_of(node: Node) -> tuple[Word, ...]:
    """The words a tree speaks of, each once, in order of appearance."""
    found: dict[Word, None] = {}
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Fact):
            found[top.word] = None
        stack.extend(reversed(children(top)))
    return tuple(found)
