"""Channels: those that everybody knows are there from the first day; how each settles is data."""

import pytest

from pms.core import i18n, offers
from pms.core.errors import NotPermitted, Refused
from pms.services.channels import kept, queries, service
from tests.authority.people import person
from tests.builders import DAY, TODAY


def found(house, text):
    return [c for c in house.gather(offers.customers, text=text, on=TODAY) if c.kind == "channel"]


def change(house, number=1, **more):
    given = {"number": number, "code": "CTRIP", "name": "携程", "name_en": "Ctrip", "settles": "prepaid"}
    return house.do(service.edit, **{**given, **more})


def test_a_new_hotel_knows_the_channels_of_the_trade(house):
    rows = house.ask(queries.channels)
    assert [c.code for c in rows] == [
        *("CTRIP", "MEITUAN", "FLIGGY", "QUNAR", "BOOKING", "AGODA", "EXPEDIA", "AIRBNB")
    ]
    assert {c.code for c in rows if c.settles == "hotel"} == {"BOOKING"}
    assert all(c.active and not c.commission for c in rows)


@pytest.mark.parametrize("typed", ["携程", "xiecheng", "ctrip", "CTRIP", "Ctr"])
def test_a_channel_is_found_by_name_pinyin_and_code(house, typed):
    [one] = found(house, typed)
    assert (one.kind, one.number, one.told) == ("channel", 1, "CTRIP Prepaid to the channel")
    i18n.use("zh_CN")
    assert found(house, typed)[0].name == "携程"
    i18n.use("en")


def test_a_channel_is_changed_and_ended(house):
    change(house, commission=1500, settles="credit", period="half", phone="021 1234 5678", contact="Ms Wu")
    row = house.ask(queries.channel, number=1)
    assert (row.commission, row.settles, row.period, row.active) == (1500, "credit", "half", True)
    assert house.ask(queries.history, number=1)[0].fields["commission"] == [0, 1500]
    assert [c.number for c in found(house, "5678")] == [1]
    change(house, active=False, phone="021 1234 5678")
    assert "any more" in found(house, "ctrip")[0].why_not
    assert house.ask(queries.channel, number=1).ended_on == TODAY
    [file] = house.ask(kept.kept_of, stay_ids=[], line_ids=[], phone="021 1234 5678")
    assert len(file.rows) == 1
    house.do(lambda work: kept.erase_old(work, before=TODAY))
    assert house.ask(queries.channel, number=1).phone != ""
    house.do(lambda work: kept.erase_old(work, before=TODAY + DAY))
    assert house.ask(queries.channel, number=1).phone == ""
    change(house)
    assert house.ask(queries.channel, number=1).active


def test_a_new_channel_is_entered_under_the_next_number(house):
    assert house.do(service.add, code="tc", name="同程", name_en="Tongcheng") == 9
    assert [c.name for c in found(house, "tongcheng")] == ["Tongcheng"]
    hits = [h for h in house.gather(offers.search, text="同程") if h.word == "channels"]
    assert [h.what for h in hits] == [{"number": 9}]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": " "}, "channel's name"),
        ({"code": " "}, "a code"),
        ({"code": "ctrip"}, "this code"),
        ({"commission": 10001}, "0 to 100"),
        ({"settles": "barter"}, "Choose how"),
        ({"period": "never"}, "which period"),
    ],
)
def test_what_cannot_be_is_refused(house, given, why):
    with pytest.raises(Refused, match=why):
        house.do(service.add, **{"code": "NEW", "name": "New", **given})
    with pytest.raises(Refused, match="no channel 77"):
        change(house, number=77)


def test_the_desk_reads_and_only_who_manages_changes(house):
    house.clerk = person(house, "clerk")
    assert len(house.asked(queries.channels)) == 8
    with pytest.raises(NotPermitted):
        change(house)
