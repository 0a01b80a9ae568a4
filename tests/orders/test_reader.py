"""Every sample gives exactly what it must; traps, cuts and shuffles never give a wrong sum unsaid."""

import random
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.services.orders.reading.booking import per_night
from pms.services.orders.reading.proposal import Proposal

from .samples import HOUSE, RECEIVED, code_of, expected, needs_samples, read, text

EXPECTED = expected()
TEXTS = sorted(EXPECTED.get("orders", {}))
CHANNELS = {"BOOKING": "booking.com"}
PHONES = {
    "virtual": "virtual with extension",
    "masked": "masked, not to be stored as a number",
    "abroad": "as written, country code without +",
}


def amount(value: int | None) -> str | None:
    """Return an amount as the samples write one."""
    return None if value is None else f"{value // 100}.{value % 100:02}"


def moment(value: datetime | None) -> str | None:
    """Return a moment likewise: seconds where there are any."""
    if value is None:
        return None
    return value.isoformat(timespec="seconds" if value.second else "minutes")


def cancelling(found: Proposal) -> str | None:
    """Return the terms of cancelling as the samples say them."""
    told = found.cancelling
    if told is None:
        return None
    if not told.refundable:
        return "not refundable"
    then = {"stay": ", then the whole stay"}.get(told.then, "")
    return f"free until {told.free_until:%Y-%m-%d %H:%M}{then}"


def as_sample(found: Proposal) -> dict:
    """Return a proposal in the words of the samples."""
    hours = found.hours
    line = {
        "room_type_text": found.room,
        "type": code_of(found.type_id),
        "rooms": found.rooms,
        "plan_text": found.plan or None,
        "nightly": [
            {
                "date": n.night.isoformat(),
                "sell": amount(n.sell),
                "settle": amount(n.settle),
                "breakfasts_per_room": n.breakfasts,
            }
            for n in found.nightly
        ],
    }
    return {
        "action": found.action,
        "channel": CHANNELS.get(found.channel, found.channel.lower()),
        "sub_channel": found.site or None,
        "reference": found.reference or None,
        "original_reference": found.original or None,
        "hotel_confirmation": found.confirmation or None,
        "booked_at": moment(found.booked_at),
        "arrival": found.arrival and found.arrival.isoformat(),
        "departure": found.departure and found.departure.isoformat(),
        "nights": found.nights,
        "rooms": found.rooms,
        "hour_room": {"hours": hours.hours, "from": hours.start, "until": hours.end} if hours else None,
        "arrival_from": found.arrives_from or None,
        "arrival_until": found.arrives_until or None,
        "lines": [line] if found.room else [],
        "guests": [
            {"name": g.name, "surname": g.surname or None, "given": g.given or None, "masked": g.masked}
            for g in found.guests
        ],
        "booker": None,
        "adults": found.adults,
        "children": found.children,
        "children_ages": list(found.ages) or None,
        "phone": found.phone or None,
        "phone_usable": PHONES.get(found.phone_use),
        "email": found.email or None,
        "payment": found.payment or None,
        "sell_total": amount(found.sell),
        "settle_total": amount(found.settle),
        "settle_basis": found.settle_basis or None,
        "commission": amount(found.commission),
        "currency": found.currency or None,
        "cancellation": cancelling(found),
        "requests": list(found.requests),
        "extras": list(found.extras),
    }


@needs_samples
@pytest.mark.parametrize("name", TEXTS)
def test_a_sample_gives_exactly_what_it_must(name):
    assert as_sample(read(text(name))) == EXPECTED["orders"][name]["documents"][0]


# ------------------------------------------------------------------ the traps
CTRIP = """订单号：1128360000417625（新订）
支付方式：预付
客人姓名：林佳音
入离日期：2026/12/04 - 2026/12/06 2晚
房型：大床房<无早>　　1间
房价：
12-04(五) RMB241.20无早
12-05(六) RMB268.20无早
底价合计：RMB 509.40
卖价合计：RMB 599.00
"""


def codes(found: Proposal) -> set[str]:
    """Return why something stays open."""
    return {one.code for one in found.open}


def test_the_price_per_night_of_a_prepaid_order_is_the_settle_price():
    found = read(CTRIP)
    assert [(n.sell, n.settle) for n in found.nightly] == [(None, 24120), (None, 26820)]
    assert "nights_are_settle" in codes(found)
    assert not found.stops


