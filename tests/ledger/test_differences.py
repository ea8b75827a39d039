"""Deposits a little short of the bill that they name: explained by the rule book's `[matching]`, posted for itself, taken back exactly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import effects as fx
from ledger.account import Account
from tests.ledger.naive import Naive
from tests.ledger.table import Story, check, run, stories

TABLE = """
## a deposit less a known fee settles the bill that it names; revoked, all of it is owed again
when        | event                                 | effects                                 | after
03-02 10:00 | policy 28 MATCHING                    | policy table@28                         |
03-02 10:00 | balance B1 100.00 due 04-01 ref INV-7 | owes B1 100.00                          | B1 100.00
            |                                       | Dr receivable Cr payable 100.00         |
03-03 10:00 | deposit D1 96.80 on 03-03 ref INV-7   | deposit D1 96.80                        | B1 0.00
            |                                       | D1 pays B1 96.80 by known_fee           |
            |                                       | Dr cash Cr receivable 96.80             |
            |                                       | B1 -3.20 by ~D1                         |
            |                                       | Dr differences Cr receivable 3.20       |
03-04 10:00 | unmatch D1 by anna                    | anna revoked D1                         | B1 100.00
            |                                       | B1 owed again 96.80                     | suspense 96.80
            |                                       | suspense +96.80                         |
            |                                       | Dr receivable Cr suspense 96.80         |
            |                                       | B1 +3.20 by ~D1                         |
            |                                       | Dr receivable Cr differences 3.20       |
            |                                       | exception D1/MATCH_REVOKED medium 96.80 |
03-04 11:00 | confirm D1 B1 by anna                 | anna confirmed D1                       | B1 3.20
            |                                       | suspense -96.80                         |
            |                                       | D1 pays B1 96.80 by person              |
            |                                       | Dr suspense Cr receivable 96.80         |
            |                                       | closed D1/MATCH_REVOKED matched by anna |

## within the larger tolerance
when        | event                            | effects                           | after
03-02 10:00 | policy 28 MATCHING               | policy table@28                   |
03-02 10:00 | balance B1 100.00 due 04-01      | owes B1 100.00                    | B1 100.00
            |                                  | Dr receivable Cr payable 100.00   |
03-02 10:00 | balance B2 30.00 due 04-01       | owes B2 30.00                     | B1 100.00
            |                                  | Dr receivable Cr payable 30.00    | B2 30.00
03-03 10:00 | deposit D1 99.90 on 03-03 for B1 | deposit D1 99.90                  | B1 0.00
            |                                  | D1 pays B1 99.90 by tolerance     | B2 30.00
            |                                  | Dr cash Cr receivable 99.90       |
            |                                  | B1 -0.10 by ~D1                   |
            |                                  | Dr differences Cr receivable 0.10 |
03-03 10:00 | deposit D2 29.94 on 03-03 for B2 | deposit D2 29.94                  | B1 0.00
            |                                  | D2 pays B2 29.94 by named_first   | B2 0.06
            |                                  | Dr cash Cr receivable 29.94       |
03-03 10:01 | deposit D3 0.01 on 03-03 for B2  | deposit D3 0.01                   | B1 0.00
            |                                  | D3 pays B2 0.01 by tolerance      | B2 0.00
            |                                  | Dr cash Cr receivable 0.01        |
            |                                  | B2 -0.05 by ~D3                   |
            |                                  | Dr differences Cr receivable 0.05 |

## what is too much by a few cents waits for a person
when        | event                             | effects                           | after
03-02 10:00 | policy 28 MATCHING                | policy table@28                   |
03-02 10:00 | balance B1 100.00 due 04-01       | owes B1 100.00                    | B1 100.00
            |                                   | Dr receivable Cr payable 100.00   |
03-03 10:00 | deposit D1 100.05 on 03-03 for B1 | deposit D1 100.05                 | B1 0.00
            |                                   | D1 pays B1 100.00 by tolerance    | suspense 0.05
            |                                   | Dr cash Cr receivable 100.00      |
            |                                   | suspense +0.05                    |
            |                                   | Dr cash Cr suspense 0.05          |
            |                                   | exception D1/OVERPAID medium 0.05 |

## a deposit that names nothing is never explained
when        | event                       | effects                             | after
03-02 10:00 | policy 28 MATCHING          | policy table@28                     |
03-02 10:00 | balance B1 100.00 due 04-01 | owes B1 100.00                      | B1 100.00
            |                             | Dr receivable Cr payable 100.00     |
