"""What proves an electronic payment: its transaction number, and what is scanned and is no such number."""

import re

from pms.core import typed
from pms.core.errors import Refused
from pms.core.i18n import N_, _

NONE, ASKED, NEEDED = "none", "asked", "needed"
"""Whether a kind of payment bears a number: never, where the clerk has one, or always."""
SAME_WAY, AS_CASH, NOT_BACK = "same", "cash", "not"
"""How money that came by a kind goes back: by it, in cash with authority, or not at all."""
TRADE, SLIP, FREE = "trade", "slip", "free"
"""Shapes of a number: a wallet's order or transaction, a card terminal's reference, whatever is printed."""

_SHAPES = {
    TRADE: re.compile(r"[0-9A-Z][0-9A-Z_\-|*@]{5,63}"),
    SLIP: re.compile(r"[0-9A-Z]{6,32}"),
    FREE: re.compile(r"\S(?:.{0,62}\S)?"),
}
_WRONG = {
    TRADE: N_(
        "“%(number)s” is no transaction number: it has 6 to 64 figures or letters, as the payer's phone "
        "shows it."
    ),
    SLIP: N_("“%(number)s” is no reference: the terminal's slip shows 6 to 32 figures."),
    FREE: N_("“%(number)s” is too long: at most 64 characters."),
}
_PAY_CODE = re.compile(r"1[0-5]\d{16}|(?:2[5-9]|30)\d{14,22}|62\d{17}")
"""What a payer's phone shows to be scanned: WeChat's, Alipay's, UnionPay's. It is used up within a minute and
names no payment."""


def number(given: str, shape: str) -> str:
    """Return a transaction number as it is kept; refuses what is none."""
    found = typed.code(given) if shape == FREE else "".join(typed.code(given).split())
    if not found:
        return ""
    if shape == TRADE and _PAY_CODE.fullmatch(found) and not _is_dated(found):
        raise Refused(
            _(
                "This is the code on the payer's phone, not the transaction number. Type the number that "
                "stands on the receipt or in the payment's details."
            )
        )
    if not _SHAPES[shape].fullmatch(found):
        raise Refused(_(_WRONG[shape]) % {"number": found[:20]})
    return found


def _is_dated(found: str) -> bool:
    """Say whether a number begins with a day: an order of a wallet that was made on it (2026 09 05…)."""
    return bool(re.match(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", found))
