"""A day of 10,000 payments by phone on a bill, every second of them in the books."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import insert, select

from pms.core.money import Money
from pms.db.base import table_of
from pms.services.folios.models import Account, PaymentReference, PaymentShare, Transfer
from pms.services.statements import queries, service
from pms.services.statements.matching import MATCHED
from pms.services.statements.queries import Compared
from tests.bench.house import House

LINES, POSTED = 10_000, 5_000
Bill = Callable[..., bytes]


def matching(
    house: House, bill: Bill
) -> tuple[Callable[[], object], Callable[[], object], Callable[[], int]]:
    """Return what reads the bill in, what holds it against the books, and how many lines found a posting."""
    day = house.today - timedelta(1)
    span = {"first": day, "last": day}
    numbers = [f"42{n:026}" for n in range(LINES)]
    times = [f"{day} {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in range(LINES)]
    data = bill(
        *((at, number, f"HT{number[-8:]}", "1.00") for at, number in zip(times, numbers, strict=True))
    )
    _post(house, day, numbers[:POSTED])

    def read_in() -> object:
        call = service.read_in.of(file="bill.csv", data=data, **span)
        return house.office.do(call, intent=house.office.new_intent())

    def compared() -> Compared:
        return house.office.ask(queries.compared, **span)

    return read_in, compared, lambda: len(compared().of(MATCHED))


def _post(house: House, day: object, numbers: list[str]) -> None:
    """Write the postings with their numbers."""
    at = house.office.now() - timedelta(1)
    common = {"business_date": day, "at": at, "station": "desk-1", "clerk_id": None}
    with house.engine.begin() as connection:
        codes = dict(
            connection.execute(select(Account.code, Account.id).where(Account.code.is_not(None))).all()
        )
        into, out = codes["WECHAT"], codes["COUNTER"]
        moved = [
            {
                **common,
                "debit_id": into,
                "credit_id": out,
                "amount": Money(100),
                "code": "WECHAT",
                "key": f"phone:{number}",
                "text": "",
                "rule": "",
                "quantity": 1,
                "slip": "",
            }
            for number in numbers
        ]
        connection.execute(insert(table_of(Transfer)), moved)
        named = [{**common, "kind": "WECHAT", "number": number, "back": False} for number in numbers]
        connection.execute(insert(table_of(PaymentReference)), named)
        t, r = table_of(Transfer).c, table_of(PaymentReference).c
        pairs = select(r.id, t.id, t.amount).where(t.key == "phone:" + r.number)
        columns = ["reference_id", "transfer_id", "amount"]
        connection.execute(insert(table_of(PaymentShare)).from_select(columns, pairs))
