"""Orders become bookings: new, doubled, changed, cancelled, refused, on both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from pms.core.errors import Conflict, NeedsApproval, NeedsConfirmation, NotPermitted, Refused
from pms.core.money import Money
from pms.duties import ROLES
from pms.services.orders import queries, service
from pms.services.orders.models import ChannelOrder
from pms.services.orders.reading import booking, layouts, reader
from pms.services.orders.reading.proposal import Proposal
from pms.services.reservations import queries as bookings
from pms.services.reservations.models import BookedRoom, Reservation
from pms.services.rooms.models import Inventory
from pms.services.staff import service as staff
from tests.authority.people import person
from tests.builders import TODAY, House

DAY = timedelta(days=1)


def day(n: int) -> date:
    return TODAY + n * DAY


def text(
    reference: str = "1128360000417625", kind: str = "新订", first: int = 3, nights: int = 2, rooms: int = 1
) -> str:
    """Return a prepaid order's text: 241.20 a night to the hotel, 268.00 sold."""
    days = [day(first + n) for n in range(nights)]
    rows = "\n".join(f"{d:%m-%d} RMB241.20无早" for d in days)
    return (
        f"订单号：{reference}（{kind}）\n支付方式：预付\n客人姓名：林佳音\n"
        f"入离日期：{days[0]:%Y/%m/%d} - {days[-1] + DAY:%Y/%m/%d} {nights}晚\n房型：Queen　　"
        f"{rooms}间\n房价：\n{rows}\n"
        f"底价合计：RMB {241.2 * nights * rooms:.2f}　卖价合计：RMB {268 * nights * rooms}.00\n"
        "联系电话：13912340000\n客人要求：高楼层\n"
    )


def read(house: House, told: str) -> Proposal:
    return reader.read(told, layouts=layouts.shipped(), house=house.ask(queries.house), received=TODAY)


def take(house: House, told: str, **said: object) -> int:
    return house.do(service.take_in, order=booking.completed(read(house, told), **said), pasted=told)


def sold(house: House) -> int:
    return house.look(lambda s: s.scalars(select(func.sum(Inventory.sold))).one())


def test_an_order_becomes_a_booking_at_the_settle_price(house):
    order = house.ask(queries.order, number=take(house, text()))
    line = house.ask(bookings.line, line_id=order.line_id)
    assert (line.channel, line.reference, line.payer, line.state) == (
        "Ctrip",
        "1128360000417625",
        "channel",
        "guaranteed",
    )
    assert [n.price for n in house.ask(bookings.nights, line_id=order.line_id)] == [24120, 24120]
    assert (order.sell, order.settle, order.state) == (53600, 48240, "new")
    assert (line.phone, line.remarks) == ("13912340000", "高楼层")
    assert "卖价合计" in house.ask(queries.text_of, number=order.number)


def test_a_doubled_number_is_the_same_order(house):
    take(house, text())
    nights = sold(house)
    with pytest.raises(Conflict, match="same order"):
        take(house, text())
    assert sold(house) == nights
    assert house.ask(queries.known, channel="CTRIP", reference="1128360000417625").booking
    assert take(house, text(reference="1128360000417626"))


def test_a_changed_order_changes_its_booking_and_shows_where(house):
    number = take(house, text())
    changed = text(kind="修改", first=4, nights=3)
    order, before = read(house, changed), house.ask(queries.booked, number=number)
    told = {
        d.field: (d.before, d.after)
        for d in booking.differences(order, before, house.ask(queries.type_names))
    }
    assert set(told) == {"arrival", "departure", "price"}
    assert told["price"] == ("482.40", "723.60")
    house.do(service.take_in, order=order, pasted=changed)
    row = house.ask(queries.order, number=number)
    line = house.ask(bookings.line, line_id=row.line_id)
    assert (row.state, line.arrival, line.departure, line.total) == ("changed", day(4), day(7), 72360)
    assert house.look(lambda s: s.scalars(select(func.count()).select_from(Reservation)).one()) == 1


def test_a_changed_order_keeps_what_it_does_not_mention(house):
    number = take(house, text())
    told = "\n".join(r for r in text(kind="修改", first=4).split("\n") if "支付" not in r and "客人" not in r)
    house.do(service.take_in, order=read(house, told), pasted=told)
    line = house.ask(bookings.line, line_id=house.ask(queries.order, number=number).line_id)
    assert (line.guest_name, line.payer, line.phone, line.remarks) == (
        "林佳音",
        "channel",
        "13912340000",
        "高楼层",
    )


