"""One sentence for a person at a hospital's desk: what the rules found, with the values, in plain words.

A rule brings its own sentence with `{word}` for values; a rule without one is described from its conditions.
"""

from decimal import Decimal
from string import Formatter
from typing import NamedTuple

from ledger.facts import Facts
from ledger.policy import APPROVE, BLOCK, DECLINE, REVIEW, Fired, Verdict
from rules import tree
from rules.tree import Node
from rules.vocabulary import WORDS, Kind, Word

Template = tuple[str | Word, ...]
"""Text and the words between, in order."""


class TemplateProblems(NamedTuple):
    """What is wrong with the text of a sentence."""

    problems: tuple[str, ...]


_LEADS = {APPROVE: "Approved", REVIEW: "Held for review", BLOCK: "Blocked", DECLINE: "Declined"}
_COMPARE = {"eq": "is", "ne": "is not", "lt": "is below", "le": "is at most", "gt": "is above", "ge": "is at least"}
_ARITH = {"add": "plus", "sub": "minus", "mul": "times", "tdiv": "divided by", "mod": "modulo"}
_TEXT = {"starts_with": "starts with", "ends_with": "ends with", "contains": "contains"}


def read_template(text: str) -> Template | TemplateProblems:
    """The template of a sentence, or its problems: unknown words, format codes, brackets that do not close."""
    parts: list[str | Word] = []
    problems: list[str] = []
    try:
        for literal, name, spec, conversion in Formatter().parse(text):
            parts.append(literal)
            if name is None:
                continue
            if spec or conversion or name not in WORDS:
                problems.append(
                    f"`{{{name}}}` is not a word of the vocabulary" if name not in WORDS else f"`{{{name}}}` takes no format code"
                )
            else:
                parts.append(WORDS[name])
    except ValueError as problem:
        problems.append(str(problem))
    return TemplateProblems(tuple(problems)) if problems else tuple(part for part in parts if part != "")


def fill(template: Template, facts: Facts) -> str:
    """The sentence with the values of these facts."""
    return "".join(part if isinstance(part, str) else value_text(getattr(facts, part.field), part.kind) for part in template)


def dollars(amount_cents: int) -> str:
    """An amount as people write it: `$1,234.56`."""
    whole, rest = divmod(abs(amount_cents), 100)
    return f"{'-' if amount_cents < 0 else ''}${whole:,}.{rest:02d}"


def value_text(value: object, kind: Kind) -> str:
    """A value as people write it; money comes in cents."""
    if kind is Kind.MONEY and isinstance(value, (int, Decimal)):
        return dollars(round(value))
    if kind is Kind.BOOL:
        return "yes" if value else "no"
    return str(value)


def describe(node: Node, facts: Facts) -> str:
    """A condition in words, with the value of every fact in it: `amount of the payment ($3,000.00) is above $2,500.00`."""
    match node:
        case tree.Const(value=value, kind=kind):
            return f'"{value}"' if kind is Kind.TEXT else value_text(value, kind)
        case tree.Fact(word=Word(kind=Kind.BOOL) as word):
            return word.meaning
        case tree.Fact(word=word):
            return f"{word.meaning} ({value_text(getattr(facts, word.field), word.kind)})"
        case tree.Not(arg=arg):
            return f"it is not so that {describe(arg, facts)}"
        case tree.Negative(arg=arg):
            return f"minus {describe(arg, facts)}"
        case tree.Logic(op=op, left=left, right=right):
            return f"{describe(left, facts)} {op} {describe(right, facts)}"
        case tree.Compare(op=op, left=left, right=right):
            return f"{describe(left, facts)} {_COMPARE[op]} {describe(right, facts)}"
        case tree.Within(item=item, members=members):
            return f"{describe(item, facts)} is one of {', '.join(describe(member, facts) for member in members)}"
        case tree.TextTest(op=op, subject=subject, part=part):
            return f"{describe(subject, facts)} {_TEXT[op]} {describe(part, facts)}"
        case tree.Arith(op=op, left=left, right=right):
            return f"{describe(left, facts)} {_ARITH[op]} {describe(right, facts)}"
        case tree.Choice(test=test, yes=yes, no=no):
            return f"({describe(yes, facts)} if {describe(test, facts)}, else {describe(no, facts)})"


def summary(outcome: str, fired: tuple[Fired, ...]) -> str:
    """The verdict in one sentence: the first rule of the strongest outcome speaks, the others are counted. Empty when nothing fired."""
    if not fired:
        return ""
    speaker = next((each for each in fired if each.outcome == outcome), fired[0])
    others = len(fired) - 1
    more = f" ({others} more {'rule' if others == 1 else 'rules'} fired)" if others else ""
    return f"{_LEADS[outcome]}: {_begin_small(speaker.explanation).rstrip('.')}{more}."


def sentence(verdict: Verdict) -> str:
    """What to show for any verdict, also for one that no rule objected to."""
    return verdict.explanation or f"{_LEADS[verdict.outcome]}: no rule objects."


def _begin_small(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
