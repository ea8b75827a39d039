"""Arrays that go out as one message: none lost, none twice, in order, and no message too large."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.joint import MESSAGE_BYTES_MAX, Joint
from streams.engine.machine import Output

ARRAYS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([b"H1", b"H2"]), st.lists(st.integers(), min_size=1)))


@given(ARRAYS)
def test_what_goes_in_comes_out_once_and_in_order(arrays: list[tuple[str, bytes, list[int]]]) -> None:
    joint = Joint()
    wanted: dict[tuple[str, bytes], list[int]] = {}
    for topic, key, values in arrays:
        joint.add(Output(topic, key, msgspec.json.encode(values), joins=True))
        wanted.setdefault((topic, key), []).extend(values)
    found = {(output.topic, output.key): msgspec.json.decode(output.value) for output in joint.take_all()}
    assert found == wanted
    assert [*joint.take_all()] == []


def test_one_topic_is_taken_without_the_others() -> None:
    joint = Joint()
    joint.add(Output("a", b"H1", b"[1]", joins=True))
    joint.add(Output("b", b"H1", b"[2]", joins=True))
    assert [*joint.take("a")] == [Output("a", b"H1", b"[1]")]
    assert "a" not in joint
    assert [*joint.take_all()] == [Output("b", b"H1", b"[2]")]


def test_a_message_stays_below_its_limit_unless_one_array_is_larger() -> None:
    joint = Joint()
    half = b'["%b"]' % (b"x" * (MESSAGE_BYTES_MAX // 2))
    large = b'["%b"]' % (b"x" * MESSAGE_BYTES_MAX)
    for value in (b"[1]", half, half, large, b"[2]"):
        joint.add(Output("a", b"H1", value, joins=True))
    sizes = [len(output.value) for output in joint.take_all()]
    assert sizes == [len(half) + len(b"1,"), len(half), len(large), len(b"[2]")]
