"""Translate text in every layer, Qt or not.

English stands in the code and is its own catalogue; ``resources/locale/<language>/*.po`` hold the other
languages, one file per part of the program, compiled by ``installer/texts`` into one ``pms.mo``.
"""

import gettext
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LANGUAGES = {"zh_CN": "中文", "en": "English"}
LOCALE = Path(__file__).parents[2] / "resources" / "locale"

_translation: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return a language's texts, English where there are none."""
    return gettext.translation("pms", LOCALE, [language], fallback=True)


def use(language: str) -> None:
    """Switch the language of all texts; an unknown one falls back to English."""
    global _translation, _language
    _language = language if language in LANGUAGES else "en"
    _translation = catalogue(_language)


def language() -> str:
    """Return the language in use: a key of ``LANGUAGES``."""
    return _language


def _(message: str) -> str:
    return (
        _translation.gettext(message) if message else ""
    )  # the catalogue's head stands under the empty text


def commas(parts: Iterable[str]) -> str:
    """Write the parts that there are one after another, with the comma of the language."""
    return _(", ").join(part for part in parts if part)


def translated(message: str, language: str) -> str:
    """Translate a text into a language whichever is in use: a paper keeps the one it was written in."""
    return catalogue(language).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Translate a text whose form depends on a number."""
    return _translation.ngettext(one, many, n)


def N_(message: str) -> str:
    """Mark a text for the catalogue that is translated later, when it is shown."""
    return message
