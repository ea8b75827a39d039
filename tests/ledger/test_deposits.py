"""Money that came in without a payment of ours. The tables are read as `tests.ledger.table` says."""

import pytest

from tests.ledger.table import Story, check, stories

TABLE = """
## a deposit pays what it names
when        | event                                    | effects                         | after
03-02 10:00 | plan PL1 B1=250.00@04-01 B2=250.00@05-01 | owes B1 250.00                  | B1 250.00
            |                                          | Dr receivable Cr payable 250.00 | B2 250.00
            |                                          | owes B2 250.00                  |
            |                                          | Dr receivable Cr payable 250.00 |
03-03 10:00 | deposit D1 250.00 on 03-03 for B2        | deposit D1 250.00               | B1 250.00
            |                                          | D1 pays B2 250.00 by id         | B2 0.00
            |                                          | Dr cash Cr receivable 250.00    |
03-03 10:01 | deposit D1 250.00 on 03-03 for B2        | refused DUPLICATE               |
03-03 10:02 | deposit D1 251.00 on 03-03 for B2        | refused CONTENT_CONFLICT        |
            |                                          | alert id_conflict medium        |
03-03 10:03 | deposit D1 250.00 on 03-03 ref INV-9     | refused CONTENT_CONFLICT        |

## a deposit by reference, with more than is owed
when        | event                                 | effects                            | after
03-02 10:00 | balance B1 100.00 due 04-01 ref INV-1 | owes B1 100.00                     | B1 100.00
            |                                       | Dr receivable Cr payable 100.00    |
03-03 10:00 | deposit D1 130.00 on 03-03 ref INV-1  | deposit D1 130.00                  | B1 0.00
            |                                       | D1 pays B1 100.00 by named_first   | suspense 30.00
            |                                       | Dr cash Cr receivable 100.00       |
            |                                       | suspense +30.00                    |
            |                                       | Dr cash Cr suspense 30.00          |
            |                                       | exception D1/OVERPAID medium 30.00 |

## a deposit for an account that owes nothing
when        | event                      | effects                                    | after
03-03 10:00 | deposit D1 130.00 on 03-03 | deposit D1 130.00                          | suspense 130.00
            |                            | suspense +130.00                           |
            |                            | Dr cash Cr suspense 130.00                 |
            |                            | exception D1/UNKNOWN_ACCOUNT medium 130.00 |

## the same entry of the bank under another id pays nothing until a person has looked
when        | event                                      | effects                                     | after
03-02 10:00 | balance B1 250.00 due 04-01                | owes B1 250.00                              | B1 250.00
            |                                            | Dr receivable Cr payable 250.00             |
03-03 10:00 | deposit D1 100.00 on 03-03 for B1 trace 77 | deposit D1 100.00                           | B1 150.00
            |                                            | D1 pays B1 100.00 by named_first            |
            |                                            | Dr cash Cr receivable 100.00                |
03-03 10:01 | deposit D2 100.00 on 03-03 for B1 trace 77 | deposit D2 100.00                           | B1 150.00
            |                                            | suspense +100.00                            | suspense 100.00
            |                                            | Dr cash Cr suspense 100.00                  |
            |                                            | exception D2/DUPLICATE_DEPOSIT high 100.00  |
03-03 10:02 | balance B2 100.00 due 04-01                | owes B2 100.00                              | B1 150.00
            |                                            | Dr receivable Cr payable 100.00             | B2 100.00
            |                                            |                                             | suspense 100.00
03-03 10:03 | deposit D3 50.00 on 03-03 for B1 trace 77  | deposit D3 50.00                            | B1 100.00
            |                                            | D3 pays B1 50.00 by named_first             | B2 100.00
            |                                            | Dr cash Cr receivable 50.00                 | suspense 100.00
03-03 10:04 | confirm D2 B1 by anna                      | anna confirmed D2                           | B1 0.00
            |                                            | suspense -100.00                            | B2 100.00
            |                                            | D2 pays B1 100.00 by person                 |
            |                                            | Dr suspense Cr receivable 100.00            |
            |                                            | closed D2/DUPLICATE_DEPOSIT matched by anna |

## what is no amount of dollars is no deposit
when        | event                           | effects                        | after
03-03 10:00 | deposit D1 0.00 on 03-03        | refused AMOUNT_NOT_POSITIVE    |
03-03 10:00 | deposit D1 5.00 on 03-03 in EUR | refused CURRENCY_NOT_SUPPORTED |
03-03 10:00 | deposit D1 5.00 on 2010-01-01   | refused IMPLAUSIBLE_TIME       |
"""
STORIES = stories(TABLE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(story: Story) -> None:
    check(story)
