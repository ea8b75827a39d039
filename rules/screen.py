"""The screen before the parser: what must not even be parsed.

rule-engine folds constants while it parses, so `9 ** 9 ** 9` would cost the memory before any check of the tree could refuse it, and its
recursion would follow any depth. The screen lets through only tokens of the small language; each refusal is told, not just the first.
"""

import re
from difflib import get_close_matches

from rules.vocabulary import WORDS

LENGTH_MAX = 10_000
TOKENS_MAX = 2_000
OPERATORS_MAX = 100
DIGITS_MAX = 20
DEPTH_MAX = 12

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>"[^"\\\n]*"|'[^'\\\n]*')
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
    |(?P<attribute>\.\s*[A-Za-z_]\w*)
    |(?P<word>[A-Za-z_]\w*+(?!["']))
    |(?P<bad>[A-Za-z_]\w*+["']|\*\*|//|<<|>>|=~~?|!~~?|\?\?|&\.|&\[|\$\w*|&|\||\^|\#.*|\\)
    |(?P<operator>==|!=|<=|>=|<|>|\+|-|\*|/|%|\?)
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<mark>[,:])
    |(?P<other>.)""",
    re.VERBOSE | re.ASCII,
)

_REFUSED = {
    "**": "powers can grow without bound",
    "//": "whole division is ambiguous for money; use / or %",
    "<<": "shifts can grow without bound",
    ">>": "shifts are not part of the language",
    "=~": "regular expressions can run for ever",
    "!~": "regular expressions can run for ever",
    "??": "no fact is ever missing",
    "&.": "no fact is ever missing",
    "&[": "no fact is ever missing",
    "&": "bit operations are not part of the language",
    "|": "bit operations are not part of the language",
    "^": "bit operations are not part of the language",
    "#": "comments belong into the TOML, outside the expression",
    "$": "built-ins such as $now or $random would let a replay differ",
    "\\": "escapes in texts are not part of the language",
}
_NO_WORDS = {
    "for": "comprehensions can grow without bound",
    "null": "no fact is ever missing",
    "inf": "there is no infinite amount",
    "nan": "there is no amount that is no number",
}
_OPERATOR_WORDS = frozenset({"and", "or", "not", "in"})
_LITERALS = frozenset({"true", "false"})
ATTRIBUTES = frozenset({"starts_with", "ends_with", "is_empty"})


def screen(expression: str) -> tuple[str, ...]:
    """What is wrong with the text before it may be parsed; empty when it may be."""
    if len(expression) > LENGTH_MAX:
        return (f"longer than {LENGTH_MAX:,} characters",)
    wrong: dict[str, None] = {}
    tokens = operators = depth = deepest = 0
    for match in _TOKEN.finditer(expression):
        kind, token = str(match.lastgroup), match.group()
        if kind == "space":
            continue
        tokens += 1
        operators += kind == "operator" or token in _OPERATOR_WORDS
        depth += (kind == "open") - (kind == "close")
        deepest = max(deepest, depth)
        if problem := _problem(kind, token):
            wrong[problem] = None
    if tokens == 0:
        wrong["the expression is empty"] = None
    for name, count, most in (
        ("parts", tokens, TOKENS_MAX),
        ("operators", operators, OPERATORS_MAX),
        ("nested brackets", deepest, DEPTH_MAX),
    ):
        if count > most:
            wrong[f"more than {most:,} {name}"] = None
    return tuple(wrong)


def _problem(kind: str, token: str) -> str | None:
    if kind == "bad":
        return f"`{token}` is refused: {_refusal(token)}"
    if kind == "other":
        return f"`{token}` is not part of the language"
    if kind == "number" and len(token) > DIGITS_MAX:
        return f"`{token[:DIGITS_MAX]}…` has more than {DIGITS_MAX} digits"
    if kind == "attribute":
        name = token[1:].strip()
        return None if name in ATTRIBUTES else f"`.{name}` is not known; known: {', '.join(sorted(ATTRIBUTES))}"
    if kind == "word" and token not in WORDS and token not in _OPERATOR_WORDS and token not in _LITERALS:
        return _unknown_word(token)
    return None


def _refusal(token: str) -> str:
    return (
        _REFUSED.get(token) or _REFUSED.get(token[:2]) or _REFUSED.get(token[:1]) or "a text is plain and in quotes, with a space before it"
    )


def _unknown_word(word: str) -> str:
    if word in _NO_WORDS:
        return f"`{word}` is refused: {_NO_WORDS[word]}"
    near = get_close_matches(word, WORDS, 1)
    return f"`{word}` is not in the vocabulary" + (f"; did you mean `{near[0]}`?" if near else "")
