"""The night audit by one key: begin, clear, close, proof, backup; and what stops it."""

import errno
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import text

from pms.core import i18n
from pms.core.errors import Refused
from pms.core.money import Money
from pms.core.reading import query
from pms.core.settings import Home, Settings
from pms.printing.slip import Table as Lines
from pms.services.day_audit import queries as day_audit
from pms.services.folios import service as folios
from pms.services.night_audit import queries, service
from pms.services.opening.after_close import AfterClose
from pms.services.property import service as property_
from pms.services.reports import printouts as reports
from pms.services.reports.printouts import REPORTS
from pms.services.reservations import queries as booking_queries
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.ui.kit.desk import Asker
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.night_audit.grouped import Head, Quiet
from pms.ui.screens.night_audit.screen import FINDING, LINES, PROOF, NightAuditScreen
from tests.builders import TODAY
from tests.night_audit.test_checks import plant, plant_a_bad_night
from tests.ui.checks import check_screen, dress

Key = Qt.Key
CtrlShift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    i18n.use("en")


def check_in(desk, number="301", deposit=90000, **fields):
    line = desk.book(**fields)
    return desk.do(
        stays.check_in,
        line_id=line,
        room_id=desk.room_id(number),
        deposit=Paid("CASH", Money(deposit)),
        intent=desk.new_intent(),
    )


class Files:
    """Follows a close without writing anything; ``trouble`` makes the next report fail."""

    def __init__(self, desk):
        self.desk, self.trouble, self.wrote = desk, "", []

    def report(self, day):
        if self.trouble:
            trouble, self.trouble = self.trouble, ""
            raise Refused(trouble)
        return self._done(day, "report")

    def backup(self, day):
        return self._done(day, "backup")

    def _done(self, day, step):
        self.desk.do(service.step_done, business_date=day, step=step)
        self.wrote.append((step, day))
        return f"The {step} is written."


class Says(Asker):
    """Answers every question alike and keeps what was asked."""

    def __init__(self, word):
        self.word, self.asked = word, []

    def confirm(self, parent, message):
        self.asked.append(message)
        return self.word


def look_at_once(qtbot, page):
    """Have what is asked after each act see what the look beside the window brought."""
    beside = page.lookout.look

    def look(then=None):
        beside(then)
        qtbot.waitUntil(lambda: not page.looking, timeout=10000)

    page.lookout.look = look


def page_of(qtbot, desk, language="en"):
    dress(Look(language, "dark", 100))
    desk.after_close = desk.after_close or Files(desk)
    made = NightAuditScreen(desk, ChangeSignal(desk.changes))
    made.asker = Says(True)
    look_at_once(qtbot, made)
    made.went = []
    made.wanted.connect(lambda word, what: made.went.append((word, what)))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    assert QTest.qWaitForWindowActive(made)
    made.open()
    made.start().setFocus()
    qtbot.wait(20)
    return made


def test_what_needs_no_look_is_there_before_the_first_look_has_come_back(qtbot, desk, monkeypatch):
    check_in(desk)
    monkeypatch.setattr(NightAuditScreen, "refresh", lambda _page: None)  # it is still on its way
    dress(Look("en", "dark", 100))
    page = NightAuditScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(page)
    page.show()
    page.open()
    assert page.night is None
    page.acts["three_ways"].press()
    assert [r.room for r in page.three.rooms.rows.rows()] == ["301"]
    page.acts["every_line"].press()
    page.acts["print_lines"].press()
    assert "The rehearsal is printed." in page.notes.text


@pytest.fixture
def night(desk):
    """Two guests stay on, one booking has not come; it is two in the morning."""
    check_in(desk, "301", nights=3)
    check_in(desk, "302", name="Li", nights=2, deposit=10000)
    desk.book("No Show")
    desk.clock.set(TODAY + DAY, 2.2)
    return desk


def look_through(qtbot, page):
    """Take what was not looked at yet in hand, one after another, by the one key."""
    for _finding in page.night.findings:
        if not page.side.big.words.startswith("Next: "):
            break
        qtbot.keyClick(page, Key.Key_F12)


