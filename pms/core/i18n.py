"""Translate text in every layer, Qt or not.

English stands in the code and is its own catalogue; ``resources/locale/<language>/*.po`` hold the other languages, one file
per part of the program, compiled by ``installer/texts`` into one ``pms.mo``.
"""
import gettext
from pathlib import Path

LANGUAGES = {"zh_CN": "中文", "en": "English"}
LOCALE = Path(__file__).parents[2] / "resources" / "locale"

_translation: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def use(language: str) -> None:
    """Switch the language of all texts; an unknown one falls back to English."""
    global _translation, _language
    _language = language if language in LANGUAGES else "en"
    _translation = gettext.translation("pms", LOCALE, [_language], fallback=True)


def language() -> str:
    """Return the language in use: a key of ``LANGUAGES``."""
    return _language


def _(message: str) -> str:
    return _translation.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Translate a text whose form depends on a number."""
    return _translation.ngettext(one, many, n)


def N_(message: str) -> str:
    """Mark a text for the catalogue that is translated later, when it is shown."""
    return message
