"""A buyer's tax number: the unified social credit code of GB 32100 with its check sign, or an older
number."""

import re

from pms.core import typed
from pms.core.errors import Refused
from pms.core.i18n import _

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The signs of a credit code in the order of their values: no I, O, S, V and Z."""
WHOLE = 18
_OLDER = re.compile(r"[0-9A-Z]{15,20}", re.ASCII)


def read(text: str) -> str:
    """Return a tax number as it is written, in half width and capitals; refuses one that cannot be right,
    nothing stays nothing."""
    number = "".join(typed.half_width(text).split()).replace("-", "").upper()
    if not number:
        return ""
    if not _OLDER.fullmatch(number):
        raise Refused(
            _("A tax number has 15 to 20 figures and letters; this one has %(n)s.") % {"n": len(number)}
        )
    if len(number) == WHOLE and not _adds_up(number):
        raise Refused(
            _("The check sign of the tax number %(number)s is wrong. Read it again.") % {"number": number}
        )
    return number


def _adds_up(number: str) -> bool:
    """Reckon the check sign: each sign by 3 to the power of its place, modulo 31."""
    if any(sign not in SIGNS for sign in number):
        return False
    weighed = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(number[:-1]))
    return SIGNS[-weighed % 31] == number[-1]