def close(qtbot, page):
    look_through(qtbot, page)
    qtbot.keyClick(page, Key.Key_F12)
    qtbot.waitUntil(lambda: not page.running, timeout=10000)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page_at_each_step(qtbot, night, language):
    page = page_of(qtbot, night, language)
    check_screen(page)
    for name in ("every_line", "proof", "three_ways", "back_to_findings", "go_on"):
        page.acts[name].press()
        qtbot.wait(20)
        check_screen(page)


def test_one_key_from_the_look_to_the_end(qtbot, night):
    page = page_of(qtbot, night)
    assert page.night.stage == "begin"
    assert night.ask(queries.run, business_date=TODAY) is None  # looking changes nothing
    qtbot.keyClick(page, Key.Key_F12)
    assert page.night.stage == "close"
    assert page.side.total.text() == "596.00"
    assert page.side.title.text() == "Rehearsal of 20 Nov"
    close(qtbot, page)
    [asked] = page.asker.asked
    assert "Post and close 20 Nov?" in asked
    assert "1 booking becomes a no-show" in asked
    assert night.house().business_date == TODAY + DAY
    assert page.night.stage == "early"  # the next audit is tonight
    assert page.side.title.text() == "Rehearsal of 21 Nov"  # not of the day that is closed
    assert night.after_close.wrote == [("report", TODAY), ("backup", TODAY)]
    assert night.ask(queries.run, business_date=TODAY).done_at is not None
    assert page.middle.currentIndex() == PROOF
    assert "2 lines" in page.notes.text
    assert "The backup is written." in page.notes.text
    page.acts["reports"].press()
    assert page.went.pop() == ("reports", {"day": TODAY})
    assert page.proven.badge.itemAt(0).widget().tone == "good"
    assert page.side.big.words == "Reports of 20 Nov"
    qtbot.keyClick(page, Key.Key_F12)
    assert page.went == [("reports", {"day": TODAY})]
    assert night.ask(queries.proof, business_date=TODAY)


def test_what_the_rehearsal_shows_is_what_is_posted(qtbot, night):
    options = night.context_options()
    night.do(property_.edit, name="x", options=replace(options, tax_basis_points=650, tax_included=False))
    page = page_of(qtbot, night)
    rehearsed = {(c.room, c.code, c.amount) for c in page.night.charges}
    lines, total = len(page.night.charges), page.night.total()
    qtbot.keyClick(page, Key.Key_F12)
    close(qtbot, page)
    run = night.ask(queries.run, business_date=TODAY)
    assert (run.postings, lines) == (4, 4)
    assert ("301", "TAX", 1937) in rehearsed
    guests = sum(s.balance for s in night.ask(stay_queries.in_house, business_date=TODAY))
    assert guests == total


def test_a_departure_that_is_not_out_stops_the_close_and_is_cleared_elsewhere(qtbot, desk):
    stay = check_in(desk, nights=1)
    desk.next_day()
    for step in ("report", "backup"):
        desk.do(service.step_done, business_date=TODAY, step=step)
    desk.clock.set(TODAY + 2 * DAY, 2)
    page = page_of(qtbot, desk)
    qtbot.keyClick(page, Key.Key_F12)
    assert page.night.stage == "clear"
    assert "301 is due out" in page.side.then.text()
    assert page.side.big.words == "Next: 301"  # the signs of last night's paper are in hand
    qtbot.keyClick(page, Key.Key_F12)
    assert page.side.big.words == "Check out: 301"
    qtbot.keyClick(page, Key.Key_F12)
    assert page.went == [("check_out", {"stay_id": stay})]
    qtbot.keyClick(page, Key.Key_F6)
    assert page.went[-1] == ("extend", {"stay_id": stay})
    assert page.can_approve()  # it cannot be approved away
    desk.do(stays.extend, stay_id=stay, departure=TODAY + 2 * DAY)
    assert page.night.stage == "close"


