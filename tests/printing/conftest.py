"""Run a test in Chinese from the catalogues' sources, whether they have been compiled or not."""

import gettext
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pms.core import i18n


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    held, out = Catalog(locale=lang), BytesIO()
    for file in sorted((i18n.LOCALE / lang).glob("*.po")):
        with file.open("rb") as source:
            for message in read_po(source, locale=lang):
                held.add(message.id, message.string)
    write_mo(out, held)
    return gettext.GNUTranslations(BytesIO(out.getvalue()))


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def switch(lang: str) -> None:
        monkeypatch.setattr(i18n, "catalogue", catalogue)
        monkeypatch.setattr(i18n, "_translation", catalogue(lang))
        monkeypatch.setattr(i18n, "_language", lang)

    return switch