03-03 10:00 | deposit D1 96.80 on 03-03   | deposit D1 96.80                    | B1 100.00
            |                             | suspense +96.80                     | suspense 96.80
            |                             | Dr cash Cr suspense 96.80           |
            |                             | exception D1/UNMATCHED medium 96.80 |

## a deposit that came before its bill
when        | event                            | effects                                   | after
03-02 10:00 | policy 28 MATCHING               | policy table@28                           |
03-03 10:00 | deposit D1 96.80 on 03-03 for B1 | deposit D1 96.80                          | suspense 96.80
            |                                  | suspense +96.80                           |
            |                                  | Dr cash Cr suspense 96.80                 |
            |                                  | exception D1/UNKNOWN_ACCOUNT medium 96.80 |
03-04 10:00 | balance B1 100.00 due 04-01      | owes B1 100.00                            | B1 0.00
            |                                  | Dr receivable Cr payable 100.00           |
            |                                  | suspense -96.80                           |
            |                                  | D1 pays B1 96.80 by known_fee             |
            |                                  | Dr suspense Cr receivable 96.80           |
            |                                  | B1 -3.20 by ~D1                           |
            |                                  | Dr differences Cr receivable 3.20         |
            |                                  | closed D1/UNKNOWN_ACCOUNT matched         |

## what is open of a bill that was paid in part, less the fee
when        | event                            | effects                           | after
03-02 10:00 | policy 28 MATCHING               | policy table@28                   |
03-02 10:00 | balance B1 100.00 due 04-01      | owes B1 100.00                    | B1 100.00
            |                                  | Dr receivable Cr payable 100.00   |
03-03 10:00 | deposit D1 40.00 on 03-03 for B1 | deposit D1 40.00                  | B1 60.00
            |                                  | D1 pays B1 40.00 by named_first   |
            |                                  | Dr cash Cr receivable 40.00       |
03-04 10:00 | deposit D2 57.96 on 03-04 for B1 | deposit D2 57.96                  | B1 0.00
            |                                  | D2 pays B1 57.96 by known_fee     |
            |                                  | Dr cash Cr receivable 57.96       |
            |                                  | B1 -2.04 by ~D2                   |
            |                                  | Dr differences Cr receivable 2.04 |

## without the table the rest stays open
when        | event                            | effects                         | after
03-02 10:00 | balance B1 100.00 due 04-01      | owes B1 100.00                  | B1 100.00
            |                                  | Dr receivable Cr payable 100.00 |
03-03 10:00 | deposit D1 96.80 on 03-03 for B1 | deposit D1 96.80                | B1 3.20
            |                                  | D1 pays B1 96.80 by named_first |
            |                                  | Dr cash Cr receivable 96.80     |

## a bill with a late fee, less a known fee on both: the book's order pays, the rest is explained
when        | event                             | effects                                  | after
03-02 10:00 | policy 30 MATCHING-AND-LATE       | policy table@30                          |
03-02 10:00 | balance B1 100.00 due 03-06       | owes B1 100.00                           | B1 100.00
            |                                   | Dr receivable Cr payable 100.00          |
            |                                   | B1: look 03-17 04:00                     |
03-17 10:00 | tick                              | charged B1/late-fee 15.00                | B1 100.00
            |                                   | Dr receivable Cr fees 15.00              | B1/late-fee 15.00
            |                                   | B1: no look                              |
03-18 10:00 | deposit D1 111.36 on 03-18 for B1 | deposit D1 111.36                        | B1 0.00
            |                                   | D1 pays B1/late-fee 15.00 by named_first | B1/late-fee 0.00
            |                                   | Dr cash Cr receivable 15.00              |
            |                                   | D1 pays B1 96.36 by known_fee            |
            |                                   | Dr cash Cr receivable 96.36              |
            |                                   | B1 -3.64 by ~D1                          |
            |                                   | Dr differences Cr receivable 3.64        |
03-19 10:00 | unmatch D1 by anna                | anna revoked D1                          | B1 100.00
            |                                   | B1/late-fee owed again 15.00             | B1/late-fee 15.00
            |                                   | suspense +15.00                          | suspense 111.36
            |                                   | Dr receivable Cr suspense 15.00          |
            |                                   | B1 owed again 96.36                      |
            |                                   | suspense +96.36                          |
            |                                   | Dr receivable Cr suspense 96.36          |
            |                                   | B1 +3.64 by ~D1                          |
            |                                   | Dr receivable Cr differences 3.64        |
            |                                   | exception D1/MATCH_REVOKED medium 111.36 |
            |                                   | B1: no look                              |

