"""Every alert has its section in the runbook, and every command that the runbook names exists."""

import re
from pathlib import Path

import yaml
from typer.main import get_command

from cli.main import app

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs/runbook.md").read_text()
ALERTS = [
    rule["alert"] for group in yaml.safe_load((ROOT / "dashboards/prometheus/alerts.yml").read_text())["groups"] for rule in group["rules"]
]


def test_every_alert_has_a_section_and_no_section_is_of_an_alert_that_is_gone() -> None:
    sections = re.findall(r"^## ([A-Z][A-Za-z]+)$", RUNBOOK, re.MULTILINE)
    assert sections == ALERTS


def test_every_command_exists() -> None:
    named = set(re.findall(r"`hms-ach ([a-z-]+(?: [a-z-]+)?)", RUNBOOK))
    assert len(named) > 8
    for words in named:
        command = get_command(app)
        for word in words.split():
            commands = getattr(command, "commands", None)
            if commands is None:
                break
            assert word in commands, f"hms-ach {words}"
            command = commands[word]
