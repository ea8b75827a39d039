"""A person puts a rule to sleep for one account, or wakes it."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a rule sleeps for one account until an instant
when        | event                   | effects                                  | after
03-02 10:00 | sleep large 03-05 15:00 | anna snoozed large                       |
            |                         | rule large sleeps until 03-05 15:00      |
03-05 14:59 | repayment T1 6000.00    | repayment T1 6000.00                     | T1 approved
            |                         | T1 approved by table@1                   |
            |                         | debit entry 1 WEB 'PATIENTPAY' 6000.00   |
03-05 15:00 | repayment T2 6000.00    | repayment T2 6000.00                     | T1 approved
            |                         | T2 held by table@1                       | T2 held
            |                         | exception T2/PAYMENT_HELD medium 6000.00 |

## a rule is woken before its time; what is awake cannot be woken
when        | event                   | effects                                  | after
03-02 10:00 | sleep large 03-05 15:00 | anna snoozed large                       |
            |                         | rule large sleeps until 03-05 15:00      |
03-03 10:00 | sleep large 03-03 09:00 | anna woke large                          |
            |                         | rule large sleeps until 03-03 09:00      |
03-03 10:01 | repayment T1 6000.00    | repayment T1 6000.00                     | T1 held
            |                         | T1 held by table@1                       |
            |                         | exception T1/PAYMENT_HELD medium 6000.00 |
03-03 10:02 | sleep large 03-03 09:00 | refused DUPLICATE                        |

## what declines or blocks does not sleep, nor what the book does not know; nobody sleeps for years
when        | event                          | effects                    | after
03-02 10:00 | sleep hard-limit 03-05 15:00   | refused RULE_NOT_SNOOZABLE |
03-02 10:00 | sleep unauthorized 03-05 15:00 | refused RULE_NOT_SNOOZABLE |
03-02 10:00 | sleep no-such-rule 03-05 15:00 | refused RULE_NOT_SNOOZABLE |
03-02 10:00 | sleep large 2028-03-05 15:00   | refused IMPLAUSIBLE_TIME   |

## the same act once more
when        | event                          | effects                             | after
03-02 10:00 | sleep large 03-05 15:00 key s1 | anna snoozed large                  |
            |                                | rule large sleeps until 03-05 15:00 |
03-02 10:01 | sleep large 03-05 15:00 key s1 | refused DUPLICATE                   |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
