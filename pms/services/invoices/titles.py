"""The code in which a buyer carries the words for an invoice: name, tax number, address, bank.

``$01`` + Base64 of ``name</>tax number</>address|phone</>bank|account</>check`` + ``$``; the check is
CRC-16 (0x8005) over
the GBK bytes up to and with the last ``</>``. The rule text knows neither Base64 nor bars: both forms are
read.
"""

import base64
import binascii
from dataclasses import dataclass

from pms.core.errors import Refused
from pms.core.i18n import _

BETWEEN, BEGIN, END = "</>", "$01", "$"
_POLYNOMIAL, _TOP = 0x8005, 0x8000


@dataclass(frozen=True)
class Title:
    """What a code says; ``whole``: its check is right."""

    name: str
    tax_number: str = ""
    address: str = ""
    bank: str = ""
    whole: bool = True


def is_code(text: str) -> bool:
    """Say whether a scanned text is such a code."""
    return text.strip().startswith(BEGIN)


def read(text: str) -> Title:
    """Return what a code says; refuses what cannot be read."""
    body = text.strip()
    if not is_code(body):
        raise Refused(_("This is no invoice title code. Type the buyer's name and tax number."))
    body = body[len(BEGIN) :].removesuffix(END)
    told = body if BETWEEN in body else _decoded(body)
    parts = told.split(BETWEEN)
    if len(parts) < 3 or not parts[0].strip():
        raise Refused(_("The invoice title code is cut off. Scan it again, or type the buyer's name."))
    name, number, *rest = (part.strip() for part in parts)
    check = rest.pop() if rest else ""
    address, bank = (_one(part) for part in (*rest, "", "")[:2])
    covered = told[: told.rindex(BETWEEN) + len(BETWEEN)].encode("gbk", "replace")
    return Title(name, number, address, bank, check.upper() == f"{check_of(covered):04X}")


def _decoded(body: str) -> str:
    try:
        return base64.b64decode(body, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refused(
            _("The invoice title code cannot be read. Scan it again, or type the buyer's name.")
        ) from error


def _one(part: str) -> str:
    """Return address and phone, or bank and account, as one line."""
    return " ".join(filter(None, (word.strip() for word in part.split("|"))))


def check_of(covered: bytes) -> int:
    """Return the check of what it covers: CRC-16, polynomial 0x8005, begun at 0."""
    value = 0
    for byte in covered:
        value ^= byte << 8
        for _bit in range(8):
            value = (value << 1) ^ (_POLYNOMIAL if value & _TOP else 0)
            value &= 0xFFFF
    return value
