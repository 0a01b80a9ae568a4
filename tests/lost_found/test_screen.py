"""The register by keyboard: a find, a loss, the two brought together, a thing that leaves."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pms.services.lost_found import queries, service
from pms.services.stays import service as stays
from pms.ui.kit.desk import Asker
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.register import ONE
from pms.ui.kit.theme import Look
from pms.ui.screens.lost_found.screen import FOUND, LostFoundScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

Key = Qt.Key


@pytest.fixture
def page(qtbot, desk):
    """The register as it is opened, with a guest in 301."""
    dress(Look("en", "light", 100))
    desk.do(
        stays.check_in,
        line_id=desk.book("Chen Zhiyuan", phone="13800138000"),
        room_id=desk.room_id("301"),
        intent=desk.new_intent(),
    )
    made = LostFoundScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    made.open()
    made.start().setFocus()
    return made


class Sure(Asker):
    """Says yes to every question, and keeps what was asked."""

    def __init__(self):
        self.asked = []

    def confirm(self, parent, message):
        self.asked.append(message)
        return True


def found(desk, what="gold ring", **fields):
    return desk.do(
        service.register, **{"what": what, "finder": "Lin", "kept_in": "safe", "room": "301", **fields}
    )


def fill(form, **values):
    for name, value in values.items():
        form[name].set_value(value)


def test_a_find_is_registered_by_keyboard_and_the_stay_proposed(qtbot, page, desk):
    qtbot.keyClick(page.table, Key.Key_Insert)
    assert page.panel.page == FOUND
    for name, text in (("what", "gold ring"), ("room", "301"), ("finder", "Lin"), ("kept_in", "safe")):
        page.found_form[name].line.setFocus()
        qtbot.keyClicks(page.found_form[name].line, text)
    page.press_primary()
    [entry] = desk.ask(queries.kept)
    assert (entry.what, entry.room, entry.guest) == ("gold ring", "301", "Chen Zhiyuan")
    assert (page.panel.page, page.notes.tone, page.table.row().number) == (ONE, "good", entry.number)


def test_a_room_that_does_not_exist_is_refused_and_nothing_typed_is_lost(page, desk):
    page.acts["found"].press()
    fill(page.found_form, what="ring", room="999", finder="Lin", kept_in="safe")
    page.press_primary()
    assert "no room 999" in page.notes.text
    assert page.found_form["what"].value() == "ring"
    assert desk.ask(queries.kept) == []


def test_a_loss_takes_name_and_phone_from_the_stay(page, desk):
    page.acts["loss"].press()
    fill(page.loss_form, what="ring", room="301")
    page.loss_form.propose()
    assert (page.loss_form["name"].value(), page.loss_form["phone"].value()) == (
        "Chen Zhiyuan",
        "13800138000",
    )
    page.press_primary()
    [entry] = desk.ask(queries.missed)
    assert (entry.guest, page.table.row().number, page.view) == (
        "Chen Zhiyuan",
        entry.number,
        "missed",
    )


def test_a_report_is_matched_called_about_and_given_back(page, desk):
    ring = found(desk)
    report = desk.do(service.report, what="ring", name="Chen Zhiyuan", room="301")
    page.open(number=report, report=True)
    page.acts["match"].press()
    assert page.forms["match"]["item_number"].value() == ring
    page.press_primary()
    assert desk.ask(queries.one, number=ring).other == report
    page.open(number=ring)
    page.acts["contact"].press()
    fill(page.forms["contact"], told="fetches it at six", reached=True)
    page.press_primary()
    page.acts["give"].press()
    assert page.forms["give"]["name"].value() == "Chen Zhiyuan"
    fill(page.forms["give"], document_type="passport", document="E12345678")
    page.press_primary()
    assert (desk.ask(queries.kept), desk.ask(queries.missed)) == ([], [])
    assert len(desk.ask(queries.contacts, item_id=desk.ask(queries.one, number=ring).id)) == 1


def test_what_does_not_fit_a_report_is_said(page, desk):
    found(desk, "umbrella", room="", place="lobby")
    report = desk.do(service.report, what="ring", name="Li")
    page.open(number=report, report=True)
    page.acts["match"].press()
    assert page.panel.page == ONE
    assert "No item held fits" in page.notes.text


@pytest.mark.parametrize(
    ("name", "fields", "state"),
    [
        ("send", {"name": "Chen", "address": "Hangzhou", "carrier": "SF"}, "sent"),
        ("police", {"station": "West Lake", "officer": "Wu"}, "police"),
    ],
)
def test_an_item_leaves_from_the_panel(page, desk, name, fields, state):
    number = found(desk)
    page.asker = sure = Sure()
    page.open(number=number)
    page.acts[name].press()
    page.press_primary()
    assert page.notes.tone == "bad"  # something is missing
    fill(page.forms[name], **fields)
    page.press_primary()
    assert desk.ask(queries.one, number=number).state == state
    assert len(sure.asked) == (name == "police")  # its keeping time still runs


def test_an_item_is_put_elsewhere_and_its_place_told(qtbot, page, desk):
    number = found(desk)
    page.open(number=number)
    page.acts["elsewhere"].press()
    page.press_primary()
    assert page.notes.tone == "bad"  # nobody said where
    fill(page.forms["elsewhere"], kept_in="cellar, shelf 2")
    page.press_primary()
    assert desk.ask(queries.one, number=number).kept_in == "cellar, shelf 2"
    assert (page.panel.page, page.notes.tone) == (ONE, "good")


def test_word_room_and_day_find_what_has_left(qtbot, page, desk):
    number = found(desk)
    desk.do(service.send_on, number=number, name="Chen", address="Hangzhou", carrier="SF")
    assert page.table.rows.rows() == []
    page.acts["find_here"].press()
    qtbot.keyClicks(page.finder.line, "ring")
    assert [e.number for e in page.table.rows.rows()] == [number]
    qtbot.keyClicks(page.finder.line, " 302")
    assert page.table.rows.rows() == []
    page.finder.line.setText(f"301 ring {TODAY:%m-%d}")
    assert [e.number for e in page.table.rows.rows()] == [number]
    assert page.step_back()
    assert page.finder.value() == ""


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_holds_to_the_rules(qtbot, page, desk, language, theme):
    dress(Look(language, theme, 100))
    number = found(desk, "passport", kind="document")
    report = desk.do(service.report, what="passport", name="Li", kind="document")
    made = LostFoundScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    steps = [
        lambda: made.open(number=number),
        *(made.acts[n].press for n in ("found", "loss", "contact", "give", "send", "police", "dispose")),
        lambda: made.open(number=report, report=True),
        made.acts["match"].press,
    ]
    for step in steps:
        step()
        qtbot.wait(20)
        check_screen(made)
    dress(Look("en", "light", 100))
