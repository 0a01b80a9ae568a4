"""Every right in the words of Settings, in groups."""

from pms.core.duty import right_words
from pms.duties import DUTIES

Group = tuple[str, tuple[tuple[str, str], ...]]


def rights() -> list[Group]:
    """Return the rights of this release by group, as their duties name them."""
    return [(group, tuple(pairs)) for group, pairs in right_words(DUTIES).items() if pairs]
