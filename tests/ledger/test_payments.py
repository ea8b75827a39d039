"""What CREDIT asks for and what people answer. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a pre-approval stands at the hospital at once
when        | event                  | effects                               | after
03-02 10:00 | consent sms yes        | consent sms yes                       |
03-02 10:01 | preapproval T1 1000.00 | preapproval T1 1000.00                | T1 approved
            |                        | T1 approved by table@1                | hold 1000.00
            |                        | Dr holds Cr payable 1000.00           |
            |                        | credit applied at H1 1000.00          |
            |                        | credit entry 1 CCD 'DISBURSE' 1000.00 |
            |                        | sms approved                          |

## a disbursement is on its way
when        | event                  | effects                              | after
03-02 10:00 | disbursement T1 800.00 | disbursement T1 800.00               | T1 approved
            |                        | T1 approved by table@1               | transit 800.00
            |                        | Dr payable Cr transit 800.00         |
            |                        | credit entry 1 CCD 'DISBURSE' 800.00 |

## a repayment moves nothing before it settles
when        | event                              | effects                               | after
03-02 10:00 | balance B1 100.00 due 04-01        | owes B1 100.00                        | B1 100.00
            |                                    | Dr receivable Cr payable 100.00       |
03-02 10:01 | repayment T1 100.00 for B1 sec PPD | repayment T1 100.00                   | T1 approved
            |                                    | T1 approved by table@1                | B1 100.00
            |                                    | debit entry 1 PPD 'PATIENTPAY' 100.00 |

## a large payment waits for a person, who approves it
when        | event                     | effects                                  | after
03-02 10:00 | consent email yes         | consent email yes                        |
03-02 10:01 | disbursement T1 5000.01   | disbursement T1 5000.01                  | T1 held
            |                           | T1 held by table@1                       |
            |                           | exception T1/PAYMENT_HELD medium 5000.01 |
            |                           | email held                               |
03-02 11:00 | review T1 approve by anna | T1 approved by anna                      | T1 approved
            |                           | Dr payable Cr transit 5000.01            | transit 5000.01
            |                           | credit entry 1 CCD 'DISBURSE' 5000.01    |
            |                           | email approved                           |
            |                           | closed T1/PAYMENT_HELD reviewed by anna  |
03-02 11:01 | review T1 decline by bert | refused NOT_HELD                         |

## a person declines
when        | event                     | effects                                  | after
03-02 10:00 | disbursement T1 5000.01   | disbursement T1 5000.01                  | T1 held
            |                           | T1 held by table@1                       |
            |                           | exception T1/PAYMENT_HELD medium 5000.01 |
03-02 11:00 | review T1 decline by anna | T1 declined by anna                      | T1 declined
            |                           | webhook declined 0.00, open 0.00         |
            |                           | closed T1/PAYMENT_HELD reviewed by anna  |
03-02 11:01 | review T2 approve by anna | refused UNKNOWN_TRANSACTION              |

## beyond the hard limit nobody is asked
when        | event                 | effects                          | after
03-02 10:00 | consent sms yes       | consent sms yes                  |
03-02 10:01 | repayment T1 50000.01 | repayment T1 50000.01            | T1 declined
            |                       | T1 declined by table@1           |
            |                       | sms declined                     |
            |                       | webhook declined 0.00, open 0.00 |
            |                       | alert hard-limit high            |

## the same payment twice is one, another one under its id is none
when        | event                       | effects                               | after
03-02 10:00 | repayment T1 100.00 hash aa | repayment T1 100.00                   | T1 approved
            |                             | T1 approved by table@1                |
            |                             | debit entry 1 WEB 'PATIENTPAY' 100.00 |
03-02 10:01 | repayment T1 100.00 hash aa | refused DUPLICATE                     |
03-02 10:02 | repayment T1 100.00         | refused DUPLICATE                     |
03-02 10:03 | repayment T1 100.00 hash bb | refused CONTENT_CONFLICT              |
            |                             | alert id_conflict medium              |
03-02 10:04 | repayment T1 200.00         | refused CONTENT_CONFLICT              |
03-02 10:05 | preapproval T1 100.00       | refused CONTENT_CONFLICT              |

## a client's own name for a payment is unique for ever
when        | event                          | effects                               | after
03-02 10:00 | repayment T1 100.00 name march | repayment T1 100.00                   | T1 approved
            |                                | T1 approved by table@1                |
            |                                | debit entry 1 WEB 'PATIENTPAY' 100.00 |
03-02 10:01 | repayment T2 100.00 name march | refused CLIENT_REFERENCE_TAKEN        |
03-02 10:02 | cancel T1                      | T1 canceled                           | T1 canceled
03-02 10:03 | repayment T2 100.00 name march | refused CLIENT_REFERENCE_TAKEN        |

## what is no amount of dollars is no payment
when        | event                      | effects                        | after
03-02 10:00 | repayment T1 0.00          | refused AMOUNT_NOT_POSITIVE    |
03-02 10:00 | repayment T1 100.00 in EUR | refused CURRENCY_NOT_SUPPORTED |

## a payment is withdrawn while it is ours
when        | event                   | effects                                  | after
03-02 10:00 | preapproval T1 1000.00  | preapproval T1 1000.00                   | T1 approved
            |                         | T1 approved by table@1                   | hold 1000.00
            |                         | Dr holds Cr payable 1000.00              |
            |                         | credit applied at H1 1000.00             |
            |                         | credit entry 1 CCD 'DISBURSE' 1000.00    |
03-02 10:01 | disbursement T2 800.00  | disbursement T2 800.00                   | T1 approved
            |                         | T2 approved by table@1                   | T2 approved
            |                         | Dr payable Cr transit 800.00             | hold 1000.00
            |                         | credit entry 1 CCD 'DISBURSE' 800.00     | transit 800.00
03-02 10:02 | disbursement T3 6000.00 | disbursement T3 6000.00                  | T1 approved
            |                         | T3 held by table@1                       | T2 approved
            |                         | exception T3/PAYMENT_HELD medium 6000.00 | T3 held
            |                         |                                          | hold 1000.00
            |                         |                                          | transit 800.00
03-02 10:03 | cancel T1               | T1 canceled                              | T1 canceled
            |                         | Dr payable Cr holds 1000.00              | T2 approved
            |                         |                                          | T3 held
            |                         |                                          | transit 800.00
03-02 10:04 | cancel T2 reason typo   | T2 canceled (typo)                       | T1 canceled
            |                         | Dr transit Cr payable 800.00             | T2 canceled
            |                         |                                          | T3 held
03-02 10:05 | cancel T3               | T3 canceled                              | T1 canceled
            |                         | closed T3/PAYMENT_HELD canceled          | T2 canceled
            |                         |                                          | T3 canceled
03-02 10:06 | cancel T3               | refused DUPLICATE                        |
03-02 10:07 | cancel T9               | refused UNKNOWN_TRANSACTION              |

## what is with the bank is not withdrawn
when        | event               | effects                               | after
03-02 10:00 | repayment T1 100.00 | repayment T1 100.00                   | T1 approved
            |                     | T1 approved by table@1                |
            |                     | debit entry 1 WEB 'PATIENTPAY' 100.00 |
03-02 10:01 | submitted T1        | T1 submitted                          | T1 submitted
03-02 10:02 | cancel T1           | refused NOT_CANCELABLE                |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
