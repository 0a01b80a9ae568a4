"""Until when a guest leaves free of charge: the house's hour, or a later one that the company agreed on."""

from datetime import timedelta

import pytest

from pms.core.clock import at
from pms.core.options import Options
from pms.services.companies import service as companies
from pms.services.folios import queries as folio_queries
from pms.services.guests.person import Person
from pms.services.stays import answers, queries, service
from tests.builders import TODAY

DAY = timedelta(days=1)


@pytest.fixture
def lodged(house):
    """Two guests since yesterday: one of a company that leaves free until 14:00, one of none."""
    house.company = house.do(companies.add, name="Huaan", free_until="14:00")
    house.stays = [
        house.do(
            service.walk_in,
            room_id=house.room_id(room),
            departure=TODAY + DAY,
            guests=[Person(name)],
            plan_id=1,
            intent=room,
            **more,
        )
        for room, name, more in (
            ("301", "Wang", {"company_number": house.company, "payer": "company"}),
            ("302", "Li", {}),
        )
    ]
    house.next_day()
    return house


def charged(house, stay, hour):
    house.clock.set(TODAY + DAY, hour)
    setting = house.house()
    found = house.ask(
        queries.leaving,
        stay_id=stay,
        business_date=TODAY + DAY,
        now=house.now(),
        zone=setting.zone,
        options=Options(),
    )
    return found.charge, found.rule


@pytest.mark.parametrize(
    ("hour", "company", "other"), [(11.9, 0, 0), (13.5, 0, 1), (14.0, 0, 1), (14.5, 1, 1), (19.0, 2, 2)]
)
def test_the_agreed_hour_counts_for_who_came_by_the_agreement(lodged, hour, company, other):
    ours, theirs = (charged(lodged, stay, hour) for stay in lodged.stays)
    assert [bool(ours[0]), bool(theirs[0])] == [bool(company), bool(other)]
    if company:
        assert ours == (theirs[0], theirs[1] + "; free until 14:00 by agreement")


def test_the_check_out_charges_what_the_desk_says(lodged):
    lodged.clock.set(TODAY + DAY, 13.5)
    lines = []
    for stay in lodged.stays:
        lodged.do(service.check_out, stay_id=stay, unsettled="later", print_bill=False, intent=f"out {stay}")
        folio = lodged.look(folio_queries.folio_lines, stay_id=stay)
        lines.append([line.code for line in folio if line.code == "HALF"])
    assert lines == [[], ["HALF"]]


def test_cards_open_as_long_as_the_departure_is_free(lodged):
    until = [
        lodged.do(lambda work, stay=stay: answers.open_stay(work.session, stay_id=stay)).valid_to
        for stay in lodged.stays
    ]
    zone = lodged.house().zone
    assert until == [at(TODAY + DAY, "14:00", zone), at(TODAY + DAY, "12:00", zone)]
