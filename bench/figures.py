"""What the load benchmark tells of a part: one flat row."""

from bench.stack import Usage

Row = dict[str, object]
"""A part's figures; `cpu_s_per_1000_events` and `rss_mb` are by process"""
MB = 1_000_000


def cost(before: dict[str, Usage], after: dict[str, Usage], events: int) -> Row:
    """CPU seconds per 1,000 events and memory in MB, by process."""
    return {
        "cpu_s_per_1000_events": {
            name: round((used.cpu_s - before[name].cpu_s) * 1000 / events, 4) for name, used in after.items() if name in before
        },
        "rss_mb": {name: round(used.rss / MB) for name, used in after.items()},
    }
