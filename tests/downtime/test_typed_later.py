"""What was done on paper is typed afterwards with its true time: marked in the trail, at the folio's line and
on the paper, by a right of its own; never before the last close, never to come. On both engines."""

import json
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import func, select

from pms.core.clock import at
from pms.core.errors import NeedsApproval, Refused
from pms.core.money import Money
from pms.core.operation import Operation
from pms.db import audit
from pms.db.base import AuditEntry, PrintJob
from pms.services.approvals.later import ACTS
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios import two_books
from pms.services.stays import queries
from pms.services.stays import service as stays
from pms.services.stays.models import Stay
from pms.ui.kit.paper import LaterBar, PaperDialog, paper_time
from pms.ui.kit.parts import Button
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests import invariants
from tests.authority.people import person
from tests.builders import DAY, PASSWORD, TODAY
from tests.folios.test_screen import charge as charge_by_keys
from tests.folios.test_screen import check_in as come
from tests.folios.test_screen import page_of
from tests.stays.test_evacuation import Everything
from tests.test_house_rules import OPERATIONS
from tests.ui.checks import cut_texts, dress

ZONE = "Asia/Shanghai"


@pytest.fixture(autouse=True)
def now_again():
    yield
    paper_time().set_moment(None)


def moment(hhmm, day=TODAY):
    return at(day, hhmm, ZONE)


@pytest.fixture
def stay(house):
    """A guest in 301 since 14:30; now it is six in the evening."""
    found = house.do(stays.check_in, line_id=house.book(), room_id=house.room_id("301"), intent="in")
    house.clock.set(TODAY, 18)
    return found


def pay(stay, amount=100):
    return folios.pay.of(stay_id=stay, method="CASH", amount=Money(amount))


def lines(house, stay):
    return {x.code: x for x in house.ask(folio_queries.folio_lines, stay_id=stay)}


def trail(house):
    return house.ask(
        lambda s: [
            (e.action, e.changes)
            for e in s.scalars(select(AuditEntry).where(AuditEntry.record == "on_paper"))
        ]
    )


def papers(house, kind):
    found = house.ask(lambda s: s.scalars(select(PrintJob.slip).where(PrintJob.kind == kind)).all())
    return [json.dumps(slip, ensure_ascii=False) for slip in found]


def test_line_receipt_and_trail_say_when_it_was_done_and_when_it_was_typed(house, stay):
    house.do(pay(stay).done_at(moment("16:10")), intent="paid")
    line = lines(house, stay)["CASH"]
    assert line.rule == "done on paper at 20 Nov 2026 16:10"
    assert line.at == moment("18:00")
    [receipt] = papers(house, "receipt")
    assert "20 Nov 2026 16:10, on paper" in receipt
    assert "Printed by Zhang Li, 20 Nov 2026 18:00" in receipt
    assert trail(house) == [("folios:pay", {"done_at": "2026-11-20T08:10+00:00"})]
    house.ask(lambda s: invariants.check(s, TODAY))
    assert house.ask(lambda s: list(two_books.differences(s, today=TODAY, digits=2))) == []
    assert house.ask(lambda s: list(audit.broken_links(s, house.secret))) == []


def test_a_charge_keeps_its_own_rule_beside_the_time(house, stay):
    call = folios.charge.of(stay_id=stay, code="MINIBAR", amount=Money(800), quantity=2)
    house.do(call.done_at(moment("15:00")), intent="charge")
    assert lines(house, stay)["MINIBAR"].rule == "8.00 × 2; done on paper at 20 Nov 2026 15:00"


def test_what_is_typed_without_a_time_bears_no_mark(house, stay):
    house.do(pay(stay), intent="paid")
    assert lines(house, stay)["CASH"].rule == ""
    assert trail(house) == []


def test_a_check_in_is_of_its_true_time_and_charged_by_it(house):
    line = house.book()
    house.clock.set(TODAY, 11)
    call = stays.check_in.of(line_id=line, room_id=house.room_id("302"))
    stay = house.do(call.done_at(moment("09:20")), intent="early")
    assert house.ask(lambda s: s.get(Stay, stay)).arrived_at == moment("09:20")
    early = lines(house, stay)["EARLY"]
    assert early.rule.startswith("09:20, from")
    assert early.rule.endswith("done on paper at 20 Nov 2026 09:20")
    assert "09:20" in papers(house, "registration_card")[0]


def test_a_check_out_is_of_its_true_time_and_no_late_departure_is_charged(house, stay):
    house.next_day()
    house.clock.set(TODAY + DAY, 16)
    owed = house.ask(
        queries.leaving,
        stay_id=stay,
        business_date=TODAY + DAY,
        now=moment("11:40", TODAY + DAY),
        zone=ZONE,
        options=house.context_options(),
    )
    assert owed.charge == 0
    call = stays.check_out.of(stay_id=stay, payments=(stays.Paid("CASH", owed.to_pay),))
    house.do(call.done_at(moment("11:40", TODAY + DAY)), intent="out")
    found = house.ask(lambda s: s.get(Stay, stay))
    assert (found.state, found.departed_at) == ("departed", moment("11:40", TODAY + DAY))
    assert "HALF" not in lines(house, stay)
    assert "done on paper at 21 Nov 2026 11:40" in papers(house, "bill")[-1]


def test_nobody_left_before_having_come(house, stay):
    call = stays.check_out.of(stay_id=stay, unsettled="later")
    with pytest.raises(Refused, match="came at 20 Nov 2026 14:30 and cannot have left before"):
        house.do(call.done_at(moment("14:00")), confirmed=Everything(), intent="out")


