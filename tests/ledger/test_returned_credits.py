"""Disbursements and pre-approvals that come back. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a disbursement comes back before it settles
when        | event                           | effects                                                | after
03-02 10:00 | disbursement T1 800.00          | disbursement T1 800.00                                 | T1 approved
            |                                 | T1 approved by table@1                                 | transit 800.00
            |                                 | Dr payable Cr transit 800.00                           |
            |                                 | credit entry 1 CCD 'DISBURSE' 800.00                   |
03-02 15:00 | submitted T1                    | T1 submitted                                           | T1 submitted
            |                                 |                                                        | transit 800.00
03-03 15:00 | returned T1 R03 800.00 on 03-03 | T1 returned R03 (no_account)                           | T1 returned
            |                                 | Dr transit Cr payable 800.00                           |
            |                                 | exception T1/PAYMENT_RETURNED medium 800.00            |
            |                                 | barred instrument by T1 R03                            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R03 |

## a settled disbursement comes back: R01 of a credit is not presented again
when        | event                           | effects                                                | after
03-02 10:00 | disbursement T1 800.00          | disbursement T1 800.00                                 | T1 approved
            |                                 | T1 approved by table@1                                 | transit 800.00
            |                                 | Dr payable Cr transit 800.00                           |
            |                                 | credit entry 1 CCD 'DISBURSE' 800.00                   |
03-03 15:00 | settled T1 800.00 on 03-03      | T1 settled                                             | T1 settled
            |                                 | Dr transit Cr cash 800.00                              |
            |                                 | webhook settled 800.00, open 0.00                      |
03-04 15:00 | returned T1 R01 800.00 on 03-04 | T1 returned R01 (insufficient_funds)                   | T1 returned
            |                                 | Dr cash Cr returned 800.00                             |
            |                                 | Dr returned Cr payable 800.00                          |
            |                                 | exception T1/PAYMENT_RETURNED medium 800.00            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 |

## a pre-approval comes back with its hold still open
when        | event                           | effects                                                | after
03-02 10:00 | preapproval T1 800.00           | preapproval T1 800.00                                  | T1 approved
            |                                 | T1 approved by table@1                                 | hold 800.00
            |                                 | Dr holds Cr payable 800.00                             |
            |                                 | credit applied at H1 800.00                            |
            |                                 | credit entry 1 CCD 'DISBURSE' 800.00                   |
03-03 15:00 | returned T1 R03 800.00 on 03-03 | T1 returned R03 (no_account)                           | T1 returned
            |                                 | Dr payable Cr holds 800.00                             |
            |                                 | exception T1/PAYMENT_RETURNED medium 800.00            |
            |                                 | barred instrument by T1 R03                            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R03 |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
