"""What the desk's pages ask before a stay is extended, moved or ended, on both engines."""

from datetime import timedelta

from sqlalchemy import select

from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.cards import queries as card_queries
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.night_audit import queries as audit_queries
from pms.services.rooms import service as rooms
from pms.services.stays import queries, service, vacancy
from pms.services.stays.service import Paid
from tests.builders import TODAY

DAY = timedelta(days=1)


def check_in(house, number="301", **fields):
    cards = fields.pop("cards", 0)
    line = house.book(**fields)
    return house.do(
        service.check_in,
        line_id=line,
        room_id=house.room_id(number),
        deposit=Paid("CASH", Money(50000)),
        cards_wanted=cards,
        intent=house.new_intent(),
    )


def test_more_nights_are_priced_as_the_extension_will_price_them(house):
    stay = check_in(house, nights=1)
    asked = house.ask(vacancy.more_nights, stay_id=stay, departure=TODAY + 3 * DAY)
    assert [(n.night, n.price) for n in asked] == [
        (TODAY + DAY, 29800),
        (TODAY + 2 * DAY, 26800),
    ]  # Saturday, Sunday
    by_hand = check_in(house, "302", name="Li", nights=1, prices=(20000,))
    assert [n.price for n in house.ask(vacancy.more_nights, stay_id=by_hand, departure=TODAY + 2 * DAY)] == [
        20000
    ]


def test_who_is_in_the_way_is_named_by_night(house):
    house.do(
        rooms.block,
        room_id=house.room_id("301"),
        kind="OOS",
        reason="paint",
        start=TODAY + 3 * DAY,
        end=TODAY + 4 * DAY,
    )
    stay = check_in(house, nights=1)
    assert house.ask(vacancy.in_the_way, stay_id=stay, departure=TODAY + 2 * DAY) == []
    house.book("Chen", room_id=house.room_id("301"), start=TODAY + 2 * DAY, nights=1)
    assert house.ask(vacancy.in_the_way, stay_id=stay, departure=TODAY + 5 * DAY) == [
        (TODAY + 2 * DAY, "R-2 Chen"),
        (TODAY + 3 * DAY, "OOS paint"),
    ]


def test_moves_offer_free_rooms_with_the_difference_for_the_nights_left(house):
    stay = check_in(house, nights=3)
    check_in(house, "201", name="Li", type_code="TWN")
    house.next_day()
    moves = {
        m.room.number: m.difference for m in house.ask(vacancy.moves, stay_id=stay, business_date=TODAY + DAY)
    }
    assert moves == {
        "202": -1000,
        "203": -1000,
        "204": -1000,
        "302": 0,
        "303": 0,
        "304": 0,
    }  # only Sunday differs


def test_a_stay_without_a_plan_can_move_but_only_at_its_price(house):
    stay = check_in(house, nights=2, prices=(20000, 20000))
    assert {m.difference for m in house.ask(vacancy.moves, stay_id=stay, business_date=TODAY)} == {None}


def test_a_missing_document_is_a_reminder(house):
    stay = check_in(house)
    assert "Wang Yaqin" in house.ask(queries.registration_missing, stay_id=stay)[0].words


def test_cards_on_the_desk_are_returned_the_others_end(house):
    stay = check_in(house, nights=1, cards=3)
    assert house.ask(card_queries.still_out, stay_id=stay) == 3
    house.next_day()
    house.do(service.check_out, stay_id=stay, refund=Paid("CASH", Money(18200)), cards_back=2, intent="out")
    assert sorted(c.state for c in house.ask(card_queries.of_stay, stay_id=stay)) == [
        "ended",
        "returned",
        "returned",
    ]
    assert house.ask(card_queries.still_out, stay_id=stay) == 0
    row = house.ask(queries.stay, stay_id=stay, business_date=TODAY + DAY)
    assert (row.state, row.departed_on) == ("departed", TODAY + DAY)


def test_slips_that_guests_hold_are_those_not_voided(house):
    stay = check_in(house)
    house.do(folios.take_deposit, stay_id=stay, method="BANK", amount=Money(10000), intent="more")
    lines = house.ask(folio_queries.folio_lines, stay_id=stay)
    assert folio_queries.slips_out(lines) == ["D-1", "D-2"]
    house.do(folios.void, transfer_id=lines[-1].id, reason="typed twice", intent="void")
    assert folio_queries.slips_out(house.ask(folio_queries.folio_lines, stay_id=stay)) == ["D-1"]


def test_the_previewed_bill_uses_up_no_number(house):
    stay = check_in(house)
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(800), intent="mini")
    seen = house.do(folios.preview_bill, stay_id=stay)
    again = house.do(folios.preview_bill, stay_id=stay)
    assert seen == again
    assert seen["kind"] == "bill"
    house.do(folios.print_bill, stay_id=stay)
    assert house.ask(
        lambda session: session.scalars(select(PrintJob.number).where(PrintJob.kind == "bill")).all()
    ) == ["B-1"]


def test_the_last_audits_come_newest_first(house):
    house.next_day()
    house.next_day()
    runs = house.ask(audit_queries.last_runs, limit=5)
    assert [r.business_date for r in runs] == [TODAY + DAY, TODAY]
    assert all(r.closed_at and r.done_at is None for r in runs)