def test_neither_before_the_last_close_nor_to_come(house, stay):
    with pytest.raises(Refused, match="20 Nov 2026 18:01 is still to come"):
        house.do(pay(stay).done_at(moment("18:01")), intent="soon")
    with pytest.raises(Refused, match="closed at 20 Nov 2026 00:00, and 19 Nov 2026 23:59 belongs to it"):
        house.do(pay(stay).done_at(moment("23:59", TODAY - DAY)), intent="before")
    house.next_day()
    with pytest.raises(Refused, match="closed at 21 Nov 2026 02:00, and 21 Nov 2026 01:59 belongs to it"):
        house.do(pay(stay).done_at(moment("01:59", TODAY + DAY)), intent="closed")
    house.do(pay(stay).done_at(moment("02:00", TODAY + DAY)), intent="since")
    assert len(trail(house)) == 1
    assert "CASH" in lines(house, stay)


def test_who_may_not_needs_the_word_of_one_who_may_for_this_very_time(house, stay):
    manager = person(house, "supervisor")
    house.clerk = person(house, "clerk")
    with pytest.raises(NeedsApproval) as asked:
        house.do(pay(stay).done_at(moment("16:10")), intent="paid")
    [reason] = asked.value.reasons
    assert reason.what == "Typing a payment afterwards that was done on paper at 20 Nov 2026 16:10"
    word = house.word(manager, asked.value)
    with pytest.raises(NeedsApproval):
        house.do(pay(stay).done_at(moment("16:11")), intent="other", approval=word)
    with pytest.raises(NeedsApproval):
        house.do(pay(stay, 200).done_at(moment("16:10")), intent="more", approval=word)
    assert lines(house, stay) == {}
    house.do(pay(stay).done_at(moment("16:10")), intent="paid", approval=word)
    entry = house.ask(lambda s: s.scalars(select(AuditEntry).where(AuditEntry.record == "on_paper")).one())
    assert entry.approved_by == manager.id


def test_typed_twice_with_one_key_it_is_done_once(house, stay):
    first = house.do(pay(stay).done_at(moment("16:10")), intent="paid")
    assert house.do(pay(stay).done_at(moment("16:10")), intent="paid") == first
    assert house.ask(lambda s: s.scalar(select(func.count()).where(PrintJob.kind == "receipt"))) == 1


def test_only_what_says_so_is_typed_afterwards():
    assert {o.action for o in OPERATIONS.values() if o.paper} == set(ACTS)
    with pytest.raises(TypeError, match="folios:void is not typed afterwards"):
        folios.void.of(transfer_id=1, reason="x").done_at(moment("16:10"))
    assert all(isinstance(o, Operation) for o in OPERATIONS.values())


# -------------------------------------------------------------- at the screen
def test_the_next_charge_on_the_page_takes_the_time_and_the_one_after_it_does_not(qtbot, desk):
    stay = come(desk)
    desk.clock.set(TODAY, 18)
    page = page_of(qtbot, desk, stay)
    paper_time().set_moment(moment("16:10"))
    charge_by_keys(qtbot, page, "8")
    assert paper_time().moment is None
    charge_by_keys(qtbot, page, "5")
    rules = [x.rule for x in desk.ask(folio_queries.folio_lines, stay_id=stay) if x.code == "MINIBAR"]
    assert rules == ["done on paper at 20 Nov 2026 16:10", ""]


def test_what_is_refused_keeps_the_time(qtbot, desk):
    stay = come(desk)
    page = page_of(qtbot, desk, stay)
    paper_time().set_moment(desk.now() + timedelta(minutes=5))
    charge_by_keys(qtbot, page, "8")
    assert "is still to come" in page.notes.text
    assert paper_time().moment is not None


@pytest.mark.parametrize("typed", ["16:10", "1610", "4"])
def test_the_dialog_reads_a_time_of_the_hotels_clock(qtbot, typed):
    made = PaperDialog(moment("18:00"), ZONE)
    qtbot.addWidget(made)
    qtbot.keyClicks(made.time.line, typed)
    made.exec = lambda: (made.pressed(), made.result())[1]
    expected = {"16:10": "16:10", "1610": "16:10", "4": "04:00"}[typed]
    assert made.ask() == moment(expected)
    made.time.set_value("")
    qtbot.keyClicks(made.time.line, "25:00")
    made.setResult(made.DialogCode.Rejected)
    qtbot.keyClick(made, Qt.Key.Key_F12)
    assert made.ask() is None
    assert made.time.shown_error()


def test_the_window_says_which_time_holds_and_ends_it(qtbot, desk, monkeypatch):
    dress(Look("en", "light", 100))
    desk.clock.set(TODAY, 18)
    window = MainWindow(Look("en", "light", 100), lambda look: None, "FD-1")
    qtbot.addWidget(window)
    window.attach(desk, desk.changes)
    window.show()
    desk.sign_in("boss", PASSWORD)
    window._came_in(desk.clerk)
    another = LaterBar(desk)
    [entry] = [e for e in window._own_entries() if e.words == "Type what was done on paper"]
    monkeypatch.setattr(PaperDialog, "ask", lambda _dialog: moment("16:10"))
    entry.do()
    later = window.workplace.later
    assert "is of 20 Nov 16:10" in later.text
    assert later.isVisible()
    assert another.text == ""  # it is said by the window that asked, and by no other
    assert cut_texts(window) == []
    next(b for b in later.findChildren(Button) if b.words == "Do not type from paper").click()
    assert paper_time().moment is None
    assert not later.isVisible()
    entry.do()
    window.workplace.show_clerk(person(desk, "clerk"))
    assert paper_time().moment is None  # whoever comes next types nothing from another's paper
