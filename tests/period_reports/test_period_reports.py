"""A week's or month's report: put together from closed days, written, signed, then the same for ever; on both
engines and on screen."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pms.core.errors import Conflict, NeedsApproval, Refused
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.printing import pdf, spreadsheet
from pms.printing.slip import Slip, Table
from pms.services.day_audit import service as day_audit
from pms.services.period_reports import printouts, queries, service
from pms.services.rates import service as rates
from pms.services.stays import service as stays
from pms.ui.kit.desk import Asker, Desk
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.period_reports.screen import PeriodReportsScreen
from tests.authority.people import person
from tests.builders import BOSS, TODAY
from tests.ui.checks import check_screen, dress

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 16)
Key = Qt.Key


@pytest.fixture
def lived(house):
    return _live(house)


def _live(house):
    """A week that is over: Friday to Sunday with one guest, and a finding."""
    house.do(
        stays.check_in, line_id=house.book(nights=5), room_id=house.room_id("301"), intent=house.new_intent()
    )
    house.do(day_audit.note, business_date=TODAY, kind="cash", what="20.00 short", amount=Money(2000))
    for _day in range(3):
        house.next_day()
    return house


def sign(house, **fields):
    wanted = {
        "kind": "week",
        "start": MONDAY,
        "text": "A quiet week.\nNo complaints.",
        "plan": "Train the new clerk.",
    } | fields
    house.do(service.sign, approval=wanted.pop("approval", BOSS), **wanted)


def printed(house):
    return [
        Slip.from_dict(json.loads(row[0]))
        for row in house.ask(
            lambda s: s.execute(
                text("SELECT slip FROM print_job WHERE kind LIKE 'period_report%' ORDER BY id")
            ).all()
        )
    ]


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.sampled_from(["week", "month"]))
def test_periods_follow_one_another_without_a_gap(day, kind):
    start, end = queries.span(kind, day)
    assert start <= day <= end
    assert queries.before(kind, start)[1] == start - DAY
    assert queries.span(kind, end) == (start, end)
    last = queries.last_year(kind, start)
    assert (
        (last[0].weekday() == 0)
        if kind == "week"
        else (last[0].month == start.month and last[0].year == start.year - 1)
    )


def test_the_papers_sums_are_the_raw_ledgers(lived):
    sign(lived)
    [paper] = printed(lived)
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    raw = lived.ask(
        lambda s: s.execute(text("SELECT sum(amount) FROM transfer WHERE code = 'ROOM'")).scalar()
    )
    figures = {row.cells[0]: row.cells[1] for row in tables[0].rows}
    assert figures["Room revenue"] == show(int(raw))
    assert figures["Sold"] == "3"
    assert [t.rows[-1].cells[-1] for t in tables[1:4]] == [show(int(raw))] * 3
    count, sum_ = lived.ask(lambda s: s.execute(text("SELECT count(*), sum(amount) FROM day_finding")).one())
    assert count > 1  # the one by hand, and what the one who closed did with nobody else to approve it
    found = ("Findings of the audits", str(count), show(int(sum_)))
    assert found in [row.cells for row in tables[-1].rows]
    assert "A quiet week." in str(paper.blocks)
    assert "Signed by Zhang Li, 23 Nov 2026 10:00." in paper.foot
    assert pdf.render(paper).startswith(b"%PDF")
    assert spreadsheet.render([paper]).startswith(b"PK")


def test_a_signed_report_prints_the_same_whatever_happens_later(lived):
    sign(lived)
    lived.do(
        rates.set_price,
        plan_id=1,
        type_id=lived.type_id("BIG"),
        start=MONDAY,
        end=TODAY + 9 * DAY,
        weekdays=127,
        price=Money(1),
    )
    lived.do(day_audit.note, business_date=TODAY, kind="cash", what="another", amount=Money(9900))
    lived.next_day()
    lived.do(service.print_report, kind="week", start=MONDAY)
    first, again = printed(lived)
    assert first == again
    with pytest.raises(Conflict, match="signed by Zhang Li"):
        sign(lived)
    with pytest.raises(Conflict, match="signed by Zhang Li"):
        lived.do(service.write, kind="week", start=MONDAY, text="changed", plan="")
    for statement in ("UPDATE period_report SET text = 'x'", "DELETE FROM period_report"):
        with pytest.raises(DBAPIError, match="frozen"), lived.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_draft_is_kept_printed_and_written_again(lived):
    with pytest.raises(Refused, match="Save a draft"):
        lived.do(service.print_report, kind="month", start=date(2026, 11, 1))
    for words in ("one", "two"):
        lived.do(service.write, kind="month", start=date(2026, 11, 1), text=words, plan="")
    lived.do(service.print_report, kind="month", start=date(2026, 11, 1))
    assert "Draft" in printed(lived)[0].foot
    [row] = lived.ask(queries.reports, kind="month", business_date=lived.house().business_date)
    assert (row.text, row.writer, row.closed, row.signed_at) == ("two", "Zhang Li", False, None)
    weeks = lived.ask(queries.reports, kind="week", business_date=lived.house().business_date)
    assert [(w.start, w.closed) for w in weeks] == [(MONDAY + 7 * DAY, False), (MONDAY, True)]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"start": MONDAY + 7 * DAY}, "not over"),
        ({"text": " "}, "few words"),
        ({"start": TODAY}, "from the list"),
        ({"text": "x" * 9000}, "longer"),
    ],
)
def test_what_cannot_be_signed_is_refused(lived, fields, why):
    with pytest.raises(Refused, match=why):
        sign(lived, **fields)
    assert printed(lived) == []


def test_only_those_who_lead_sign(lived):
    auditor = person(lived, "auditor")
    assert Permission.REPORTS_READ in auditor.permissions
    with pytest.raises(NeedsApproval, match="Sign the report"):
        sign(lived, approval=auditor)


def test_before_the_first_close_there_is_no_period(house):
    assert house.ask(queries.reports, kind="week", business_date=TODAY) == []


# ------------------------------------------------------------------ on screen
def page(qtbot, desk, language="en"):
    dress(Look(language, "light", 100))
    made = PeriodReportsScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.start().setFocus()
    return made


def test_a_week_is_written_signed_and_saved_on_screen(qtbot, desk, tmp_path, monkeypatch):
    _live(desk)

    class Signer(Asker):
        def sign(self, parent, office, wish):
            return office.word(BOSS, wish)

    monkeypatch.setattr(Desk, "asker", Signer())
    screen = page(qtbot, desk)
    qtbot.waitUntil(lambda: screen.slip is not None, timeout=5000)
    assert screen.can_sign() == "This period is not over yet."
    screen.list.pick(("week", MONDAY))
    screen.words.set_value("All well.")
    screen.acts["keep"].press()
    assert screen.notes.tone == "good"
    screen.press_primary()
    assert "signed by Zhang Li" in screen.notes.text
    assert screen.can_keep() == "A signed report no longer changes."
    qtbot.waitUntil(lambda: screen.slip is not None and "Signed" in screen.slip.foot, timeout=5000)
    screen.where = lambda kind: tmp_path / f"week.{kind}"
    screen.acts["save_pdf"].press()
    screen.acts["save_sheet"].press()
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "week.xlsx").read_bytes().startswith(b"PK")
    screen.acts["print_one"].press()
    first, again = printed(desk)
    assert first == again == screen.slip


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, desk, language):
    _live(desk)
    screen = page(qtbot, desk, language)
    qtbot.waitUntil(lambda: screen.slip is not None, timeout=5000)
    qtbot.wait(30)
    check_screen(screen)
    screen.show_kind("month")
    qtbot.wait(50)
    check_screen(screen)


# ------------------------------------------------------------------ a period that is not complete
@pytest.mark.parametrize(
    ("kind", "start", "end", "days", "words"),
    [
        ("week", MONDAY, date(2026, 11, 22), 5, "part of a week: 5 of 7 days"),
        ("week", MONDAY, date(2026, 11, 22), 7, ""),
        ("month", date(2026, 11, 1), date(2026, 11, 30), 19, "part of a month: 19 of 30 days"),
    ],
)
def test_a_period_that_is_not_complete_says_how_much_of_it_there_is(kind, start, end, days, words):
    assert queries.part_of(kind, start, end, days) == words


def test_the_list_and_the_paper_say_that_a_week_is_not_over(house):
    house.do(
        stays.check_in, line_id=house.book(nights=5), room_id=house.room_id("301"), intent=house.new_intent()
    )
    house.next_day()
    [row] = house.ask(queries.reports, kind="week", business_date=TODAY + DAY)
    assert (row.days, row.part, row.closed) == (1, "part of a week: 1 of 7 days", False)
    house.next_day()
    house.next_day()
    house.next_day()  # Tuesday: the first week is over, and only its last three days were this hotel's
    now, first = house.ask(queries.reports, kind="week", business_date=TODAY + 4 * DAY)
    assert (now.part, first.part) == ("part of a week: 1 of 7 days", "part of a week: 3 of 7 days")
    paper = house.ask(printouts.paper, kind="week", start=now.start, text="", plan="", tallies=())
    told = str(paper.to_dict())
    assert "part of a week: 1 of 7 days" in told
    assert "This period, 1 of 7 days" in told
    assert "Period before, 3 of 7 days" in told


def test_the_screen_says_so_too(qtbot, desk):
    _live(desk)
    desk.next_day()
    screen = page(qtbot, desk)
    qtbot.waitUntil(lambda: screen.slip is not None, timeout=5000)
    assert screen.list.rows.rows()[0].part == "part of a week: 1 of 7 days"
    check_screen(screen)
