"""What patients are told of a payment that waits: of returns and retries `test_returns` and `test_deadlines` tell.

The tables are read as `tests.ledger.table` says.
"""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## checked by the rules: held; waiting for the hospital's people alone: pending
when        | event                       | effects                                  | after
03-02 09:58 | consent sms yes             | consent sms yes                          |
03-02 09:59 | rollout H1 assisted by anna | rollout H1 assisted                      |
03-02 10:00 | disbursement T1 100.00      | disbursement T1 100.00                   | T1 held
            |                             | T1 held by table@1 ROLLOUT_ASSISTED      |
            |                             | exception T1/PAYMENT_HELD medium 100.00  |
            |                             | sms pending                              |
03-02 10:01 | disbursement T2 6000.00     | disbursement T2 6000.00                  | T1 held
            |                             | T2 held by table@1                       | T2 held
            |                             | exception T2/PAYMENT_HELD medium 6000.00 |
            |                             | sms held                                 |
"""


@pytest.mark.parametrize("story", stories(TABLE), ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
