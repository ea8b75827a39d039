"""Returns that are late or repeated, their dishonor and its contest. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a late return is dishonored, and that is not contested
when        | event                             | effects                                                                   | after
03-02 10:00 | balance B1 100.00 due 04-01       | owes B1 100.00                                                            | B1 100.00
            |                                   | Dr receivable Cr payable 100.00                                           |
03-02 10:01 | repayment T1 130.00 for B1        | repayment T1 130.00                                                       | T1 approved
            |                                   | T1 approved by table@1                                                    | B1 100.00
            |                                   | debit entry 1 WEB 'PATIENTPAY' 130.00                                     |
03-03 15:00 | settled T1 130.00 on 03-03        | T1 settled                                                                | T1 settled
            |                                   | T1 pays B1 100.00 by named_first                                          | B1 0.00
            |                                   | Dr cash Cr receivable 100.00                                              | suspense 30.00
            |                                   | suspense +30.00                                                           |
            |                                   | Dr cash Cr suspense 30.00                                                 |
            |                                   | exception T1/OVERPAID medium 30.00                                        |
            |                                   | webhook settled 130.00, open 0.00, OVERPAID                               |
03-05 15:00 | tick                              | T1 completed                                                              | T1 completed
            |                                   |                                                                           | B1 0.00
            |                                   |                                                                           | suspense 30.00
03-20 15:00 | returned T1 R01 130.00 on 03-20   | T1 returned R01 (insufficient_funds)                                      | T1 returned
            |                                   | B1 owed again 100.00                                                      | B1 100.00
            |                                   | suspense -30.00                                                           |
            |                                   | Dr returned Cr cash 130.00                                                |
            |                                   | Dr receivable Cr returned 100.00                                          |
            |                                   | Dr suspense Cr returned 30.00                                             |
            |                                   | closed T1/OVERPAID returned                                               |
            |                                   | exception T1/PAYMENT_RETURNED medium 130.00                               |
            |                                   | exception T1/RETURN_LATE high 130.00                                      |
            |                                   | until 2026-03-27 dishonor T1 R01                                          |
            |                                   | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R01, RETURN_LATE R01 |
03-23 15:00 | dishonored T1 R68 130.00 on 03-23 | dishonored T1 R68 of R01                                                  | T1 settled
            |                                   | T1 settled R68 (return_dishonored)                                        | B1 0.00
            |                                   | T1 pays B1 100.00 by named_first                                          | suspense 30.00
            |                                   | Dr cash Cr receivable 100.00                                              |
            |                                   | suspense +30.00                                                           |
            |                                   | Dr cash Cr suspense 30.00                                                 |
            |                                   | exception T1/OVERPAID medium 30.00                                        |
            |                                   | done dishonor T1 (return dishonored)                                      |
            |                                   | closed T1/PAYMENT_RETURNED return dishonored                              |
            |                                   | closed T1/RETURN_LATE return dishonored                                   |
            |                                   | until 2026-03-25 contest T1 R68                                           |
            |                                   | exception T1/RETURN_DISHONORED low 130.00                                 |
            |                                   | webhook settled 130.00, open 0.00, OVERPAID                               |
03-23 15:01 | dishonored T1 R68 130.00 on 03-23 | refused DUPLICATE                                                         |
03-23 15:02 | returned T1 R01 130.00 on 03-20   | refused DUPLICATE                                                         |
03-23 15:03 | settled T1 130.00 on 03-03        | refused DUPLICATE                                                         |
03-23 15:04 | dishonored T1 R69 130.00 on 03-24 | refused NOT_DISHONORABLE                                                  |
            |                                   | exception T1/NOT_DISHONORABLE high 130.00                                 |
03-26 10:00 | tick                              | T1 completed                                                              | T1 completed
            |                                   | done contest T1 (not contested)                                           | B1 0.00
            |                                   | closed T1/RETURN_DISHONORED not contested                                 | suspense 30.00
            |                                   | T1/NOT_DISHONORABLE overdue 1                                             |
            |                                   | alert exception_overdue high                                              |

## the dishonor is contested: the return stands
when        | event                             | effects                                                                   | after
03-02 10:00 | balance B1 100.00 due 04-01       | owes B1 100.00                                                            | B1 100.00
            |                                   | Dr receivable Cr payable 100.00                                           |
03-02 10:01 | repayment T1 100.00 for B1        | repayment T1 100.00                                                       | T1 approved
            |                                   | T1 approved by table@1                                                    | B1 100.00
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00                                     |
03-03 15:00 | settled T1 100.00 on 03-03        | T1 settled                                                                | T1 settled
            |                                   | T1 pays B1 100.00 by id                                                   | B1 0.00
            |                                   | Dr cash Cr receivable 100.00                                              |
            |                                   | webhook settled 100.00, open 0.00                                         |
06-20 15:00 | returned T1 R02 100.00 on 06-22   | T1 returned R02 (account_closed)                                          | T1 returned
            |                                   | B1 owed again 100.00                                                      | B1 100.00
            |                                   | Dr returned Cr cash 100.00                                                |
            |                                   | Dr receivable Cr returned 100.00                                          |
            |                                   | exception T1/PAYMENT_RETURNED medium 100.00                               |
            |                                   | exception T1/RETURN_LATE high 100.00                                      |
            |                                   | until 2026-06-29 dishonor T1 R02                                          |
            |                                   | barred instrument by T1 R02                                               |
            |                                   | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R02, RETURN_LATE R02 |
06-24 15:00 | dishonored T1 R68 100.00 on 06-24 | dishonored T1 R68 of R02                                                  | T1 settled
            |                                   | T1 settled R68 (return_dishonored)                                        | B1 0.00
            |                                   | T1 pays B1 100.00 by id                                                   |
            |                                   | Dr cash Cr receivable 100.00                                              |
            |                                   | done dishonor T1 (return dishonored)                                      |
            |                                   | closed T1/PAYMENT_RETURNED return dishonored                              |
            |                                   | closed T1/RETURN_LATE return dishonored                                   |
            |                                   | until 2026-06-26 contest T1 R68                                           |
            |                                   | exception T1/RETURN_DISHONORED low 100.00                                 |
            |                                   | webhook settled 100.00, open 0.00                                         |
06-25 15:00 | contested T1 R73 100.00 on 06-25  | contested T1 R73 of R02                                                   | T1 returned
            |                                   | T1 returned R73 (return_contested)                                        | B1 100.00
            |                                   | B1 owed again 100.00                                                      |
            |                                   | Dr returned Cr cash 100.00                                                |
            |                                   | Dr receivable Cr returned 100.00                                          |
            |                                   | done contest T1 (contested)                                               |
            |                                   | closed T1/RETURN_DISHONORED contested                                     |
            |                                   | exception T1/RETURN_CONTESTED high 100.00                                 |
            |                                   | webhook returned 0.00, open 100.00, RETURN_CONTESTED R73                  |
06-25 15:01 | contested T1 R73 100.00 on 06-25  | refused DUPLICATE                                                         |
06-25 15:02 | contested T1 R76 100.00 on 06-26  | refused NOT_CONTESTABLE                                                   |
            |                                   | exception T1/NOT_CONTESTABLE high 100.00                                  |
06-25 15:03 | dishonored T1 R70 100.00 on 06-26 | refused NOT_DISHONORABLE                                                  |
            |                                   | exception T1/NOT_DISHONORABLE high 100.00                                 |

## a late return that nobody dishonors
when        | event                           | effects                                                                 | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                                     | T1 approved
            |                                 | T1 approved by table@1                                                  |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                                   |
03-03 15:00 | settled T1 100.00 on 03-03      | T1 settled                                                              | T1 settled
            |                                 | suspense +100.00                                                        | suspense 100.00
            |                                 | Dr cash Cr suspense 100.00                                              |
            |                                 | exception T1/UNKNOWN_ACCOUNT medium 100.00                              |
            |                                 | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT                      |
03-20 15:00 | returned T1 R09 100.00 on 03-20 | T1 returned R09 (uncollected_funds)                                     | T1 returned
            |                                 | suspense -100.00                                                        |
            |                                 | Dr returned Cr cash 100.00                                              |
            |                                 | Dr suspense Cr returned 100.00                                          |
            |                                 | closed T1/UNKNOWN_ACCOUNT returned                                      |
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                             |
            |                                 | exception T1/RETURN_LATE high 100.00                                    |
            |                                 | until 2026-03-27 dishonor T1 R09                                        |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R09, RETURN_LATE R09 |
03-27 20:00 | tick                            | T1/PAYMENT_RETURNED overdue 1                                           |
            |                                 | alert exception_overdue medium                                          |
            |                                 | T1/RETURN_LATE overdue 2                                                |
            |                                 | alert exception_overdue critical                                        |
03-28 05:00 | tick                            | done dishonor T1 (not dishonored in time)                               |
            |                                 | closed T1/RETURN_LATE not dishonored in time                            |
            |                                 | exception T1/DISHONOR_MISSED high 100.00                                |

## a dishonor that comes late may be contested for that
when        | event                             | effects                                                | after
03-02 10:01 | disbursement T1 100.00            | disbursement T1 100.00                                 | T1 approved
            |                                   | T1 approved by table@1                                 | transit 100.00
            |                                   | Dr payable Cr transit 100.00                           |
            |                                   | credit entry 1 CCD 'DISBURSE' 100.00                   |
03-03 15:00 | settled T1 100.00 on 03-03        | T1 settled                                             | T1 settled
            |                                   | Dr transit Cr cash 100.00                              |
            |                                   | webhook settled 100.00, open 0.00                      |
03-04 15:00 | returned T1 R03 100.00 on 03-04   | T1 returned R03 (no_account)                           | T1 returned
            |                                   | Dr cash Cr returned 100.00                             |
            |                                   | Dr returned Cr payable 100.00                          |
            |                                   | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                   | barred instrument by T1 R03                            |
            |                                   | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R03 |
03-16 15:00 | dishonored T1 R61 100.00 on 03-16 | dishonored T1 R61 of R03                               | T1 settled
            |                                   | T1 settled R61 (return_dishonored)                     |
            |                                   | Dr payable Cr cash 100.00                              |
            |                                   | closed T1/PAYMENT_RETURNED return dishonored           |
            |                                   | until 2026-03-18 contest T1 R61                        |
            |                                   | exception T1/RETURN_DISHONORED high 100.00             |
            |                                   | webhook settled 100.00, open 0.00                      |
03-20 15:00 | contested T1 R72 100.00 on 03-20  | contested T1 R72 of R03                                | T1 returned
            |                                   | T1 returned R72 (return_contested)                     |
            |                                   | Dr cash Cr returned 100.00                             |
            |                                   | Dr returned Cr payable 100.00                          |
            |                                   | done contest T1 (contested)                            |
            |                                   | closed T1/RETURN_DISHONORED contested                  |
            |                                   | exception T1/RETURN_CONTESTED high 100.00              |
            |                                   | webhook returned 0.00, open 0.00, RETURN_CONTESTED R72 |

## the return is dishonored while a re-presentment is planned
when        | event                             | effects                                                            | after
03-02 10:01 | repayment T1 100.00               | repayment T1 100.00                                                | T1 approved
            |                                   | T1 approved by table@1                                             |
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-03 15:00 | settled T1 100.00 on 03-03        | T1 settled                                                         | T1 settled
            |                                   | suspense +100.00                                                   | suspense 100.00
            |                                   | Dr cash Cr suspense 100.00                                         |
            |                                   | exception T1/UNKNOWN_ACCOUNT medium 100.00                         |
            |                                   | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT                 |
03-04 15:00 | returned T1 R01 100.00 on 03-04   | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                   | suspense -100.00                                                   |
            |                                   | Dr returned Cr cash 100.00                                         |
            |                                   | Dr suspense Cr returned 100.00                                     |
            |                                   | closed T1/UNKNOWN_ACCOUNT returned                                 |
            |                                   | retry 03-09 04:00 as entry 2                                       |
            |                                   | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                   | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-09 |
03-05 15:00 | dishonored T1 R69 100.00 on 03-05 | dishonored T1 R69 of R01                                           | T1 settled
            |                                   | T1 settled R69 (return_dishonored)                                 | suspense 100.00
            |                                   | suspense +100.00                                                   |
            |                                   | Dr cash Cr suspense 100.00                                         |
            |                                   | exception T1/UNKNOWN_ACCOUNT medium 100.00                         |
            |                                   | until 2026-03-09 contest T1 R69                                    |
            |                                   | exception T1/RETURN_DISHONORED low 100.00                          |
            |                                   | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT                 |
03-09 10:00 | tick                              |                                                                    |

## a second return of the same entry is dishonored: nothing was posted
when        | event                             | effects                                                    | after
03-02 10:01 | repayment T1 100.00               | repayment T1 100.00                                        | T1 approved
            |                                   | T1 approved by table@1                                     |
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00                      |
03-03 15:00 | settled T1 100.00 on 03-03        | T1 settled                                                 | T1 settled
            |                                   | suspense +100.00                                           | suspense 100.00
            |                                   | Dr cash Cr suspense 100.00                                 |
            |                                   | exception T1/UNKNOWN_ACCOUNT medium 100.00                 |
            |                                   | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT         |
03-04 15:00 | returned T1 R02 100.00 on 03-04   | T1 returned R02 (account_closed)                           | T1 returned
            |                                   | suspense -100.00                                           |
            |                                   | Dr returned Cr cash 100.00                                 |
            |                                   | Dr suspense Cr returned 100.00                             |
            |                                   | closed T1/UNKNOWN_ACCOUNT returned                         |
            |                                   | exception T1/PAYMENT_RETURNED medium 100.00                |
            |                                   | barred instrument by T1 R02                                |
            |                                   | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02     |
03-05 15:00 | returned T1 R03 100.00 on 03-05   | refused CONTENT_CONFLICT                                   |
            |                                   | exception T1/DUPLICATE_RETURN high 100.00                  |
            |                                   | until 2026-03-12 dishonor T1 R03                           |
03-05 15:01 | returned T1 R03 100.00 on 03-05   | refused CONTENT_CONFLICT                                   |
03-06 15:00 | dishonored T1 R67 100.00 on 03-06 | dishonored T1 R67 of R02                                   |
            |                                   | done dishonor T1 (the second return is dishonored)         |
            |                                   | closed T1/DUPLICATE_RETURN the second return is dishonored |
03-09 15:00 | contested T1 R75 100.00 on 03-09  | contested T1 R75 of R02                                    |
            |                                   | exception T1/RETURN_CONTESTED high 100.00                  |
            |                                   | webhook returned 0.00, open 0.00, RETURN_CONTESTED R75     |

## a second return that nobody dishonors
when        | event                           | effects                                                | after
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@1                                 |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-03 15:00 | settled T1 100.00 on 03-03      | T1 settled                                             | T1 settled
            |                                 | suspense +100.00                                       | suspense 100.00
            |                                 | Dr cash Cr suspense 100.00                             |
            |                                 | exception T1/UNKNOWN_ACCOUNT medium 100.00             |
            |                                 | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT     |
03-04 15:00 | returned T1 R02 100.00 on 03-04 | T1 returned R02 (account_closed)                       | T1 returned
            |                                 | suspense -100.00                                       |
            |                                 | Dr returned Cr cash 100.00                             |
            |                                 | Dr suspense Cr returned 100.00                         |
            |                                 | closed T1/UNKNOWN_ACCOUNT returned                     |
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                 | barred instrument by T1 R02                            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02 |
03-05 15:00 | returned T1 R03 100.00 on 03-05 | refused CONTENT_CONFLICT                               |
            |                                 | exception T1/DUPLICATE_RETURN high 100.00              |
            |                                 | until 2026-03-12 dishonor T1 R03                       |
03-13 15:00 | tick                            | done dishonor T1 (not dishonored in time)              |
            |                                 | closed T1/DUPLICATE_RETURN not dishonored in time      |
            |                                 | exception T1/DISHONOR_MISSED high 100.00               |
            |                                 | T1/PAYMENT_RETURNED overdue 2                          |
            |                                 | alert exception_overdue high                           |
            |                                 | T1/DUPLICATE_RETURN overdue 2                          |
            |                                 | alert exception_overdue critical                       |
03-13 15:01 | returned T1 R03 100.00 on 03-05 | refused CONTENT_CONFLICT                               |

## disputes that cannot be
when        | event                                    | effects                                                | after
03-02 10:01 | repayment T1 100.00                      | repayment T1 100.00                                    | T1 approved
            |                                          | T1 approved by table@1                                 |
            |                                          | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 15:00 | submitted T1 on 03-03                    | T1 submitted                                           | T1 submitted
03-03 15:00 | dishonored T1 R68 100.00 on 03-03        | refused NOT_DISHONORABLE                               |
            |                                          | exception T1/NOT_DISHONORABLE high 100.00              |
03-03 15:01 | contested T1 R73 100.00 on 03-03         | refused NOT_CONTESTABLE                                |
            |                                          | exception T1/NOT_CONTESTABLE high 100.00               |
03-04 15:00 | returned T1 R02 100.00 on 03-04          | T1 returned R02 (account_closed)                       | T1 returned
            |                                          | closed T1/NOT_DISHONORABLE returned                    |
            |                                          | closed T1/NOT_CONTESTABLE returned                     |
            |                                          | exception T1/PAYMENT_RETURNED medium 100.00            |
            |                                          | barred instrument by T1 R02                            |
            |                                          | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02 |
03-04 15:01 | dishonored T1 R02 100.00 on 03-05        | refused NOT_DISHONORABLE                               |
            |                                          | exception T1/NOT_DISHONORABLE high 100.00              |
03-04 15:02 | dishonored T1 R67 100.00 on 03-05        | refused NOT_DISHONORABLE                               |
03-04 15:03 | dishonored T1 R69 99.00 on 03-05         | refused AMOUNT_MISMATCH                                |
            |                                          | exception T1/AMOUNT_MISMATCH high 99.00                |
03-04 15:04 | dishonored T1 R69 100.00 on 03-05 in EUR | refused CURRENCY_NOT_SUPPORTED                         |
03-04 15:05 | dishonored T1 R69 100.00 on 2099-03-05   | refused IMPLAUSIBLE_TIME                               |
03-05 15:00 | dishonored T1 R69 100.00 on 03-05        | dishonored T1 R69 of R02                               | T1 settled
            |                                          | T1 settled R69 (return_dishonored)                     | suspense 100.00
            |                                          | suspense +100.00                                       |
            |                                          | Dr cash Cr suspense 100.00                             |
            |                                          | exception T1/UNKNOWN_ACCOUNT medium 100.00             |
            |                                          | closed T1/PAYMENT_RETURNED return dishonored           |
            |                                          | closed T1/NOT_DISHONORABLE return dishonored           |
            |                                          | closed T1/AMOUNT_MISMATCH return dishonored            |
            |                                          | until 2026-03-09 contest T1 R69                        |
            |                                          | exception T1/RETURN_DISHONORED low 100.00              |
            |                                          | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT     |
03-05 15:01 | contested T1 R74 99.00 on 03-06          | refused AMOUNT_MISMATCH                                |
            |                                          | exception T1/AMOUNT_MISMATCH high 99.00                |
03-05 15:02 | dishonored T9 R69 100.00 on 03-05        | parked T9 until 03-06 15:02                            |
03-05 15:03 | contested T9 R74 100.00 on 03-06         | parked T9 until 03-06 15:03                            |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
