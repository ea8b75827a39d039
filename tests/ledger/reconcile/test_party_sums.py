"""What one party owes in several rows and pays in one, told by its name alone."""

import pytest

from tests.ledger.reconcile.files import matched, proposed, run

LEDGER = """
    id, date,       amount, customer
    L1, 2026-01-05, 101.11, Zoë Müller
    L2, 2026-01-06, 202.22, Zoë Müller
    L3, 2026-01-06, 333.33, Acme Corp
    L4, 2026-01-07, 404.44, Acme Corp
    L5, 2026-01-08, 505.55, Acme Corp
    L6, 2026-01-06, 77.77,  Ann Khan
    """
SUMS = """
bank                                                               | confirmed              | for a person
B1, 2026-01-08, 303.33, ACH CREDIT ZOE MULLER                      | L1+L2 = B1 exact_sum   |
B1, 2026-01-09, 1243.32, SEPA BULK ACME CORP 88412                 | L3+L4+L5 = B1 exact_sum |
B1, 2026-01-09, 737.77, SEPA BULK ACME CORP                        |                        | PROPOSED L3+L4 = B1: REFERENCE_BLANK
B1, 2026-01-09, 1243.32, STRANGER                                  |                        | PROPOSED L3+L4+L5 = B1: REFERENCE_BLANK
B1, 2026-01-09, 1243.32, ACME CORP; B2, 2026-01-09, 1243.32, ACME CORP |                    |
B1, 2026-02-09, 1243.32, ACME CORP                                 |                        |
B1, 2026-01-08, 70.70, ANN KHAN; B2, 2026-01-09, 7.07, ANN KHAN    | L6 = B1+B2 exact_sum   |
"""


@pytest.mark.parametrize("line", SUMS.strip().splitlines()[1:])
def test_all_of_a_partys_rows_are_confirmed_and_a_choice_of_them_is_proposed(line: str) -> None:
    bank, sure, likely = (cell.strip() for cell in line.split("|"))
    found = run(LEDGER, "id, date, amount, description\n" + bank.replace("; ", "\n"))
    assert (matched(found), proposed(found)) == ({sure} - {""}, {likely} - {""})
