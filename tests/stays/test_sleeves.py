"""The card sleeve, and papers in the guest's language beside the desk's."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from pms.core import i18n
from pms.db.base import PrintJob
from pms.printing.slip import Slip
from pms.services.guests.models import Guest
from pms.services.guests.person import Person
from pms.services.property import queries as property_queries
from pms.services.property import service as property_service
from pms.services.stays import changes, service, taken_back, tongues
from pms.services.stays.duty import BREAKFAST, SLEEVE
from pms.ui.screens.stays.check_in import CheckInScreen
from tests.builders import TODAY
from tests.ui.checks import opened

JOHN = Person("SMITH JOHN", nationality="GBR", document_type="passport", document="533401372")


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    i18n.use("en")


def sleeves_wanted(house, breakfast="07:00 \u2013 10:00, second floor"):
    setting = house.ask(property_queries.setting)
    options = replace(setting.options, wifi="Cloud / 88888888", phone="0571-8888 8888")
    options = options.changing(SLEEVE, True).changing(BREAKFAST, breakfast)
    house.do(property_service.edit, name=setting.name, options=options)


def papers(house, kind):
    """Return the papers of a kind, the first printed first."""
    stored = house.ask(
        lambda s: list(s.scalars(select(PrintJob.slip).where(PrintJob.kind == kind).order_by(PrintJob.id)))
    )
    return [Slip.from_dict(one) for one in stored]


def come_in(house, *guests, cards=1):
    room = house.room_id("301")
    return house.do(
        service.check_in,
        line_id=house.book("Smith"),
        room_id=room,
        guests=guests,
        cards_wanted=cards,
        intent="in",
    )


def pairs(paper):
    return dict(pair for block in paper.blocks for pair in getattr(block, "pairs", ()))


def test_new_cards_come_with_a_sleeve_where_the_hotel_wants_one(house):
    sleeves_wanted(house)
    come_in(house, Person("Wang Yaqin"))
    [sleeve] = papers(house, "card_sleeve")
    assert (sleeve.blocks[0].text, sleeve.blocks[0].far) == ("301", True)
    assert pairs(sleeve) == {
        "Guest": "Wang Yaqin",
        "Arrival": "Fri 20 Nov 2026",
        "Departure": "Sun 22 Nov 2026 12:00",
        "Wi-Fi": "Cloud / 88888888",
        "Breakfast": "07:00 \u2013 10:00, second floor",
    }


def test_no_sleeve_without_cards_or_without_the_hotels_wish(house):
    come_in(house, Person("Wang Yaqin"), cards=2)
    assert papers(house, "card_sleeve") == []


def test_a_guest_without_cards_gets_no_sleeve(house):
    sleeves_wanted(house, breakfast="")
    come_in(house, Person("Wang Yaqin"), cards=0)
    assert papers(house, "card_sleeve") == []


def test_a_room_change_and_its_taking_back_make_a_new_sleeve(house):
    sleeves_wanted(house)
    stay = come_in(house, Person("Wang Yaqin"))
    house.do(service.change_room, stay_id=stay, room_id=house.room_id("302"), reason="noise", intent="move")
    change = house.ask(changes.last_change, stay_id=stay, business_date=TODAY)
    house.do(taken_back.undo_change, stay_id=stay, change_id=change.id, reason="quiet again", intent="back")
    assert [one.blocks[0].text for one in papers(house, "card_sleeve")] == ["301", "302", "301"]


@pytest.mark.parametrize(
    ("desk", "guest", "read"),
    [
        ("zh_CN", Person("王雅琴"), ""),
        ("zh_CN", JOHN, "en"),
        ("en", JOHN, ""),
        ("en", Person("Wang Yaqin", ethnic="汉"), "zh_CN"),
        ("en", Person("Chan Tai Man", nationality="HKG"), "zh_CN"),
    ],
)
def test_the_card_stands_in_the_desks_language_and_in_the_guests_beside_it(house, desk, guest, read):
    i18n.use(desk)
    sleeves_wanted(house)
    come_in(house, guest)
    [card], [sleeve] = papers(house, "registration_card"), papers(house, "card_sleeve")
    for paper in (card, sleeve):
        both = {i18n.translated("Room", lang): None for lang in (desk, read) if lang}
        label = " ".join(both)
        assert label in pairs(paper) or paper.blocks[0].caption == label
    signed = card.blocks[-1].labels
    assert (
        signed
        == {
            ("zh_CN", ""): ("客人签字", "经办人签字"),
            ("zh_CN", "en"): ("客人签字 Guest's signature", "经办人签字 Clerk's signature"),
            ("en", ""): ("Guest's signature", "Clerk's signature"),
            ("en", "zh_CN"): ("Guest's signature 客人签字", "Clerk's signature 经办人签字"),
        }[desk, read]
    )


def test_one_foreign_guest_of_a_party_is_enough_for_both_languages(house):
    i18n.use("zh_CN")
    come_in(house, Person("王雅琴", ethnic="汉"), JOHN)
    [card] = papers(house, "registration_card")
    assert card.title == "住宿登记单 Registration card"


def test_a_label_alike_in_both_languages_stands_once(house):
    i18n.use("zh_CN")
    say = tongues.said_to([Guest(nationality="GBR", ethnic="")])
    assert say("Wi-Fi") == "Wi-Fi"
    assert say("Room") == "房号 Room"


def test_the_check_in_counts_the_sleeve_among_its_papers(qtbot, desk):
    sleeves_wanted(desk)
    screen = opened(qtbot, desk, CheckInScreen, line_id=desk.book("Smith"))
    assert "3 papers" in screen.summary.text()
    screen.cards.line.selectAll()
    qtbot.keyClicks(screen.cards.line, "0")
    qtbot.waitUntil(lambda: "2 papers" in screen.summary.text())
