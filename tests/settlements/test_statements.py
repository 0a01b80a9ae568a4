"""Channels' statements as they are: read, held against the hotel's books, and what each must give."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from pms.core.errors import Conflict, Refused
from pms.core.money import Money
from pms.services.folios.models import ChannelBill
from pms.services.reservations.models import Reservation
from pms.services.settlements import service as accounts
from pms.services.statements import of_channels as matching
from pms.services.statements.formats import channels as files
from tests.orders.samples import EXPECTED, SAMPLES, needs_samples
from tests.property.test_settings import set_options

from .made import number_of

OF = {
    "s1_ctrip_commission_2026_11.xlsx": "CTRIP",
    "s2_ctrip_prepaid_week.xlsx": "CTRIP",
    "s3_booking_payout.csv": "BOOKING",
}
SAID = {"matched": "agrees", "differs": "differs", "here": "unknown_here"}
DAY = timedelta(days=1)


def fen(text):
    return round(float(text) * 100)


def expected(name):
    return json.loads(EXPECTED.read_text("utf-8"))["statements"][name]


def kept(house, name, told):
    """Put the hotel's side of a sample into its books: bills, and bookings that brought none."""
    code, takes = OF[name], "commission" in name
    rows, booked = [], []
    lines = {x["reference"]: x for x in told["lines"]}
    channel = number_of(house, code)
    for n, own in enumerate(told["hotel_side"], 1):
        line = lines.get(own["reference"], {})
        left = own["state"] == "checked out"
        first = date.fromisoformat(own.get("arrival") or line.get("arrival") or own["departure"])
        last = date.fromisoformat(own.get("departure") or line.get("departure"))
        amount = -round(fen(own["sell"]) * 0.15) if takes else fen(own["settle"])
        booked.append(own["reference"])
        if not left and not own.get("settled_before"):
            continue
        settled = bool(own.get("settled_before"))
        rows.append(
            {
                "number": 100 + n,
                "channel_id": channel,
                "what": "commission" if takes else "room",
                "on_credit": False,
                "stay_id": None,
                "stay_number": n,
                "booking": n,
                "reference": own["reference"],
                "guest": "Guest",
                "room": "301",
                "arrival": first,
                "departure": last,
                "points": 1500 if takes else 0,
                "amount": Money(amount),
                "left": Money(0 if settled else amount),
                "billed_on": last,
            }
        )
    with house.engine.begin() as connection:
        connection.execute(insert(ChannelBill), rows)
        for n, reference in enumerate(booked):
            connection.execute(
                insert(Reservation).values(
                    number=9000 + n,
                    guest_name="x",
                    search="x",
                    phone="",
                    source="channel",
                    channel="x",
                    reference=reference,
                    company="",
                    payer="channel",
                    channel_number=channel,
                    hold_until="18:00",
                    remarks="",
                    made_on=date(2026, 11, 1),
                    made_at=house.clock.now,
                    do_not_disclose=False,
                )
            )


def rename(house, name="Cloud Rest Hotel", other="云栖快捷酒店"):
    set_options(house, order_names=f"{name},{other}")


def read_in(house, name, data=None):
    return house.do(
        matching.read_in_channel,
        number=number_of(house, OF[name]),
        file=name,
        data=(SAMPLES / name).read_bytes() if data is None else data,
        intent=house.new_intent(),
    )


@needs_samples
@pytest.mark.parametrize("name", OF)
def test_every_line_is_read(name):
    told, found = expected(name), files.read((SAMPLES / name).read_bytes())
    assert len(found.lines) == len(told["lines"])
    for line, one in zip(found.lines, told["lines"], strict=True):
        assert (line.reference or None, line.kind, line.amount) == (
            one["reference"],
            one["kind"],
            fen(one["amount"]),
        )
        assert (str(line.arrival or ""), line.room_nights) == (
            one.get("arrival", ""),
            one.get("room_nights", 0),
        )
        for name_ in ("sell", "fee", "deduction", "commission"):
            if name_ in one:
                assert getattr(line, name_) == fen(one[name_])
    if "stated_total" in told:
        assert found.total == fen(told["stated_total"])
    for paid in told.get("payouts", ()):
        assert (paid["descriptor"], fen(paid["amount"])) in found.paid


