"""What a nationality is called: the three letters of a travel document as a country's name, in the language
of the screen or of the paper."""

from functools import cache

from pms.core import i18n

HERE = {
    "CHN": ("China", "中国"),
    "HKG": ("Hong Kong, China", "中国香港"),
    "MAC": ("Macao, China", "中国澳门"),
    "TWN": ("Taiwan, China", "中国台湾"),
    "USA": ("USA", "美国"),
    "GBR": ("United Kingdom", "英国"),
    "GBD": ("British Overseas Territories", "英国海外领土"),
    "GBN": ("British National (Overseas)", "英国国民（海外）"),
    "GBO": ("British Overseas Citizen", "英国海外公民"),
    "GBP": ("British Protected Person", "英国被保护人"),
    "GBS": ("British Subject", "英国臣民"),
    "RKS": ("Kosovo", "科索沃"),
    "EUE": ("European Union", "欧盟"),
    "UNO": ("United Nations", "联合国"),
    "UNA": ("United Nations agency", "联合国专门机构"),
    "UNK": ("Kosovo (United Nations)", "科索沃（联合国）"),
    "XOM": ("Order of Malta", "马耳他骑士团"),
    "XXA": ("Stateless", "无国籍"),
    "XXB": ("Refugee", "难民"),
    "XXC": ("Refugee (other)", "难民（其他）"),
    "XXX": ("Unspecified", "国籍不明"),
}
"""What a registration calls otherwise than the library, the commonest among them, and what ICAO Doc 9303 adds
to the countries."""


def name(code: str, language: str = "") -> str:
    """Return the country's name in a language, that of the screen where none is given; letters that name no
    country are returned as they are."""
    chinese = (language or i18n.language()).startswith("zh")
    if code in HERE:
        return HERE[code][chinese]
    return _names("zh_CN" if chinese else "en").get(code, code) if code else ""


@cache
def _names(language: str) -> dict[str, str]:
    """Return the names of the countries by their three letters; read when the first guest from abroad is
    shown."""
    from babel import Locale
    from babel.core import get_global

    territories = Locale.parse(language).territories
    letters = {code: known[0] for code, known in get_global("territory_aliases").items() if len(code) == 3}
    return {code: territories[two] for code, two in letters.items() if two in territories and code.isalpha()}
