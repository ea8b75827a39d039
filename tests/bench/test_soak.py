"""What the soak calls growth, and the soak in short on the real stack."""

import pytest

from bench.figures import Row
from bench.soak import growth, soak
from bench.stack import running

STEADY = {"p99": 100, "stored": 900, "backlog": 500, "api": 300, "worker-0": 300, "broker": 300, "files": 100, "broker files": 100}
"""figures of a sample"""


def _sample(figures: dict[str, int]) -> Row:
    return {
        "event_to_journal_p99_ms": figures["p99"],
        "journal_to_clickhouse_p99_ms": figures["stored"],
        "backlog": figures["backlog"],
        "rss_mb": {"api": figures["api"], "worker-0": figures["worker-0"], "broker": figures["broker"]},
        "files": {"api": figures["files"], "worker-0": 50, "broker": figures["broker files"]},
    }


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ({}, ""),
        ({"p99": 249}, ""),
        ({"p99": 251}, "event_to_journal_p99_ms from 100 to 251"),
        ({"stored": 1500}, "journal_to_clickhouse_p99_ms from 900 to 1500"),
        ({"backlog": 4500}, ""),
        ({"backlog": 4501}, "backlog from 500 to 4501 events"),
        ({"api": 410}, ""),
        ({"api": 411}, "memory of api from 300 to 411 MB"),
        ({"worker-0": 900}, ""),
        ({"files": 132}, ""),
        ({"files": 133}, "open files of api from 100 to 133"),
        ({"broker files": 900}, "open files of broker from 100 to 900"),
    ],
)
def test_growth_from_the_second_quarter_to_the_last(later: dict[str, int], told: str) -> None:
    warm = _sample({name: figure * 9 for name, figure in STEADY.items()})
    samples = [warm, warm, *[_sample(STEADY)] * 4, *[_sample({**STEADY, **later})] * 2]
    assert growth(samples, rate=2_000) == ([told] if told else [])
    assert growth(samples[:7], rate=2_000) == []


@pytest.mark.crash
@pytest.mark.timeout(300)
def test_a_short_soak_ends_with_everything_stored_and_no_file_left_open() -> None:
    with running() as stack:
        *samples, verdict = soak(stack, rate=200, seconds=40, accounts=500, every_s=4)
    assert verdict["verified"], verdict
    assert verdict["producer_on_time"], verdict
    assert samples[-1]["stored"] == 200 * 40
    assert samples[-1]["backlog"] == 0
    assert not [told for told in verdict["grown"] if "files" in told], verdict  # type: ignore[attr-defined]
