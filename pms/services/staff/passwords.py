"""Hash and check passwords with Argon2id; about 150 ms each by intent, so never on the window's thread."""

from datetime import date
from functools import lru_cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pms.core.i18n import _

SHORTEST, LONGEST = 8, 128
SHORTEST_PIN, LONGEST_PIN = 4, 8
_TRIED_PIN = """
0007 0070 0852 1314 1379 1478 2580 3698 5200 5210 5213 5683 147258 147369 147852 159753 258456
520131 521131 741852 789456 456789 5201314 14725836
"""
_TRIED_PINS = frozenset(_TRIED_PIN.split())
_DATES = (
    "MMDD",
    "DDMM",
    "YYMMDD",
    "DDMMYY",
    "MMDDYY",
    "YYYYMM",
    "MMYYYY",
    "YYYYMMDD",
    "DDMMYYYY",
    "MMDDYYYY",
)
_TRIED = """
12345678 123456789 1234567890 0123456789 87654321 987654321 11223344 12341234 12344321 123123123
123321123 147258369 password passw0rd password1 password12 password123 p@ssw0rd qwertyui qwerty12
qwerty123 qwertyuiop asdfghjk asdfghjkl zxcvbnm1 1qaz2wsx q1w2e3r4 1q2w3e4r 1q2w3e4r5t qazwsxedc
iloveyou iloveyou1 princess sunshine football baseball superman trustno1 letmein1 welcome1 welcome123
whatever computer internet dragon123 monkey123 michael1 jennifer abcd1234 abc12345 abcdefgh a1234567
a12345678 a123456789 aa123456 qq123456 w123456789 woaini1314 woaini520 5201314520 52013145 13145200
13141314 wang1234 zhang123 li123456 admin123 admin1234 administrator root1234 hotel123 hotel1234
reception frontdesk frontdesk1 huanying 888888888 66668888 168168168 19491001 20082008 changeme
changeme1 default1 guest1234 test1234 testtest secret12 master12 shadow12
"""
_COMMON = frozenset(_TRIED.split())
_ROWS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


_DECOY = "$argon2id$v=19$m=65536,t=3,p=4$YpUng38Yq4I3os+qccC46A$jEfJq2Bcva3QVI2EHlQs1Vg0m+Lot0MRXYc3KGs+6Ew"
"""A hash of words that nobody kept: a name that is not there takes as long as a wrong password, the first
time as well."""


def weak(password: str, login: str) -> str:
    """Say why a password is none, in a sentence; nothing when it will do."""
    if len(password) < SHORTEST:
        return _("A password needs at least %(n)s characters.") % {"n": SHORTEST}
    if len(password) > LONGEST:
        return _("A password has at most %(n)s characters.") % {"n": LONGEST}
    plain = password.casefold().strip()
    if (
        not plain
        or plain in _COMMON
        or len(set(plain)) < 3
        or any(plain in r or plain[::-1] in r for r in _ROWS)
    ):
        return _("This password is too easy to guess. Choose another.")
    if login and plain.strip("0123456789") == login.casefold():
        return _("A password is not the sign-in name. Choose another.")
    return ""


def weak_pin(pin: str) -> str:
    """Say why a PIN is none, in a sentence; nothing when it will do."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        return _("A PIN has %(least)s to %(most)s digits.") % {"least": SHORTEST_PIN, "most": LONGEST_PIN}
    if pin in _TRIED_PINS or _series(pin):
        return _("This PIN is too easy to guess. Choose another.")
    if _date_like(pin):
        return _("This PIN reads like a date or a year of birth. Choose another.")
    return ""


def _series(pin: str) -> bool:
    """Say whether the digits go up or down, or are a few that come again and again."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    again = any(pin == (pin[:n] * len(pin))[: len(pin)] for n in range(1, len(pin) // 2 + 1))
    return len(steps) == 1 or again or len(set(pin)) == 1


def _date_like(pin: str) -> bool:
    if len(pin) == SHORTEST_PIN and pin[:2] in ("19", "20"):
        return True
    return any(_is_date(pin, shape) for shape in _DATES if len(pin) == len(shape))


def _is_date(pin: str, shape: str) -> bool:
    part = {sign: "".join(d for d, s in zip(pin, shape, strict=True) if s == sign) for sign in "YMD"}
    year = part["Y"] if len(part["Y"]) == 4 else f"20{part['Y'] or '00'}"
    if len(part["Y"]) == 4 and not 1900 <= int(year) <= 2099:
        return False
    try:
        date(int(year), int(part["M"]), int(part["D"] or "1"))
    except ValueError:
        return False
    return True


def hashed(password: str) -> str:
    """Return the stored form of a password."""
    return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Say whether the password is right; takes as long for a person who does not exist, so names cannot be
    probed."""
    try:
        right = _hasher().verify(stored or _DECOY, password)
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def outdated(stored: str) -> bool:
    """Say whether the stored form was made with weaker settings and should be made again."""
    return _hasher().check_needs_rehash(stored)
