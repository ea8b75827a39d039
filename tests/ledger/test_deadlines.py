"""What falls due when the clock moves on. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a hold that nobody uses expires after seven days
when        | event                  | effects                                           | after
03-02 10:00 | preapproval T1 1000.00 | preapproval T1 1000.00                            | T1 approved
            |                        | T1 approved by table@1                            | hold 1000.00
            |                        | Dr holds Cr payable 1000.00                       |
            |                        | credit applied at H1 1000.00                      |
            |                        | credit entry 1 CCD 'DISBURSE' 1000.00             |
03-09 09:59 | tick                   |                                                   |
03-09 10:00 | tick                   | T1 canceled hold_expired (not sent within 7 days) | T1 canceled
            |                        | Dr payable Cr holds 1000.00                       |
            |                        | webhook canceled 0.00, open 0.00, HOLD_EXPIRED    |
03-09 10:01 | tick                   |                                                   |

## an approved payment that the bank never saw
when        | event               | effects                                                            | after
03-02 10:00 | repayment T1 100.00 | repayment T1 100.00                                                | T1 approved
            |                     | T1 approved by table@1                                             |
            |                     | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-05 04:59 | tick                |                                                                    |
03-05 05:00 | tick                | T1 approved not_submitted (approved, but the bank has not seen it) |
            |                     | exception T1/NOT_SUBMITTED high 100.00                             |
03-06 15:00 | submitted T1        | T1 submitted                                                       | T1 submitted
            |                     | closed T1/NOT_SUBMITTED submitted                                  |

## a submitted payment that never settles, then does
when        | event                      | effects                                            | after
03-02 10:00 | repayment T1 100.00        | repayment T1 100.00                                | T1 approved
            |                            | T1 approved by table@1                             |
            |                            | debit entry 1 WEB 'PATIENTPAY' 100.00              |
03-02 15:00 | submitted T1 on 03-03      | T1 submitted                                       | T1 submitted
03-06 04:59 | tick                       |                                                    |
03-06 05:00 | tick                       | T1 submitted settlement_missing                    |
            |                            | exception T1/SETTLEMENT_MISSING medium 100.00      |
03-10 15:00 | settled T1 100.00 on 03-10 | T1 settled                                         | T1 settled
            |                            | suspense +100.00                                   | suspense 100.00
            |                            | Dr cash Cr suspense 100.00                         |
            |                            | exception T1/UNKNOWN_ACCOUNT medium 100.00         |
            |                            | closed T1/SETTLEMENT_MISSING settled               |
            |                            | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT |

## a settled payment is completed when ordinary returns are over
when        | event                      | effects                              | after
03-06 10:00 | disbursement T1 100.00     | disbursement T1 100.00               | T1 approved
            |                            | T1 approved by table@1               | transit 100.00
            |                            | Dr payable Cr transit 100.00         |
            |                            | credit entry 1 CCD 'DISBURSE' 100.00 |
03-06 15:00 | settled T1 100.00 on 03-06 | T1 settled                           | T1 settled
            |                            | Dr transit Cr cash 100.00            |
            |                            | webhook settled 100.00, open 0.00    |
03-10 03:59 | tick                       |                                      |
03-10 04:00 | tick                       | T1 completed                         | T1 completed

## a retry is dropped: paid meanwhile
when        | event                             | effects                                                              | after
03-02 10:00 | consent sms yes                   | consent sms yes                                                      |
03-02 10:00 | balance B1 100.00 due 04-01       | owes B1 100.00                                                       | B1 100.00
            |                                   | Dr receivable Cr payable 100.00                                      |
03-02 10:01 | repayment T1 100.00 for B1        | repayment T1 100.00                                                  | T1 approved
            |                                   | T1 approved by table@1                                               | B1 100.00
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00                                |
            |                                   | sms approved                                                         |
03-03 15:00 | settled T1 100.00 on 03-03        | T1 settled                                                           | T1 settled
            |                                   | T1 pays B1 100.00 by id                                              | B1 0.00
            |                                   | Dr cash Cr receivable 100.00                                         |
            |                                   | webhook settled 100.00, open 0.00                                    |
03-04 15:00 | returned T1 R01 100.00 on 03-04   | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                   | B1 owed again 100.00                                                 | B1 100.00
            |                                   | Dr returned Cr cash 100.00                                           |
            |                                   | Dr receivable Cr returned 100.00                                     |
            |                                   | retry 03-09 04:00 as entry 2                                         |
            |                                   | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                   | sms retry_scheduled                                                  |
            |                                   | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R01 retry 03-09 |
03-05 15:00 | deposit D1 100.00 on 03-05 for B1 | deposit D1 100.00                                                    | T1 retry_scheduled
            |                                   | D1 pays B1 100.00 by id                                              | B1 0.00
            |                                   | Dr cash Cr receivable 100.00                                         |
03-09 10:00 | tick                              | T1 returned R01 (paid meanwhile)                                     | T1 returned
            |                                   | sms paid                                                             | B1 0.00
            |                                   | webhook returned 0.00, open 0.00, RETRY_DROPPED R01                  |

## a retry is dropped: the mandate was revoked
when        | event                           | effects                                                            | after
03-02 10:00 | mandate M1                      | mandate M1                                                         |
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@1                                             |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-02 15:00 | submitted T1                    | T1 submitted                                                       | T1 submitted
03-04 15:00 | returned T1 R09 100.00 on 03-04 | T1 returned R09 (uncollected_funds)                                | T1 retry_scheduled
            |                                 | retry 03-09 04:00 as entry 2                                       |
            |                                 | T1 retry_scheduled R09 (uncollected_funds)                         |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R09 retry 03-09 |
03-05 15:00 | revoke M1                       | mandate M1 revoked                                                 |
03-09 10:00 | tick                            | T1 returned R09 (mandate revoked meanwhile)                        | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                        |
            |                                 | webhook returned 0.00, open 0.00, RETRY_DROPPED R09                |
03-10 10:00 | repayment T2 100.00             | repayment T2 100.00                                                | T1 returned
            |                                 | T2 held by table@1 MANDATE_REVOKED                                 | T2 held
            |                                 | exception T2/PAYMENT_HELD medium 100.00                            |

## a retry is dropped: the consent was withdrawn
when        | event                           | effects                                                            | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@1                                             |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-02 15:00 | submitted T1                    | T1 submitted                                                       | T1 submitted
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                 | retry 03-09 04:00 as entry 2                                       |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-09 |
03-05 15:00 | consent payments no             | consent payments no                                                |
03-09 10:00 | tick                            | T1 returned R01 (consent withdrawn meanwhile)                      | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                        |
            |                                 | webhook returned 0.00, open 0.00, RETRY_DROPPED R01                |

## a scheduled retry is withdrawn
when        | event                           | effects                                                            | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@1                                             |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-02 15:00 | submitted T1                    | T1 submitted                                                       | T1 submitted
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                 | retry 03-09 04:00 as entry 2                                       |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-09 |
03-05 15:00 | cancel T1                       | T1 canceled                                                        | T1 canceled
03-09 10:00 | tick                            |                                                                    |

## several deadlines of one account in one tick
when        | event                     | effects                                                            | after
03-02 10:00 | preapproval T1 1000.00    | preapproval T1 1000.00                                             | T1 approved
            |                           | T1 approved by table@1                                             | hold 1000.00
            |                           | Dr holds Cr payable 1000.00                                        |
            |                           | credit applied at H1 1000.00                                       |
            |                           | credit entry 1 CCD 'DISBURSE' 1000.00                              |
03-02 10:01 | disbursement T2 50.00     | disbursement T2 50.00                                              | T1 approved
            |                           | T2 approved by table@1                                             | T2 approved
            |                           | Dr payable Cr transit 50.00                                        | hold 1000.00
            |                           | credit entry 1 CCD 'DISBURSE' 50.00                                | transit 50.00
03-02 10:02 | settled T9 70.00 on 03-02 | parked T9 until 03-03 10:02                                        |
03-20 10:00 | tick                      | T1 canceled hold_expired (not sent within 7 days)                  | T1 canceled
            |                           | Dr payable Cr holds 1000.00                                        | T2 approved
            |                           | webhook canceled 0.00, open 0.00, HOLD_EXPIRED                     | transit 50.00
            |                           | T2 approved not_submitted (approved, but the bank has not seen it) | suspense 70.00
            |                           | exception T2/NOT_SUBMITTED high 50.00                              |
            |                           | unparked T9 expired                                                |
            |                           | suspense +70.00                                                    |
            |                           | Dr cash Cr suspense 70.00                                          |
            |                           | exception T9/UNKNOWN_TRANSACTION high 70.00                        |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
