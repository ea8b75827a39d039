"""Whether a re-presentment still goes out when its day has come. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## what it was for is paid otherwise, another balance is still open
when        | event                             | effects                                                              | after
03-02 10:00 | balance B1 100.00 due 04-01       | owes B1 100.00                                                       | B1 100.00
            |                                   | Dr receivable Cr payable 100.00                                      |
03-02 10:00 | balance B2 250.00 due 05-01       | owes B2 250.00                                                       | B1 100.00
            |                                   | Dr receivable Cr payable 250.00                                      | B2 250.00
03-02 10:01 | repayment T1 100.00 for B1        | repayment T1 100.00                                                  | T1 approved
            |                                   | T1 approved by table@1                                               | B1 100.00
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00                                | B2 250.00
03-03 15:00 | settled T1 100.00 on 03-03        | T1 settled                                                           | T1 settled
            |                                   | T1 pays B1 100.00 by id                                              | B1 0.00
            |                                   | Dr cash Cr receivable 100.00                                         | B2 250.00
            |                                   | webhook settled 100.00, open 250.00                                  |
03-04 15:00 | returned T1 R01 100.00 on 03-04   | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                   | B1 owed again 100.00                                                 | B1 100.00
            |                                   | Dr returned Cr cash 100.00                                           | B2 250.00
            |                                   | Dr receivable Cr returned 100.00                                     |
            |                                   | retry 03-09 04:00 as entry 2                                         |
            |                                   | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                   | webhook returned 0.00, open 350.00, PAYMENT_RETURNED R01 retry 03-09 |
03-05 15:00 | deposit D1 100.00 on 03-05 for B1 | deposit D1 100.00                                                    | T1 retry_scheduled
            |                                   | D1 pays B1 100.00 by id                                              | B1 0.00
            |                                   | Dr cash Cr receivable 100.00                                         | B2 250.00
03-09 10:00 | tick                              | T1 returned R01 (paid meanwhile)                                     | T1 returned
            |                                   | webhook returned 0.00, open 250.00, RETRY_DROPPED R01                | B1 0.00
            |                                   |                                                                      | B2 250.00

## it named nothing, but had paid the oldest balance, which is paid now
when        | event                             | effects                                                              | after
03-02 10:00 | balance B1 120.00 due 04-01       | owes B1 120.00                                                       | B1 120.00
            |                                   | Dr receivable Cr payable 120.00                                      |
03-02 10:00 | balance B2 250.00 due 05-01       | owes B2 250.00                                                       | B1 120.00
            |                                   | Dr receivable Cr payable 250.00                                      | B2 250.00
03-02 10:01 | repayment T1 100.00               | repayment T1 100.00                                                  | T1 approved
            |                                   | T1 approved by table@1                                               | B1 120.00
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00                                | B2 250.00
03-03 15:00 | settled T1 100.00 on 03-03        | T1 settled                                                           | T1 settled
            |                                   | T1 pays B1 100.00 by oldest_first                                    | B1 20.00
            |                                   | Dr cash Cr receivable 100.00                                         | B2 250.00
            |                                   | webhook settled 100.00, open 270.00                                  |
03-04 15:00 | returned T1 R01 100.00 on 03-04   | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                   | B1 owed again 100.00                                                 | B1 120.00
            |                                   | Dr returned Cr cash 100.00                                           | B2 250.00
            |                                   | Dr receivable Cr returned 100.00                                     |
            |                                   | retry 03-09 04:00 as entry 2                                         |
            |                                   | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                   | webhook returned 0.00, open 370.00, PAYMENT_RETURNED R01 retry 03-09 |
03-05 15:00 | deposit D1 120.00 on 03-05 for B1 | deposit D1 120.00                                                    | T1 retry_scheduled
            |                                   | D1 pays B1 120.00 by id                                              | B1 0.00
            |                                   | Dr cash Cr receivable 120.00                                         | B2 250.00
03-09 10:00 | tick                              | T1 returned R01 (paid meanwhile)                                     | T1 returned
            |                                   | webhook returned 0.00, open 250.00, RETRY_DROPPED R01                | B1 0.00
            |                                   |                                                                      | B2 250.00

## paid in part: the amount may not change, so a person decides
when        | event                              | effects                                                              | after
03-02 10:00 | balance B1 100.00 due 04-01 ref I1 | owes B1 100.00                                                       | B1 100.00
            |                                    | Dr receivable Cr payable 100.00                                      |
03-02 10:01 | repayment T1 100.00 ref I1         | repayment T1 100.00                                                  | T1 approved
            |                                    | T1 approved by table@1                                               | B1 100.00
            |                                    | debit entry 1 WEB 'PATIENTPAY' 100.00                                |
03-03 15:00 | returned T1 R09 100.00 on 03-03    | T1 returned R09 (uncollected_funds)                                  | T1 retry_scheduled
            |                                    | retry 03-09 04:00 as entry 2                                         | B1 100.00
            |                                    | T1 retry_scheduled R09 (uncollected_funds)                           |
            |                                    | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R09 retry 03-09 |
03-05 15:00 | deposit D1 30.00 on 03-05 for B1   | deposit D1 30.00                                                     | T1 retry_scheduled
            |                                    | D1 pays B1 30.00 by named_first                                      | B1 70.00
            |                                    | Dr cash Cr receivable 30.00                                          |
03-09 10:00 | tick                               | T1 returned R09 (paid in part meanwhile)                             | T1 returned
            |                                    | exception T1/PAYMENT_RETURNED medium 100.00                          | B1 70.00
            |                                    | webhook returned 0.00, open 70.00, RETRY_DROPPED R09                 |

## another debit for the same balance is on its way
when        | event                           | effects                                                              | after
03-02 10:00 | balance B1 100.00 due 04-01     | owes B1 100.00                                                       | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                                      |
03-02 10:01 | repayment T1 100.00 for B1      | repayment T1 100.00                                                  | T1 approved
            |                                 | T1 approved by table@1                                               | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                |
03-02 15:00 | submitted T1 on 03-03           | T1 submitted                                                         | T1 submitted
            |                                 |                                                                      | B1 100.00
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                 | retry 03-09 04:00 as entry 2                                         | B1 100.00
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R01 retry 03-09 |
03-05 15:00 | repayment T2 100.00 for B1      | repayment T2 100.00                                                  | T1 retry_scheduled
            |                                 | T2 approved by table@1                                               | T2 approved
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                | B1 100.00
03-05 16:00 | submitted T2 on 03-09           | T2 submitted                                                         | T1 retry_scheduled
            |                                 |                                                                      | T2 submitted
            |                                 |                                                                      | B1 100.00
03-09 10:00 | tick                            | T1 returned R01 (another payment for it is on its way)               | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                          | T2 submitted
            |                                 | webhook returned 0.00, open 100.00, RETRY_DROPPED R01                | B1 100.00

## the bank account turns out to be closed
when        | event                           | effects                                                            | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@1                                             |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-02 10:02 | repayment T2 150.00             | repayment T2 150.00                                                | T1 approved
            |                                 | T2 approved by table@1                                             | T2 approved
            |                                 | debit entry 1 WEB 'PATIENTPAY' 150.00                              |
03-03 15:00 | submitted T1 on 03-03           | T1 submitted                                                       | T1 submitted
            |                                 |                                                                    | T2 approved
03-03 15:00 | submitted T2 on 03-03           | T2 submitted                                                       | T1 submitted
            |                                 |                                                                    | T2 submitted
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                 | retry 03-09 04:00 as entry 2                                       | T2 submitted
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-09 |
03-04 15:01 | returned T2 R02 150.00 on 03-04 | T2 returned R02 (account_closed)                                   | T1 retry_scheduled
            |                                 | exception T2/PAYMENT_RETURNED medium 150.00                        | T2 returned
            |                                 | barred instrument by T2 R02                                        |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02             |
03-09 10:00 | tick                            | T1 returned R01 (flagged: RETURNED_R02)                            | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                        | T2 returned
            |                                 | webhook returned 0.00, open 0.00, RETRY_DROPPED R01                |

## a late return is not presented again
when        | event                           | effects                                                                 | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                                     | T1 approved
            |                                 | T1 approved by table@1                                                  |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                   |
03-03 15:00 | submitted T1 on 03-03           | T1 submitted                                                            | T1 submitted
03-06 15:00 | returned T1 R01 100.00 on 03-06 | T1 returned R01 (insufficient_funds)                                    | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                             |
            |                                 | exception T1/RETURN_LATE high 100.00                                    |
            |                                 | until 2026-03-13 dishonor T1 R01                                        |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01, RETURN_LATE R01 |
03-11 10:00 | tick                            | T1/RETURN_LATE overdue 1                                                |
            |                                 | alert exception_overdue high                                            |

## the hospital is paused: the retry waits for the day after its return
when        | event                           | effects                                                            | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@1                                             |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-03 15:00 | submitted T1 on 03-03           | T1 submitted                                                       | T1 submitted
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                 | retry 03-09 04:00 as entry 2                                       |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-09 |
03-05 10:00 | rollout H1 paused               | rollout H1 paused                                                  |
03-09 10:00 | tick                            | T1 retry_scheduled R01 (the hospital is in its phase paused)       |
03-10 10:00 | rollout H1 live                 | rollout H1 live                                                    |
03-10 10:01 | tick                            | T1 approved re_presented (re-presentment is due)                   | T1 approved
            |                                 | debit entry 2 WEB 'RETRY PYMT' 100.00                              |

## the clock comes after the 180 days
when        | event                           | effects                                                            | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@1                                             |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-03 15:00 | submitted T1 on 03-03           | T1 submitted                                                       | T1 submitted
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                 | retry 03-09 04:00 as entry 2                                       |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-09 |
09-01 10:00 | tick                            | T1 returned R01 (180 days are over)                                | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                        |
            |                                 | webhook returned 0.00, open 0.00, RETRY_DROPPED R01                |

## R08: presented again only under a new authorization that names it
when        | event                           | effects                                                | after
03-02 10:00 | mandate M1                      | mandate M1                                             |
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@1                                 |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-03 15:00 | submitted T1 on 03-03           | T1 submitted                                           | T1 submitted
03-04 15:00 | returned T1 R08 100.00 on 03-04 | T1 returned R08 (payment_stopped)                      | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R08 |
03-05 10:00 | mandate M2                      | mandate M2                                             |
03-05 10:01 | mandate M3 reauthorizes T1      | mandate M3                                             | T1 retry_scheduled
            |                                 | retry 03-10 04:00 as entry 2                           |
            |                                 | T1 retry_scheduled R08 (payment_stopped)               |
            |                                 | closed T1/PAYMENT_RETURNED authorized anew             |
03-05 10:02 | mandate M4 reauthorizes T1      | mandate M4                                             |
            |                                 | exception T1/NOTHING_TO_REAUTHORIZE low 0.00           |
03-10 10:00 | tick                            | T1 approved re_presented (re-presentment is due)       | T1 approved
            |                                 | debit entry 2 WEB 'RETRY PYMT' 100.00                  |
03-10 15:00 | submitted T1 on 03-11           | T1 submitted                                           | T1 submitted
03-12 15:00 | returned T1 R08 100.00 on 03-12 | T1 returned R08 (payment_stopped)                      | T1 returned
            |                                 | closed T1/NOTHING_TO_REAUTHORIZE returned              |
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R08 |
03-13 15:00 | mandate M5 reauthorizes T1      | mandate M5                                             | T1 retry_scheduled
            |                                 | retry 03-18 04:00 as entry 3                           |
            |                                 | T1 retry_scheduled R08 (payment_stopped)               |
            |                                 | closed T1/PAYMENT_RETURNED authorized anew             |
03-18 15:00 | tick                            | T1 approved re_presented (re-presentment is due)       | T1 approved
            |                                 | debit entry 3 WEB 'RETRY PYMT' 100.00                  |
03-18 16:00 | submitted T1 on 03-19           | T1 submitted                                           | T1 submitted
03-20 15:00 | returned T1 R08 100.00 on 03-20 | T1 returned R08 (payment_stopped)                      | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R08 |
03-23 15:00 | mandate M6 reauthorizes T1      | mandate M6                                             |
            |                                 | exception T1/NOTHING_TO_REAUTHORIZE low 0.00           |
03-23 15:01 | mandate M7 reauthorizes T9      | mandate M7                                             |
            |                                 | exception T9/NOTHING_TO_REAUTHORIZE low 0.00           |

## R08: the new authorization came after 180 days
when        | event                           | effects                                                | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@1                                 |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-03 15:00 | submitted T1 on 03-03           | T1 submitted                                           | T1 submitted
03-04 15:00 | returned T1 R08 100.00 on 03-04 | T1 returned R08 (payment_stopped)                      | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R08 |
09-10 10:00 | mandate M1 reauthorizes T1      | mandate M1                                             |
            |                                 | exception T1/NOTHING_TO_REAUTHORIZE low 0.00           |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