## within the tolerance of both; a cent beyond it stays open
when        | event                             | effects                                  | after
03-02 10:00 | policy 30 MATCHING-AND-LATE       | policy table@30                          |
03-02 10:00 | balance B1 100.00 due 03-06       | owes B1 100.00                           | B1 100.00
            |                                   | Dr receivable Cr payable 100.00          |
            |                                   | B1: look 03-17 04:00                     |
03-02 10:00 | balance B2 100.00 due 03-06       | owes B2 100.00                           | B1 100.00
            |                                   | Dr receivable Cr payable 100.00          | B2 100.00
            |                                   | B2: look 03-17 04:00                     |
03-17 10:00 | tick                              | charged B1/late-fee 15.00                | B1 100.00
            |                                   | Dr receivable Cr fees 15.00              | B2 100.00
            |                                   | B1: no look                              | B1/late-fee 15.00
            |                                   | charged B2/late-fee 15.00                | B2/late-fee 15.00
            |                                   | Dr receivable Cr fees 15.00              |
            |                                   | B2: no look                              |
03-18 10:00 | deposit D1 114.89 on 03-18 for B1 | deposit D1 114.89                        | B1 0.00
            |                                   | D1 pays B1/late-fee 15.00 by named_first | B2 100.00
            |                                   | Dr cash Cr receivable 15.00              | B1/late-fee 0.00
            |                                   | D1 pays B1 99.89 by tolerance            | B2/late-fee 15.00
            |                                   | Dr cash Cr receivable 99.89              |
            |                                   | B1 -0.11 by ~D1                          |
            |                                   | Dr differences Cr receivable 0.11        |
03-18 10:00 | deposit D2 114.88 on 03-18 for B2 | deposit D2 114.88                        | B1 0.00
            |                                   | D2 pays B2/late-fee 15.00 by named_first | B2 0.12
            |                                   | Dr cash Cr receivable 15.00              | B1/late-fee 0.00
            |                                   | D2 pays B2 99.88 by named_first          | B2/late-fee 0.00
            |                                   | Dr cash Cr receivable 99.88              |

## money that settled within grace, less a known fee on the bill: the late fee is taken back
when        | event                            | effects                           | after
03-02 10:00 | policy 30 MATCHING-AND-LATE      | policy table@30                   |
03-02 10:00 | balance B1 100.00 due 03-06      | owes B1 100.00                    | B1 100.00
            |                                  | Dr receivable Cr payable 100.00   |
            |                                  | B1: look 03-17 04:00              |
03-17 10:00 | tick                             | charged B1/late-fee 15.00         | B1 100.00
            |                                  | Dr receivable Cr fees 15.00       | B1/late-fee 15.00
            |                                  | B1: no look                       |
03-18 10:00 | deposit D1 96.80 on 03-16 for B1 | deposit D1 96.80                  | B1 0.00
            |                                  | waived B1/late-fee 15.00          | B1/late-fee 0.00
            |                                  | Dr fees Cr receivable 15.00       |
            |                                  | D1 pays B1 96.80 by known_fee     |
            |                                  | Dr cash Cr receivable 96.80       |
            |                                  | B1 -3.20 by ~D1                   |
            |                                  | Dr differences Cr receivable 3.20 |

## a part of a bill with a late fee; then the rest of it less the fee
when        | event                            | effects                                  | after
03-02 10:00 | policy 30 MATCHING-AND-LATE      | policy table@30                          |
03-02 10:00 | balance B1 100.00 due 03-06      | owes B1 100.00                           | B1 100.00
            |                                  | Dr receivable Cr payable 100.00          |
            |                                  | B1: look 03-17 04:00                     |
03-17 10:00 | tick                             | charged B1/late-fee 15.00                | B1 100.00
            |                                  | Dr receivable Cr fees 15.00              | B1/late-fee 15.00
            |                                  | B1: no look                              |
