"""Remittance advices at accounts that owe charges. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
when        | event                      | effects                        | after
03-02 09:00 | policy 11 LATE             | policy table@11                |
03-02 10:00 | balance B1 60.00 due 03-05 | owes B1 60.00                  | B1 60.00
            |                            | Dr receivable Cr payable 60.00 |
            |                            | B1: look 03-16 04:00           |
03-02 10:00 | balance B2 50.00 due 12-01 | owes B2 50.00                  | B1 60.00
            |                            | Dr receivable Cr payable 50.00 | B2 50.00
            |                            | B2: look 12-12 05:00           |
03-20 10:00 | tick                       | charged B1/late-fee 15.00      | B1 60.00
            |                            | Dr receivable Cr fees 15.00    | B2 50.00
            |                            | B1: no look                    | B1/late-fee 15.00

## a bill that is paid whole and within grace owes no late fee
when        | event                                               | effects                               | after
03-20 11:00 | advice A1 75.00 on 03-12 trace E1 B1=60.00 B2=15.00 | advice A1 75.00                       |
            |                                                     | until 2026-03-26 money A1             |
03-20 11:10 | deposit D1 75.00 on 03-12 ref TRN:1:E1:INSURER      | deposit D1 75.00                      | B1 0.00
            |                                                     | suspense +75.00                       | B2 35.00
            |                                                     | Dr cash Cr suspense 75.00             | B1/late-fee 0.00
            |                                                     | advice A1 is of D1                    |
            |                                                     | done money A1 (D1)                    |
            |                                                     | waived B1/late-fee 15.00              |
            |                                                     | Dr fees Cr receivable 15.00           |
            |                                                     | suspense -60.00                       |
            |                                                     | D1 pays B1 60.00 by remittance_advice |
            |                                                     | Dr suspense Cr receivable 60.00       |
            |                                                     | suspense -15.00                       |
            |                                                     | D1 pays B2 15.00 by remittance_advice |
            |                                                     | Dr suspense Cr receivable 15.00       |

## a bill that is paid in part keeps its late fee, however large the whole payment
when        | event                                               | effects                               | after
03-20 11:00 | advice A1 75.00 on 03-12 trace E1 B1=25.00 B2=50.00 | advice A1 75.00                       |
            |                                                     | until 2026-03-26 money A1             |
03-20 11:10 | deposit D1 75.00 on 03-12 ref TRN:1:E1:INSURER      | deposit D1 75.00                      | B1 35.00
            |                                                     | suspense +75.00                       | B2 0.00
            |                                                     | Dr cash Cr suspense 75.00             | B1/late-fee 15.00
            |                                                     | advice A1 is of D1                    |
            |                                                     | done money A1 (D1)                    |
            |                                                     | suspense -25.00                       |
            |                                                     | D1 pays B1 25.00 by remittance_advice |
            |                                                     | Dr suspense Cr receivable 25.00       |
            |                                                     | suspense -50.00                       |
            |                                                     | D1 pays B2 50.00 by remittance_advice |
            |                                                     | Dr suspense Cr receivable 50.00       |

## a late fee that the advice pays is paid
when        | event                                                      | effects                                        | after
03-20 11:00 | advice A 75.00 on 03-12 trace E B1=60.00 B1/late-fee=15.00 | advice A 75.00                                 |
            |                                                            | until 2026-03-26 money A                       |
03-20 11:10 | deposit D1 75.00 on 03-12 ref TRN:1:E:INSURER              | deposit D1 75.00                               | B1 0.00
            |                                                            | suspense +75.00                                | B2 50.00
            |                                                            | Dr cash Cr suspense 75.00                      | B1/late-fee 0.00
            |                                                            | advice A is of D1                              |
            |                                                            | done money A (D1)                              |
            |                                                            | suspense -60.00                                |
            |                                                            | D1 pays B1 60.00 by remittance_advice          |
            |                                                            | Dr suspense Cr receivable 60.00                |
            |                                                            | suspense -15.00                                |
            |                                                            | D1 pays B1/late-fee 15.00 by remittance_advice |
            |                                                            | Dr suspense Cr receivable 15.00                |
"""


@pytest.mark.parametrize("story", stories(TABLE), ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
