"""A producer that writes header names no UTF-8 library would: run as a process, `AIOKAFKA_NO_EXTENSIONS=1` in its environment."""

import asyncio
import sys

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]


class Odd(str):
    """A text whose bytes are not UTF-8."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """No character of any encoding asked for."""
        return b"\xff\xfe"


async def main(bootstrap: str, topic: str, partition: str, key: str, value: str) -> None:
    """Send one message and print its offset."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        sent = await producer.send_and_wait(topic, value.encode(), key.encode(), int(partition), headers=[(Odd("odd"), b"1")])
        sys.stdout.write(str(sent.offset))
    finally:
        await producer.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
