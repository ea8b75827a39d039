"""Who may do what on the cluster: every topic has its writers and readers, and nobody outside sees more than is theirs."""

import ast
from pathlib import Path

from journal import grants, topics

GRANTS = grants.grants()
OURS = {"worker", "windows", "sink", "api", "rail", "webhooks", "notifications", "operator"}


def parties(topic: str, operation: str) -> set[str]:
    return {grant.party for grant in GRANTS if grant.resource == "topic" and grant.name == topic and operation in grant.operations}


def test_every_party_is_described_and_every_topic_exists() -> None:
    assert {grant.party for grant in GRANTS} == set(grants.PARTIES)
    assert {grant.name for grant in GRANTS if grant.resource == "topic"} - {"*"} == {spec.name for spec in topics.specs()}


def test_who_writes_what() -> None:
    assert parties(topics.PAYMENTS, "Write") == {"credit", "api"}
    assert parties(topics.SETTLEMENTS, "Write") == {"bank", "rail"}
    assert parties(topics.JOURNAL, "Write") == {"worker"}
    assert parties(topics.OPERATIONS, "Write") == {"api", "windows"}
    assert all(parties(topic, "Write") == {"worker"} for topic in topics.PUBLIC if topic != topics.ALERTS)
    assert parties(topics.ALERTS, "Write") == {"worker", "rail"}
    assert parties(topics.CLOCK, "Write") == {"worker", "api", "rail"}
    assert parties(topics.DEAD_LETTERS, "Write") == {"worker", "rail"}
    assert parties(topics.WEBHOOK_DELIVERIES, "Write") == {"webhooks", "api"}
    assert parties(topics.NOTIFICATION_DELIVERIES, "Write") == {"notifications"}


def test_who_may_read_a_patients_key_and_who_may_make_or_destroy_one() -> None:
    assert parties(topics.SUBJECT_KEYS, "Read") == {"api", "rail", "notifications"}
    assert parties(topics.SUBJECT_KEYS, "Write") == {"api", "rail"}


def test_the_rail_may_use_every_topic_that_it_names() -> None:
    named = {
        getattr(topics, alias.name)
        for file in (Path(__file__).parents[2] / "sinks/ach").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "journal.topics"
        for alias in node.names
    }
    granted = {grant.name for grant in GRANTS if grant.party == "rail" and grant.resource == "topic"}
    assert granted == named | {topics.SUBJECT_KEYS, topics.HOUSE_KEYS}


def test_parties_outside_have_their_own_topics_and_no_others() -> None:
    for party, written, read in (
        ("credit", {topics.PAYMENTS}, {topics.DECISIONS}),
        ("bank", {topics.SETTLEMENTS}, {topics.ENTRIES}),
        ("risk", set(), {topics.ALERTS}),
        ("finance", set(), {topics.EXCEPTIONS}),
    ):
        own = [grant for grant in GRANTS if grant.party == party and grant.resource == "topic"]
        assert {grant.name for grant in own if "Write" in grant.operations} == written
        assert {grant.name for grant in own if "Read" in grant.operations} == read
        groups = [grant for grant in GRANTS if grant.party == party and grant.resource == "group"]
        assert [(grant.name, grant.prefixed) for grant in groups] == [(f"{party}-", True)]
    assert set(grants.PARTIES) - OURS == {"credit", "bank", "risk", "finance"}


def test_a_line_for_each_grant() -> None:
    lines = list(grants.commands([grant for grant in GRANTS if grant.party == "risk"], "User:CN="))
    assert lines == [
        "--add --allow-principal User:CN=risk --operation Read --operation Describe --topic 'risk.alerts.v1'",
        "--add --allow-principal User:CN=risk --operation Read --operation Describe --group 'risk-' --resource-pattern-type prefixed",
    ]