def test_two_rooms_cost_twice_and_another_total_stays_open():
    two = CTRIP.replace("1间", "2间")
    assert "nights_disagree" in codes(read(two))
    assert not read(two).nightly
    assert not read(two.replace("509.40", "1,018.80").replace("599.00", "1,198.00")).stops


@pytest.mark.parametrize(
    ("words", "payment"),
    [
        ("到店付（闪住，免押金）", "credit_by_channel"),
        ("现付　担保：首晚", "pay_at_hotel_guaranteed"),
        ("现付", "pay_at_hotel"),
    ],
)
def test_what_is_taken_at_the_desk_is_told_apart(words, payment):
    found = read(CTRIP.replace("支付方式：预付", f"支付方式：{words}"))
    assert found.payment == payment
    assert ("credit" in codes(found)) == (payment == "credit_by_channel")


def test_a_payment_that_is_not_known_stops():
    found = read(CTRIP.replace("支付方式：预付", "支付方式：积分兑换"))
    assert found.payment == ""
    assert "payment" in {one.code for one in found.stops}


def test_of_a_changed_order_what_comes_after_counts():
    found = read(
        "订单号：1128360000417625（修改）\n入离日期：原 2026/12/04 - 2026/12/06 → 现 2026/12/05 - "
        "2026/12/06 1晚\n间数：原 1间 → 现 2间\n底价合计：RMB 536.40　卖价合计：RMB 600.00\n"
        "12-05(六) RMB268.20无早\n"
    )
    assert (found.action, found.arrival, found.rooms) == ("change", date(2026, 12, 5), 2)
    assert not found.stops


def test_nineteen_figures_stay_as_they_are():
    found = read("订单编号 4127700129300456218\n飞猪\n入住人 邓可欣\n")
    assert found.reference == "4127700129300456218"
    cut = read("订单编号 412770012930045\n飞猪\n入住人 邓可欣\n")
    assert (cut.reference, "length" in codes(cut)) == ("", True)


def test_an_hour_room_sells_no_night():
    found = read(
        "钟点房订单\n订单号 5017026112900777120\n入住人 赵予安\n房型 大床房-钟点房(4小时) 1间\n"
        "使用时段 2026-11-30 13:00-17:00\n入离日期 2026-11-30 至 2026-12-01\n"
        "卖价 ￥98.00　底价 ￥83.30\n支付方式 预付\n"
    )
    assert (found.nights, found.hours and found.hours.hours, found.nightly) == (0, 4, ())
    window = read(CTRIP.replace("<无早>", "(钟点房)<09:00到20:00,连住4小时>"))
    assert "hours" in {one.code for one in window.stops}


def test_foreign_money_and_net_prices_are_not_taken():
    foreign = read(CTRIP.replace("RMB", "USD "))
    assert (foreign.sell, foreign.settle, foreign.nightly) == (None, None, ())
    assert "foreign" in {one.code for one in foreign.stops}
    mixed = read(CTRIP.replace("RMB 599.00", "EUR 599.00"))
    assert "foreign" in {one.code for one in mixed.stops}


@needs_samples
def test_net_of_tax_is_shown_as_arithmetic_and_not_taken():
    found = read(text("g13_expedia_hotel_collect.txt"))
    assert [one.what for one in found.open if one.code == "net"] == ["786.80 + 47.20 = 834.00"]
    assert (found.nightly, per_night(found)) == ((), (25800, 28800, 28800))


# ------------------------------------------------------------------ bad input
def test_another_hotels_order_is_named():
    found = read(CTRIP + "酒店名称：海风大酒店\n")
    assert [one.what for one in found.stops] == ["海风大酒店"]
    assert not read(CTRIP + "酒店名称：云栖快捷酒店(杭州西湖店)\n").stops


def test_a_layout_never_seen_is_not_understood_at_all():
    found = read("Dear hotel,\nplease book 2 rooms from 4 to 6 December for Mr Lin at 241.20.")
    assert (found.marks, found.guests, found.sell) == ((), (), None)
    assert codes(found) == {"layout"}


def test_two_orders_at_once_are_not_mixed():
    found = read(CTRIP + CTRIP.replace("417625", "999999"))
    assert "several" in {one.code for one in found.stops}
    assert read("").open[0].code == "empty"
    assert read("x" * 20000).open[0].code == "too_long"