03-18 10:00 | deposit D1 60.00 on 03-18 for B1 | deposit D1 60.00                         | B1 55.00
            |                                  | D1 pays B1/late-fee 15.00 by named_first | B1/late-fee 0.00
            |                                  | Dr cash Cr receivable 15.00              |
            |                                  | D1 pays B1 45.00 by named_first          |
            |                                  | Dr cash Cr receivable 45.00              |
03-19 10:00 | deposit D2 53.10 on 03-19 for B1 | deposit D2 53.10                         | B1 0.00
            |                                  | D2 pays B1 53.10 by known_fee            | B1/late-fee 0.00
            |                                  | Dr cash Cr receivable 53.10              |
            |                                  | B1 -1.90 by ~D2                          |
            |                                  | Dr differences Cr receivable 1.90        |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)


def test_the_match_and_the_posting_say_what_explains_the_difference() -> None:
    effects = [effect for _, seen in run(STORIES[0]) for effect in seen.effects]
    matched = next(effect for effect in effects if isinstance(effect, fx.Matched))
    assert matched.evidence[-1] == "fee card 320"
    memos = [effect.memo for effect in effects if isinstance(effect, fx.Posted) and "differences" in effect.debit + effect.credit]
    assert memos == ["fee card 320", "difference of B1 owed again"]


@given(st.integers(1, 30_000), st.lists(st.tuples(st.integers(1, 30_000), st.sampled_from(["", "", "unmatch"])), max_size=5))
@settings(max_examples=60, deadline=None)
def test_what_is_taken_back_leaves_no_trace_in_what_is_owed(owed: int, deposits: list[tuple[int, str]]) -> None:
    """Money in is money matched and in suspense; what is open is what was owed less matches and differences, and never below zero."""
    lines = ["## random", "03-02 10:00 | policy 28 MATCHING", f"03-02 10:00 | balance B1 {owed / 100:.2f} due 04-01"]
    for number, (cents, then) in enumerate(deposits):
        lines.append(f"03-03 10:0{number} | deposit D{number} {cents / 100:.2f} on 03-03 for B1")
        lines += [f"03-03 10:0{number} | unmatch D{number} by anna"] if then else []
    naive, account = Naive(), Account("")
    for _, seen in run(stories("\n".join(lines))[0]):
        naive.take(seen.effects)
        account = seen.account
        assert account.items == {} or 0 <= account.items["B1"].open_cents == naive.open()["B1"] <= owed
        explained = sum(cents for deposit in account.deposits.values() for _, cents in deposit.explained)
        assert naive.general_ledger()["matching_differences"] == explained == naive.adjusted()
    if all(then for _, then in deposits):
        assert account.open_cents() == owed


@given(
    st.sampled_from(["MATCHING-AND-LATE", "MATCHING-PRINCIPAL-FIRST"]),
    st.integers(2_000, 30_000),
    st.lists(st.tuples(st.sampled_from(["fee", "cents", "part"]), st.integers(1, 9_000), st.booleans()), max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_a_charged_bill_is_explained_and_taken_back_as_exactly(book: str, owed: int, deposits: list[tuple[str, int, bool]]) -> None:
    """A late fee, then deposits less the card fee, less a few cents, or of a part, and some of them revoked."""
    lines = ["## random", f"03-02 10:00 | policy 30 {book}", f"03-02 10:00 | balance B1 {owed / 100:.2f} due 03-06", "03-17 10:00 | tick"]
    left = owed + 15_00
    for number, (how, cents, back) in enumerate(deposits):
        paid = max({"fee": left - 30 - (left * 290 + 5_000) // 10_000, "cents": left - cents % 9, "part": min(cents, left)}[how], 1)
        lines.append(f"03-18 10:0{number} | deposit D{number} {paid / 100:.2f} on 03-18 for B1")
        lines += [f"03-18 10:0{number} | unmatch D{number} by anna"] if back else []
        left = left if back or how != "part" else max(left - paid, 1)
    naive, account = Naive(), Account("")
    for _, seen in run(stories("\n".join(lines))[0]):
        naive.take(seen.effects)
        account = seen.account
        assert {item.balance_id: item.open_cents for item in account.items.values()} == naive.open()
        assert all(0 <= item.open_cents <= item.original_cents for item in account.items.values())
        explained = sum(cents for deposit in account.deposits.values() for _, cents in deposit.explained)
        assert naive.general_ledger()["matching_differences"] == explained == naive.adjusted()
    if all(back for _, _, back in deposits):
        assert account.open_cents() == owed + 15_00
