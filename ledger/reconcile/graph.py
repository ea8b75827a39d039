"""Pairing as a graph: left rows, and for each the right rows it may belong to."""

from collections import defaultdict

Edges = dict[int, set[int]]


def connected(edges: Edges) -> list[Edges]:
    """The connected parts of a graph, in the order of their first rows; rows without an edge fall away."""
    back: Edges = defaultdict(set)
    for row, more in edges.items():
        for other in more:
            back[other].add(row)
    parts: list[Edges] = []
    seen: set[int] = set()
    for start in sorted(edges):
        if start in seen or not edges[start]:
            continue
        queue, part = [start], {}
        seen.add(start)
        while queue:
            row = queue.pop()
            part[row] = edges[row]
            for neighbour in sorted(set().union(*(back[other] for other in edges[row])) - seen):
                seen.add(neighbour)
                queue.append(neighbour)
        parts.append(part)
    return parts


def without(edges: Edges, pairs: list[tuple[int, int]]) -> Edges:
    """The graph without the rows of these pairs, and without rows that have no edge left."""
    rows, others = {row for row, _ in pairs}, {other for _, other in pairs}
    return {row: more - others for row, more in edges.items() if row not in rows and more - others}


def only_assignment(edges: Edges) -> list[tuple[int, int]]:
    """The pairs of the only perfect matching, or nothing: a graph has one exactly if taking rows of a single edge consumes it."""
    others = set().union(*edges.values())
    if len(others) != len(edges):
        return []
    left = {row: set(more) for row, more in edges.items()}
    pairs: list[tuple[int, int]] = []
    while left:
        forced = next(((row, next(iter(more))) for row, more in sorted(left.items()) if len(more) == 1), None) or _forced_right(left)
        if forced is None:
            return []
        pairs.append(forced)
        left.pop(forced[0])
        for more in left.values():
            more.discard(forced[1])
        if any(not more for more in left.values()):
            return []
    return sorted(pairs)


def _forced_right(left: Edges) -> tuple[int, int] | None:
    fans: Edges = defaultdict(set)
    for row, more in left.items():
        for other in more:
            fans[other].add(row)
    return next(((next(iter(rows)), other) for other, rows in sorted(fans.items()) if len(rows) == 1), None)
