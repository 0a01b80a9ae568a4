"""A row as one line is the same on both engines, and no other row gives it."""

from datetime import date, datetime
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from pms.db import written
from pms.db.base import table_of
from pms.services.night_audit.models import NightStay

T = table_of(NightStay)
TEXTS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30
) | st.sampled_from(['"', "\\", "\n", '|","', "null", ""])
_numbers = count(1)


def lines(engines, values: dict[str, object]) -> list[str]:
    """Write one row on each engine and return how it is told there."""
    day = date.fromordinal(700_000 + next(_numbers))
    row = {"business_date": day, "stay_id": 7, "room_id": 1, "type_id": 2, "kind": "", "price": 29800}
    row |= {"heads": 2, "source": "phone", "room": None, "guest": None, "departure": None, **values}
    found = []
    for engine in engines:
        with engine.begin() as connection:
            connection.execute(insert(T).values(**row))
            question = select(written.as_text(T.columns)).where(T.c.business_date == day)
            found.append(connection.execute(question).scalar_one())
    return found


def test_both_engines_tell_a_row_alike_whatever_it_holds(sqlite, postgres):
    @given(TEXTS, st.none() | TEXTS, st.none() | st.dates(date(1990, 1, 1)), st.integers(-(10**15), 10**15))
    def alike(source, guest, departure, price):
        values = {"source": source, "guest": guest, "departure": departure, "price": price}
        one, other = lines((sqlite, postgres), values)
        assert one == other
        assert "\n" not in one

    alike()


def test_every_column_changes_the_line(sqlite, postgres):
    for engine in (sqlite, postgres):
        plain = lines([engine], {})[0]
        changed = {"guest": "", "room": "301", "departure": date(2026, 1, 1), "price": 1, "kind": "comp"}
        told = [lines([engine], {name: value})[0] for name, value in changed.items()]
        stripped = {line.partition(",")[2] for line in (plain, *told)}
        assert len(stripped) == len(changed) + 1


def test_a_moment_is_told_to_the_microsecond(sqlite, postgres):
    from pms.db.base import AuditEntry

    entry = table_of(AuditEntry)
    found = []
    for engine in (sqlite, postgres):
        with engine.begin() as connection:
            moment = datetime.fromisoformat("2026-11-21T09:08:07.000123+00:00")
            fields = {"at": moment, "business_date": moment.date(), "station": "x", "action": "a"}
            connection.execute(
                insert(entry).values(id=99_999, record="r", changes={}, digest="d" * 64, **fields)
            )
            question = select(written.as_text([entry.c.at, entry.c.clerk_id])).where(entry.c.id == 99_999)
            found.append(connection.execute(question).scalar_one())
    assert found == ['["2026-11-21 09:08:07.000123",null]'] * 2
