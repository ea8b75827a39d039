import pytest

from journal.settings import Settings
from sinks.ach.config import ConfigError, load, parse

BANK = """
[banks.b]
destination = "091000019"
origin = "1234567890"
odfi = "09100001"
"""
HOSPITAL = """
[hospitals.H01]
bank = "b"
company_name = "HOSPITAL"
company_identification = "1234567890"
"""
WRONG = [
    (BANK.replace("091000019", "091000018") + HOSPITAL, "check digit"),
    (BANK + HOSPITAL.replace('"b"', '"c"'), "there is no bank c"),
    (BANK + HOSPITAL + 'colour = "red"', "colour"),
    (BANK + 'windows = ["SD9999"]' + HOSPITAL, "SD9999"),
    (BANK + "lines_max = 5" + HOSPITAL, "ten lines"),
    (BANK + BANK.replace("[banks.b]", "[banks.c]") + HOSPITAL, "trace numbers would repeat"),
    (BANK + HOSPITAL.replace('"HOSPITAL"', '" "'), "blank"),
    ("[banks", "end of a table"),
]


@pytest.mark.parametrize(("text", "why"), WRONG)
def test_what_contradicts_itself_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        parse(text)


def test_a_section_for_any_hospital_speaks_for_those_without_one() -> None:
    config = parse(BANK + HOSPITAL + HOSPITAL.replace("H01", '"*"').replace("HOSPITAL", "{hospital} GROUP"))
    assert [found.company_name for name in ("H01", "H02") if (found := config.originator(name))] == ["HOSPITAL", "H02 GROUP"]
    assert parse(BANK + HOSPITAL).originator("H02") is None


def test_only_the_sandbox_goes_without_a_configuration() -> None:
    assert load(Settings(ach_sandbox=True)).originator("H77") is not None
    with pytest.raises(ConfigError, match="HMS_ACH_CONFIG"):
        load(Settings())
