"""docs/explorers.md: every feature has an explorer and a test that is there."""

import re
from pathlib import Path

import pytest

from benchmarks.explorers import MOVED, rows
from course import explorers

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "explorers.md").read_text(encoding="utf-8")


def test_there_are_28_features():
    assert list(rows()) == list(range(1, 29))


@pytest.mark.parametrize("row", range(1, 29))
def test_each_feature_has_a_test_that_is_there(row):
    assert rows()[row]
    for named in rows()[row]:
        file, test = named.split("::")
        assert re.search(rf"^def {test}\(", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE), named


@pytest.mark.parametrize("name", explorers.__all__)
def test_each_explorer_is_on_the_page_and_in_the_benchmark(name):
    assert f"| `{name}` |" in PAGE
    settings, _ = MOVED[name]
    assert eval(f"explorers.{name}({settings})").what