def test_the_button_goes_from_finding_to_finding_and_then_closes_asked_once(qtbot, night):
    page = page_of(qtbot, night)
    page.asker = Says(False)
    qtbot.keyClick(page, Key.Key_F12)
    unmarked = [f.key for f in page.night.unmarked()]
    about = [f.about for f in page.night.unmarked()]
    assert sorted(about) == ["301", "302", "302", "No Show"]
    assert [i.finding.key for i in page.chosen()] == unmarked[:1]
    said = []
    while page.side.big.words.startswith("Next: "):
        said.append(page.side.big.words)
        qtbot.keyClick(page, Key.Key_F12)
        assert page.list.hasFocus()
        assert [i.finding.key for i in page.chosen()] == [unmarked[len(said)]]
    assert said == [f"Next: {one}" for one in about[1:]]
    assert page.side.big.words == "Post and close 20 Nov"
    assert "4 findings have no mark" in page.side.then.text()
    qtbot.keyClick(page, Key.Key_F12)
    assert len(page.asker.asked) == 1
    assert night.house().business_date == TODAY  # a no is a no
    night.book("Comes late", "TWN")
    assert page.side.big.words == "Next: Comes late"  # what is new is looked at first


def test_a_name_of_any_length_has_room_on_the_button(qtbot, night):
    night.book("Hubert Wolfeschlegelsteinhausenbergerdorff", "TWN")
    page = page_of(qtbot, night)
    qtbot.keyClick(page, Key.Key_F12)
    for _finding in page.night.findings:
        qtbot.wait(10)
        check_screen(page)
        qtbot.keyClick(page, Key.Key_F12)


def test_before_midnight_the_button_clears_what_would_stop_the_close(qtbot, desk):
    stay = check_in(desk, nights=1)
    desk.next_day()
    for step in ("report", "backup"):
        desk.do(service.step_done, business_date=TODAY, step=step)
    desk.clock.set(TODAY + DAY, 21)
    page = page_of(qtbot, desk)
    assert page.night.stage == "early"
    assert page.side.big.words == "Check out: 301"
    qtbot.keyClick(page, Key.Key_F12)
    assert page.went == [("check_out", {"stay_id": stay})]


def test_findings_are_marked_with_a_remark_that_is_stored(qtbot, night):
    page = page_of(qtbot, night)
    assert "Begin" in page.can_approve()
    qtbot.keyClick(page, Key.Key_F12)
    first = page.list.row().finding
    qtbot.keyClick(page.list, Key.Key_A)
    assert page.finding.remark.shown_error()
    assert night.ask(queries.marks, business_date=TODAY) == {}
    qtbot.keyClicks(page.finding.remark.line, "called, comes at noon")
    page.acts["approve"].press()
    assert night.ask(queries.marks, business_date=TODAY)[first.key]["state"] == "approved"
    assert page.list.row().finding.key != first.key  # on to the next without a mark
    qtbot.keyClicks(page.finding.remark.line, "why?")
    page.acts["query"].press()
    assert sorted(m["state"] for m in night.ask(queries.marks, business_date=TODAY).values()) == [
        "approved",
        "queried",
    ]
    assert {i.state for i in page.list.items()} >= {"approved", "queried"}


