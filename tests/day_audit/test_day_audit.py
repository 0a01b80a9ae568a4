"""What the night queried is looked into by day: cause, person, training, statistics; on both engines, then on
screen."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pms import duties
from pms.core import offers
from pms.core.errors import Conflict, Refused
from pms.core.money import Money
from pms.core.offers import Offers
from pms.printing import pdf
from pms.printing.slip import Slip
from pms.services.day_audit import queries, service
from pms.services.night_audit import service as night_audit
from pms.services.night_audit.checks import Finding, Remedy, listed
from pms.services.night_audit.models import AuditRun
from pms.services.staff import service as staff
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.day_audit.screen import COUNTS, PERIOD, DayAuditScreen
from tests import builders
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

DAY = timedelta(days=1)
Key = Qt.Key


CHECKS = {check.kind: check for check in listed(duties.offered())}


def mark(house, finding, state, remark="why?", amount=0):
    """Plant a finding as a plug-in check would bring it, and mark it."""
    kind, _colon, key = finding.partition(":")

    def find(_tonight):
        yield Finding(key, f"Title of {finding}", "", Money(amount), Remedy("Open", "rooms"))

    check = replace(CHECKS[kind], find=find, blocking=False)
    house.offers = Offers({offers.audit_check: (check,), offers.budget: duties.offered().of(offers.budget)})
    house.do(night_audit.mark, business_date=TODAY, finding=finding, state=state, remark=remark)
    house.offers = duties.offered()


@pytest.mark.parametrize("kind", CHECKS)
def test_what_a_check_finds_has_its_kind_in_the_register(kind):
    assert CHECKS[kind].register in queries.KINDS
    assert CHECKS[kind].blocking or CHECKS[kind].register != "other"


def take_on(house, name):
    return house.do(staff.take_on, login=name.lower(), name=name, password=builders.PASSWORD, role="clerk")


def note(house, what="Slip without a signature", **fields):
    house.do(service.note, **{"business_date": TODAY, "kind": "papers", "what": what} | fields)
    return house.ask(queries.still_open)[-1]


def test_what_the_night_queried_comes_to_the_register_once(house):
    house.at_night()
    house.do(night_audit.begin, business_date=TODAY)
    mark(house, "credit:7", "queried", "who let her stay?", 29800)
    mark(house, "voids:3", "approved")
    mark(house, "gaps:R", "queried")
    mark(house, "gaps:R", "approved", "found")
    assert house.ask(queries.still_open) == []
    house.next_day()
    [found] = house.ask(queries.still_open)
    assert (
        found.business_date,
        found.kind,
        found.title,
        found.remark,
        found.amount,
        found.by_night,
        found.state,
    ) == (TODAY, "money", "Title of credit:7", "who let her stay?", 29800, True, "open")
    with pytest.raises(Conflict):
        house.do(night_audit.close, business_date=TODAY)
    assert len(house.ask(queries.still_open)) == 1


def test_no_finding_however_odd_stops_the_night(house):
    house.at_night()
    house.do(night_audit.begin, business_date=TODAY)
    mark(house, "rates:credit", "queried", amount=-638)
    house.do(_longer)
    house.next_day()
    [row] = house.ask(queries.still_open)
    assert row.amount == 638
    assert len(row.title) == service.LONGEST
    assert row.title.endswith("x…")


def _longer(work):
    title = f"Title of rates:credit {'x' * 600}"
    run = work.session.get(AuditRun, TODAY, with_for_update=True)
    run.marks = {key: {**mark, "title": title} for key, mark in run.marks.items()}


def test_a_finding_is_closed_with_cause_and_training_and_never_changes_again(house):
    ann = take_on(house, "Ann")
    found = note(house, amount=Money(500))
    for missing in ("cause", "training"):
        with pytest.raises(Refused, match=missing):
            house.do(service.close, finding_id=found.id)
        house.do(
            service.look_into,
            finding_id=found.id,
            kind="papers",
            staff_id=None,
            cause="care",
            training="",
            remark="",
        )
    house.do(
        service.look_into,
        finding_id=found.id,
        kind="cash",
        staff_id=ann,
        cause="unknown",
        training="Shown how a slip is signed",
        remark="new",
    )
    house.do(service.close, finding_id=found.id)
    assert house.ask(queries.still_open) == []
    [closed] = house.ask(queries.findings, start=TODAY, end=TODAY)
    assert (closed.person, closed.cause, closed.kind, closed.state, closed.closer) == (
        "Ann",
        "unknown",
        "cash",
        "closed",
        "Zhang Li",
    )
    with pytest.raises(Conflict, match="A-1 is closed"):
        house.do(
            service.look_into,
            finding_id=found.id,
            kind="cash",
            staff_id=None,
            cause="",
            training="",
            remark="",
        )
    for statement in ("UPDATE day_finding SET training = 'none'", "DELETE FROM day_finding"):
        with pytest.raises(DBAPIError, match="frozen"), house.engine.begin() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"what": "  "}, "few words"),
        ({"kind": "x"}, "kind"),
        ({"amount": Money(-1)}, "cannot be negative"),
        ({"business_date": TODAY + DAY}, "or an earlier"),
        ({"what": "x" * 501}, "500 characters"),
    ],
)
def test_what_cannot_be_meant_is_refused(house, fields, why):
    with pytest.raises(Refused, match=why):
        note(house, **fields)


@given(
    st.lists(st.tuples(st.sampled_from(["Ann", "Bo", ""]), st.booleans(), st.integers(0, 10**6)), max_size=20)
)
def test_counts_by_a_person_add_up_to_the_register(found):
    rows = [
        queries.FindingRow(
            n,
            n,
            TODAY,
            "other",
            "",
            "",
            Money(amount),
            None,
            person,
            "",
            "",
            "open" if is_open else "closed",
            None,
            "",
            None,
            "",
            False,
        )
        for n, (person, is_open, amount) in enumerate(found)
    ]
    counts = queries.counted(rows, lambda f: f.person)
    assert {c.word: c.number for c in counts} == Counter(person for person, _open, _amount in found)
    assert sum(c.amount for c in counts) == sum(amount for _p, _o, amount in found)
    assert sum(c.open for c in counts) == sum(is_open for _p, is_open, _a in found)
    assert all(c.word for c in counts[:-1])


def test_the_register_prints_with_its_counts(house):
    note(house, amount=Money(1500))
    house.do(service.print_register, start=TODAY - DAY, end=TODAY)
    house.do(service.print_register, start=TODAY - 9 * DAY, end=TODAY - 8 * DAY)
    full, empty = (
        Slip.from_dict(json.loads(row.slip))
        for row in house.ask(lambda s: s.execute(text("SELECT slip FROM print_job ORDER BY id")).all())
    )
    assert pdf.render(full).startswith(b"%PDF")
    words = str(full.to_dict())
    assert "A-1" in words
    assert "15.00" in words
    assert "not named yet" in words
    assert "Nothing was found in this period." in str(empty.to_dict())


def test_the_search_finds_a_number(house):
    note(house)
    [hit] = house.ask(queries.search, text="a-1")
    assert hit.what == {"finding_id": 1}
    assert house.ask(queries.search, text="1") == []
    assert house.ask(queries.badges)[0].count == 1


# ------------------------------------------------------------------ on screen
def page(qtbot, desk, language="en"):
    dress(Look(language, "light", 100))
    made = DayAuditScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.start().setFocus()
    return made


def test_a_finding_is_added_looked_into_and_closed_by_key(qtbot, desk):
    take_on(desk, "Ann")
    screen = page(qtbot, desk)
    screen.press_primary()
    assert screen.notes.text == "Choose a finding first."
    qtbot.keyClick(screen, Key.Key_Insert)
    qtbot.keyClicks(screen.adding["what"].line, "Room card not taken back")
    screen.adding["amount"].line.setText("20")
    qtbot.keyClick(screen, Key.Key_F12)
    assert screen.notes.tone == "good"
    assert screen.table.row().title == "Room card not taken back"
    qtbot.keyClick(screen.table, Key.Key_Return)
    screen.looking["staff_id"].set_value(2)
    screen.looking["cause"].set_value("rush")
    screen.looking["training"].set_value("Two people at ten o'clock")
    screen.press_primary()
    assert screen.table.row().person == "Ann"
    screen.acts["close_finding"].press()
    assert desk.ask(queries.still_open) == []
    screen.show_view(PERIOD)
    assert [f.state for f in screen.table.rows.rows()] == ["closed"]
    assert screen.can_look_into() == "A closed finding no longer changes."
    screen.show_view(COUNTS)
    assert [(c.word, c.number, c.open, c.amount) for c in screen.people.rows.rows()] == [("Ann", 1, 0, 2000)]
    assert [c.word for c in screen.causes.rows.rows()] == ["Too busy"]
    screen.acts["print_register"].press()
    assert desk.ask(lambda s: s.scalars(text("SELECT kind FROM print_job")).all()) == ["day_audit_register"]
    screen.open(finding_id=1)
    assert screen.table.row().id == 1


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, desk, language):
    note(desk, "Price by hand without a reason", kind="prices", amount=Money(5900))
    screen = page(qtbot, desk, language)
    screen.table.selectRow(0)
    check_screen(screen)
    for view in (PERIOD, COUNTS):
        screen.show_view(view)
        qtbot.wait(20)
        check_screen(screen)
    screen.show_view("open")
    for name in ("add", "look_into"):
        screen.acts[name].press()
        qtbot.wait(20)
        check_screen(screen)
        screen.step_back()
