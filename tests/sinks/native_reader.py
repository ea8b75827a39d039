"""Reads Native blocks with clickhouse-connect's own reader, so that ours is checked by somebody else's code."""

from collections.abc import Iterator
from typing import Any

from clickhouse_connect.driver.ctypes import RespBuffCls
from clickhouse_connect.driver.query import QueryContext, QueryResult
from clickhouse_connect.driver.transform import NativeTransform


class _Source:
    def __init__(self, data: bytes) -> None:
        self.gen: Iterator[bytes] = iter([data])
        self.last_message = None

    def close(self, ex: Exception | None = None) -> None:
        """Nothing to close."""


def read(data: bytes | bytearray) -> list[dict[str, Any]]:
    """Rows of one block, as dicts."""
    result = NativeTransform.parse_response(RespBuffCls(_Source(bytes(data))), QueryContext(query="block"))  # type: ignore[no-untyped-call]
    assert isinstance(result, QueryResult)
    return [dict(zip(result.column_names, row, strict=True)) for row in result.result_rows]
