"""What the bank tells of entries on their way: submitted, settled, failed. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a pre-approval is paid out
when        | event                         | effects                               | after
03-02 10:00 | preapproval T1 1000.00        | preapproval T1 1000.00                | T1 approved
            |                               | T1 approved by table@1                | hold 1000.00
            |                               | Dr holds Cr payable 1000.00           |
            |                               | credit applied at H1 1000.00          |
            |                               | credit entry 1 CCD 'DISBURSE' 1000.00 |
03-02 15:00 | submitted T1 trace 1 on 03-03 | T1 submitted                          | T1 submitted
            |                               | Dr payable Cr holds 1000.00           | transit 1000.00
            |                               | Dr payable Cr transit 1000.00         |
03-03 15:00 | settled T1 1000.00 on 03-03   | T1 settled                            | T1 settled
            |                               | Dr transit Cr cash 1000.00            |
            |                               | webhook settled 1000.00, open 0.00    |

## a pre-approval settles though its submission was never told
when        | event                       | effects                               | after
03-02 10:00 | preapproval T1 1000.00      | preapproval T1 1000.00                | T1 approved
            |                             | T1 approved by table@1                | hold 1000.00
            |                             | Dr holds Cr payable 1000.00           |
            |                             | credit applied at H1 1000.00          |
            |                             | credit entry 1 CCD 'DISBURSE' 1000.00 |
03-03 15:00 | settled T1 1000.00 on 03-03 | T1 settled                            | T1 settled
            |                             | Dr payable Cr holds 1000.00           |
            |                             | Dr payable Cr transit 1000.00         |
            |                             | Dr transit Cr cash 1000.00            |
            |                             | webhook settled 1000.00, open 0.00    |

## a disbursement is paid out
when        | event                      | effects                              | after
03-02 10:00 | disbursement T1 800.00     | disbursement T1 800.00               | T1 approved
            |                            | T1 approved by table@1               | transit 800.00
            |                            | Dr payable Cr transit 800.00         |
            |                            | credit entry 1 CCD 'DISBURSE' 800.00 |
03-02 15:00 | submitted T1               | T1 submitted                         | T1 submitted
            |                            |                                      | transit 800.00
03-03 15:00 | settled T1 800.00 on 03-03 | T1 settled                           | T1 settled
            |                            | Dr transit Cr cash 800.00            |
            |                            | webhook settled 800.00, open 0.00    |

## the balance that is named is paid
when        | event                                    | effects                               | after
03-02 10:00 | plan PL1 B1=250.00@04-01 B2=250.00@05-01 | owes B1 250.00                        | B1 250.00
            |                                          | Dr receivable Cr payable 250.00       | B2 250.00
            |                                          | owes B2 250.00                        |
            |                                          | Dr receivable Cr payable 250.00       |
03-02 10:01 | repayment T1 250.00 for B2               | repayment T1 250.00                   | T1 approved
            |                                          | T1 approved by table@1                | B1 250.00
            |                                          | debit entry 1 WEB 'PATIENTPAY' 250.00 | B2 250.00
03-02 15:00 | submitted T1 trace 1                     | T1 submitted                          | T1 submitted
            |                                          |                                       | B1 250.00
            |                                          |                                       | B2 250.00
03-03 15:00 | settled T1 250.00 on 03-03               | T1 settled                            | T1 settled
            |                                          | T1 pays B2 250.00 by id               | B1 250.00
            |                                          | Dr cash Cr receivable 250.00          | B2 0.00
            |                                          | webhook settled 250.00, open 250.00   |
03-03 15:01 | settled T1 250.00 on 03-03               | refused DUPLICATE                     |
03-03 15:02 | settled T1 250.00 on 03-04               | refused CONTENT_CONFLICT              |
            |                                          | alert id_conflict medium              |
03-03 15:03 | submitted T1 trace 1                     | refused DUPLICATE                     |

## the reference names the balance, the bank's before the client's
when        | event                                 | effects                               | after
03-02 10:00 | balance B1 100.00 due 04-01 ref INV-1 | owes B1 100.00                        | B1 100.00
            |                                       | Dr receivable Cr payable 100.00       |
03-02 10:00 | balance B2 100.00 due 03-01 ref INV-2 | owes B2 100.00                        | B1 100.00
            |                                       | Dr receivable Cr payable 100.00       | B2 100.00
03-02 10:01 | repayment T1 100.00 ref INV-2         | repayment T1 100.00                   | T1 approved
            |                                       | T1 approved by table@1                | B1 100.00
            |                                       | debit entry 1 WEB 'PATIENTPAY' 100.00 | B2 100.00
03-03 15:00 | settled T1 100.00 on 03-03 ref INV-1  | T1 settled                            | T1 settled
            |                                       | T1 pays B1 100.00 by reference        | B1 0.00
            |                                       | Dr cash Cr receivable 100.00          | B2 100.00
            |                                       | webhook settled 100.00, open 100.00   |

## the only balance of the amount is paid
when        | event                       | effects                              | after
03-02 10:00 | balance B1 100.00 due 03-01 | owes B1 100.00                       | B1 100.00
            |                             | Dr receivable Cr payable 100.00      |
03-02 10:00 | balance B2 75.00 due 04-01  | owes B2 75.00                        | B1 100.00
            |                             | Dr receivable Cr payable 75.00       | B2 75.00
03-02 10:01 | repayment T1 75.00          | repayment T1 75.00                   | T1 approved
            |                             | T1 approved by table@1               | B1 100.00
            |                             | debit entry 1 WEB 'PATIENTPAY' 75.00 | B2 75.00
03-03 15:00 | settled T1 75.00 on 03-03   | T1 settled                           | T1 settled
            |                             | T1 pays B2 75.00 by unique_amount    | B1 100.00
            |                             | Dr cash Cr receivable 75.00          | B2 0.00
            |                             | webhook settled 75.00, open 100.00   |

## money that names nothing pays the oldest first
when        | event                                                    | effects                               | after
03-02 10:00 | plan PL1 B1=250.00@04-01 B2=250.00@05-01 B3=250.00@06-01 | owes B1 250.00                        | B1 250.00
            |                                                          | Dr receivable Cr payable 250.00       | B2 250.00
            |                                                          | owes B2 250.00                        | B3 250.00
            |                                                          | Dr receivable Cr payable 250.00       |
            |                                                          | owes B3 250.00                        |
            |                                                          | Dr receivable Cr payable 250.00       |
03-02 10:01 | repayment T1 400.00                                      | repayment T1 400.00                   | T1 approved
            |                                                          | T1 approved by table@1                | B1 250.00
            |                                                          | debit entry 1 WEB 'PATIENTPAY' 400.00 | B2 250.00
            |                                                          |                                       | B3 250.00
03-03 15:00 | settled T1 400.00 on 03-03                               | T1 settled                            | T1 settled
            |                                                          | T1 pays B1 250.00 by oldest_first     | B1 0.00
            |                                                          | Dr cash Cr receivable 250.00          | B2 100.00
            |                                                          | T1 pays B2 150.00 by oldest_first     | B3 250.00
            |                                                          | Dr cash Cr receivable 150.00          |
            |                                                          | webhook settled 400.00, open 350.00   |

## more than is owed lies in suspense and a person looks at it
when        | event                       | effects                                     | after
03-02 10:00 | balance B1 100.00 due 04-01 | owes B1 100.00                              | B1 100.00
            |                             | Dr receivable Cr payable 100.00             |
03-02 10:01 | repayment T1 130.00 for B1  | repayment T1 130.00                         | T1 approved
            |                             | T1 approved by table@1                      | B1 100.00
            |                             | debit entry 1 WEB 'PATIENTPAY' 130.00       |
03-03 15:00 | settled T1 130.00 on 03-03  | T1 settled                                  | T1 settled
            |                             | T1 pays B1 100.00 by named_first            | B1 0.00
            |                             | Dr cash Cr receivable 100.00                | suspense 30.00
            |                             | suspense +30.00                             |
            |                             | Dr cash Cr suspense 30.00                   |
            |                             | exception T1/OVERPAID medium 30.00          |
            |                             | webhook settled 130.00, open 0.00, OVERPAID |

## money of an account that owes nothing at all
when        | event                      | effects                                            | after
03-02 10:01 | repayment T1 130.00        | repayment T1 130.00                                | T1 approved
            |                            | T1 approved by table@1                             |
            |                            | debit entry 1 WEB 'PATIENTPAY' 130.00              |
03-03 15:00 | settled T1 130.00 on 03-03 | T1 settled                                         | T1 settled
            |                            | suspense +130.00                                   | suspense 130.00
            |                            | Dr cash Cr suspense 130.00                         |
            |                            | exception T1/UNKNOWN_ACCOUNT medium 130.00         |
            |                            | webhook settled 130.00, open 0.00, UNKNOWN_ACCOUNT |

## money for a hospital to which nothing is owed
when        | event                                   | effects                                        | after
03-02 10:00 | balance B1 100.00 due 04-01 hospital H2 | owes B1 100.00                                 | B1 100.00
            |                                         | Dr receivable Cr payable 100.00                |
03-02 10:01 | repayment T1 100.00 hospital H1         | repayment T1 100.00                            | T1 approved
            |                                         | T1 approved by table@1                         | B1 100.00
            |                                         | debit entry 1 WEB 'PATIENTPAY' 100.00          |
03-03 15:00 | settled T1 100.00 on 03-03              | T1 settled                                     | T1 settled
            |                                         | suspense +100.00                               | B1 100.00
            |                                         | Dr cash Cr suspense 100.00                     | suspense 100.00
            |                                         | exception T1/UNMATCHED medium 100.00           |
            |                                         | webhook settled 100.00, open 100.00, UNMATCHED |

## the bank tells of what cannot be
when        | event                             | effects                                            | after
03-02 10:00 | repayment T1 100.00               | repayment T1 100.00                                | T1 approved
            |                                   | T1 approved by table@1                             |
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00              |
03-02 10:00 | repayment T2 6000.00              | repayment T2 6000.00                               | T1 approved
            |                                   | T2 held by table@1                                 | T2 held
            |                                   | exception T2/PAYMENT_HELD medium 6000.00           |
03-03 15:00 | settled T1 99.00 on 03-03         | refused AMOUNT_MISMATCH                            |
            |                                   | exception T1/AMOUNT_MISMATCH high 99.00            |
03-03 15:01 | settled T1 99.00 on 03-03         | refused AMOUNT_MISMATCH                            |
03-03 15:02 | settled T1 100.00 on 03-03 in EUR | refused CURRENCY_NOT_SUPPORTED                     |
03-03 15:03 | settled T2 6000.00 on 03-03       | refused NOT_SETTLEABLE                             |
            |                                   | exception T2/NOT_SETTLEABLE high 6000.00           |
03-03 15:04 | submitted T2                      | refused NOT_SUBMITTABLE                            |
            |                                   | exception T2/NOT_SUBMITTABLE high 6000.00          |
03-03 15:05 | settled T1 100.00 on 03-03        | T1 settled                                         | T1 settled
            |                                   | suspense +100.00                                   | T2 held
            |                                   | Dr cash Cr suspense 100.00                         | suspense 100.00
            |                                   | exception T1/UNKNOWN_ACCOUNT medium 100.00         |
            |                                   | closed T1/AMOUNT_MISMATCH settled                  |
            |                                   | webhook settled 100.00, open 0.00, UNKNOWN_ACCOUNT |

## a payment that never reached the network
when        | event                          | effects                                        | after
03-02 10:00 | consent sms yes                | consent sms yes                                |
03-02 10:00 | preapproval T1 1000.00         | preapproval T1 1000.00                         | T1 approved
            |                                | T1 approved by table@1                         | hold 1000.00
            |                                | Dr holds Cr payable 1000.00                    |
            |                                | credit applied at H1 1000.00                   |
            |                                | credit entry 1 CCD 'DISBURSE' 1000.00          |
            |                                | sms approved                                   |
03-02 10:00 | disbursement T2 800.00         | disbursement T2 800.00                         | T1 approved
            |                                | T2 approved by table@1                         | T2 approved
            |                                | Dr payable Cr transit 800.00                   | hold 1000.00
            |                                | credit entry 1 CCD 'DISBURSE' 800.00           | transit 800.00
            |                                | sms approved                                   |
03-02 10:00 | repayment T3 100.00            | repayment T3 100.00                            | T1 approved
            |                                | T3 approved by table@1                         | T2 approved
            |                                | debit entry 1 WEB 'PATIENTPAY' 100.00          | T3 approved
            |                                | sms approved                                   | hold 1000.00
            |                                |                                                | transit 800.00
03-02 15:00 | submitted T2                   | T2 submitted                                   | T1 approved
            |                                |                                                | T2 submitted
            |                                |                                                | T3 approved
            |                                |                                                | hold 1000.00
            |                                |                                                | transit 800.00
03-02 16:00 | failed T1 reason file-rejected | T1 failed (file-rejected)                      | T1 failed
            |                                | Dr payable Cr holds 1000.00                    | T2 submitted
            |                                | exception T1/PAYMENT_FAILED medium 1000.00     | T3 approved
            |                                | sms failed                                     | transit 800.00
            |                                | webhook failed 0.00, open 0.00, PAYMENT_FAILED |
03-02 16:01 | failed T2 reason file-rejected | T2 failed (file-rejected)                      | T1 failed
            |                                | Dr transit Cr payable 800.00                   | T2 failed
            |                                | exception T2/PAYMENT_FAILED medium 800.00      | T3 approved
            |                                | sms failed                                     |
            |                                | webhook failed 0.00, open 0.00, PAYMENT_FAILED |
03-02 16:02 | failed T3 reason file-rejected | T3 failed (file-rejected)                      | T1 failed
            |                                | exception T3/PAYMENT_FAILED medium 100.00      | T2 failed
            |                                | sms failed                                     | T3 failed
            |                                | webhook failed 0.00, open 0.00, PAYMENT_FAILED |
03-02 16:03 | failed T3 reason file-rejected | refused DUPLICATE                              |
03-03 16:04 | settled T3 100.00 on 03-03     | refused NOT_SETTLEABLE                         |
            |                                | exception T3/NOT_SETTLEABLE high 100.00        |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
