"""Reading a book's text: every error at once, each with its line."""

from rules.read import RULES_MAX, TEXT_MAX, read_book
from tests.rules.examples import a_book, a_rule, problems

WRONG = """\
[book]
name = "Bad Name"
version = 0
[[rule]]
name = "one"
when = "amount > 5 and ammount > 6 ** 2"
outcome = "hold"
[[rule]]
name = "two"
outcome = "review"
events = ["payment.initiated", "payment.dreamt"]
prioritty = 3
[[rule]]
name = "two"
when = "amount"
priority = "high"
explain = "{amount:.2f} of {amont}"
[[snooze]]
account = "CR-1"
rule = "three"
until = 2026-01-01T00:00:00Z
reason = "known"
[[limit]]
hospital = "H1"
per_payment = 10.005
[colour]
[score]
review = 1.5
"""


def test_every_error_is_told_with_its_line() -> None:
    found = problems(WRONG)
    lines = [line for line, _ in found]
    text = "\n".join(message for _, message in found)
    assert lines == sorted(lines)
    assert {2, 3, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 20, 25, 26, 28} == set(lines)
    for part in (
        "rule two, when: `when` is missing",
        "`prioritty` is not known here; did you mean `priority`?",
        "Invalid enum value 'payment.dreamt'",
        "10.005 has more than two decimals",
        "colour: no such table",
    ):
        assert part in text


def test_expressions_and_sentences_are_checked_with_their_lines() -> None:
    found = problems(
        a_book(
            a_rule("one", "ammount > 5 and $now > 3", "approve"),
            a_rule("two", "amount", explain='"{amount:.2f} of {amont}"'),
            a_rule("three", "amount > 5", explain='"{amount"'),
        )
    )
    assert [line for line, _ in found] == [7, 7, 8, 12, 14, 14, 20]
    text = "\n".join(message for _, message in found)
    for part in (
        "rule one, when: `ammount` is not in the vocabulary; did you mean `amount`?",
        "rule one, when: `$now` is refused",
        "rule one, outcome: nothing follows from this rule",
        "rule two, when: a rule is a condition, this is money",
        "rule two, explain: `{amount}` takes no format code",
        "rule two, explain: `{amont}` is not a word of the vocabulary",
        "rule three, explain: expected '}'",
    ):
        assert part in text


def test_text_that_is_not_toml_is_one_error_with_its_line() -> None:
    assert problems('[book]\nname = "x\n') == [(2, "text: not TOML: Illegal character '\\n'")]
    assert problems("[book")[0][0] == 1
    assert problems("")[0] == (1, "book, name: `name` is missing")


def test_a_book_of_an_attacker_is_refused_before_it_costs_anything() -> None:
    assert "at most" in problems("#" * (TEXT_MAX + 1))[0][1]
    assert "brackets nest deeper" in problems("a = " + "[" * 5_000 + "]" * 5_000)[0][1]
    assert "at most" in problems(a_book(*["[[rule]]"] * (RULES_MAX + 1)))[0][1]
    assert "write it as [book]" in problems("book = 5")[0][1]
    assert "write each one as [[rule]]" in problems(a_book() + "\n[rule]\nname = 'x'")[0][1]


def test_names_are_unique_and_snoozes_speak_of_rules_that_may_sleep() -> None:
    snooze = '[[snooze]]\naccount = "CR-1"\nrule = "{}"\nuntil = 2026-01-01T00:00:00Z\nreason = "known"\n'
    found = problems(
        a_book(
            a_rule("one"), a_rule("one"), a_rule("two", outcome="block"), snooze.format("none"), snooze.format("two"), snooze.format("one")
        )
    )
    assert [message for _, message in found] == [
        "rule one, name: a second rule is named `one`",
        "snooze, rule: no rule is named `none`",
        "snooze 2, rule: `two` must not be snoozed",
    ]


def test_a_limit_that_limits_nothing_is_an_error() -> None:
    assert "limits nothing" in problems(a_book('[[limit]]\nhospital = "H1"\n'))[0][1]


def test_rules_stand_by_priority_then_as_written() -> None:
    read = read_book(a_book(a_rule("low"), a_rule("high", priority=5), a_rule("also-low")))
    assert read.book is not None
    assert [rule.name for rule in read.book.rules] == ["high", "low", "also-low"]
    assert [source.line("name") for source in read.sources] == [11, 6, 17]
    assert read.book.version == "test@1"


def test_equal_texts_give_equal_books() -> None:
    text = a_book(a_rule("one"), a_rule("two"))
    assert read_book(text) == read_book(text)
