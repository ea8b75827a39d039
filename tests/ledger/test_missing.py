"""Bills whose window closes without their money: an exception, once a bill, that ends by itself when nothing is open any more."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ach.rail import AchRail
from ledger import effects as fx
from ledger.account import Account
from ledger.book import Position
from ledger.wire import epoch_ms
from tests.ledger.sentences import event
from tests.ledger.table import Story, apply, check, new_book, run, stories
from tests.ledger.words import ACCOUNT

DUE = """
when        | event                       | effects                         | after
03-01 10:00 | policy 25 MISSING           | policy table@25                 |
03-01 10:00 | balance B1 100.00 due 03-02 | owes B1 100.00                  | B1 100.00
            |                             | Dr receivable Cr payable 100.00 |
            |                             | B1: look 03-10 04:00            |

## five banking days after it was due a bill is missing, once; the deposit that pays the rest ends it
when        | event                            | effects                         | after
03-10 03:59 | tick                             |                                 |
03-10 04:00 | tick                             | exception B1/MISSING low 100.00 |
            |                                  | B1: no look                     |
03-10 04:01 | tick                             |                                 |
03-11 10:00 | deposit D1 40.00 on 03-11 for B1 | deposit D1 40.00                | B1 60.00
            |                                  | D1 pays B1 40.00 by named_first |
            |                                  | Dr cash Cr receivable 40.00     |
03-11 11:00 | deposit D2 60.00 on 03-11 for B1 | deposit D2 60.00                | B1 0.00
            |                                  | D2 pays B1 60.00 by id          |
            |                                  | Dr cash Cr receivable 60.00     |
            |                                  | closed B1/MISSING settled       |
04-30 10:00 | tick                             |                                 |

## of a bill that is paid in part the rest is missing; of one that is paid nothing is
when        | event                            | effects                         | after
03-01 10:00 | balance B2 50.00 due 03-02       | owes B2 50.00                   | B1 100.00
            |                                  | Dr receivable Cr payable 50.00  | B2 50.00
            |                                  | B2: look 03-10 04:00            |
03-03 10:00 | deposit D1 40.00 on 03-03 for B1 | deposit D1 40.00                | B1 60.00
            |                                  | D1 pays B1 40.00 by named_first | B2 50.00
            |                                  | Dr cash Cr receivable 40.00     |
03-03 10:00 | deposit D2 50.00 on 03-03 for B2 | deposit D2 50.00                | B1 60.00
            |                                  | D2 pays B2 50.00 by id          | B2 0.00
            |                                  | Dr cash Cr receivable 50.00     |
03-10 04:00 | tick                             | exception B1/MISSING low 60.00  |
            |                                  | B1: no look                     |

## one that comes back after the window has closed is told by the return alone
when        | event                           | effects                                                  | after
03-02 10:01 | repayment T1 100.00 for B1      | repayment T1 100.00                                      | T1 approved
            |                                 | T1 approved by table@25                                  | B1 100.00
            |                                 | debit entry 1 WEB 'PATIENTPAY' 100.00                    |
03-03 15:00 | settled T1 100.00 on 03-03      | T1 settled                                               | T1 settled
            |                                 | T1 pays B1 100.00 by id                                  | B1 0.00
            |                                 | Dr cash Cr receivable 100.00                             |
            |                                 | webhook settled 100.00, open 0.00                        |
03-10 04:00 | tick                            | T1 completed                                             | T1 completed
            |                                 |                                                          | B1 0.00
03-11 15:00 | returned T1 R02 100.00 on 03-05 | T1 returned R02 (account_closed)                         | T1 returned
            |                                 | B1 owed again 100.00                                     | B1 100.00
            |                                 | Dr returned Cr cash 100.00                               |
            |                                 | Dr receivable Cr returned 100.00                         |
            |                                 | exception T1/PAYMENT_RETURNED medium 100.00              |
            |                                 | barred instrument by T1 R02                              |
            |                                 | B1: no look                                              |
            |                                 | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R02 |
03-20 04:00 | tick                            | T1/PAYMENT_RETURNED overdue 2                            |
            |                                 | alert exception_overdue high                             |

## what a person has settled is not told again
when        | event                              | effects                                   | after
03-10 04:00 | tick                               | exception B1/MISSING low 100.00           |
            |                                    | B1: no look                               |
03-10 10:00 | resolve B1/MISSING agreed_on_april | anna resolved B1/MISSING                  |
            |                                    | closed B1/MISSING agreed_on_april by anna |
04-30 10:00 | tick                               |                                           |

## a write-off ends it too
when        | event                                  | effects                            | after
03-10 04:00 | tick                                   | exception B1/MISSING low 100.00    |
            |                                        | B1: no look                        |
03-10 10:00 | propose A1 write_off B1 100.00 by anna | anna proposed A1                   |
            |                                        | A1? write_off B1 100.00            |
