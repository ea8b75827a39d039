"""Faults, row 17: an identifier that is known comes with other content. The first stands, and people are told of it once. What came
stays in its topic, whole, and the alert's answer names the place.
"""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## row 17: a balance; told once, refused each time, and another one is another matter
when        | event                                 | effects                         | after
03-02 10:00 | balance B1 100.00 due 04-01 ref INV-1 | owes B1 100.00                  | B1 100.00
            |                                       | Dr receivable Cr payable 100.00 |
03-02 10:01 | balance B2 100.00 due 04-01 ref INV-2 | owes B2 100.00                  | B1 100.00
            |                                       | Dr receivable Cr payable 100.00 | B2 100.00
03-02 10:02 | balance B1 100.01 due 04-01 ref INV-1 | refused CONTENT_CONFLICT        |
            |                                       | alert id_conflict medium        |
03-02 10:03 | balance B1 100.02 due 04-01 ref INV-1 | refused CONTENT_CONFLICT        |
03-02 10:04 | balance B1 100.00 due 04-01 ref INV-1 | refused DUPLICATE               |
03-02 10:05 | balance B2 100.01 due 04-01 ref INV-2 | refused CONTENT_CONFLICT        |
            |                                       | alert id_conflict medium        |

## row 17: a payment
when        | event                | effects                               | after
03-02 10:00 | repayment T1 100.00  | repayment T1 100.00                   | T1 approved
            |                      | T1 approved by table@1                |
            |                      | debit entry 1 WEB 'PATIENTPAY' 100.00 |
03-02 10:01 | repayment T1 200.00  | refused CONTENT_CONFLICT              |
            |                      | alert id_conflict medium              |
03-02 10:02 | repayment T1 300.00  | refused CONTENT_CONFLICT              |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
