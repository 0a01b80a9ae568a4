"""A closed day on paper: every total is worked out again from the raw ledger by a few lines of SQL of the
test's own."""

import json
import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pms.core import i18n
from pms.core.errors import Refused
from pms.core.figures import Figures
from pms.core.money import Money, show
from pms.printing import pdf, spreadsheet, texts
from pms.printing.cells import Line, lay_out
from pms.printing.slip import Slip, Table
from pms.services.figures import service as figures_service
from pms.services.folios import service as folios
from pms.services.housekeeping import service as sheets
from pms.services.rates import service as rates
from pms.services.reports import behind, books, printouts, queries, service
from pms.services.reports.rolls import ROLLS
from pms.services.reservations import queries as booking_queries
from pms.services.reservations import service as bookings
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import TODAY

DAY = timedelta(days=1)


def stay_in(house, room="301", **fields):
    kind = fields.pop("kind", "")
    line = house.book(type_code="BIG" if room.startswith("3") else "TWN", **fields)
    return house.do(
        stays.check_in,
        line_id=line,
        room_id=house.room_id(room),
        kind=kind,
        deposit=Paid("CASH", Money(50000)),
        intent=house.new_intent(),
    )


@pytest.fixture
def closed(house):
    """Two closed days with three stays, a charge, a void, a payment, and a guest who did not come."""
    first = stay_in(house, "301", nights=5)
    stay_in(house, "302", nights=5)
    stay_in(house, "201", nights=5)
    house.book("No Show", nights=1)
    house.do(folios.charge, stay_id=first, code="MINIBAR", amount=Money(1800), intent=house.new_intent())
    wrong = house.do(
        folios.charge, stay_id=first, code="MINIBAR", amount=Money(700), intent=house.new_intent()
    )
    house.do(folios.void, transfer_id=wrong, reason="wrong room", intent=house.new_intent())
    house.do(folios.pay, stay_id=first, method="MOBILE", amount=Money(10000), intent=house.new_intent())
    house.next_day()
    house.next_day()
    return house


def sql(house, statement, **values):
    return house.ask(lambda session: session.execute(text(statement), values).all())


def test_figures_are_counts_of_the_snapshot_and_ratios_of_them(closed):
    f = closed.ask(queries.figures, start=TODAY, end=TODAY)
    assert (f.rooms, f.sold, f.no_shows, f.arrivals) == (8, 3, 1, 3)
    [(nights, revenue)] = sql(
        closed,
        "SELECT count(*), sum(price) FROM night_stay WHERE business_date = :d",
        d=TODAY.isoformat() if closed.engine.dialect.name == "sqlite" else TODAY,
    )
    assert (f.sold, f.revenue) == (nights, revenue)
    assert f.occupancy == 3750
    assert f.adr == round(revenue / 3)
    assert f.revpar == round(revenue / 8)


