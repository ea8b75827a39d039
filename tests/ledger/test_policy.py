"""Rule books come into force, shadows run beside them. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a rule book comes into force for what follows
when        | event                   | effects                                 | after
03-02 10:00 | disbursement T1 100.00  | disbursement T1 100.00                  | T1 approved
            |                         | T1 approved by table@1                  | transit 100.00
            |                         | Dr payable Cr transit 100.00            |
            |                         | credit entry 1 CCD 'DISBURSE' 100.00    |
03-02 10:01 | policy 2 STRICT by anna | policy table@2                          |
03-02 10:02 | disbursement T2 100.00  | disbursement T2 100.00                  | T1 approved
            |                         | T2 held by table@2                      | T2 held
            |                         | exception T2/PAYMENT_HELD medium 100.00 | transit 100.00
03-02 10:03 | policy 2 STRICT by anna | refused POLICY_IN_FORCE                 |
03-02 10:04 | policy 3 BROKEN by anna | refused POLICY_INVALID                  |
03-02 10:05 | disbursement T3 50.00   | disbursement T3 50.00                   | T1 approved
            |                         | T3 approved by table@2                  | T2 held
            |                         | Dr payable Cr transit 50.00             | T3 approved
            |                         | credit entry 1 CCD 'DISBURSE' 50.00     | transit 150.00
03-02 10:06 | policy 1 FIRST by anna  | policy table@1                          |
03-02 10:07 | disbursement T4 100.00  | disbursement T4 100.00                  | T1 approved
            |                         | T4 approved by table@1                  | T2 held
            |                         | Dr payable Cr transit 100.00            | T3 approved
            |                         | credit entry 1 CCD 'DISBURSE' 100.00    | T4 approved
            |                         |                                         | transit 250.00

## a version names one text for ever
when        | event                   | effects                      | after
03-02 10:00 | policy 2 STRICT by anna | policy table@2               |
03-02 10:01 | policy 1 FIRST by anna  | policy table@1               |
03-02 10:02 | policy 2 OTHER by bert  | refused POLICY_VERSION_TAKEN |
03-02 10:03 | shadow OTHER by bert    | refused POLICY_VERSION_TAKEN |
03-02 10:04 | policy 2 STRICT by anna | policy table@2               |

## a shadow decides beside the book in force and changes nothing
when        | event                  | effects                                      | after
03-02 10:00 | shadow STRICT by anna  | shadow table@2                               |
03-02 10:01 | disbursement T1 100.00 | disbursement T1 100.00                       | T1 approved
            |                        | T1 approved by table@1                       | transit 100.00
            |                        | Dr payable Cr transit 100.00                 |
            |                        | credit entry 1 CCD 'DISBURSE' 100.00         |
            |                        | shadow table@2: T1 review instead of approve |
03-02 10:02 | disbursement T2 10.00  | disbursement T2 10.00                        | T1 approved
            |                        | T2 approved by table@1                       | T2 approved
            |                        | Dr payable Cr transit 10.00                  | transit 110.00
            |                        | credit entry 1 CCD 'DISBURSE' 10.00          |
03-02 10:03 | shadow STRICT by anna  | refused DUPLICATE                            |
03-02 10:04 | shadow BROKEN by anna  | refused POLICY_INVALID                       |
03-02 10:05 | shadow FIRST by anna   | refused POLICY_IN_FORCE                      |
03-02 10:06 | shadow off by anna     | shadow off                                   |
03-02 10:07 | disbursement T3 100.00 | disbursement T3 100.00                       | T1 approved
            |                        | T3 approved by table@1                       | T2 approved
            |                        | Dr payable Cr transit 100.00                 | T3 approved
            |                        | credit entry 1 CCD 'DISBURSE' 100.00         | transit 210.00
03-02 10:08 | shadow off by anna     | refused DUPLICATE                            |

## a shadow that comes into force ends as a shadow
when        | event                   | effects                                 | after
03-02 10:00 | shadow STRICT by anna   | shadow table@2                          |
03-02 10:01 | policy 2 STRICT by anna | policy table@2                          |
            |                         | shadow off                              |
03-02 10:02 | disbursement T1 100.00  | disbursement T1 100.00                  | T1 held
            |                         | T1 held by table@2                      |
            |                         | exception T1/PAYMENT_HELD medium 100.00 |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
