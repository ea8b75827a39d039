"""The rule book's say in re-presentments: which returns, how often, after how many days, and who schedules them."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## the book's retry: one, after fourteen days
when        | event                           | effects                                                            | after
04-01 10:00 | policy 20 PATIENT-RETRY         | policy table@20                                                    |
04-01 10:00 | consent sms yes                 | consent sms yes                                                    |
04-01 10:01 | repayment T1 100.00             | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@20                                            |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
            |                                 | sms approved                                                       |
04-02 10:00 | submitted T1 on 04-02           | T1 submitted                                                       | T1 submitted
04-03 15:00 | returned T1 R01 100.00 on 04-03 | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                 | retry 04-17 04:00 as entry 2                                       |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                 | sms retry_scheduled                                                |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 04-17 |
04-17 12:00 | tick                            | T1 approved re_presented (re-presentment is due)                   | T1 approved
            |                                 | debit entry 2 WEB 'RETRY PYMT' 100.00                              |
            |                                 | sms retry                                                          |
04-20 10:00 | submitted T1 on 04-20           | T1 submitted                                                       | T1 submitted
04-21 15:00 | returned T1 R01 100.00 on 04-21 | T1 returned R01 (insufficient_funds)                               | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                        |
            |                                 | sms final                                                          |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01             |

## a return that the book does not retry, and an amount too small for it
when        | event                           | effects                                                | after
04-01 10:00 | policy 20 PATIENT-RETRY         | policy table@20                                        |
04-01 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@20                                |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
04-01 10:01 | repayment T2 49.99              | repayment T2 49.99                                     | T1 approved
            |                                 | T2 approved by table@20                                | T2 approved
            |                                 | debit entry 1 WEB 'PATIENTPAY' 49.99                   |
04-02 10:00 | submitted T1 on 04-02           | T1 submitted                                           | T1 submitted
            |                                 |                                                        | T2 approved
04-02 10:00 | submitted T2 on 04-02           | T2 submitted                                           | T1 submitted
            |                                 |                                                        | T2 submitted
04-03 15:00 | returned T1 R09 100.00 on 04-03 | T1 returned R09 (uncollected_funds)                    | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            | T2 submitted
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R09 |
04-03 15:00 | returned T2 R01 49.99 on 04-03  | T2 returned R01 (insufficient_funds)                   | T1 returned
            |                                 | exception T2/PAYMENT_RETURNED medium 49.99             | T2 returned
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 |

## CREDIT schedules retries itself
when        | event                           | effects                                                | after
04-01 10:00 | policy 22 CREDIT-RETRY          | policy table@22                                        |
04-01 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@22                                |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
04-02 10:00 | submitted T1 on 04-02           | T1 submitted                                           | T1 submitted
04-03 15:00 | returned T1 R01 100.00 on 04-03 | T1 returned R01 (insufficient_funds)                   | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 |

## what a payment had paid of a late fee is owed again, and the retry takes it too
when        | event                           | effects                                                              | after
04-01 10:00 | policy 11 LATE                  | policy table@11                                                      |
04-01 10:00 | balance B1 100.00 due 04-15     | owes B1 100.00                                                       | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                                      |
            |                                 | B1: look 04-26 04:00                                                 |
04-26 04:00 | tick                            | charged B1/late-fee 15.00                                            | B1 100.00
            |                                 | Dr receivable Cr fees 15.00                                          | B1/late-fee 15.00
            |                                 | B1: no look                                                          |
04-27 10:00 | repayment T1 115.00 for B1      | repayment T1 115.00                                                  | T1 approved
            |                                 | T1 approved by table@11                                              | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 115.00                                | B1/late-fee 15.00
04-28 15:00 | settled T1 115.00 on 04-28      | T1 settled                                                           | T1 settled
            |                                 | T1 pays B1/late-fee 15.00 by id                                      | B1 0.00
            |                                 | Dr cash Cr receivable 15.00                                          | B1/late-fee 0.00
            |                                 | T1 pays B1 100.00 by id                                              |
            |                                 | Dr cash Cr receivable 100.00                                         |
            |                                 | webhook settled 115.00, open 0.00                                    |
04-29 15:00 | returned T1 R01 115.00 on 04-29 | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                 | B1/late-fee owed again 15.00                                         | B1 100.00
            |                                 | B1 owed again 100.00                                                 | B1/late-fee 15.00
            |                                 | Dr returned Cr cash 115.00                                           |
            |                                 | Dr receivable Cr returned 15.00                                      |
            |                                 | Dr receivable Cr returned 100.00                                     |
            |                                 | retry 05-04 04:00 as entry 2                                         |
            |                                 | B1: no look                                                          |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                 | webhook returned 0.00, open 115.00, PAYMENT_RETURNED R01 retry 05-04 |
05-04 12:00 | tick                            | T1 approved re_presented (re-presentment is due)                     | T1 approved
            |                                 | debit entry 2 WEB 'RETRY PYMT' 115.00                                | B1 100.00
            |                                 |                                                                      | B1/late-fee 15.00
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
