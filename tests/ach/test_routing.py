"""Check digits, hashes, trace numbers and transaction codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ach.routing import check_digit, entry_hash, is_routing_number, trace_number
from ach.transaction_codes import TRANSACTION_CODES, Use, is_debit, opposite, return_of

ROUTING_NUMBERS = ["121042882", "231380104", "076401251", "021000021", "011000015"]


@pytest.mark.parametrize("number", ROUTING_NUMBERS)
def test_routing_numbers_of_real_banks_are_valid(number: str) -> None:
    assert check_digit(number[:8]) == int(number[8])
    assert is_routing_number(number)


@pytest.mark.parametrize("number", ["000000000", "121042883", "12104288", "1210428822", "12104288x", "12104288²", ""])
def test_what_is_no_routing_number(number: str) -> None:
    assert not is_routing_number(number)


@given(st.text("0123456789", min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 9))
def test_the_check_digit_finds_every_single_wrong_digit(number: str, at: int, by: int) -> None:
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert check_digit(wrong) != check_digit(number)


def test_the_entry_hash_keeps_ten_digits() -> None:
    assert entry_hash(5_600_507 + 5_140_225 + 11_400_065) == 22_140_797
    assert entry_hash(123_456_789_012) == 3_456_789_012


def test_trace_numbers_are_fifteen_digits() -> None:
    assert trace_number("12104288", 1) == "121042880000001"
    for odfi, sequence in (("1210428", 1), ("12104288", 0), ("12104288", 10_000_000), ("1210428x", 1)):
        with pytest.raises(ValueError, match="no trace number"):
            trace_number(odfi, sequence)


def test_transaction_codes_are_those_of_the_rule_book() -> None:
    assert {code for code, row in TRANSACTION_CODES.items() if row.use is Use.LIVE} == {
        22, 27, 32, 37, 42, 47, 52, 55,
    }  # fmt: skip
    assert {code for code, row in TRANSACTION_CODES.items() if row.account == "loan"} == {51, 52, 53, 54, 55, 56}
    assert {code for code, row in TRANSACTION_CODES.items() if row.is_debit and row.use is Use.ADVICE} == {82, 84, 86, 88}
    assert not is_debit(99)


def test_returns_keep_account_and_direction() -> None:
    for code, row in TRANSACTION_CODES.items():
        if row.use is Use.ADVICE:
            with pytest.raises(ValueError, match="not returned"):
                return_of(code)
            continue
        back = TRANSACTION_CODES[return_of(code)]
        assert (back.account, back.is_debit, back.use) == (row.account, row.is_debit, Use.RETURN)


def test_what_undoes_an_entry_is_undone_by_it() -> None:
    for code, row in TRANSACTION_CODES.items():
        if row.use is Use.LIVE:
            assert opposite(opposite(code)) == code
            assert is_debit(opposite(code)) is not is_debit(code)