def test_a_changed_order_takes_more_rooms_and_gives_up_others_when_confirmed(house):
    number = take(house, text())
    house.do(service.take_in, order=read(house, text(kind="修改", rooms=2)))
    assert house.ask(queries.booked, number=number).rooms == 2
    with pytest.raises(NeedsConfirmation) as asked:
        house.do(service.take_in, order=read(house, text(kind="修改")))
    house.do(service.take_in, order=read(house, text(kind="修改")), confirmed={asked.value.token})
    assert house.ask(queries.booked, number=number).rooms == 1


def test_a_change_that_cannot_be_had_leaves_the_booking_as_it_was(house):
    number = take(house, text())
    with pytest.raises(Refused):
        house.do(service.take_in, order=read(house, text(kind="修改", rooms=90)))
    assert house.ask(queries.booked, number=number).rooms == 1
    assert house.ask(queries.order, number=number).state == "new"


def test_a_cancelled_order_cancels_its_booking_after_a_confirmation(house):
    nights, number = sold(house), take(house, text())
    with pytest.raises(NeedsConfirmation) as asked:
        house.do(service.take_in, order=read(house, text(kind="取消")))
    assert sold(house) == nights + 2
    house.do(service.take_in, order=read(house, text(kind="取消")), confirmed={asked.value.token})
    row = house.ask(queries.order, number=number)
    assert (sold(house), row.state) == (nights, "cancelled")
    assert house.ask(bookings.line, line_id=row.line_id).state == "cancelled"
    with pytest.raises(Conflict):
        house.do(service.take_in, order=read(house, text(kind="取消")))
    with pytest.raises(Conflict, match="same order"):
        take(house, text())


def test_who_asks_to_cancel_keeps_the_booking_and_the_next_shift_sees_it(house):
    number = take(house, text())
    house.do(service.take_in, order=read(house, text(kind="申请取消")))
    row = house.ask(queries.order, number=number)
    assert (row.state, house.ask(bookings.line, line_id=row.line_id).state) == (
        "cancel_request",
        "guaranteed",
    )
    assert [item.number for item in house.ask(queries.handover)] == ["1128360000417625"]
    with pytest.raises(Refused, match="not booked here"):
        house.do(service.take_in, order=read(house, text("1128360000417699", "申请取消")))


def test_a_cancelled_order_that_was_never_here_is_kept_and_not_booked_afterwards(house):
    house.do(service.take_in, order=read(house, text(kind="取消")))
    with pytest.raises(Refused, match="cancelled by the channel"):
        take(house, text())


def test_what_is_open_is_never_booked(house):
    broken = text().replace("482.40", "500.00")
    with pytest.raises(Refused, match="not taken"):
        take(house, broken)
    foreign = text().replace("Queen", "标间")
    with pytest.raises(Refused, match="no room type"):
        take(house, foreign)
    forged = replace(read(house, text()), settle=100)
    with pytest.raises(Refused, match="do not come to"):
        house.do(service.take_in, order=forged)
    assert house.look(lambda s: s.scalars(select(func.count()).select_from(BookedRoom)).one()) == 0
    assert house.look(lambda s: s.scalars(select(func.count()).select_from(ChannelOrder)).one()) == 0


def test_what_a_person_decides_closes_what_was_open_and_is_asked_once(house):
    twin = house.type_id("TWN")
    take(house, text().replace("Queen", "标间"), type_id=twin)
    again = read(house, text("1128360000417600").replace("Queen", "标间<双早>"))
    assert (again.type_id, again.opened("type"), again.opened("type_guess")) == (twin, False, False)
    house.do(service.mean, channel="CTRIP", words="标间", type_id=None)
    assert read(house, text().replace("Queen", "标间")).opened("type")


def test_prices_that_a_person_types_are_the_orders(house):
    broken = text().replace("482.40", "500.00")
    number = take(house, broken, prices=(25000, 25000))
    order = house.ask(queries.order, number=number)
    assert (order.settle, order.sell) == (50000, 53600)
    assert house.ask(bookings.line, line_id=order.line_id).total == 50000


