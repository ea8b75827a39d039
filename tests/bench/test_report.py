"""The benchmark's figures as a table and as a page."""

import csv
from io import StringIO
from xml.etree import ElementTree

from bench.report import csv_text, page

PARTS = (
    {"part": "drain", "events": 400_000, "cpu_s_per_1000_events": {"broker": 0.02, "worker-0": 0.03}, "rss_mb": {"broker": 290}},
    {
        "part": "steady",
        "events_per_s": 6_000,
        "sustained": False,
        **{f"{way}_{share}_ms": 40 for way in ("event_to_journal", "journal_to_clickhouse") for share in ("p50", "p95", "p99")},
    },
)


def test_a_line_a_part_and_a_column_a_process() -> None:
    drain, steady = csv.DictReader(StringIO(csv_text(PARTS)))
    assert (drain["cpu_s_per_1000_events.worker-0"], drain["rss_mb.broker"], drain["events_per_s"]) == ("0.03", "290", "")
    assert (steady["event_to_journal_p99_ms"], steady["rss_mb.broker"]) == ("40", "")


def test_every_part_is_on_the_page_and_nothing_is_loaded() -> None:
    text = page(PARTS)
    for svg in text.split("<svg")[1:]:
        drawing = ElementTree.fromstring("<svg" + svg.split("</svg>")[0] + "</svg>")
        assert drawing.findall("rect")
        assert all(float(bar.get("width", "-1")) >= 0 for bar in drawing.findall("rect"))
    assert "6000 events/s, not sustained" in text
    assert "http" not in text
    assert "<script" not in text
