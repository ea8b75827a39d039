"""Lines of keys in TOML."""

from rules.lines import line_index

TEXT = '''\
title = "x"
[book]
name = "a"
[[rule]]  # first
name = "b"
when = """
name = "not a key"
[[rule]]
"""
events = [
  "x",
]
[[ rule ]]
"quoted" = \'\'\'one line\'\'\'
name = 1
'''


def test_keys_are_found_by_table_and_number_and_texts_are_skipped() -> None:
    index = line_index(TEXT)
    assert index["", 0, "title"] == 1
    assert index["book", 0, "name"] == 3
    assert index["rule", 0, ""] == 4
    assert index["rule", 0, "when"] == 6
    assert index["rule", 0, "events"] == 10
    assert index["rule", 1, ""] == 13
    assert index["rule", 1, "quoted"] == 14
    assert index["rule", 1, "name"] == 15
    assert ("rule", 2, "") not in index
