"""Erasure, legal hold and revealing. The tables are read as `tests.ledger.table` says."""

import pytest

from ledger.account import Account
from tests.ledger.table import Story, check, run, stories

TABLE = """
## nothing is under way: erased at once, and nothing begins any more
when        | event                  | effects                             | after
03-02 10:00 | consent sms yes        | consent sms yes                     |
03-02 10:01 | mandate M1             | mandate M1                          |
03-02 10:02 | balance B1 50.00 due 04-01 | owes B1 50.00                   | B1 50.00
            |                        | Dr receivable Cr payable 50.00      |
03-02 10:03 | erase P1               | erased P1                           |
            |                        | consent sms no                      |
03-02 10:04 | erase P1               | refused DUPLICATE                   |
03-02 10:05 | disbursement T1 10.00  | refused SUBJECT_ERASED              |
03-02 10:06 | consent sms yes        | refused SUBJECT_ERASED              |
03-02 10:07 | consent sms no         | refused DUPLICATE                   |
03-02 10:08 | mandate M2             | refused SUBJECT_ERASED              |
03-02 10:09 | reveal P1              | refused SUBJECT_ERASED              |
03-02 10:10 | hold P1 yes            | refused SUBJECT_ERASED              |
03-02 10:11 | deposit D1 50.00 on 03-02 | deposit D1 50.00                 | B1 0.00
            |                        | D1 pays B1 50.00 by unique_amount   |
            |                        | Dr cash Cr receivable 50.00         |

## an open payment puts it off, and nothing new begins meanwhile
when        | event                  | effects                             | after
03-02 10:00 | disbursement T1 10.00  | disbursement T1 10.00               | T1 approved
            |                        | T1 approved by table@1              | transit 10.00
            |                        | Dr payable Cr transit 10.00         |
            |                        | credit entry 1 CCD 'DISBURSE' 10.00 |
03-02 10:01 | erase P1               | restricted P1                       |
03-02 10:02 | erase P1               | refused PAYMENT_OPEN                |
03-02 10:03 | disbursement T2 10.00  | refused SUBJECT_ERASED              |
03-02 10:04 | cancel T1              | T1 canceled                         | T1 canceled
            |                        | Dr transit Cr payable 10.00         |
03-02 10:05 | disbursement T1 10.00  | refused DUPLICATE                   |
03-02 10:06 | erase P1               | erased P1                           |

## a legal hold refuses it as long as it lasts
when        | event                  | effects                             | after
03-02 10:00 | consent sms yes        | consent sms yes                     |
03-02 10:01 | hold P1 yes            | hold P1 yes                         |
03-02 10:02 | hold P1 yes            | refused DUPLICATE                   |
03-02 10:03 | erase P1               | refused LEGAL_HOLD                  |
03-02 10:04 | disbursement T1 10.00  | disbursement T1 10.00               | T1 approved
            |                        | T1 approved by table@1              | transit 10.00
            |                        | Dr payable Cr transit 10.00         |
            |                        | credit entry 1 CCD 'DISBURSE' 10.00 |
            |                        | sms approved                        |
03-02 10:05 | reveal P1 in T1        | instrument of P1 revealed to olga   |
03-02 10:06 | reveal P1 in T9        | refused UNKNOWN_TRANSACTION         |
03-02 10:07 | hold P1 no             | hold P1 no                          |
03-02 10:08 | erase P1               | restricted P1                       |
            |                        | consent sms no                      |

## another person's account is left alone
when        | event                      | effects                        | after
03-02 10:00 | balance B1 50.00 due 04-01 | owes B1 50.00                  | B1 50.00
            |                            | Dr receivable Cr payable 50.00 |
03-02 10:01 | erase P2                   | refused WRONG_SUBJECT          |
03-02 10:02 | hold P2 yes                | refused WRONG_SUBJECT          |
03-02 10:03 | reveal P2                  | refused WRONG_SUBJECT          |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)


def test_what_is_void_after_an_erasure() -> None:
    *_, (_, seen) = run(STORIES[0])
    account: Account = seen.account
    assert account.privacy == "erased"
    assert account.consents == dict.fromkeys(("payments", "analytics", "sms", "email"), False)
    assert account.mandates == {"M1": False}
    assert (account.contacts, account.instruments) == ({}, ())


CONTACTS = """
when        | event                     | effects           | after
03-02 10:00 | consent sms yes from c1   | consent sms yes   |
03-02 10:01 | consent sms yes from c1   | refused DUPLICATE |
03-02 10:02 | consent sms yes           | refused DUPLICATE |
03-02 10:03 | consent sms yes from c2   | consent sms yes   |
03-02 10:04 | disbursement T1 10.00     | disbursement T1 10.00               | T1 approved
            |                           | T1 approved by table@1              | transit 10.00
            |                           | Dr payable Cr transit 10.00         |
            |                           | credit entry 1 CCD 'DISBURSE' 10.00 |
            |                           | sms approved                        |
03-02 10:05 | consent sms no            | consent sms no    |
"""


def test_a_message_goes_where_the_latest_consent_says() -> None:
    (story,) = stories("## contacts\n" + CONTACTS.strip())
    check(story)
    seen = [effect for _, each in run(story) for effect in each.effects]
    assert [getattr(effect, "contact", None) for effect in seen if type(effect).__name__ == "NotificationDue"] == ["c2"]
    *_, (_, last) = run(story)
    assert last.account.contacts == {}
