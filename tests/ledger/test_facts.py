"""The facts that rules are asked on, as the book makes them from an account: each word of the table at one moment."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import asdict

from ledger.account import Account
from ledger.book import Book, Position
from ledger.decide import facts
from ledger.events import InitiatedData, PaymentInitiated
from ledger.wire import epoch_ms
from tests.ledger.sentences import event
from tests.ledger.table import RAIL, apply, new_book
from tests.ledger.words import ACCOUNT, instant

LIFE = """
03-02 15:00 | mandate M1
03-02 15:00 | balance B1 100.00 due 03-10
03-02 15:00 | balance B2 50.00 due 04-10
03-02 15:01 | repayment T1 100.00 from bank-a
03-02 15:02 | preapproval T2 1000.00
03-03 15:00 | settled T1 100.00 on 03-03
03-04 15:00 | returned T1 R01 100.00 on 03-04
03-20 15:00 | repayment T3 20.00 hospital H2
03-20 15:01 | settled T3 20.00 on 03-20
"""

CASES = """
when             | payment                          | word              | value
03-20 15:01      | repayment T9 10.00               | days_past_due     | 10
03-10 15:01      | repayment T9 10.00               | days_past_due     | 0
03-11 15:01      | repayment T9 10.00               | days_past_due     | 1
03-20 15:01      | repayment T9 10.00 from bank-b   | first_instrument  | True
03-20 15:01      | repayment T9 10.00 from bank-a   | first_instrument  | False
03-20 15:01      | repayment T9 10.00               | returns_90d       | 1
06-03 15:01      | repayment T9 10.00               | returns_90d       | 0
03-20 15:01      | repayment T9 10.00               | hour              | 11
03-02 04:30      | repayment T9 10.00               | hour              | 23
03-20 15:01      | repayment T9 10.00               | is_banking_day    | True
03-21 15:01      | repayment T9 10.00               | is_banking_day    | False
03-23 03:59      | repayment T9 10.00               | is_banking_day    | False
07-03 15:01      | repayment T9 10.00               | is_banking_day    | True
11-26 15:01      | repayment T9 10.00               | is_banking_day    | False
03-20 15:01      | repayment T9 10.00               | open_cents        | 15000
03-20 15:01      | repayment T9 10.00               | open_count        | 2
03-20 15:01      | repayment T9 10.00               | held_cents        | 100000
03-20 15:01      | repayment T9 10.00               | has_mandate       | True
03-20 15:01      | repayment T9 10.00               | account_age_days  | 18
03-20 15:01      | repayment T9 10.00               | count_1m          | 1
03-20 15:00      | repayment T9 10.00               | count_30d         | 4
03-20 15:01      | repayment T9 10.00 hospital H3   | distinct_hospitals_30d | 3
03-20 15:01      | repayment T9 10.00               | sum_30d_cents     | 113000
03-20 15:01      | repayment T9 10.00               | max_90d_cents     | 100000
"""


def lived(until: datetime) -> Book:
    """The account's life up to a moment."""
    book = new_book()
    for number, line in enumerate(LIFE.strip().splitlines()):
        when, sentence = (cell.strip() for cell in line.split("|"))
        at = instant(when)
        if at <= until:
            list(apply(book, event(sentence, at, f"e{number}"), Position(0, number, epoch_ms(at))))
    return book


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_facts_of_the_table(case: str) -> None:
    when, sentence, word, value = (cell.strip() for cell in case.split("|"))
    at = instant(when)
    asked = event(sentence, at, "asked")
    assert isinstance(asked, PaymentInitiated)
    data: InitiatedData = asked.data
    account = lived(at).accounts.get(ACCOUNT) or Account(ACCOUNT)
    found: Any = asdict(facts.of_payment(account, data, RAIL, epoch_ms(at)))[word]
    assert str(found) == value


def test_a_payment_at_night_before_a_holiday_is_of_that_day_in_new_york() -> None:
    """Eleven at night of Wednesday, 25 November 2026; the next day is Thanksgiving."""
    at_ms = epoch_ms(datetime(2026, 11, 26, 4, 0, tzinfo=UTC))
    assert (RAIL.local_date(at_ms), RAIL.local_hour(at_ms), RAIL.business_date(at_ms)) == ("2026-11-25", 23, "2026-11-25")
