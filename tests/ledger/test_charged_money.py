"""Money for an account that owes charges, in the order of the book; and plans that are spread anew after a part or early payment."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## money pays fees, then interest, then principal, the oldest instalment first
when        | event                           | effects                                                  | after
04-01 10:00 | policy 21 LATE-AND-INTEREST     | policy table@21                                          |
04-01 10:00 | balance B1 365.00 due 04-15     | owes B1 365.00                                           | B1 365.00
            |                                 | Dr receivable Cr payable 365.00                          |
            |                                 | B1: look 04-26 04:00                                     |
04-26 04:00 | tick                            | charged B1/late-fee 18.25                                | B1 365.00
            |                                 | Dr receivable Cr fees 18.25                              | B1/late-fee 18.25
            |                                 | B1: look 05-01 04:00                                     |
05-01 04:00 | tick                            | charged B1/interest-2026-05-01 6.00                      | B1 365.00
            |                                 | Dr receivable Cr interest 6.00                           | B1/late-fee 18.25
            |                                 | B1: look 06-01 04:00                                     | B1/interest-2026-05-01 6.00
05-01 12:00 | repayment T1 100.00             | repayment T1 100.00                                      | T1 approved
            |                                 | T1 approved by table@21                                  | B1 365.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                    | B1/late-fee 18.25
            |                                 |                                                          | B1/interest-2026-05-01 6.00
05-02 12:00 | settled T1 100.00 on 05-02      | T1 settled                                               | T1 settled
            |                                 | T1 pays B1/late-fee 18.25 by oldest_first                | B1 289.25
            |                                 | Dr cash Cr receivable 18.25                              | B1/late-fee 0.00
            |                                 | T1 pays B1/interest-2026-05-01 6.00 by oldest_first      | B1/interest-2026-05-01 0.00
            |                                 | Dr cash Cr receivable 6.00                               |
            |                                 | T1 pays B1 75.75 by oldest_first                         |
            |                                 | Dr cash Cr receivable 75.75                              |
            |                                 | B1: interest to 05-02 0.20 look 06-01 04:00              |
            |                                 | webhook settled 100.00, open 289.25                      |
05-04 12:00 | returned T1 R08 100.00 on 05-04 | T1 returned R08 (payment_stopped)                        | T1 returned
            |                                 | B1/late-fee owed again 18.25                             | B1 365.00
            |                                 | B1/interest-2026-05-01 owed again 6.00                   | B1/late-fee 18.25
            |                                 | B1 owed again 75.75                                      | B1/interest-2026-05-01 6.00
            |                                 | Dr returned Cr cash 100.00                               |
            |                                 | Dr receivable Cr returned 18.25                          |
            |                                 | Dr receivable Cr returned 6.00                           |
            |                                 | Dr receivable Cr returned 75.75                          |
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00              |
            |                                 | B1: interest to 05-04 0.52 look 06-01 04:00              |
            |                                 | webhook returned 0.00, open 389.25, PAYMENT_RETURNED R08 |

## a book that pays principal first
when        | event                             | effects                                            | after
04-01 10:00 | policy 19 PRINCIPAL-FIRST         | policy table@19                                    |
04-01 10:00 | balance B1 365.00 due 04-15       | owes B1 365.00                                     | B1 365.00
            |                                   | Dr receivable Cr payable 365.00                    |
            |                                   | B1: look 04-26 04:00                               |
04-26 04:00 | tick                              | charged B1/late-fee 18.25                          | B1 365.00
            |                                   | Dr receivable Cr fees 18.25                        | B1/late-fee 18.25
            |                                   | B1: look 05-01 04:00                               |
05-01 04:00 | tick                              | charged B1/interest-2026-05-01 6.00                | B1 365.00
            |                                   | Dr receivable Cr interest 6.00                     | B1/late-fee 18.25
            |                                   | B1: look 06-01 04:00                               | B1/interest-2026-05-01 6.00
05-01 12:00 | deposit D1 370.00 on 05-01 for B1 | deposit D1 370.00                                  | B1 0.00
            |                                   | D1 pays B1 365.00 by named_first                   | B1/late-fee 18.25
            |                                   | Dr cash Cr receivable 365.00                       | B1/interest-2026-05-01 1.00
            |                                   | D1 pays B1/interest-2026-05-01 5.00 by named_first |
            |                                   | Dr cash Cr receivable 5.00                         |
            |                                   | B1: no look                                        |

## a part payment spreads the rest of the plan anew, over as many instalments
when        | event                                               | effects                                                  | after
04-01 10:00 | policy 16 RECAST                                    | policy table@16                                          |
04-01 10:00 | plan P B1=90.00@05-01 B2=90.00@06-01 B3=90.00@07-01 | owes B1 90.00                                            | B1 90.00
            |                                                     | Dr receivable Cr payable 90.00                           | B2 90.00
            |                                                     | owes B2 90.00                                            | B3 90.00
            |                                                     | Dr receivable Cr payable 90.00                           |
            |                                                     | owes B3 90.00                                            |
            |                                                     | Dr receivable Cr payable 90.00                           |
05-01 12:00 | repayment T1 40.00 for B1                           | repayment T1 40.00                                       | T1 approved
            |                                                     | T1 approved by table@16                                  | B1 90.00
            |                                                     | debit entry 1 WEB 'PATIENTPAY' 40.00                     | B2 90.00
            |                                                     |                                                          | B3 90.00
05-01 15:00 | settled T1 40.00 on 05-01                           | T1 settled                                               | T1 settled
            |                                                     | T1 pays B1 40.00 by named_first                          | B1 76.67
            |                                                     | Dr cash Cr receivable 40.00                              | B2 76.67
            |                                                     | webhook settled 40.00, open 230.00                       | B3 76.66
            |                                                     | recast B1 +26.67                                         |
            |                                                     | recast B2 -13.33                                         |
            |                                                     | recast B3 -13.34                                         |
05-04 15:00 | returned T1 R08 40.00 on 05-04                      | T1 returned R08 (payment_stopped)                        | T1 returned
            |                                                     | B1 owed again 40.00                                      | B1 116.67
            |                                                     | Dr returned Cr cash 40.00                                | B2 76.67
            |                                                     | Dr receivable Cr returned 40.00                          | B3 76.66
            |                                                     | exception T1/PAYMENT_RETURNED medium 40.00               |
            |                                                     | webhook returned 0.00, open 270.00, PAYMENT_RETURNED R08 |

## an early payment makes the plan shorter
when        | event                                                              | effects                               | after
04-01 10:00 | policy 17 SHORTER                                                  | policy table@17                       |
04-01 10:00 | plan P B1=90.00@05-01 B2=90.00@06-01 B3=90.00@07-01 B4=90.00@08-01 | owes B1 90.00                         | B1 90.00
            |                                                                    | Dr receivable Cr payable 90.00        | B2 90.00
            |                                                                    | owes B2 90.00                         | B3 90.00
            |                                                                    | Dr receivable Cr payable 90.00        | B4 90.00
            |                                                                    | owes B3 90.00                         |
            |                                                                    | Dr receivable Cr payable 90.00        |
            |                                                                    | owes B4 90.00                         |
            |                                                                    | Dr receivable Cr payable 90.00        |
05-01 11:00 | repayment T1 220.00                                                | repayment T1 220.00                   | T1 approved
            |                                                                    | T1 approved by table@17               | B1 90.00
            |                                                                    | debit entry 1 WEB 'PATIENTPAY' 220.00 | B2 90.00
            |                                                                    |                                       | B3 90.00
            |                                                                    |                                       | B4 90.00
05-01 12:00 | settled T1 220.00 on 05-01                                         | T1 settled                            | T1 settled
            |                                                                    | T1 pays B1 90.00 by oldest_first      | B1 0.00
            |                                                                    | Dr cash Cr receivable 90.00           | B2 0.00
            |                                                                    | T1 pays B2 90.00 by oldest_first      | B3 90.00
            |                                                                    | Dr cash Cr receivable 90.00           | B4 50.00
            |                                                                    | T1 pays B3 40.00 by oldest_first      |
            |                                                                    | Dr cash Cr receivable 40.00           |
            |                                                                    | webhook settled 220.00, open 140.00   |
            |                                                                    | recast B3 +40.00                      |
            |                                                                    | recast B4 -40.00                      |

## money that names a balance pays what belongs to it first, and what is left the oldest
when        | event                                 | effects                                  | after
04-01 10:00 | policy 11 LATE                        | policy table@11                          |
04-01 10:00 | balance B1 100.00 due 04-15           | owes B1 100.00                           | B1 100.00
            |                                       | Dr receivable Cr payable 100.00          |
            |                                       | B1: look 04-26 04:00                     |
04-01 10:00 | balance B2 300.00 due 04-15 ref INV-2 | owes B2 300.00                           | B1 100.00
            |                                       | Dr receivable Cr payable 300.00          | B2 300.00
            |                                       | B2: look 04-26 04:00                     |
04-26 04:00 | tick                                  | charged B1/late-fee 15.00                | B1 100.00
            |                                       | Dr receivable Cr fees 15.00              | B2 300.00
            |                                       | B1: no look                              | B1/late-fee 15.00
            |                                       | charged B2/late-fee 15.00                | B2/late-fee 15.00
            |                                       | Dr receivable Cr fees 15.00              |
            |                                       | B2: no look                              |
05-01 11:00 | repayment T1 115.00 for B1            | repayment T1 115.00                      | T1 approved
            |                                       | T1 approved by table@11                  | B1 100.00
            |                                       | debit entry 1 WEB 'PATIENTPAY' 115.00    | B2 300.00
            |                                       |                                          | B1/late-fee 15.00
            |                                       |                                          | B2/late-fee 15.00
05-01 12:00 | settled T1 115.00 on 05-01            | T1 settled                               | T1 settled
            |                                       | T1 pays B1/late-fee 15.00 by id          | B1 0.00
            |                                       | Dr cash Cr receivable 15.00              | B2 300.00
            |                                       | T1 pays B1 100.00 by id                  | B1/late-fee 0.00
            |                                       | Dr cash Cr receivable 100.00             | B2/late-fee 15.00
            |                                       | webhook settled 115.00, open 315.00      |
05-02 12:00 | deposit D2 350.00 on 05-02 ref inv2   | deposit D2 350.00                        | T1 settled
            |                                       | D2 pays B2/late-fee 15.00 by named_first | B1 0.00
            |                                       | Dr cash Cr receivable 15.00              | B2 0.00
            |                                       | D2 pays B2 300.00 by named_first         | B1/late-fee 0.00
            |                                       | Dr cash Cr receivable 300.00             | B2/late-fee 0.00
            |                                       | suspense +35.00                          | suspense 35.00
            |                                       | Dr cash Cr suspense 35.00                |
            |                                       | exception D2/OVERPAID medium 35.00       |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
