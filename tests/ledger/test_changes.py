"""Notices of change. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## the next entry carries the correction
when        | event                                 | effects                                              | after
03-02 10:01 | repayment T1 100.00                   | repayment T1 100.00                                  | T1 approved
            |                                       | T1 approved by table@1                               |
            |                                       | debit entry 1 WEB 'PATIENTPAY' 100.00                |
03-02 15:00 | submitted T1 on 03-03                 | T1 submitted                                         | T1 submitted
03-03 15:00 | settled T1 100.00 on 03-03            | T1 settled                                           | T1 settled
            |                                       | suspense +100.00                                     | suspense 100.00
            |                                       | Dr cash Cr suspense 100.00                           |
            |                                       | exception T1/UNKNOWN_ACCOUNT medium 100.00           |
            |                                       | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT   |
03-04 15:00 | change T1 C01 on 03-04 fields account | change C01 of T1: account                            |
            |                                       | until 2026-03-12 change T1 C01                       |
            |                                       | webhook settled 0.00, open 0.00, ACCOUNT_CHANGED C01 |
03-04 15:01 | change T1 C01 on 03-04 fields account | refused DUPLICATE                                    |
03-06 10:00 | repayment T2 100.00                   | repayment T2 100.00                                  | T1 settled
            |                                       | T2 approved by table@1                               | T2 approved
            |                                       | debit entry 1 WEB 'PATIENTPAY' 100.00                | suspense 100.00
03-06 15:00 | submitted T2 on 03-09 corrected       | T2 submitted                                         | T1 settled
            |                                       | done change T1 (sent with T2)                        | T2 submitted
            |                                       |                                                      | suspense 100.00
03-20 10:00 | tick                                  | T1 completed                                         | T1 completed
            |                                       | T2 submitted settlement_missing                      | T2 submitted
            |                                       | exception T2/SETTLEMENT_MISSING medium 100.00        | suspense 100.00
            |                                       | T1/UNKNOWN_ACCOUNT overdue 2                         |
            |                                       | alert exception_overdue high                         |

## six banking days without a corrected entry
when        | event                                        | effects                                              | after
03-02 10:01 | repayment T1 100.00                          | repayment T1 100.00                                  | T1 approved
            |                                              | T1 approved by table@1                               |
            |                                              | debit entry 1 WEB 'PATIENTPAY' 100.00                |
03-02 15:00 | submitted T1 on 03-03                        | T1 submitted                                         | T1 submitted
03-03 15:00 | settled T1 100.00 on 03-03                   | T1 settled                                           | T1 settled
            |                                              | suspense +100.00                                     | suspense 100.00
            |                                              | Dr cash Cr suspense 100.00                           |
            |                                              | exception T1/UNKNOWN_ACCOUNT medium 100.00           |
            |                                              | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT   |
03-04 15:00 | change T1 C02 on 03-04 fields routing_number | change C02 of T1: routing_number                     |
            |                                              | until 2026-03-12 change T1 C02                       |
            |                                              | webhook settled 0.00, open 0.00, ACCOUNT_CHANGED C02 |
03-12 20:00 | tick                                         | T1 completed                                         | T1 completed
            |                                              | T1/UNKNOWN_ACCOUNT overdue 2                         | suspense 100.00
            |                                              | alert exception_overdue high                         |
03-13 05:00 | tick                                         | done change T1 (not applied within six banking days) |
            |                                              | exception T1/CHANGE_NOT_APPLIED high 100.00          |
03-16 10:00 | repayment T2 100.00                          | repayment T2 100.00                                  | T1 completed
            |                                              | T2 approved by table@1                               | T2 approved
            |                                              | debit entry 1 WEB 'PATIENTPAY' 100.00                | suspense 100.00
03-16 15:00 | submitted T2 on 03-17 corrected              | T2 submitted                                         | T1 completed
            |                                              | closed T1/CHANGE_NOT_APPLIED sent with T2            | T2 submitted
            |                                              |                                                      | suspense 100.00

## CREDIT corrects it with the next payment
when        | event                                                | effects                                                | after
03-02 10:01 | repayment T1 100.00 from ACCT-A                      | repayment T1 100.00                                    | T1 approved
            |                                                      | T1 approved by table@1                                 |
            |                                                      | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 15:00 | submitted T1 on 03-03                                | T1 submitted                                           | T1 submitted
03-04 15:00 | change T1 C03 on 03-04 fields routing_number,account | change C03 of T1: routing_number, account              |
            |                                                      | until 2026-03-12 change T1 C03                         |
            |                                                      | webhook submitted 0.00, open 0.00, ACCOUNT_CHANGED C03 |
03-05 10:00 | repayment T2 100.00 from ACCT-A                      | repayment T2 100.00                                    | T1 submitted
            |                                                      | T2 approved by table@1                                 | T2 approved
            |                                                      | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-05 10:01 | repayment T3 100.00                                  | repayment T3 100.00                                    | T1 submitted
            |                                                      | T3 approved by table@1                                 | T2 approved
            |                                                      | debit entry 1 WEB 'PATIENTPAY' 100.00                  | T3 approved
03-05 10:02 | repayment T4 100.00 from ACCT-B                      | repayment T4 100.00                                    | T1 submitted
            |                                                      | T4 approved by table@1                                 | T2 approved
            |                                                      | debit entry 1 WEB 'PATIENTPAY' 100.00                  | T3 approved
            |                                                      | done change T1 (corrected with T4)                     | T4 approved

## a returned entry and the notice that says why
when        | event                                 | effects                                                | after
03-02 10:01 | repayment T1 100.00                   | repayment T1 100.00                                    | T1 approved
            |                                       | T1 approved by table@1                                 |
            |                                       | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 15:00 | submitted T1 on 03-03                 | T1 submitted                                           | T1 submitted
03-04 15:00 | returned T1 R04 100.00 on 03-04       | T1 returned R04 (invalid_account_number)               | T1 returned
            |                                       | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                       | barred instrument by T1 R04                            |
            |                                       | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R04 |
03-04 15:01 | change T1 C04 on 03-04 fields name    | change C04 of T1: name                                 |
            |                                       | until 2026-03-12 change T1 C04                         |
            |                                       | webhook returned 0.00, open 0.00, ACCOUNT_CHANGED C04  |
03-04 15:02 | repayment T2 100.00                   | repayment T2 100.00                                    | T1 returned
            |                                       | T2 held by table@1 RETURNED_R04                        | T2 held
            |                                       | exception T2/PAYMENT_HELD medium 100.00                |
03-04 15:03 | change T1 c01 on 03-04 fields account | change C01 of T1: account                              |
            |                                       | until 2026-03-12 change T1 C01                         |
            |                                       | unbarred instrument of T1 (corrected by C01)           |
            |                                       | webhook returned 0.00, open 0.00, ACCOUNT_CHANGED C01  |
03-04 15:04 | repayment T3 100.00                   | repayment T3 100.00                                    | T1 returned
            |                                       | T3 approved by table@1                                 | T2 held
            |                                       | debit entry 1 WEB 'PATIENTPAY' 100.00                  | T3 approved

## a notice that makes no sense
when        | event                                      | effects                                                | after
03-02 10:01 | repayment T1 100.00                        | repayment T1 100.00                                    | T1 approved
            |                                            | T1 approved by table@1                                 |
            |                                            | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 15:00 | submitted T1 on 03-03                      | T1 submitted                                           | T1 submitted
03-04 15:00 | change T1 C13 on 03-04                     | change C13 of T1: nothing                              |
            |                                            | exception T1/NOTICE_OF_CHANGE medium 0.00              |
            |                                            | webhook submitted 0.00, open 0.00, ACCOUNT_CHANGED C13 |
03-04 15:01 | change T1 C01 on 2099-03-04 fields account | refused IMPLAUSIBLE_TIME                               |

## a notice that comes before its payment
when        | event                                 | effects                                               | after
03-02 10:00 | change T1 C01 on 03-02 fields account | parked T1 until 03-03 10:00                           |
03-02 10:01 | repayment T1 100.00                   | repayment T1 100.00                                   | T1 approved
            |                                       | T1 approved by table@1                                |
            |                                       | unparked T1 applied                                   |
            |                                       | change C01 of T1: account                             |
            |                                       | until 2026-03-10 change T1 C01                        |
            |                                       | webhook approved 0.00, open 0.00, ACCOUNT_CHANGED C01 |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
