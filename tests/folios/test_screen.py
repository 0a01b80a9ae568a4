"""The folio's page by keyboard: charge, take money, give it back, void, transfer, print, undo."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select, update

from pms.core import i18n
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.cards import queries as card_queries
from pms.services.folios import queries, service
from pms.services.staff import service as staff
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.ui.kit.desk import Asker, Desk
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.folios.lines import shown
from pms.ui.screens.folios.screen import FolioScreen
from tests import builders
from tests.builders import PASSWORD, TODAY
from tests.ui.checks import check_screen, dress

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
CtrlShift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    i18n.use("en")


def check_in(desk, number="301", **fields):
    line = desk.book(**{k: fields.pop(k) for k in ("name", "nights") if k in fields})
    return desk.do(
        stays.check_in, line_id=line, room_id=desk.room_id(number), intent=desk.new_intent(), **fields
    )


def page_of(qtbot, desk, stay_id, language="en"):
    dress(Look(language, "light", 100))
    made = FolioScreen(desk, ChangeSignal(desk.changes))
    made.gone = []
    made.wanted.connect(lambda word, what: made.gone.append((word, what)))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    assert QTest.qWaitForWindowActive(made)
    made.open(stay_id=stay_id)
    made.start().setFocus()
    qtbot.wait(20)
    return made


@pytest.fixture
def stay(desk):
    """A guest in 301 with a deposit of 500."""
    return check_in(desk, deposit=Paid("CASH", Money(50000)), cards_wanted=2)


@pytest.fixture
def page(qtbot, desk, stay):
    """The folio of that guest."""
    return page_of(qtbot, desk, stay)


def standing(desk, stay):
    return {f"{a.ledger}{a.window}": a.balance for a in desk.ask(queries.folios, stay_id=stay)}


def pick(page, code):
    assert page.table.pick(
        next(x.id for x in page.lines if x.posting and x.posting.code == code and not x.struck)
    )


def charge(qtbot, page, amount, quantity="1"):
    qtbot.keyClick(page, Key.Key_F5)
    form = page.forms["charge"]
    form["code"].set_value("MINIBAR")
    qtbot.keyClicks(form["amount"].line, amount)
    form["quantity"].line.clear()
    qtbot.keyClicks(form["quantity"].line, quantity)
    qtbot.keyClick(page, Key.Key_F12)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, stay, language):
    page = page_of(qtbot, desk, stay, language)
    check_screen(page)
    for name in ("charge", "payment", "deposit", "refund", "bill", "another_folio", "undo", "cards"):
        page.acts[name].press()
        qtbot.wait(20)
        check_screen(page)
        assert page.step_back()


def test_a_charge_is_posted_by_keys_and_the_form_comes_back_fresh(qtbot, desk, stay, page):
    charge(qtbot, page, "8", "2")
    assert standing(desk, stay)["guestA"] == 1600
    assert page.panel.page == "folio"
    assert page.lines[-1].rule == "8.00 × 2"
    charge(qtbot, page, "5")
    assert standing(desk, stay)["guestA"] == 2100  # a second form has an intent of its own


def test_the_same_form_twice_posts_once(qtbot, desk, stay, page):
    qtbot.keyClick(page, Key.Key_F5)
    form = page.forms["charge"]
    qtbot.keyClicks(form["amount"].line, "9")
    form.submit()
    form["amount"].set_value(900)
    form.submit()
    assert standing(desk, stay)["guestA"] == 900


def test_a_missing_amount_is_named_and_nothing_is_posted(qtbot, desk, stay, page):
    qtbot.keyClick(page, Key.Key_F5)
    qtbot.keyClick(page, Key.Key_F12)
    assert "Unit price is missing" in page.notes.text
    assert page.forms["charge"]["amount"].line.hasFocus()
    assert standing(desk, stay)["guestA"] == 0


def test_a_payment_offers_what_is_owed(qtbot, desk, stay, page):
    charge(qtbot, page, "35")
    qtbot.keyClick(page, Key.Key_F10)
    assert page.forms["payment"]["amount"].value() == 3500
    page.forms["payment"]["method"].chips.choose("BANK")
    qtbot.keyClick(page, Key.Key_F12)
    assert standing(desk, stay)["guestA"] == 0
    assert page.lines[-1].paid == 3500


def test_a_deposit_is_taken_with_its_slip(qtbot, desk, stay, page):
    qtbot.keyClick(page, Key.Key_D, Ctrl)
    qtbot.keyClicks(page.forms["deposit"]["amount"].line, "200")
    qtbot.keyClick(page, Key.Key_F12)
    assert standing(desk, stay)["deposit"] == -70000
    assert page.facts().slips == ("D-1", "D-2")


def test_deposit_goes_back_only_against_its_slip(qtbot, desk, stay, page):
    qtbot.keyClick(page, Key.Key_R, Ctrl)
    form = page.forms["refund"]
    assert form["amount"].value() == 50000
    form["amount"].set_value(60000)
    qtbot.keyClick(page, Key.Key_F12)
    assert "holds 500.00" in page.notes.text
    form["amount"].set_value(20000)
    qtbot.keyClicks(form["slip"].line, "7")
    qtbot.keyClick(page, Key.Key_F12)
    assert "D-1" in page.notes.text
    assert standing(desk, stay)["deposit"] == -50000
    form["slip"].line.clear()
    qtbot.keyClicks(form["slip"].line, "1")
    qtbot.keyClick(page, Key.Key_F12)
    assert standing(desk, stay)["deposit"] == -30000


def test_a_lost_slip_prints_a_loss_declaration(qtbot, desk, stay, page):
    qtbot.keyClick(page, Key.Key_R, Ctrl)
    page.forms["refund"]["lost"].setChecked(True)
    qtbot.keyClick(page, Key.Key_F12)
    assert standing(desk, stay)["deposit"] == 0
    assert "loss_declaration" in kinds(desk)


def kinds(desk):
    return desk.ask(lambda session: list(session.scalars(select(PrintJob.kind).order_by(PrintJob.id))))


def test_a_voided_line_stays_struck_with_who_and_why(qtbot, desk, stay, page):
    charge(qtbot, page, "12")
    pick(page, "MINIBAR")
    qtbot.keyClick(page.table, Key.Key_Delete)
    qtbot.keyClick(page, Key.Key_F12)
    assert "Reason is missing" in page.notes.text
    page.forms["void"]["reason"].set_value("not taken")
    qtbot.keyClick(page, Key.Key_F12)
    assert standing(desk, stay)["guestA"] == 0
    line = next(x for x in page.lines if x.item.startswith("Minibar"))
    assert line.struck
    assert "not taken" in line.rule
    assert "Zhang Li" in line.rule
    assert page.acts["void"].reason or page.table.row().id != line.id


def test_a_line_of_a_closed_day_is_adjusted_and_both_lines_stay(qtbot, desk, stay, page):
    charge(qtbot, page, "12")
    desk.next_day()
    pick(page, "MINIBAR")
    qtbot.keyClick(page.table, Key.Key_Delete)
    assert "closed" in page.forms["void"].about.text()
    page.forms["void"]["reason"].set_value("complaint")
    qtbot.keyClick(page, Key.Key_F12)
    lines = [x for x in page.lines if x.item.startswith("Minibar")]
    assert [(x.charge, x.struck) for x in lines] == [(1200, False), (-1200, False)]
    assert page.lines[-1].balance == standing(desk, stay)["guestA"] + standing(desk, stay)["deposit"]


class Second(Asker):
    """A second person who types the password."""

    def approve(self, parent, office, wish):
        return office.approve("boss", PASSWORD, wish)


def test_a_clerk_voids_another_clerks_line_only_with_a_second_person(qtbot, desk, stay, page, monkeypatch):
    charge(qtbot, page, "12")
    clerk_id = desk.do(staff.take_on, login="wang", name="Wang Min", password="a long password", role="clerk")
    builders.settle(desk)
    desk.clerk = desk.sign_in("wang", "a long password")
    assert desk.clerk.id == clerk_id
    page.clerk_changed()
    pick(page, "MINIBAR")
    asked = []

    class Refusing(Asker):
        def approve(self, parent, office, wish):
            asked.append(wish.permission)

    monkeypatch.setattr(Desk, "asker", Refusing())
    page.acts["void"].press()
    page.forms["void"]["reason"].set_value("wrong room")
    qtbot.keyClick(page, Key.Key_F12)
    assert asked == ["folios:adjust"]
    assert standing(desk, stay)["guestA"] == 1200
    monkeypatch.setattr(Desk, "asker", Second())
    qtbot.keyClick(page, Key.Key_F12)
    assert standing(desk, stay)["guestA"] == 0


def test_a_charge_moves_to_another_room(qtbot, desk, stay, page):
    other = check_in(desk, "302", name="Li Jianguo")
    charge(qtbot, page, "12")
    pick(page, "MINIBAR")
    qtbot.keyClick(page, Key.Key_T, CtrlShift)
    form = page.forms["transfer"]
    form["to"].set_value((other, "A"))
    form["reason"].set_value("pays for the friend")
    qtbot.keyClick(page, Key.Key_F12)
    assert (standing(desk, stay)["guestA"], standing(desk, other)["guestA"]) == (0, 1200)


def test_another_payer_gets_a_folio(qtbot, desk, stay, page):
    qtbot.keyClick(page, Key.Key_T, Ctrl)
    qtbot.keyClicks(page.forms["another_folio"]["payer"].line, "Huanan")
    qtbot.keyClick(page, Key.Key_F12)
    assert list(page.windows.chips) == ["", "A", "B"]
    page.windows.choose("B")
    assert page.table.rows.rowCount() == 0


def test_the_bill_is_seen_before_it_prints(qtbot, desk, stay, page):
    charge(qtbot, page, "12")
    qtbot.keyClick(page, Key.Key_P, Ctrl)
    qtbot.waitUntil(lambda: bool(page.paper.sheets.pages), timeout=20000)
    assert page.paper.isVisible()
    assert "bill" not in kinds(desk)
    assert page.forms["bill"]["layout"].value() == "detail"
    page.forms["bill"]["layout"].set_value("summary")
    qtbot.keyClick(page, Key.Key_F12)
    assert kinds(desk)[-1] == "bill"
    last = desk.ask(
        lambda session: session.scalars(select(PrintJob.slip).order_by(PrintJob.id.desc())).first()
    )
    assert [row["cells"][1] for row in last["blocks"][2]["rows"]] == ["Minibar"]  # not by its text
    assert page.table.isVisible()


def test_cards_are_copied_returned_and_lost(qtbot, desk, stay, page):
    qtbot.keyClick(page, Key.Key_F8)
    assert page.panel.page == "cards"
    qtbot.keyClick(page, Key.Key_F12)
    assert len(desk.ask(card_queries.of_stay, stay_id=stay)) == 3
    qtbot.keyClick(page.card_page.table, Key.Key_R)
    qtbot.keyClick(page.card_page.table, Key.Key_Up)
    qtbot.keyClick(page.card_page.table, Key.Key_L)
    assert "lost" in page.notes.text  # the service asks what happened
    page.card_page.reason.set_value("left in the taxi")
    page.acts["card_lost"].press()
    assert sorted(c.state for c in desk.ask(card_queries.of_stay, stay_id=stay)) == [
        "ended",
        "lost",
        "pending",
        "pending",
        "returned",
    ]
    assert [x.charge for x in desk.ask(queries.folio_lines, stay_id=stay) if x.code == "CARD"] == [2000]
    assert page.card_page.reason.value() == ""


def test_f_keys_lead_to_the_pages_of_the_stay(qtbot, stay, page):
    for key in (Key.Key_F6, Key.Key_F7, Key.Key_F9):
        qtbot.keyClick(page, key)
    assert page.gone == [(word, {"stay_id": stay}) for word in ("extend", "room_change", "check_out")]


def test_a_mistaken_check_in_is_undone_the_same_day_only(qtbot, desk, stay, page):
    assert page.undo_button.isVisible()
    qtbot.keyClick(page, Key.Key_Z, Ctrl)
    page.forms["undo"]["reason"].set_value("wrong guest")
    qtbot.keyClick(page, Key.Key_F12)
    assert desk.ask(stay_queries.stay, stay_id=stay, business_date=TODAY).state == "undone"
    assert set(standing(desk, stay).values()) == {0}
    later = check_in(desk, "302", name="Li")
    desk.next_day()
    page.open(stay_id=later)
    assert "closed day" in page.can_undo()
    assert not page.undo_button.isVisible()


def test_what_the_clock_asks_for_is_shown_tinted_and_not_posted(qtbot, desk, stay, page):
    for _day in range(2):
        desk.next_day()
    desk.clock.set(desk.house().business_date, 14.34)
    page.mark_stale()
    line = page.lines[-1]
    assert line.pending
    assert "14:20" in line.rule
    assert line.balance == 2 * 29800 - 50000 + 14900
    assert standing(desk, stay)["guestA"] == 2 * 29800


def test_another_workstations_posting_appears_by_itself(desk, stay, page):
    desk.do(service.charge, stay_id=stay, code="LAUNDRY", amount=Money(3500), intent="there")
    assert page.lines[-1].item == "Laundry"


def test_without_a_stay_the_page_says_where_to_look(qtbot, desk):
    page = page_of(qtbot, desk, None)
    assert page.root.currentIndex() == 0
    assert page.can_check_out()


def test_the_running_balance_ends_at_what_the_accounts_say(desk, stay):
    desk.do(service.charge, stay_id=stay, code="MINIBAR", amount=Money(800), quantity=3, intent="a")
    first = desk.do(service.charge, stay_id=stay, code="MINIBAR", amount=Money(700), intent="b")
    desk.do(service.void, transfer_id=first, reason="x", intent="c")
    desk.do(service.pay, stay_id=stay, method="BANK", amount=Money(100), intent="d")
    lines = shown(desk.ask(queries.folio_lines, stay_id=stay), {}, "Asia/Shanghai")
    assert lines[-1].balance == sum(standing(desk, stay).values())
    assert [x.struck for x in lines] == [False, False, True, False]


def test_a_night_that_the_audit_posted_shows_no_clock_of_the_next_morning(desk, stay):
    desk.do(service.charge, stay_id=stay, code="MINIBAR", amount=Money(800), intent="a")
    desk.next_day()
    lines = shown(desk.ask(queries.folio_lines, stay_id=stay), {}, "Asia/Shanghai")
    by_code = {x.posting.code: x.time for x in lines}
    assert by_code["ROOM"] == ""
    assert by_code["MINIBAR"] == "14:30"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_line_is_split_by_keys_and_what_stays_is_told(qtbot, desk, stay, language):
    desk.do(service.open_window, stay_id=stay, payer="Firm")
    page = page_of(qtbot, desk, stay, language)
    charge(qtbot, page, "100")
    pick(page, "MINIBAR")
    qtbot.keyClick(page, Key.Key_Y, CtrlShift)
    form = page.forms["split"]
    qtbot.wait(20)
    check_screen(page)
    form["to1"].set_value((stay, "B"))
    form["to1"].changed.emit()
    assert form.about.text().count("33.3") == 3
    form["way"].set_value("percent")
    form["way"].changed.emit()
    qtbot.keyClicks(form["part0"].line, "33.33")
    qtbot.keyClicks(form["part1"].line, "16.67")
    assert "50.00" in form.about.text()
    qtbot.keyClicks(form["reason"].line, "two pay")
    qtbot.keyClick(page, Key.Key_F12)
    assert (standing(desk, stay)["guestA"], standing(desk, stay)["guestB"]) == (5000, 5000)
    assert page.panel.page == "folio"


def test_the_paper_of_the_line_in_hand_prints_again(qtbot, desk, stay, page):
    desk.do(service.open_window, stay_id=stay, payer="Firm")
    charge(qtbot, page, "100")
    pick(page, "MINIBAR")
    page.acts["slip"].press()
    assert "no paper of its own" in page.notes.text
    [line] = [x.id for x in page.lines if x.posting and x.posting.code == "MINIBAR"]
    made = desk.do(
        service.transfer_line, transfer_id=line, to_stay_id=stay, to_window="B", reason="firm", intent="t"
    )
    desk.do(lambda work: work.session.execute(update(PrintJob).values(state="printed")))
    page.mark_stale()
    qtbot.waitUntil(lambda: page.table.pick(made))
    page.acts["slip"].press()
    assert "TS-1 is printing" in page.notes.text
    copies = select(PrintJob.number, PrintJob.reprint).where(PrintJob.reprint > 0)
    assert desk.ask(lambda s: s.execute(copies).all()) == [("TS-1", 1)]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_one_folio_is_settled_by_keys_and_opened_again(qtbot, desk, stay, language):
    desk.do(service.open_window, stay_id=stay, payer="Firm")
    desk.do(service.charge, stay_id=stay, code="MISC", amount=Money(700), window="B", intent="c")
    page = page_of(qtbot, desk, stay, language)
    qtbot.keyClick(page, Key.Key_W, CtrlShift)
    qtbot.wait(20)
    check_screen(page)
    assert page.forms["settle_folio"]["window"].value() == "B"
    qtbot.keyClick(page, Key.Key_F12)
    found = {f.window: f.closed for f in desk.ask(queries.folios, stay_id=stay) if f.ledger == "guest"}
    assert found == {"A": False, "B": True}
    qtbot.keyClick(page, Key.Key_F5)
    assert page.forms["charge"]["window"].value() == "A"
    page.acts["reopen_folio"].press()
    qtbot.wait(20)
    check_screen(page)
    qtbot.keyClicks(page.forms["reopen_folio"]["reason"].area, "wrong")
    qtbot.keyClick(page, Key.Key_F12)
    assert not any(f.closed for f in desk.ask(queries.folios, stay_id=stay))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_routing_rule_is_agreed_by_keys_seen_and_ended(qtbot, desk, stay, language):
    desk.do(service.open_window, stay_id=stay, payer="Firm")
    page = page_of(qtbot, desk, stay, language)
    qtbot.keyClick(page, Key.Key_Insert)
    form = page.forms["add_route"]
    qtbot.wait(20)
    check_screen(page)
    form["code"].set_value("MINIBAR")
    qtbot.keyClicks(form["most"].line, "60")
    qtbot.keyClick(page, Key.Key_F12)
    charge(qtbot, page, "35", "2")
    assert (standing(desk, stay)["guestA"], standing(desk, stay)["guestB"]) == (1000, 6000)
    page.acts["routing"].press()
    qtbot.wait(20)
    check_screen(page)
    assert page.rules.rule().used == 6000
    page.acts["end_route"].press()
    assert page.rules.rule().ended
    charge(qtbot, page, "5")
    assert standing(desk, stay)["guestA"] == 1500
    page.acts["routing"].press()
    page.acts["end_route"].press()
    assert page.notes.text  # it is ended already, and says so
    assert page.step_back()


def test_a_line_goes_from_folio_to_folio_by_a_key(qtbot, desk, stay, page):
    charge(qtbot, page, "35")
    pick(page, "MINIBAR")
    qtbot.keyClick(page, Key.Key_O, CtrlShift)
    assert "no other folio" in page.notes.text
    for payer in ("Firm", "Aunt"):
        desk.do(service.open_window, stay_id=stay, payer=payer)
    page.mark_stale()
    for left, right in (("A", "B"), ("B", "C"), ("C", "A")):
        pick(page, "MINIBAR") if left == "A" else None
        page.acts["move_on"].press()
        found = standing(desk, stay)
        assert (found[f"guest{left}"], found[f"guest{right}"]) == (0, 3500)
        assert page.table.row().window == right


def test_a_line_is_carried_to_a_folio_by_the_mouse(qtbot, desk, stay, page):
    charge(qtbot, page, "35")
    desk.do(service.open_window, stay_id=stay, payer="Firm")
    page.mark_stale()
    qtbot.wait(30)
    pick(page, "MINIBAR")
    chip, view = page.windows.chips["B"], page.table.viewport()
    start = page.table.visualRect(page.table.currentIndex()).center()
    end = view.mapFromGlobal(chip.mapToGlobal(chip.rect().center()))
    for aim in (start, end):  # back onto itself nothing moves, on the chip it does
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(view, start + (end - start) / 2)
        QTest.mouseMove(view, aim)
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=aim)
        assert standing(desk, stay)["guestB"] == (3500 if aim == end else 0)
