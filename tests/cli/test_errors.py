"""Every error a person can meet is one sentence."""

from pathlib import Path

import pytest
from confluent_kafka import KafkaError, KafkaException

from cli.errors import UserError, sentence_for


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (UserError("Our own words."), "Our own words."),
        (KafkaException(KafkaError(KafkaError.NETWORK_EXCEPTION, "Gone.")), "Kafka: Gone."),
        (
            KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED, "Authorization failed.")),
            "Kafka: Authorization failed. This user has no grant for it; `hms-ach topics acl` prints what each party needs.",
        ),
        (KeyError("x"), "Unexpected KeyError: 'x'. Run again with --verbose before the command to keep the details."),
    ],
)
def test_known_causes_have_their_own_words(error: Exception, sentence: str) -> None:
    assert sentence_for(error) == sentence


def test_a_full_disk_is_named() -> None:
    with pytest.raises(OSError, match="No space") as full, Path("/dev/full").open("w") as file:
        file.write("x" * 100_000)
    assert sentence_for(full.value).startswith("No disk space is left for the data folder; free some")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as absent:
        (tmp_path / "absent").read_text()
    assert sentence_for(absent.value) == f"{tmp_path}/absent: No such file or directory."
