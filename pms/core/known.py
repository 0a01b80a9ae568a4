"""Say that a value is there where an earlier question has settled it and the types cannot see that."""

from typing import TypeVar

T = TypeVar("T")


def known(value: T | None) -> T:
    """Return the value; that it is missing is a defect."""
    assert value is not None
    return value
