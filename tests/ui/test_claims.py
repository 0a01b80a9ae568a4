"""Nothing claims what was not looked at or done, and no amount is ever cut."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pms import duties
from pms.core.money import Money
from pms.duties import ALL
from pms.printing.printers import Printer
from pms.services.guests.person import Person
from pms.services.print_jobs import queries as print_queries
from pms.services.print_jobs import service as print_jobs
from pms.services.print_jobs.room import PrinterLamp, open_room
from pms.services.stays import found
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.ui.kit import theme
from pms.ui.kit.cells import SIDE
from pms.ui.kit.empty import Empty
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.screens.housekeeping.screen import HousekeepingScreen
from pms.ui.screens.stays.check_in import CheckInScreen
from tests.builders import TODAY, House

from .checks import dress, opened, seen

DAY = timedelta(days=1)


def _in_house(house: House, room: str = "301", nights: int = 1, **fields) -> int:
    return int(
        house.do(
            stays.check_in,
            line_id=house.book(nights=nights),
            room_id=house.room_id(room),
            guests=[Person("Wang Yaqin")],
            intent=house.new_intent(),
            **fields,
        )
    )


# ------------------------------------------------------------------ the status sheet
def test_desk_and_housekeeping_agree_only_in_the_rooms_that_were_seen(qtbot, desk):
    page = opened(qtbot, desk, HousekeepingScreen, part="AM")

    def said() -> list[str]:
        return [x.words.text() for x in seen(page.pages, Empty)]

    qtbot.waitUntil(lambda: said() == ["No room has been seen yet."], timeout=5000)
    QTest.keyClick(page.view, Qt.Key.Key_V)
    agreed = ["Desk and housekeeping agree in the 1 of 8 rooms seen."]
    qtbot.waitUntil(lambda: said() == agreed, timeout=5000)
    qtbot.waitUntil(lambda: not page.saver.busy(), timeout=5000)


# ------------------------------------------------------------------ papers and lamps
def test_a_paper_in_a_folder_is_saved_and_one_from_a_printer_is_printed(house):
    _in_house(house, deposit=Paid("CASH", Money(40000)))
    first, second = sorted(j.id for j in house.ask(print_queries.jobs))[:2]
    house.do(print_jobs.set_printer, printer=Printer(0, "Desk", "network", "192.168.1.60"))
    for job, printer in ((first, "Folder ~/papers"), (second, "Desk")):
        assert house.do(print_jobs.claim, job_id=job, printer=printer)
        house.do(print_jobs.printed, job_id=job)
    told = {j.id: (j.state_name, j.printer) for j in house.ask(print_queries.jobs)}
    assert told[first] == ("Saved as PDF", "Folder ~/papers")
    assert told[second] == ("Printed", "Desk")


def test_the_lamp_is_green_only_once_a_printer_has_printed(desk, tmp_path):
    spooler = open_room(desk, tmp_path / "paper")
    lamp = PrinterLamp(desk, spooler, tmp_path / "paper")
    assert lamp.state() == ("off", f"No printer is set up. Papers are kept as PDF files in {tmp_path}/paper.")
    number = desk.do(print_jobs.set_printer, printer=Printer(0, "Desk", "network", "192.168.1.60"))
    desk.do(print_jobs.assign, printer_id=number)
    assert lamp.state() == ("off", "Nothing has been printed since the start.")
    spooler.came_out = True
    assert lamp.state()[0] == "ok"
    spooler.trouble = "no paper"
    assert lamp.state() == ("bad", "no paper")


def test_nothing_is_green_at_the_check_in_before_it_is_done(qtbot, desk):
    line = desk.book(room_id=desk.room_id("301"))
    page = opened(qtbot, desk, CheckInScreen, line_id=line)
    _guests, _stay, deposit, papers = page.sections
    assert (deposit.said(), deposit.tone) == ("800.00 to take", "warn")
    assert (papers.said(), papers.tone) == ("1 card to cut", "")


# ------------------------------------------------------------------ the search
def test_the_search_finds_who_left_today_also_by_the_room_and_tomorrow_by_name(house):
    stay = _in_house(house)
    house.next_day()
    row = house.ask(stay_queries.stay, stay_id=stay, business_date=TODAY + DAY)
    house.do(
        stays.check_out,
        stay_id=stay,
        payments=[Paid("MOBILE", row.balance, "A")],
        refund=None,
        slip_back=True,
        waive_late="",
        cards_back=0,
        print_bill=False,
        intent=house.new_intent(),
    )
    for typed in ("yaqin", "301"):
        assert [(h.title, h.sub, h.what) for h in house.ask(found.search, text=typed)] == [
            ("301 Wang Yaqin", "left today", {"stay_id": stay})
        ]
    house.next_day()
    assert [h.sub for h in house.ask(found.search, text="yaqin")] == ["left on 21 Nov 2026"]
    assert house.ask(found.search, text="301") == []


def test_what_one_person_searched_for_goes_with_that_person(qtbot, desk):
    dress(Look("en", "light", 100))
    desk.offers = duties.offered()
    window = MainWindow(Look("en", "light", 100), lambda look: None, "FD-1")
    qtbot.addWidget(window)
    window.attach(desk, desk.changes)
    window.show()
    window._came_in(desk.clerk)
    line = window.workplace.bar.search
    line.setText("Wang")
    window._came_in(desk.clerk)
    assert line.text() == "Wang"
    window._came_in(type(desk.clerk)(2, "Li Na", "clerk", ALL))
    assert line.text() == ""


# ------------------------------------------------------------------ amounts
@pytest.mark.parametrize("scale", [100, 130])
def test_an_amount_is_never_cut_however_large_it_becomes(qtbot, scale):
    dress(Look("en", "light", scale))
    table = Table(
        (
            Column("Account", lambda r: r[0]),
            Column("Debit", lambda r: r[1], "money", width=80, bold=True),
            Column("Credit", lambda r: r[2], "money", width=80),
        ),
        key=lambda r: r[0],
    )
    qtbot.addWidget(table)
    table.resize(560, 200)
    table.show()
    for most in (100, 1_000_238_400, -999_999_999_999):
        table.show_rows([("Cash", 500, 100), ("Over and short", most, most)])
        qtbot.wait(10)
        for column in (1, 2):
            text = table.rows.cell(1, column).text
            wide = theme.measure("strong" if column == 1 else "body").horizontalAdvance(text)
            assert wide + 2 * SIDE <= table.columnWidth(column), text
    dress(Look("en", "light", 100))
