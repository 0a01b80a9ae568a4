"""The list of papers by keyboard: see what is wrong, decide, print again; and the printers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pms.core.money import Money
from pms.printing.printers import Doubtful, Printer, Unprinted
from pms.services.guests.person import Person
from pms.services.print_jobs import queries, service
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.print_jobs.screen import ALL, PRINTERS, PrintJobsScreen
from tests.ui.checks import check_screen, dress

from .test_print_jobs import DESK, Paper, Room

Key = Qt.Key


@pytest.fixture
def screen(qtbot, desk):
    dress(Look("en", "light", 100))
    desk.do(service.assign, printer_id=desk.do(service.set_printer, printer=DESK))
    desk.do(
        stays.check_in,
        line_id=desk.book(),
        room_id=desk.room_id("301"),
        deposit=Paid("CASH", Money(50000)),
        guests=[Person("王雅琴")],
        intent="in",
    )
    made = PrintJobsScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    assert QTest.qWaitForWindowActive(made)
    yield made
    dress(Look("en", "light", 100))


def drawn(qtbot, screen):
    qtbot.waitUntil(lambda: bool(screen.preview.sheets.pages), timeout=20000)
    qtbot.wait(10)


def rows(screen):
    return [(job.kind, job.state) for job in screen.papers.rows.rows()]


def test_a_paper_in_doubt_is_decided_by_one_key(qtbot, screen, desk):
    Room(desk, Paper(faults=[Doubtful("Printer Desk stopped in the middle.")])).look()
    assert rows(screen) == [("deposit_receipt", "incomplete"), ("registration_card", "queued")]
    screen.papers.selectRow(0)
    drawn(qtbot, screen)
    assert screen.trouble.text() == "Printer Desk stopped in the middle."
    qtbot.keyClick(screen, Key.Key_W)
    assert screen.notes.tone == "good"
    assert rows(screen) == [("registration_card", "queued")]
    Room(desk).look()
    assert rows(screen) == []
    assert screen.nothing.words.text() == "No paper waits."


def test_a_duplicate_is_asked_for_and_comes_out_marked(qtbot, screen, desk):
    room = Room(desk)
    room.look()
    screen.tabs.choose(ALL)
    assert {state for _kind, state in rows(screen)} == {"printed"}
    screen.papers.pick(next(job.id for job in screen.papers.rows.rows() if job.kind == "deposit_receipt"))
    drawn(qtbot, screen)
    qtbot.keyClick(screen, Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert room.look() == ["deposit_receipt"]
    assert room.paper.out[-1].slip.mark == "DUPLICATE 1"


def test_what_waits_is_not_printed_again_but_can_be_taken_back(qtbot, screen, desk):
    drawn(qtbot, screen)
    room = Room(desk, Paper(faults=[Unprinted("Printer Desk does not answer.")]))
    room.look()
    screen.papers.pick(next(job.id for job in screen.papers.rows.rows() if job.kind == "deposit_receipt"))
    qtbot.keyClick(screen, Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert "comes out by itself" in screen.notes.text
    qtbot.keyClick(screen, Key.Key_Delete)
    assert screen.notes.tone == "good"
    room.seconds += 60
    assert room.look() == ["registration_card"]


def test_a_printer_is_added_and_given_its_papers(qtbot, screen, desk):
    drawn(qtbot, screen)
    screen.tabs.choose(PRINTERS)
    assert [p.name for p in screen.printers.rows.rows()] == ["Desk"]
    qtbot.keyClick(screen, Key.Key_Insert)
    screen.form["name"].set_value("Office")
    screen.form["kind"].set_value("queue")
    screen.form["address"].set_value("HP_400")
    screen.form["paper"].set_value("A5")
    screen.form.button.click()
    assert screen.notes.tone == "good"
    assert screen.printers.pick(next(p.id for p in desk.ask(queries.printers) if p.name == "Office"))
    screen.acts["assign"].press()
    screen.use["kind"].set_value("bill")
    screen.use.button.click()
    assert {(route.kind, route.printer) for route in desk.ask(queries.routes)} == {
        ("", "Desk"),
        ("bill", "Office"),
    }
    assert dict(screen.facts(screen.printers.row()).facts)["Used for"] == "Bill"


def test_a_printer_with_a_mistake_is_refused_in_place_and_the_form_kept(qtbot, screen):
    drawn(qtbot, screen)
    screen.tabs.choose(PRINTERS)
    qtbot.keyClick(screen, Key.Key_F12)
    screen.form["paper"].set_value("A4")
    screen.form.button.click()
    assert screen.notes.tone == "bad"
    assert screen.panel.page == "form"
    qtbot.keyClick(screen, Key.Key_Escape)


def test_a_printer_out_of_use_leaves_the_list(qtbot, screen, desk):
    drawn(qtbot, screen)
    screen.tabs.choose(PRINTERS)
    qtbot.keyClick(screen, Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert desk.ask(queries.printers) == []
    assert screen.printers.rows.rowCount() == 0


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_page_holds_to_the_rules_in_every_dress(qtbot, desk, language, theme):
    desk.do(
        service.assign,
        printer_id=desk.do(service.set_printer, printer=Printer(0, "Desk", "network", "192.168.1.60")),
    )
    desk.do(
        stays.check_in,
        line_id=desk.book(),
        room_id=desk.room_id("301"),
        guests=[Person("王雅琴")],
        intent=desk.new_intent(),
    )
    dress(Look(language, theme, 100))
    made = PrintJobsScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    drawn(qtbot, made)
    check_screen(made)
    made.tabs.choose(PRINTERS)
    check_screen(made)
    made.acts["edit_printer"].press()
    check_screen(made)
    dress(Look("en", "light", 100))
