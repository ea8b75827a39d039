"""Interest: posted at the end of each period, on what was owed each day, by the book in force then."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## interest of a month, actual/365: 3,650 at 20 % for 30 days
when        | event                        | effects                              | after
04-01 10:00 | policy 12 INTEREST           | policy table@12                      |
04-01 10:00 | balance B1 3650.00 due 12-31 | owes B1 3650.00                      | B1 3650.00
            |                              | Dr receivable Cr payable 3650.00     |
            |                              | B1: look 05-01 04:00                 |
05-01 03:59 | tick                         |                                      |
05-01 04:00 | tick                         | charged B1/interest-2026-05-01 60.00 | B1 3650.00
            |                              | Dr receivable Cr interest 60.00      | B1/interest-2026-05-01 60.00
            |                              | B1: look 06-01 04:00                 |
06-01 04:00 | tick                         | charged B1/interest-2026-06-01 62.00 | B1 3650.00
            |                              | Dr receivable Cr interest 62.00      | B1/interest-2026-05-01 60.00
            |                              | B1: look 07-01 04:00                 | B1/interest-2026-06-01 62.00

## interest of a period in which a payment came is counted on what was owed each day
when        | event                              | effects                                      | after
04-01 10:00 | policy 12 INTEREST                 | policy table@12                              |
04-01 10:00 | balance B1 3650.00 due 12-31       | owes B1 3650.00                              | B1 3650.00
            |                                    | Dr receivable Cr payable 3650.00             |
            |                                    | B1: look 05-01 04:00                         |
04-16 10:00 | deposit D1 1825.00 on 04-16 for B1 | deposit D1 1825.00                           | B1 1825.00
            |                                    | D1 pays B1 1825.00 by named_first            |
            |                                    | Dr cash Cr receivable 1825.00                |
            |                                    | B1: interest to 04-16 30.00 look 05-01 04:00 |
05-01 04:00 | tick                               | charged B1/interest-2026-05-01 45.00         | B1 1825.00
            |                                    | Dr receivable Cr interest 45.00              | B1/interest-2026-05-01 45.00
            |                                    | B1: look 06-01 04:00                         |

## who pays everything is told at once what it bore
when        | event                        | effects                                               | after
04-01 10:00 | policy 12 INTEREST           | policy table@12                                       |
04-01 10:00 | balance B1 3650.00 due 12-31 | owes B1 3650.00                                       | B1 3650.00
            |                              | Dr receivable Cr payable 3650.00                      |
            |                              | B1: look 05-01 04:00                                  |
04-10 10:00 | repayment T1 3650.00 for B1  | repayment T1 3650.00                                  | T1 approved
            |                              | T1 approved by table@12                               | B1 3650.00
            |                              | debit entry 1 WEB 'PATIENTPAY' 3650.00                |
04-11 10:00 | settled T1 3650.00 on 04-11  | T1 settled                                            | T1 settled
            |                              | T1 pays B1 3650.00 by id                              | B1 0.00
            |                              | Dr cash Cr receivable 3650.00                         | B1/interest-2026-04-11 20.00
            |                              | charged B1/interest-2026-04-11 20.00                  |
            |                              | Dr receivable Cr interest 20.00                       |
            |                              | B1: no look                                           |
            |                              | webhook settled 3650.00, open 20.00                   |
05-01 04:00 | tick                         | T1 completed                                          | T1 completed
            |                              |                                                       | B1 0.00
            |                              |                                                       | B1/interest-2026-04-11 20.00
05-04 10:00 | repayment T2 20.00           | repayment T2 20.00                                    | T1 completed
            |                              | T2 approved by table@12                               | T2 approved
            |                              | debit entry 1 WEB 'PATIENTPAY' 20.00                  | B1 0.00
            |                              |                                                       | B1/interest-2026-04-11 20.00
05-05 10:00 | settled T2 20.00 on 05-05    | T2 settled                                            | T1 completed
            |                              | T2 pays B1/interest-2026-04-11 20.00 by unique_amount | T2 settled
            |                              | Dr cash Cr receivable 20.00                           | B1 0.00
            |                              | webhook settled 20.00, open 0.00                      | B1/interest-2026-04-11 0.00

## promotion and grace: nothing in the first two months, then one percent a month, which bears interest itself
when        | event                        | effects                              | after
01-31 12:00 | policy 13 PROMOTION          | policy table@13                      |
01-31 12:00 | balance B1 1000.00 due 12-31 | owes B1 1000.00                      | B1 1000.00
            |                              | Dr receivable Cr payable 1000.00     |
            |                              | B1: look 02-28 05:00                 |
02-28 05:00 | tick                         | B1: look 03-31 04:00                 |
03-31 04:00 | tick                         | B1: look 04-30 04:00                 |
04-30 04:00 | tick                         | charged B1/interest-2026-04-30 10.00 | B1 1000.00
            |                              | Dr receivable Cr interest 10.00      | B1/interest-2026-04-30 10.00
            |                              | B1: look 05-31 04:00                 |
05-31 04:00 | tick                         | charged B1/interest-2026-05-31 10.10 | B1 1000.00
            |                              | Dr receivable Cr interest 10.10      | B1/interest-2026-04-30 10.00
            |                              | B1: look 06-30 04:00                 | B1/interest-2026-05-31 10.10

## three periods that nobody looked at are posted one by one, with the cents of their days
when        | event                        | effects                              | after
04-01 10:00 | policy 12 INTEREST           | policy table@12                      |
04-01 10:00 | balance B1 3650.00 due 12-31 | owes B1 3650.00                      | B1 3650.00
            |                              | Dr receivable Cr payable 3650.00     |
            |                              | B1: look 05-01 04:00                 |
07-15 12:00 | tick                         | charged B1/interest-2026-05-01 60.00 | B1 3650.00
            |                              | Dr receivable Cr interest 60.00      | B1/interest-2026-05-01 60.00
            |                              | B1: look 06-01 04:00                 | B1/interest-2026-06-01 62.00
            |                              | charged B1/interest-2026-06-01 62.00 | B1/interest-2026-07-01 60.00
            |                              | Dr receivable Cr interest 62.00      |
            |                              | B1: look 07-01 04:00                 |
            |                              | charged B1/interest-2026-07-01 60.00 |
            |                              | Dr receivable Cr interest 60.00      |
            |                              | B1: look 08-01 04:00                 |

## the month that ends under a book that charges nothing bears nothing
when        | event                        | effects                              | after
04-01 10:00 | policy 12 INTEREST           | policy table@12                      |
04-01 10:00 | balance B1 3650.00 due 12-31 | owes B1 3650.00                      | B1 3650.00
            |                              | Dr receivable Cr payable 3650.00     |
            |                              | B1: look 05-01 04:00                 |
04-20 10:00 | policy 1 FIRST               | policy table@1                       |
05-01 04:00 | tick                         | B1: look 05-31 04:00                 |
05-20 10:00 | policy 12 INTEREST           | policy table@12                      |
05-31 04:00 | tick                         | B1: look 06-01 04:00                 |
06-01 04:00 | tick                         | charged B1/interest-2026-06-01 62.00 | B1 3650.00
            |                              | Dr receivable Cr interest 62.00      | B1/interest-2026-06-01 62.00
            |                              | B1: look 07-01 04:00                 |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
