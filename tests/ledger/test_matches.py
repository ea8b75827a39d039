"""Matches that people make or take back. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a deposit that fits two balances is confirmed by a person
when        | event                                    | effects                              | after
03-02 10:00 | plan PL1 B1=100.00@04-01 B2=100.00@05-01 | owes B1 100.00                       | B1 100.00
            |                                          | Dr receivable Cr payable 100.00      | B2 100.00
            |                                          | owes B2 100.00                       |
            |                                          | Dr receivable Cr payable 100.00      |
03-03 10:00 | deposit D1 100.00 on 03-03               | deposit D1 100.00                    | B1 100.00
            |                                          | suspense +100.00                     | B2 100.00
            |                                          | Dr cash Cr suspense 100.00           | suspense 100.00
            |                                          | exception D1/AMBIGUOUS medium 100.00 |
03-03 10:01 | resolve D1/AMBIGUOUS no_action by anna   | refused CAUSE_REMAINS                |
03-03 10:02 | confirm D9 B2 by anna                    | refused UNKNOWN_SOURCE               |
03-03 10:03 | confirm D1 B7 by anna                    | refused BALANCE_NOT_OPEN             |
03-03 10:04 | confirm D1 B2 by anna                    | anna confirmed D1                    | B1 100.00
            |                                          | suspense -100.00                     | B2 0.00
            |                                          | D1 pays B2 100.00 by person          |
            |                                          | Dr suspense Cr receivable 100.00     |
            |                                          | closed D1/AMBIGUOUS matched by anna  |
03-03 10:05 | confirm D1 B1 by anna                    | refused NOTHING_SUSPENDED            |
03-03 10:06 | confirm D1 B2 by anna key e5             | refused DUPLICATE                    |

## a match is revoked and goes to another balance
when        | event                                   | effects                                                  | after
03-02 10:00 | plan PL1 B1=100.00@04-01 B2=70.00@05-01 | owes B1 100.00                                           | B1 100.00
            |                                         | Dr receivable Cr payable 100.00                          | B2 70.00
            |                                         | owes B2 70.00                                            |
            |                                         | Dr receivable Cr payable 70.00                           |
03-02 10:01 | repayment T1 100.00 for B1              | repayment T1 100.00                                      | T1 approved
            |                                         | T1 approved by table@1                                   | B1 100.00
            |                                         | debit entry 1 WEB 'PATIENTPAY' 100.00                    | B2 70.00
03-03 10:00 | settled T1 100.00 on 03-03              | T1 settled                                               | T1 settled
            |                                         | T1 pays B1 100.00 by id                                  | B1 0.00
            |                                         | Dr cash Cr receivable 100.00                             | B2 70.00
            |                                         | webhook settled 100.00, open 70.00                       |
03-03 10:01 | unmatch T1 B2 by anna                   | refused NOT_MATCHED                                      |
03-03 10:01 | unmatch T9 by anna                      | refused UNKNOWN_SOURCE                                   |
03-03 10:02 | unmatch T1 by anna                      | anna revoked T1                                          | T1 settled
            |                                         | B1 owed again 100.00                                     | B1 100.00
            |                                         | suspense +100.00                                         | B2 70.00
            |                                         | Dr receivable Cr suspense 100.00                         | suspense 100.00
            |                                         | exception T1/MATCH_REVOKED medium 100.00                 |
            |                                         | webhook settled 0.00, open 170.00                        |
03-03 10:03 | confirm T1 B2 by bert                   | bert confirmed T1                                        | T1 settled
            |                                         | suspense -70.00                                          | B1 100.00
            |                                         | T1 pays B2 70.00 by person                               | B2 0.00
            |                                         | Dr suspense Cr receivable 70.00                          | suspense 30.00
            |                                         | closed T1/MATCH_REVOKED matched by bert                  |
            |                                         | exception T1/OVERPAID medium 30.00                       |
            |                                         | webhook settled 0.00, open 100.00                        |
03-03 10:04 | confirm T1 B1 by bert                   | bert confirmed T1                                        | T1 settled
            |                                         | suspense -30.00                                          | B1 70.00
            |                                         | T1 pays B1 30.00 by person                               | B2 0.00
            |                                         | Dr suspense Cr receivable 30.00                          |
            |                                         | closed T1/OVERPAID matched by bert                       |
            |                                         | webhook settled 0.00, open 70.00                         |
03-03 10:05 | unmatch T1 B2 by anna                   | anna revoked T1                                          | T1 settled
            |                                         | B2 owed again 70.00                                      | B1 70.00
            |                                         | suspense +70.00                                          | B2 70.00
            |                                         | Dr receivable Cr suspense 70.00                          | suspense 70.00
            |                                         | exception T1/MATCH_REVOKED medium 70.00                  |
            |                                         | webhook settled 0.00, open 140.00                        |
03-04 10:00 | returned T1 R02 100.00 on 03-04         | T1 returned R02 (account_closed)                         | T1 returned
            |                                         | B1 owed again 30.00                                      | B1 100.00
            |                                         | suspense -70.00                                          | B2 70.00
            |                                         | Dr returned Cr cash 100.00                               |
            |                                         | Dr receivable Cr returned 30.00                          |
            |                                         | Dr suspense Cr returned 70.00                            |
            |                                         | closed T1/MATCH_REVOKED returned                         |
            |                                         | exception T1/PAYMENT_RETURNED medium 100.00              |
            |                                         | barred instrument by T1 R02                              |
            |                                         | webhook returned 0.00, open 170.00, PAYMENT_RETURNED R02 |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
