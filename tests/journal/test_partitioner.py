"""The partitioner agrees with Java's client, by its published vectors; with librdkafka in `tests.live.test_topics`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.partitioner import murmur2, partition_of

# org.apache.kafka.common.utils.UtilsTest, testMurmur2; signed there
VECTORS = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


@pytest.mark.parametrize("key", VECTORS)
def test_javas_vectors(key: bytes) -> None:
    assert murmur2(key) == VECTORS[key] & 0xFFFFFFFF


@given(st.binary(max_size=40), st.integers(1, 64))
def test_a_partition_is_one_of_those_there_are(key: bytes, count: int) -> None:
    assert 0 <= partition_of(key, count) < count
