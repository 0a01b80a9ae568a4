"""Dates, times, amounts, breakfasts and names as channels write them."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .proposal import Name

_SAME = str.maketrans(
    "：，（）￥；！＜＞×－—＋％“”０１２３４５６７８９\xa0\u2002\u2003\u2007\u2009\u202f",
    ':,()¥;!<>x--+%""0123456789      ',
)
BLANK = r"[ \t\u3000]"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?[ ]+)?"
_ZH_WEEKDAY = r"(?:[ ]?\((?:星期|周)?[一二三四五六日天]\))?"
_YEAR = r"(?:19|20)\d\d"
_WHOLE = (
    rf"{_WEEKDAY}(?:{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d)|{_YEAR}年\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}月\d{{1,2}}日"
    rf"|(?<!\d)\d{{1,2}}[ -]{_MONTH}[ -]{_YEAR}|{_MONTH}[ ]\d{{1,2}}(?!\d)(?:,[ ]?{_YEAR})?)"
)
DATE = _WHOLE + _ZH_WEEKDAY
NIGHT = rf"(?:{_WHOLE}|(?<!\d)\d{{1,2}}[-/]\d{{1,2}}(?![-/\d])){_ZH_WEEKDAY}"
CLOCK = r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)(?:[ ]?[ap]m)?"
MOMENT = rf"{DATE}{BLANK}*(?:{CLOCK})?"
TIME = rf"(?:(?:次日|{DATE}){BLANK}*)?{CLOCK}"
_CURRENCY = r"(?:[a-z]{3}|cn¥|us\$|hk\$|¥|\$|€|£)"
AMOUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?(?![.,]?\d|[.,]\Z)"
MONEY = rf"(?:(?<![a-z]){_CURRENCY}{BLANK}*)?(?<![\d.,]){AMOUNT}"
BREAKFAST = r"(?:不含早餐?|不含餐|无早餐?|含?[单双]早|\d{1,2}份早餐|含?\d{1,2}份?早餐?|含?\d{1,2}[ ]早餐?)"
SIGNS = {
    "RMB": "CNY",
    "¥": "CNY",
    "CN¥": "CNY",
    "US$": "USD",
    "$": "USD",
    "HK$": "HKD",
    "€": "EUR",
    "£": "GBP",
}
_SURNAMES = """
    欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文
    长孙 司徒 夏侯 轩辕 端木 南宫 呼延 闻人 澹台 公冶 独孤
"""
_DOUBLE = frozenset(_SURNAMES.split())
_TITLES = frozenset({"MR", "MRS", "MS", "MISS", "MSTR", "DR", "CHD", "INF"})
_HAN = re.compile("[\u3400-\u9fff]")


def same_length(text: str) -> str:
    """Return a text with full-width signs as plain ones, sign for sign, so that places stay."""
    return text.translate(_SAME)


def day(text: str, received: date) -> tuple[date, str] | None:
    """Return a day and what is in doubt of it (``no_year``, ``weekday`` or nothing); None where there is no
    such day. Without a year it is the next such day from ``received`` on."""
    plain = text.strip().lower()
    found = _parts(plain)
    if found is None:
        return None
    year, month, number = found
    if year is not None:
        made, doubt = _made(year, month, number), ""
    else:
        made, doubt = _next(month, number, received), "no_year"
    if made is None:
        return None
    told = _weekday(plain)
    if told is not None:
        doubt = "" if told == made.weekday() else "weekday"
    return made, doubt


def _parts(plain: str) -> tuple[int | None, int, int] | None:
    if m := re.search(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", plain):
        return int(m[1]), int(m[2]), int(m[3])
    if m := re.search(rf"(\d{{1,2}})[ -]({_MONTH})[ -](\d{{4}})", plain):
        return int(m[3]), MONTHS.index(m[2][:3]) + 1, int(m[1])
    if m := re.search(rf"({_MONTH})[ ](\d{{1,2}})(?:,[ ]?(\d{{4}}))?", plain):
        return int(m[3]) if m[3] else None, MONTHS.index(m[1][:3]) + 1, int(m[2])
    if m := re.search(r"(\d{1,2})[-/月](\d{1,2})", plain):
        return None, int(m[1]), int(m[2])
    return None


def _made(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _next(month: int, number: int, received: date) -> date | None:
    for year in range(received.year, received.year + 5):
        made = _made(year, month, number)
        if made is not None and made >= received:
            return made
    return None


def _weekday(plain: str) -> int | None:
    if m := re.search(r"\((?:星期|周)?([一二三四五六日天])\)", plain):
        return "一二三四五六日天".index(m[1]) % 7 if m[1] != "天" else 6
    if m := re.match(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s", plain):
        return _WEEKDAYS.index(m[1])
    return None


def night_of(text: str, arrival: date, departure: date) -> date | None:
    """Return the night of a stay that is meant by day and month, None where none is or the weekday is
    another's."""
    plain = text.strip().lower()
    found = _parts(plain)
    if found is None:
        return None
    year, month, number = found
    for n in range((departure - arrival).days):
        one = arrival + timedelta(days=n)
        if (one.month, one.day) == (month, number) and year in (None, one.year):
            told = _weekday(plain)
            return one if told in (None, one.weekday()) else None
    return None


