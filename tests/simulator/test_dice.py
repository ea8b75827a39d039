"""Generators by name."""

from simulator.dice import dice


def test_the_same_name_throws_the_same_numbers_and_another_name_others() -> None:
    first = [dice(1, "bank", "t").random() for _ in range(2)]
    assert first[0] == first[1] != dice(1, "bank", "u").random()
