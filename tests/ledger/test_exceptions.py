"""What people do with exceptions, and the clock that watches them. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a person takes a held payment, notes, lets it wait, and decides
when        | event                                          | effects                                  | after
03-02 10:00 | repayment T1 6000.00                           | repayment T1 6000.00                     | T1 held
            |                                                | T1 held by table@1                       |
            |                                                | exception T1/PAYMENT_HELD medium 6000.00 |
03-02 10:01 | assign T1/PAYMENT_HELD cara by bert            | bert assigned T1/PAYMENT_HELD            |
            |                                                | T1/PAYMENT_HELD is cara's                |
03-02 10:01 | assign T1/PAYMENT_HELD cara by anna            | refused DUPLICATE                        |
03-02 10:02 | note T1/PAYMENT_HELD asked the patient by cara | cara commented T1/PAYMENT_HELD           |
03-02 10:03 | note T1/PAYMENT_HELD once more by cara key e3  | refused DUPLICATE                        |
03-02 10:04 | snooze T1/PAYMENT_HELD 03-06 12:00 by cara     | cara snoozed T1/PAYMENT_HELD             |
            |                                                | T1/PAYMENT_HELD waits until 03-06 12:00  |
03-02 10:05 | snooze T1/PAYMENT_HELD 03-06 12:00 by cara     | refused DUPLICATE                        |
03-02 10:06 | snooze T1/PAYMENT_HELD 03-01 12:00 by cara     | refused SNOOZE_OUT_OF_RANGE              |
03-02 10:06 | snooze T1/PAYMENT_HELD 05-01 12:00 by cara     | refused SNOOZE_OUT_OF_RANGE              |
03-02 10:07 | resolve T1/PAYMENT_HELD no_action by cara      | refused CAUSE_REMAINS                    |
03-02 10:08 | assign T1/PAYMENT_HELD by cara                 | cara assigned T1/PAYMENT_HELD            |
            |                                                | T1/PAYMENT_HELD is nobody's              |
03-06 11:59 | tick                                           |                                          |
03-06 12:00 | tick                                           | T1/PAYMENT_HELD overdue 1                |
            |                                                | alert exception_overdue medium           |
03-06 12:01 | review T1 decline by cara                      | T1 declined by cara                      | T1 declined
            |                                                | webhook declined 0.00, open 0.00         |
            |                                                | closed T1/PAYMENT_HELD reviewed by cara  |
03-06 12:02 | assign T1/PAYMENT_HELD cara by bert            | refused UNKNOWN_EXCEPTION                |
03-06 12:03 | note T1/PAYMENT_HELD too late by bert          | refused UNKNOWN_EXCEPTION                |
03-06 12:04 | snooze T1/PAYMENT_HELD 03-07 12:00 by cara     | refused UNKNOWN_EXCEPTION                |
03-06 12:05 | resolve T1/PAYMENT_HELD other by cara          | refused UNKNOWN_EXCEPTION                |

## an exception that nobody takes is overdue, then escalated, then left alone
when        | event                | effects                                  | after
03-02 10:00 | repayment T1 6000.00 | repayment T1 6000.00                     | T1 held
            |                      | T1 held by table@1                       |
            |                      | exception T1/PAYMENT_HELD medium 6000.00 |
03-05 04:59 | tick                 |                                          |
03-05 05:00 | tick                 | T1/PAYMENT_HELD overdue 1                |
            |                      | alert exception_overdue medium           |
03-05 06:00 | tick                 |                                          |
03-09 04:00 | tick                 | T1/PAYMENT_HELD overdue 2                |
            |                      | alert exception_overdue high             |
03-20 10:00 | tick                 |                                          |

## a clock that was away says it once
when        | event                | effects                                  | after
03-02 10:00 | repayment T1 6000.00 | repayment T1 6000.00                     | T1 held
            |                      | T1 held by table@1                       |
            |                      | exception T1/PAYMENT_HELD medium 6000.00 |
03-30 10:00 | tick                 | T1/PAYMENT_HELD overdue 2                |
            |                      | alert exception_overdue high             |
03-31 10:00 | tick                 |                                          |

## a return that cannot be retried is settled by a person, or by other money
when        | event                                               | effects                                                  | after
03-02 10:00 | balance B1 100.00 due 04-01                         | owes B1 100.00                                           | B1 100.00
            |                                                     | Dr receivable Cr payable 100.00                          |
03-02 10:00 | balance B2 100.00 due 05-01                         | owes B2 100.00                                           | B1 100.00
            |                                                     | Dr receivable Cr payable 100.00                          | B2 100.00
03-02 10:01 | repayment T1 100.00 for B1                          | repayment T1 100.00                                      | T1 approved
            |                                                     | T1 approved by table@1                                   | B1 100.00
            |                                                     | debit entry 1 WEB 'PATIENTPAY' 100.00                    | B2 100.00
03-03 10:00 | settled T1 100.00 on 03-03                          | T1 settled                                               | T1 settled
            |                                                     | T1 pays B1 100.00 by id                                  | B1 0.00
            |                                                     | Dr cash Cr receivable 100.00                             | B2 100.00
            |                                                     | webhook settled 100.00, open 100.00                      |
03-04 10:00 | returned T1 X99 100.00 on 03-04                     | T1 returned X99                                          | T1 returned
            |                                                     | B1 owed again 100.00                                     | B1 100.00
            |                                                     | Dr returned Cr cash 100.00                               | B2 100.00
            |                                                     | Dr receivable Cr returned 100.00                         |
            |                                                     | exception T1/PAYMENT_RETURNED high 100.00                |
            |                                                     | webhook returned 0.00, open 200.00, PAYMENT_RETURNED X99 |
03-04 11:00 | resolve T1/PAYMENT_RETURNED fixed_elsewhere by anna | anna resolved T1/PAYMENT_RETURNED                        |
            |                                                     | closed T1/PAYMENT_RETURNED fixed_elsewhere by anna       |
03-04 12:00 | repayment T2 100.00 for B1                          | repayment T2 100.00                                      | T1 returned
            |                                                     | T2 approved by table@1                                   | T2 approved
            |                                                     | debit entry 1 WEB 'PATIENTPAY' 100.00                    | B1 100.00
            |                                                     |                                                          | B2 100.00
03-05 10:00 | settled T2 100.00 on 03-05                          | T2 settled                                               | T1 returned
            |                                                     | T2 pays B1 100.00 by id                                  | T2 settled
            |                                                     | Dr cash Cr receivable 100.00                             | B1 0.00
            |                                                     | webhook settled 100.00, open 100.00                      | B2 100.00
03-06 10:00 | returned T2 X99 100.00 on 03-06                     | T2 returned X99                                          | T1 returned
            |                                                     | B1 owed again 100.00                                     | T2 returned
            |                                                     | Dr returned Cr cash 100.00                               | B1 100.00
            |                                                     | Dr receivable Cr returned 100.00                         | B2 100.00
            |                                                     | exception T2/PAYMENT_RETURNED high 100.00                |
            |                                                     | webhook returned 0.00, open 200.00, PAYMENT_RETURNED X99 |
03-06 12:00 | deposit D1 100.00 on 03-06 for B2                   | deposit D1 100.00                                        | T1 returned
            |                                                     | D1 pays B2 100.00 by id                                  | T2 returned
            |                                                     | Dr cash Cr receivable 100.00                             | B1 100.00
            |                                                     |                                                          | B2 0.00
03-06 12:00 | deposit D2 100.00 on 03-06 for B1                   | deposit D2 100.00                                        | T1 returned
            |                                                     | D2 pays B1 100.00 by id                                  | T2 returned
            |                                                     | Dr cash Cr receivable 100.00                             | B1 0.00
            |                                                     | closed T2/PAYMENT_RETURNED paid                          | B2 0.00
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
