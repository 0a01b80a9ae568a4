"""No paper that a guest sees tells for how much a channel settles the room."""

import json

from sqlalchemy import select

from pms.db.base import PrintJob
from pms.services.folios import service as folios
from pms.services.orders import queries
from pms.services.stays import prices
from pms.services.stays import service as stays
from tests.folios.test_bill import charge

from .test_orders import day, take, text

SETTLE = ("241.20", "482.40", "24120", "48240")


def guest_in(house, **fields) -> int:
    """Check the guest of an order in and return the stay."""
    order = house.ask(queries.order, number=take(house, text(first=0), **fields))
    return house.do(stays.check_in, line_id=order.line_id, room_id=house.room_id("301"), intent="in")


def papers(house) -> dict[str, str]:
    """Return what is to be printed, by the kind of paper."""
    rows = house.look(lambda s: s.execute(select(PrintJob.kind, PrintJob.slip).order_by(PrintJob.id)).all())
    return {kind: json.dumps(slip, ensure_ascii=False) for kind, slip in rows}


def test_the_guests_papers_show_no_settle_price(house):
    stay = guest_in(house)
    charge(house, stay, "MINIBAR", 800)
    house.next_day()
    for layout in ("detail", "summary"):
        house.do(folios.print_bill, stay_id=stay, layout=layout)
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("302"), reason="noise", intent="move")
    found = papers(house)
    assert {"registration_card", "bill", "room_change_slip"} <= found.keys()
    for kind, told in found.items():
        assert not [one for one in SETTLE if one in told], kind
    assert "Prepaid to the channel" in found["registration_card"]
    assert "8.00" in found["bill"]


def test_who_pays_at_the_hotel_sees_the_price(house):
    stay = guest_in(house, payment="pay_at_hotel", prices=(26800, 26800))
    house.do(folios.print_bill, stay_id=stay)
    assert "268.00" in papers(house)["registration_card"]


def test_the_slip_of_a_changed_price_is_the_desks_alone_where_a_channel_pays(house):
    stay = guest_in(house)
    dearer = tuple((day(n), 90000) for n in range(2))
    house.do(prices.change_price, stay_id=stay, prices=dearer, reason="agreed", intent="p")
    told = json.loads(papers(house)["price_change_slip"])
    assert told["copies"] == ["Desk copy"]
