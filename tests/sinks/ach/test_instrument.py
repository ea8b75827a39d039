from ach.routing import is_routing_number
from sinks.ach import instrument
from tests.sinks.ach.told import due


def test_made_up_accounts_are_valid_steady_and_marked() -> None:
    accounts = [instrument.made_up(due(number)) for number in range(500)]
    assert all(is_routing_number(found.routing_number) for found in accounts)
    assert accounts == [instrument.made_up(due(number, partition=3)) for number in range(500)]
    assert len({found.account for found in accounts}) == 500
    assert all(found.account.startswith("SB") and found.name.startswith("SANDBOX") for found in accounts)
