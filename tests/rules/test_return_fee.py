"""What a returned debit costs."""

import pytest

from tests.rules.examples import compiled

CASES = """
terms                                        | amount | reason             | fee
flat = 25                                    | 100.00 | insufficient_funds | 25.00
flat = 25                                    | 100.00 | uncollected_funds  | 25.00
flat = 25                                    | 100.00 | account_closed     | 0.00
flat = 25                                    | 10.00  | insufficient_funds | 10.00
flat = 25 ; minimum = 20                     | 19.99  | insufficient_funds | 0.00
flat = 25 ; reasons = ["uncollected_funds"]  | 100.00 | insufficient_funds | 0.00
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_fees_of_the_table(case: str) -> None:
    terms, amount, reason, fee = (cell.strip() for cell in case.split("|"))
    charges = compiled("[return_fee]\n" + terms.replace(" ; ", "\n") + "\n").charges
    assert charges is not None
    assert charges.return_fee(int(amount.replace(".", "")), reason) == int(fee.replace(".", ""))


def test_a_book_without_a_fee_charges_nothing() -> None:
    assert compiled('[return_fee]\ncollect = "entry"\n').charges is None
