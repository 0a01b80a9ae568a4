"""The handover book: written, taken over, closed; by keys alone."""

import pytest
from PySide6.QtCore import Qt

from pms.core.errors import NotPermitted, Refused
from pms.core.office import Clerk
from pms.services.messages import queries, service
from pms.services.stays import service as stays
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.messages.screen import MessagesScreen
from tests.ui.checks import check_screen, dress

Key = Qt.Key


def check_in(house):
    return house.do(
        stays.check_in, line_id=house.book(), room_id=house.room_id("301"), intent=house.new_intent()
    )


def test_an_entry_is_written_handed_over_and_closed(house):
    number = house.do(service.write, text="  Taxi for 301\n at six ", stay_id=check_in(house))
    [row] = house.ask(queries.still_open)
    assert (row.text, row.to, row.room, row.guest, row.writer) == (
        "Taxi for 301 at six",
        "",
        "301",
        "Wang Yaqin",
        "Zhang Li",
    )
    [item] = house.ask(queries.handover)
    assert (item.word, item.number, item.text) == ("messages", str(number), "Taxi for 301 at six (Zhang Li)")
    assert [hit.what for hit in house.ask(queries.search, text="TAXI")] == [{"message_id": number}]
    house.do(service.close, message_id=number, answer="came at 6:05")
    assert house.ask(queries.still_open) == []
    [row] = house.ask(queries.closed, now=house.now())
    assert (row.closer, row.answer) == ("Zhang Li", "came at 6:05")
    house.do(service.reopen, message_id=number)
    assert len(house.ask(queries.still_open)) == 1


@pytest.mark.parametrize(
    ("verb", "why"), [(service.close, "closed already"), (service.reopen, "open already")]
)
def test_nothing_is_closed_or_opened_twice(house, verb, why):
    number = house.do(service.write, text="x")
    if verb is service.close:
        house.do(service.close, message_id=number)
    with pytest.raises(Refused, match=why):
        house.do(verb, message_id=number)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"text": " "}, "Write what"),
        ({"text": "x" * 501}, "at most 500"),
        ({"text": "x", "stay_id": 9}, "not there"),
    ],
)
def test_empty_endless_and_lost_entries_are_refused(house, fields, why):
    with pytest.raises(Refused, match=why):
        house.do(service.write, **fields)


def test_who_has_no_right_writes_nothing(house):
    house.clerk = Clerk(99, "Nobody", "", frozenset())
    with pytest.raises((NotPermitted, Refused)):
        house.do(service.write, text="x")


def page(qtbot, desk, language="en"):
    dress(Look(language, "light", 100))
    made = MessagesScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.resize(1206, 716)
        made.show()
        made.activateWindow()
    return made


def test_an_entry_is_written_and_closed_by_keys(qtbot, desk):
    check_in(desk)
    screen = page(qtbot, desk)
    assert screen.start() is screen.words
    qtbot.keyClicks(screen.words.area, "Taxi at six")
    screen.room.set_value("301")
    qtbot.keyClick(screen.words.area, Key.Key_F12)
    assert screen.notes.tone == "good"
    assert screen.tabs.counts()["open"] == "1"
    screen.table.pick(1)
    screen.reply.set_value("done")
    qtbot.keyClick(screen.table, Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert screen.tabs.counts() == {"open": "0", "closed": "1"}
    screen.room.set_value("302")
    screen.words.set_value("x")
    screen.press_primary()
    assert "Nobody is in 302" in screen.notes.text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, desk, language):
    desk.do(service.write, text="Taxi for 301 at six")
    check_screen(page(qtbot, desk, language))
    dress(Look("en", "light", 100))
