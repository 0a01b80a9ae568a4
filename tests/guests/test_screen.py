"""The guests' records and the guests of a room, by keyboard."""

from typing import ClassVar

import pytest
from PySide6.QtCore import Qt

from pms.core.errors import NeedsConfirmation
from pms.services.guests import queries as guest_queries
from pms.services.guests import service as guests
from pms.services.guests.person import Person
from pms.services.stays import people, queries
from pms.ui.kit import files
from pms.ui.kit.desk import Asker
from pms.ui.kit.theme import Look
from pms.ui.screens.guests.forms import MergeForm
from pms.ui.screens.guests.screen import GuestsScreen
from pms.ui.screens.stays.party import PartyScreen
from tests.stays.test_people import QIAN, ZHAO, arrive, card, row
from tests.ui.checks import check_screen, dress, look_around, opened

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
CtrlShift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Yes(Asker):
    """Says yes to every question and keeps them."""

    asked: ClassVar[list[str]] = []

    def confirm(self, parent, message: str) -> bool:
        self.asked.append(message)
        return True


@pytest.fixture
def yes(monkeypatch):
    """Answer every question with yes."""
    Yes.asked = []
    for screen in (GuestsScreen, PartyScreen):
        monkeypatch.setattr(screen, "asker", Yes())
    return Yes


def test_a_guest_is_found_corrected_and_hidden_by_keys_alone(qtbot, desk):
    stay = arrive(desk, "301", card("Wang Wie", ZHAO))
    screen = opened(qtbot, desk, GuestsScreen)
    assert screen.start() is screen.finder
    qtbot.keyClicks(screen.finder.line, "wang w")
    qtbot.keyClick(screen.finder.line, Key.Key_Down)
    assert screen.table.row().name == "Wang Wie"
    assert [s.room for s in screen.stays.rows.rows()] == ["301"]
    qtbot.keyClick(screen, Key.Key_E, Qt.KeyboardModifier.AltModifier)
    name = screen.correct_form["name"].line
    assert name.hasFocus()
    name.selectAll()
    qtbot.keyClicks(name, "Wang Wei")
    look_around()
    qtbot.keyClick(name, Key.Key_F12)
    assert screen.notes.tone == "good"
    assert row(desk, stay).guest == "Wang Wei"
    screen.acts["private"].press()
    screen.acts["vip"].press()
    g = desk.ask(guest_queries.one, guest_id=row(desk, stay).guest_id)
    assert (g.do_not_disclose, g.vip) == (True, True)
    assert [s.room for s in screen.stays.rows.rows()] == [""]


def test_the_form_for_two_records_may_be_typed_into_before_it_is_begun(qtbot):
    dress(Look("en", "light", 100))
    form = MergeForm(lambda _text: [], lambda: None, lambda: None)
    qtbot.addWidget(form.who)
    qtbot.keyClicks(form.who.line, "wang")
    assert form.other is None


def test_two_records_are_made_one_after_a_question(qtbot, desk, yes):
    first = desk.do(guests.register, name="Wang Wei", phone="138")
    other = desk.do(guests.register, name="Wang Wei", document_type="id_card", document=ZHAO)
    screen = opened(qtbot, desk, GuestsScreen, guest_id=first)
    qtbot.keyClick(screen, Key.Key_M, Ctrl)
    who = screen.merge_form.who
    look_around()
    screen.press_primary()
    assert "Choose the other record" in screen.notes.text
    qtbot.keyClicks(who.line, "wang")
    qtbot.waitUntil(who.suggesting, timeout=3000)
    qtbot.keyClick(who.line, Key.Key_Down)
    qtbot.keyClick(who.line, Key.Key_Return)
    assert screen.merge_form.other.id == other
    look_around()
    screen.press_primary()
    assert "cannot be taken back" in yes.asked[0]
    assert [g.id for g in desk.ask(guest_queries.find, text="wang")] == [first]
    assert desk.ask(guest_queries.one, guest_id=first).identity == "checked"