@given(st.integers(0, 500), st.integers(0, 50), st.integers(-(10**6), 10**8))
def test_ratios_round_once_and_never_divide_by_nothing(rooms, house_use, revenue):
    f = Figures(rooms=rooms, house_use=min(house_use, rooms), sold=rooms // 2, revenue=Money(revenue))
    if f.sold:
        assert abs(f.adr * f.sold - revenue) * 2 <= f.sold
    else:
        assert f.adr is None
    assert (f.occupancy is None) == (f.available == 0)


def test_two_days_are_the_sum_of_each(closed):
    both = closed.ask(queries.figures, start=TODAY, end=TODAY + DAY)
    each = [closed.ask(queries.figures, start=d, end=d) for d in (TODAY, TODAY + DAY)]
    assert both.revenue == sum(f.revenue for f in each)
    assert [f for _day, f in closed.ask(queries.by_day, start=TODAY, end=TODAY + DAY)] == each


@pytest.mark.parametrize("breakdown", [queries.by_type, queries.by_source, queries.by_segment])
def test_breakdowns_sum_to_the_house(closed, breakdown):
    house = closed.ask(queries.figures, start=TODAY, end=TODAY + DAY)
    parts = closed.ask(breakdown, start=TODAY, end=TODAY + DAY)
    revenue = (
        sum(f.revenue for _code, f in parts) if breakdown is queries.by_type else sum(s.amount for s in parts)
    )
    assert revenue == house.revenue


def test_codes_and_methods_equal_the_raw_ledger(closed):
    raw = dict(
        sql(
            closed,
            "SELECT a.code, sum(CASE WHEN t.credit_id = a.id THEN t.amount ELSE -t.amount END) FROM "
            "transfer t "
            "JOIN account a ON a.id IN (t.debit_id, t.credit_id) WHERE a.ledger IN ('revenue', 'tax') "
            "GROUP BY a.code",
        )
    )
    assert {s.name: s.amount for s in closed.ask(queries.by_code, start=TODAY, end=TODAY + DAY)} == {
        k: int(v) for k, v in raw.items()
    }
    assert raw["MINIBAR"] == 1800
    methods = {s.name: s.amount for s in closed.ask(queries.by_method, start=TODAY, end=TODAY + DAY)}
    assert methods == {"CASH": 150000, "MOBILE": 10000}


def test_the_bridge_ties_what_is_owed_before_to_what_is_owed_after(closed):
    whole = closed.ask(queries.bridge, start=TODAY, end=TODAY + DAY)
    assert whole.opening + whole.consumption - whole.paid == whole.closing
    brought = sum(s.amount for s in closed.ask(queries.by_code, start=TODAY, end=TODAY + DAY))
    assert whole.consumption == brought
    assert whole.paid == 160000


def test_every_ledger_proves_itself_and_all_together_are_nothing(closed):
    lines = closed.ask(queries.trial_balance, day=TODAY)
    assert all(x.opening + x.debit - x.credit == x.closing for x in lines)
    assert sum(x.closing for x in lines) == 0
    assert sum(x.debit for x in lines) == sum(x.credit for x in lines) > 0


def test_balances_of_those_in_house_equal_their_ledger(closed):
    balances = closed.ask(behind.in_house, day=TODAY)
    assert [x.room for x in balances] == ["201", "301", "302"]
    guest = next(x for x in closed.ask(queries.trial_balance, day=TODAY) if x.ledger == "guest")
    assert sum(x.owed for x in balances) == guest.closing
    assert [x.deposit for x in balances] == [50000] * 3


def test_a_closed_days_report_does_not_change_with_what_happens_later(closed):
    """Prices, budget, stays, rooms, names and lost bookings all change afterwards; the closed day's papers do
    not."""
    before = {word: closed.ask(printouts.report, word=word, day=TODAY) for word in printouts.REPORTS}
    stay = closed.ask(stay_queries.in_house, business_date=closed.house().business_date)[1]
    closed.do(
        rates.set_price,
        plan_id=1,
        type_id=closed.type_id("BIG"),
        start=TODAY - DAY,
        end=TODAY + 9 * DAY,
        weekdays=127,
        price=Money(39800),
    )
    closed.do(figures_service.set_budget, month=TODAY, sold=999, revenue=Money(9))
    closed.do(stays.extend, stay_id=stay.stay_id, departure=TODAY + 9 * DAY)
    closed.do(
        stays.change_room, stay_id=stay.stay_id, room_id=closed.room_id("304"), reason="noise", intent="move"
    )
    [missing] = [
        x.line_id
        for x in closed.ask(booking_queries.coming, start=TODAY, end=TODAY)
        if x.guest_name == "No Show"
    ]
    line = closed.book("Late", nights=6, start=TODAY + 2 * DAY)
    closed.do(bookings.cancel, line_id=line, reason="ill")
    with pytest.raises(Refused):
        closed.do(bookings.reinstate, line_id=missing)
    with closed.engine.begin() as connection:
        connection.execute(text("UPDATE guest SET name = 'Somebody Else'"))
        connection.execute(text("UPDATE reservation SET guest_name = 'Somebody Else'"))
        connection.execute(text("UPDATE booked_room SET state = 'confirmed' WHERE state = 'no_show'"))
        connection.execute(text("UPDATE room SET number = number || 'x'"))
    stay_in(closed, "303x")
    closed.next_day()
    after = {word: closed.ask(printouts.report, word=word, day=TODAY) for word in printouts.REPORTS}
    for word in before:
        assert after[word] == before[word], word


def test_the_rack_rate_is_the_one_of_the_close(closed):
    """The variance is told against what the price list said that night, and its own numbers add up from the
    raw rows."""
    closed.do(
        rates.set_price,
        plan_id=1,
        type_id=closed.type_id("BIG"),
        start=TODAY,
        end=TODAY + 9 * DAY,
        weekdays=127,
        price=Money(39800),
    )
    assert closed.ask(behind.variances, day=TODAY) == []
    closed.next_day()
    third = TODAY + 2 * DAY
    assert [(x.room, x.rack - x.price) for x in closed.ask(behind.variances, day=third)] == [
        ("301", 13000),
        ("302", 13000),
    ]
    assert sql(
        closed,
        "SELECT t.code, f.rack FROM night_figure f JOIN room_type t ON t.id = f.type_id WHERE "
        "f.business_date = :d ORDER BY 1",
        d=on(closed, third),
    ) == [("BIG", 39800), ("TWN", 25800)]


@pytest.mark.parametrize("table", ["night_stay", "night_figure", "night_loss"])
def test_the_database_refuses_to_change_a_snapshot(closed, table):
    for statement in (f"UPDATE {table} SET business_date = business_date", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="never changed"), closed.engine.begin() as connection:
            connection.execute(text(statement))


# ------------------------------------------------------------------ every total again from the raw rows
def on(house, day):
    return day.isoformat() if house.engine.dialect.name == "sqlite" else day


def one(house, statement, **values):
    return int(sql(house, statement, d=on(house, TODAY), **values)[0][0] or 0)


def cells(house, word, heading=""):
    """Return the rows of a report's table as cells: the first one, or the one under a heading."""
    blocks = house.ask(printouts.report, word=word, day=TODAY).blocks
    start = next(n for n, b in enumerate(blocks) if not heading or getattr(b, "text", "") == heading)
    found = next(b for b in blocks[start:] if isinstance(b, Table))
    return [row.cells for row in found.rows], {t.label: t.value for t in found.totals}


MOVED = (
    "SELECT sum(CASE WHEN t.debit_id = a.id THEN t.amount ELSE -t.amount END) FROM transfer t "
    "JOIN account a ON a.id IN (t.debit_id, t.credit_id) "
)


def test_the_revenue_papers_sums_are_the_raw_ledgers(closed):
    rooms = -one(closed, MOVED + "WHERE a.code = 'ROOM' AND t.business_date = :d")
    assert rooms == 89400
    for heading in ("By room type", "By segment", "By source"):
        rows, _totals = cells(closed, "revenue", heading)
        assert rows[-1][:3] == ("Total", "3", show(rooms))
    rows, _totals = cells(closed, "revenue", "Rooms, budget and last year")
    assert rows[1][1] == show(rooms)
    assert (
        rows[0][1]
        == str(one(closed, "SELECT count(*) FROM night_stay WHERE business_date = :d AND kind = ''"))
        == "3"
    )
    rows, _totals = cells(closed, "revenue", "By transaction code")
    assert rows[-1][1] == show(
        -one(closed, MOVED + "WHERE a.ledger IN ('revenue', 'tax') AND t.business_date = :d")
    )
    rows, _totals = cells(closed, "revenue", "By method of payment")
    paid = one(closed, MOVED + "WHERE a.ledger = 'payment' AND t.business_date = :d")
    assert rows[-1][1] == show(paid) == "1,600.00"
    rows, _totals = cells(closed, "revenue", "Bridge")
    owed = one(
        closed, MOVED + "WHERE a.ledger IN ('guest', 'deposit', 'advance', 'city') AND t.business_date <= :d"
    )
    assert [r[1] for r in rows] == ["0.00", show(owed + paid), show(paid), show(owed)]


def test_the_trial_balance_is_the_raw_ledger(closed):
    rows, _totals = cells(closed, "trial_balance")
    raw = sql(
        closed,
        "SELECT a.ledger, sum(CASE WHEN t.debit_id = a.id THEN t.amount ELSE 0 END), sum(CASE WHEN "
        "t.credit_id = a.id THEN t.amount "
        "ELSE 0 END) FROM transfer t JOIN account a ON a.id IN (t.debit_id, t.credit_id) WHERE "
        "t.business_date = :d GROUP BY a.ledger",
        d=on(closed, TODAY),
    )
    wanted = {
        books.LEDGER_NAMES[ledger]: (show(int(d)), show(int(c)), show(int(d - c))) for ledger, d, c in raw
    }
    assert {r[0]: r[2:] for r in rows if r[0] in wanted} == wanted
    assert rows[-1][4] == "0.00"


def test_balances_cashier_and_record_are_the_raw_ledgers(closed):
    rows, totals = cells(closed, "balances")
    owed = one(closed, MOVED + "WHERE a.ledger = 'guest' AND t.business_date <= :d")
    held = -one(closed, MOVED + "WHERE a.ledger = 'deposit' AND t.business_date <= :d")
    assert totals == {"Owed": show(owed), "Deposits held": show(held)}
    assert len(rows) == one(closed, "SELECT count(*) FROM night_stay WHERE business_date = :d")
    _rows, totals = cells(closed, "cashier")
    assert totals == {
        "Total": show(one(closed, MOVED + "WHERE a.ledger = 'payment' AND t.business_date = :d"))
    }
    facts = dict(closed.ask(printouts.report, word="audit_record", day=TODAY).blocks[1].pairs)
    assert facts["Sum of all debits"] == show(
        one(closed, "SELECT sum(amount) FROM transfer WHERE business_date = :d")
    )
    assert facts["Postings"] == str(
        one(closed, "SELECT count(*) FROM transfer WHERE business_date = :d AND code IN ('ROOM', 'TAX')")
    )
    assert (
        facts["No-shows"]
        == str(one(closed, "SELECT count(*) FROM booked_room WHERE arrival = :d AND state = 'no_show'"))
        == "1"
    )


def test_lists_of_what_was_given_up_hold_each_raw_row_once(closed):
    third = closed.house().business_date
    stay = stay_in(closed, "303", kind="comp")
    closed.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(900), intent="m")
    closed.next_day()
    day = on(closed, third)
    assert (
        len(closed.ask(behind.corrections, day=TODAY))
        == one(
            closed,
            "SELECT count(*) FROM transfer WHERE business_date = :d AND (reverses IS NOT NULL OR code "
            "= 'ADJUST')",
        )
        == 1
    )
    [free] = [x for x in closed.ask(behind.variances, day=third) if x.kind]
    assert (free.room, free.rack) == ("303", 26800)
    assert sql(closed, "SELECT count(*) FROM night_stay WHERE business_date = :d AND kind <> ''", d=day) == [
        (1,)
    ]
    figures = dict(closed.ask(queries.by_type, start=third, end=third))["BIG"]
    assert (figures.complimentary, figures.sold, figures.revenue) == (1, 2, 53600)