@needs_samples
@pytest.mark.parametrize("name", OF)
def test_every_line_gets_its_verdict(house, name):
    told = expected(name)
    rename(house)
    kept(house, name, told)
    pairs = house.ask(matching.channel_compared, file_id=read_in(house, name))
    found = {p.line.row: p for p in pairs if p.line is not None}
    verdicts = [found[row] for row in sorted(found)]
    assert len(verdicts) == len(told["lines"])
    for pair, one in zip(verdicts, told["lines"], strict=True):
        wanted = one["verdict"]
        if wanted == "no_booking":
            assert (pair.state, pair.notes) == ("here", ("no_order",))
        else:
            assert (SAID[pair.state], pair.reference) == (wanted, one["reference"])
    assert [p.reference for p in pairs if p.state == "there"] == told.get("missing_in_statement", [])


@needs_samples
def test_a_file_comes_once_and_a_cut_one_never(house):
    rename(house)
    name = "s3_booking_payout.csv"
    data = (SAMPLES / name).read_bytes()
    read_in(house, name)
    with pytest.raises(Conflict, match="read in already"):
        read_in(house, name)
    lines = data.decode().splitlines()
    with pytest.raises(Refused, match="cut off or changed"):
        read_in(house, name, "\n".join(lines[:3]).encode())
    doubled = read_in(house, name, "\n".join([*lines, lines[2]]).encode())
    [row] = [f for f in house.ask(matching.channel_files) if f.id == doubled]
    assert (row.lines, row.known, row.doubled) == (4, 4, ("4830000101",))
    with pytest.raises(Refused, match="no channel's statement"):
        read_in(house, name, b"a,b\n1,2\n")
    with pytest.raises(Refused, match="no channel 77"):
        house.do(matching.read_in_channel, number=77, file="x", data=data, intent="n")


@needs_samples
def test_another_hotels_statement_is_refused(house):
    rename(house, "Somewhere Else", "")
    with pytest.raises(Refused, match="of “Cloud Rest Hotel”"):
        read_in(house, "s3_booking_payout.csv")


@needs_samples
def test_what_is_open_is_cleared_once_with_its_reason(house):
    name = "s2_ctrip_prepaid_week.xlsx"
    rename(house)
    kept(house, name, expected(name))
    number = read_in(house, name)
    pairs = house.ask(matching.channel_compared, file_id=number)
    fine = next(p for p in pairs if p.notes == ("no_order",))
    missing = next(p for p in pairs if p.state == "there")
    with pytest.raises(Refused, match="Say why"):
        house.do(matching.clear_channel, line_id=fine.line.id, reason=" ", intent="a")
    house.do(matching.clear_channel, line_id=fine.line.id, reason="agreed by phone", intent="b")
    house.do(matching.clear_channel, bill_id=missing.bills[0].id, reason="next week", intent="c")
    with pytest.raises(Conflict, match="cleared already"):
        house.do(matching.clear_channel, line_id=fine.line.id, reason="twice", intent="d")
    with pytest.raises(Refused, match="Choose a line"):
        house.do(matching.clear_channel, reason="nothing", intent="e")
    found = {p.id: p for p in house.ask(matching.channel_compared, file_id=number)}
    assert (found[fine.id].state, found[fine.id].reason) == ("cleared", "agreed by phone")
    assert found[missing.id].state == "cleared"


@needs_samples
def test_what_agrees_is_booked_as_one_payment(house):
    name = "s2_ctrip_prepaid_week.xlsx"
    rename(house)
    told = expected(name)
    kept(house, name, told)
    found = house.ask(matching.payable_by, file_id=read_in(house, name))
    assert found.amount == 24120 + 92880
    house.do(
        accounts.receive,
        number=number_of(house),
        method="WIRE",
        amount=found.amount,
        bills=found.bills,
        intent="r",
    )
    number = house.ask(matching.channel_files)[0].id
    assert house.ask(matching.payable_by, file_id=number).bills == ()


@needs_samples
def test_a_payout_less_its_fee_is_booked_once_the_fee_is_cleared(house):
    name = "s3_booking_payout.csv"
    rename(house)
    kept(house, name, expected(name))
    number = read_in(house, name)
    assert house.ask(matching.payable_by, file_id=number).bills == ()
    for pair in house.ask(matching.channel_compared, file_id=number):
        house.do(matching.clear_channel, line_id=pair.line.id, reason="fee", intent=house.new_intent())
    found = house.ask(matching.payable_by, file_id=number)
    assert found.amount == 44_863 + 48_211 + 22_432
    told = {"number": number_of(house, "BOOKING"), "method": "WIRE", "amount": found.amount}
    sure = {f"odd_amount:{found.amount}"}
    house.do(accounts.receive, bills=found.bills, intent="r", confirmed=sure, **told)
    assert house.ask(matching.payable_by, file_id=number).amount == 697 + 749 + 348
