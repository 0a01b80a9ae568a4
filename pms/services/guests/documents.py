"""Check identity documents: the Chinese resident number (GB 11643, residence permits and foreigners' cards
included)."""

from datetime import date

from pms.core.i18n import N_

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
OLDEST = 130
"""Nobody is older than this in years: an earlier date of birth is misread."""
NUMBERED = ("id_card", "residence_permit")
"""Documents whose number follows GB 11643."""
OF_FIGURES = (*NUMBERED, "passport", "travel_permit")
"""Documents whose number is figures and Latin letters; another may be numbered in Han signs."""
NAMES = {
    "id_card": N_("ID card"),
    "passport": N_("Passport"),
    "travel_permit": N_("Travel permit"),
    "residence_permit": N_("Residence permit"),
    "other": N_("Other document"),
}
"""Kinds of document in the trade's words."""
_REGIONS = {"81": "HKG", "82": "MAC", "83": "TWN"}
"""The first figures of a residence permit say where its holder is from."""


def resident_number_fault(number: str, today: date) -> str:
    """Return what is wrong with an 18-digit number: '' (nothing), 'length', 'figures', 'birth' or 'check'."""
    number = number.strip().upper()
    if len(number) != 18:
        return "length"
    if not (number[:17].isascii() and number[:17].isdigit() and number[17] in "0123456789X"):
        return "figures"
    born = birth_date(number)
    if born is None or not today.year - OLDEST <= born.year or born > today:
        return "birth"
    total = sum(int(figure) * weight for figure, weight in zip(number, _WEIGHTS, strict=False))
    return "" if _CHECKS[total % 11] == number[17] else "check"


def birth_date(number: str) -> date | None:
    """Return the date of birth that a resident number holds, None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """Return M or F from the number's seventeenth figure."""
    return "M" if int(number[16]) % 2 else "F"


def nationality(number: str) -> str:
    """Return the nationality that a resident number tells: a region's for a residence permit, nothing for a
    foreigner's card (9…), whose holder may be of any."""
    return "" if number.startswith("9") else _REGIONS.get(number[:2], "CHN")
