"""How often one may ask."""

from pathlib import Path

from api.auth.rate import Rates
from tests.api.auth.world import Secured


def test_a_bucket_empties_at_once_and_fills_steadily() -> None:
    rates = Rates(10, burst_s=1.0)
    assert [rates.wait_s("a", 0.0) for _ in range(10)] == [0.0] * 10
    assert 0.09 < rates.wait_s("a", 0.0) < 0.11
    assert rates.wait_s("b", 0.0) == 0.0  # others are not in the way
    assert rates.wait_s("a", 0.1) == 0.0
    assert rates.wait_s("a", 0.1) > 0
    assert [rates.wait_s("a", 60.0) for _ in range(11)].count(0.0) == 10  # a pause does not save up more than a burst


def test_a_client_that_asks_too_often_waits_and_others_do_not(tmp_path: Path) -> None:
    """Faults, row 60."""
    secured = Secured(tmp_path, rate_per_s=5)
    for name in ("credit", "second"):
        secured.add(name)
    fast, other = secured.client("credit"), secured.client("second")
    found = [fast.get("/api/v1/session").status_code for _ in range(12)]
    assert found == [200] * 10 + [429] * 2
    answer = fast.get("/api/v1/session")
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["type"] == "urn:hms-ach:problem:too-many-requests"
    assert other.get("/api/v1/session").status_code == 200
    assert fast.get("/livez").status_code == 200
    secured.now_s += 1
    assert fast.get("/api/v1/session").status_code == 200
    secured.identity.close()


def test_guessing_is_slowed_down_and_does_not_fill_the_trail(tmp_path: Path) -> None:
    secured = Secured(tmp_path, rate_strangers_per_s=2)
    stranger = secured.connection()
    found = [stranger.post("/api/v1/payments/initiate", json={}).status_code for _ in range(30)]
    assert found == [401] * 10 + [429] * 20
    assert len(secured.trail()) == 10
    secured.identity.close()
