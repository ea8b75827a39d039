"""What patients owe: single balances and plans. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a balance is opened, once
when        | event                                             | effects                         | after
03-02 10:00 | balance B1 100.00 due 04-01 ref INV-1             | owes B1 100.00                  | B1 100.00
            |                                                   | Dr receivable Cr payable 100.00 |
03-02 10:01 | balance B1 100.00 due 04-01 ref INV-1             | refused DUPLICATE               |
03-02 10:02 | balance B1 100.01 due 04-01 ref INV-1             | refused CONTENT_CONFLICT        |
            |                                                   | alert id_conflict medium        |
03-02 10:03 | balance B1 100.00 due 04-02 ref INV-1             | refused CONTENT_CONFLICT        |
03-02 10:04 | balance B1 100.00 due 04-01 ref INV-1 hospital H2 | refused CONTENT_CONFLICT        |

## what is no amount of dollars is no balance
when        | event                              | effects                        | after
03-02 10:00 | balance B1 0.00 due 04-01          | refused AMOUNT_NOT_POSITIVE    |
03-02 10:00 | balance B1 100.00 due 04-01 in EUR | refused CURRENCY_NOT_SUPPORTED |

## a plan is opened whole or not at all
when        | event                                       | effects                         | after
03-02 10:00 | plan PL1 B1=250.00@04-01 B2=250.00@05-01    | owes B1 250.00                  | B1 250.00
            |                                             | Dr receivable Cr payable 250.00 | B2 250.00
            |                                             | owes B2 250.00                  |
            |                                             | Dr receivable Cr payable 250.00 |
03-02 10:01 | plan PL1 B1=250.00@04-01 B2=250.00@05-01    | refused DUPLICATE               |
03-02 10:02 | plan PL1 B1=250.00@04-01 B2=999.00@05-01    | refused CONTENT_CONFLICT        |
            |                                             | alert id_conflict medium        |
03-02 10:03 | plan PL2 B2=250.00@05-01 B3=250.00@06-01    | refused CONTENT_CONFLICT        |
            |                                             | alert id_conflict medium        |
03-02 10:04 | plan PL3 B4=1.00@05-01 B4=2.00@06-01        | refused CONTENT_CONFLICT        |
03-02 10:05 | plan PL4 B5=1.00@05-01 B6=0.00@06-01        | refused AMOUNT_NOT_POSITIVE     |
03-02 10:06 | plan PL5 B5=1.00@05-01 B6=1.00@06-01 in CAD | refused CURRENCY_NOT_SUPPORTED  |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
