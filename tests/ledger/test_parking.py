"""Bank events that come before their payment, or of none. Faults, rows 18 and 28. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## the bank is faster than CREDIT
when        | event                         | effects                           | after
03-02 10:00 | balance B1 100.00 due 04-01   | owes B1 100.00                    | B1 100.00
            |                               | Dr receivable Cr payable 100.00   |
03-02 10:01 | submitted T1 trace 1 on 03-02 | parked T1 until 03-03 10:01       |
03-02 10:02 | settled T1 100.00 on 03-02    | parked T1 until 03-03 10:02       |
03-02 10:03 | settled T1 100.00 on 03-02    | refused DUPLICATE                 |
03-02 10:04 | repayment T1 100.00 for B1    | repayment T1 100.00               | T1 settled
            |                               | T1 approved by table@1            | B1 0.00
            |                               | unparked T1 applied               |
            |                               | T1 submitted                      |
            |                               | T1 settled                        |
            |                               | T1 pays B1 100.00 by id           |
            |                               | Dr cash Cr receivable 100.00      |
            |                               | webhook settled 100.00, open 0.00 |

## a redelivery in another envelope waits once
when        | event                            | effects                                      | after
03-02 10:00 | settled T1 100.00 on 03-02 key a | parked T1 until 03-03 10:00                  |
03-02 10:01 | settled T1 100.00 on 03-02 key b | refused DUPLICATE                            |
03-03 10:00 | tick                             | unparked T1 expired                          | suspense 100.00
            |                                  | suspense +100.00                             |
            |                                  | Dr cash Cr suspense 100.00                   |
            |                                  | exception T1/UNKNOWN_TRANSACTION high 100.00 |

## settled and returned before it was initiated
when        | event                           | effects                                                  | after
03-02 10:00 | balance B1 100.00 due 04-01     | owes B1 100.00                                           | B1 100.00
            |                                 | Dr receivable Cr payable 100.00                          |
03-02 10:01 | settled T1 100.00 on 03-02      | parked T1 until 03-03 10:01                              |
03-02 10:02 | returned T1 R02 100.00 on 03-03 | parked T1 until 03-03 10:02                              |
03-02 10:03 | repayment T1 100.00 for B1      | repayment T1 100.00                                      | T1 returned
            |                                 | T1 approved by table@1                                   | B1 100.00
            |                                 | unparked T1 applied                                      |
            |                                 | T1 settled                                               |
            |                                 | T1 pays B1 100.00 by id                                  |
            |                                 | Dr cash Cr receivable 100.00                             |
            |                                 | webhook settled 100.00, open 0.00                        |
            |                                 | T1 returned R02 (account_closed)                         |
            |                                 | B1 owed again 100.00                                     |
            |                                 | Dr returned Cr cash 100.00                               |
            |                                 | Dr receivable Cr returned 100.00                         |
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00              |
            |                                 | barred instrument by T1 R02                              |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R02 |

## a payment that never comes: its money lies in suspense
when        | event                         | effects                                      | after
03-02 10:00 | submitted T1 trace 1 on 03-02 | parked T1 until 03-03 10:00                  |
03-02 10:01 | settled T1 100.00 on 03-02    | parked T1 until 03-03 10:01                  |
03-03 09:59 | tick                          |                                              |
03-03 10:00 | tick                          | unparked T1 expired                          | suspense 100.00
            |                               | suspense +100.00                             |
            |                               | Dr cash Cr suspense 100.00                   |
            |                               | exception T1/UNKNOWN_TRANSACTION high 100.00 |
03-03 10:01 | tick                          |                                              |

## no cents are left waiting when the first event gives up
when        | event                      | effects                                      | after
03-02 10:00 | settled T1 100.00 on 03-02 | parked T1 until 03-03 10:00                  |
03-02 20:00 | settled T1 30.00 on 03-02  | parked T1 until 03-03 20:00                  |
03-03 10:00 | tick                       | unparked T1 expired                          | suspense 130.00
            |                            | suspense +100.00                             |
            |                            | Dr cash Cr suspense 100.00                   |
            |                            | suspense +30.00                              |
            |                            | Dr cash Cr suspense 30.00                    |
            |                            | exception T1/UNKNOWN_TRANSACTION high 130.00 |
03-03 20:00 | tick                       |                                              |

## settled and returned, and never initiated
when        | event                           | effects                                    | after
03-02 10:00 | settled T1 100.00 on 03-02      | parked T1 until 03-03 10:00                |
03-02 10:01 | returned T1 R01 100.00 on 03-03 | parked T1 until 03-03 10:01                |
03-03 10:00 | tick                            | unparked T1 expired                        |
            |                                 | suspense +100.00                           |
            |                                 | Dr cash Cr suspense 100.00                 |
            |                                 | suspense -100.00                           |
            |                                 | Dr suspense Cr cash 100.00                 |
            |                                 | exception T1/UNKNOWN_TRANSACTION high 0.00 |

## what was given up is remembered: a repeat, a late return
when        | event                           | effects                                      | after
03-02 10:00 | settled T1 100.00 on 03-02      | parked T1 until 03-03 10:00                  |
03-03 10:00 | tick                            | unparked T1 expired                          | suspense 100.00
            |                                 | suspense +100.00                             |
            |                                 | Dr cash Cr suspense 100.00                   |
            |                                 | exception T1/UNKNOWN_TRANSACTION high 100.00 |
03-05 10:00 | settled T1 100.00 on 03-02      | refused DUPLICATE                            |
03-06 10:00 | returned T1 R01 100.00 on 03-05 | parked T1 until 03-07 10:00                  |
03-07 10:00 | tick                            | unparked T1 expired                          | -
            |                                 | suspense -100.00                             |
            |                                 | Dr suspense Cr cash 100.00                   |
            |                                 | T1/UNKNOWN_TRANSACTION overdue 1             |
            |                                 | alert exception_overdue high                 |

## the payment comes after its money was given up
when        | event                       | effects                                        | after
03-02 10:00 | balance B1 100.00 due 04-01 | owes B1 100.00                                 | B1 100.00
            |                             | Dr receivable Cr payable 100.00                |
03-02 10:00 | settled T1 100.00 on 03-02  | parked T1 until 03-03 10:00                    |
03-03 10:00 | tick                        | unparked T1 expired                            | B1 100.00
            |                             | suspense +100.00                               | suspense 100.00
            |                             | Dr cash Cr suspense 100.00                     |
            |                             | exception T1/UNKNOWN_TRANSACTION high 100.00   |
03-05 10:00 | repayment T1 100.00 for B1  | suspense -100.00                               | T1 settled
            |                             | Dr suspense Cr cash 100.00                     | B1 0.00
            |                             | closed T1/UNKNOWN_TRANSACTION the payment came |
            |                             | repayment T1 100.00                            |
            |                             | T1 approved by table@1                         |
            |                             | unparked T1 recovered                          |
            |                             | T1 settled                                     |
            |                             | T1 pays B1 100.00 by id                        |
            |                             | Dr cash Cr receivable 100.00                   |
            |                             | webhook settled 100.00, open 0.00              |
03-05 10:01 | settled T1 100.00 on 03-02  | refused DUPLICATE                              |

## a held payment leaves given-up money in suspense
when        | event                       | effects                                       | after
03-02 10:00 | settled T1 6000.00 on 03-02 | parked T1 until 03-03 10:00                   |
03-03 10:00 | tick                        | unparked T1 expired                           | suspense 6000.00
            |                             | suspense +6000.00                             |
            |                             | Dr cash Cr suspense 6000.00                   |
            |                             | exception T1/UNKNOWN_TRANSACTION high 6000.00 |
03-05 10:00 | repayment T1 6000.00        | repayment T1 6000.00                          | T1 held
            |                             | T1 held by table@1                            | suspense 6000.00
            |                             | exception T1/PAYMENT_HELD medium 6000.00      |

## foreign money does not wait as dollars
when        | event                                  | effects                        | after
03-02 10:00 | settled T1 100.00 on 03-02 in EUR      | refused CURRENCY_NOT_SUPPORTED |
03-02 10:00 | returned T1 R01 100.00 on 03-02 in EUR | refused CURRENCY_NOT_SUPPORTED |

## a held payment does not take settled money
when        | event                       | effects                                  | after
03-02 10:00 | settled T1 6000.00 on 03-02 | parked T1 until 03-03 10:00              |
03-02 10:01 | disbursement T1 6000.00     | disbursement T1 6000.00                  | T1 held
            |                             | T1 held by table@1                       |
            |                             | exception T1/PAYMENT_HELD medium 6000.00 |
            |                             | unparked T1 applied                      |
            |                             | refused NOT_SETTLEABLE                   |
            |                             | exception T1/NOT_SETTLEABLE high 6000.00 |

## a failed entry waits too
when        | event                      | effects                                        | after
03-02 10:00 | failed T1 reason bank-down | parked T1 until 03-03 10:00                    |
03-02 10:01 | repayment T1 100.00        | repayment T1 100.00                            | T1 failed
            |                            | T1 approved by table@1                         |
            |                            | unparked T1 applied                            |
            |                            | T1 failed (bank-down)                          |
            |                            | exception T1/PAYMENT_FAILED medium 100.00      |
            |                            | webhook failed 0.00, open 0.00, PAYMENT_FAILED |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