def test_differences_of_the_days_sheets_are_told_with_what_explained_them(house):
    stay_in(house, "301")
    seen = tuple(
        sheets.Seen(house.room_id(room), 0, persons, "dirty")
        for room, persons in (("301", 0), ("302", 2), ("303", 0))
    )
    sheet = house.do(sheets.open_sheet, business_date=TODAY, part="PM")
    house.do(sheets.record, sheet_id=sheet, rooms=seen)
    house.do(
        sheets.clear, room_ids=[house.room_id("302")], action=sheets.ACTIONS["sleep"][0][0], reason="workmen"
    )
    house.next_day()
    rows, _totals = cells(house, "discrepancies")
    assert [r[:5] for r in rows] == [
        ("PM", "301", "Skip", "1", "vacant"),
        ("PM", "302", "Sleep", "vacant", "2"),
    ]
    assert len(rows) == one(
        house,
        "SELECT count(*) FROM status_row r JOIN status_sheet s ON s.id = r.sheet_id "
        "WHERE s.business_date = :d AND odd <> ''",
    )
    [cleared] = [x for x in house.ask(behind.discrepancies, day=TODAY) if x.reason]
    assert (cleared.room, cleared.reason, cleared.clerk) == ("302", "workmen", "Zhang Li")


def test_the_budget_on_paper_is_the_one_of_the_close_by_its_days(house):
    house.do(figures_service.set_budget, month=TODAY, sold=60, revenue=Money(900000))
    house.next_day()
    house.do(figures_service.set_budget, month=TODAY, sold=1, revenue=Money(1))
    aim = house.ask(queries.budget, day=TODAY)
    assert aim == queries.Budget(
        queries.Aim(60, Money(900000)), queries.Aim(40, Money(600000)), queries.Aim(40, Money(600000))
    )
    house.next_day()
    assert house.ask(queries.budget, day=TODAY + DAY).whole == queries.Aim(1, Money(1))
    rows, _totals = cells(house, "revenue", "Rooms, budget and last year")
    assert [r[3] for r in rows] == ["40", "6,000.00", "150.00"]


