"""Debits withdrawn before the cut-off. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## with the last mandate go the debits that wait for a cut
when        | event                       | effects                                       | after
03-02 10:00 | mandate M1                  | mandate M1                                    |
03-02 10:00 | mandate M2                  | mandate M2                                    |
03-02 10:01 | balance B1 100.00 due 04-01 | owes B1 100.00                                | B1 100.00
            |                             | Dr receivable Cr payable 100.00               |
03-02 10:02 | repayment T1 60.00 for B1   | repayment T1 60.00                            | T1 approved
            |                             | T1 approved by table@1                        | B1 100.00
            |                             | debit entry 1 WEB 'PATIENTPAY' 60.00          |
03-02 10:02 | repayment T2 40.00 for B1   | repayment T2 40.00                            | T1 approved
            |                             | T2 approved by table@1                        | T2 approved
            |                             | debit entry 1 WEB 'PATIENTPAY' 40.00          | B1 100.00
03-02 10:03 | disbursement T3 10.00       | disbursement T3 10.00                         | T1 approved
            |                             | T3 approved by table@1                        | T2 approved
            |                             | Dr payable Cr transit 10.00                   | T3 approved
            |                             | credit entry 1 CCD 'DISBURSE' 10.00           | B1 100.00
            |                             |                                               | transit 10.00
03-02 15:00 | submitted T2 on 03-03       | T2 submitted                                  | T1 approved
            |                             |                                               | T2 submitted
            |                             |                                               | T3 approved
            |                             |                                               | B1 100.00
            |                             |                                               | transit 10.00
03-02 15:01 | revoke M1                   | mandate M1 revoked                            |
03-02 15:02 | revoke M2                   | mandate M2 revoked                            | T1 canceled
            |                             | T1 canceled withdrawn (mandate revoked)       | T2 submitted
            |                             | webhook canceled 0.00, open 100.00, WITHDRAWN | T3 approved
            |                             |                                               | B1 100.00
            |                             |                                               | transit 10.00
03-02 15:03 | submitted T1 on 03-03       | refused NOT_SUBMITTABLE                       |
            |                             | exception T1/NOT_SUBMITTABLE high 60.00       |

## with the consent to payments go the debits that wait for a cut
when        | event                | effects                                     | after
03-02 10:00 | consent payments yes | consent payments yes                        |
03-02 10:00 | consent sms yes      | consent sms yes                             |
03-02 10:01 | repayment T1 60.00   | repayment T1 60.00                          | T1 approved
            |                      | T1 approved by table@1                      |
            |                      | debit entry 1 WEB 'PATIENTPAY' 60.00        |
            |                      | sms approved                                |
03-02 10:02 | repayment T2 6000.00 | repayment T2 6000.00                        | T1 approved
            |                      | T2 held by table@1                          | T2 held
            |                      | exception T2/PAYMENT_HELD medium 6000.00    |
            |                      | sms held                                    |
03-02 10:03 | consent sms no       | consent sms no                              |
03-02 10:04 | consent payments no  | consent payments no                         | T1 canceled
            |                      | T1 canceled withdrawn (consent withdrawn)   | T2 held
            |                      | webhook canceled 0.00, open 0.00, WITHDRAWN |
03-02 10:05 | cancel T1            | refused DUPLICATE                           |

## a re-presentment that waits for a cut is withdrawn like any debit
when        | event                          | effects                                                            | after
03-02 10:00 | mandate M1                     | mandate M1                                                         |
03-02 10:01 | repayment T1 60.00             | repayment T1 60.00                                                 | T1 approved
            |                                | T1 approved by table@1                                             |
            |                                | debit entry 1 WEB 'PATIENTPAY' 60.00                               |
03-02 15:00 | submitted T1 on 03-03          | T1 submitted                                                       | T1 submitted
03-04 15:00 | returned T1 R01 60.00 on 03-04 | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                | retry 03-09 04:00 as entry 2                                       |
            |                                | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-09 |
03-09 10:00 | tick                           | T1 approved re_presented (re-presentment is due)                   | T1 approved
            |                                | debit entry 2 WEB 'RETRY PYMT' 60.00                               |
03-09 10:01 | revoke M1                      | mandate M1 revoked                                                 | T1 canceled
            |                                | T1 canceled withdrawn (mandate revoked)                            |
            |                                | webhook canceled 0.00, open 0.00, WITHDRAWN                        |

## one debit was not authorized: the others are not sent
when        | event                          | effects                                                    | after
03-02 10:00 | mandate M1                     | mandate M1                                                 |
03-02 10:01 | repayment T1 60.00             | repayment T1 60.00                                         | T1 approved
            |                                | T1 approved by table@1                                     |
            |                                | debit entry 1 WEB 'PATIENTPAY' 60.00                       |
03-02 10:02 | submitted T1 on 03-03          | T1 submitted                                               | T1 submitted
03-04 10:00 | repayment T2 40.00             | repayment T2 40.00                                         | T1 submitted
            |                                | T2 approved by table@1                                     | T2 approved
            |                                | debit entry 1 WEB 'PATIENTPAY' 40.00                       |
03-04 15:00 | returned T1 R07 60.00 on 03-04 | T1 charged_back R07 (authorization_revoked)                | T1 charged_back
            |                                | exception T1/PAYMENT_RETURNED high 60.00                   | T2 canceled
            |                                | mandate M1 revoked                                         |
            |                                | barred authorization by T1 R07                             |
            |                                | alert unauthorized_return high                             |
            |                                | T2 canceled withdrawn (another debit was returned R07)     |
            |                                | webhook canceled 0.00, open 0.00, WITHDRAWN                |
            |                                | webhook charged_back 0.00, open 0.00, PAYMENT_RETURNED R07 |

## the bank account is closed: no further debit goes there, one to another account does
when        | event                          | effects                                                | after
03-02 10:01 | repayment T1 60.00 from ACCT-A | repayment T1 60.00                                     | T1 approved
            |                                | T1 approved by table@1                                 |
            |                                | debit entry 1 WEB 'PATIENTPAY' 60.00                   |
03-02 10:02 | submitted T1 on 03-03          | T1 submitted                                           | T1 submitted
03-04 10:00 | repayment T2 40.00 from ACCT-A | repayment T2 40.00                                     | T1 submitted
            |                                | T2 approved by table@1                                 | T2 approved
            |                                | debit entry 1 WEB 'PATIENTPAY' 40.00                   |
03-04 10:01 | repayment T3 30.00 from ACCT-B | repayment T3 30.00                                     | T1 submitted
            |                                | T3 approved by table@1                                 | T2 approved
            |                                | debit entry 1 WEB 'PATIENTPAY' 30.00                   | T3 approved
03-04 15:00 | returned T1 R02 60.00 on 03-04 | T1 returned R02 (account_closed)                       | T1 returned
            |                                | exception T1/PAYMENT_RETURNED medium 60.00             | T2 canceled
            |                                | barred instrument by T1 R02                            | T3 approved
            |                                | T2 canceled withdrawn (another debit was returned R02) |
            |                                | webhook canceled 0.00, open 0.00, WITHDRAWN            |
            |                                | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02 |

## a prenote that waits for a cut is withdrawn with its debit
when        | event              | effects                                     | after
03-02 10:00 | mandate M1         | mandate M1                                  |
03-02 10:00 | policy 23 PRENOTES | policy table@23                             |
03-02 10:01 | repayment T1 60.00 | repayment T1 60.00                          | T1 approved
            |                    | T1 approved by table@23                     |
            |                    | until 2026-03-05 prenote T1                 |
            |                    | debit entry 0 WEB 'PRENOTE' 0.00            |
03-02 10:02 | revoke M1          | mandate M1 revoked                          | T1 canceled
            |                    | T1 canceled withdrawn (mandate revoked)     |
            |                    | done prenote T1 (withdrawn)                 |
            |                    | webhook canceled 0.00, open 0.00, WITHDRAWN |
03-05 05:00 | tick               |                                             |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