03-10 11:00 | accept A1 by bert                      | bert approved A1                   | B1 0.00
            |                                        | A1 approved                        |
            |                                        | B1 -100.00 by A1                   |
            |                                        | Dr write_offs Cr receivable 100.00 |
            |                                        | closed B1/MISSING settled          |

## nobody closes it in time: people are alerted
when        | event | effects                         | after
03-10 04:00 | tick  | exception B1/MISSING low 100.00 |
            |       | B1: no look                     |
03-18 04:00 | tick  | B1/MISSING overdue 1            |
            |       | alert exception_overdue medium  |
03-20 04:00 | tick  | B1/MISSING overdue 2            |
            |       | alert exception_overdue high    |

## the book in force when the window closes says; one without it forgets
when        | event             | effects         | after
03-02 10:00 | policy 2 OTHER    | policy table@2  |
03-10 04:00 | tick              | B1: no look     |
03-11 10:00 | policy 25 MISSING | policy table@25 |
03-12 10:00 | tick              |                 |
"""
OTHERS = """
## a repayment comes back before the window closes: the bill is missing when it does
when        | event                                       | effects                                                  | after
03-01 10:00 | policy 25 MISSING                           | policy table@25                                          |
03-01 10:00 | balance B1 100.00 due 03-09                 | owes B1 100.00                                           | B1 100.00
            |                                             | Dr receivable Cr payable 100.00                          |
            |                                             | B1: look 03-17 04:00                                     |
03-01 10:01 | repayment T1 100.00 for B1                  | repayment T1 100.00                                      | T1 approved
            |                                             | T1 approved by table@25                                  | B1 100.00
            |                                             | debit entry 1 WEB 'PATIENTPAY' 100.00                    |
03-03 15:00 | settled T1 100.00 on 03-03                  | T1 settled                                               | T1 settled
            |                                             | T1 pays B1 100.00 by id                                  | B1 0.00
            |                                             | Dr cash Cr receivable 100.00                             |
            |                                             | webhook settled 100.00, open 0.00                        |
03-05 15:00 | returned T1 R02 100.00 on 03-05             | T1 returned R02 (account_closed)                         | T1 returned
            |                                             | B1 owed again 100.00                                     | B1 100.00
            |                                             | Dr returned Cr cash 100.00                               |
            |                                             | Dr receivable Cr returned 100.00                         |
            |                                             | exception T1/PAYMENT_RETURNED medium 100.00              |
            |                                             | barred instrument by T1 R02                              |
            |                                             | B1: look 03-17 04:00                                     |
            |                                             | webhook returned 0.00, open 100.00, PAYMENT_RETURNED R02 |
03-06 10:00 | resolve T1/PAYMENT_RETURNED fixed_elsewhere | anna resolved T1/PAYMENT_RETURNED                        |
            |                                             | closed T1/PAYMENT_RETURNED fixed_elsewhere by anna       |
03-17 04:00 | tick                                        | exception B1/MISSING low 100.00                          |
            |                                             | B1: no look                                              |

## a book that asks for instalments from 25.00 on
when        | event                                                 | effects                         | after
03-01 10:00 | policy 26 MISSING-PLANS                               | policy table@26                 |
03-01 10:00 | balance B1 100.00 due 03-02                           | owes B1 100.00                  | B1 100.00
            |                                                       | Dr receivable Cr payable 100.00 |
03-01 10:00 | plan PL1 B2=24.99@03-02 B3=25.00@03-02 B4=25.00@04-02 | owes B2 24.99                   | B1 100.00
            |                                                       | Dr receivable Cr payable 24.99  | B2 24.99
            |                                                       | owes B3 25.00                   | B3 25.00
            |                                                       | Dr receivable Cr payable 25.00  | B4 25.00
            |                                                       | owes B4 25.00                   |
            |                                                       | Dr receivable Cr payable 25.00  |
            |                                                       | B2: look 03-10 04:00            |
            |                                                       | B3: look 03-10 04:00            |
            |                                                       | B4: look 04-10 04:00            |
03-10 04:00 | tick                                                  | B2: no look                     |
            |                                                       | exception B3/MISSING low 25.00  |
            |                                                       | B3: no look                     |
04-10 04:00 | tick                                                  | exception B4/MISSING low 25.00  |
            |                                                       | B4: no look                     |
            |                                                       | B3/MISSING overdue 2            |
            |                                                       | alert exception_overdue high    |

## a bill that was opened after its due date has its window from then on; one due in a thousand years has none
when        | event                            | effects                         | after
03-20 10:00 | policy 25 MISSING                | policy table@25                 |
03-20 10:00 | balance B1 100.00 due 01-05      | owes B1 100.00                  | B1 100.00
            |                                  | Dr receivable Cr payable 100.00 |
            |                                  | B1: look 03-30 04:00            |
03-20 10:00 | balance B2 100.00 due 9999-12-31 | owes B2 100.00                  | B1 100.00
            |                                  | Dr receivable Cr payable 100.00 | B2 100.00
03-27 04:00 | tick                             |                                 |
03-30 04:00 | tick                             | exception B1/MISSING low 100.00 |
            |                                  | B1: no look                     |

