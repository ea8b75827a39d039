"""Prenotes: the wait, and what ends it. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a new account is tried first
when        | event                           | effects                                                       | after
03-02 10:00 | policy 23 PRENOTES              | policy table@23                                               |
03-02 10:01 | repayment T1 100.00 from ACCT-A | repayment T1 100.00                                           | T1 approved
            |                                 | T1 approved by table@23                                       |
            |                                 | until 2026-03-05 prenote T1                                   |
            |                                 | debit entry 0 WEB 'PRENOTE' 0.00                              |
03-02 15:00 | submitted T1 on 03-03 prenote   | until 2026-03-05 prenote T1 sent                              |
            |                                 | T1 approved (the prenote settles 2026-03-03, the debit waits) |
03-02 15:01 | submitted T1 on 03-03 prenote   | refused DUPLICATE                                             |
03-05 15:00 | tick                            |                                                               |
03-06 04:59 | tick                            |                                                               |
03-06 05:00 | tick                            | done prenote T1 (did not come back)                           |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                         |
03-06 15:00 | submitted T1 on 03-09           | T1 submitted                                                  | T1 submitted
03-06 16:00 | repayment T2 50.00 from ACCT-A  | repayment T2 50.00                                            | T1 submitted
            |                                 | T2 approved by table@23                                       | T2 approved
            |                                 | debit entry 1 WEB 'PATIENTPAY' 50.00                          |

## the prenote comes back and every debit that waits ends
when        | event                                 | effects                                                       | after
03-02 10:00 | policy 23 PRENOTES                    | policy table@23                                               |
03-02 10:01 | repayment T1 100.00 from ACCT-A       | repayment T1 100.00                                           | T1 approved
            |                                       | T1 approved by table@23                                       |
            |                                       | until 2026-03-05 prenote T1                                   |
            |                                       | debit entry 0 WEB 'PRENOTE' 0.00                              |
03-02 15:00 | submitted T1 on 03-03 prenote         | until 2026-03-05 prenote T1 sent                              |
            |                                       | T1 approved (the prenote settles 2026-03-03, the debit waits) |
03-02 16:00 | repayment T2 50.00 from ACCT-A        | repayment T2 50.00                                            | T1 approved
            |                                       | T2 approved by table@23                                       | T2 approved
            |                                       | until 2026-03-05 prenote T2 sent                              |
03-05 15:00 | returned T1 R03 0.00 on 03-05 prenote | done prenote T1 (returned R03)                                | T1 failed
            |                                       | T1 failed (its prenote was returned R03 (no_account))         | T2 failed
            |                                       | exception T1/PAYMENT_FAILED medium 100.00                     |
            |                                       | webhook failed 0.00, open 0.00, PRENOTE_RETURNED R03          |
            |                                       | done prenote T2 (returned R03)                                |
            |                                       | T2 failed (its prenote was returned R03 (no_account))         |
            |                                       | exception T2/PAYMENT_FAILED medium 50.00                      |
            |                                       | webhook failed 0.00, open 0.00, PRENOTE_RETURNED R03          |
            |                                       | barred instrument by T1 R03                                   |
03-05 15:01 | returned T1 R03 0.00 on 03-05 prenote | refused DUPLICATE                                             |
03-06 05:00 | tick                                  |                                                               |
03-06 10:00 | repayment T3 50.00 from ACCT-A        | repayment T3 50.00                                            | T1 failed
            |                                       | T3 held by table@23 RETURNED_R03                              | T2 failed
            |                                       | exception T3/PAYMENT_HELD medium 50.00                        | T3 held

## a notice of change on the prenote, and the debit goes out corrected
when        | event                                 | effects                                                       | after
03-02 10:00 | policy 23 PRENOTES                    | policy table@23                                               |
03-02 10:01 | repayment T1 100.00 from ACCT-A       | repayment T1 100.00                                           | T1 approved
            |                                       | T1 approved by table@23                                       |
            |                                       | until 2026-03-05 prenote T1                                   |
            |                                       | debit entry 0 WEB 'PRENOTE' 0.00                              |
03-02 15:00 | submitted T1 on 03-03 prenote         | until 2026-03-05 prenote T1 sent                              |
            |                                       | T1 approved (the prenote settles 2026-03-03, the debit waits) |
03-04 15:00 | change T1 C01 on 03-04 fields account | change C01 of T1: account                                     |
            |                                       | until 2026-03-12 change T1 C01                                |
            |                                       | webhook approved 0.00, open 0.00, ACCOUNT_CHANGED C01         |
03-06 05:00 | tick                                  | done prenote T1 (did not come back)                           |
            |                                       | debit entry 1 WEB 'PATIENTPAY' 100.00                         |
03-06 15:00 | submitted T1 on 03-09 corrected       | T1 submitted                                                  | T1 submitted
            |                                       | done change T1 (sent with T1)                                 |

## a prenote answered as not authorized
when        | event                                 | effects                                                       | after
03-02 10:00 | mandate M1                            | mandate M1                                                    |
03-02 10:00 | policy 23 PRENOTES                    | policy table@23                                               |
03-02 10:01 | repayment T1 100.00                   | repayment T1 100.00                                           | T1 approved
            |                                       | T1 approved by table@23                                       |
            |                                       | until 2026-03-05 prenote T1                                   |
            |                                       | debit entry 0 WEB 'PRENOTE' 0.00                              |
03-02 15:00 | submitted T1 on 03-03 prenote         | until 2026-03-05 prenote T1 sent                              |
            |                                       | T1 approved (the prenote settles 2026-03-03, the debit waits) |
03-04 15:00 | returned T1 R10 0.00 on 03-04 prenote | done prenote T1 (returned R10)                                | T1 failed
            |                                       | T1 failed (its prenote was returned R10 (not_authorized))     |
            |                                       | exception T1/PAYMENT_FAILED medium 100.00                     |
            |                                       | webhook failed 0.00, open 0.00, PRENOTE_RETURNED R10          |
            |                                       | mandate M1 revoked                                            |
            |                                       | barred authorization by T1 R10                                |
            |                                       | alert prenote_returned high                                   |

## an answer after the debit went out
when        | event                                 | effects                                                       | after
03-02 10:00 | policy 23 PRENOTES                    | policy table@23                                               |
03-02 10:01 | repayment T1 100.00                   | repayment T1 100.00                                           | T1 approved
            |                                       | T1 approved by table@23                                       |
            |                                       | until 2026-03-05 prenote T1                                   |
            |                                       | debit entry 0 WEB 'PRENOTE' 0.00                              |
03-02 15:00 | submitted T1 on 03-03 prenote         | until 2026-03-05 prenote T1 sent                              |
            |                                       | T1 approved (the prenote settles 2026-03-03, the debit waits) |
03-06 05:00 | tick                                  | done prenote T1 (did not come back)                           |
            |                                       | debit entry 1 WEB 'PATIENTPAY' 100.00                         |
03-06 15:00 | submitted T1 on 03-09                 | T1 submitted                                                  | T1 submitted
03-06 16:00 | returned T1 R02 0.00 on 03-06 prenote | exception T1/PRENOTE_RETURNED high 0.00                       |
            |                                       | barred instrument by T1 R02                                   |
03-06 16:01 | returned T1 R02 0.00 on 03-06 prenote | refused DUPLICATE                                             |

## an answer after the wait, before the cut: the debit is withdrawn, and others to that account with it
when        | event                                 | effects                                                       | after
03-02 10:00 | policy 23 PRENOTES                    | policy table@23                                               |
03-02 10:01 | repayment T1 100.00 from ACCT-A       | repayment T1 100.00                                           | T1 approved
            |                                       | T1 approved by table@23                                       |
            |                                       | until 2026-03-05 prenote T1                                   |
            |                                       | debit entry 0 WEB 'PRENOTE' 0.00                              |
03-02 15:00 | submitted T1 on 03-03 prenote         | until 2026-03-05 prenote T1 sent                              |
            |                                       | T1 approved (the prenote settles 2026-03-03, the debit waits) |
03-06 05:00 | tick                                  | done prenote T1 (did not come back)                           |
            |                                       | debit entry 1 WEB 'PATIENTPAY' 100.00                         |
03-06 09:00 | repayment T2 50.00 from ACCT-A        | repayment T2 50.00                                            | T1 approved
            |                                       | T2 approved by table@23                                       | T2 approved
            |                                       | debit entry 1 WEB 'PATIENTPAY' 50.00                          |
03-06 10:00 | returned T1 R03 0.00 on 03-06 prenote | barred instrument by T1 R03                                   | T1 canceled
            |                                       | T1 canceled withdrawn (a prenote was returned R03)            | T2 canceled
            |                                       | webhook canceled 0.00, open 0.00, WITHDRAWN                   |
            |                                       | T2 canceled withdrawn (a prenote was returned R03)            |
            |                                       | webhook canceled 0.00, open 0.00, WITHDRAWN                   |
03-06 10:01 | returned T1 R03 0.00 on 03-06 prenote | refused DUPLICATE                                             |

## who does not wait: credits, other hospitals, accounts that are known
when        | event                                       | effects                               | after
03-02 10:00 | repayment T0 10.00 from ACCT-A              | repayment T0 10.00                    | T0 approved
            |                                             | T0 approved by table@1                |
            |                                             | debit entry 1 WEB 'PATIENTPAY' 10.00  |
03-02 10:00 | policy 23 PRENOTES                          | policy table@23                       |
03-02 10:01 | repayment T1 100.00 from ACCT-A             | repayment T1 100.00                   | T0 approved
            |                                             | T1 approved by table@23               | T1 approved
            |                                             | debit entry 1 WEB 'PATIENTPAY' 100.00 |
03-02 10:02 | repayment T2 100.00 from ACCT-B hospital H2 | repayment T2 100.00                   | T0 approved
            |                                             | T2 approved by table@23               | T1 approved
            |                                             | debit entry 1 WEB 'PATIENTPAY' 100.00 | T2 approved
03-02 10:03 | disbursement T3 100.00                      | disbursement T3 100.00                | T0 approved
            |                                             | T3 approved by table@23               | T1 approved
            |                                             | Dr payable Cr transit 100.00          | T2 approved
            |                                             | credit entry 1 CCD 'DISBURSE' 100.00  | T3 approved
            |                                             |                                       | transit 100.00

## a prenote that nobody sends, and a payment that is canceled while it waits
when        | event                           | effects                                                            | after
03-02 10:00 | policy 23 PRENOTES              | policy table@23                                                    |
03-02 10:01 | repayment T1 100.00 from ACCT-A | repayment T1 100.00                                                | T1 approved
            |                                 | T1 approved by table@23                                            |
            |                                 | until 2026-03-05 prenote T1                                        |
            |                                 | debit entry 0 WEB 'PRENOTE' 0.00                                   |
03-02 10:02 | repayment T2 50.00 from ACCT-A  | repayment T2 50.00                                                 | T1 approved
            |                                 | T2 approved by table@23                                            | T2 approved
            |                                 | until 2026-03-05 prenote T2                                        |
            |                                 | debit entry 0 WEB 'PRENOTE' 0.00                                   |
03-02 10:03 | cancel T2                       | T2 canceled                                                        | T1 approved
            |                                 | done prenote T2 (canceled)                                         | T2 canceled
03-02 15:00 | submitted T2 on 03-03 prenote   | refused NOT_SUBMITTABLE                                            |
03-05 05:00 | tick                            | T1 approved not_submitted (approved, but the bank has not seen it) |
            |                                 | exception T1/NOT_SUBMITTED high 100.00                             |
            |                                 | until 2026-03-10 prenote T1                                        |
03-05 15:00 | submitted T1 on 03-06 prenote   | until 2026-03-10 prenote T1 sent                                   |
            |                                 | T1 approved (the prenote settles 2026-03-06, the debit waits)      |
            |                                 | closed T1/NOT_SUBMITTED the prenote is with the bank               |
03-11 04:00 | tick                            | done prenote T1 (did not come back)                                |
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                              |

## what stands against the debit when the wait is over
when        | event                         | effects                                                       | after
03-02 10:00 | policy 23 PRENOTES            | policy table@23                                               |
03-02 10:01 | repayment T1 100.00           | repayment T1 100.00                                           | T1 approved
            |                               | T1 approved by table@23                                       |
            |                               | until 2026-03-05 prenote T1                                   |
            |                               | debit entry 0 WEB 'PRENOTE' 0.00                              |
03-02 15:00 | submitted T1 on 03-03 prenote | until 2026-03-05 prenote T1 sent                              |
            |                               | T1 approved (the prenote settles 2026-03-03, the debit waits) |
03-05 10:00 | rollout H1 paused             | rollout H1 paused                                             |
03-06 05:00 | tick                          | until 2026-03-05 prenote T1 sent                              |
03-09 10:00 | rollout H1 live               | rollout H1 live                                               |
03-09 10:01 | tick                          | done prenote T1 (did not come back)                           |
            |                               | debit entry 1 WEB 'PATIENTPAY' 100.00                         |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
