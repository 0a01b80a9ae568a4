"""Machine-readable zones of passports, visas and cards (ICAO Doc 9303): read, with every check figure held to
its word."""

import re
from dataclasses import dataclass
from datetime import date

from pms.core.errors import Refused
from pms.core.i18n import N_, _

SIGNS = re.compile(r"[A-Z0-9<]+")
_WEIGHTS = (7, 3, 1)
_LINES = {(44, 44): 44, (36, 36): 36, (30, 30, 30): 30}
_BELOW = re.compile(r"[A-Z0-9<]{9}[0-9<][A-Z<]{3}[0-9<]{6}[0-9<][MFX<][0-9<]{6}[0-9<]")
_ABOVE = re.compile(r"[PVIAC][A-Z0-9<][A-Z<]{3}")
_CARD = re.compile(r"[0-9<]{6}[0-9<][MFX<][0-9<]{6}[0-9<][A-Z<]{3}")
FAULTS = {
    "number": N_("document number"),
    "birth": N_("date of birth"),
    "expiry": N_("date of expiry"),
    "optional": N_("personal number"),
    "all": N_("last line"),
}
"""What a check figure watches over."""


@dataclass(frozen=True)
class Zone:
    """What a zone says: the kind (P passport, V visa, others a card), who issued it, and whose it is."""

    kind: str
    issuer: str
    surname: str
    given_name: str
    number: str
    nationality: str
    birth: date | None
    sex: str
    expiry: date | None

    @property
    def name(self) -> str:
        """Return the whole name."""
        return f"{self.surname} {self.given_name}".strip()


def check_figure(text: str) -> str:
    """Return the check figure of a field: signs 0-9, A-Z and the filler, weighted 7, 3, 1."""
    return str(sum(_worth(sign) * _WEIGHTS[at % 3] for at, sign in enumerate(text)) % 10)


def _worth(sign: str) -> int:
    return 0 if sign == "<" else int(sign, 36)


def lines(text: str) -> list[str]:
    """Return the lines of a zone in a text that was typed, pasted or read, with or without line breaks;
    nothing where there is none."""
    signs = "".join(text.upper().split())
    if not _ABOVE.match(signs) or not SIGNS.fullmatch(signs):
        return []
    for shape, width in _LINES.items():
        if len(signs) == sum(shape):
            found = [signs[at : at + width] for at in range(0, len(signs), width)]
            if (_CARD if len(found) == 3 else _BELOW).match(
                found[1]
            ):  # while it is being typed, a longer zone has a shorter one's length
                return found
    return []


def begun(text: str) -> bool:
    """Say whether a text is the first line, or the first two, of a zone whose rest is still to come."""
    signs = "".join(text.upper().split())
    whole = "<" in signs or len(text.split()) == 1  # a name of one word may fill the line
    return (
        len(signs) in (30, 36, 44, 60)
        and bool(_ABOVE.match(signs))
        and bool(SIGNS.fullmatch(signs))
        and whole
    )


def read(text: str, today: date) -> Zone:
    """Read a zone; refuses, naming the field, where a check figure does not fit. Two-figure years are
    understood as of ``today``."""
    found = lines(text)
    if not found:
        raise Refused(
            _("This is no machine-readable zone: it has two lines of 44 or 36 characters, or three of 30.")
        )
    return _card(found, today) if len(found) == 3 else _book(found, today)


def _book(found: list[str], today: date) -> Zone:
    """A passport, a visa or a two-line card: names above, all else below."""
    above, below = found
    visa = above[0] == "V"
    number, figure, optional = _number(
        below[:9], below[9], "" if visa else below[28 : len(below) - (2 if len(below) == 44 else 1)]
    )
    _must_fit("number", number, figure)
    _must_fit("birth", below[13:19], below[19])
    _must_fit("expiry", below[21:27], below[27])
    if not visa:
        if len(below) == 44 and (below[42] != "<" or optional.strip("<")):
            _must_fit("optional", below[28:42], below[42])
        _must_fit("all", below[:10] + below[13:20] + below[21:-1], below[-1])
    return _zone(
        above[:2], above[2:5], above[5:], number, below[10:13], below[13:19], below[20], below[21:27], today
    )


def _card(found: list[str], today: date) -> Zone:
    first, second, names = found
    number, figure, _optional = _number(first[5:14], first[14], first[15:30])
    _must_fit("number", number, figure)
    _must_fit("birth", second[:6], second[6])
    _must_fit("expiry", second[8:14], second[14])
    _must_fit("all", first[5:] + second[:7] + second[8:15] + second[18:29], second[29])
    return _zone(
        first[:2], first[2:5], names, number, second[15:18], second[:6], second[7], second[8:14], today
    )


def _number(field: str, figure: str, optional: str) -> tuple[str, str, str]:
    """Return the number with its check figure; a longer one goes on in the optional field and has its figure
    there."""
    rest = optional.partition("<")[0]
    if figure == "<" and len(rest) > 1:
        return field + rest[:-1], rest[-1], optional[len(rest) :]
    return field, figure, optional


def _must_fit(what: str, field: str, figure: str) -> None:
    if check_figure(field) != figure and not (figure == "<" and not field.strip("<")):
        raise Refused(
            _(
                "The check digit of the %(field)s does not match: a character was misread. Read the "
                "document again or type it."
            )
            % {"field": _(FAULTS[what])}
        )


def _zone(
    kind: str,
    issuer: str,
    names: str,
    number: str,
    nationality: str,
    birth: str,
    sex: str,
    expiry: str,
    today: date,
) -> Zone:
    surname, _gap, given = names.partition("<<")
    return Zone(
        kind.strip("<"),
        _code(issuer),
        _words(surname),
        _words(given),
        number.replace("<", ""),
        _code(nationality),
        _day(birth, today),
        sex if sex in "MF" else "",
        _day(expiry, date(today.year + 50, 12, 31)),
    )


def _code(code: str) -> str:
    """Return a state's code; the one German exception in the standard has one sign."""
    plain = code.strip("<")
    return "DEU" if plain == "D" else plain


def _words(names: str) -> str:
    return " ".join(names.replace("<", " ").split())


def _day(figures: str, latest: date) -> date | None:
    """Return the day that six figures mean, the last such day not after ``latest``; None where it is not
    known."""
    if not figures.isdecimal():
        return None
    month, day = int(figures[2:4]), int(figures[4:])
    for year in range(latest.year, latest.year - 200, -1):
        if year % 100 == int(figures[:2]) and (found := _real(year, month, day)) and found <= latest:
            return found
    return None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
