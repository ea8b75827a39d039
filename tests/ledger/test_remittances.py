"""Insurers' money and its remittance advices. The tables are read as `tests.ledger.table` says."""

import pytest
from msgspec.structs import replace

from ledger import effects as fx
from tests.ledger.table import Story, check, run, stories

TABLE = """
## the advice comes first
when        | event                                                      | effects                                 | after
03-02 10:00 | balance B1 60.00 due 04-01 ref INV-1                       | owes B1 60.00                           | B1 60.00
            |                                                            | Dr receivable Cr payable 60.00          |
03-02 10:00 | balance B2 50.00 due 04-01                                 | owes B2 50.00                           | B1 60.00
            |                                                            | Dr receivable Cr payable 50.00          | B2 50.00
03-03 10:00 | advice A1 100.00 on 03-04 trace E1 inv-1=60.00 B2=40.00    | advice A1 100.00                        |
            |                                                            | until 2026-03-10 money A1               |
03-03 10:01 | advice A1 100.00 on 03-04 trace E1 inv-1=60.00 B2=40.00    | refused DUPLICATE                       |
03-03 10:02 | advice A1 100.00 on 03-04 trace E1 inv-1=100.00            | refused CONTENT_CONFLICT                |
            |                                                            | alert id_conflict medium                |
03-03 10:03 | advice A2 100.00 on 03-04 trace E1 inv-1=60.00 B2=40.00    | refused CONTENT_CONFLICT                |
            |                                                            | alert id_conflict medium                |
03-04 10:00 | deposit D1 100.00 on 03-04 ref HCCLAIMPMT/TRN:1:E1:INSURER | deposit D1 100.00                       | B1 0.00
            |                                                            | suspense +100.00                        | B2 10.00
            |                                                            | Dr cash Cr suspense 100.00              |
            |                                                            | advice A1 is of D1                      |
            |                                                            | done money A1 (D1)                      |
            |                                                            | suspense -60.00                         |
            |                                                            | D1 pays B1 60.00 by remittance_advice   |
            |                                                            | Dr suspense Cr receivable 60.00         |
            |                                                            | suspense -40.00                         |
            |                                                            | D1 pays B2 40.00 by remittance_advice   |
            |                                                            | Dr suspense Cr receivable 40.00         |
03-05 10:00 | unmatch D1 B2 by anna                                      | anna revoked D1                         | B1 0.00
            |                                                            | B2 owed again 40.00                     | B2 50.00
            |                                                            | suspense +40.00                         | suspense 40.00
            |                                                            | Dr receivable Cr suspense 40.00         |
            |                                                            | exception D1/MATCH_REVOKED medium 40.00 |
03-20 10:00 | tick                                                       | D1/MATCH_REVOKED overdue 2              |
            |                                                            | alert exception_overdue high            |

## the money comes first
when        | event                                                      | effects                               | after
03-02 10:00 | balance B1 60.00 due 04-01 ref INV-1                       | owes B1 60.00                         | B1 60.00
            |                                                            | Dr receivable Cr payable 60.00        |
03-02 10:00 | balance B2 50.00 due 04-01                                 | owes B2 50.00                         | B1 60.00
            |                                                            | Dr receivable Cr payable 50.00        | B2 50.00
03-04 10:00 | deposit D1 100.00 on 03-04 ref HCCLAIMPMT/TRN:1:E1:INSURER | deposit D1 100.00                     | B1 60.00
            |                                                            | suspense +100.00                      | B2 50.00
            |                                                            | Dr cash Cr suspense 100.00            | suspense 100.00
            |                                                            | exception D1/UNMATCHED medium 100.00  |
03-05 10:00 | advice A1 100.00 on 03-04 trace E1 INV-1=60.00 B2=40.00    | advice A1 100.00                      | B1 0.00
            |                                                            | advice A1 is of D1                    | B2 10.00
            |                                                            | suspense -60.00                       |
            |                                                            | D1 pays B1 60.00 by remittance_advice |
            |                                                            | Dr suspense Cr receivable 60.00       |
            |                                                            | suspense -40.00                       |
            |                                                            | D1 pays B2 40.00 by remittance_advice |
            |                                                            | Dr suspense Cr receivable 40.00       |
            |                                                            | closed D1/UNMATCHED matched           |

## the money waits for its advice at a hospital whose insurers send them
when        | event                                                     | effects                               | after
03-02 09:00 | policy 29 REMITTANCES                                     | policy table@29                       |
03-02 10:00 | balance B1 60.00 due 04-01                                | owes B1 60.00                         | B1 60.00
            |                                                           | Dr receivable Cr payable 60.00        |
03-04 10:00 | deposit D1 60.00 on 03-04 ref HCCLAIMPMT/TRN:1:E1:INSURER | deposit D1 60.00                      | B1 60.00
            |                                                           | suspense +60.00                       | suspense 60.00
            |                                                           | Dr cash Cr suspense 60.00             |
            |                                                           | until 2026-03-10 advice D1            |
03-04 11:00 | balance B2 60.00 due 04-01                                | owes B2 60.00                         | B1 60.00
            |                                                           | Dr receivable Cr payable 60.00        | B2 60.00
            |                                                           |                                       | suspense 60.00
03-05 10:00 | advice A1 60.00 on 03-04 trace E1 B2=60.00                | advice A1 60.00                       | B1 60.00
            |                                                           | advice A1 is of D1                    | B2 0.00
            |                                                           | done advice D1 (A1)                   |
            |                                                           | suspense -60.00                       |
            |                                                           | D1 pays B2 60.00 by remittance_advice |
            |                                                           | Dr suspense Cr receivable 60.00       |
03-20 10:00 | tick                                                      |                                       |

## no advice comes in time; it is followed all the same when it does
when        | event                                                     | effects                                  | after
03-02 09:00 | policy 29 REMITTANCES                                     | policy table@29                          |
03-02 10:00 | balance B1 60.00 due 04-01                                | owes B1 60.00                            | B1 60.00
            |                                                           | Dr receivable Cr payable 60.00           |
03-04 10:00 | deposit D1 60.00 on 03-04 ref HCCLAIMPMT/TRN:1:E1:INSURER | deposit D1 60.00                         | B1 60.00
            |                                                           | suspense +60.00                          | suspense 60.00
            |                                                           | Dr cash Cr suspense 60.00                |
            |                                                           | until 2026-03-10 advice D1               |
03-11 03:59 | tick                                                      |                                          |
03-11 04:00 | tick                                                      | done advice D1 (did not come)            |
            |                                                           | exception D1/ADVICE_MISSING medium 60.00 |
03-11 09:00 | balance B2 60.00 due 04-01                                | owes B2 60.00                            | B1 60.00
            |                                                           | Dr receivable Cr payable 60.00           | B2 60.00
            |                                                           |                                          | suspense 60.00
03-11 10:00 | advice A1 60.00 on 03-09 trace E1 B2=60.00                | advice A1 60.00                          | B1 60.00
            |                                                           | advice A1 is of D1                       | B2 0.00
            |                                                           | suspense -60.00                          |
            |                                                           | D1 pays B2 60.00 by remittance_advice    |
            |                                                           | Dr suspense Cr receivable 60.00          |
            |                                                           | closed D1/ADVICE_MISSING matched         |

## no money comes in time; it is placed all the same when it does
when        | event                                          | effects                                 | after
03-02 10:00 | balance B1 60.00 due 04-01                     | owes B1 60.00                           | B1 60.00
            |                                                | Dr receivable Cr payable 60.00          |
03-04 10:00 | advice A1 60.00 on 03-04 trace E1 B1=60.00     | advice A1 60.00                         |
            |                                                | until 2026-03-10 money A1               |
03-11 03:59 | tick                                           |                                         |
03-11 04:00 | tick                                           | done money A1 (did not come)            |
            |                                                | exception A1/ADVICE_UNPAID medium 60.00 |
03-12 10:00 | deposit D1 60.00 on 03-09 ref TRN:1:E1:INSURER | deposit D1 60.00                        | B1 0.00
            |                                                | suspense +60.00                         |
            |                                                | Dr cash Cr suspense 60.00               |
            |                                                | advice A1 is of D1                      |
            |                                                | closed A1/ADVICE_UNPAID the money came  |
            |                                                | suspense -60.00                         |
            |                                                | D1 pays B1 60.00 by remittance_advice   |
            |                                                | Dr suspense Cr receivable 60.00         |

## not a cent is placed when one field differs, and a bill that comes later is waited for
when        | event                                               | effects                                   | after
03-02 10:00 | balance B1 60.00 due 04-01                          | owes B1 60.00                             | B1 60.00
            |                                                     | Dr receivable Cr payable 60.00            |
03-03 10:00 | advice A1 60.00 on 03-04 trace E1 B1=60.00          | advice A1 60.00                           |
            |                                                     | until 2026-03-10 money A1                 |
03-03 10:00 | advice A2 60.00 on 03-04 trace E2 B1=50.00          | advice A2 60.00                           |
            |                                                     | until 2026-03-10 money A2                 |
03-03 10:00 | advice A3 60.00 on 03-04 trace E3 B1=40.00 B9=20.00 | advice A3 60.00                           |
            |                                                     | until 2026-03-10 money A3                 |
03-03 10:00 | advice A4 61.00 on 03-04 trace E4 B1=61.00          | advice A4 61.00                           |
            |                                                     | until 2026-03-10 money A4                 |
03-03 10:00 | advice A5 60.00 on 03-16 trace E5 B1=60.00          | advice A5 60.00                           |
            |                                                     | until 2026-03-20 money A5                 |
03-04 10:01 | deposit D1 59.99 on 03-04 ref TRN:1:E1:INSURER      | deposit D1 59.99                          | B1 60.00
            |                                                     | suspense +59.99                           | suspense 59.99
            |                                                     | Dr cash Cr suspense 59.99                 |
            |                                                     | advice A1 is of D1                        |
            |                                                     | done money A1 (D1)                        |
            |                                                     | exception D1/ADVICE_MISMATCH medium 59.99 |
03-04 10:02 | deposit D2 60.00 on 03-04 ref TRN:1:E2:INSURER      | deposit D2 60.00                          | B1 60.00
            |                                                     | suspense +60.00                           | suspense 119.99
            |                                                     | Dr cash Cr suspense 60.00                 |
            |                                                     | advice A2 is of D2                        |
            |                                                     | done money A2 (D2)                        |
            |                                                     | exception D2/ADVICE_MISMATCH medium 60.00 |
03-04 10:03 | deposit D3 60.00 on 03-04 ref TRN:1:E3:INSURER      | deposit D3 60.00                          | B1 60.00
            |                                                     | suspense +60.00                           | suspense 179.99
            |                                                     | Dr cash Cr suspense 60.00                 |
            |                                                     | advice A3 is of D3                        |
            |                                                     | done money A3 (D3)                        |
            |                                                     | exception D3/ADVICE_MISMATCH medium 60.00 |
03-04 10:04 | deposit D4 61.00 on 03-04 ref TRN:1:E4:INSURER      | deposit D4 61.00                          | B1 60.00
            |                                                     | suspense +61.00                           | suspense 240.99
            |                                                     | Dr cash Cr suspense 61.00                 |
            |                                                     | advice A4 is of D4                        |
            |                                                     | done money A4 (D4)                        |
            |                                                     | exception D4/ADVICE_MISMATCH medium 61.00 |
03-04 10:05 | deposit D5 60.00 on 03-04 ref TRN:1:E5:INSURER      | deposit D5 60.00                          | B1 60.00
            |                                                     | suspense +60.00                           | suspense 300.99
            |                                                     | Dr cash Cr suspense 60.00                 |
            |                                                     | advice A5 is of D5                        |
            |                                                     | done money A5 (D5)                        |
            |                                                     | exception D5/ADVICE_MISMATCH medium 60.00 |
03-05 10:00 | resolve D1/ADVICE_MISMATCH fixed_elsewhere by anna  | refused CAUSE_REMAINS                     |
03-05 10:00 | balance B9 20.00 due 04-01                          | owes B9 20.00                             | B1 20.00
            |                                                     | Dr receivable Cr payable 20.00            | B9 0.00
            |                                                     | suspense -40.00                           | suspense 240.99
            |                                                     | D3 pays B1 40.00 by remittance_advice     |
            |                                                     | Dr suspense Cr receivable 40.00           |
            |                                                     | suspense -20.00                           |
            |                                                     | D3 pays B9 20.00 by remittance_advice     |
            |                                                     | Dr suspense Cr receivable 20.00           |
            |                                                     | closed D3/ADVICE_MISMATCH matched         |
03-05 10:01 | confirm D1 B1 by anna                               | anna confirmed D1                         | B1 0.00
            |                                                     | suspense -20.00                           | B9 0.00
            |                                                     | D1 pays B1 20.00 by person                | suspense 220.99
            |                                                     | Dr suspense Cr receivable 20.00           |
            |                                                     | closed D1/ADVICE_MISMATCH matched by anna |
            |                                                     | exception D1/OVERPAID medium 39.99        |

## a deposit that names its bill pays it; its advice is compared
when        | event                                                 | effects                                           | after
03-02 10:00 | balance B1 60.00 due 04-01 ref INV-1                  | owes B1 60.00                                     | B1 60.00
            |                                                       | Dr receivable Cr payable 60.00                    |
03-02 10:00 | balance B2 50.00 due 04-01                            | owes B2 50.00                                     | B1 60.00
            |                                                       | Dr receivable Cr payable 50.00                    | B2 50.00
03-03 10:00 | advice A1 60.00 on 03-04 trace E1 INV-1=60.00         | advice A1 60.00                                   |
            |                                                       | until 2026-03-10 money A1                         |
03-04 10:00 | deposit D1 60.00 on 03-04 ref TRN:1:E1:INSURER for B1 | deposit D1 60.00                                  | B1 0.00
            |                                                       | D1 pays B1 60.00 by id                            | B2 50.00
            |                                                       | Dr cash Cr receivable 60.00                       |
            |                                                       | advice A1 is of D1                                |
            |                                                       | done money A1 (D1)                                |
03-04 10:00 | deposit D2 50.00 on 03-04 ref TRN:1:E2:INSURER for B2 | deposit D2 50.00                                  | B1 0.00
            |                                                       | D2 pays B2 50.00 by id                            | B2 0.00
            |                                                       | Dr cash Cr receivable 50.00                       |
03-05 10:00 | advice A2 50.00 on 03-04 trace E2 B1=50.00            | advice A2 50.00                                   |
            |                                                       | advice A2 is of D2                                |
            |                                                       | exception D2/ADVICE_MISMATCH medium 50.00         |
03-05 10:01 | resolve D2/ADVICE_MISMATCH fixed_elsewhere by anna    | anna resolved D2/ADVICE_MISMATCH                  |
            |                                                       | closed D2/ADVICE_MISMATCH fixed_elsewhere by anna |

## one advice, one deposit
when        | event                                          | effects                                   | after
03-02 10:00 | balance B1 60.00 due 04-01                     | owes B1 60.00                             | B1 60.00
            |                                                | Dr receivable Cr payable 60.00            |
03-03 10:00 | advice A1 60.00 on 03-04 trace E1 B1=60.00     | advice A1 60.00                           |
            |                                                | until 2026-03-10 money A1                 |
03-04 10:00 | deposit D1 60.00 on 03-04 ref TRN:1:E1:INSURER | deposit D1 60.00                          | B1 0.00
            |                                                | suspense +60.00                           |
            |                                                | Dr cash Cr suspense 60.00                 |
            |                                                | advice A1 is of D1                        |
            |                                                | done money A1 (D1)                        |
            |                                                | suspense -60.00                           |
            |                                                | D1 pays B1 60.00 by remittance_advice     |
            |                                                | Dr suspense Cr receivable 60.00           |
03-04 10:01 | deposit D2 60.00 on 03-05 ref TRN:1:E1:INSURER | deposit D2 60.00                          | B1 0.00
            |                                                | suspense +60.00                           | suspense 60.00
            |                                                | Dr cash Cr suspense 60.00                 |
            |                                                | exception D2/ADVICE_MISMATCH medium 60.00 |
03-04 10:02 | balance B2 60.00 due 04-01                     | owes B2 60.00                             | B1 0.00
            |                                                | Dr receivable Cr payable 60.00            | B2 60.00
            |                                                |                                           | suspense 60.00

## a person has placed the money meanwhile
when        | event                                          | effects                                  | after
03-02 09:00 | policy 29 REMITTANCES                          | policy table@29                          |
03-02 10:00 | balance B1 60.00 due 04-01                     | owes B1 60.00                            | B1 60.00
            |                                                | Dr receivable Cr payable 60.00           |
03-04 10:00 | deposit D1 60.00 on 03-04 ref TRN:1:E1:INSURER | deposit D1 60.00                         | B1 60.00
            |                                                | suspense +60.00                          | suspense 60.00
            |                                                | Dr cash Cr suspense 60.00                |
            |                                                | until 2026-03-10 advice D1               |
03-04 11:00 | confirm D1 B1 by anna                          | anna confirmed D1                        | B1 0.00
            |                                                | suspense -60.00                          |
            |                                                | D1 pays B1 60.00 by person               |
            |                                                | Dr suspense Cr receivable 60.00          |
03-20 10:00 | tick                                           | done advice D1 (a person has seen to it) |
03-20 11:00 | advice A1 60.00 on 03-04 trace E1 B1=60.00     | advice A1 60.00                          |
            |                                                | advice A1 is of D1                       |

## what a person took back waits for a person
when        | event                                          | effects                                 | after
03-02 10:00 | balance B1 60.00 due 04-01                     | owes B1 60.00                           | B1 60.00
            |                                                | Dr receivable Cr payable 60.00          |
03-04 10:00 | deposit D1 60.00 on 03-04 ref TRN:1:E1:INSURER | deposit D1 60.00                        | B1 0.00
            |                                                | D1 pays B1 60.00 by unique_amount       |
            |                                                | Dr cash Cr receivable 60.00             |
03-04 11:00 | unmatch D1 by anna                             | anna revoked D1                         | B1 60.00
            |                                                | B1 owed again 60.00                     | suspense 60.00
            |                                                | suspense +60.00                         |
            |                                                | Dr receivable Cr suspense 60.00         |
            |                                                | exception D1/MATCH_REVOKED medium 60.00 |
03-05 10:00 | advice A1 60.00 on 03-04 trace E1 B1=60.00     | advice A1 60.00                         |
            |                                                | advice A1 is of D1                      |

## what is no amount of dollars is no advice
when        | event                                           | effects                        | after
03-03 10:00 | advice A1 5.00 on 03-03 trace E1 B1=0.00        | refused AMOUNT_NOT_POSITIVE    |
03-03 10:00 | advice A1 5.00 on 03-03 trace E1 B1=5.00 in EUR | refused CURRENCY_NOT_SUPPORTED |
03-03 10:00 | advice A1 5.00 on 2010-01-01 trace E1 B1=5.00   | refused IMPLAUSIBLE_TIME       |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)


def test_a_person_is_told_what_did_not_come_and_what_differs() -> None:
    told = [effect for story in STORIES for _, seen in run(story) for effect in seen.effects if isinstance(effect, fx.ExceptionOpened)]
    assert [(each.exception_id, each.detail) for each in told if each.code.startswith("ADVICE_")] == [
        ("D1/ADVICE_MISSING", "no remittance advice for HCCLAIMPMT/TRN:1:E1:INSURER had come by 2026-03-10"),
        ("A1/ADVICE_UNPAID", "60.00 of payer INSURER, trace E1, had not come by 2026-03-10"),
        ("D1/ADVICE_MISMATCH", "amount 59.99, advised 60.00"),
        ("D2/ADVICE_MISMATCH", "the bills of the advice make 50.00, its payment 60.00"),
        ("D3/ADVICE_MISMATCH", "B9 is not open here"),
        ("D4/ADVICE_MISMATCH", "B1: amount 61.00, open 60.00 (+1.00)"),
        ("D5/ADVICE_MISMATCH", "date 2026-03-04, due 2026-03-16"),
        ("D2/ADVICE_MISMATCH", "it paid B2 50.00; advice A2 says B1 50.00"),
        ("D2/ADVICE_MISMATCH", "advice A1 is of D1 already"),
    ]


def test_the_bills_of_an_advice_that_differs_are_offered() -> None:
    story = next(story for story in STORIES if story.title.startswith("not a cent"))
    told = [effect for _, seen in run(story) for effect in seen.effects if isinstance(effect, fx.ExceptionOpened)]
    assert [each.candidates for each in told if each.exception_id in {"D1/ADVICE_MISMATCH", "D3/ADVICE_MISMATCH"}] == [((("B1",), 45),)] * 2


def test_a_match_by_advice_says_which() -> None:
    matched = [effect for _, seen in run(STORIES[0]) for effect in seen.effects if isinstance(effect, fx.Matched)]
    assert [(each.evidence, each.score) for each in matched] == [
        (("reference 45", "amount 30", "date 15", "patient 10", "advice A1"), 100)
    ] * 2


def test_an_account_from_a_checkpoint_without_traces_is_as_if_they_had_been_kept() -> None:
    for story in stories(TABLE):
        for _, seen in run(story):
            assert replace(seen.account, traces={}).whole().traces == seen.account.traces