def test_a_total_alone_is_divided_and_the_last_night_takes_the_rest(house):
    told = "\n".join(r for r in text(nights=3).split("\n") if "无早" not in r or "房型" in r)
    order = read(house, told.replace("723.60", "723.70"))
    assert order.opened("unproved")
    assert booking.per_night(order) == (24123, 24123, 24124)
    odd = replace(order, rooms=2, settle=72371)
    assert booking.per_night(odd) is None


def test_a_refused_order_is_kept_with_its_reason_and_may_be_booked_later(house):
    told = "a page of a channel that nobody knows\nwith lines"
    kept = house.do(service.refuse, order=read(house, told), pasted=told, reason="no such room")
    row = house.ask(queries.order, number=kept)
    assert (row.state, row.reason, row.booking) == ("refused", "no such room", 0)
    number = house.do(service.refuse, order=read(house, text()), pasted=text(), reason="full")
    assert take(house, text()) == number
    with pytest.raises(Refused, match="same order"):
        house.do(service.refuse, order=read(house, text()), pasted=text(), reason="full")
    with pytest.raises(Refused, match="why"):
        house.do(service.refuse, order=read(house, text()), pasted=text(), reason=" ")


def test_an_hour_room_sells_no_night(house):
    nights = sold(house)
    told = (
        f"钟点房订单\n订单号 5017026112900777120\n入住人 赵予安\n房型 Queen-钟点房(4小时) 1间\n"
        f"使用时段 {day(1):%Y-%m-%d} 13:00-17:00\n入离日期 {day(1):%Y-%m-%d} 至 {day(2):%Y-%m-%d}\n"
        "卖价 ￥98.00　底价 ￥83.30\n支付方式 预付\n"
    )
    row = house.ask(queries.order, number=take(house, told))
    line = house.ask(bookings.line, line_id=row.line_id)
    assert (line.arrival, line.departure, sold(house)) == (day(1), day(1), nights)
    assert "13:00" in line.remarks


def test_masked_and_virtual_phones_are_not_the_guests(house):
    for reference, phone in (
        ("1128360000000001", "138****0000"),
        ("1128360000000002", "4000000000 转 417625"),
    ):
        row = house.ask(queries.order, number=take(house, text(reference).replace("13912340000", phone)))
        assert house.ask(bookings.line, line_id=row.line_id).phone == ""


def test_the_search_finds_an_order_by_its_number_and_its_end(house):
    take(house, text())
    for typed in ("1128360000417625", "417625"):
        (hit,) = house.ask(queries.search, text=typed)
        assert (hit.word, hit.title) == ("orders", "1128360000417625 林佳音")
    assert not house.ask(queries.search, text="25")


def test_prices_of_an_order_need_the_channel_and_its_number(house):
    from pms.services.reservations import service as reservations

    wish = reservations.Agreed(house.type_id("BIG"), day(1), day(2), prices=(Money(1),))
    with pytest.raises(Refused, match="order's number"):
        house.do(reservations.book, guest_name="Wu", rooms=[wish], channel="携程")


@pytest.mark.parametrize(
    ("kind", "missing"),
    [("新订", "reservations:book"), ("修改", "reservations:book"), ("取消", "reservations:cancel")],
)
def test_who_may_not_book_or_cancel_may_not_by_an_order_either(house, kind, missing):
    if kind != "新订":
        take(house, text())
    order = read(house, text(kind=kind, nights=3))
    clerk = person(house, "clerk")
    house.do(staff.edit_role, code="clerk", rights=sorted(ROLES["clerk"][1] - {missing}))
    house.clerk = clerk
    with pytest.raises(NotPermitted, match=missing):
        house.do(service.take_in, order=order)


def test_prices_that_a_person_gives_an_order_need_authority_and_the_channels_own_do_not(house):
    clerk = person(house, "clerk")
    house.clerk = clerk
    take(house, text())
    take(house, text("1128360000417626", rooms=2), rooms=2, payment="prepaid", prices=(24120, 24120))
    with pytest.raises(NeedsApproval):
        take(house, text("1128360000417627"), prices=(100, 100))
    assert not booking.completed(read(house, text()), guest="Lin", payment="prepaid").by_hand
    one_total = text("1128360000417628").replace("11-23 RMB241.20无早\n11-24 RMB241.20无早\n", "")
    assert booking.completed(read(house, one_total), rooms=2).by_hand, "half the price a room"
