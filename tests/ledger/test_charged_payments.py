"""Fees on payments and on returned debits, and the entry that collects a return fee."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a return fee is owed, and debited in an entry of its own where a mandate is in force
when        | event                           | effects                                                                | after
04-01 10:00 | policy 14 RETURNS               | policy table@14                                                        |
04-01 10:00 | mandate M1                      | mandate M1                                                             |
04-01 10:00 | balance B1 100.00 due 05-01     | owes B1 100.00                                                         | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                                        |
04-01 10:01 | repayment T1 100.00 for B1      | repayment T1 100.00                                                    | T1 approved
            |                                 | T1 approved by table@14                                                | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                  |
04-02 10:00 | submitted T1 on 04-02           | T1 submitted                                                           | T1 submitted
            |                                 |                                                                        | B1 100.00
04-02 15:00 | settled T1 100.00 on 04-02      | T1 settled                                                             | T1 settled
            |                                 | T1 pays B1 100.00 by id                                                | B1 0.00
            |                                 | Dr cash Cr receivable 100.00                                           |
            |                                 | webhook settled 100.00, open 0.00                                      |
04-03 15:00 | returned T1 R01 100.00 on 04-03 | T1 returned R01 (insufficient_funds)                                   | T1 retry_scheduled
            |                                 | B1 owed again 100.00                                                   | FEE-T1 approved
            |                                 | Dr returned Cr cash 100.00                                             | B1 100.00
            |                                 | Dr receivable Cr returned 100.00                                       | T1/return-fee 25.00
            |                                 | retry 04-08 04:00 as entry 2                                           |
            |                                 | charged T1/return-fee 25.00                                            |
            |                                 | Dr receivable Cr fees 25.00                                            |
            |                                 | repayment FEE-T1 25.00                                                 |
            |                                 | FEE-T1 approved by table@14                                            |
            |                                 | debit entry 1 PPD 'RETURN FEE' 25.00                                   |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                            |
            |                                 | webhook returned 0.00, open 125.00, PAYMENT_RETURNED R01 retry 04-08   |
04-08 12:00 | tick                            | T1 approved re_presented (re-presentment is due)                       | T1 approved
            |                                 | debit entry 2 WEB 'RETRY PYMT' 100.00                                  | FEE-T1 approved
            |                                 | FEE-T1 approved not_submitted (approved, but the bank has not seen it) | B1 100.00
            |                                 | exception FEE-T1/NOT_SUBMITTED high 25.00                              | T1/return-fee 25.00
04-09 12:00 | submitted T1 on 04-09           | T1 submitted                                                           | T1 submitted
            |                                 |                                                                        | FEE-T1 approved
            |                                 |                                                                        | B1 100.00
            |                                 |                                                                        | T1/return-fee 25.00
04-10 12:00 | returned T1 R01 100.00 on 04-10 | T1 returned R01 (insufficient_funds)                                   | T1 retry_scheduled
            |                                 | retry 04-15 04:00 as entry 3                                           | FEE-T1 approved
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                            | B1 100.00
            |                                 | webhook returned 0.00, open 125.00, PAYMENT_RETURNED R01 retry 04-15   | T1/return-fee 25.00

## the entry of a return fee settles, and comes back: no fee on a fee
when        | event                              | effects                                                             | after
04-01 10:00 | policy 14 RETURNS                  | policy table@14                                                     |
04-01 10:00 | mandate M1                         | mandate M1                                                          |
04-01 10:01 | repayment T1 100.00                | repayment T1 100.00                                                 | T1 approved
            |                                    | T1 approved by table@14                                             |
            |                                    | debit entry 1 WEB 'PATIENTPAY' 100.00                               |
04-02 10:00 | submitted T1 on 04-02              | T1 submitted                                                        | T1 submitted
04-03 15:00 | returned T1 R09 100.00 on 04-03    | T1 returned R09 (uncollected_funds)                                 | T1 retry_scheduled
            |                                    | retry 04-08 04:00 as entry 2                                        | FEE-T1 approved
            |                                    | charged T1/return-fee 25.00                                         | T1/return-fee 25.00
            |                                    | Dr receivable Cr fees 25.00                                         |
            |                                    | repayment FEE-T1 25.00                                              |
            |                                    | FEE-T1 approved by table@14                                         |
            |                                    | debit entry 1 PPD 'RETURN FEE' 25.00                                |
            |                                    | T1 retry_scheduled R09 (uncollected_funds)                          |
            |                                    | webhook returned 0.00, open 25.00, PAYMENT_RETURNED R09 retry 04-08 |
04-06 10:00 | submitted FEE-T1 on 04-06          | FEE-T1 submitted                                                    | T1 retry_scheduled
            |                                    |                                                                     | FEE-T1 submitted
            |                                    |                                                                     | T1/return-fee 25.00
04-06 15:00 | settled FEE-T1 25.00 on 04-06      | FEE-T1 settled                                                      | T1 retry_scheduled
            |                                    | FEE-T1 pays T1/return-fee 25.00 by id                               | FEE-T1 settled
            |                                    | Dr cash Cr receivable 25.00                                         | T1/return-fee 0.00
            |                                    | webhook settled 25.00, open 0.00                                    |
04-07 15:00 | returned FEE-T1 R08 25.00 on 04-07 | FEE-T1 returned R08 (payment_stopped)                               | T1 retry_scheduled
            |                                    | T1/return-fee owed again 25.00                                      | FEE-T1 returned
            |                                    | Dr returned Cr cash 25.00                                           | T1/return-fee 25.00
            |                                    | Dr receivable Cr returned 25.00                                     |
            |                                    | exception FEE-T1/PAYMENT_RETURNED medium 25.00                      |
            |                                    | webhook returned 0.00, open 25.00, PAYMENT_RETURNED R08             |

## without a mandate the return fee is owed like any other
when        | event                           | effects                                                              | after
04-01 10:00 | policy 14 RETURNS               | policy table@14                                                      |
04-01 10:00 | balance B1 100.00 due 05-01     | owes B1 100.00                                                       | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                                      |
04-01 10:01 | repayment T1 100.00 for B1      | repayment T1 100.00                                                  | T1 approved
            |                                 | T1 approved by table@14                                              | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                |
04-02 10:00 | submitted T1 on 04-02           | T1 submitted                                                         | T1 submitted
            |                                 |                                                                      | B1 100.00
04-03 15:00 | returned T1 R01 100.00 on 04-03 | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                 | retry 04-08 04:00 as entry 2                                         | B1 100.00
            |                                 | charged T1/return-fee 25.00                                          | T1/return-fee 25.00
            |                                 | Dr receivable Cr fees 25.00                                          |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                 | webhook returned 0.00, open 125.00, PAYMENT_RETURNED R01 retry 04-08 |

## the law of the network allows no fee on other returns
when        | event                           | effects                                                | after
04-01 10:00 | policy 14 RETURNS               | policy table@14                                        |
04-01 10:00 | mandate M1                      | mandate M1                                             |
04-01 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@14                                |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
04-02 10:00 | submitted T1 on 04-02           | T1 submitted                                           | T1 submitted
04-03 15:00 | returned T1 R02 100.00 on 04-03 | T1 returned R02 (account_closed)                       | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | barred instrument by T1 R02                            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02 |

## a fee on a payment, taken back when the payment never goes out
when        | event                       | effects                                   | after
04-01 10:00 | policy 15 FEES              | policy table@15                           |
04-01 10:00 | balance B1 100.00 due 05-01 | owes B1 100.00                            | B1 100.00
            |                             | Dr receivable Cr payable 100.00           |
04-01 10:01 | repayment T1 101.50 for B1  | repayment T1 101.50                       | T1 approved
            |                             | T1 approved by table@15                   | B1 100.00
            |                             | debit entry 1 WEB 'PATIENTPAY' 101.50     | T1/processing 1.52
            |                             | charged T1/processing 1.52                |
            |                             | Dr receivable Cr fees 1.52                |
04-01 10:02 | repayment T2 50.00 for B1   | repayment T2 50.00                        | T1 approved
            |                             | T2 approved by table@15                   | T2 approved
            |                             | debit entry 1 WEB 'PATIENTPAY' 50.00      | B1 100.00
            |                             | charged T2/processing 1.00                | T1/processing 1.52
            |                             | Dr receivable Cr fees 1.00                | T2/processing 1.00
04-01 11:00 | cancel T2                   | T2 canceled                               | T1 approved
            |                             | waived T2/processing 1.00                 | T2 canceled
            |                             | Dr fees Cr receivable 1.00                | B1 100.00
            |                             |                                           | T1/processing 1.52
            |                             |                                           | T2/processing 0.00
04-02 15:00 | settled T1 101.50 on 04-02  | T1 settled                                | T1 settled
            |                             | T1 pays T1/processing 1.52 by named_first | T2 canceled
            |                             | Dr cash Cr receivable 1.52                | B1 0.02
            |                             | T1 pays B1 99.98 by named_first           | T1/processing 0.00
            |                             | Dr cash Cr receivable 99.98               | T2/processing 0.00
            |                             | webhook settled 101.50, open 0.02         |

## a fee on a payment that a person approves
when        | event                | effects                                        | after
04-01 10:00 | policy 15 FEES       | policy table@15                                |
04-01 10:00 | repayment T1 6000.00 | repayment T1 6000.00                           | T1 held
            |                      | T1 held by table@15                            |
            |                      | exception T1/PAYMENT_HELD medium 6000.00       |
04-01 11:00 | review T1 approve    | T1 approved by anna                            | T1 approved
            |                      | debit entry 1 WEB 'PATIENTPAY' 6000.00         | T1/processing 60.50
            |                      | closed T1/PAYMENT_HELD reviewed by anna        |
            |                      | charged T1/processing 60.50                    |
            |                      | Dr receivable Cr fees 60.50                    |
04-02 11:00 | failed T1            | T1 failed                                      | T1 failed
            |                      | exception T1/PAYMENT_FAILED medium 6000.00     | T1/processing 0.00
            |                      | waived T1/processing 60.50                     |
            |                      | Dr fees Cr receivable 60.50                    |
            |                      | webhook failed 0.00, open 0.00, PAYMENT_FAILED |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
