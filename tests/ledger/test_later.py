"""Rules on settlements, returns, failures and deposits. The tables are read as `tests.ledger.table` says.

The rule `divides` breaks on every settlement, and is told once.
"""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a return after a return, and a large deposit
when        | event                           | effects                                                | after
03-02 09:00 | policy 24 LATER                 | policy table@24                                        | -
03-02 10:00 | repayment T1 100.00             | repayment T1 100.00                                    | T1 approved
            |                                 | T1 approved by table@24                                |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                  |
03-02 10:01 | repayment T2 60.00              | repayment T2 60.00                                     | T1 approved
            |                                 | T2 approved by table@24                                | T2 approved
            |                                 | debit entry 1 WEB 'PATIENTPAY' 60.00                   |
03-02 15:00 | submitted T2 on 03-03           | T2 submitted                                           | T1 approved
            |                                 |                                                        | T2 submitted
03-03 15:00 | returned T1 R02 100.00 on 03-03 | T1 returned R02 (account_closed)                       | T1 returned
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00            | T2 submitted
            |                                 | barred instrument by T1 R02                            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02 |
03-04 15:00 | returned T2 R02 60.00 on 03-04  | T2 returned R02 (account_closed)                       | T1 returned
            |                                 | exception T2/PAYMENT_RETURNED medium 60.00             | T2 returned
            |                                 | barred instrument by T2 R02                            |
            |                                 | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R02 |
            |                                 | alert returned-again high                              |
03-04 15:30 | deposit D1 250.00 on 03-04      | deposit D1 250.00                                      | T1 returned
            |                                 | suspense +250.00                                       | T2 returned
            |                                 | Dr cash Cr suspense 250.00                             | suspense 250.00
            |                                 | exception D1/UNKNOWN_ACCOUNT medium 250.00             |
            |                                 | alert large-in medium                                  |
03-04 15:30 | deposit D1 250.00 on 03-04      | refused DUPLICATE                                      | T1 returned
            |                                 |                                                        | T2 returned
            |                                 |                                                        | suspense 250.00

## the bank is early
when        | event                      | effects                                            | after
03-02 09:00 | policy 24 LATER            | policy table@24                                    | -
03-02 10:00 | settled T1 130.00 on 03-02 | parked T1 until 03-03 10:00                        | -
03-02 10:01 | repayment T1 130.00        | repayment T1 130.00                                | T1 settled
            |                            | T1 approved by table@24                            | suspense 130.00
            |                            | unparked T1 applied                                |
            |                            | T1 settled                                         |
            |                            | suspense +130.00                                   |
            |                            | Dr cash Cr suspense 130.00                         |
            |                            | exception T1/UNKNOWN_ACCOUNT medium 130.00         |
            |                            | webhook settled 130.00, open 0.00, UNKNOWN_ACCOUNT |
            |                            | alert large-in medium                              |
            |                            | alert rule_broken high                             |
03-02 10:02 | repayment T2 130.00        | repayment T2 130.00                                | T1 settled
            |                            | T2 approved by table@24                            | T2 approved
            |                            | debit entry 1 WEB 'PATIENTPAY' 130.00              | suspense 130.00
03-02 10:03 | settled T2 130.00 on 03-02 | T2 settled                                         | T1 settled
            |                            | suspense +130.00                                   | T2 settled
            |                            | Dr cash Cr suspense 130.00                         | suspense 260.00
            |                            | exception T2/UNKNOWN_ACCOUNT medium 130.00         |
            |                            | webhook settled 130.00, open 0.00, UNKNOWN_ACCOUNT |
            |                            | alert large-in medium                              |

## a shadow says what it would have alerted, and what not
when        | event                      | effects                                              | after
03-02 09:00 | shadow LATER by anna       | shadow table@24                                      |
03-02 10:00 | repayment T1 130.00        | repayment T1 130.00                                  | T1 approved
            |                            | T1 approved by table@1                               |
            |                            | debit entry 1 WEB 'PATIENTPAY' 130.00                |
03-02 10:01 | settled T1 130.00 on 03-02 | T1 settled                                           | T1 settled
            |                            | suspense +130.00                                     | suspense 130.00
            |                            | Dr cash Cr suspense 130.00                           |
            |                            | exception T1/UNKNOWN_ACCOUNT medium 130.00           |
            |                            | webhook settled 130.00, open 0.00, UNKNOWN_ACCOUNT   |
            |                            | shadow table@24: T1 alert medium instead of no alert |
03-02 10:02 | settled T1 130.00 on 03-02 | refused DUPLICATE                                    |
03-02 10:03 | deposit D1 90.00 on 03-02  | deposit D1 90.00                                     | T1 settled
            |                            | suspense +90.00                                      | suspense 220.00
            |                            | Dr cash Cr suspense 90.00                            |
            |                            | exception D1/UNKNOWN_ACCOUNT medium 90.00            |
03-02 10:04 | policy 24 LATER            | policy table@24                                      |
            |                            | shadow off                                           |
03-02 10:05 | shadow STRICT by anna      | shadow table@2                                       |
03-02 10:06 | deposit D2 250.00 on 03-02 | deposit D2 250.00                                    | T1 settled
            |                            | suspense +250.00                                     | suspense 470.00
            |                            | Dr cash Cr suspense 250.00                           |
            |                            | exception D2/UNKNOWN_ACCOUNT medium 250.00           |
            |                            | alert large-in medium                                |
            |                            | shadow table@2: D2 no alert instead of alert medium  |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
