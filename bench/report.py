"""The figures of a benchmark run for people: a table to calculate with (CSV) and a page with charts (HTML with SVG, nothing loaded)."""

import csv
from collections.abc import Mapping, Sequence
from html import escape
from io import StringIO

Row = Mapping[str, object]
_WIDTH, _BAR, _LEFT, _ROOM = 720, 18, 190, 90
_COLOURS = ("#1f5fa8", "#2f8f6b", "#b8860b", "#8a4fa3", "#b5493a", "#5b6770")
_STYLE = (
    "body{font:14px system-ui;margin:2rem;max-width:60rem}"
    "table{border-collapse:collapse}td,th{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #ddd}"
)


def csv_text(parts: Sequence[Row]) -> str:
    """A line a part. Figures by process get a column each, such as `rss_mb.broker`; a part leaves empty what it does not measure."""
    rows = [_flat(part) for part in parts]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def page(parts: Sequence[Row]) -> str:
    """The whole page."""
    steady = [part for part in parts if part["part"] == "steady"]
    shown = [
        _stacked(
            "CPU by process, µs per event", [(_title(part), _per_event_us(part)) for part in parts if "cpu_s_per_1000_events" in part]
        ),
        _stacked("Memory by process, MB", [(_title(part), by_process(part, "rss_mb")) for part in parts if "rss_mb" in part]),
        *(_delays(f"Event to journal at {part['events_per_s']}/s, ms", part, "event_to_journal") for part in steady),
        *(_delays(f"Journal to ClickHouse at {part['events_per_s']}/s, ms", part, "journal_to_clickhouse") for part in steady),
    ]
    tables = "".join(f"<h2>{escape(_title(part))}</h2>{_table(part)}" for part in parts)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>HMS-ACH benchmark</title><style>{_STYLE}</style>'
        f"<h1>HMS-ACH benchmark</h1>{''.join(shown)}{tables}</html>\n"
    )


def _title(part: Row) -> str:
    match part["part"]:
        case "steady":
            return f"{part['events_per_s']} events/s" + ("" if part["sustained"] else ", not sustained")
        case name:
            return str(name)


def _flat(part: Row) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in part.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{process}": figure for process, figure in value.items()}
        else:
            found[name] = value
    return found


def by_process(part: Row, name: str) -> dict[str, float]:
    """A part's figures of this name, by process."""
    figures = part[name]
    assert isinstance(figures, Mapping)
    return {str(process): float(figure) for process, figure in figures.items()}


def _per_event_us(part: Row) -> dict[str, float]:
    return {process: seconds * 1000 for process, seconds in by_process(part, "cpu_s_per_1000_events").items()}


def _delays(title: str, part: Row, name: str) -> str:
    bars = [(share, {share: float(str(part[f"{name}_{share}_ms"]))}) for share in ("p50", "p95", "p99")]
    return _stacked(title, bars, legend=False)


def _stacked(title: str, bars: Sequence[tuple[str, Mapping[str, float]]], *, legend: bool = True) -> str:
    """Horizontal bars, one a line, each a run of named shares; all on one scale that begins at nothing."""
    names = list(dict.fromkeys(name for _, shares in bars for name in shares))
    colour = {name: _COLOURS[number % len(_COLOURS) if legend else 0] for number, name in enumerate(names)}
    longest = max((sum(shares.values()) for _, shares in bars), default=0.0) or 1.0
    drawn, height = [], len(bars) * (_BAR + 8)
    for line, (label, shares) in enumerate(bars):
        x, y = float(_LEFT), line * (_BAR + 8)
        drawn.append(f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(label)}</text>')
        for name, value in shares.items():
            width = value / longest * (_WIDTH - _LEFT - _ROOM)
            told = f"<title>{escape(name)} {value:,.1f}</title>"
            drawn.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour[name]}">{told}</rect>')
            x += width
        drawn.append(f'<text x="{x + 6:.1f}" y="{y + 13}">{sum(shares.values()):,.0f}</text>')
    key = " ".join(f'<span style="color:{colour[name]}">■ {escape(name)}</span>' for name in names) if legend else ""
    head = f'<svg role="img" aria-label="{escape(title)}" width="{_WIDTH}" height="{height}">'
    return f"<h2>{escape(title)}</h2>{head}{''.join(drawn)}</svg><p>{key}</p>"


def _table(part: Row) -> str:
    lines = "".join(f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in _flat(part).items())
    return f"<table>{lines}</table>"