def test_a_number_is_shown_for_a_reason_and_a_document_erased_for_one(qtbot, desk):
    made = desk.do(guests.register, name="Wang Wei", document_type="id_card", document=ZHAO)
    screen = opened(qtbot, desk, GuestsScreen, guest_id=made)
    qtbot.keyClick(screen, Key.Key_V, CtrlShift)
    look_around()
    screen.press_primary()
    assert "Reason is missing" in screen.notes.text
    screen.reveal_form["reason"].set_value("police")
    screen.press_primary()
    assert ZHAO in screen.notes.text
    screen.acts["erase"].press()
    screen.erase_form["reason"].set_value("asked for it")
    look_around()
    screen.press_primary()
    assert desk.ask(guest_queries.one, guest_id=made).document_shown == ""
    assert screen.acts["erase"].reason


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_kept_of_a_guest_is_saved_as_a_file_for_a_reason(
    qtbot, desk, language, tmp_path, monkeypatch
):
    made = desk.do(guests.register, name="Wang Wei", document_type="id_card", document=ZHAO)
    screen = opened(qtbot, desk, GuestsScreen, language, guest_id=made)
    monkeypatch.setattr(files, "where", lambda _parent, name, kind: tmp_path / f"{name}.{kind}")
    screen.acts["take_out"].press()
    screen.press_primary()
    assert list(tmp_path.glob("G-*")) == []  # no reason yet
    screen.take_out_form["reason"].set_value("asked for it")
    look_around()
    screen.press_primary()
    assert ZHAO in (tmp_path / f"G-{made}.json").read_text("utf-8")
    assert screen.notes.tone == "good"
    screen.acts["erase"].press()
    screen.erase_form["reason"].set_value("asked for it")
    screen.press_primary()
    qtbot.wait(20)
    assert check_screen(screen) is None


def test_a_later_sharer_is_registered_leaves_and_comes_back_on_the_page(qtbot, desk, yes):
    stay = arrive(desk, "301", card("Zhao Min", ZHAO))
    screen = opened(qtbot, desk, PartyScreen, stay_id=stay)
    assert screen.line.name.line.hasFocus()
    qtbot.keyClicks(screen.line.name.line, "Qian Li")
    qtbot.keyClicks(screen.line.number.line, QIAN)
    look_around()
    screen.press_primary()
    assert [s.name for s in desk.ask(queries.sharers, stay_id=stay)] == ["Zhao Min", "Qian Li"]
    assert row(desk, stay).adults == 2
    assert screen.line.name.value() == ""
    screen.table.pick(desk.ask(queries.sharers, stay_id=stay)[1].guest_id)
    qtbot.keyClick(screen, Key.Key_B, CtrlShift)
    assert row(desk, stay).adults == 1
    qtbot.keyClick(screen, Key.Key_Z, Ctrl)
    assert row(desk, stay).adults == 2
    assert not yes.asked


def test_a_missing_document_is_entered_on_the_page(qtbot, desk):
    stay = arrive(desk, "301", card("Zhao Min", ZHAO), Person("Qian Li"))
    screen = opened(qtbot, desk, PartyScreen, stay_id=stay)
    screen.table.pick(desk.ask(queries.sharers, stay_id=stay)[1].guest_id)
    qtbot.keyClick(screen, Key.Key_D, CtrlShift)
    assert screen.line.number.line.hasFocus()
    qtbot.keyClicks(screen.line.number.line, QIAN)
    look_around()
    screen.press_primary()
    assert row(desk, stay).pending == 0


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pages_hold_to_the_rules(qtbot, desk, language):
    stay = arrive(desk, "301", card("王雅琴", ZHAO, phone="13800138000", address="杭州市西湖区文三路 12 号"))
    desk.do(people.add_sharer, stay_id=stay, person=Person("Alexandra Featherstonehaugh-Cholmondeley"))
    guest = row(desk, stay).guest_id
    desk.do(people.mark, guest_id=guest, vip=True, do_not_disclose=True)
    for screen, what in ((GuestsScreen, {"guest_id": guest}), (PartyScreen, {"stay_id": stay})):
        made = opened(qtbot, desk, screen, language, **what)
        qtbot.wait(20)  # the texts that came with opening get their places
        check_screen(made)


def test_a_question_is_a_question(desk):
    first = arrive(desk, "301", card("Zhao Min", ZHAO))
    with pytest.raises(NeedsConfirmation):
        desk.do(people.add_sharer, stay_id=arrive(desk, "302", Person("Li")), person=card("Zhao Min", ZHAO))
    assert first
