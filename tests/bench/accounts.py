"""A folio of 2,000 lines, and 500 companies with ten years of bills behind them."""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from pms.core.money import Money
from pms.db.base import table_of
from pms.services.companies.models import Company
from pms.services.debts import queries
from pms.services.debts.models import CompanyBill
from pms.services.folios.ledger import OF_COMPANY
from pms.services.folios.models import Account, Transfer
from pms.services.reservations import service as reservations
from pms.services.reservations.queries import lines_of
from pms.services.reservations.service import Wish
from pms.services.stays import service as stays
from tests.bench.house import PRICE, House

LINES, COMPANIES, MONTHS, OWED = 2000, 500, 120, 3
"""Lines of the folio; companies, the months of which each has a bill, and the latest that are owed."""
POSTED = 15


def _codes(house: House) -> dict[str, int]:
    asked = select(Account.code, Account.id).where(Account.code.is_not(None))
    return dict(house.office.look(lambda s: [tuple(row) for row in s.execute(asked)]))


def _guest(house: House, at: int) -> int:
    """Check a guest into one of the rooms."""
    do, (room, type_id) = house.office.do, house.rooms[at]
    wish = Wish(
        type_id, house.today, house.today + timedelta(1), 2, prices=(PRICE,), price_reason="as agreed"
    )
    number = do(reservations.book, guest_name="Wang Yaqin", rooms=[wish])
    line = house.office.ask(lines_of, number=number)[0]
    stay: int = do(stays.check_in, line_id=line, room_id=room, intent=house.office.new_intent())
    return stay


def long_folio(house: House) -> int:
    """Check two guests in, write the lines on the folio of the second and return that stay."""
    _guest(house, 0)
    stay = _guest(house, 1)
    own = select(Account.id).where(Account.stay_id == stay, Account.ledger == "guest")
    folio, codes = house.office.look(lambda s: s.execute(own).scalar_one()), _codes(house)
    rows = [
        _posting(house, folio, codes[code], 100 + n, code, f"long:{n}", stay)
        for n, code in ((n, ("MINIBAR", "LAUNDRY", "PHONE")[n % 3]) for n in range(LINES))
    ]
    with house.engine.begin() as connection:
        connection.execute(insert(table_of(Transfer)), rows)
    return stay


Row = dict[str, Any]


def _posting(house: House, debit: int, credit: int, amount: int, code: str, key: str, stay: Any) -> Row:
    return {
        "business_date": house.today,
        "at": house.office.now(),
        "debit_id": debit,
        "credit_id": credit,
        "amount": Money(amount),
        "code": code,
        "text": "",
        "rule": "",
        "quantity": 1,
        "key": key,
        "slip": "",
        "stay_id": stay,
        "station": "desk-1",
        "clerk_id": 1,
    }


def companies(house: House) -> Callable[[], list[queries.DebtorRow]]:
    """Write companies and their bills, and return what asks how old their debts are."""
    numbers = range(1, COMPANIES + 1)
    at = house.office.now()
    with house.engine.begin() as connection:
        firms = [{"number": n, "name": f"Firm {n}", "code": f"F{n}", "made_at": at} for n in numbers]
        plain = {"search": "", "tax_number": "", "contact": "", "phone": "", "address": "", "free_until": ""}
        more = {"credit_limit": Money(10**7), "days_to_pay": 30, "suspended": ""}
        connection.execute(insert(table_of(Company)), [{**plain, **more, **one} for one in firms])
        owing = {"ledger": "city", "window": "", "closed": False}
        accounts = [{**owing, "code": f"{OF_COMPANY}{n}", "name": f"Firm {n}"} for n in numbers]
        connection.execute(insert(table_of(Account)), [{**one, "balance": 0} for one in accounts])
    ids = {n: number for n, number in enumerate(_firms(house), 1)}
    own = _codes(house)
    out = own["COUNTER"]
    for month in range(MONTHS):
        day = house.today - timedelta(30 * (MONTHS - month))
        left = 5000 if month >= MONTHS - OWED else 0
        with house.engine.begin() as connection:
            moved = [
                _posting(house, own[f"{OF_COMPANY}{n}"], out, 5000, "COMPANY", f"b:{month}:{n}", None)
                for n in numbers
            ]
            posted = connection.execute(
                insert(table_of(Transfer)).returning(table_of(Transfer).c.id, sort_by_parameter_order=True),
                [{**one, "business_date": day} for one in moved],
            ).scalars()
            bills = [
                {
                    "number": month * COMPANIES + n,
                    "company_id": ids[n],
                    "stay_id": 1,
                    "stay_number": 1,
                    "guest": "Guest",
                    "room": "101",
                    "arrival": day,
                    "departure": day,
                    "signer": "",
                    "amount": 5000,
                    "left": left,
                    "billed_on": day,
                    "due_on": day + timedelta(30),
                    "transfer_id": number,
                }
                for n, number in zip(numbers, posted, strict=True)
            ]
            connection.execute(insert(table_of(CompanyBill)), bills)
    return lambda: house.office.ask(queries.debtors)


def _firms(house: House) -> list[int]:
    asked = select(Company.id).order_by(Company.number)
    return list(house.office.look(lambda s: s.scalars(asked).all()))


def folio(database: str, stay: str) -> tuple[float, float, float]:
    """Open the long folio, and post charges by key on a short one and on it; returns the milliseconds to the
    painted page, and to a charge that is committed and painted on each, at this machine's speed."""
    from PySide6.QtWidgets import QApplication

    from pms.ui.kit import theme
    from pms.ui.kit.refresh import ChangeSignal
    from pms.ui.kit.sweeper import Sweeper
    from pms.ui.kit.theme import Look
    from pms.ui.screens.folios.screen import FolioScreen
    from tests.bench.desk import _office, _pump, until_painted
    from tests.bench.run import calibration

    app = QApplication([])
    sweeper = Sweeper(app)
    sweeper.start()
    theme.apply(app, Look("zh_CN", "light", 100))
    office = _office(database)
    page = FolioScreen(office, ChangeSignal(office.changes))
    page.resize(1206, 716)
    page.show()
    _pump(app, 1)
    sweeper.settle()
    slow = 45 / statistics.median(calibration() for _ in range(3))

    def opened(which: int) -> float:
        start = time.perf_counter()
        page.open(stay_id=which)
        until_painted(app, page.table.viewport())
        return (time.perf_counter() - start) * 1000 * slow

    def posted() -> float:
        page.acts["charge"].press()
        form = page.forms["charge"]
        form["code"].set_value("MINIBAR")
        form["amount"].set_value(Money(100))
        _pump(app, 0.15)
        before, start = len(page.lines), time.perf_counter()
        page.press_primary()
        until_painted(app, page.table.viewport())
        taken = (time.perf_counter() - start) * 1000 * slow
        assert len(page.lines) > before, page.notes.text
        _pump(app, 0.1)
        return taken

    other = int(office.look(lambda s: s.execute(_short(int(stay))).scalar_one()))
    opened(other)
    few = [posted() for _n in range(POSTED)]
    opens = []
    for _n in range(5):
        opens.append(opened(int(stay)))
        opened(other)
    opened(int(stay))
    many = [posted() for _n in range(POSTED)]
    return statistics.median(opens), statistics.median(few), statistics.median(many)


def _short(stay: int) -> Any:
    from pms.services.stays.models import Stay

    return select(Stay.id).where(Stay.state == "in_house", Stay.id != stay).order_by(Stay.id).limit(1)


if __name__ == "__main__":
    print(*folio(*sys.argv[2:]), flush=True)
    os._exit(0)
