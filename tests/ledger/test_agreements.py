"""Consents and mandates. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## consent is given, repeated, withdrawn
when        | event            | effects           | after
03-02 10:00 | consent sms yes  | consent sms yes   |
03-02 10:01 | consent sms yes  | refused DUPLICATE |
03-02 10:02 | consent sms no   | consent sms no    |
03-02 10:03 | consent sms no   | refused DUPLICATE |
03-02 10:04 | consent email no | consent email no  |

## the patient is told by the channels consented to alone
when        | event                 | effects                             | after
03-02 10:00 | consent sms yes       | consent sms yes                     |
03-02 10:01 | consent email yes     | consent email yes                   |
03-02 10:02 | disbursement T1 10.00 | disbursement T1 10.00               | T1 approved
            |                       | T1 approved by table@1              | transit 10.00
            |                       | Dr payable Cr transit 10.00         |
            |                       | credit entry 1 CCD 'DISBURSE' 10.00 |
            |                       | sms approved                        |
            |                       | email approved                      |
03-02 10:03 | consent sms no        | consent sms no                      |
03-02 10:04 | disbursement T2 10.00 | disbursement T2 10.00               | T1 approved
            |                       | T2 approved by table@1              | T2 approved
            |                       | Dr payable Cr transit 10.00         | transit 20.00
            |                       | credit entry 1 CCD 'DISBURSE' 10.00 |
            |                       | email approved                      |
03-02 10:05 | consent email no      | consent email no                    |
03-02 10:06 | disbursement T3 10.00 | disbursement T3 10.00               | T1 approved
            |                       | T3 approved by table@1              | T2 approved
            |                       | Dr payable Cr transit 10.00         | T3 approved
            |                       | credit entry 1 CCD 'DISBURSE' 10.00 | transit 30.00

## a mandate is granted once and revoked once
when        | event      | effects                 | after
03-02 10:00 | mandate M1 | mandate M1              |
03-02 10:01 | mandate M1 | refused DUPLICATE       |
03-02 10:02 | revoke M1  | mandate M1 revoked      |
03-02 10:03 | revoke M1  | refused DUPLICATE       |
03-02 10:04 | mandate M1 | refused MANDATE_REVOKED |
03-02 10:05 | mandate M2 | mandate M2              |
03-02 10:06 | revoke M9  | refused UNKNOWN_MANDATE |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
