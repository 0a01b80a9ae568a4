"""How a person is found: names and phone numbers folded so that spelling, accents, width and spaces do not
matter."""

import re
import unicodedata

SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "区": "ou",
    "查": "zha",
    "尉迟": "yuchi",
    "朴": "piao",
    "盖": "ge",
    "任": "ren",
    "翟": "zhai",
    "冼": "xian",
    "缪": "miao",
    "种": "chong",
    "秘": "bi",
    "燕": "yan",
    "乐": "yue",
    "员": "yun",
}
"""Surnames that the dictionary reads as the common word."""
PHONE = "#"
"""Stands before a phone number in a search text: a room's number is not found in the midst of a phone's."""
PHONE_LEAST = 3
"""Fewer figures than these are no beginning of a phone number."""
LONGEST = 60
"""As much of a spelling is kept as a word that one can begin to type."""
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
_EXPANDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "ae", "Ö": "oe"})
_DROPPED = re.compile("['’‘ʼ`´＇\"“”.,。，]")
_BETWEEN = re.compile(r"(?<=\w)[-‐‑‒–—―_/](?=[^\W\d])|(?<=\w\w\w)[-‐‑‒–—―_/]$|[·・•‧]")
_SHORTENED = re.compile(r"(?<=[aou])e|(?<=a)a|(?<=[nu])xx")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PINYIN_UE = re.compile(r"(?<=[ln])(?:yu|v)")
_PHONE_SIGNS = re.compile(r"[-+\d\s().（）/]+")


def folded(text: str) -> str:
    """Return a text without case, accents, width, apostrophes and hyphens, its words one space apart."""
    return _stripped(_plain(text))


def _plain(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_BETWEEN.sub(" ", _DROPPED.sub("", wide)).split())


def _stripped(plain: str) -> str:
    parted = unicodedata.normalize("NFD", plain.translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(s for s in parted if unicodedata.category(s) != "Mn"))


def _syllables(name: str) -> list[str]:
    """Return a Chinese name's syllables in pinyin, ``v`` for ü; what is not Chinese stays as it is."""
    from pypinyin import Style, lazy_pinyin

    surname = next((s for s in SURNAMES if name.startswith(s)), "")
    found = [SURNAMES[surname]] if surname else []
    return found + [s for s in lazy_pinyin(name[len(surname) :], style=Style.NORMAL) if s.strip()]


def _with_u(text: str) -> tuple[str, ...]:
    """Return a pinyin text as people write the sound ü after l and n: lv, lu, lyu."""
    return tuple(dict.fromkeys(_PINYIN_UE.sub(way, text) for way in ("v", "u", "yu")))


def _latin(plain: str) -> tuple[str, ...]:
    """Return the ways in which a name is written in plain letters: with and without the e of an umlaut, ü
    after l and n as in pinyin."""
    bare = _stripped(plain)
    ways = [bare, _stripped(plain.translate(_EXPANDED)), _SHORTENED.sub("", bare)]
    if "lü" in plain or "nü" in plain:
        ways += _with_u(plain.replace("lü", "lv").replace("nü", "nv"))
    return tuple(dict.fromkeys([*ways, *_with_u(bare)]))


def _spellings(name: str) -> tuple[tuple[str, ...], str]:
    """Return every way to write a name, its words one space apart, and its initials where it is Chinese."""
    plain = _plain(name)
    if not _HAN.search(plain):
        return _latin(plain), ""
    squeezed = plain.replace(" ", "")
    syllables = _syllables(squeezed)
    return (_stripped(plain), *_with_u("".join(syllables))), "".join(s[:1] for s in syllables)


def search_text(text: str, phone: str = "") -> str:
    """Return what a record is searched in: every spelling, spaced and squeezed, the initials, the phone; a
    blank before each word."""
    ways, initials = _spellings(text)
    squeezed = (way.replace(" ", "") for way in ways)
    number = phone_figures(phone)
    told = dict.fromkeys([*ways, *squeezed, initials, f"{PHONE}{number}" if number else ""])
    return "".join(f" {part}" for part in told if part)


def words(name: str, phone: str = "") -> set[str]:
    """Return the words that a person is found by when one begins to type any of them: each spelling from
    each of its words on, the given name alone, the initials, the phone."""
    ways, initials = _spellings(name)
    found = {initials, *(part for way in ways for part in _tails(way))}
    squeezed = _plain(name).replace(" ", "")
    if initials and all(_HAN.match(sign) for sign in squeezed):
        for at in (1, 2) if len(squeezed) > 3 else (1,):
            found |= {squeezed[at:], *_with_u("".join(_syllables(squeezed)[at:]))}
    if number := phone_figures(phone):
        found.add(f"{PHONE}{number}")
    return {word[:LONGEST] for word in found if word}


def _tails(way: str) -> list[str]:
    parts = way.split()
    return ["".join(parts[at:]) for at in range(len(parts))]


def asked(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what is looked for when a clerk types this: one or more ways, each with words that must all be
    found."""
    plain = _plain(text)
    if (number := phone_asked(text)) is not None:
        return ((f"{PHONE}{number}",), (_stripped(plain),)) if plain.isalnum() else ((f"{PHONE}{number}",),)
    ways = [_stripped(plain)]
    if plain != ways[0]:
        ways.append(_stripped(plain.translate(_EXPANDED)))
        ways += [_stripped(plain.replace("lü", "lv").replace("nü", "nv"))]
    return tuple(dict.fromkeys(tuple(way.split()) for way in ways if way))


def found_in(told: str, text: str) -> bool:
    """Say whether a search text holds what a clerk typed, as a question to the database would."""
    for way in asked(text):
        whole = "".join(way)
        if (f" {whole}" if whole.isdecimal() else whole) in told:
            return True
        if len(way) > 1 and all(f" {word}" in told for word in way):
            return True
    return False


def phone_figures(phone: str) -> str:
    """Return a phone number's figures as one dials them in China: without +86, blanks and hyphens."""
    plain = unicodedata.normalize("NFKC", phone)
    figures = "".join(s for s in plain if s in "0123456789")
    abroad = plain.strip().startswith("+") or figures.startswith("00")
    figures = figures.removeprefix("00")
    if abroad:
        return figures.removeprefix("86")
    return figures[2:] if len(figures) == 13 and figures.startswith("861") else figures


def phone_asked(text: str) -> str | None:
    """Return the figures of what may be the beginning of a phone number; None where it cannot be one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _PHONE_SIGNS.fullmatch(plain):
        return None
    found = phone_figures(plain)
    return found if len(found) >= PHONE_LEAST else None


def same_name(one: str, other: str) -> bool:
    """Say whether two names are the same but for case, accents, width, hyphens, spaces and the order of the
    words."""
    first, second = _spellings(one)[0], _spellings(other)[0]
    if _HAN.search(one) or _HAN.search(other):
        first, second = first[:1], second[:1]
    squeezed = {way.replace(" ", "") for way in first} & {way.replace(" ", "") for way in second}
    return bool(squeezed) or bool({_sorted(way) for way in first} & {_sorted(way) for way in second})


def may_be_same(name: str, phone: str, other: str, other_phone: str) -> bool:
    """Say whether two may be one person: the same name, and not two different phones."""
    figures, others = phone_figures(phone), phone_figures(other_phone)
    return not (figures and others and figures != others) and same_name(name, other)


def _sorted(way: str) -> tuple[str, ...]:
    return tuple(sorted(way.split()))
