"""What the bank sends back, by the class of the return code. Faults, rows 27, 28 and 29. The tables are read as `tests.ledger.table`
says.
"""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## R01: presented again after five days, twice at most
when        | event                           | effects                                                              | after
03-02 10:00 | consent sms yes                 | consent sms yes                                                      |
03-02 10:00 | balance B1 100.00 due 04-01     | owes B1 100.00                                                       | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                                      |
03-02 10:01 | repayment T1 100.00 for B1      | repayment T1 100.00                                                  | T1 approved
            |                                 | T1 approved by table@1                                               | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                |
            |                                 | sms approved                                                         |
03-02 15:00 | submitted T1 trace 1 on 03-03   | T1 submitted                                                         | T1 submitted
            |                                 |                                                                      | B1 100.00
03-03 15:00 | settled T1 100.00 on 03-03      | T1 settled                                                           | T1 settled
            |                                 | T1 pays B1 100.00 by id                                              | B1 0.00
            |                                 | Dr cash Cr receivable 100.00                                         |
            |                                 | webhook settled 100.00, open 0.00                                    |
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                 | B1 owed again 100.00                                                 | B1 100.00
            |                                 | Dr returned Cr cash 100.00                                           |
            |                                 | Dr receivable Cr returned 100.00                                     |
            |                                 | retry 03-09 04:00 as entry 2                                         |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                 | sms retry_scheduled                                                  |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R01 retry 03-09 |
03-08 10:00 | tick                            |                                                                      |
03-09 10:00 | tick                            | T1 approved re_presented (re-presentment is due)                     | T1 approved
            |                                 | debit entry 2 WEB 'RETRY PYMT' 100.00                                | B1 100.00
            |                                 | sms retry                                                            |
03-09 15:00 | submitted T1 trace 2 on 03-10   | T1 submitted                                                         | T1 submitted
            |                                 |                                                                      | B1 100.00
03-11 15:00 | returned T1 R01 100.00 on 03-11 | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                 | retry 03-16 04:00 as entry 3                                         | B1 100.00
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                 | sms retry_scheduled                                                  |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R01 retry 03-16 |
03-16 10:00 | tick                            | T1 approved re_presented (re-presentment is due)                     | T1 approved
            |                                 | debit entry 3 WEB 'RETRY PYMT' 100.00                                | B1 100.00
            |                                 | sms retry                                                            |
03-17 15:00 | settled T1 100.00 on 03-17      | T1 settled                                                           | T1 settled
            |                                 | T1 pays B1 100.00 by id                                              | B1 0.00
            |                                 | Dr cash Cr receivable 100.00                                         |
            |                                 | webhook settled 100.00, open 0.00                                    |
03-18 15:00 | returned T1 R01 100.00 on 03-18 | T1 returned R01 (insufficient_funds)                                 | T1 returned
            |                                 | B1 owed again 100.00                                                 | B1 100.00
            |                                 | Dr returned Cr cash 100.00                                           |
            |                                 | Dr receivable Cr returned 100.00                                     |
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                          |
            |                                 | sms final                                                         |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R01             |
03-18 15:01 | returned T1 R01 100.00 on 03-18 | refused DUPLICATE                                                    |

## the limit holds when nobody tells of submissions
when        | event                           | effects                                                              | after
03-02 10:00 | balance B1 100.00 due 04-01     | owes B1 100.00                                                       | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                                      |
03-02 10:01 | repayment T1 100.00 for B1      | repayment T1 100.00                                                  | T1 approved
            |                                 | T1 approved by table@1                                               | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                |
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                 | retry 03-09 04:00 as entry 2                                         | B1 100.00
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R01 retry 03-09 |
03-09 10:00 | tick                            | T1 approved re_presented (re-presentment is due)                     | T1 approved
            |                                 | debit entry 2 WEB 'RETRY PYMT' 100.00                                | B1 100.00
