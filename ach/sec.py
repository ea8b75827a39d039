"""Standard entry class codes: what an entry of each class may look like, as data.

Columns: SEC | debits and credits | addenda type and most allowed | must carry one | most cents | text that the company
entry description must hold | further marks. `D` debits only, `C` credits only, `B` both, `0` no money.
Marks: `name` the receiver's name is mandatory, `serial` the identification number (check serial number) is mandatory,
`payment` the discretionary data holds the payment type S or R, `card` it holds the card transaction type,
`count` the entry holds the number of its addenda, `plain` the columnar reader may pass it, `ours` we originate it.

Source: Nacha Operating Rules, Appendix Three (record formats by SEC code); dollar limits of converted checks: 25,000 for
ARC, BOC and POP, 2,500 for RCK and XCK. Debits only means that a credit is a reversal.
"""

from typing import NamedTuple

SEC_TABLE = """
ACK | 0 | 05 | 1    | -   |         |            |
ADV | B | 99 | 1    | -   |         |            |
ARC | D | -  | 0    | -   | 2500000 |            | serial
ATX | 0 | 05 | 9999 | -   |         |            | count
BOC | D | -  | 0    | -   | 2500000 |            | serial
CCD | B | 05 | 1    | -   |         |            | plain ours
CIE | C | 05 | 1    | -   |         |            |
COR | B | 98 | 1    | yes |         |            |
CTX | B | 05 | 9999 | -   |         |            | count ours
DNE | 0 | 05 | 1    | yes |         |            |
ENR | 0 | 05 | 9999 | yes |         | AUTOENROLL |
IAT | B | 1x | 12   | yes |         |            |
MTE | B | 02 | 1    | yes |         |            | name
POP | D | -  | 0    | -   | 2500000 |            | serial
POS | D | 02 | 1    | yes |         |            | card
PPD | B | 05 | 1    | -   |         |            | plain ours
RCK | D | -  | 0    | -   |  250000 | REDEPCHECK | serial
SHR | D | 02 | 1    | yes |         |            | card
TEL | D | -  | 0    | -   |         |            | name payment plain ours
TRC | D | -  | 0    | -   |         |            | serial
TRX | D | 05 | 9999 | -   |         |            | count
WEB | B | 05 | 1    | -   |         |            | name payment plain ours
XCK | D | -  | 0    | -   |  250000 |            | serial
"""

WITHOUT_MONEY = {"ACK": (24, 34), "ATX": (24, 34), "DNE": (23, 33), "ENR": (22, 23, 27, 28, 32, 33, 37, 38)}
"""Transaction codes of the classes that move no money: acknowledgments, death notices, enrollments (live or as a prenote)."""
REVERSAL = "REVERSAL"
PRENOTE = "PRENOTE"


class EntryClass(NamedTuple):
    """One standard entry class."""

    code: str
    moves: str
    """`D` debits only, `C` credits only, `B` both, `0` no money"""
    addenda_type: str
    addenda_max: int
    addenda_mandatory: bool
    amount_max_cents: int | None
    description: str
    """what the company entry description must be, or empty"""
    marks: frozenset[str]


def _entry_class(line: str) -> EntryClass:
    code, moves, addenda, most, mandatory, cents, description, marks = (cell.strip() for cell in line.split("|"))
    return EntryClass(
        code,
        moves,
        addenda,
        int(most),
        mandatory == "yes",
        int(cents) if cents else None,
        description,
        frozenset(marks.split()),
    )


ENTRY_CLASSES = {row.code: row for row in map(_entry_class, SEC_TABLE.strip().splitlines())}
ORIGINATED = frozenset(code for code, row in ENTRY_CLASSES.items() if "ours" in row.marks)
"""The classes we originate. The others are read; to build one is refused by its name."""
