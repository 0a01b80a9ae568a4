"""A booking knows its company and channel by record: the agreement proves the plan on its nights, or nobody
does."""

from datetime import timedelta

import pytest

from pms.core.errors import NeedsApproval, Refused
from pms.core.money import Money
from pms.services.authority import queries as authority_queries
from pms.services.companies import service as companies
from pms.services.night_audit import checks
from pms.services.night_audit import queries as audit_queries
from pms.services.rates import service as rates
from pms.services.reservations import queries, service
from pms.services.reservations.service import Wish
from tests.authority.people import person
from tests.builders import BOSS, TODAY

DAY = timedelta(days=1)


@pytest.fixture
def agreed(house):
    """A company with a plan that nobody else has, until tomorrow, and a clerk at the desk."""
    house.plan = house.do(rates.add_plan, code="AGR", name="Agreement A", kind="agreement")
    for type_id in (house.type_id("BIG"), house.type_id("TWN")):
        house.do(
            rates.set_price,
            plan_id=house.plan,
            type_id=type_id,
            start=TODAY,
            end=TODAY + 90 * DAY,
            price=Money(20000),
        )
    house.company = house.do(
        companies.add, name="Huaan", plan_id=house.plan, valid_until=TODAY + DAY, free_until="14:00"
    )
    house.other = house.do(companies.add, name="No plan")
    house.clerk = person(house, "clerk")
    return house


def wish(house, nights=1, start=TODAY):
    return Wish(house.type_id("BIG"), start, start + nights * DAY, plan_id=house.plan)


def book(house, nights=1, **more) -> int:
    return house.do(service.book, guest_name="Wang Yaqin", rooms=[wish(house, nights)], **more)


def line_of(house, number):
    [line_id] = house.ask(queries.lines_of, number=number)
    return house.ask(queries.line, line_id=line_id)


def test_the_agreement_proves_its_plan_and_gives_the_booking_its_name(agreed):
    row = line_of(agreed, book(agreed, company_number=agreed.company, source="company", payer="company"))
    assert (row.company, row.company_number, row.payer_words) == ("Huaan", agreed.company, "Company: Huaan")
    assert agreed.look(authority_queries.uses, business_date=TODAY) == []


@pytest.mark.parametrize("given", [{}, {"company": "Huaan"}, {"company_number": 2}, {"company_number": 1}])
def test_without_a_record_that_has_the_plan_on_all_nights_it_wants_authority(agreed, given):
    nights = 3 if given == {"company_number": 1} else 1  # the agreement ends tomorrow
    with pytest.raises(NeedsApproval, match="Agreement A for Wang Yaqin without proof"):
        book(agreed, nights, **given)


def test_a_suspended_company_proves_nothing(agreed):
    agreed.clerk, clerk = BOSS, agreed.clerk
    agreed.do(companies.suspend, number=agreed.company, reason="owes")
    agreed.clerk = clerk
    with pytest.raises(NeedsApproval, match="without proof"):
        book(agreed, company_number=agreed.company)


def test_nobody_is_booked_under_a_number_that_no_record_has(agreed):
    for kind in ("member", "company", "channel"):
        with pytest.raises(Refused, match=f"no {kind} 77"):
            book(agreed, **{f"{kind}_number": 77})


def test_a_channel_by_number_gives_its_name_and_the_order_its_proof(agreed):
    row = line_of(
        agreed,
        agreed.do(
            service.book,
            guest_name="Li Na",
            rooms=[Wish(agreed.type_id("BIG"), TODAY, TODAY + DAY, plan_id=1)],
            channel_number=1,
            reference="CT-1",
        ),
    )
    assert (row.channel, row.channel_number, row.reference) == ("Ctrip", 1, "CT-1")


def test_a_typed_company_without_a_record_still_stands_as_words(agreed):
    rack = Wish(agreed.type_id("BIG"), TODAY, TODAY + DAY, plan_id=1)
    row = line_of(agreed, agreed.do(service.book, guest_name="Li", rooms=[rack], company="Unknown Ltd"))
    assert (row.company, row.company_number) == ("Unknown Ltd", None)


def amend(house, row, nights=1, **more):
    house.do(service.amend, line_id=row.line_id, wish=wish(house, nights), guest_name="Wang Yaqin", **more)
    return house.ask(queries.line, line_id=row.line_id)


def test_a_change_keeps_the_company_and_asks_again_where_it_counts_no_more(agreed):
    row = line_of(agreed, book(agreed, company_number=agreed.company))
    assert amend(agreed, row, remarks="quiet", company="Huaan").company_number == agreed.company
    assert amend(agreed, row, 2).company_number == agreed.company
    with pytest.raises(NeedsApproval, match="without proof"):
        amend(agreed, row, 3)
    for given in ({"company_number": 0}, {"company": "Another"}, {"company_number": agreed.other}):
        with pytest.raises(NeedsApproval, match="without proof"):
            amend(agreed, row, **given)
    assert agreed.ask(queries.line, line_id=row.line_id).company_number == agreed.company


def test_another_name_takes_the_record_away(agreed):
    agreed.clerk = BOSS
    row = line_of(agreed, book(agreed, company_number=agreed.company))
    row = amend(agreed, row, company="Another")
    assert (row.company, row.company_number) == ("Another", None)
    row = amend(agreed, row, company="Another", company_number=agreed.other)
    assert (row.company, row.company_number) == ("No plan", agreed.other)


def test_further_rooms_of_the_booking_are_proven_too(agreed):
    number = book(agreed, company_number=agreed.company)
    agreed.do(service.add_rooms, number=number, rooms=[wish(agreed)])
    with pytest.raises(NeedsApproval, match="without proof"):
        agreed.do(service.add_rooms, number=number, rooms=[wish(agreed, 3)])


def test_the_audit_finds_the_plan_that_no_agreement_proves(agreed):
    from pms.services.stays import service as stays

    agreed.clerk = BOSS
    with_, without = (
        line_of(agreed, book(agreed, 1, **given))
        for given in ({"company_number": agreed.company}, {"company": "Huaan"})
    )
    for row, room in ((with_, "301"), (without, "302")):
        agreed.do(stays.check_in, line_id=row.line_id, room_id=agreed.room_id(room), intent=room)
    look = checks.listed(agreed.offers)
    plans = [c for c in look if c.kind == "plans"]
    found = agreed.look(audit_queries.findings, business_date=TODAY, checks=plans)
    assert [f.title for f in found] == ["302 is sold as Agreement A without proof"]