@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.integers(0, 5000), st.integers(0, 10**9)), unique_by=lambda m: m[0]
    ),
    st.dates(date(2027, 1, 1), date(2027, 12, 31)),
)
def test_a_years_budget_is_the_sum_of_its_months_and_a_whole_month_is_all_of_it(months, day):
    for month, sold, revenue in months:
        first = date(2027, month, 1)
        last = first.replace(day=monthrange(2027, month)[1])
        assert queries._by_days((last, sold, revenue), last) == queries.Aim(sold, Money(revenue))
        part = queries._by_days((day, sold, revenue), day)
        assert (
            abs(part.sold * monthrange(2027, day.month)[1] - sold * day.day) * 2
            <= monthrange(2027, day.month)[1]
        )
        assert part.revenue <= revenue


def test_voids_takings_and_losses_name_who_and_why(closed):
    [void] = closed.ask(behind.corrections, day=TODAY)
    assert (void.amount, void.room, void.clerk) == (700, "301", "Zhang Li")
    takings = closed.ask(behind.takings, day=TODAY)
    assert sum(x.taken - x.given for x in takings) == 160000
    [lost] = closed.ask(behind.lost, day=TODAY)
    assert (lost.guest, lost.state) == ("No Show", "no_show")


def test_an_open_day_has_no_report(closed):
    with pytest.raises(Refused, match="not closed yet"):
        closed.do(service.print_reports, day=TODAY + 2 * DAY, words=["revenue"])
    closed.do(service.print_reports, day=TODAY, words=["revenue", "manager"])


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_report_renders_as_pdf_and_spreadsheet(closed, language):
    i18n.use(language)
    slips = [closed.ask(printouts.report, word=word, day=TODAY) for word in printouts.REPORTS]
    assert all(pdf.render(slip).startswith(b"%PDF") for slip in slips)
    book = openpyxl.load_workbook(BytesIO(spreadsheet.render(slips)))
    assert len(book.sheetnames) == len(slips)
    money = [
        cell.value
        for row in book.worksheets[3].iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    ]
    assert len(money) > 10
    i18n.use("en")


