"""What a text gives away of a person is recognised; ordinary words and identifiers are let through."""

import pytest

from ledger.personal import found_in, found_in_token, holds_card_number
from tests.ledger.columns import columns

TEXTS = """
text                                               | found
paid by card 4111 1111 1111 1111                   | a card number
4111-1111-1111-1111                                | a card number
card:378282246310005, thanks                       | a card number
ref_5555555555554444                               | a card number
UnionPay 6212345678900000003 given at the desk     | a card number
ask jane.roe@example.org                           | an e-mail address
her number is (212) 555-0147                       | a telephone number
call 212-555-0147 after five                       | a telephone number
+442079460958                                      | a telephone number
SSN 078-05-1120                                    | a social security number
acct no. 1234 5678                                 | an account number
a/c 0042                                           | an account number
IBAN DE89 3704 0044 0532 0130 00                   | an account number
debit 021000021 twice                              | an account number
sent twice, see 12345678901234567                  | an account number
4111 1111 1111 1112 is no card                     |
invoice INV-2026-000123 was paid on 2026-11-23     |
payment 0b0e5f0c-8d1f-5d0a-9d5e-1a3f5c7e9b11       |
approved up to 1,000,000.00 USD                    |
reviewed with dr. smith at 10:30                   |
R01 twice within 30 days                           |
"""

TOKENS = """
token                                              | found
jane@example.org                                   | an e-mail address
078-05-1120                                        | a social security number
+12125550147                                       | a telephone number
4111111111111111                                   | a card number
P-7f3a9c2e                                         |
mrn:0042/2026                                      |
CR@main                                            |
123456789012                                       |
0b0e5f0c-8d1f-5d0a-9d5e-1a3f5c7e9b11               |
"""


@pytest.mark.parametrize(("text", "found"), columns(TEXTS))
def test_free_texts(text: str, found: str) -> None:
    assert found_in(text) == found


@pytest.mark.parametrize(("token", "found"), columns(TOKENS))
def test_tokens(token: str, found: str) -> None:
    assert found_in_token(token) == found


@pytest.mark.parametrize(
    "text",
    [
        "111" + "4111111111111111",  # a part of a longer number
        "a" * 20 + "4111111111111111" + "bcdef",  # a part of a hash
        "0.4111111111111111",  # a decimal
        "123456789012347",  # a trace number: no card of 15 digits begins with 12
        "",
    ],
)
def test_numbers_that_are_no_cards(text: str) -> None:
    assert not holds_card_number(text)
