"""Words that a caller names a thing by: one that is not known is a sentence."""

from collections.abc import Iterable
from enum import Enum
from typing import TypeVar

from pms.core.errors import Refused
from pms.core.i18n import _

Named = TypeVar("Named", bound=Enum)


def each(kind: type[Named], words: Iterable[str]) -> list[Named]:
    """Return what the words name; refuses one that names nothing."""
    known = {str(one.value): one for one in kind}
    if unknown := [word for word in words if word not in known]:
        raise Refused(
            _("“%(word)s” is not known here. Choose from the list on the page.") % {"word": unknown[0]}
        )
    return [known[word] for word in words]
