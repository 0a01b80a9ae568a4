"""A closed day on paper: every total is worked out again from the raw ledger by a few lines of SQL of the test's own."""
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from pms.core import i18n
from pms.core.errors import Refused
from pms.core.money import Money
from pms.printing import pdf, spreadsheet
from pms.services.folios import service as folios
from pms.services.reports import printouts, queries, service
from pms.services.reports.figures import Figures
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import TODAY

DAY = timedelta(days=1)


def stay_in(house, room="301", **fields):
    line = house.book(type_code="BIG" if room.startswith("3") else "TWN", **fields)
    return house.do(stays.check_in, line_id=line, room_id=house.room_id(room), deposit=Paid("CASH", Money(50000)), intent=house.new_intent())


@pytest.fixture
def closed(house):
    """Two closed days with three stays, a charge, a void, a payment, and a guest who did not come."""
    first = stay_in(house, "301", nights=5)
    stay_in(house, "302", nights=5)
    stay_in(house, "201", nights=5)
    house.book("No Show", nights=1)
    house.do(folios.charge, stay_id=first, code="MINIBAR", amount=Money(1800), intent=house.new_intent())
    wrong = house.do(folios.charge, stay_id=first, code="MINIBAR", amount=Money(700), intent=house.new_intent())
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
    [(nights, revenue)] = sql(closed, "SELECT count(*), sum(price) FROM night_stay WHERE business_date = :d", d=TODAY.isoformat()
                              if closed.engine.dialect.name == "sqlite" else TODAY)
    assert (f.sold, f.revenue) == (nights, revenue)
    assert f.occupancy == 3750
    assert f.adr == round(revenue / 3)
    assert f.revpar == round(revenue / 8)


@given(st.integers(0, 500), st.integers(0, 50), st.integers(-10**6, 10**8))
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


@pytest.mark.parametrize("breakdown", [queries.by_type, queries.by_source])
def test_breakdowns_sum_to_the_house(closed, breakdown):
    house = closed.ask(queries.figures, start=TODAY, end=TODAY + DAY)
    parts = closed.ask(breakdown, start=TODAY, end=TODAY + DAY)
    revenue = sum(f.revenue for _code, f in parts) if breakdown is queries.by_type else sum(s.amount for s in parts)
    assert revenue == house.revenue


def test_codes_and_methods_equal_the_raw_ledger(closed):
    raw = dict(sql(closed, "SELECT a.code, sum(CASE WHEN t.credit_id = a.id THEN t.amount ELSE -t.amount END) FROM transfer t "
                           "JOIN account a ON a.id IN (t.debit_id, t.credit_id) WHERE a.ledger IN ('revenue', 'tax') GROUP BY a.code"))
    assert {s.name: s.amount for s in closed.ask(queries.by_code, start=TODAY, end=TODAY + DAY)} == {k: int(v) for k, v in raw.items()}
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
    balances = closed.ask(queries.in_house, day=TODAY)
    assert [x.room for x in balances] == ["201", "301", "302"]
    guest = next(x for x in closed.ask(queries.trial_balance, day=TODAY) if x.ledger == "guest")
    assert sum(x.owed for x in balances) == guest.closing
    assert [x.deposit for x in balances] == [50000] * 3


def test_a_closed_days_report_does_not_change_with_what_happens_later(closed):
    i18n.use("en")
    before = {word: closed.ask(printouts.report, word=word, day=TODAY) for word in printouts.REPORTS}
    stay_in(closed, "303")
    closed.next_day()
    after = {word: closed.ask(printouts.report, word=word, day=TODAY) for word in printouts.REPORTS}
    assert before == after


def test_voids_takings_and_losses_name_who_and_why(closed):
    [void] = closed.ask(queries.corrections, start=TODAY, end=TODAY)
    assert (void.amount, void.room, void.clerk) == (700, "301", "Zhang Li")
    takings = closed.ask(queries.takings, day=TODAY)
    assert sum(x.taken - x.given for x in takings) == 160000
    [lost] = closed.ask(queries.lost, day=TODAY)
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
    money = [cell.value for row in book.worksheets[3].iter_rows() for cell in row if isinstance(cell.value, int | float)]
    assert len(money) > 10
    i18n.use("en")


def test_an_empty_report_says_that_it_is_empty(house):
    i18n.use("en")
    house.next_day()
    words = {block.text for word in ("variances", "corrections", "given_away", "losses", "cashier", "balances")
             for block in house.ask(printouts.report, word=word, day=TODAY).blocks if hasattr(block, "text")}
    assert {"Nothing was taken back.", "No room was given away.", "Everybody who was expected came.", "No money was taken or given.",
            "Nobody was in house.", "Every room was sold at its rack rate."} <= words
