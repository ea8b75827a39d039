"""What patients are told of a payment that waits, and of the end of its retries. The tables are read as `tests.ledger.table` says."""

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

## the last presentment comes back: nothing more follows
when        | event                           | effects                                                            | after
03-02 10:00 | consent sms yes                 | consent sms yes                                                    |
03-02 10:01 | repayment T1 100.00             | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@1                                             |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
            |                                 | sms approved                                                       |
03-02 15:00 | submitted T1                    | T1 submitted                                                       | T1 submitted
03-04 15:00 | returned T1 R01 100.00 on 03-04 | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                 | retry 03-09 04:00 as entry 2                                       |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                 | sms retry_scheduled                                                |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-09 |
03-09 10:00 | tick                            | T1 approved re_presented (re-presentment is due)                   | T1 approved
            |                                 | debit entry 2 WEB 'RETRY PYMT' 100.00                              |
            |                                 | sms retry                                                          |
03-09 15:00 | submitted T1                    | T1 submitted                                                       | T1 submitted
03-11 15:00 | returned T1 R01 100.00 on 03-11 | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                 | retry 03-16 04:00 as entry 3                                       |
            |                                 | T1 retry_scheduled R01 (insufficient_funds)                        |
            |                                 | sms retry_scheduled                                                |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-16 |
03-16 10:00 | tick                            | T1 approved re_presented (re-presentment is due)                   | T1 approved
            |                                 | debit entry 3 WEB 'RETRY PYMT' 100.00                              |
            |                                 | sms retry                                                          |
03-16 15:00 | submitted T1                    | T1 submitted                                                       | T1 submitted
03-18 15:00 | returned T1 R01 100.00 on 03-18 | T1 returned R01 (insufficient_funds)                               | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00                        |
            |                                 | sms final                                                          |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01             |
"""


@pytest.mark.parametrize("story", stories(TABLE), ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