def test_a_cancellation_is_never_a_new_order():
    assert read(CTRIP.replace("新订", "取消")).action == "cancel"
    assert read(CTRIP.replace("新订", "申请取消")).action == "cancel_request"
    hidden = read(CTRIP + "该订单已取消\n")
    assert (hidden.action, "maybe_cancelled" in {one.code for one in hidden.stops}) == ("", True)


def test_a_day_that_its_weekday_denies_stays_open():
    found = read(CTRIP.replace("12-05(六)", "12-05(日)"))
    assert "nights_missing" in {one.code for one in found.stops}
    assert "past" in {one.code for one in read(CTRIP, received=date(2026, 12, 5)).stops}
    leap = read(CTRIP.replace("2026/12/04", "2026/02/30"))
    assert "missing" in {one.code for one in leap.stops}


def test_every_mark_stands_where_the_field_is():
    told = CTRIP.replace("\n", "\r\n")
    whole = told.replace("\r\n", "\n")
    places = {m.field: whole[m.start : m.end] for m in read(told).marks}
    assert places["reference"] == "1128360000417625"
    assert places["room"] == "大床房<无早>"
    assert (places["sell"], places["settle"]) == ("RMB 599.00", "RMB 509.40")


def test_the_longest_type_wins_and_a_saved_word_is_sure():
    from pms.services.orders.reading.types import meant, several

    assert meant("商务大床房 (内宾外宾)", HOUSE.types, {}) == (3, True)
    assert meant("Family Room with Garden View", HOUSE.types, {}) == (4, False)
    assert meant("Family Room with Garden View", HOUSE.types, {"family room with garden view": 5}) == (
        5,
        True,
    )
    assert meant("标间", HOUSE.types, {}) == (None, False)
    assert several("Twin room, Queen room", HOUSE.types)


# ------------------------------------------------------------------ cut and shuffled
WHOLE = {name: text(name) for name in TEXTS} or {"ctrip": CTRIP}
TRUE = {name: read(told) for name, told in WHOLE.items()}


def right_or_open(found: Proposal, true: Proposal) -> bool:
    """Say whether no sum is wrong without somebody being asked."""
    sums = all(
        getattr(found, name) in (None, getattr(true, name)) for name in ("sell", "settle", "commission")
    )
    nights = set(found.nightly) <= set(true.nightly)
    return (sums and nights) or bool(found.open)


def silent(found: Proposal, true: Proposal) -> bool:
    """Say whether something would be booked otherwise than it was ordered, with nothing that stops."""
    wrong = any(
        getattr(found, name) not in (None, getattr(true, name))
        for name in ("sell", "settle", "commission", "arrival", "departure", "rooms", "reference", "type_id")
    )
    return wrong and not found.stops and not found.opened("unproved")


@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 1200), st.integers(0, 1200))
def test_a_cut_never_gives_a_wrong_sum_unsaid(name, start, end):
    found = read(WHOLE[name][min(start, end) : max(start, end)])
    assert right_or_open(found, TRUE[name])
    assert not silent(found, TRUE[name])


@pytest.mark.parametrize("end", ["1", "163", "163.", "163.8", "1,"])
def test_a_sum_that_is_cut_off_at_the_very_end_is_not_taken(end):
    found = read(CTRIP.replace("支付方式：预付", "付款方式　现付") + f"佣金：RMB {end}")
    assert found.commission is None
    assert found.settle_basis != "sell_minus_commission"


@given(st.sampled_from(sorted(WHOLE)), st.randoms(use_true_random=False))
def test_a_shuffle_never_gives_a_wrong_sum_unsaid(name, chance: random.Random):
    lines = WHOLE[name].split("\n")
    chance.shuffle(lines)
    found = read("\n".join(lines))
    assert right_or_open(found, TRUE[name])
    assert not silent(found, TRUE[name])


@given(st.text(max_size=300), st.sampled_from(sorted(WHOLE)), st.integers(0, 1200))
def test_whatever_is_pasted_nothing_is_raised(noise, name, at):
    told = WHOLE[name]
    found = read(told[:at] + noise + told[at:])
    assert all(0 <= m.start <= m.end for m in found.marks)
    assert all(one.sentence for one in found.open)
    assert read(noise, received=RECEIVED).open
