"""The command line as a person meets it: help at once, one sentence for an error, JSON for programs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`hms-ach` with a data folder of its own and no other settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HMS_")}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words],
        env={**clean, "HMS_DATA_DIR": str(folder), "HMS_KAFKA_PORT": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_command_and_loads_nothing_heavy(tmp_path: Path) -> None:
    shown = run(tmp_path, "--help")
    assert shown.returncode == 0
    assert all(command in shown.stdout for command in ("up", "demo", "status", "doctor", "topics"))
    program = "import sys, cli.main; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"confluent_kafka", "pydantic", "faust", "fastapi", "chdb", "clickhouse_connect", "jgo", "requests"} & set(loaded)


@pytest.mark.parametrize(
    ("words", "environment", "sentence"),
    [
        (("status",), {"HMS_WORKRES": "3"}, "There is no setting HMS_WORKRES; `hms-ach doctor --settings` lists those there are."),
        (("up",), {"HMS_WORKERS": "0"}, "Bad setting: HMS_WORKERS: Input should be greater than or equal to 1."),
        (
            ("up",),
            {"HMS_API_HOST": "0.0.0.0", "HMS_AUTH": "off"},
            "Bad setting: api_host 0.0.0.0: with auth off callers are not authenticated",
        ),
        (("up",), {"HMS_KAFKA_OPTIONS": "tls"}, 'Bad setting: error parsing value for field "kafka_options"'),
        (("up",), {"HMS_JAVA_HOME": "/nowhere"}, "HMS_JAVA_HOME=/nowhere holds no bin/java; install Java 17 or newer"),
        (("topics", "check"), {"HMS_KAFKA_BOOTSTRAP": "127.0.0.1:9"}, "Kafka at 127.0.0.1:9 does not answer; `hms-ach up` starts one"),
    ],
)
def test_an_error_is_one_sentence_and_exit_code_1(
    tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], sentence: str
) -> None:
    failed = run(tmp_path, *words, **environment)
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert failed.stderr.startswith(sentence)
    assert failed.stderr.count("\n") == 1


def test_verbose_keeps_the_traceback_in_a_log(tmp_path: Path) -> None:
    failed = run(tmp_path, "--verbose", "up", HMS_JAVA_HOME="/nowhere")
    assert failed.stderr.endswith(f"The traceback is in {tmp_path}/logs/cli.log.\n")
    assert "Traceback" not in failed.stderr
    assert "Traceback" in (tmp_path / "logs" / "cli.log").read_text()


def test_status_of_nothing_says_so_and_fails(tmp_path: Path) -> None:
    assert run(tmp_path, "status").stderr == f"Nothing runs on {tmp_path}; `hms-ach up` starts it.\n"
    answer = run(tmp_path, "status", "--json")
    assert answer.returncode == 1
    assert json.loads(answer.stdout) == {"running": False, "ready": False, "stack": None}


def test_doctor_finds_this_machine_fit_and_says_what_is_not(tmp_path: Path) -> None:
    well = run(tmp_path, "doctor", "--json")
    assert well.returncode == 0, well.stdout
    subjects = [finding["subject"] for finding in json.loads(well.stdout)]
    assert subjects == ["Python", "Java", "Kafka's jars", "disk", "memory", "data folder", "Kafka port", "API port"]
    ill = run(tmp_path, "doctor", HMS_JAVA_HOME="/nowhere")
    assert ill.returncode == 1
    assert "BAD  Java         none → HMS_JAVA_HOME=/nowhere holds no bin/java" in ill.stdout


def test_doctor_lists_every_setting(tmp_path: Path) -> None:
    listed = json.loads(run(tmp_path, "doctor", "--settings", "--json", HMS_WORKERS="3").stdout)
    assert listed["HMS_WORKERS"] == 3
    assert listed["HMS_DATA_DIR"] == str(tmp_path)