def test_an_empty_report_says_that_it_is_empty(house):
    i18n.use("en")
    house.next_day()
    words = {
        block.text
        for word in (
            "variances",
            "corrections",
            "given_away",
            "losses",
            "cashier",
            "balances",
            "discrepancies",
        )
        for block in house.ask(printouts.report, word=word, day=TODAY).blocks
        if hasattr(block, "text")
    }
    assert {
        "No voids or adjustments.",
        "No complimentary or house-use rooms.",
        "All expected guests arrived.",
        "No money was taken or paid out.",
        "Nobody was in house.",
        "Every room was sold at its rack rate.",
        "Nothing had to be cleared.",
        "Desk and housekeeping agreed on every room that was recorded.",
    } <= words


# ------------------------------------------------------------------ on a receipt roll
def on_roll(house, word: str) -> list[str]:
    """Print a report and return its lines on 80 mm as they come out."""
    house.do(service.print_reports, day=TODAY, words=[word])
    stored = sql(house, "SELECT slip FROM print_job ORDER BY id DESC LIMIT 1")[0][0]
    made = replace(Slip.from_dict(json.loads(stored) if isinstance(stored, str) else stored), paper="80mm")
    return [piece.text for piece in lay_out(made) if isinstance(piece, Line)]


def test_the_daily_revenue_on_a_roll_has_a_line_for_each_number_under_its_title(closed):
    lines = on_roll(closed, "revenue")
    heads = [line.split() for line in lines if line.split()[-2:] == ["Today", "Month"]]
    assert heads == [["Today", "Month"], *[["Rooms", "Today", "Month"]] * 2, *[["Today", "Month"]] * 4]
    figures = closed.ask(queries.figures, start=TODAY, end=TODAY)
    [revenue] = [line.split() for line in lines if line.startswith("Room revenue  ")][:1]
    assert revenue == ["Room", "revenue", show(figures.revenue), show(figures.revenue)]
    assert ["Total", "3", show(figures.revenue), show(figures.revenue)] in [line.split() for line in lines]
    assert all(texts.width(line) <= 48 for line in lines)
    named = [line for line in lines if re.search(r"\d\.\d\d", line) and not line.strip()[0].isdigit()]
    assert len(named) == sum(bool(re.search(r"\d\.\d\d", line)) for line in lines), "a number without a name"


