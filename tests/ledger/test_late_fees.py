"""Late fees: after grace, once, never on a late fee, and taken back when the money was in time."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a late fee after the days of grace: five percent, at least 15.00, once
when        | event                       | effects                         | after
04-01 10:00 | policy 11 LATE              | policy table@11                 |
04-01 10:00 | balance B1 100.00 due 04-15 | owes B1 100.00                  | B1 100.00
            |                             | Dr receivable Cr payable 100.00 |
            |                             | B1: look 04-26 04:00            |
04-26 03:59 | tick                        |                                 |
04-26 04:00 | tick                        | charged B1/late-fee 15.00       | B1 100.00
            |                             | Dr receivable Cr fees 15.00     | B1/late-fee 15.00
            |                             | B1: no look                     |
05-26 04:00 | tick                        |                                 |

## a late fee is capped, and small amounts bear none
when        | event                        | effects                          | after
04-01 10:00 | policy 11 LATE               | policy table@11                  |
04-01 10:00 | balance B1 5000.00 due 04-15 | owes B1 5000.00                  | B1 5000.00
            |                              | Dr receivable Cr payable 5000.00 |
            |                              | B1: look 04-26 04:00             |
04-01 10:00 | balance B2 19.99 due 04-15   | owes B2 19.99                    | B1 5000.00
            |                              | Dr receivable Cr payable 19.99   | B2 19.99
            |                              | B2: look 04-26 04:00             |
04-26 04:00 | tick                         | charged B1/late-fee 40.00        | B1 5000.00
            |                              | Dr receivable Cr fees 40.00      | B2 19.99
            |                              | B1: no look                      | B1/late-fee 40.00
            |                              | B2: no look                      |

## who pays within grace owes no late fee, also when the bank tells of it later
when        | event                       | effects                               | after
04-01 10:00 | policy 11 LATE              | policy table@11                       |
04-01 10:00 | balance B1 100.00 due 04-15 | owes B1 100.00                        | B1 100.00
            |                             | Dr receivable Cr payable 100.00       |
            |                             | B1: look 04-26 04:00                  |
04-24 10:00 | repayment T1 100.00 for B1  | repayment T1 100.00                   | T1 approved
            |                             | T1 approved by table@11               | B1 100.00
            |                             | debit entry 1 WEB 'PATIENTPAY' 100.00 |
04-26 04:00 | tick                        | charged B1/late-fee 15.00             | T1 approved
            |                             | Dr receivable Cr fees 15.00           | B1 100.00
            |                             | B1: no look                           | B1/late-fee 15.00
04-26 15:00 | settled T1 100.00 on 04-24  | T1 settled                            | T1 settled
            |                             | waived B1/late-fee 15.00              | B1 0.00
            |                             | Dr fees Cr receivable 15.00           | B1/late-fee 0.00
            |                             | T1 pays B1 100.00 by id               |
            |                             | Dr cash Cr receivable 100.00          |
            |                             | webhook settled 100.00, open 0.00     |
06-01 04:00 | tick                        | T1 completed                          | T1 completed
            |                             |                                       | B1 0.00
            |                             |                                       | B1/late-fee 0.00

## what is short only by a late fee paid before is not late again
when        | event                                    | effects                                  | after
04-01 10:00 | policy 11 LATE                           | policy table@11                          |
04-01 10:00 | plan PL1 B1=100.00@04-15 B2=100.00@05-15 | owes B1 100.00                           | B1 100.00
            |                                          | Dr receivable Cr payable 100.00          | B2 100.00
            |                                          | owes B2 100.00                           |
            |                                          | Dr receivable Cr payable 100.00          |
            |                                          | B1: look 04-26 04:00                     |
            |                                          | B2: look 05-26 04:00                     |
04-26 04:00 | tick                                     | charged B1/late-fee 15.00                | B1 100.00
            |                                          | Dr receivable Cr fees 15.00              | B2 100.00
            |                                          | B1: no look                              | B1/late-fee 15.00
05-01 10:00 | deposit D1 100.00 on 05-01 for B1        | deposit D1 100.00                        | B1 15.00
            |                                          | D1 pays B1/late-fee 15.00 by named_first | B2 100.00
            |                                          | Dr cash Cr receivable 15.00              | B1/late-fee 0.00
            |                                          | D1 pays B1 85.00 by named_first          |
            |                                          | Dr cash Cr receivable 85.00              |
05-14 10:00 | deposit D2 100.00 on 05-14 for B2        | deposit D2 100.00                        | B1 15.00
            |                                          | D2 pays B2 100.00 by id                  | B2 0.00
            |                                          | Dr cash Cr receivable 100.00             | B1/late-fee 0.00
05-26 04:00 | tick                                     |                                          |

## a balance opened before the book charged anything never bears anything
when        | event                       | effects                         | after
04-01 10:00 | balance B1 100.00 due 04-15 | owes B1 100.00                  | B1 100.00
            |                             | Dr receivable Cr payable 100.00 |
04-02 10:00 | policy 21 LATE-AND-INTEREST | policy table@21                 |
06-15 12:00 | tick                        |                                 |

## a hospital in its shadow phase charges nothing
when        | event                       | effects                         | after
04-01 10:00 | policy 11 LATE              | policy table@11                 |
04-01 10:00 | rollout H1 shadow           | rollout H1 shadow               |
04-01 10:00 | balance B1 100.00 due 04-15 | owes B1 100.00                  | B1 100.00
            |                             | Dr receivable Cr payable 100.00 |
04-26 04:00 | tick                        |                                 |

## a balance opened after its due date is late from its opening on
when        | event                       | effects                         | after
06-01 10:00 | policy 11 LATE              | policy table@11                 |
06-01 10:00 | balance B1 100.00 due 04-15 | owes B1 100.00                  | B1 100.00
            |                             | Dr receivable Cr payable 100.00 |
            |                             | B1: look 06-12 04:00            |
06-01 12:00 | tick                        |                                 |
06-12 04:00 | tick                        | charged B1/late-fee 15.00       | B1 100.00
            |                             | Dr receivable Cr fees 15.00     | B1/late-fee 15.00
            |                             | B1: no look                     |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
