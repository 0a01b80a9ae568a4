"""Whether a room that stands empty may be sold: of its type one must be left, or somebody who is booked
finds none."""

from datetime import date

from pms.core.i18n import _
from pms.core.office import Office
from pms.services.reservations import left
from pms.ui.kit.left import left_words


def none_left(
    office: Office,
    type_id: int,
    type_name: str,
    *,
    arrival: date,
    departure: date,
    first: date | None = None,
    line_id: int = 0,
) -> tuple[str, str]:
    """Say in words and tone that none of a type is left from ``first`` on; empty where one is."""
    [found] = office.ask(
        left.left, type_ids=[type_id], arrival=arrival, departure=departure, first=first, line_id=line_id
    )
    if found.free is None or found.free > 0:
        return "", ""
    words, tone = left_words(found.free, found.more, 1)
    return _("%(type)s: %(left)s") % {"type": _(type_name), "left": words}, tone
