"""A hotel counts in its own currency, with none, two or three decimals: from founding to last paper."""

import ast
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel
from sqlalchemy import select

from pms import duties
from pms.core.authority import Kind
from pms.core.currencies import CURRENCIES
from pms.core.errors import Refused
from pms.core.money import Money, show
from pms.core.options import Options
from pms.db import schema
from pms.db.base import PrintJob
from pms.db.engine import open_engine, sqlite_url
from pms.printing import spreadsheet
from pms.printing.cells import Line, lay_out
from pms.printing.slip import Slip
from pms.services.authority import queries as authority
from pms.services.folios import service as folios
from pms.services.property import queries as property_queries
from pms.services.property import service as property_
from pms.services.rates import queries as rate_queries
from pms.services.rates import service as rates
from pms.services.reports import printouts
from pms.services.reports.rolls import ROLLS
from pms.services.shifts import service as shifts
from pms.services.shop import service as shop
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.ui.kit.amounts import Amount
from pms.ui.kit.flow import Forms
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.table import Table
from pms.ui.kit.theme import Look
from tests.builders import SECRET, SMALL, TODAY, House, office
from tests.invariants import check_books
from tests.ui.checks import dress

DAY = timedelta(days=1)
ROOT = Path(duties.__file__).parent
FIGURES = re.compile(r"(?<![\w.,:/-])\d{1,3}(?:,\d{3})*(\.\d+)?(?![\w.,:/%-]|\s*%)")
MONEY = ("JPY", "CNY", "KWD")
AS_ODD = replace(SMALL.options, odd_amount=100_001)
"""The same sums are posted in every currency, and none is asked about."""


@pytest.fixture(params=MONEY)
def counted(request, tmp_path) -> House:
    """The small hotel of a currency after a day: stays, deposits, charges, tax, a rebate, a sale, a close."""
    engine = open_engine(sqlite_url(tmp_path / "hotel.db"), SECRET)
    schema.upgrade(engine)
    house = office(engine, replace(SMALL, currency=request.param, options=AS_ODD))
    rules = replace(house.context_options(), tax_basis_points=625, tax_included=False)
    house.do(property_.edit, name="", options=rules)
    for room in ("301", "302"):
        line = house.book(f"Guest {room}", nights=3)
        house.do(
            stays.check_in,
            line_id=line,
            room_id=house.room_id(room),
            deposit=Paid("CASH", Money(70003)),
            intent=house.new_intent(),
        )
    [stay, other] = [s.stay_id for s in house.look(stay_queries.in_house, business_date=TODAY)]
    charge = house.do(
        folios.charge, stay_id=stay, code="MINIBAR", amount=Money(4567), intent=house.new_intent()
    )
    house.do(folios.rebate, transfer_id=charge, amount=Money(1001), reason="warm", intent=house.new_intent())
    house.do(folios.pay, stay_id=other, method="MOBILE", amount=Money(12345), intent=house.new_intent())
    cola = house.do(shop.set_good, name="Cola", price=Money(801), unit="can")
    house.do(shop.receive, lines=[shop.Delivered(cola, 9)], reference="1")
    house.do(shop.sell, lines=[shop.Item(cola, 3)], method="CASH", intent=house.new_intent())
    house.do(folios.print_bill, stay_id=stay)
    house.next_day()
    yield house
    house.look(check_books)
    engine.dispose()


@pytest.mark.parametrize(
    ("currency", "hundred"), [("CNY", 10000), ("JPY", 2000), ("KWD", 5000), ("USD", 2000), ("THB", 50000)]
)
def test_rules_and_limits_begin_with_about_as_much_in_every_currency(tmp_path, currency, hundred):
    engine = open_engine(sqlite_url(tmp_path / "hotel.db"), SECRET)
    schema.upgrade(engine)
    house = office(engine, replace(SMALL, currency=currency))
    rules, told = house.context_options(), Options()
    for name in ("deposit_per_night", "deposit_unit", "card_price", "odd_amount", "over_short_told"):
        assert getattr(rules, name) == getattr(told, name) * hundred // 10000, name
    assert rules.float_amount == 20 * hundred
    limits = {row.code: row.limits for row in house.ask(authority.table)}
    assert limits["manager"][Kind.REFUND].amount == 50 * hundred
    assert limits["clerk"][Kind.PRICE].amount is None
    engine.dispose()


def test_a_rule_that_the_hotel_gives_itself_stays(tmp_path):
    engine = open_engine(sqlite_url(tmp_path / "hotel.db"), SECRET)
    schema.upgrade(engine)
    own = replace(SMALL.options, card_price=777)
    house = office(engine, replace(SMALL, currency="JPY", options=own))
    assert house.context_options().card_price == 777
    engine.dispose()


def wrong(text: str, digits: int) -> list[str]:
    """Return the amounts in a text that are not written with so many decimals: those that have some, or that
    are large enough to be no count."""
    found = []
    for match in FIGURES.finditer(text):
        decimals = len(match[1] or ".") - 1
        if decimals != digits and (decimals or "," in match[0]):
            found.append(match[0])
    return found


