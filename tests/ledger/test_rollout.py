"""The phases of a hospital's rollout. The tables are read as `tests.ledger.table` says."""

import pytest

from ledger.effects import Decided
from tests.ledger.table import Story, check, run, stories

TABLE = """
## in shadow decisions are made and nothing goes out, whatever they are
when        | event                              | effects                              | after
03-02 09:58 | consent sms yes                    | consent sms yes                      |
03-02 09:59 | rollout H1 shadow by anna          | rollout H1 shadow                    |
03-02 10:00 | disbursement T1 100.00             | disbursement T1 100.00               | T1 held
            |                                    | T1 held by table@1 ROLLOUT_SHADOW    |
03-02 10:01 | disbursement T2 6000.00            | disbursement T2 6000.00              | T1 held
            |                                    | T2 held by table@1 ROLLOUT_SHADOW    | T2 held
03-02 10:02 | disbursement T3 50000.01           | disbursement T3 50000.01             | T1 held
            |                                    | T3 held by table@1 ROLLOUT_SHADOW    | T2 held
            |                                    | alert hard-limit high                | T3 held
03-02 10:03 | review T1 approve by bert          | refused ROLLOUT_PHASE                |
03-02 10:04 | review T3 decline by bert          | refused ROLLOUT_PHASE                |
03-02 10:04 | cancel T3                          | T3 canceled                          | T1 held
            |                                    |                                      | T2 held
            |                                    |                                      | T3 canceled
03-02 10:05 | disbursement T4 100.00 hospital H2 | disbursement T4 100.00               | T1 held
            |                                    | T4 approved by table@1               | T2 held
            |                                    | Dr payable Cr transit 100.00         | T3 canceled
            |                                    | credit entry 1 CCD 'DISBURSE' 100.00 | T4 approved
            |                                    | sms approved                         | transit 100.00

## assisted: what the rules approve waits for a person's word
when        | event                       | effects                                  | after
03-02 09:59 | rollout H1 assisted by anna | rollout H1 assisted                      |
03-02 10:00 | disbursement T1 100.00      | disbursement T1 100.00                   | T1 held
            |                             | T1 held by table@1 ROLLOUT_ASSISTED      |
            |                             | exception T1/PAYMENT_HELD medium 100.00  |
03-02 10:01 | disbursement T2 6000.00     | disbursement T2 6000.00                  | T1 held
            |                             | T2 held by table@1                       | T2 held
            |                             | exception T2/PAYMENT_HELD medium 6000.00 |
03-02 10:02 | disbursement T3 50000.01    | disbursement T3 50000.01                 | T1 held
            |                             | T3 declined by table@1                   | T2 held
            |                             | webhook declined 0.00, open 0.00         | T3 declined
            |                             | alert hard-limit high                    |
03-02 10:03 | review T1 approve by bert   | T1 approved by bert                      | T1 approved
            |                             | Dr payable Cr transit 100.00             | T2 held
            |                             | credit entry 1 CCD 'DISBURSE' 100.00     | T3 declined
            |                             | closed T1/PAYMENT_HELD reviewed by bert  | transit 100.00

## paused: nothing new goes out, what is under way finishes
when        | event                       | effects                                 | after
03-02 09:58 | balance B1 100.00 due 04-01 | owes B1 100.00                          | B1 100.00
            |                             | Dr receivable Cr payable 100.00         |
03-02 09:59 | repayment T1 100.00 for B1  | repayment T1 100.00                     | T1 approved
            |                             | T1 approved by table@1                  | B1 100.00
            |                             | debit entry 1 WEB 'PATIENTPAY' 100.00   |
03-02 10:00 | rollout H1 paused by anna   | rollout H1 paused                       |
03-02 10:01 | disbursement T2 100.00      | disbursement T2 100.00                  | T1 approved
            |                             | T2 held by table@1 ROLLOUT_PAUSED       | T2 held
            |                             | exception T2/PAYMENT_HELD medium 100.00 | B1 100.00
03-02 10:02 | disbursement T3 50000.01    | disbursement T3 50000.01                | T1 approved
            |                             | T3 declined by table@1                  | T2 held
            |                             | webhook declined 0.00, open 100.00      | T3 declined
            |                             | alert hard-limit high                   | B1 100.00
03-02 10:03 | review T2 approve by bert   | refused ROLLOUT_PHASE                   |
03-02 10:04 | submitted T1 on 03-03       | T1 submitted                            | T1 submitted
            |                             |                                         | T2 held
            |                             |                                         | T3 declined
            |                             |                                         | B1 100.00
03-03 10:00 | settled T1 100.00 on 03-03  | T1 settled                              | T1 settled
            |                             | T1 pays B1 100.00 by id                 | T2 held
            |                             | Dr cash Cr receivable 100.00            | T3 declined
            |                             | webhook settled 100.00, open 0.00       | B1 0.00
03-03 10:01 | rollout H1 live by anna     | rollout H1 live                         |
03-03 10:02 | review T2 approve by bert   | T2 approved by bert                     | T1 settled
            |                             | Dr payable Cr transit 100.00            | T2 approved
            |                             | credit entry 1 CCD 'DISBURSE' 100.00    | T3 declined
            |                             | closed T2/PAYMENT_HELD reviewed by bert | B1 0.00
            |                             |                                         | transit 100.00
03-03 10:03 | rollout H1 live by anna     | refused DUPLICATE                       |

## too many debits came back: debits wait, credits go on
when        | event                             | effects                                                            | after
03-02 09:59 | repayment T1 100.00               | repayment T1 100.00                                                | T1 approved
            |                                   | T1 approved by table@1                                             |
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00                              |
03-02 09:59 | submitted T1 on 03-03             | T1 submitted                                                       | T1 submitted
03-03 10:00 | rollout H1 debits_held by monitor | rollout H1 debits_held                                             |
03-03 10:01 | repayment T2 100.00               | repayment T2 100.00                                                | T1 submitted
            |                                   | T2 held by table@1 ROLLOUT_DEBITS_HELD                             | T2 held
            |                                   | exception T2/PAYMENT_HELD medium 100.00                            |
03-03 10:02 | disbursement T3 100.00            | disbursement T3 100.00                                             | T1 submitted
            |                                   | T3 approved by table@1                                             | T2 held
            |                                   | Dr payable Cr transit 100.00                                       | T3 approved
            |                                   | credit entry 1 CCD 'DISBURSE' 100.00                               | transit 100.00
03-03 10:03 | review T2 approve by bert         | T2 approved by bert                                                | T1 submitted
            |                                   | debit entry 1 WEB 'PATIENTPAY' 100.00                              | T2 approved
            |                                   | closed T2/PAYMENT_HELD reviewed by bert                            | T3 approved
            |                                   |                                                                    | transit 100.00
03-04 10:00 | returned T1 R01 100.00 on 03-04   | T1 returned R01 (insufficient_funds)                               | T1 retry_scheduled
            |                                   | retry 03-09 04:00 as entry 2                                       | T2 approved
            |                                   | T1 retry_scheduled R01 (insufficient_funds)                        | T3 approved
            |                                   | webhook returned 0.00, open 0.00, PAYMENT_RETURNED R01 retry 03-09 | transit 100.00
03-09 10:00 | tick                              | T1 retry_scheduled R01 (the hospital is in its phase debits_held)  |
            |                                   | T2 approved not_submitted (approved, but the bank has not seen it) |
            |                                   | exception T2/NOT_SUBMITTED high 100.00                             |
            |                                   | T3 approved not_submitted (approved, but the bank has not seen it) |
            |                                   | exception T3/NOT_SUBMITTED high 100.00                             |
03-09 11:00 | rollout H1 paused by anna         | rollout H1 paused                                                  |
03-09 11:01 | rollout H1 debits_held by monitor | refused ROLLOUT_PHASE                                              |
03-09 11:02 | rollout H1 live by anna           | rollout H1 live                                                    |
03-10 10:00 | tick                              | T1 approved re_presented (re-presentment is due)                   | T1 approved
            |                                   | debit entry 2 WEB 'RETRY PYMT' 100.00                              | T2 approved
            |                                   |                                                                    | T3 approved
            |                                   |                                                                    | transit 100.00
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)


def test_a_held_payment_says_why_and_what_the_rules_say() -> None:
    said = [effect.explanation for _, seen in run(STORIES[0]) for effect in seen.effects if isinstance(effect, Decided)][:3]
    assert {text.partition(". ")[0] for text in said} == {"Held: this hospital is in its shadow phase, nothing goes out"}
    assert [text.partition(". ")[2] for text in said] == [
        "By the rules: Approved: no rule objects.",
        "By the rules: Held for review: $6,000.00 is above $5,000.00.",
        "By the rules: Declined: $50,000.01 is above $50,000.00 (1 more rule fired).",
    ]
