"""Run a test in Chinese from the catalogue's source, whether it has been compiled or not."""
import gettext
from collections.abc import Callable
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pms.core import i18n


def catalogue(lang: str) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    out = BytesIO()
    with (i18n.LOCALE / lang / "printing.po").open("rb") as source:
        write_mo(out, read_po(source, locale=lang))
    return gettext.GNUTranslations(BytesIO(out.getvalue()))


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def switch(lang: str) -> None:
        monkeypatch.setattr(i18n, "catalogue", catalogue)
        monkeypatch.setattr(i18n, "_translation", catalogue(lang))
        monkeypatch.setattr(i18n, "_language", lang)
    return switch
