"""What a return forbids and asks for: bars, alerts, corrected entries. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## R02: the next debit is held until the patient signs anew
when        | event                           | effects                                                | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@1                                 |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 15:00 | submitted T1 on 03-03           | T1 submitted                                           | T1 submitted
03-04 15:00 | returned T1 R02 100.00 on 03-04 | T1 returned R02 (account_closed)                       | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | barred instrument by T1 R02                            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02 |
03-05 10:00 | repayment T2 100.00             | repayment T2 100.00                                    | T1 returned
            |                                 | T2 held by table@1 RETURNED_R02                        | T2 held
            |                                 | exception T2/PAYMENT_HELD medium 100.00                |
03-05 10:01 | disbursement T3 100.00          | disbursement T3 100.00                                 | T1 returned
            |                                 | T3 approved by table@1                                 | T2 held
            |                                 | Dr payable Cr transit 100.00                           | T3 approved
            |                                 | credit entry 1 CCD 'DISBURSE' 100.00                   | transit 100.00
03-05 11:00 | mandate M1                      | mandate M1                                             |
            |                                 | unbarred instrument of T1 (a new authorization)        |
03-05 11:01 | repayment T4 100.00             | repayment T4 100.00                                    | T1 returned
            |                                 | T4 approved by table@1                                 | T2 held
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  | T3 approved
            |                                 |                                                        | T4 approved
            |                                 |                                                        | transit 100.00

## R03 of one bank account says nothing of another
when        | event                           | effects                                                            | after
03-02 10:01 | repayment T1 100.00 from ACCT-A | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@1                                             |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-02 15:00 | submitted T1 on 03-03           | T1 submitted                                                       | T1 submitted
03-04 15:00 | returned T1 R03 100.00 on 03-04 | T1 returned R03 (no_account)                                       | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                        |
            |                                 | barred instrument by T1 R03                                        |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R03             |
03-05 10:00 | repayment T2 100.00 from ACCT-B | repayment T2 100.00                                                | T1 returned
            |                                 | T2 approved by table@1                                             | T2 approved
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-05 10:01 | repayment T3 100.00 from ACCT-A | repayment T3 100.00                                                | T1 returned
            |                                 | T3 held by table@1 RETURNED_R03                                    | T2 approved
            |                                 | exception T3/PAYMENT_HELD medium 100.00                            | T3 held
03-05 10:02 | review T3 approve               | T3 approved by anna                                                | T1 returned
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              | T2 approved
            |                                 | closed T3/PAYMENT_HELD reviewed by anna                            | T3 approved
03-05 15:00 | submitted T3 on 03-06           | T3 submitted                                                       | T1 returned
            |                                 |                                                                    | T2 approved
            |                                 |                                                                    | T3 submitted
03-06 15:00 | settled T3 100.00 on 03-06      | T3 settled                                                         | T1 returned
            |                                 | suspense +100.00                                                   | T2 approved
            |                                 | Dr cash Cr suspense 100.00                                         | T3 settled
            |                                 | exception T3/UNKNOWN_ACCOUNT medium 100.00                         | suspense 100.00
            |                                 | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT                 |
03-10 15:00 | tick                            | T2 approved not_submitted (approved, but the bank has not seen it) | T1 returned
            |                                 | exception T2/NOT_SUBMITTED high 100.00                             | T2 approved
            |                                 | T3 completed                                                       | T3 completed
            |                                 | unbarred instrument of T1 (T3 settled)                             | suspense 100.00
            |                                 | T1/PAYMENT_RETURNED overdue 1                                      |
            |                                 | alert exception_overdue medium                                     |
03-10 16:00 | repayment T4 100.00 from ACCT-A | repayment T4 100.00                                                | T1 returned
            |                                 | T4 approved by table@1                                             | T2 approved
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              | T3 completed
            |                                 |                                                                    | T4 approved
            |                                 |                                                                    | suspense 100.00

## R07: nobody's word sends a debit without a new authorization
when        | event                           | effects                                                    | after
03-02 10:00 | mandate M1                      | mandate M1                                                 |
03-02 10:01 | repayment T1 6000.00            | repayment T1 6000.00                                       | T1 held
            |                                 | T1 held by table@1                                         |
            |                                 | exception T1/PAYMENT_HELD medium 6000.00                   |
03-02 10:02 | repayment T2 100.00             | repayment T2 100.00                                        | T1 held
            |                                 | T2 approved by table@1                                     | T2 approved
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                      |
03-02 15:00 | submitted T2 on 03-03           | T2 submitted                                               | T1 held
            |                                 |                                                            | T2 submitted
03-04 15:00 | returned T2 R07 100.00 on 03-04 | T2 charged_back R07 (authorization_revoked)                | T1 held
            |                                 | exception T2/PAYMENT_RETURNED high 100.00                  | T2 charged_back
            |                                 | mandate M1 revoked                                         |
            |                                 | barred authorization by T2 R07                             |
            |                                 | alert unauthorized_return high                             |
            |                                 | webhook charged_back 0.00, open 0.00, PAYMENT_RETURNED R07 |
03-04 15:01 | review T1 approve               | refused MANDATE_REVOKED                                    |
03-04 15:02 | mandate M2                      | mandate M2                                                 |
            |                                 | unbarred authorization of T2 (a new authorization)         |
03-04 15:03 | review T1 approve               | T1 approved by anna                                        | T1 approved
            |                                 | debit entry 1 WEB 'PATIENTPAY' 6000.00                     | T2 charged_back
            |                                 | closed T1/PAYMENT_HELD reviewed by anna                    |

## R15: the account holder has died, nothing goes on by itself
when        | event                           | effects                                                | after
03-02 10:00 | mandate M1                      | mandate M1                                             |
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@1                                 |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 15:00 | submitted T1 on 03-03           | T1 submitted                                           | T1 submitted
03-04 15:00 | returned T1 R15 100.00 on 03-04 | T1 returned R15 (account_holder_deceased)              | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | mandate M1 revoked                                     |
            |                                 | barred authorization by T1 R15                         |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R15 |

## R16: an account that is frozen is worth an alert
when        | event                           | effects                                                | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@1                                 |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 15:00 | submitted T1 on 03-03           | T1 submitted                                           | T1 submitted
03-04 15:00 | returned T1 R16 100.00 on 03-04 | T1 returned R16 (account_frozen)                       | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | barred instrument by T1 R16                            |
            |                                 | alert account_frozen high                              |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R16 |

## R11: one corrected entry, no new authorization
when        | event                             | effects                                                    | after
03-02 10:00 | mandate M1                        | mandate M1                                                 |
03-02 10:01 | repayment T1 100.00               | repayment T1 100.00                                        | T1 approved
            |                                   | T1 approved by table@1                                     |
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00                      |
03-02 15:00 | submitted T1 on 03-03             | T1 submitted                                               | T1 submitted
03-02 15:01 | repayment T0 90.00 corrects T1    | refused NOT_CORRECTABLE                                    |
03-20 15:00 | returned T1 R11 100.00 on 03-20   | T1 charged_back R11 (not_per_authorization)                | T1 charged_back
            |                                   | until 2026-05-19 corrected_entry T1 R11                    |
            |                                   | exception T1/PAYMENT_RETURNED high 100.00                  |
            |                                   | alert unauthorized_return high                             |
            |                                   | webhook charged_back 0.00, open 0.00, PAYMENT_RETURNED R11 |
03-21 10:00 | repayment T2 60000.00 corrects T1 | repayment T2 60000.00                                      | T1 charged_back
            |                                   | T2 declined by table@1                                     | T2 declined
            |                                   | webhook declined 0.00, open 0.00                           |
            |                                   | alert hard-limit high                                      |
            |                                   | alert unauthorized critical                                |
03-21 10:01 | repayment T3 90.00 corrects T1    | repayment T3 90.00                                         | T1 charged_back
            |                                   | T3 held by table@1                                         | T2 declined
            |                                   | exception T3/PAYMENT_HELD high 90.00                       | T3 held
            |                                   | alert unauthorized critical                                |
            |                                   | done corrected_entry T1 (corrected by T3)                  |
03-21 10:02 | repayment T4 90.00 corrects T1    | refused NOT_CORRECTABLE                                    |

## R11: after sixty days it is too late
when        | event                           | effects                                                    | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                        | T1 approved
            |                                 | T1 approved by table@1                                     |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                      |
03-02 15:00 | submitted T1 on 03-03           | T1 submitted                                               | T1 submitted
03-20 15:00 | returned T1 R11 100.00 on 03-20 | T1 charged_back R11 (not_per_authorization)                | T1 charged_back
            |                                 | until 2026-05-19 corrected_entry T1 R11                    |
            |                                 | exception T1/PAYMENT_RETURNED high 100.00                  |
            |                                 | alert unauthorized_return high                             |
            |                                 | webhook charged_back 0.00, open 0.00, PAYMENT_RETURNED R11 |
05-20 10:00 | repayment T2 90.00 corrects T1  | refused NOT_CORRECTABLE                                    |
05-21 10:00 | tick                            | done corrected_entry T1 (60 days are over)                 |
            |                                 | T1/PAYMENT_RETURNED overdue 2                              |
            |                                 | alert exception_overdue critical                           |
05-21 10:01 | repayment T3 90.00 corrects T1  | refused NOT_CORRECTABLE                                    |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
