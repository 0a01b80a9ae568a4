"""What is refused is written down, whatever else is undone, and a swarm of refusals shows; both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pms.core.errors import NotPermitted, Refused
from pms.db.office import NOBODY
from pms.services.folios import service as folios
from pms.services.staff import log as queries
from pms.services.staff import service as staff
from tests.authority.people import person
from tests.builders import BOSS, PASSWORD, TODAY


def log(house, refusals=True):
    found = house.ask(queries.entries, start=TODAY, end=TODAY, refusals=refusals)
    return [(row.kind, row.who, row.what) for row in reversed(found)]


def test_a_refused_right_is_written_down_with_who_where_and_what(house):
    house.clerk = person(house, "attendant")
    with pytest.raises(NotPermitted):
        house.do(folios.void, transfer_id=1, reason="x", intent="v")
    house.clerk = NOBODY
    with pytest.raises(NotPermitted):
        house.do(staff.take_on, login="x", name="X", password=PASSWORD, role="owner")
    assert log(house) == [
        ("right", "Attendant", "folios:void: folios:void"),
        ("right", "", "staff:take_on: staff:edit"),
    ]
    row = house.ask(queries.entries, start=TODAY, end=TODAY, refusals=True)[0]
    assert (row.station, row.at) == ("desk-1", house.now())


def test_a_wrong_password_is_written_down_and_a_right_one_too(house):
    house.clerk = NOBODY
    for login in ("boss", "nobody", "x" * 1_000_000):
        with pytest.raises(Refused):
            house.sign_in(login, "guess")
    house.sign_in("boss", PASSWORD)
    assert log(house, refusals=False) == [
        ("password", "", "boss"),
        ("password", "", "nobody"),
        ("password", "", "x" * 64),
        ("signed_in", "Zhang Li", ""),
    ]


def swarm(house):
    return next(iter(house.ask(queries.badges)))


def test_twenty_refusals_in_ten_minutes_show_in_the_badge(house):
    house.clerk = person(house, "attendant")

    def refuse():
        with pytest.raises(NotPermitted):
            house.do(folios.void, transfer_id=1, reason="x", intent="v")

    for _n in range(19):
        refuse()
        house.clock.now += timedelta(seconds=31)
    assert swarm(house).count == 0
    house.clock.now += timedelta(minutes=2)
    refuse()  # the twentieth, but eleven minutes after the first
    assert swarm(house).count == 0
    for _n in range(4):
        refuse()
    badge = swarm(house)
    assert (badge.word, badge.count, badge.tone) == ("staff", 24, "bad")
    house.clerk = BOSS
    house.next_day()
    assert swarm(house).count == 0


@pytest.mark.parametrize("statement", ["UPDATE access SET what = 'x'", "DELETE FROM access"])
def test_the_log_never_changes(house, statement):
    house.clerk = person(house, "attendant")
    with pytest.raises(NotPermitted):
        house.do(folios.void, transfer_id=1, reason="x", intent="v")
    with pytest.raises(DBAPIError, match="never changed"), house.engine.begin() as connection:
        connection.execute(text(statement))