def clock(text: str) -> time | None:
    """Return a time of the day as it is written, with AM or PM or without."""
    m = re.search(r"(\d{1,2}):(\d{2})(?::(\d{2}))?[ ]?([ap]m)?", text.lower())
    if m is None:
        return None
    hour = int(m[1])
    if m[4]:
        hour = hour % 12 + (12 if m[4] == "pm" else 0)
    if hour > 23 or int(m[2]) > 59 or int(m[3] or 0) > 59:
        return None
    return time(hour, int(m[2]), int(m[3] or 0))


def moment(text: str, received: date) -> datetime | None:
    """Return a wall clock's moment; a day alone is its midnight."""
    found = day(text, received)
    if found is None:
        return None
    return datetime.combine(found[0], clock(text) or time())


SMALL_HOURS = 6


def arrival_time(text: str, arrival: date | None) -> str:
    """Return a time of the arrival day as HH:MM, beyond 24:00 where it is the night after; empty where it
    cannot be."""
    at = clock(text)
    if at is None:
        return ""
    hour, plain = at.hour, text.strip().lower()
    named = day(plain.split(f"{at.hour}:")[0], arrival) if arrival is not None and _parts(plain) else None
    if plain.startswith("次日") or (named is None and hour < SMALL_HOURS):
        hour += 24
    elif named is not None and arrival is not None:
        later = (named[0] - arrival).days
        if later not in (0, 1):
            return ""
        hour += 24 * later
    return f"{hour:02}:{at.minute:02}"


def money(text: str) -> tuple[int, str] | None:
    """Return an amount in hundredths and its currency (empty where none is told), as the text gives it."""
    plain = same_length(text).strip()
    found = re.search(AMOUNT, plain)
    sign = re.match(_CURRENCY, plain.lower())
    if found is None:
        return None
    told = sign[0].upper() if sign else ""
    return cents(found[0].replace(",", "")), SIGNS.get(told, told)


def cents(amount: str) -> int:
    """Return an amount in hundredths, rounded half up."""
    return int((Decimal(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def breakfasts(text: str) -> int | None:
    """Return how many breakfasts are told; 0 where none are included, None where nothing is said."""
    m = re.search(BREAKFAST, same_length(text))
    if m is None:
        return None
    if m[0].startswith(("不含", "无早")):
        return 0
    if figures := re.search(r"\d+", m[0]):
        return int(figures[0])
    return 2 if "双" in m[0] else 1


def name(text: str, order: str) -> Name:
    """Return a guest's name in its parts. ``order`` is how Latin names stand in this layout: ``last_first``
    (with a comma), ``first_last`` or ``given``."""
    told = " ".join(text.split())
    if "*" in told:
        return Name(told, told[0] if _HAN.match(told) else "", "", masked=True)
    if _HAN.match(told):
        at = 2 if told[:2] in _DOUBLE and len(told) > 2 else 1
        return Name(told, told[:at], told[at:])
    if "/" in told:
        surname, given = told.split("/", 1)
        words = [word for word in given.split() if word.upper() not in _TITLES]
        return Name(told, surname.strip(), " ".join(words))
    if order == "last_first" and "," in told:
        surname, given = told.split(",", 1)
        return Name(told, surname.strip(), given.strip())
    if order == "given":
        return Name(told, "", told)
    words = told.split()
    return Name(told, words[-1] if len(words) > 1 else "", " ".join(words[:-1] or words))
