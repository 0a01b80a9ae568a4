"""The wall clock of the property, the hotel's rules as data, rights and languages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.core import i18n
from pms.core.changes import Changes
from pms.core.clock import at, local, system_clock
from pms.core.money import parse, show
from pms.core.options import EARLY, LATE, Option, Options, band
from pms.core.permissions import Permission
from pms.duties import ALL, ROLES
from pms.services.authority.duty import AUTHORITY_EDIT
from tests.amounts import plain

ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)


@given(
    day=st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    zone=ZONES,
)
def test_a_wall_clock_time_is_one_moment(day, hour, minute, zone):
    moment = at(day, f"{hour:02d}:{minute:02d}", zone)
    assert moment.utcoffset() == timedelta(0)
    back = local(moment, zone)
    assert abs(back.replace(tzinfo=None) - datetime(day.year, day.month, day.day, hour, minute)) <= timedelta(
        hours=1
    )  # the hour that is missing
    assert local(back, "UTC") == moment


@given(
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),
    step=st.integers(1, 10**6),
    zone=ZONES,
)
def test_what_is_later_is_later_on_every_wall(moment, step, zone):
    assert local(moment + timedelta(seconds=step), zone) > local(moment, zone)


def test_the_clock_knows_its_zone():
    assert system_clock().tzinfo is UTC


@given(clock=st.times().map(lambda t: f"{t:%H:%M}"))
def test_the_bands_cover_the_whole_day(clock):
    for bands in (LATE, EARLY):
        found = band(bands, clock)
        assert found.start <= clock
        assert not any(found.start < b.start <= clock for b in bands)


def test_only_what_was_changed_is_stored_and_it_reads_back():
    assert Options().changed() == {}
    mine = replace(
        Options(),
        hold_time="20:00",
        late_bands=LATE[:2],
        tax_basis_points=600,
    )
    assert set(mine.changed()) == {"hold_time", "late_bands", "tax_basis_points"}
    import json

    assert Options.read(json.loads(json.dumps(mine.changed()))) == mine
    assert Options.read(
        {"hold_time": "19:00", "of_a_later_release": 1, "discount_limits": [["clerk", 7]]}
    ).changed() == {"hold_time": "19:00", "of_a_later_release": 1, "discount_limits": [["clerk", 7]]}


def test_a_rule_that_a_duty_declares_has_its_start_value_until_it_is_changed():
    days = Option("luggage_days", 3, "Days", "Luggage")
    assert Options()[days] == 3
    mine = Options(hold_time="19:00").changing(days, 5)
    assert (mine[days], mine.changed()) == (5, {"hold_time": "19:00", "luggage_days": 5})
    assert Options.read(mine.changed()) == mine
    assert mine.changing(days, 3).changed() == {"hold_time": "19:00"}
    assert Options.read({"luggage_days": "many"})[days] == 3


def test_roles_hold_what_their_people_need():
    assert ROLES["owner"][1] == ALL
    assert ROLES["clerk"][1] < ROLES["supervisor"][1] < ROLES["owner"][1]
    assert ROLES["manager"][1] == ALL - {
        Permission.STAFF_EDIT,
        AUTHORITY_EDIT,
        Permission.GUESTS_ERASE,
    }
    assert all(Permission.STAFF_OWN in rights for _title, rights in ROLES.values())
    assert not ROLES["attendant"][1] & {Permission.FOLIOS_PAY, Permission.GUESTS_REVEAL}
    assert {str(p) for p in Permission} < ALL


@pytest.mark.parametrize(
    "typed", ["1e3", "1_000", "0x10", "1 000", "--1", "1-", "９９e1", "１。２。３", "٣", "一百"]
)
def test_what_a_person_would_not_type_is_no_amount(typed):
    from pms.core.errors import Refused

    if typed == "٣":  # another script's figure is a figure, but nobody here means it
        with pytest.raises(Refused):
            parse(typed)
        return
    with pytest.raises(Refused, match="not an amount"):
        parse(typed)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("１２３．５０", 12350),
        ("1,234.5", 123450),
        ("−6.38", -638),
        ("￥20", 2000),
        (".5", 50),
        ("5.", 500),
        ("007", 700),
        ("1.500", 150),
        ("+3", 300),
        ("-0", 0),
        ("12。5", 1250),
    ],
)
def test_what_a_person_types_is_read(typed, amount):
    assert parse(typed) == amount


@given(amount=st.integers(-(10**15), 10**15), digits=st.sampled_from([0, 2, 3]))
def test_what_is_shown_is_read_back(amount, digits):
    assert parse(show(amount, digits), digits) == amount
    if abs(amount) < 10 ** (7 + digits):  # longer ones are taken for a number that was scanned
        assert parse(plain(amount, digits), digits) == amount


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1" + "0" * 14, "a barcode or a number"),
        ("9" * 400, "a barcode or a number"),
        ("9" * 400 + ".00", "too large"),
        ("0.001", "decimals"),
        ("，1，234", "in two ways"),
    ],
)
def test_an_amount_that_cannot_be_meant_is_refused(typed, why):
    from pms.core.errors import Refused

    with pytest.raises(Refused, match=why):
        parse(typed)


def test_an_unknown_language_is_english_and_names_are_filled_in():
    before = i18n.language()
    try:
        i18n.use("tlh")
        assert i18n.language() == "en"
        assert i18n._("Give the guest's name.") == "Give the guest's name."
        assert i18n.ngettext("%(n)s room", "%(n)s rooms", 2) % {"n": 2} == "2 rooms"
        i18n.use("zh_CN")
        assert i18n.N_("Room") == "Room"
    finally:
        i18n.use(before)


def test_changes_are_told_in_order_once_and_not_after_the_end():
    changes, heard = Changes(), []
    stop = changes.listen(lambda topics: heard.append(("a", topics)))
    changes.listen(lambda topics: heard.append(("b", topics)))
    changes.announce(["stays", "rooms", "stays"])
    changes.announce([])
    stop()
    stop()
    changes.announce({"rooms"})
    assert heard == [("a", {"stays", "rooms"}), ("b", {"stays", "rooms"}), ("b", {"rooms"})]
