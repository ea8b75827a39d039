"""Every effect has its place, and every field of it a column."""

import typing

import msgspec
import pytest

from ledger.effects import AnyEffect, ChargeWaived, Effect, RemittanceAdvised
from sinks.clickhouse.layout import COMMON, Const, Field, Made, Table
from sinks.clickhouse.tables import LEFT_OUT, TABLES

TURNED_ROUND = {(ChargeWaived, "waived_cents")}
"""fields whose column has another name and the other sign"""
TOLD_WHOLE = {RemittanceAdvised: "event"}
"""effects whose other fields stand in one column, as JSON"""
KINDS: tuple[type[Effect], ...] = typing.get_args(AnyEffect)


def homes(kind: type[Effect]) -> list[Table]:
    return [table for table in TABLES if kind in table.kinds]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_effect_lands_in_exactly_one_place(kind: type[Effect]) -> None:
    assert len(homes(kind)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_an_effect_has_a_column(kind: type[Effect]) -> None:
    (table,) = homes(kind)
    given = table.kinds[kind]
    taken = {source.name for source in given.values() if isinstance(source, Field)}
    taken |= {name for name, source in given.items() if isinstance(source, Made)}
    taken |= {name for effect, name in TURNED_ROUND if effect is kind}
    taken |= {column.name for column in table.columns if column.name not in given}
    fields = {field.name for field in msgspec.structs.fields(kind)}
    if kind in TOLD_WHOLE:
        assert TOLD_WHOLE[kind] in given
        fields = set()
    assert fields - taken == {name for effect, name in LEFT_OUT if effect is kind}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_is_said_of_a_column_is_said_of_one_that_exists(table: Table) -> None:
    names = [column.name for column in (*COMMON, *table.columns)]
    assert len(set(names)) == len(names)
    for kind, sources in table.kinds.items():
        fields = {field.name for field in msgspec.structs.fields(kind)}
        assert set(sources) <= {column.name for column in table.columns}
        assert all(source.name in fields for source in sources.values() if isinstance(source, Field))


def test_a_table_of_several_kinds_tells_them_apart() -> None:
    for table in TABLES:
        if len(table.kinds) > 1:
            words = [sources["kind"] for sources in table.kinds.values()]
            assert all(isinstance(word, Const) for word in words)
            assert len(set(words)) == len(words)