def words_of(slip: Slip) -> str:
    return "\n".join(piece.text for piece in lay_out(slip) if isinstance(piece, Line))


RATIO = re.compile(r"\d\.\d+ ×|× \d\.\d+|\d+(\.\d+)? nights?\b")
"""What is a part of a price or a count of nights, and no amount."""


def test_every_paper_and_report_writes_the_currencys_decimals(counted):
    digits, told = counted.house().digits, 0
    slips = [Slip.from_dict(s) for s in counted.look(lambda x: list(x.scalars(select(PrintJob.slip))))]
    assert len(slips) >= 6
    for word in printouts.REPORTS:
        for roll in filter(None, (None, ROLLS.get(word))):
            slips.append(counted.look(printouts.report, word=word, day=TODAY, roll=roll))
        slips.append(counted.look(printouts.report, word=word, day=TODAY))
    for slip in slips:
        text = RATIO.sub("", words_of(slip))
        assert wrong(text, digits) == [], (slip.kind, text)
        told += len(re.findall(rf"\d\.\d{{{digits}}}\b", text)) if digits else text.count(",")
    assert told > 20


def test_a_sheet_of_figures_keeps_the_currencys_decimals(counted):
    digits = counted.house().digits
    made = spreadsheet.render([counted.look(printouts.report, word="balances", day=TODAY)])
    sheet = openpyxl.load_workbook(BytesIO(made)).worksheets[0]
    held = [c for line in sheet.iter_rows() for c in line if c.value in (70003, 700.03, 70.003)]
    assert held
    assert {c.value for c in held} == {70003 / 10**digits}
    assert {c.number_format for c in held} == {"#,##0" + ("." + "0" * digits if digits else "")}


@pytest.mark.parametrize("word", duties.screens())
@pytest.mark.parametrize("counted", ["KWD"], indirect=True)
def test_every_page_reads_and_writes_the_currencys_decimals(qtbot, counted, word):
    dress(Look("en", "light", 100))
    page = duties.resolve(duties.screens()[word])(counted, ChangeSignal(counted.changes))
    qtbot.addWidget(page)
    page.show()
    page.open()
    for forms in [v for v in vars(page).values() if isinstance(v, Forms)]:
        for name in forms._makers:
            assert forms[name]
    digits = counted.house().digits
    for field in page.findChildren(Amount):
        assert field.digits == digits, field.title
    for table in page.findChildren(Table):
        if any(c.kind == "money" for c in table.rows.columns):
            assert table.rows.digits == digits, table.accessibleName()
    for label in page.findChildren(QLabel):
        assert wrong(RATIO.sub("", label.text()), digits) == [], label.text()


MONEYS = {"show", "parse", "money.show", "money.parse", "formats.amount"}


def test_no_amount_is_written_or_read_without_saying_how_many_decimals():
    found = []
    for file in sorted(ROOT.rglob("*.py")):
        source = file.read_text("utf-8")
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in MONEYS:
                told = len(call.args) > 1 or any(k.arg == "digits" for k in call.keywords)
                mine = "from pms.core.money import" in source or "." in ast.unparse(call.func)
                if mine and not told:
                    found.append(f"{file.name}:{call.lineno} {ast.unparse(call)}")
    assert found == []


def test_the_drawer_is_counted_in_the_currencys_notes_and_coins(counted):
    money = CURRENCIES[counted.house().currency]
    assert counted.context_options().denominations == money.pieces
    shift = counted.do(shifts.open_shift, float_amount=Money(0), intent=counted.new_intent())
    small = money.pieces[-1]
    told = counted.do(shifts.count, shift_id=shift, pieces={str(small): 3})
    assert told.counted == 3 * small


def test_prices_and_charges_are_rounded_to_the_currencys_own_step(counted):
    money = CURRENCIES[counted.house().currency]
    counted.do(rates.add_plan, code="ODD", name="Odd", base_id=1, basis_points=8765)
    quote = counted.look(
        rate_queries.quote, plan_id=2, type_id=counted.type_id("BIG"), start=TODAY + DAY, end=TODAY + 2 * DAY
    )
    assert quote[0].price % money.step == 0
    assert abs(quote[0].price - 29800 * 0.8765) <= money.step / 2 or quote[0].price == 0
    assert counted.look(property_queries.setting).options.charge_unit == money.step


def test_a_currency_that_is_not_kept_founds_nothing(tmp_path):
    from pms.db import schema
    from pms.db.engine import open_engine, sqlite_url
    from tests.builders import SECRET

    engine = open_engine(sqlite_url(tmp_path / "hotel.db"), SECRET)
    schema.upgrade(engine)
    with pytest.raises(Refused, match="“XYZ” is no currency the hotel can use. Choose one of CNY HKD"):
        office(engine, replace(SMALL, currency="XYZ"))
    engine.dispose()


def test_amounts_show_as_the_currency_has_them():
    assert [show(29800, CURRENCIES[c].digits) for c in MONEY] == ["29,800", "298.00", "29.800"]
