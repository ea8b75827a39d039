"""Banks name their files as they like: what the rail reads of them."""

import pytest

from ach.writer import write
from sinks.ach.kinds import FileKind, kind_of
from tests.ach.samples import ppd

HEAD = write(ppd(1))[:128]
HEADS = {
    "a Nacha header": HEAD,
    "one behind a mark": b"\xef\xbb\xbf\r\n" + HEAD,
    "one cut short": HEAD[:38],
    "a number": b"1,2,3\n4,5,6\n",
    "nothing": b"",
}
FILES = """
name                  begins with        kind
returns.ach           nothing            NACHA
RETURNS.ACH           a number           NACHA
first.settled.csv     nothing            SETTLED
file.ach.1.ack.json   nothing            ACKNOWLEDGED
RET20261123.TXT       a Nacha header     NACHA
R1123                 one behind a mark  NACHA
R1123                 one cut short      -
list.csv              a number           -
returns.ach.pgp       nothing            -
"""


@pytest.mark.parametrize("row", FILES.strip().splitlines()[1:])
def test_the_kind_of_a_file(row: str) -> None:
    name, rest = row.split(maxsplit=1)
    begins, kind = rest.rsplit(maxsplit=1)
    assert kind_of(name, HEADS[begins.strip()]) == (FileKind[kind] if kind != "-" else None)
