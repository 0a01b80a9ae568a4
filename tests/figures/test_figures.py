"""The figures of a period, the budget, the days to come, and the screen that shows them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from pms.core import figures as reports_figures
from pms.core.errors import Refused
from pms.core.money import Money
from pms.services.figures import queries, service
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.print_jobs import queries as print_queries
from pms.services.reports import queries as reports
from pms.services.rooms import service as rooms
from pms.services.rooms.models import Room
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.ui.kit.charts import TICKS, Bar, BarChart, nice_top
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.figures.measures import MEASURES, DaysTable
from pms.ui.screens.figures.screen import FiguresScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

DAY = timedelta(days=1)
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key
CtrlShift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def closed(house):
    """One closed day with one guest."""
    return lived(house)


def lived(house):
    house.do(
        stays.check_in, line_id=house.book(nights=4), room_id=house.room_id("301"), intent=house.new_intent()
    )
    house.next_day()
    return house


def test_each_day_of_the_month_is_there_and_only_closed_ones_have_figures(closed):
    start, end = queries.month_of(TODAY)
    rows = closed.ask(queries.days, start=start, end=end)
    assert [day for day, _now, _before in rows] == [start + DAY * n for n in range(30)]
    assert [day for day, now, _before in rows if now] == [TODAY]
    assert rows[TODAY.day - 1][1].sold == 1


def test_a_room_of_the_house_that_is_out_of_order_is_taken_off_once(house):
    room = house.room_id("304")
    house.do(rooms.block, room_id=room, kind="OOO", reason="water", start=TODAY, end=TODAY + DAY)
    house.do(lambda work: work.update_many(Room, [Room.id == room], {"house_use": True}))  # as it was once
    house.next_day()
    [(_day, made)] = house.ask(reports.by_day, start=TODAY, end=TODAY)
    assert (made.rooms, made.house_use, made.out_of_order) == (8, 1, 0)
    assert replace(made, local=True).available == 7


def test_last_year_is_the_same_weekday():
    assert queries.a_year_before(TODAY).weekday() == TODAY.weekday()


def test_the_budget_of_a_month_is_entered_and_changed(house):
    assert house.ask(queries.aim, month=TODAY) is None
    for revenue in (Money(100), Money(900000)):
        house.do(service.set_budget, month=TODAY, sold=60, revenue=revenue)
    assert house.ask(queries.aim, month=TODAY) == queries.Aim(60, Money(900000))
    with pytest.raises(Refused):
        house.do(service.set_budget, month=TODAY, sold=-1, revenue=Money(0))


def test_pick_up_counts_the_nights_that_are_booked_and_those_booked_lately(house):
    house.book("Old", nights=2, start=TODAY + DAY)
    house.clock.set(TODAY, 15)
    rows = {p.night: p for p in house.ask(queries.pick_up, today=TODAY)}
    assert len(rows) == 30
    assert [rows[TODAY + DAY * n].booked for n in range(4)] == [0, 1, 1, 0]
    assert rows[TODAY + DAY].lately == 1
    assert house.ask(queries.pick_up, today=TODAY + DAY, lately=0)[0].lately == 0


def test_origins_are_counted_by_room_nights(closed):
    [share] = closed.ask(queries.origins, start=TODAY, end=TODAY)
    assert share.number == 1


@given(st.integers(0, 10**12))
def test_the_lines_across_stand_at_or_above_the_largest_bar(largest):
    top = nice_top(largest)
    assert top >= largest
    assert top % TICKS == 0
    assert top <= max(largest * 3, TICKS)


def test_a_bar_is_chosen_by_arrow_and_enter(qtbot):
    chart = BarChart(str)
    qtbot.addWidget(chart)
    chart.resize(600, 300)
    chart.show()
    chart.show_bars([Bar("a", 1, 5), Bar("b", 2, 7, 4, 6), Bar("c", 3, None)])
    chart.pick(2)
    qtbot.keyClick(chart, Key.Key_Left)
    with qtbot.waitSignal(chart.chosen) as seen:
        qtbot.keyClick(chart, Key.Key_Return)
    assert seen.args[0].key == 2
    with qtbot.waitSignal(chart.picked) as seen:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.place(0).center().toPoint())
    assert seen.args[0].key == 1


def page(qtbot, desk, language="en"):
    dress(Look(language, "light", 100))
    made = FiguresScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.gone = []
    made.wanted.connect(lambda word, what: made.gone.append((word, what)))
    made.resize(1206, 716)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.start().setFocus()
    return made


def test_a_day_opens_its_reports(qtbot, desk):
    lived(desk)
    screen = page(qtbot, desk)
    screen.chart.pick(TODAY.day - 1)
    qtbot.keyClick(screen.chart, Key.Key_Return)
    assert screen.gone == [("reports", {"day": TODAY, "report": "manager"})]
    screen.chart.pick(0)
    assert screen.can_day_reports() == "This day has not been closed."


def test_months_and_measures_turn_by_key(qtbot, desk):
    screen = page(qtbot, desk)
    qtbot.keyClick(screen.chart, Key.Key_PageUp)
    assert screen.name.text() == "Oct 2026"
    for _turn in range(3):
        qtbot.keyClick(screen.chart, Key.Key_PageDown)
    assert (screen.name.text(), screen.month) == ("Jan 2027", date(2027, 1, 1))
    seen = [screen.word]
    for _turn in MEASURES:
        qtbot.keyClick(screen.chart, Key.Key_M, CtrlShift)
        seen.append(screen.word)
    assert seen == [*MEASURES, "occupancy"]


def test_the_budget_is_typed_at_the_right_and_drawn_as_a_line(qtbot, desk):
    lived(desk)
    screen = page(qtbot, desk)
    assert "No budget entered." in screen.legend.text()
    qtbot.keyClick(screen.chart, Key.Key_E, Qt.KeyboardModifier.AltModifier)
    screen.press_primary()
    assert screen.notes.tone == "bad"
    qtbot.keyClicks(screen.aim["sold"].line, "60")
    qtbot.keyClicks(screen.aim["revenue"].line, "18000")
    screen.press_primary()
    assert screen.notes.tone == "good"
    assert {b.target for b in screen.chart.bars} == {60 * 10000 // (8 * 30)}
    assert "Dashed: budget." in screen.legend.text()
    assert screen.panel.page == screen.HOME


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, desk, language):
    lived(desk)
    screen = page(qtbot, desk, language)
    qtbot.wait(30)
    check_screen(screen)
    dress(Look("en", "light", 100))


def test_any_period_is_shown_a_long_one_by_month_and_a_month_opens_its_days(qtbot, desk):
    lived(desk)
    screen = page(qtbot, desk)
    screen.first.set_value(TODAY)
    screen.last.set_value(TODAY - DAY)
    screen.acts["show_period"].press()
    assert "the first one first" in screen.notes.text
    screen.last.set_value(TODAY + 9 * DAY)
    screen.acts["show_period"].press()
    assert (len(screen.chart.bars), screen.name.text()) == (10, "20 Nov 2026 \u2013 29 Nov 2026")
    screen.first.set_value(date(2026, 1, 1))
    screen.last.set_value(date(2026, 12, 31))
    screen.acts["show_period"].press()
    assert [b.value for b in screen.chart.bars] == [None] * 10 + [1250, None]
    screen.chart.pick(10)
    assert screen.can_day_reports() == "Choose a day first."
    qtbot.keyClick(screen.chart, Key.Key_Return)
    assert (screen.since, screen.until) == queries.month_of(TODAY)


def test_a_figure_opens_the_rows_behind_it(qtbot, desk):
    lived(desk)
    desk.book("Coming", nights=2, start=TODAY + 2 * DAY)
    screen = page(qtbot, desk)
    screen.sources.setFocus()
    qtbot.keyClick(screen.sources, Key.Key_Return)
    [row] = screen.behind.nights.rows.rows()
    assert (row.day, row.room, row.guest, row.price) == (TODAY, "301", "Wang Yaqin", 29800)
    assert "Phone" in screen.behind.title.text()
    assert screen.step_back()
    assert not screen.step_back()
    qtbot.mouseClick(
        screen.origins, Qt.MouseButton.LeftButton, pos=screen.origins.rect().topLeft() + QPoint(4, 4)
    )
    assert [n.room for n in screen.behind.nights.rows.rows()] == ["301"]
    screen.coming.chosen.emit(next(b for b in screen.coming.bars if b.key == TODAY + 2 * DAY))
    [booked] = screen.behind.booked.rows.rows()
    assert (booked.guest, booked.type_code) == ("Coming", "BIG")
    screen.behind.booked.chosen.emit(booked)
    assert screen.gone == [("reservations", {"line_id": booked.line_id})]
    check_screen(screen)
    screen.acts["to_chart"].press()
    assert screen.front.currentIndex() == 0


def test_the_chart_is_read_as_a_list_and_printed(qtbot, desk):
    lived(desk)
    desk.do(service.set_budget, month=TODAY, sold=60, revenue=Money(1800000))
    screen = page(qtbot, desk)
    qtbot.keyClick(screen.chart, Key.Key_G, CTRL_SHIFT)
    assert screen.table.isVisible()
    assert screen.table.hasFocus()
    said = {line[0]: line[1:] for line in screen.table.entries()}
    assert said["Fri 20 Nov"] == ["12.50%", "", "", "25.00%"]
    assert said["Sat 21 Nov"] == ["", "", "", "25.00%"]
    assert len(said) == 30
    screen.show_measure("revenue")
    said = {line[0]: line[1:] for line in screen.table.entries()}
    assert said["Fri 20 Nov"] == ["298.00", "", "", "600.00"]
    check_screen(screen)
    screen.press_primary()
    [job] = [j for j in desk.ask(print_queries.jobs) if j.kind == "list"]
    slip = desk.ask(print_queries.stored, job_id=job.id)
    assert slip.title == "Room revenue Nov 2026"
    qtbot.keyClick(screen.table, Key.Key_G, CTRL_SHIFT)
    assert screen.chart.isVisible()


def test_the_difference_from_last_year_is_written_with_its_sign(qtbot):
    table = DaysTable()
    qtbot.addWidget(table)
    bars = [
        Bar("1", TODAY, 5000, 6250),
        Bar("2", TODAY + DAY, 7000, 6250),
        Bar("3", TODAY + 2 * DAY, None, 1),
    ]
    table.show_bars(bars, MEASURES["occupancy"], 2, monthly=False)
    assert [line[1:4] for line in table.entries()] == [
        ["50.00%", "62.50%", "\u221212.50"],
        ["70.00%", "62.50%", "+7.50"],
        ["", "0.01%", ""],
    ]


def test_a_year_by_month_stands_against_the_budget_of_each_month(qtbot, desk):
    lived(desk)
    desk.do(service.set_budget, month=TODAY, sold=60, revenue=Money(1800000))
    screen = page(qtbot, desk)
    screen.show_measure("revenue")
    screen.first.set_value(date(2026, 1, 1))
    screen.last.set_value(date(2026, 12, 31))
    screen.acts["show_period"].press()
    assert [b.target for b in screen.chart.bars] == [None] * 10 + [1800000, None]


def test_an_occupancy_stands_under_the_whole_house(qtbot, desk):
    lived(desk)
    screen = page(qtbot, desk)
    assert screen.chart._top() == 10000
    assert [b.key for b in screen.chart.bars if b.shaded][:2] == [date(2026, 11, 6), date(2026, 11, 7)]
    screen.show_measure("adr")
    assert screen.chart._top() < 100000


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_figures_fit_a_small_window_with_large_letters(qtbot, desk, language):
    lived(desk)
    dress(Look(language, "light", 130))
    made = FiguresScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(951, 560)
    made.show()
    qtbot.wait(30)
    assert made.minimumSizeHint().width() <= 951
    check_screen(made)
    made.acts["other_shape"].press()
    qtbot.wait(30)
    check_screen(made)
    dress(Look("en", "light", 100))


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 400),
    st.integers(0, 2000),
    st.integers(0, 10**9),
)
def test_a_figure_by_month_is_the_sum_of_its_days(start, length, sold, revenue):
    one = reports_figures.Figures(rooms=10, sold=sold, revenue=Money(revenue))
    rows = [(start + DAY * n, one if n % 2 else None, None) for n in range(length)]
    months = queries.by_month(rows)
    assert sum(f.revenue for _m, f, _b in months if f) == sum(f.revenue for _d, f, _b in rows if f)
    assert [m for m, _f, _b in months] == sorted({d.replace(day=1) for d, _f, _b in rows})


def test_the_budget_of_a_period_is_its_months_by_days(house):
    house.do(service.set_budget, month=date(2026, 11, 1), sold=60, revenue=Money(900000))
    house.do(service.set_budget, month=date(2026, 12, 1), sold=31, revenue=Money(310000))
    assert house.ask(queries.aim_between, start=date(2026, 11, 1), end=date(2026, 12, 31)) == queries.Aim(
        91, Money(1210000)
    )
    assert house.ask(queries.aim_between, start=date(2026, 11, 21), end=date(2026, 12, 1)) == queries.Aim(
        21, Money(310000)
    )
    assert house.ask(queries.aim_between, start=date(2027, 1, 1), end=date(2027, 1, 31)) is None


# ------------------------------------------------------------------ parts add up, like is compared with like
def guests(house, countries):
    """Let one guest of each country sleep here tonight, and one for nothing."""
    rooms = iter(("201", "202", "203", "204", "301", "302", "303", "304"))
    for country in countries:
        house.do(
            stays.walk_in,
            room_id=house.room_id(next(rooms)),
            departure=house.house().business_date + DAY,
            guests=[Person(f"Guest {country}", nationality=country)],
            plan_id=1,
            intent=house.new_intent(),
        )
    house.do(
        stays.walk_in,
        room_id=house.room_id(next(rooms)),
        departure=house.house().business_date + DAY,
        guests=[Person("Free guest", nationality="CHN")],
        plan_id=1,
        kind="comp",
        intent=house.new_intent(),
    )


def test_origins_add_up_to_the_room_nights_sold_with_others(house):
    guests(house, ["USA", "FRA", "DEU", "JPN", "KOR", ""])
    day_guest = house.ask(stay_queries.in_house, business_date=TODAY)[0].stay_id
    house.do(folios.charge, stay_id=day_guest, code="HALF", amount=Money(14900), intent="half")
    house.next_day()
    sold = house.ask(reports.figures, start=TODAY, end=TODAY)
    shares = house.ask(queries.origins, start=TODAY, end=TODAY)
    assert sum(2 * s.number + s.halves for s in shares) == sold.half_nights == 13
    assert sum(s.amount for s in shares) == sold.revenue
    short = queries.shortened(shares, 3)
    assert [s.name for s in short] == [shares[0].name, shares[1].name, queries.OTHERS]
    assert sum(2 * s.number + s.halves for s in short) == 13
    named = (shares[0].name, shares[1].name)
    behind = house.ask(queries.nights_sold, start=TODAY, end=TODAY, nationality=queries.OTHERS, besides=named)
    of_named = [house.ask(queries.nights_sold, start=TODAY, end=TODAY, nationality=name) for name in named]
    assert len(behind) + sum(map(len, of_named)) == 7  # six nights and the half day; not the free one


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 10**7), st.integers(0, 9)), max_size=12))
def test_a_shortened_list_adds_up(parts):
    shares = [reports.Share(str(n), *part) for n, part in enumerate(parts)]
    short = queries.shortened(shares, 6)
    assert len(short) <= 6
    for value in ("number", "amount", "halves"):
        assert sum(getattr(s, value) for s in short) == sum(getattr(s, value) for s in shares)


def test_a_month_that_is_not_over_says_so(qtbot, desk):
    lived(desk)
    screen = page(qtbot, desk)
    assert screen.part.text() == "part of the period: 1 of 30 days"
    screen.first.set_value(TODAY)
    screen.last.set_value(TODAY)
    screen.acts["show_period"].press()
    assert screen.part.text() == ""


def test_last_year_is_compared_as_far_as_this_year_has_come(house):
    lived(house)
    start, end = queries.month_of(TODAY)
    _now, before = house.ask(queries.period, start=start, end=end)
    assert before == house.ask(
        reports.figures, start=queries.a_year_before(start), end=queries.a_year_before(TODAY)
    )


def test_a_correction_of_a_closed_day_stands_under_the_room_revenue(qtbot, desk):
    lived(desk)
    [stay] = desk.ask(stay_queries.in_house, business_date=TODAY + DAY)
    [night] = [x for x in desk.ask(folio_queries.folio_lines, stay_id=stay.stay_id) if x.code == "ROOM"]
    desk.do(folios.adjust, transfer_id=night.id, reason="agreed otherwise", intent="back")
    desk.next_day()
    screen = page(qtbot, desk)
    words = [w.text() for w in screen.findChildren(QLabel)]
    assert "corrections of closed days \u2212298.00, in the books 298.00" in words
    check_screen(screen)
