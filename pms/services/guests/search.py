"""How a name is found: as written, in pinyin and by pinyin initials."""

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


def search_text(name: str) -> str:
    """Return the text that a name is searched in: lower case, then full pinyin, then initials."""
    plain = " ".join(name.casefold().split())
    if plain.isascii():
        return plain
    from pypinyin import Style, lazy_pinyin

    surname = next((s for s in SURNAMES if plain.startswith(s)), "")
    syllables = ([SURNAMES[surname]] if surname else []) + lazy_pinyin(
        plain[len(surname) :], style=Style.NORMAL
    )
    return f"{plain} {''.join(syllables)} {''.join(s[:1] for s in syllables)}"
