"""What two references say of each other, and two names."""

import pytest

from ledger.reconcile.alike import identifiers, names
from ledger.reconcile.keys import REFERENCE
from ledger.reconcile.side import Row

COMPARED = """
ledger          | bank                   | they are
INV-00123456    | INV-00123465           | TYPO     two neighbours swapped
INV-00123456    | INV-0012356            | TYPO     one left out
INV-1043        | INV-1034               | TYPO     swapped in a short one
INV-00123456    | INV-00123457           | SLIP     another digit: perhaps the next invoice
INV-1043        | INV-1044               | SLIP     the same in a short one
INV-1043        | INV-10434              | CUT      the beginning of a longer one
INV-20260117    | INV-2026               | CUT      cut by the bank
INV-1043        | PMT/INV-1043           | CUT      something before it
INV-1043        | PMT/INV-1043/A         | CUT      something around it
INV-1043        | X9INV10437A            | AGAINST  a longer number
INV-1043        | 1043                   | CUT      its number alone
INV-1043        | 43                     | AGAINST  too short to mean anything
INV-1043        | INV                    | AGAINST  no number in it
INV-1043        | PO-7781                | AGAINST  another one
INV-1043        |                        | SILENT   nothing says nothing
INV-1043        | N/A                    | SILENT   nor does this
"""


@pytest.mark.parametrize("line", COMPARED.strip().splitlines()[1:])
def test_two_references(line: str) -> None:
    left, right, says = (cell.strip() for cell in line.split("|"))
    pair = frozenset({(REFERENCE, REFERENCE)})
    said = identifiers(Row(1, "", (left,), "", ""), Row(1, "", (right,), "", ""), pair)
    assert said.name == says.split()[0]
    assert said is identifiers(Row(1, "", (right,), "", ""), Row(1, "", (left,), "", ""), pair)


def test_a_bank_writes_names_without_their_accents() -> None:
    assert names(Row(1, "", (), "Zoë Müller", ""), Row(1, "", (), "", "SEPA CREDIT ZOE MULLER")) == 100
    assert names(Row(1, "", (), "Zoë Müller", ""), Row(1, "", (), "", "")) == -1
    assert names(Row(1, "", (), "Zoë Müller", ""), Row(1, "", (), "", "ACH CREDIT")) == -1
    assert names(Row(1, "", (), "Zoë Müller", ""), Row(1, "", (), "", "ACH CREDIT BEN KHAN")) in range(40)