## beside late fees a tick that comes late tells both; what the fee takes of the money is still missing
when        | event                             | effects                                  | after
04-01 10:00 | policy 27 MISSING-AND-LATE        | policy table@27                          |
04-01 10:00 | balance B1 100.00 due 04-15       | owes B1 100.00                           | B1 100.00
            |                                   | Dr receivable Cr payable 100.00          |
            |                                   | B1: look 04-23 04:00                     |
05-01 10:00 | tick                              | exception B1/MISSING low 100.00          | B1 100.00
            |                                   | charged B1/late-fee 15.00                | B1/late-fee 15.00
            |                                   | Dr receivable Cr fees 15.00              |
            |                                   | B1: no look                              |
05-02 10:00 | deposit D1 100.00 on 05-02 for B1 | deposit D1 100.00                        | B1 15.00
            |                                   | D1 pays B1/late-fee 15.00 by named_first | B1/late-fee 0.00
            |                                   | Dr cash Cr receivable 15.00              |
            |                                   | D1 pays B1 85.00 by named_first          |
            |                                   | Dr cash Cr receivable 85.00              |
"""
STORIES = stories(DUE) + stories(OTHERS)
RAIL = AchRail()
START = datetime(2026, 3, 2, 15, tzinfo=UTC)
BILLS = ("B1", "B2", "B3")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)


def test_the_exception_says_what_is_missing_and_what_is_on_its_way() -> None:
    (story,) = stories("""
## late
03-01 10:00 | policy 25 MISSING
03-01 10:00 | balance B1 100.00 due 03-02
03-03 10:00 | deposit D1 40.00 on 03-03 for B1
03-09 10:00 | repayment T1 60.00 for B1
03-10 10:00 | tick
""")
    opened = [effect for _, seen in run(story) for effect in seen.effects if isinstance(effect, fx.ExceptionOpened)]
    assert [each.detail for each in opened] == ["due on 2026-03-02: 60.00 of 100.00 had not come by 2026-03-09; repayment T1 is approved"]
    assert opened[0].due_ms == epoch_ms(datetime(2026, 3, 18, 4, tzinfo=UTC))
    assert opened[0].hospital_id == "H1"


def test_a_hospital_in_its_shadow_phase_misses_nothing() -> None:
    (story,) = stories("""
## shadow
03-01 10:00 | policy 25 MISSING
03-01 10:00 | rollout H1 shadow
03-01 10:00 | balance B1 100.00 due 03-02
03-10 10:00 | tick
""")
    assert not [effect for _, seen in run(story) for effect in seen.effects if isinstance(effect, fx.Accruing | fx.ExceptionOpened)]


@given(st.lists(st.tuples(st.sampled_from(["open", "pay", "tick"]), st.sampled_from(BILLS), st.integers(0, 9)), max_size=25))
@settings(max_examples=60, deadline=None)
def test_each_bill_is_told_once_and_stands_open_as_long_as_it_is_owed(steps: list[tuple[str, str, int]]) -> None:
    """A ledger that keeps what is owed and until when; a book that begins with its last checkpoint at every tick tells the same."""
    book, now = new_book(), START
    list(apply(book, event("policy 25 MISSING", now, "policy"), Position(3, 0, epoch_ms(now))))
    owed: dict[str, int] = {}
    closes: dict[str, str] = {}
    told: list[str] = []
    for number, (what, bill, days) in enumerate(steps):
        now += timedelta(days=days % 4)
        today = RAIL.local_date(epoch_ms(now))
        if what == "open" and bill not in owed:
            due = (now + timedelta(days=days - 3)).date().isoformat()
            sentence, owed[bill] = f"balance {bill} 90.00 due {due}", 9_000
            closes[bill] = RAIL.add_banking_days(RAIL.add_banking_days(max(due, today), 4), 2)
        elif what == "pay" and owed.get(bill):
            cents = min(owed[bill], (days + 1) * 1_000)
            sentence, owed[bill] = f"deposit D{number} {cents // 100}.00 on {today} for {bill}", owed[bill] - cents
        else:
            sentence = "tick"
            told += [name for name, day in closes.items() if date.fromisoformat(today) >= date.fromisoformat(day) and owed[name]]
            for name in told:
                closes.pop(name, None)
        position = Position(3 if sentence == "tick" else 0, number, epoch_ms(now))
        known = book.accounts.get(ACCOUNT)
        again = new_book()
        again.restore_governance(book.governance)
        if known is not None:
            again.restore(msgspec.json.encode(known))
        entries = list(apply(book, event(sentence, now, f"e{number}"), position))
        assert list(apply(again, event(sentence, now, f"e{number}"), position)) == entries
    account = book.accounts.get(ACCOUNT) or Account(ACCOUNT)
    assert sorted(account.missing) == sorted(told)
    assert {name for name in account.exceptions if name.endswith("/MISSING")} == {f"{name}/MISSING" for name in told if owed[name]}
