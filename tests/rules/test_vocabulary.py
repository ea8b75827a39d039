"""The documented words are the fields of `Facts`, all of them."""

from ledger.facts import Facts
from rules.vocabulary import NOT_WORDS, WORDS, Kind, vocabulary_table


def test_every_fact_is_documented_or_named_as_no_word() -> None:
    assert {word.field for word in WORDS.values()} | NOT_WORDS == set(Facts.__struct_fields__)


def test_money_is_a_kind_of_its_own_and_loses_its_suffix() -> None:
    assert WORDS["amount"].kind is Kind.MONEY
    assert WORDS["sum_7d"].field == "sum_7d_cents"
    assert WORDS["count_7d"].kind is Kind.NUMBER
    assert WORDS["has_mandate"].kind is Kind.BOOL
    assert not any(name.endswith("_cents") for name in WORDS)


def test_the_table_has_a_line_for_every_word() -> None:
    table = vocabulary_table()
    assert all(f"| `{name}` |" in table for name in WORDS)
    assert len(table.splitlines()) == len(WORDS) + 2
    assert all(word.meaning for word in WORDS.values())
