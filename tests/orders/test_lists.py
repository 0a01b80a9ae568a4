"""Lists of orders: each row gives what it must, whatever the file; numbers keep all their figures."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from pms.core import tables
from pms.core.errors import Refused
from pms.services.orders.reading import lists
from pms.services.orders.reading.lists import Listed
from pms.services.orders.reading.proposal import Proposal

from .samples import HOUSE, RECEIVED, SAMPLES, code_of, expected, needs_samples
from .test_reader import CHANNELS, amount

EXPECTED = expected().get("lists", {})
HEAD = (
    "订单号",
    "酒店名称",
    "订单状态",
    "房型名称",
    "客人姓名",
    "入住日期",
    "离店日期",
    "房间数",
    "币种",
    "底价",
    "卖价",
)
ROW = (
    "4127700129300456218",
    "云栖快捷酒店",
    "已接单",
    "大床房<无早>",
    "许星野",
    "2026-12-01",
    "2026-12-03",
    "1",
    "RMB",
    "482.40",
    "536.00",
)


def listed(data: bytes) -> Listed:
    """Read a file as the demonstration hotel would."""
    return lists.read(tables.read(data), maps=lists.shipped(), house=HOUSE, received=RECEIVED)


def as_row(found: Proposal, wanted: dict) -> dict:
    """Return an order in the words of the samples."""
    booked = found.booked_at
    day_only = booked is not None and len(wanted["booked_at"]) == 10
    return {
        "reference": found.reference,
        "channel": CHANNELS.get(found.channel, found.channel.lower()),
        "sub_channel": found.site or None,
        "action": found.action,
        "state": found.state,
        "arrival": found.arrival and found.arrival.isoformat(),
        "departure": found.departure and found.departure.isoformat(),
        "nights": found.nights,
        "rooms": found.rooms,
        "room_type_text": found.room,
        "type": code_of(found.type_id),
        "guests": [g.name for g in found.guests],
        "booked_at": booked and (booked.date() if day_only else booked).isoformat(),
        "payment": found.payment or None,
        "sell_total": amount(found.sell),
        "settle_total": amount(found.settle),
        "commission": amount(found.commission),
        "currency": found.currency or None,
        "adults": found.adults,
        "children": found.children,
        "hour_room": found.hours is not None,
    }


@needs_samples
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_gives_exactly_what_it_must(name):
    found, wanted = listed((SAMPLES / name).read_bytes()), EXPECTED[name]
    assert found.head == wanted["header_row"]
    assert [as_row(o, w) for o, w in zip(found.orders, wanted["rows"], strict=True)] == wanted["rows"]
    past = [o for o in found.orders if o.opened("past")]
    assert len([o for o in found.orders if o.action == "cancel"]) == wanted["cancellations"]
    new = [o for o in found.orders if o.action == "new" and o not in past]
    assert len(new) == wanted["bookings"]
    assert len(past) == wanted.get("past", 0)
    foreign = {o.reference: o.foreign for o in found.orders if o.foreign}
    assert {key: amount(sums["sell"]) for key, sums in foreign.items()} == {
        key: sums["sell"] for key, sums in wanted.get("foreign_totals", {}).items()
    }


def csv_of(*rows: tuple[str, ...], encoding: str = "utf-8", sign: str = ",") -> bytes:
    return "\r\n".join(sign.join(row) for row in rows).encode(encoding)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def page(*rows: tuple[str, ...], encoding: str = "utf-8") -> bytes:
    cells = "".join(
        "<tr>" + "".join(f"<td>{c.replace('<', '&lt;')}</td>" for c in row) + "</tr>" for row in rows
    )
    return f"<html><body><table>{cells}</table></body></html>".encode(encoding)


@pytest.mark.parametrize(
    "data",
    [
        csv_of(HEAD, ROW),
        csv_of(HEAD, ROW, encoding="gbk"),
        csv_of(HEAD, ROW, encoding="utf-8-sig", sign="\t"),
        csv_of(("订单导出",), HEAD, ROW, ("合计",), encoding="gbk", sign=";"),
        page(HEAD, ROW),
        page(HEAD, ROW, encoding="gbk"),
        workbook(HEAD, ROW),
        workbook(("订单导出",), (), HEAD, ROW),
    ],
    ids=["utf-8", "gbk", "tabs", "semicolons", "page", "page in gbk", "workbook", "workbook with a title"],
)
def test_a_list_reads_alike_in_every_file_and_keeps_nineteen_figures(data):
    (order,) = listed(data).orders
    assert (order.reference, order.room, order.settle) == ("4127700129300456218", "大床房<无早>", 48240)
    assert (order.type_id, order.guests[0].surname) == (2, "许")


def test_a_number_that_the_workbook_rounded_is_not_taken_for_the_orders():
    (order,) = listed(workbook(HEAD, (4127700129300456218, *ROW[1:]))).orders
    assert order.reference == ""
    assert "lost" in {one.code for one in order.stops}
    (short,) = listed(workbook(HEAD, (4840011201, *ROW[1:]))).orders
    assert short.reference == "4840011201"


def test_of_a_doubled_number_what_was_told_last_counts():
    head, row = (*HEAD, "通知时间"), (*ROW, "2026-11-20 10:13:20")
    later = (*ROW[:6], "2026-12-05", *ROW[7:], "2026-11-24 21:15:00")
    for rows in ((row, later), (later, row)):
        (order,) = listed(csv_of(head, *rows)).orders
        assert order.nights == 4


def test_another_hotels_row_and_foreign_money_stop():
    (order,) = listed(csv_of(HEAD, (ROW[0], "海风大酒店", *ROW[2:]))).orders
    assert "other_hotel" in {one.code for one in order.stops}
    (order,) = listed(csv_of(HEAD, (*ROW[:8], "USD", *ROW[9:]))).orders
    assert (order.sell, order.settle) == (None, None)
    assert "foreign" in {one.code for one in order.stops}


# ------------------------------------------------------------------ files that are none
def packed(**parts: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return kept.getvalue()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    "<worksheet>&b;</worksheet>"
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"PK\x03\x04 cut off",
        workbook(HEAD, ROW)[:900],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"<html><body>Please sign in</body></html>",
        packed(**{"xl__worksheets__sheet1.xml": BOMB}),
        packed(**{"xl__worksheets__sheet1.xml": "<worksheet><row r='900000'/></worksheet>"}),
        packed(**{"xl__worksheets__sheet1.xml": "<worksheet><row><c t='s'><v>7</v></c></row></worksheet>"}),
        csv_of(("Name", "Room"), ("Lin", "301")),
        csv_of(*[("a",) for _n in range(tables.MOST_ROWS + 1)]),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(data):
    with pytest.raises(Refused):
        listed(data)


def test_a_workbook_that_unpacks_to_more_than_any_list_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST", 10_000)
    with pytest.raises(Refused, match="larger"):
        tables.read(packed(**{"xl__worksheets__sheet1.xml": "<worksheet>" + " " * 20_000 + "</worksheet>"}))


def test_a_workbooks_days_and_numbers_are_shown_as_they_were_typed():
    from datetime import date, datetime

    rows = tables.read(
        workbook((date(2026, 12, 5), datetime(2026, 12, 5, 18, 30), 0.1 + 0.2, True, 536))
    ).rows
    assert rows == [["2026-12-05", "2026-12-05 18:30:00", "0.3", "TRUE", "536"]]


@given(st.binary(max_size=400))
def test_whatever_the_file_is_it_is_read_or_refused(data):
    for begun in (b"", b"PK\x03\x04", "订单号,底价\n".encode()):
        try:
            found = listed(begun + data)
        except Refused:
            continue
        assert all(order.reference for order in found.orders if not order.stops)