03-11 15:00 | returned T1 r01 100.00 on 03-11 | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                 | retry 03-16 04:00 as entry 3                                         | B1 100.00
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R01 retry 03-16 |
03-16 10:00 | tick                            | T1 approved re_presented (re-presentment is due)                     | T1 approved
            |                                 | debit entry 3 WEB 'RETRY PYMT' 100.00                                | B1 100.00
03-18 15:00 | returned T1 R09 100.00 on 03-18 | T1 returned R09 (uncollected_funds)                                  | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                          | B1 100.00
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R09             |

## what the bank repeats about a returned entry is no news of the next
when        | event                           | effects                                                              | after
03-02 10:00 | balance B1 100.00 due 04-01     | owes B1 100.00                                                       | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                                      |
03-02 10:01 | repayment T1 100.00 for B1      | repayment T1 100.00                                                  | T1 approved
            |                                 | T1 approved by table@1                                               | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                |
03-02 15:00 | submitted T1 trace 1 on 03-03   | T1 submitted                                                         | T1 submitted
            |                                 |                                                                      | B1 100.00
03-03 15:00 | settled T1 100.00 on 03-03      | T1 settled                                                           | T1 settled
            |                                 | T1 pays B1 100.00 by id                                              | B1 0.00
            |                                 | Dr cash Cr receivable 100.00                                         |
            |                                 | webhook settled 100.00, open 0.00                                    |
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                                 | T1 retry_scheduled
            |                                 | B1 owed again 100.00                                                 | B1 100.00
            |                                 | Dr returned Cr cash 100.00                                           |
            |                                 | Dr receivable Cr returned 100.00                                     |
            |                                 | retry 03-09 04:00 as entry 2                                         |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                          |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R01 retry 03-09 |
03-04 15:01 | settled T1 100.00 on 03-03      | refused DUPLICATE                                                    |
03-04 15:02 | submitted T1 trace 1 on 03-03   | refused DUPLICATE                                                    |
03-09 10:00 | tick                            | T1 approved re_presented (re-presentment is due)                     | T1 approved
            |                                 | debit entry 2 WEB 'RETRY PYMT' 100.00                                | B1 100.00
03-09 15:00 | submitted T1 trace 2 on 03-10   | T1 submitted                                                         | T1 submitted
            |                                 |                                                                      | B1 100.00
03-09 15:01 | returned T1 R01 100.00 on 03-04 | refused DUPLICATE                                                    |
03-09 15:02 | settled T1 100.00 on 03-03      | refused DUPLICATE                                                    |
03-09 15:03 | returned T1 R03 100.00 on 03-03 | refused CONTENT_CONFLICT                                             |
            |                                 | exception T1/DUPLICATE_RETURN high 100.00                            |
            |                                 | until 2026-03-10 dishonor T1 R03                                     |
03-10 15:00 | settled T1 100.00 on 03-10      | T1 settled                                                           | T1 settled
            |                                 | T1 pays B1 100.00 by id                                              | B1 0.00
            |                                 | Dr cash Cr receivable 100.00                                         |
            |                                 | webhook settled 100.00, open 0.00                                    |
03-10 15:01 | returned T1 R01 100.00 on 03-04 | refused DUPLICATE                                                    |

## R02: the account is closed, nothing is tried again
when        | event                           | effects                                                  | after
03-02 10:00 | consent sms yes                 | consent sms yes                                          |
03-02 10:00 | balance B1 100.00 due 04-01     | owes B1 100.00                                           | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                          |
03-02 10:01 | repayment T1 130.00 for B1      | repayment T1 130.00                                      | T1 approved
            |                                 | T1 approved by table@1                                   | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 130.00                    |
            |                                 | sms approved                                             |