class TestManyInHand:
    """Several findings take one remark: Ctrl+A takes the kind, Shift and the arrows take what stands next to
    each other."""

    @pytest.fixture
    def page(self, qtbot, night):
        for n in range(3):
            night.book(f"Late {n}", "TWN")
        page = page_of(qtbot, night)
        qtbot.keyClick(page, Key.Key_F12)
        return page

    @staticmethod
    def states(house):
        marks = house.ask(queries.marks, business_date=TODAY)
        return sorted((key.partition(":")[0], m["state"], m["remark"]) for key, m in marks.items())

    def test_a_kind_is_approved_with_one_remark(self, qtbot, page, night):
        page.list.pick(next(f.key for f in page.night.findings if f.kind == "arrivals"))
        qtbot.keyClick(page.list, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        assert [i.finding.kind for i in page.chosen()] == ["arrivals"] * 4
        assert page.finding.title.text() == "4 findings"
        assert page.finding.approving.words == "Approve it (4)"
        qtbot.wait(50)  # the new words get their places
        check_screen(page)
        qtbot.keyClick(page.list, Key.Key_A)
        assert page.finding.remark.shown_error()
        assert self.states(night) == []
        qtbot.keyClicks(page.finding.remark.line, "called")
        qtbot.keyClick(page.finding.remark.line, Key.Key_Return)
        assert self.states(night) == [("arrivals", "approved", "called")] * 4
        assert len(page.chosen()) == 1  # on to the next without a mark
        assert page.chosen()[0].finding.kind != "arrivals"
        assert page.list.hasFocus()

    def test_neighbours_are_queried_with_one_remark(self, qtbot, page, night):
        arrivals = [f.key for f in page.night.findings if f.kind == "arrivals"]
        page.list.pick(arrivals[1])
        for _press in range(2):
            qtbot.keyClick(page.list, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert [i.finding.key for i in page.chosen()] == arrivals[1:4]
        qtbot.keyClicks(page.finding.remark.line, "where are they?")
        page.acts["query"].press()
        assert self.states(night) == [("arrivals", "queried", "where are they?")] * 3

    def test_a_kind_leaves_the_own_acts_out_until_all_of_it_is_asked_for(self, qtbot, page, night):
        page.list.pick(next(f.key for f in page.night.findings if f.kind == "identity"))
        qtbot.keyClick(page.list, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        assert len(page.chosen()) == 2  # all of them are the auditor's: there is nothing else
        assert "2 of them are your own acts (301" in page.can_approve()
        qtbot.keyClicks(page.finding.remark.line, "no reader")
        page.acts["query"].press()
        assert self.states(night) == [("identity", "queried", "no reader")] * 2

    def test_what_changes_meanwhile_leaves_them_in_hand_with_the_remark(self, qtbot, page, night):
        page.list.pick(next(f.key for f in page.night.findings if f.kind == "arrivals"))
        page.acts["choose_kind"].press()
        chosen = [i.finding.key for i in page.chosen()]
        qtbot.keyClicks(page.finding.remark.line, "called")
        night.book("One more", "TWN")
        page.refresh()
        assert [i.finding.key for i in page.chosen()] == chosen
        assert page.finding.remark.value() == "called"


def test_each_finding_leads_to_the_page_that_clears_it(qtbot, night):
    page = page_of(qtbot, night)
    for item in page.list.items():
        page.list.pick(item.finding.key)
        page.acts["clear"].press()
    assert {word for word, _what in page.went} == {"check_in", "folios", "stays"}


def test_before_midnight_the_page_says_when_it_begins(qtbot, night):
    night.clock.set(TODAY, 23)
    page = page_of(qtbot, night)
    assert page.night.stage == "early"
    assert "begins on 21 Nov 00:00" in page.side.then.text()
    qtbot.keyClick(page, Key.Key_F12)
    assert page.went == [("room_board", {})]
    assert night.ask(queries.run, business_date=TODAY) is None


def test_the_page_notices_the_hour_from_which_the_day_closes(qtbot, night):
    night.do(property_.edit, name="x", options=replace(night.context_options(), close_from="02:30"))
    page = page_of(qtbot, night)  # a quarter past two
    assert page.night.stage == "early"
    assert "02:30" in page.side.then.text()
    night.clock.set(TODAY + DAY, 2.5)
    qtbot.keyClick(page, Key.Key_F12)
    qtbot.waitUntil(lambda: page.night.stage == "begin")


@pytest.mark.parametrize("word", [True, False])
def test_several_days_that_wait_are_begun_by_the_auditors_word(qtbot, night, word):
    night.clock.set(TODAY + 2 * DAY, 2.2)
    page = page_of(qtbot, night)
    page.asker = Says(word)
    assert page.night.stage == "begin"
    qtbot.keyClick(page, Key.Key_F12)
    assert "2 days wait to be closed, for it is 22 Nov 2026 02:12" in page.asker.asked[0]
    assert (page.night.run is not None) is word
    assert page.night.stage == ("close" if word else "begin")


def test_an_audit_is_taken_up_where_another_workstation_left_it(qtbot, night):
    night.do(service.begin, business_date=TODAY)
    night.do(service.close, business_date=TODAY)
    page = page_of(qtbot, night)
    assert page.night.stage == "report"
    assert page.steps.at == 3
    close(qtbot, page)  # the same key goes on with what is left
    assert night.ask(queries.run, business_date=TODAY).step == "done"


def test_a_full_disk_never_stops_the_audit_is_named_and_tried_again(qtbot, night):
    page = page_of(qtbot, night)
    night.after_close.trouble = "reports cannot be written: no space left."
    qtbot.keyClick(page, Key.Key_F12)
    close(qtbot, page)
    assert night.house().business_date == TODAY + DAY
    assert "no space left" in page.notes.text
    assert page.night.stage == "report"
    close(qtbot, page)
    assert night.after_close.wrote == [("report", TODAY), ("backup", TODAY)]
    assert page.night.stage == "early"


def test_reports_on_a_full_disk_are_named_on_the_screen_and_written_with_the_next_press(
    qtbot, night, tmp_path, monkeypatch
):
    night.do(property_.edit, name="x", options=replace(night.context_options(), backups=False))
    place = Home(tmp_path / "config", tmp_path / "data")
    night.after_close = AfterClose(night, place, Settings())
    folder = place.reports / str(TODAY)
    folder.mkdir(parents=True)
    sync, room = os.fsync, []

    def full(number):
        """The disk has no room for the second report until somebody makes some."""
        if not room and Path(f"/proc/self/fd/{number}").readlink().name == "02-revenue.pdf.part":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(number)

    monkeypatch.setattr(os, "fsync", full)
    page = page_of(qtbot, night)
    qtbot.keyClick(page, Key.Key_F12)
    close(qtbot, page)
    assert night.house().business_date == TODAY + DAY
    assert f"reports/{TODAY}/02-revenue.pdf cannot be written: the disk is full" in page.notes.text
    assert page.night.stage == "report"
    assert [p.name for p in folder.iterdir()] == ["01-audit-record.pdf"]
    room.append(True)
    close(qtbot, page)
    assert page.night.stage == "early"
    assert len(list(folder.glob("*.pdf"))) == len(REPORTS)
    assert night.ask(queries.run, business_date=TODAY).step == "done"


def heads(page):
    return [row for row in page.list.rows.rows() if isinstance(row, Head)]


def test_findings_stand_under_their_kind_with_count_and_money(qtbot, night):
    page = page_of(qtbot, night)
    kinds = [head for head in heads(page) if head.kind]
    assert [head.amount for head in kinds] == sorted((head.amount for head in kinds), reverse=True)
    assert {head.kind: head.count for head in kinds} == {"arrivals": 1, "credit": 1, "identity": 2}
    of_items = [i.finding.kind for i in page.list.items()]
    assert list(dict.fromkeys(of_items)) == [head.kind for head in kinds]
    for head in kinds:
        assert head.amount == sum(i.finding.amount for i in page.list.items() if i.finding.kind == head.kind)


def test_tonights_money_of_who_has_not_come_is_one_night(qtbot, night):
    night.book("Three nights", "TWN", nights=3)
    page = page_of(qtbot, night)
    money = {f.title: f.amount for f in page.night.findings if f.kind == "arrivals"}
    assert money == {"No Show has not come": 29800, "Three nights has not come": 29800}


class TestEvidence:
    """What the duties have stands beside the finding, asked for once it has been in hand for a moment."""

    @staticmethod
    def told(page):
        return [(row.source, row.text) for row in page.finding.evidence.stands.rows.rows()]

    @pytest.fixture
    def page(self, qtbot, night):
        page = page_of(qtbot, night)
        qtbot.keyClick(page, Key.Key_F12)
        return page

    def take(self, qtbot, page, kind):
        page.list.pick(next(i.finding.key for i in page.list.items() if i.finding.kind == kind))
        qtbot.waitUntil(lambda: self.told(page) != [], timeout=5000)

    def test_a_guest_over_credit(self, qtbot, page):
        self.take(qtbot, page, "credit")
        told = dict(self.told(page))
        assert told["Desk"] == "in house until 22 Nov, 1 person"
        assert told["Folio"] == "owes nothing"
        assert told["Deposit"] == "100.00 held (D-2)"
        happened = [row.text for row in page.finding.evidence.past.rows.rows()]
        assert happened[-2:] == ["Checked in, 302", "Booked, Confirmed"]
        check_screen(page)

    def test_another_finding_in_hand_takes_the_place_of_what_was_told(self, qtbot, page):
        self.take(qtbot, page, "credit")
        page.list.pick(next(i.finding.key for i in page.list.items() if i.finding.kind == "arrivals"))
        assert self.told(page) == []  # never of another
        qtbot.waitUntil(lambda: self.told(page) != [], timeout=5000)
        assert self.told(page)[0][0] == "Booking"

    def test_many_in_hand_have_none(self, qtbot, page):
        self.take(qtbot, page, "identity")
        page.acts["choose_kind"].press()
        assert not page.finding.evidence.widget.isVisible()
        assert self.told(page) == []

    def test_what_changes_is_told_anew(self, qtbot, page, night):
        self.take(qtbot, page, "credit")
        stay = page.list.row().finding.stay_id
        night.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(1200), intent="tea")
        qtbot.waitUntil(lambda: ("Folio", "owes 12.00") in self.told(page), timeout=5000)

    def test_why_it_is_not_approved_stands_beside_the_buttons(self, qtbot, page):
        page.list.pick(next(i.finding.key for i in page.list.items() if i.finding.kind == "identity"))
        assert page.finding.why.isVisible()
        assert "your own act" in page.finding.why.text()
        page.list.pick(next(i.finding.key for i in page.list.items() if i.finding.kind == "arrivals"))
        assert not page.finding.why.isVisible()


def test_what_was_checked_and_found_nothing_stands_at_the_end(qtbot, night):
    page = page_of(qtbot, night)
    rows = page.list.rows.rows()
    last = max(n for n, row in enumerate(rows) if isinstance(row, Head))
    assert rows[last].title == "Checked, nothing found"
    quiet = rows[last + 1 :]
    assert all(isinstance(row, Quiet) for row in quiet)
    assert {row.kind for row in quiet} == page.checks.keys() - {i.finding.kind for i in page.list.items()}
    assert rows[last].count == len(quiet) > 20


def test_the_keys_go_from_finding_to_finding_over_heads_and_quiet_lines(qtbot, night):
    for n in range(3):
        night.book(f"Late {n}", "TWN")
    page = page_of(qtbot, night)
    keys, seen = [i.finding.key for i in page.list.items()], []
    qtbot.keyClick(page.list, Key.Key_Home)
    for _finding in keys:
        seen.append(page.list.row().finding.key)
        qtbot.keyClick(page.list, Key.Key_Down)
    assert seen == keys
    qtbot.keyClick(page.list, Key.Key_Up)
    assert page.list.row().finding.key == keys[-2]
    control = Qt.KeyboardModifier.ControlModifier
    for key, modifier, end in (
        (Key.Key_End, control, -1),
        (Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 0),
        (Key.Key_End, control, -1),
        (Key.Key_Home, control, 0),
    ):
        qtbot.keyClick(page.list, key, modifier)
        assert page.list.row().finding.key == keys[end]
    qtbot.keyClick(page.list, Key.Key_PageDown)
    assert keys.index(page.list.row().finding.key) > len(keys) // 2


def test_a_click_on_a_kinds_head_takes_the_kind(qtbot, night):
    night.book("Late", "TWN")
    page = page_of(qtbot, night)
    line = next(n for n, row in enumerate(page.list.rows.rows()) if getattr(row, "kind", "") == "arrivals")
    qtbot.wait(20)
    at = page.list.visualRect(page.list.rows.index(line, 0)).center()
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [i.finding.kind for i in page.chosen()] == ["arrivals"] * 2


def test_two_auditors_close_once_and_the_second_is_told(qtbot, night):
    page = page_of(qtbot, night)
    qtbot.keyClick(page, Key.Key_F12)
    page.lookout.night = replace(page.night)  # what this screen still shows
    night.changes._listeners.clear()  # the announcement of the other workstation has not arrived yet
    night.do(service.close, business_date=TODAY)
    close(qtbot, page)
    assert "closed already" in page.notes.text
    assert page.night.stage == "report"
    assert night.house().business_date == TODAY + DAY


def test_every_line_and_the_proof_take_the_middle_and_esc_turns_back(qtbot, night):
    page = page_of(qtbot, night)
    qtbot.keyClick(page, Key.Key_F2)
    assert page.middle.currentIndex() == LINES
    assert [c.room for c in page.every.lines.rows.rows()] == ["301", "302"]
    qtbot.keyClick(page.every.lines, Key.Key_Q, CtrlShift)
    assert page.middle.currentIndex() == PROOF
    assert page.step_back()
    assert page.middle.currentIndex() == FINDING
    assert not page.step_back()


def test_a_no_show_is_written_by_the_close(qtbot, night):
    page = page_of(qtbot, night)
    qtbot.keyClick(page, Key.Key_F12)
    close(qtbot, page)
    assert [
        r.state
        for r in night.ask(booking_queries.coming, start=TODAY, end=TODAY)
        if r.guest_name == "No Show"
    ] == ["no_show"]


def test_a_posting_made_meanwhile_is_looked_at_again(qtbot, night):
    page = page_of(qtbot, night)
    stay = next(s.stay_id for s in night.ask(stay_queries.in_house, business_date=TODAY) if s.room == "302")
    before = page.night.findings
    night.do(folios.pay, stay_id=stay, method="CASH", amount=Money(90000), intent="paid")
    assert len(page.night.findings) == len(before) - 1


def test_the_rehearsal_says_why_tonight_differs_and_is_saved_and_printed(qtbot, night, tmp_path):
    night.do(service.begin, business_date=TODAY)
    night.next_day()
    for step in ("report", "backup"):
        night.do(service.step_done, business_date=TODAY, step=step)
    gone = next(
        s.stay_id for s in night.ask(stay_queries.in_house, business_date=TODAY + DAY) if s.room == "302"
    )
    night.do(folios.pay, stay_id=gone, method="CASH", amount=Money(19800), intent="paid")
    night.do(stays.check_out, stay_id=gone, intent="out")
    check_in(night, "303", nights=2, name="Newcomer")
    page = page_of(qtbot, night)
    page.acts["every_line"].press()
    changes = {(c.reason, c.room): c.now - c.before for c in page.every.why.rows.rows()}
    assert changes[("arrival", "303")] == 29800
    assert changes[("departure", "302")] == -29800
    assert (
        sum(changes.values())
        == sum(c.amount for c in page.night.charges if c.code == "ROOM") - page.night.last_revenue
    )
    check_screen(page)
    page.where = lambda kind: tmp_path / f"rehearsal.{kind}"
    page.acts["save_lines_sheet"].press()
    page.acts["save_lines_pdf"].press()
    page.acts["print_lines"].press()
    assert (tmp_path / "rehearsal.pdf").read_bytes().startswith(b"%PDF")
    cells = [
        cell.value
        for line in openpyxl.load_workbook(tmp_path / "rehearsal.xlsx").worksheets[0].iter_rows()
        for cell in line
    ]
    assert {"Newcomer", "New tonight", "Departed", 298} <= set(cells)
    assert (
        night.ask(lambda s: s.scalars(text("SELECT kind FROM print_job ORDER BY id DESC")).first())
        == "audit_rehearsal"
    )


def test_a_night_with_planted_irregularities_is_audited_on_screen(qtbot, desk):
    """Every kind is seen, opened and either cleared or marked; what is queried is in the day audit's register
    in the morning."""
    planted = plant_a_bad_night(desk)
    for step in ("report", "backup"):
        desk.do(service.step_done, business_date=TODAY, step=step)
    desk.clock.set(TODAY + 2 * DAY, 2)
    page = page_of(qtbot, desk)
    qtbot.keyClick(page, Key.Key_F12)
    groups = {head.kind: head for head in heads(page) if head.kind}
    assert set(groups) >= {
        "departures",
        "balance",
        "arrivals",
        "given_away",
        "rates",
        "credit",
        "voids",
        "adjustments",
        "nights",
        "transfers",
        "discrepancies",
        "zero_charge",
        "cards",
        "gaps",
    }
    assert len({head.title for head in groups.values()}) == len(groups)
    for kind in groups:
        page.list.pick(next(i.finding.key for i in page.list.items() if i.finding.kind == kind))
        item = page.list.row()
        assert item.finding.kind == kind
        assert page.finding.title.text() == item.finding.title
        assert (page.finding.risk.text() == "") == (item.finding.amount == 0)
        page.acts["clear"].press()
        if kind == "on_paper":  # cleared on this page
            assert page.finding.signs.field.line.hasFocus()
            continue
        word, what = page.went[-1]
        assert (word, what) == (item.finding.remedy.page, item.finding.remedy.what)
    assert page.night.stage == "clear"
    back = Paid("BANK", Money(90000 - 59600))
    desk.do(stays.check_out, stay_id=planted.due, refund=back, intent="due leaves")
    plant(
        desk,
        f"UPDATE account SET balance = balance - 500 WHERE stay_id = {planted.away} AND ledger = 'guest'",
    )  # put right as it was planted
    page.refresh()
    assert page.night.stage == "close"
    count, queried = len(page.night.unmarked()), 0
    for n in range(count):
        page.finding.remark.set_value(f"seen {n}")
        own = "your own act" in page.acts["approve"].reason
        page.acts["query" if own or n % 2 else "approve"].press()
        queried += own or n % 2
    assert page.night.unmarked() == []
    close(qtbot, page)
    assert desk.house().business_date == TODAY + 2 * DAY
    register = [f for f in desk.ask(day_audit.still_open) if f.business_date == TODAY + DAY]
    assert len(register) == queried > 5
    assert all(f.by_night and f.remark.startswith("seen") for f in register)
    record = desk.ask(reports.report, word="audit_record", day=TODAY + DAY)
    assert len(next(b for b in record.blocks if isinstance(b, Lines)).rows) == count


def test_a_page_left_open_notices_that_midnight_has_passed(qtbot, desk):
    desk.clock.set(TODAY, 23.9)
    page = page_of(qtbot, desk)
    assert page.night.stage == "early"
    desk.clock.set(TODAY + DAY, 0.1)
    page.go_on()
    assert page.night.stage == "begin"
    assert page.went == []  # the old words' way, to the room board, is not gone
    assert "Begin" in page.side.big.words


class TestALookBesideTheWindow:
    """What is pressed or changes while a look is under way is neither lost nor done twice."""

    @pytest.fixture
    def page(self, qtbot, night):
        made = page_of(qtbot, night)
        del made.lookout.look  # the page's own: nobody waits for it
        return made

    def test_a_key_pressed_meanwhile_counts_if_the_button_still_means_it(self, qtbot, page):
        page.lookout.look()
        assert page.looking
        page.go_on()
        assert page.night.run is None
        qtbot.waitUntil(lambda: page.night.stage == "close" and not page.looking)

    def test_a_key_pressed_meanwhile_is_dropped_when_the_button_means_something_else(
        self, qtbot, page, night
    ):
        night.do(service.begin, business_date=TODAY)
        page.lookout.look()
        page.go_on()  # it still read: begin
        qtbot.waitUntil(lambda: not page.looking)
        qtbot.wait(50)
        assert (page.night.stage, night.house().business_date, page.running) == ("close", TODAY, False)

    def test_the_three_ways_opened_meanwhile_keep_their_rooms(self, qtbot, page):
        page.lookout.look()  # asks for no rooms: they are not on the page
        page.three_ways()
        shown = [room.room for room in page.three.rooms.rows.rows()]
        assert shown == ["301", "302"]
        qtbot.waitUntil(lambda: not page.looking)
        assert [room.room for room in page.three.rooms.rows.rows()] == shown

    def test_what_changes_meanwhile_is_seen(self, qtbot, page, night):
        page.lookout.look()
        night.do(service.begin, business_date=TODAY)
        page.refresh()
        qtbot.waitUntil(lambda: not page.looking)
        assert page.night.stage == "close"

    def test_keys_that_come_faster_than_the_looks_do_not_starve_them(self, qtbot, page, night):
        page.asker = Says(False)
        night.clock.set(TODAY + DAY * 2, 2.2)
        for _press in range(40):
            page.go_on()
            qtbot.wait(2)
        qtbot.waitUntil(lambda: not page.looking)
        assert page.night.clock == TODAY + DAY * 2

    def test_a_look_that_fails_is_said_and_the_next_one_works(self, qtbot, page, monkeypatch):
        with monkeypatch.context() as broken:
            broken.setattr(
                queries,
                "rehearsal",
                query()(
                    lambda _session, *, business_date: (_ for _ in ()).throw(Refused("The books are away."))
                ),
            )
            page.lookout.look()
            qtbot.waitUntil(lambda: not page.looking)
        assert "The books are away." in page.notes.text
        page.lookout.look()
        qtbot.waitUntil(lambda: not page.looking)
        assert not page.looking
        assert page.night.stage == "begin"
