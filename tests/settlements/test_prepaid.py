"""What a channel has prepaid: credited at the check-in, used up by its nights, the rest back to the channel
and never out to the guest."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from pms.core.errors import Refused
from pms.core.money import Money
from pms.core.options import Band
from pms.db.base import PrintJob
from pms.services.folios import payable
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios.models import Transfer
from pms.services.stays import prices
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.ui.screens.folios.lines import shown
from tests.builders import TODAY
from tests.property.test_settings import set_options

from .made import PRICE, guest_in, leave, owed, row

DAY = timedelta(days=1)


def charge(house, stay, amount=5_000, code="MISC"):
    house.do(folios.charge, stay_id=stay, code=code, amount=Money(amount), intent=house.new_intent())


def leaving(house, stay):
    s = house.house()
    return house.ask(
        stay_queries.leaving,
        stay_id=stay,
        business_date=s.business_date,
        now=house.clock.now,
        zone=s.zone,
        options=house.context_options(),
    )


def test_the_channel_credits_its_order_at_the_check_in(house):
    stay = guest_in(house)
    assert owed(house) == 2 * PRICE
    assert row(house, stay).balance == 0
    assert row(house, stay).channel_tonight
    house.next_day()
    house.next_day()
    assert (row(house, stay).balance, owed(house)) == (0, 2 * PRICE)
    leave(house, stay)
    assert owed(house) == 2 * PRICE
    assert not house.look(lambda s: s.scalars(select(Transfer.id).where(Transfer.code == "CITY")).all())


def test_a_rest_goes_back_to_the_channel_and_never_out(house):
    stay = guest_in(house, nights=3)
    charge(house, stay)
    house.next_day()
    assert row(house, stay).balance == 5_000
    found = leaving(house, stay)
    assert (found.to_pay, found.to_refund) == (5_000, 0)
    with pytest.raises(Refused, match=r"482\.40 goes back to the channel"):
        leave(house, stay, payments=[Paid("CASH", Money(5_000))], refund=Paid("CASH", Money(2 * PRICE)))
    assert owed(house) == 3 * PRICE
    leave(house, stay, payments=[Paid("CASH", Money(5_000))])
    assert owed(house) == PRICE
    house.do(stays.undo_check_out, stay_id=stay, reason="wrong", intent="u")
    assert owed(house) == 3 * PRICE
    assert row(house, stay).balance == 5_000
    leave(house, stay, payments=[Paid("CASH", Money(5_000))])
    assert owed(house) == PRICE


def test_what_the_guest_pays_too_much_is_the_guests(house):
    stay = guest_in(house)
    house.do(folios.pay, stay_id=stay, method="CASH", amount=Money(7_000), intent="p")
    house.next_day()
    leave(house, stay, refund=Paid("CASH", Money(7_000)))
    assert owed(house) == PRICE


def test_folio_a_is_not_paid_out_while_the_channels_money_stands_on_it(house):
    stay = guest_in(house)
    with pytest.raises(Refused, match="goes back there, never to the guest"):
        house.do(stays.settle_window, stay_id=stay, window="A", amount=Money(-2 * PRICE), intent="w")


def test_folio_a_is_settled_alone_for_what_is_the_guests(house):
    stay = guest_in(house)
    charge(house, stay)
    house.do(stays.settle_window, stay_id=stay, window="A", amount=Money(5_000), intent="w")
    assert (row(house, stay).balance, owed(house)) == (0, 2 * PRICE)


def test_nights_beyond_the_order_are_the_guests(house):
    stay = guest_in(house, nights=1)
    house.do(
        stays.extend, stay_id=stay, departure=TODAY + 2 * DAY, prices=(30_000,), price_reason="x", intent="e"
    )
    house.next_day()
    assert (row(house, stay).balance, row(house, stay).tonight) == (0, 30_000)
    house.next_day()
    assert (row(house, stay).balance, owed(house)) == (30_000, PRICE)
    leave(house, stay, payments=[Paid("CASH", Money(30_000))])
    assert owed(house) == PRICE


def test_a_dearer_room_is_the_guests_beyond_the_order(house):
    stay = guest_in(house, nights=1)
    house.do(prices.change_price, stay_id=stay, prices=((TODAY, 30_000),), reason="larger", intent="c")
    house.next_day()
    assert row(house, stay).balance == 30_000 - PRICE
    told = json.dumps(house.do(folios.preview_bill, stay_id=stay), ensure_ascii=False)
    assert "58.80" in told
    assert "300.00" not in told
    assert "241.20" not in told


def test_a_mistaken_check_in_takes_the_credit_back(house):
    stay = guest_in(house)
    house.do(stays.undo_check_in, stay_id=stay, reason="wrong guest", intent="u")
    assert owed(house) == 0


def test_the_rooms_of_an_order_share_it(house):
    told = ((24_120, 24_121), (24_119, 24_120))
    first, second = (
        guest_in(house, room, prices=nights) for room, nights in zip(("301", "302"), told, strict=True)
    )
    assert owed(house) == 96_480
    house.next_day()
    leave(house, first)
    assert owed(house) == 96_480 - 24_121
    house.next_day()
    leave(house, second)
    assert owed(house) == 96_480 - 24_121


def test_the_same_check_in_twice_credits_once(house):
    from .made import told

    line = house.book("Lin Jiayin", prices=(PRICE, PRICE), **told(house))
    for _n in range(2):
        house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent="same")
    assert owed(house) == 2 * PRICE


def test_the_lines_of_the_channel_are_not_touched_by_hand(house):
    stay = guest_in(house)
    house.next_day()
    lines = house.look(folio_queries.folio_lines, stay_id=stay)
    [credit] = [x for x in lines if x.code == "CHANNEL"]
    [night] = [x for x in lines if x.code == "ROOM"]
    with pytest.raises(Refused, match="of a channel's account"):
        house.do(folios.adjust, transfer_id=credit.id, reason="x", intent="v")
    other = guest_in(house, "302", reference="2")
    for call in (
        folios.transfer_line.of(transfer_id=night.id, to_stay_id=other, reason="x"),
        folios.rebate.of(transfer_id=night.id, amount=Money(100), reason="x"),
    ):
        with pytest.raises(Refused, match="The channel pays this line"):
            house.do(call, intent=house.new_intent())


def test_a_night_that_is_taken_back_goes_back_to_the_channel(house):
    stay = guest_in(house)
    house.next_day()
    [night] = [x for x in house.look(folio_queries.folio_lines, stay_id=stay) if x.code == "ROOM"]
    house.do(folios.adjust, transfer_id=night.id, reason="no water", intent="a")
    assert row(house, stay).balance == 0
    leave(house, stay)
    assert owed(house) == 0


def test_on_the_channels_credit_it_pays_after_the_check_out(house):
    guest_in(house)
    assert owed(house) == 2 * PRICE
    from sqlalchemy import update

    from pms.services.channels.models import Channel

    with house.engine.begin() as connection:
        connection.execute(update(Channel).where(Channel.code == "CTRIP").values(settles="credit"))
    other = guest_in(house, "302", reference="2")
    assert owed(house) == 2 * PRICE
    charge(house, other)
    house.next_day()
    assert row(house, other).balance == 5_000
    found = leaving(house, other)
    assert (found.to_pay, found.to_refund) == (5_000, 0)
    leave(house, other, payments=[Paid("CASH", Money(5_000))])
    assert owed(house) == 3 * PRICE
    house.do(stays.undo_check_out, stay_id=other, reason="wrong", intent="u")
    assert owed(house) == 2 * PRICE
    assert row(house, other).balance == 5_000


def test_no_paper_tells_the_price_and_no_invoice_is_written_about_it(house):
    stay = guest_in(house)
    charge(house, stay, 800, "MINIBAR")
    house.do(folios.pay, stay_id=stay, method="CASH", amount=Money(100_000), intent="p")
    house.next_day()
    for layout in ("detail", "summary"):
        house.do(folios.print_bill, stay_id=stay, layout=layout)
    bills = house.look(lambda s: s.scalars(select(PrintJob.slip).where(PrintJob.kind == "bill")).all())
    assert len(bills) == 2
    for told in (json.dumps(one, ensure_ascii=False) for one in bills):
        assert "Room charge" in told
        assert "Prepaid to the channel" in told
        assert not [x for x in ("241.20", "482.40", "24120", "48240") if x in told]
        assert "8.00" in told
    assert house.ask(payable.payable, stay_id=stay) == 800


def test_the_folio_shows_what_the_channel_paid_among_the_payments(house):
    stay = guest_in(house)
    lines = shown(house.ask(folio_queries.folio_lines, stay_id=stay), {}, "Asia/Shanghai")
    assert [(x.charge, x.paid, x.balance) for x in lines] == [(0, 2 * PRICE, -2 * PRICE)]


def test_the_night_of_one_who_leaves_before_the_close_is_the_channels(house):
    stay = guest_in(house)
    charge(house, stay, 800)
    house.clock.set(TODAY + DAY, 1)
    found = leaving(house, stay)
    assert (found.charge_code, found.to_pay, found.parts) == ("ROOM", 800, {})
    leave(house, stay, payments=[Paid("CASH", Money(800))])
    assert owed(house) == PRICE


def test_a_room_that_was_sold_by_day_is_the_channels(house):
    from .made import told

    line = house.book("By day", nights=0, prices=(9_900,), **told(house))
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent="in")
    assert (owed(house), row(house, stay).balance) == (9_900, 0)
    set_options(house, day_use_bands=(Band("00:00", "1", "full day"),))
    found = leaving(house, stay)
    assert (found.charge_code, found.to_pay, found.to_refund) == ("FULL", 0, 0)
    leave(house, stay)
    assert owed(house) == 9_900
