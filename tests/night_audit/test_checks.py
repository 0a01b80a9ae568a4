"""A night with an irregularity of every kind: each is found, told with its money, and leads to the page that
clears it; on both engines."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, text

from pms import duties
from pms.core.money import Money
from pms.services.cards import service as cards
from pms.services.cards.models import Card
from pms.services.chasing import service as chasing
from pms.services.folios import service as folios
from pms.services.folios.models import Transfer
from pms.services.night_audit import proof, queries
from pms.services.night_audit.checks import gaps, listed
from pms.services.property import service as property_
from pms.services.rental import service as rental
from pms.services.reservations import service as reservations
from pms.services.rooms.models import Room
from pms.services.shifts import service as shifts
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.builders import TODAY, House

DAY = timedelta(days=1)
CHECKS = listed(duties.offered())


def find(house: House, station: str = "") -> dict[str, list[queries.Finding]]:
    found: dict[str, list[queries.Finding]] = {}
    for one in house.ask(
        queries.findings,
        business_date=house.house().business_date,
        checks=CHECKS,
        station=station or house.station,
    ):
        found.setdefault(one.kind, []).append(one)
    return found


def stay_in(house: House, room: str, **fields) -> int:
    more = {"deposit": Paid("BANK", Money(90000))}  # who has none is over credit
    more |= {k: fields.pop(k) for k in ("kind", "deposit", "cards_wanted") if k in fields}
    line = house.book(
        f"Guest {room}", type_code=fields.pop("type_code", "BIG" if room[0] == "3" else "TWN"), **fields
    )
    return house.do(
        stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent(), **more
    )


def see(house: House, room: str, persons: int) -> None:
    """Note what housekeeping saw, as the signed sheet would."""

    def seen(work):
        work.update_many(
            Room,
            [Room.number == room],
            {"seen_persons": persons, "seen_at": work.now, "seen_by": work.clerk.id},
        )

    house.do(seen)


def plant(house: House, sql: str) -> None:
    with house.engine.begin() as connection:
        connection.execute(text(sql))


def posted(house: House, code: str) -> int:
    return house.ask(
        lambda s: s.scalars(select(Transfer.id).where(Transfer.code == code).order_by(Transfer.id)).all()
    )[-1]


def test_a_quiet_night_finds_nothing_but_documents(house):
    stay_in(house, "301")
    assert set(find(house)) == {"identity"}


@dataclass
class Planted:
    """The stays of a night with fifteen irregularities of fifteen kinds."""

    away: int
    kept: int
    due: int
    gone: int
    free: int
    cheap: int
    poor: int


def plant_a_bad_night(house: House) -> Planted:
    """Let a guest house live a day, and plant what an auditor must find in the next night."""
    away, stale, kept = (stay_in(house, n, nights=3) for n in ("301", "302", "303"))
    due = stay_in(house, "304", nights=1)
    gone = stay_in(house, "201", nights=2, deposit=None)
    chair = house.do(rental.add_item, name="Wheelchair", pieces=1, deposit=Money(0), price=Money(80000))
    house.do(rental.lend, stay_id=kept, item_id=chair, intent="w")
    house.next_day()
    house.book("Never Comes")  # 1 an arrival not in
    free = stay_in(house, "202", kind="comp")  # 2 given away
    cheap = stay_in(house, "203", prices=(9900, 9900))  # 3 a price by hand
    poor = stay_in(house, "204", deposit=Paid("CASH", Money(10000)))  # 4 over credit
    house.do(folios.charge, stay_id=kept, code="MINIBAR", amount=Money(1200), intent="m")
    house.do(folios.void, transfer_id=posted(house, "MINIBAR"), reason="typed twice", intent="v")  # 5 a void
    [room_charge] = house.ask(
        lambda s: s.scalars(
            select(Transfer.id).where(Transfer.code == "ROOM", Transfer.stay_id == kept)
        ).all()
    )
    house.do(
        folios.adjust, transfer_id=room_charge, reason="noise", intent="a"
    )  # 6 an adjustment, 7 nights ≠ charge
    house.do(folios.charge, stay_id=stale, code="LAUNDRY", amount=Money(3000), intent="l")
    house.do(
        folios.transfer_line, transfer_id=posted(house, "LAUNDRY"), to_stay_id=kept, intent="t"
    )  # 8 a transfer
    see(house, "301", 0)  # 9 a skip
    brief = house.ask(
        lambda s: s.scalars(
            select(Transfer.id).where(Transfer.code == "ROOM", Transfer.stay_id == gone)
        ).all()
    )
    house.do(folios.adjust, transfer_id=brief[0], reason="friend", intent="f")
    house.do(stays.check_out, stay_id=gone, intent="out")  # 10 a departure without a charge
    house.do(_card, room_id=house.room_id("201"))  # 11 a card, 302 … have none
    plant(
        house, f"UPDATE account SET balance = balance + 500 WHERE stay_id = {away} AND ledger = 'guest'"
    )  # 12 a folio out of balance
    plant(house, "UPDATE number_series SET latest = latest + 2 WHERE name = 'reservation'")  # 13 a gap
    # 14 the wheelchair that was due this afternoon
    house.do(chasing.call, stay_id=poor, result="promised", time="18:00")  # 15 a promise that is not kept
    return Planted(away, kept, due, gone, free, cheap, poor)


def test_every_planted_irregularity_is_found(house):
    p = plant_a_bad_night(house)
    away, kept, due, gone, free, cheap, poor = p.away, p.kept, p.due, p.gone, p.free, p.cheap, p.poor
    found = find(house)
    money = {kind: [(f.stay_id, f.amount) for f in some] for kind, some in found.items()}
    assert (due, 29800) in money["departures"]
    assert len(money["arrivals"]) == 1
    assert money["given_away"] == [(free, 29800)]
    assert money["rates"] == [(cheap, 29800 - 9900)]
    assert [stay for stay, _amount in money["credit"]] == [poor]
    assert (kept, 1200) in money["voids"]
    assert {(kept, 29800), (gone, 29800)} <= set(money["adjustments"])
    assert {(kept, 29800), (gone, 29800)} <= set(money["nights"])
    assert money["transfers"] == [(kept, 3000)]
    assert money["discrepancies"] == [(away, 29800)]
    assert money["zero_charge"] == [(gone, 29800)]
    assert (None, 29800) in money["cards"]
    assert (away, 500) in money["balance"]
    assert money["rentals"] == [(kept, 80000)]
    assert money["promises"] == [(poor, 29800 - 10000)]
    assert "R-" in found["gaps"][0].title
    assert {one.blocking for kind in ("departures", "balance") for one in found[kind]} == {True}
    assert not any(one.blocking for kind in found.keys() - {"departures", "balance"} for one in found[kind])
    assert len(found) >= 12
    for some in found.values():
        for one in some:
            assert one.remedy.page in duties.screens()
            assert one.remedy.words
    groups = queries.grouped([one for some in found.values() for one in some])
    assert [g.blocking for g in groups] == sorted((g.blocking for g in groups), reverse=True)
    assert all(a.amount >= b.amount for a, b in pairwise(groups[2:]))


def _card(work, *, room_id):
    work.session.add(
        Card(
            stay_id=None,
            room_id=room_id,
            station="desk-1",
            kind="new",
            state="valid",
            valid_from=work.now - DAY,
            valid_to=work.now + DAY,
            issued_at=work.now,
            issued_by=None,
        )
    )


def test_a_dearer_room_for_the_old_price_is_found(house):
    from pms.services.rates import service as rates

    house.do(
        rates.set_price,
        plan_id=1,
        type_id=house.type_id("BIG"),
        start=TODAY,
        end=TODAY + 9 * DAY,
        weekdays=127,
        price=Money(39800),
    )
    stay_in(house, "202")
    up = stay_in(house, "301", type_code="TWN")
    assert [(f.stay_id, f.amount) for f in find(house)["upgrades"]] == [(up, 10000)]
    assert "rates" not in find(house)


def test_only_other_open_shifts_are_findings(house):
    house.do(property_.edit, name="x", options=replace(house.context_options(), shifts=True))
    house.do(shifts.open_shift, float_amount=Money(50000), intent="mine")
    assert "shifts" not in find(house)
    other = builders.office(house.engine, found=False)
    other.station, other.clock, other.ids = "bar", house.clock, lambda: "other"
    other.do(shifts.open_shift, float_amount=Money(20000), intent="other")
    assert [(f.amount, "bar" in f.title) for f in find(house)["shifts"]] == [(20000, True)]
    assert ["desk-1" in f.title for f in find(house, station="bar")["shifts"]] == [True]
    assert ["desk-1" in f.title for f in find(house, station="terminal")["shifts"]] == [
        True
    ]  # opened last: on duty


def test_the_three_ways_tell_each_room_once_and_what_differs_first(house):
    home = stay_in(house, "301", cards_wanted=1)
    stay_in(house, "302", cards_wanted=1)
    for card in house.ask(lambda s: s.scalars(select(Card.id)).all()):
        house.do(cards.encoded, card_id=card, uid="x")
    see(house, "301", 1)
    see(house, "302", 0)
    see(house, "303", 2)
    see(house, "304", 0)
    rows = house.ask(queries.three_ways, business_date=TODAY)
    assert [(r.room, r.agrees, r.persons, r.seen_persons, r.cards) for r in rows] == [
        ("302", False, 1, 0, 1),
        ("303", False, 0, 2, 0),
        ("301", True, 1, 1, 1),
    ]
    assert rows[2].stay_id == home


@pytest.mark.parametrize(
    "planted",
    [
        "INSERT INTO transfer (business_date, at, debit_id, credit_id, amount, code, text, rule, "
        "quantity, key, slip, stay_id, station) SELECT "
        "business_date, at, debit_id, credit_id, 700, 'MISC', '', '', 1, 'planted', '', stay_id, "
        "station FROM transfer WHERE code = 'ROOM'",
        "UPDATE account SET balance = balance - 700 WHERE ledger = 'guest' AND stay_id IS NOT NULL",
    ],
)
def test_books_touched_by_hand_stop_the_close(house, planted):
    stay_in(house, "301", nights=3)
    house.next_day()
    assert "balance" not in find(house)
    plant(house, planted)
    found = find(house)["balance"]
    assert (found[0].title, found[0].amount, found[0].blocking) == (
        "301: the folio is out of balance",
        700,
        True,
    )
    assert "its lines make" in found[0].detail


def test_an_old_gap_is_found_by_the_proof_of_everything_and_a_late_one_each_night(house):
    for n in range(6):
        house.book(start=TODAY + DAY * 2 * n)
    plant(house, "UPDATE reservation SET number = 7 WHERE number = 3")
    plant(house, "UPDATE number_series SET latest = 7 WHERE name = 'reservation'")

    def gone(lately):
        return [
            numbers for *_series, numbers, _page in house.ask(lambda s: list(gaps.missing(s, lately=lately)))
        ]

    assert gone(3) == []  # 5, 6 and 7 are there
    assert gone(None) == [[3]] == gone(gaps.LATELY)
    assert house.ask(lambda s: list(proof.faults(s))) == ["Numbers are missing: R-3"]


def test_a_booking_given_up_leaves_no_gap(house):
    house.do(reservations.cancel, line_id=house.book(), reason="ill")
    house.book()
    assert "gaps" not in find(house)


def test_a_guest_whose_nights_another_pays_is_not_over_credit(house):
    from pms.services.folios import rules
    from pms.services.folios import service as folio_service

    own = stay_in(house, "303", deposit=Paid("CASH", Money(10000)))
    assert [f.stay_id for f in find(house)["credit"]] == [own]
    house.do(folio_service.open_window, stay_id=own, payer="Firm", intent="w")
    rule = house.do(rules.add_rule, stay_id=own, code="ROOM", to_stay_id=own, to_window="B", intent="r")
    assert "credit" not in find(house)
    house.next_day()
    assert "credit" not in find(house)  # nor does what stands on the firm's folio count
    house.do(rules.end_rule, rule_id=rule, intent="e")
    assert [f.stay_id for f in find(house)["credit"]] == [own]
