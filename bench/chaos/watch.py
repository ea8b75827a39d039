"""What the pipeline's state is, asked of Kafka: how far the journal has grown, what is still under way, who is in the group."""

from collections.abc import Callable

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from journal.settings import Settings
from journal.topics import CLOCK, INPUTS, JOURNAL

POSTER_GROUP = "hms-ach.poster"
SINK_GROUP = "hms-sink-clickhouse-hms"
_TIMEOUT_S = 5.0
Ends = dict[tuple[str, int], int]


class Watch:
    """Asks; answers nothing (None, False) while Kafka is away."""

    def __init__(self, settings: Settings) -> None:
        self._partitions = range(settings.partitions)
        options = {**settings.kafka(), "log_level": 0}
        self._poster = Consumer({**options, "group.id": POSTER_GROUP})
        self._sink = Consumer({**options, "group.id": SINK_GROUP})
        self._options = options
        self._admin = AdminClient(options)

    def close(self) -> None:
        """Let go."""
        self._poster.close()
        self._sink.close()

    def ends(self, *topics: str) -> Ends | None:
        """The offset behind the last message of each partition."""
        try:
            return {
                (t, p): self._poster.get_watermark_offsets(TopicPartition(t, p), _TIMEOUT_S)[1] for t in topics for p in self._partitions
            }
        except KafkaException:
            return None

    def grown(self, topic: str = JOURNAL) -> Callable[[], bool]:
        """A condition: every partition of the topic has grown from what it is now; for a public topic any of them."""
        before = self.ends(topic)
        enough = all if topic == JOURNAL else any

        def has_grown() -> bool:
            nonlocal before
            now = self.ends(topic)
            if before is None:
                before = now
            return now is not None and before is not None and enough(now[place] > end for place, end in before.items())

        return has_grown

    def posted(self, *, clock: bool) -> bool:
        """Whether everything that came in is journalled and published. Ticks with nothing due leave no trace: `clock` says whether
        they count."""
        return self._reached(self._poster, tuple(topic for topic in (*INPUTS, JOURNAL) if clock or topic not in {CLOCK, JOURNAL}))

    def stored(self) -> bool:
        """Whether the sink has all of the journal."""
        return self._reached(self._sink, (JOURNAL,))

    def lag(self) -> dict[str, int]:
        """What is still under way, by topic, for people."""
        ends, found = self.ends(*INPUTS, JOURNAL) or {}, dict.fromkeys((*INPUTS, JOURNAL), 0)
        for place, position in (self._committed(self._poster, list(ends)) or {}).items():
            found[place[0]] += ends[place] - max(position, 0)
        return found

    def joined(self, name: str) -> Callable[[], bool]:
        """A condition: Kafka counts this worker among the group's."""

        def is_member() -> bool:
            members = self._members()
            return members is not None and name[1:] in members

        return is_member

    def sharing(self, name: str) -> Callable[[], bool]:
        """A condition: this worker has partitions of its own, so the others have given them up."""

        def has_some() -> bool:
            members = self._members()
            return members is not None and members.get(name[1:], 0) > 0

        return has_some

    def expelled(self, name: str) -> Callable[[], bool]:
        """A condition: Kafka takes this worker for dead, and others for alive."""

        def is_gone() -> bool:
            members = self._members()
            return members is not None and bool(members) and name[1:] not in members

        return is_gone

    def _members(self) -> dict[str, int] | None:
        """How many partitions each worker of the group has, by its index; None when Kafka does not answer."""
        try:
            group = self._admin.describe_consumer_groups([POSTER_GROUP], request_timeout=_TIMEOUT_S)[POSTER_GROUP].result(_TIMEOUT_S)
        except (KafkaException, TimeoutError):
            self._admin = AdminClient(self._options)  # after a restart of the broker the old one can wait for ever (librdkafka 5511)
            return None
        return {str(member.group_instance_id).rpartition(".")[2]: len(member.assignment.topic_partitions) for member in group.members}

    def _reached(self, consumer: Consumer, topics: tuple[str, ...]) -> bool:
        ends = self.ends(*topics)
        committed = self._committed(consumer, list(ends)) if ends is not None else None
        return ends is not None and committed is not None and all(committed[place] >= end or end == 0 for place, end in ends.items())

    def _committed(self, consumer: Consumer, places: list[tuple[str, int]]) -> Ends | None:
        try:
            found = consumer.committed([TopicPartition(*place) for place in places], _TIMEOUT_S)
        except KafkaException:
            return None
        return {(one.topic, one.partition): one.offset for one in found}