03-03 15:00 | settled T1 130.00 on 03-03      | T1 settled                                               | T1 settled
            |                                 | T1 pays B1 100.00 by named_first                         | B1 0.00
            |                                 | Dr cash Cr receivable 100.00                             | suspense 30.00
            |                                 | suspense +30.00                                          |
            |                                 | Dr cash Cr suspense 30.00                                |
            |                                 | exception T1/OVERPAID medium 30.00                       |
            |                                 | webhook settled 130.00, open 0.00, OVERPAID              |
03-04 15:00 | returned T1 R02 130.00 on 03-04 | T1 returned R02 (account_closed)                         | T1 returned
            |                                 | B1 owed again 100.00                                     | B1 100.00
            |                                 | suspense -30.00                                          |
            |                                 | Dr returned Cr cash 130.00                               |
            |                                 | Dr receivable Cr returned 100.00                         |
            |                                 | Dr suspense Cr returned 30.00                            |
            |                                 | closed T1/OVERPAID returned                              |
            |                                 | exception T1/PAYMENT_RETURNED medium 130.00              |
            |                                 | sms returned                                             |
            |                                 | barred instrument by T1 R02                              |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R02 |
03-04 15:01 | returned T1 R02 130.00 on 03-04 | refused DUPLICATE                                        |
03-04 15:02 | returned T1 R03 130.00 on 03-04 | refused CONTENT_CONFLICT                                 |
            |                                 | exception T1/DUPLICATE_RETURN high 130.00                |
            |                                 | until 2026-03-11 dishonor T1 R03                         |
03-04 15:03 | settled T1 130.00 on 03-03      | refused DUPLICATE                                        |

## R07: unauthorized, charged back, mandates end, the next debit is stopped
when        | event                           | effects                                                      | after
03-02 10:00 | mandate M1                      | mandate M1                                                   |
03-02 10:00 | mandate M2                      | mandate M2                                                   |
03-02 10:00 | balance B1 100.00 due 04-01     | owes B1 100.00                                               | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                              |
03-02 10:01 | repayment T1 100.00 for B1      | repayment T1 100.00                                          | T1 approved
            |                                 | T1 approved by table@1                                       | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                        |
03-03 15:00 | settled T1 100.00 on 03-03      | T1 settled                                                   | T1 settled
            |                                 | T1 pays B1 100.00 by id                                      | B1 0.00
            |                                 | Dr cash Cr receivable 100.00                                 |
            |                                 | webhook settled 100.00, open 0.00                            |
03-30 15:00 | tick                            | T1 completed                                                 | T1 completed
            |                                 |                                                              | B1 0.00
04-20 15:00 | returned T1 R07 100.00 on 04-20 | T1 charged_back R07 (authorization_revoked)                  | T1 charged_back
            |                                 | B1 owed again 100.00                                         | B1 100.00
            |                                 | Dr returned Cr cash 100.00                                   |
            |                                 | Dr receivable Cr returned 100.00                             |
            |                                 | exception T1/PAYMENT_RETURNED high 100.00                    |
            |                                 | mandate M1 revoked                                           |
            |                                 | mandate M2 revoked                                           |
            |                                 | barred authorization by T1 R07                               |
            |                                 | alert unauthorized_return high                               |
            |                                 | webhook charged_back 0.00, open 100.00, PAYMENT_RETURNED R07 |
04-20 15:01 | repayment T2 100.00 for B1      | repayment T2 100.00                                          | T1 charged_back
            |                                 | T2 held by table@1 RETURNED_R07                              | T2 held
            |                                 | exception T2/PAYMENT_HELD high 100.00                        | B1 100.00
            |                                 | alert unauthorized critical                                  |
04-20 15:02 | mandate M1                      | refused MANDATE_REVOKED                                      |

## R10 of an entry whose settlement was never told is a charge-back as well
when        | event                           | effects                                                    | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                        | T1 approved
            |                                 | T1 approved by table@1                                     |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                      |