def test_the_cashier_summary_on_a_roll_stands_person_by_person(closed):
    lines = on_roll(closed, "cashier")
    assert ["Method", "Taken", "Paid", "out", "Net"] in [line.split() for line in lines]
    assert ["Mobile", "payment", "100.00", "0.00", "100.00"] in [line.split() for line in lines]
    assert lines.index("Zhang Li") < next(n for n, line in enumerate(lines) if line.startswith("Cash desk"))
    [total] = [line.split() for line in lines if line.startswith("Total")]
    assert total[-1] == "1,600.00"


def test_the_audit_record_on_a_roll_says_who_closed_and_what_was_marked(closed):
    lines = on_roll(closed, "audit_record")
    assert any(line.startswith("Closed ") and "Zhang Li" in line for line in lines)
    assert "Night auditor" in "".join(lines)


@pytest.mark.parametrize("word", printouts.REPORTS)
@pytest.mark.parametrize("paper", ["80mm", "58mm"])
def test_no_report_has_a_figure_without_its_name_on_a_roll(closed, word, paper):
    """Each figure stands in a line with words, or under a line of titles."""
    made = replace(closed.ask(printouts.report, word=word, day=TODAY, roll=ROLLS.get(word)), paper=paper)
    for piece in lay_out(made):
        if isinstance(piece, Line):
            assert texts.width(piece.text) * piece.wide <= {"80mm": 48, "58mm": 32}[paper]
    for table in (b for b in made.roll or made.blocks if isinstance(b, Table) and b.rows):
        set_ = [p for p in lay_out(Slip("x", "", (table,), paper=paper)) if isinstance(p, Line)]
        titles = [c.title for c in table.columns if c.title]
        shown = " ".join(p.text for p in set_)
        assert all(title.split()[0] in shown for title in titles), word
