"""How long events take until they can be seen."""

from prometheus_client import CollectorRegistry

from sinks.clickhouse.visible import BOUNDS_S, NAME, Visible

NOW_MS = 1_772_463_600_000
WAITED = """
waited ms | bucket
-5        | 0.25
0         | 0.25
250       | 0.25
251       | 0.5
1000      | 1.0
59999     | 60.0
3600001   | +Inf
"""


def test_each_event_is_in_the_first_bucket_that_it_fits() -> None:
    for line in WAITED.strip().splitlines()[1:]:
        waited, bucket = (cell.strip() for cell in line.split("|"))
        registry = CollectorRegistry()
        Visible(registry).add([NOW_MS - int(waited)], NOW_MS)
        counts = {name: registry.get_sample_value(f"{NAME}_bucket", {"le": name}) for name in [*map(str, BOUNDS_S), "+Inf"]}
        assert next(name for name, count in counts.items() if count) == bucket
        assert list(counts.values()) == sorted(counts.values(), key=lambda count: count or 0), "buckets are cumulative"


def test_blocks_add_up() -> None:
    registry = CollectorRegistry()
    visible = Visible(registry)
    assert registry.get_sample_value(f"{NAME}_count") == 0
    visible.add([NOW_MS - 500, NOW_MS - 1500], NOW_MS)
    visible.add([NOW_MS - 8000], NOW_MS)
    visible.add([], NOW_MS)
    assert registry.get_sample_value(f"{NAME}_count") == 3
    assert registry.get_sample_value(f"{NAME}_sum") == 10.0
    assert registry.get_sample_value(f"{NAME}_bucket", {"le": "5.0"}) == 2