03-02 15:00 | submitted T1                    | T1 submitted                                               | T1 submitted
03-04 15:00 | returned T1 R10 100.00 on 03-04 | T1 charged_back R10 (not_authorized)                       | T1 charged_back
            |                                 | exception T1/PAYMENT_RETURNED high 100.00                  |
            |                                 | barred authorization by T1 R10                             |
            |                                 | alert unauthorized_return high                             |
            |                                 | webhook charged_back 0.00, open 0.00, PAYMENT_RETURNED R10 |
03-04 15:01 | repayment T2 100.00             | repayment T2 100.00                                        | T1 charged_back
            |                                 | T2 held by table@1 RETURNED_R10                            | T2 held
            |                                 | exception T2/PAYMENT_HELD high 100.00                      |
            |                                 | alert unauthorized critical                                |

## a code nobody knows needs a person
when        | event                           | effects                                                | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@1                                 |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 15:00 | submitted T1                    | T1 submitted                                           | T1 submitted
03-04 15:00 | returned T1 X99 100.00 on 03-04 | T1 returned X99                                        | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED high 100.00              |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED X99 |

## a code in small letters is the same code
when        | event                           | effects                                                | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@1                                 |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 15:00 | submitted T1                    | T1 submitted                                           | T1 submitted
03-04 15:00 | returned T1 r02 100.00 on 03-04 | T1 returned R02 (account_closed)                       | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | barred instrument by T1 R02                            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02 |
03-04 15:01 | returned T1 R02 100.00 on 03-04 | refused DUPLICATE                                      |

## a return that cannot be
when        | event                                  | effects                                  | after
03-02 10:00 | repayment T1 100.00                    | repayment T1 100.00                      | T1 approved
            |                                        | T1 approved by table@1                   |
            |                                        | debit entry 1 WEB 'PATIENTPAY' 100.00    |
03-02 10:00 | repayment T2 6000.00                   | repayment T2 6000.00                     | T1 approved
            |                                        | T2 held by table@1                       | T2 held
            |                                        | exception T2/PAYMENT_HELD medium 6000.00 |
03-02 15:00 | submitted T1                           | T1 submitted                             | T1 submitted
            |                                        |                                          | T2 held
03-04 15:00 | returned T1 R01 99.00 on 03-04         | refused AMOUNT_MISMATCH                  |
            |                                        | exception T1/AMOUNT_MISMATCH high 99.00  |
03-04 15:01 | returned T2 R01 6000.00 on 03-04       | refused NOT_RETURNABLE                   |
            |                                        | exception T2/NOT_RETURNABLE high 6000.00 |
03-04 15:02 | returned T1 R01 100.00 on 03-04 in EUR | refused CURRENCY_NOT_SUPPORTED           |

## a late return finds the payment completed
when        | event                           | effects                                                                   | after
03-02 10:00 | balance B1 100.00 due 04-01     | owes B1 100.00                                                            | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                                           |
03-02 10:01 | repayment T1 100.00 for B1      | repayment T1 100.00                                                       | T1 approved
            |                                 | T1 approved by table@1                                                    | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                     |
03-03 15:00 | settled T1 100.00 on 03-03      | T1 settled                                                                | T1 settled
            |                                 | T1 pays B1 100.00 by id                                                   | B1 0.00
            |                                 | Dr cash Cr receivable 100.00                                              |
            |                                 | webhook settled 100.00, open 0.00                                         |
03-05 15:00 | tick                            | T1 completed                                                              | T1 completed
            |                                 |                                                                           | B1 0.00
03-20 15:00 | returned T1 R02 100.00 on 03-20 | T1 returned R02 (account_closed)                                          | T1 returned
            |                                 | B1 owed again 100.00                                                      | B1 100.00
            |                                 | Dr returned Cr cash 100.00                                                |
            |                                 | Dr receivable Cr returned 100.00                                          |
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                               |
            |                                 | exception T1/RETURN_LATE high 100.00                                      |
            |                                 | until 2026-03-27 dishonor T1 R02                                          |
            |                                 | barred instrument by T1 R02                                               |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R02, RETURN_LATE R02 |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
