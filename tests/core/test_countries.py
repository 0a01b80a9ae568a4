"""Every nationality that a document may bear has a name in each language."""

import pytest

from pms.core import countries, i18n
from pms.services.guests.overseas import CODES


@pytest.mark.parametrize(("language", "germany"), [("en", "Germany"), ("zh_CN", "德国")])
def test_every_nationality_has_a_name_in_the_language(language, germany):
    names = {code: countries.name(code, language) for code in CODES}
    assert [code for code, name in names.items() if name == code] in (["USA"], [])
    assert names["DEU"] == germany
    assert all(any(sign >= "\u4e00" for sign in name) == (language == "zh_CN") for name in names.values())


def test_the_language_is_that_of_the_screen_and_what_is_no_country_stays():
    assert (countries.name("GBR"), countries.name(""), countries.name("QQQ")) == ("United Kingdom", "", "QQQ")
    i18n.use("zh_CN")
    try:
        assert (countries.name("GBR"), countries.name("TWN"), countries.name("CHN")) == (
            "英国",
            "中国台湾",
            "中国",
        )
    finally:
        i18n.use("en")
