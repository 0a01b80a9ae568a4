"""A phone number as members are known by it."""

from collections.abc import Iterable
from typing import Any

from pms.db.sealed import box_of


def marked(session: Any, phones: Iterable[str]) -> list[str]:
    """Return the words by which whole phone numbers are known."""
    box = box_of(session)
    return [marks[0] for phone in phones if (marks := box.phone_marks(phone))]
