"""Machine-readable zones: the standard's own specimens, every check figure, and what a reader types sign by
sign."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.core import mrz
from pms.core.errors import Refused

TODAY = date(2026, 11, 20)
SPECIMENS = {
    "TD3": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "TD2": "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    "TD1": "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "MRV-A": "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
    "MRV-B": "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
}
"""The specimens of ICAO Doc 9303, parts 4 to 7: their holder is invented."""
PASSPORT, CARD = SPECIMENS["TD3"], SPECIMENS["TD1"]


def test_a_passport_is_read_whole():
    zone = mrz.read(PASSPORT, TODAY)
    assert zone == mrz.Zone(
        "P", "UTO", "ERIKSSON", "ANNA MARIA", "L898902C3", "UTO", date(1974, 8, 12), "F", date(2012, 4, 15)
    )
    assert zone.name == "ERIKSSON ANNA MARIA"
    assert (
        mrz.read(PASSPORT.replace("\n", ""), TODAY)
        == mrz.read(PASSPORT.replace("\n", "\r\n").lower(), TODAY)
        == zone
    )


def test_a_card_and_its_long_number_are_read():
    assert mrz.read(CARD, TODAY).number == "D23145890"
    figure = mrz.check_figure("D23145890734")
    first = ("I<UTOD23145890<734" + figure).ljust(30, "<")
    second = "7408122F1204159UTO<<<<<<<<<<<"
    zone = mrz.read(
        first
        + second
        + mrz.check_figure(first[5:] + second[:7] + second[8:15] + second[18:])
        + CARD.splitlines()[2],
        TODAY,
    )
    assert zone.number == "D23145890734"


def test_every_specimen_of_the_standard_is_read():
    zones = [mrz.read(SPECIMENS[kind], TODAY) for kind in ("TD3", "TD2", "TD1", "MRV-A", "MRV-B")]
    assert {z.name for z in zones} == {"ERIKSSON ANNA MARIA"}
    assert [z.number for z in zones] == ["L898902C3", "D23145890", "D23145890", "L8988901C", "L8988901C"]
    assert [z.kind for z in zones] == ["P", "I", "I", "V", "V"]


@pytest.mark.parametrize(
    ("line", "at", "what"),
    [
        (1, 0, "document number"),
        (1, 14, "date of birth"),
        (1, 22, "date of expiry"),
        (1, 30, "personal number"),
        (1, 43, "last line"),
    ],
)
def test_a_misread_sign_is_named(line, at, what):
    rows = PASSPORT.split("\n")
    rows[line] = rows[line][:at] + ("7" if rows[line][at] != "7" else "8") + rows[line][at + 1 :]
    with pytest.raises(Refused, match=what):
        mrz.read("\n".join(rows), TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ERIKSSON",
        "P<UTO<<",
        PASSPORT[:-1],
        "<" * 88,
        "P<" + "0" * 86,
        "王" * 88,
        PASSPORT.replace("1204159", "ABCDEF9"),
    ],
)
def test_anything_else_is_no_zone(text):
    assert mrz.lines(text) == []
    with pytest.raises(Refused, match="machine-readable"):
        mrz.read(text, TODAY)


@pytest.mark.parametrize("zone", [PASSPORT, CARD])
def test_typed_sign_by_sign_it_is_a_zone_only_at_its_end(zone):
    signs = zone.replace("\n", "")
    assert [n for n in range(1, len(signs) + 1) if mrz.lines(signs[:n])] == [len(signs)]
    assert mrz.begun(zone.split("\n")[0])
    assert not mrz.begun("Wang Yaqin")


@given(
    st.from_regex(r"[A-Z0-9]{9}", fullmatch=True),
    st.dates(date(1927, 1, 1), TODAY),
    st.integers(0, 8),
    st.integers(1, 9),
)
def test_one_wrong_figure_never_passes(number, birth, at, by):
    born = f"{birth:%y%m%d}"
    below = (
        number
        + mrz.check_figure(number)
        + "GBR"
        + born
        + mrz.check_figure(born)
        + "M300101"
        + mrz.check_figure("300101")
        + "<" * 14
        + "0"
    )
    whole = below + mrz.check_figure(below[:10] + below[13:20] + below[21:])
    above = "P<GBRSMITH<<JOHN".ljust(44, "<")
    zone = mrz.read(above + whole, TODAY)
    assert (zone.number, zone.birth, zone.nationality) == (number, birth, "GBR")
    if number[at].isdigit():
        wrong = whole[:at] + str((int(number[at]) + by) % 10) + whole[at + 1 :]
        with pytest.raises(Refused):
            mrz.read(above + wrong, TODAY)


def made(
    names: str, number: str = "L898902C3", birth: str = "740812", expiry: str = "301231", optional: str = ""
):
    """Return a passport's zone with these facts and right check figures."""
    number = "L898902C3"
    below = number + mrz.check_figure(number) + "UTO" + birth + mrz.check_figure(birth) + "F"
    filled = optional.ljust(14, "<")
    below += expiry + mrz.check_figure(expiry) + filled + mrz.check_figure(filled)
    return f"P<UTO{names}".ljust(44, "<") + below + mrz.check_figure(below[:10] + below[13:20] + below[21:])


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (made("SUKARNOPUTRI", optional="ZE184226BXXXXX"), "SUKARNOPUTRI"),
        (made("A" * 39, optional="ZE184226BXXXXX"), "A" * 39),
        (made("VANDERBERG<JANSENPIETERSZOON<ABCDEFGHIJKLM"[:39], optional="ZE184226BXXXXX"), None),
    ],
)
def test_a_zone_without_two_fillers_is_a_zone(zone, name):
    assert mrz.lines(zone)
    read = mrz.read(zone, TODAY)
    assert name is None or read.surname == name
    assert mrz.begun(zone[:44])


def test_nobody_is_born_tomorrow():
    assert mrz.read(made("SMITH<<ANN", birth="261120"), TODAY).birth == TODAY
    assert mrz.read(made("SMITH<<ANN", birth="261121"), TODAY).birth == date(1926, 11, 21)
    assert mrz.read(made("SMITH<<ANN", birth="000229"), TODAY).birth == date(2000, 2, 29)
    assert mrz.read(made("SMITH<<ANN", expiry="360101"), TODAY).expiry == date(2036, 1, 1)


@pytest.mark.parametrize(
    "typed", ["Peter Paul Rubens of Siegen and Antwerp ABC", "PAUL", "A" * 43, "12345678901234567890", ""]
)
def test_what_people_type_is_no_zone(typed):
    assert mrz.lines(typed) == []
    assert not mrz.begun(typed)
