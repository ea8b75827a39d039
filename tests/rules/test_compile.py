"""A compiled book answers: the lattice, priorities, scores, guards, broken rules."""

import pytest

from ledger.facts import Facts
from ledger.policy import Fired, Rules
from rules.compile import CompiledBook, compile_or_reason
from tests.rules.examples import a_book, a_rule, compiled, payment

RULES = (
    a_rule("note", "amount > 10", "approve", severity='"low"', score=5),
    a_rule("hold", "amount > 100", "review", score=20),
    a_rule("stop", "amount > 1000", "block", priority=5),
    a_rule("never", "amount > 10000", "decline", priority=9),
    a_rule("debit", "amount > 50", "review", directions='["repayment"]', score=1),
)

CASES = """
amount     direction     outcome   score   fired
5.00       repayment     approve   0       -
10.01      disbursement  approve   5       note
60.00      repayment     review    6       note,debit
60.00      disbursement  approve   5       note
100.00     disbursement  approve   5       note
100.01     disbursement  review    25      note,hold
1000.01    disbursement  block     25      stop,note,hold
10000.01   disbursement  decline   25      never,stop,note,hold
10000.01   repayment     decline   26      never,stop,note,hold,debit
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_the_strongest_outcome_wins_and_priority_orders_what_fired(case: str) -> None:
    amount, direction, outcome, score, fired = case.split()
    verdict = compiled(*RULES).evaluate(payment(amount, direction))
    assert (verdict.outcome, verdict.score) == (outcome, int(score))
    assert ",".join(each.rule for each in verdict.fired) == fired.strip("-")


def test_rules_look_only_at_their_events() -> None:
    book = compiled(a_rule("returned", "amount > 0", events='["payment.returned", "payment.failed"]'))
    assert book.evaluate(payment()).fired == ()
    assert book.evaluate(payment(event_type="payment.returned")).outcome == "review"
    assert book.evaluate(payment(event_type="payment.failed")).outcome == "review"


def test_a_disabled_rule_is_checked_but_silent() -> None:
    assert compiled(a_rule(enabled="false")).evaluate(payment("500.00")).outcome == "approve"
    assert "not in the vocabulary" in str(compile_or_reason(a_book(a_rule(when="foo", enabled="false"))))


@pytest.mark.parametrize(
    ("amount", "outcome", "threshold"),
    [("5.00", "approve", None), ("60.00", "review", 6), ("150.00", "block", 26), ("1001.00", "block", 26)],
)
def test_points_reach_thresholds(amount: str, outcome: str, threshold: int | None) -> None:
    book = compiled('[score]\nreview = 6\nblock = 26\nalert = 26\nseverity = "critical"\n', *RULES)
    verdict = book.evaluate(payment(amount))
    by_score = [each for each in verdict.fired if each.rule == "score"]
    assert verdict.outcome == outcome
    if threshold is None:
        assert by_score == []
    else:
        alert = "critical" if verdict.score >= 26 else ""
        assert by_score == [
            Fired(
                "score",
                "block" if threshold == 26 else "review",
                f"The risk score of {verdict.score} reaches the threshold of {threshold}.",
                alert,
            )
        ]


BROKEN = a_rule("broken", "amount / (count_1h - count_1h) > 3", "decline", priority=9)


def test_a_broken_rule_takes_no_other_with_it_and_is_counted() -> None:
    book = compiled(BROKEN, a_rule("hold"))
    verdict = book.evaluate(payment("500.00"))
    assert [(each.rule, each.outcome) for each in verdict.fired] == [("hold", "review"), ("broken", "review")]
    said = "The rule broken could not be evaluated (a calculation without a result)."
    assert verdict.fired[1] == Fired("broken", "review", said, "high", broken=True)
    assert book.evaluate(payment("5.00")).outcome == "review"
    assert book.error_counts == {"broken": 2, "hold": 0}


@pytest.mark.parametrize(
    ("header", "own", "outcome"),
    [("", "", "review"), ('on_error = "decline"', "", "decline"), ('on_error = "decline"', "approve", "approve"), ("", "block", "block")],
)
def test_what_a_broken_rule_does_is_the_authors_choice(header: str, own: str, outcome: str) -> None:
    book = compiled(BROKEN + (f'on_error = "{own}"\n' if own else ""), header=header)
    assert book.evaluate(payment("5.00")).outcome == outcome


def test_a_broken_alert_holds_nobody() -> None:
    book = compiled(a_rule("broken", "1 / suspense > 3".replace("1 /", "amount /"), "approve", severity='"low"'))
    assert book.evaluate(payment("5.00")).outcome == "approve"
    assert book.error_counts["broken"] == 1


def test_a_fact_of_another_type_breaks_its_rules_and_no_more() -> None:
    book = compiled(a_rule("hold"), a_rule("debit", 'direction == "repayment"'), '[[limit]]\nhospital = "*"\nper_payment = 5\n')
    verdict = book.evaluate(Facts(event_type="payment.initiated", direction="repayment", amount_cents=None))  # type: ignore[arg-type]
    assert [each.rule for each in verdict.fired] == ["debit", "hold", "limits"]
    assert verdict.outcome == "review"


def test_alerts_are_routed_by_severity_unless_the_rule_says_otherwise() -> None:
    book = compiled(
        '[alerts]\nhigh = ["risk", "finance"]\n',
        a_rule("silent"),
        a_rule("loud", severity='"high"'),
        a_rule("own", severity='"high"', route='["fraud-desk"]'),
    )
    routes = {each.rule: book.route(each.rule, each.severity) for each in book.evaluate(payment("500.00")).fired}
    assert routes == {"silent": (), "loud": ("risk", "finance"), "own": ("fraud-desk",)}


def test_a_book_is_what_the_ledger_asks_for() -> None:
    book: Rules = compiled(*RULES)
    assert book.version == "test@1"
    assert isinstance(compile_or_reason(a_book(*RULES)), CompiledBook)


@pytest.mark.parametrize("nasty", ["__import__('os')", "facts.amount_cents", "hits", "{amount}", "'; exit(); '"])
def test_texts_of_a_rule_never_become_code(nasty: str) -> None:
    book = compiled(a_rule("text", f'reference == "{nasty}" or reference in ["{nasty}x"] or reference.starts_with("{nasty}y")'))
    assert [book.evaluate(payment(reference=nasty + end)).outcome for end in ("", "x", "yy", "z")] == ["review"] * 3 + ["approve"]


def test_a_book_says_which_later_events_it_has_rules_on() -> None:
    book = compiled(a_rule(events='["payment.initiated", "payment.settled"]'), a_rule("off", events='["payment.failed"]', enabled="false"))
    assert book.later == {"payment.settled"}
    assert compiled(a_rule()).later == frozenset()
