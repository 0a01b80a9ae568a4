"""SECURITY.md names the test of each promise: the test is there, under that name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(test_[a-z0-9_]+)`", TEXT)))
FILES = sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", TEXT)))
KNOWN = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.M)
}


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_is_there(name):
    assert name in KNOWN


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_named_is_there(file):
    assert (ROOT / file).is_file()


def test_no_promise_stands_without_its_test():
    """Each line of a table names a test, a file of tests or a command of ``tests.faults``."""
    commands = {file.stem for file in (ROOT / "tests/faults").glob("*.py")}
    for line in TEXT.splitlines():
        if not line.startswith("| ") or line.startswith(("| Promise", "| Tried")):
            continue
        last = line.rstrip(" |").rpartition("|")[2]
        told = re.findall(r"`([\w/.]+)`", last)
        shown = [t for t in told if t.startswith(("test", "tests/")) or t in commands]
        assert shown or re.search(r"the same", last), line


def test_enough_is_named_for_this_to_mean_anything():
    assert len(NAMED) > 40
    assert len(FILES) > 25
