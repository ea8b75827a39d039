"""Adjustments of the books: one person proposes, another approves. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a write-off needs two persons
when        | event                                            | effects                              | after
03-02 10:00 | balance B1 100.00 due 04-01                      | owes B1 100.00                       | B1 100.00
            |                                                  | Dr receivable Cr payable 100.00      |
03-02 10:01 | repayment T1 60.00 for B1                        | repayment T1 60.00                   | T1 approved
            |                                                  | T1 approved by table@1               | B1 100.00
            |                                                  | debit entry 1 WEB 'PATIENTPAY' 60.00 |
03-03 10:00 | settled T1 60.00 on 03-03                        | T1 settled                           | T1 settled
            |                                                  | T1 pays B1 60.00 by named_first      | B1 40.00
            |                                                  | Dr cash Cr receivable 60.00          |
            |                                                  | webhook settled 60.00, open 40.00    |
03-04 10:00 | propose A1 write_off B1 40.01                    | refused AMOUNT_EXCEEDED              |
03-04 10:01 | propose A1 write_off B1 40.00                    | anna proposed A1                     |
            |                                                  | A1? write_off B1 40.00               |
03-04 10:02 | propose A1 write_off B1 40.00                    | refused DUPLICATE                    |
03-04 10:03 | propose A1 write_off B1 30.00                    | refused CONTENT_CONFLICT             |
            |                                                  | alert id_conflict medium             |
03-04 10:04 | accept A1                                        | refused SAME_PERSON                  |
03-04 10:04 | accept A1 by ANNA                                | refused SAME_PERSON                  |
03-04 10:05 | accept A1 by bert                                | bert approved A1                     | T1 settled
            |                                                  | A1 approved                          | B1 0.00
            |                                                  | B1 -40.00 by A1                      |
            |                                                  | Dr write_offs Cr receivable 40.00    |
03-04 10:06 | accept A1 by bert                                | refused ADJUSTMENT_DECIDED           |
03-04 10:07 | accept A9 by bert                                | refused UNKNOWN_ADJUSTMENT           |
03-04 10:08 | reject A9 by bert                                | refused UNKNOWN_ADJUSTMENT           |
03-04 10:09 | reject A1 by bert                                | refused ADJUSTMENT_DECIDED           |
03-05 10:00 | propose A2 reinstate B1 40.01                    | refused AMOUNT_EXCEEDED              |
03-05 10:01 | propose A2 reinstate B1 15.00                    | anna proposed A2                     |
            |                                                  | A2? reinstate B1 15.00               |
03-05 10:02 | accept A2 by bert                                | bert approved A2                     | T1 settled
            |                                                  | A2 approved                          | B1 15.00
            |                                                  | B1 +15.00 by A2                      |
            |                                                  | Dr receivable Cr write_offs 15.00    |
03-05 10:03 | propose A3 reinstate B1 25.01                    | refused AMOUNT_EXCEEDED              |
03-05 10:04 | propose A3 write_off B9 10.00                    | refused UNKNOWN_BALANCE              |
03-05 10:05 | propose A3 write_off B1 0.00                     | refused AMOUNT_NOT_POSITIVE          |
03-05 10:06 | propose A3 write_off B1 1.00 in EUR              | refused CURRENCY_NOT_SUPPORTED       |
03-05 10:07 | propose A3 write_off B1 1.00 for T1/PAYMENT_HELD | refused UNKNOWN_EXCEPTION            |

## what the balance has open is less by the time of the approval
when        | event                             | effects                         | after
03-02 10:00 | balance B1 100.00 due 04-01       | owes B1 100.00                  | B1 100.00
            |                                   | Dr receivable Cr payable 100.00 |
03-02 10:01 | propose A1 write_off B1 100.00    | anna proposed A1                |
            |                                   | A1? write_off B1 100.00         |
03-02 10:02 | deposit D1 100.00 on 03-02 for B1 | deposit D1 100.00               | B1 0.00
            |                                   | D1 pays B1 100.00 by id         |
            |                                   | Dr cash Cr receivable 100.00    |
03-02 10:03 | accept A1 by bert                 | refused AMOUNT_EXCEEDED         |
03-02 10:04 | reject A1                         | anna rejected A1                |
            |                                   | A1 rejected                     |
03-02 10:05 | accept A1 by bert                 | refused ADJUSTMENT_DECIDED      |

## a write-off ends the exception it is about
when        | event                                                  | effects                                                  | after
03-02 10:00 | balance B1 100.00 due 04-01                            | owes B1 100.00                                           | B1 100.00
            |                                                        | Dr receivable Cr payable 100.00                          |
03-02 10:01 | repayment T1 100.00 for B1                             | repayment T1 100.00                                      | T1 approved
            |                                                        | T1 approved by table@1                                   | B1 100.00
            |                                                        | debit entry 1 WEB 'PATIENTPAY' 100.00                    |
03-03 10:00 | settled T1 100.00 on 03-03                             | T1 settled                                               | T1 settled
            |                                                        | T1 pays B1 100.00 by id                                  | B1 0.00
            |                                                        | Dr cash Cr receivable 100.00                             |
            |                                                        | webhook settled 100.00, open 0.00                        |
03-04 10:00 | returned T1 R02 100.00 on 03-04                        | T1 returned R02 (account_closed)                         | T1 returned
            |                                                        | B1 owed again 100.00                                     | B1 100.00
            |                                                        | Dr returned Cr cash 100.00                               |
            |                                                        | Dr receivable Cr returned 100.00                         |
            |                                                        | exception T1/PAYMENT_RETURNED medium 100.00              |
            |                                                        | barred instrument by T1 R02                              |
            |                                                        | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R02 |
03-04 11:00 | propose A1 write_off B1 100.00 for T1/PAYMENT_RETURNED | anna proposed A1                                         |
            |                                                        | A1? write_off B1 100.00                                  |
03-04 11:01 | accept A1 by bert                                      | bert approved A1                                         | T1 returned
            |                                                        | A1 approved                                              | B1 0.00
            |                                                        | B1 -100.00 by A1                                         |
            |                                                        | Dr write_offs Cr receivable 100.00                       |
            |                                                        | closed T1/PAYMENT_RETURNED write_off by bert             |

## an overpayment is given back, and the bank takes the whole of it afterwards
when        | event                                      | effects                                                      | after
03-02 10:00 | balance B1 100.00 due 04-01                | owes B1 100.00                                               | B1 100.00
            |                                            | Dr receivable Cr payable 100.00                              |
03-02 10:01 | repayment T1 130.00 for B1                 | repayment T1 130.00                                          | T1 approved
            |                                            | T1 approved by table@1                                       | B1 100.00
            |                                            | debit entry 1 WEB 'PATIENTPAY' 130.00                        |
03-03 10:00 | settled T1 130.00 on 03-03                 | T1 settled                                                   | T1 settled
            |                                            | T1 pays B1 100.00 by named_first                             | B1 0.00
            |                                            | Dr cash Cr receivable 100.00                                 | suspense 30.00
            |                                            | suspense +30.00                                              |
            |                                            | Dr cash Cr suspense 30.00                                    |
            |                                            | exception T1/OVERPAID medium 30.00                           |
            |                                            | webhook settled 130.00, open 0.00, OVERPAID                  |
03-04 10:00 | propose A1 refund T1 30.01                 | refused AMOUNT_EXCEEDED                                      |
03-04 10:01 | propose A1 refund T9 30.00                 | refused UNKNOWN_SOURCE                                       |
03-04 10:02 | propose A1 refund T1 10.00 for T1/OVERPAID | anna proposed A1                                             |
            |                                            | A1? refund T1 10.00                                          |
03-04 10:03 | accept A1 by bert                          | bert approved A1                                             | T1 settled
            |                                            | A1 approved                                                  | B1 0.00
            |                                            | suspense -10.00                                              | suspense 20.00
            |                                            | Dr suspense Cr cash 10.00                                    |
03-04 10:04 | propose A2 refund T1 20.00                 | anna proposed A2                                             |
            |                                            | A2? refund T1 20.00                                          |
03-04 10:05 | accept A2 by bert                          | bert approved A2                                             | T1 settled
            |                                            | A2 approved                                                  | B1 0.00
            |                                            | suspense -20.00                                              |
            |                                            | Dr suspense Cr cash 20.00                                    |
            |                                            | closed T1/OVERPAID refund by bert                            |
03-05 10:00 | returned T1 R10 130.00 on 03-05            | T1 charged_back R10 (not_authorized)                         | T1 charged_back
            |                                            | B1 owed again 100.00                                         | B1 100.00
            |                                            | Dr returned Cr cash 130.00                                   |
            |                                            | Dr receivable Cr returned 100.00                             |
            |                                            | Dr write_offs Cr returned 30.00                              |
            |                                            | exception T1/REFUND_LOST high 30.00                          |
            |                                            | exception T1/PAYMENT_RETURNED high 130.00                    |
            |                                            | barred authorization by T1 R10                               |
            |                                            | alert unauthorized_return high                               |
            |                                            | webhook charged_back 0.00, open 100.00, PAYMENT_RETURNED R10 |
"""  # noqa: E501
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
