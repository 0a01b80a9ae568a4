"""What a day sold by source and kind of price is summed once after its close; a report says the same before
and after; on both engines."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.night_audit import proof, service
from pms.services.night_audit.models import NightShare
from pms.services.reports import queries
from pms.services.stays import service as stays
from tests.builders import TODAY, House

DAY = timedelta(days=1)


def lived(house: House, days: int = 3) -> None:
    """Close days with nights of two sources, a free room, and a half day."""
    for name, room, source, kind in (
        ("Li", "301", "phone", ""),
        ("Wang", "302", "ota", ""),
        ("Zhao", "303", "ota", "house"),
    ):
        line = house.book(name, nights=days + 1, source=source)
        house.do(
            stays.check_in, line_id=line, room_id=house.room_id(room), kind=kind, intent=house.new_intent()
        )
    house.do(folios.charge, stay_id=1, code="HALF", amount=Money(14900), intent=house.new_intent())
    for _n in range(days):
        house.next_day()


def told(house: House, start: date, end: date) -> tuple:
    return (
        house.ask(queries.by_source, start=start, end=end),
        house.ask(queries.by_segment, start=start, end=end),
    )


def faults(house: House) -> list[str]:
    return house.look(lambda s: list(proof.faults(s)))


def summed(house: House) -> list[date]:
    days = select(NightShare.business_date).distinct().order_by(NightShare.business_date)
    return house.ask(lambda s: list(s.scalars(days)))


def test_a_report_says_the_same_before_and_after_the_days_are_summed(house):
    lived(house)
    assert summed(house) == []
    spans = [(TODAY + a * DAY, TODAY + b * DAY) for a, b in ((0, 2), (0, 0), (1, 1), (1, 2), (-9, 9))]
    before = [told(house, *span) for span in spans]
    (source, _segment) = before[0]
    assert {(s.name, s.number, s.halves) for s in source} == {("phone", 3, 1), ("ota", 3, 0)}
    house.do(service.step_done, business_date=TODAY, step="report")
    assert summed(house) == [TODAY]
    assert [told(house, *span) for span in spans] == before
    house.do(service.step_done, business_date=TODAY + 2 * DAY, step="report")
    assert summed(house) == [TODAY, TODAY + DAY, TODAY + 2 * DAY], "a day that was left out is taken along"
    assert [told(house, *span) for span in spans] == before
    house.do(service.step_done, business_date=TODAY + DAY, step="report")
    assert faults(house) == []
    house.next_day()
    assert sum(s.number for s in told(house, TODAY, TODAY + 3 * DAY)[0]) == 8, "and the day since"


def test_breakdowns_add_up_to_the_figures(house):
    lived(house)
    house.do(service.step_done, business_date=TODAY + DAY, step="report")
    whole = house.ask(queries.figures, start=TODAY, end=TODAY + 2 * DAY)
    for shares_ in told(house, TODAY, TODAY + 2 * DAY):
        assert sum(s.number for s in shares_) == whole.sold
        assert sum(s.halves for s in shares_) == whole.halves
        assert sum(s.amount for s in shares_) == whole.revenue


@pytest.mark.parametrize("verb", ["UPDATE night_share SET revenue = 1", "DELETE FROM night_share"])
def test_sums_are_never_changed(house, verb):
    lived(house, 1)
    house.do(service.step_done, business_date=TODAY, step="report")
    with pytest.raises(DBAPIError), house.engine.begin() as connection:
        connection.execute(text(verb))


def test_sums_that_are_not_those_of_the_nights_are_found(house):
    lived(house, 2)
    house.do(service.step_done, business_date=TODAY + DAY, step="report")

    def forge(work):
        from pms.db.base import table_of

        row = {"business_date": TODAY, "source": "mail", "segment": "", "sold": 1, "halves": 0, "revenue": 1}
        work.session.execute(table_of(NightShare).insert(), row)

    house.do(forge)
    assert [x for x in faults(house) if "by source" in x] == [
        "The sums of 2026-11-20 by source and kind of price are not those of its nights."
    ]


def test_what_money_came_in_is_read_from_the_houses_own_accounts(house):
    lived(house, 2)
    house.do(folios.pay, stay_id=1, method="BANK", amount=Money(5000), intent=house.new_intent())
    house.next_day()
    found = {s.name: s.amount for s in house.ask(queries.by_method, start=TODAY, end=TODAY + 2 * DAY)}
    assert found == {"BANK": Money(5000)}
    codes = {s.name: s.amount for s in house.ask(queries.by_code, start=TODAY, end=TODAY)}
    assert codes["HALF"] > 0
    assert codes["ROOM"] > 0
