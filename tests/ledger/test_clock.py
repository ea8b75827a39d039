"""Events that are early, late, or impossibly dated. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## an event may be five minutes ahead of the broker, not more
when        | event                           | effects             | after
03-02 10:05 | [03-02 10:00] consent sms yes   | consent sms yes     |
03-02 10:06 | [03-02 10:00] consent email yes | refused FUTURE_TIME |
03-02 10:06 | [03-02 10:00] tick              | refused FUTURE_TIME |

## an event may be late by days and even years, not by more than ten
when             | event                               | effects                  | after
03-02 10:00      | [03-05 10:00] consent sms yes       | consent sms yes          |
2016-03-06 10:00 | consent email yes                   | consent email yes        |
2016-03-02 10:00 | [03-02 10:00] consent analytics yes | refused IMPLAUSIBLE_TIME |

## a bank's date is within ten years
when        | event                                | effects                               | after
03-02 10:00 | repayment T1 100.00                  | repayment T1 100.00                   | T1 approved
            |                                      | T1 approved by table@1                |
            |                                      | debit entry 1 WEB 'PATIENTPAY' 100.00 |
03-02 10:01 | settled T1 100.00 on 2037-03-03      | refused IMPLAUSIBLE_TIME              |
03-02 10:02 | submitted T1 on 2037-03-03           | refused IMPLAUSIBLE_TIME              |
03-02 10:03 | returned T1 R01 100.00 on 2015-03-03 | refused IMPLAUSIBLE_TIME              |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
