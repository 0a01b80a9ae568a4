"""Take each offer out of the index in turn: what the hotel is told changes, and this file sees it."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import select

from pms import duties
from pms.core import offers
from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.money import Money
from pms.core.offers import About, AskUp, Gather
from pms.services.attempts import service as attempts
from pms.services.cards import queries as card_queries
from pms.services.cards import service as cards
from pms.services.channels.models import Channel
from pms.services.chasing import service as chasing
from pms.services.companies import service as companies
from pms.services.companies.models import Company
from pms.services.damages import service as damages
from pms.services.day_audit import service as day_audit
from pms.services.figures import service as figures
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.house_accounts import service as house_accounts
from pms.services.housekeeping import service as housekeeping
from pms.services.housekeeping.service import Seen
from pms.services.invoices import service as invoices
from pms.services.lost_found import service as lost_found
from pms.services.lost_found.models import LossReport
from pms.services.luggage.models import LuggageTag
from pms.services.members import service as members
from pms.services.members.models import Member
from pms.services.messages import service as messages
from pms.services.night_audit import service as night_audit
from pms.services.orders.models import ChannelOrder
from pms.services.preauth import service as preauth
from pms.services.property.models import Property
from pms.services.rental import service as rental
from pms.services.reservations import service as reservations
from pms.services.reservations.models import BookedRoom, Reservation
from pms.services.rooms.models import Inventory
from pms.services.shifts import queries as shift_queries
from pms.services.shifts import service as shifts
from pms.services.shifts.service import item_key
from pms.services.stays import joining
from pms.services.stays import service as stays
from pms.services.stays.models import Stay
from pms.services.vouchers import service as vouchers
from pms.services.wake_ups import service as wake_ups
from tests.builders import TODAY
from tests.night_audit.test_warning import at_work, beside
from tests.property.test_settings import set_options
from tests.shifts.test_shifts import clerk, pieces
from tests.ui.test_global_search import full, money, number  # noqa: F401

DAY = timedelta(days=1)
CHECKS = Path(import_module("pms.services.night_audit.checks").__file__).parent


def hand_over(house):
    """Count the drawer and the shelf, close the shift, and have another person take it over."""
    shift = house.ask(shift_queries.current, station=house.station).id
    held = int(house.ask(shift_queries.expected, shift_id=shift))
    house.do(shifts.count, shift_id=shift, pieces=pieces(held))
    house.do(shifts.count_shop, shift_id=shift, counted={house.good: 19})
    money(house, shifts.close, shift_id=shift, left=Money(0))
    items = [item_key(item) for item in house.gather(offers.handover)]
    next_one = clerk(house, "li", "Li Na")
    money(house, shifts.take_over, shift_id=shift, accepted=items, approval=next_one)


@pytest.fixture
def busy(full):  # noqa: F811
    """The hotel with one of each, a call that is due, a finding, and a desk that warns of its close."""
    stay = full.stay
    full.do(cards.copy, stay_id=stay)
    card = full.ask(card_queries.to_cut, station=full.station)[-1]
    full.do(cards.encoded, card_id=card.id, seen=card.valid_to, uid="04A1")
    sheet = full.do(housekeeping.open_sheet, business_date=TODAY, part="PM")
    full.do(housekeeping.record, sheet_id=sheet, rooms=[Seen(full.room_id("303"), 0, 2)])
    full.do(lost_found.register, what="scarf", room="302", finder="Mei", kept_in="desk", stay_id=stay)
    full.do(lost_found.report, what="hat", name="Caller", phone="13800138000")
    late = full.book("Wu Di", nights=0, type_code="TWN")
    use = money(full, stays.check_in, line_id=late, room_id=full.room_id("201"), guests=[Person("Wu Di")])
    full.do(joining.join, stay_id=stay, with_stay_id=use)
    owing = full.book("Qian Yu", nights=1, type_code="TWN")
    owes = money(full, stays.check_in, line_id=owing, room_id=full.room_id("202"), guests=[Person("Qian Yu")])
    money(full, folios.charge, stay_id=owes, code="MINIBAR", amount=Money(1200))
    money(full, stays.check_out, stay_id=owes, unsettled="later")
    never_came = full.awaited = full.book("Sun Bo", nights=3, type_code="TWN")
    hand_over(full)
    gone = {"state": "no_show", "kept_until": full.now() + timedelta(hours=1)}  # as the close leaves it
    full.do(lambda work: work.update_many(BookedRoom, [BookedRoom.id == never_came], gone))
    full.book("Ma Li", nights=0, start=TODAY + 5 * DAY, type_code="TWN")
    gone = [Inventory.type_id == full.type_id("TWN"), Inventory.night == TODAY + 5 * DAY]
    full.do(lambda work: work.update_many(Inventory, gone, {"total": 0}))  # as no operation leaves it
    left = full.book("Zhou Jie", type_code="TWN")
    old = money(full, stays.check_in, line_id=left, room_id=full.room_id("203"), guests=[Person("Zhou Jie")])
    money(full, stays.check_out, stay_id=old, unsettled="later")
    lost = full.book("Wu Lan", type_code="TWN")
    full.do(reservations.cancel, line_id=lost, reason="ill")
    then = {"arrival": TODAY - 100 * DAY, "departure": TODAY - 99 * DAY}
    full.do(lambda work: work.update_many(BookedRoom, [BookedRoom.id == lost], then))
    full.do(lambda work: work.update_many(Stay, [Stay.id == old], {"departed_on": TODAY - 99 * DAY}))
    full.finding = full.do(day_audit.note, business_date=TODAY, kind="other", what="a drawer left open")
    full.do(figures.set_budget, month=TODAY.replace(day=1), sold=100, revenue=Money(100_00))
    full.do(companies.add, name="Moon Travel")
    wall = local(full.now() + timedelta(minutes=30), "Asia/Shanghai")
    full.do(wake_ups.take, stay_id=full.stay, day=wall.date(), time=f"{wall:%H:%M}")
    full.do(chasing.call, stay_id=stay, result="leaves", time=f"{wall:%H:%M}")
    full.do(messages.write, text="wants tea", stay_id=stay)
    full.do(lambda work: work.update_many(Property, [Property.id == 1], {"options": {"first_day": True}}))
    chair = full.do(rental.add_item, name="Wheelchair", pieces=2, deposit=Money(0), price=Money(80000))
    money(full, rental.lend, stay_id=stay, item_id=chair)
    money(full, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(100))
    money(full, folios.pay, stay_id=stay, method="CASH", amount=Money(100))
    money(full, damages.charge, stay_id=stay, what="Vase", price=Money(100))
    full.do(
        preauth.take,
        stay_id=stay,
        method="BANK",
        amount=Money(100),
        code="A1B2",
        last_four="1234",
        valid_until=TODAY + DAY,
    )
    full.do(attempts.note, stay_id=stay, method="WECHAT", amount=Money(7))
    full.do(invoices.want, stay_id=stay, buyer="Zhao", individual=True, amount=Money(100))
    full.do(lambda work: asked_to_cancel(work, stay))
    level = full.do(members.add_level, name="Gold")
    member = money(full, members.join, name="Hu Yi", phone="13600001111", level_id=level, stay_id=stay)
    set_options(full, stored_value=True)
    money(full, members.charge_up, number=member, amount=Money(100), method="CASH")
    meeting = full.do(
        house_accounts.open_account, name="Talk", responsible="Li Na", reason="fair", limit=Money(900)
    )
    money(full, house_accounts.charge, number=meeting, code="MISC", amount=Money(50))
    book = full.do(vouchers.receive, form="Receipt", first="001", last="050")
    full.do(vouchers.hand_out, number=book, holder="Li Na")
    other = beside(full)
    full.clock.set(TODAY + DAY, 0.5)
    at_work(full)
    other.do(night_audit.begin, business_date=TODAY)
    other.do(night_audit.warn, business_date=TODAY)
    return full


def asked_to_cancel(work, stay):
    """Let the stay's booking be one of a channel that asks to cancel it."""
    booking = (
        select(BookedRoom.reservation_id).join(Stay, Stay.line_id == BookedRoom.id).where(Stay.id == stay)
    )
    made = ChannelOrder(
        number=work.next_number("channel_order"),
        channel_number=1,
        reference="HMQX4T8ZKA",
        state="cancel_request",
        reservation_id=work.session.scalars(booking).one(),
        text="an order",
        taken_at=work.now,
        taken_on=work.business_date,
    )
    work.session.add(made)


def searched(house):
    """Return who finds what of all that can be typed."""
    typed = (
        "302",
        "zwb",
        "R-1",
        "LF-1",
        "可乐",
        "plumber",
        "A-1",
        "H-1",
        "SH-1",
        "PR-1",
        "T-1",
        "I-1",
        "M-1",
        "DM-1",
        "PA-1",
        "Q-1",
    )
    typed += ("ctrip", "moon", "HMQX4T8ZKA", "FB-1", "HA-1")
    typed += (number(house, "bill"), number(house, "cash_slip"))
    return sorted({(hit.word, hit.icon) for text in typed for hit in house.gather(offers.search, text=text)})


def waits(house):
    """Return where something waits tomorrow; who is chased, apart by what was promised and what is left."""
    found = house.gather(offers.waiting, now=house.now() + DAY)
    said = {d.word for d in found if d.word != "chasing"}
    chased = {"chasing, said" if "Will leave" in d.text else "chasing" for d in found if d.word == "chasing"}
    return sorted(said | chased)


def used(house):
    """Return who uses the guest's room."""
    room = house.room_id("302")
    return house.gather(offers.room_users, room_id=room, start=TODAY, end=TODAY + 9 * DAY)


def erased(house):
    """Return of how many records people are erased, and leave them as they were: all of them long over."""
    counts = []

    def erase(work):
        over = {"state": "cancelled", "kept_until": None}
        for table, values in (
            (BookedRoom, over),
            (Reservation, {"phone": "13800138000"}),
            (LuggageTag, {"phone": "13800138000", "pieces_left": 0}),
            (Member, {"phone": "13800138000", "ended_on": TODAY - DAY}),
            (Company, {"phone": "13800138000", "valid_until": TODAY}),
            (Channel, {"phone": "13800138000", "ended_on": TODAY}),
            (LossReport, {"phone": "13800138000", "state": "closed", "closed_at": work.now}),
        ):
            for record in work.session.scalars(select(table).with_for_update()):
                for name, value in values.items():
                    setattr(record, name, value)
        work.session.flush()
        old = work.offers.gather(offers.erase_old, work, before=TODAY + 999 * DAY)
        counts.extend((len(old), len(work.offers.gather(offers.erase_with, work, stay_ids=[house.stay]))))
        raise Refused("nothing of this is kept")

    with pytest.raises(Refused, match="nothing of this"):
        house.do(erase)
    return counts


ASKED = {
    "kept_of": lambda house: [
        kept.title
        for kept in house.gather(offers.kept_of, stay_ids=[house.stay], line_ids=[house.line], phone="")
    ],
    "still_needed": lambda house: [
        needed.why for needed in house.gather(offers.still_needed, stay_ids=[house.stay])
    ],
    "erase_old": lambda house: erased(house)[0],
    "erase_with": lambda house: erased(house)[1],
    "search": searched,
    "badges": lambda house: sorted(b.word for b in house.gather(offers.badges)),
    "waiting": lambda house: waits(house),
    "alarms": lambda house: sorted(a.word for a in house.gather(offers.alarms, now=house.now())),
    "drawers": lambda house: [d.clerk for d in house.gather(offers.drawers, station=house.station)],
    "welcomes": lambda house: [a.word for a in house.gather(offers.welcomes, station="desk-9")],
    "countdowns": lambda house: len(house.gather(offers.countdowns, station=house.station, now=house.now())),
    "first_steps": lambda house: sorted((s.place, s.word) for s in house.gather(offers.first_steps)),
    "leaving": lambda house: sorted(
        s.words.split(":")[0] for s in house.gather(offers.leaving, stay_id=house.stay)
    ),
    "evidence": lambda house: sorted(
        {
            one.source
            for whose in (
                {"stay_id": house.stay, "room_id": house.room_id("302")},
                {"line_id": house.awaited},
                {"room_id": house.room_id("304")},
            )
            for one in house.gather(offers.evidence, about=About(TODAY, "Asia/Shanghai", 2, **whose))
        }
    ),
    "handover": lambda house: sorted({item.word for item in house.gather(offers.handover)}),
    "tallies": lambda house: [t.words for t in house.gather(offers.tallies, start=TODAY, end=TODAY + DAY)],
    "room_users": used,
    "older": lambda house: sorted(
        (hit.word, hit.icon) for text in ("zhou", "wu lan") for hit in house.gather(offers.older, text=text)
    ),
    "customers": lambda house: sorted(
        (found.kind, found.name)
        for text in ("moon", "ctrip", "1111")
        for found in house.gather(offers.customers, text=text, on=TODAY)
    ),
    "customer_of": lambda house: sorted(
        (found.kind, found.name)
        for kind in ("member", "company", "channel")
        for found in house.gather(offers.customer_of, kind=kind, number=1, on=TODAY)
    ),
    "short_by_day": lambda house: house.gather(
        offers.short_by_day, type_id=house.type_id("TWN"), start=TODAY, end=TODAY + 9 * DAY
    ),
}
"""Each kind of question, put as words that name who answered."""


def told(house, kind, index):
    """Return what a kind of question brings with an index."""
    house.offers = duties.offered(index)
    return ASKED[kind](house)


TOLD = {
    "kept_of": [
        "Bookings",
        "Folio",
        "Handover book",
        "Wake-up calls",
        "Luggage",
        "Lost & found",
        "Item rental",
        "Damages",
        "Invoices",
        "Debt chasing",
        "Channel orders",
        "Pre-authorisations",
        "Payments in question",
        "Membership",
        "Companies",
        "Channels",
        "Room cards",
        "Print-outs",
    ],
    "still_needed": [
        "Bags T-1 are still in store. Release them first.",
        "LF-2 of lost and found is still open. Close it first.",
        "The item of rental L-1 is still out. Take it back or charge it as lost first.",
        "Pre-authorisation PA-1 is still held. Complete or release it first.",
    ],
    "erase_old": 21,
    "erase_with": 4,
    "customers": [("channel", "Ctrip"), ("company", "Moon Travel"), ("member", "Hu Yi")],
    "customer_of": [("channel", "Ctrip"), ("company", "Moon Travel"), ("member", "Hu Yi")],
    "older": [("folios", "user"), ("reservations", "calendar")],
    "search": [
        ("attempts", "alert"),
        ("channels", "language"),
        ("chasing", "clock"),
        ("companies", "users"),
        ("damages", "alert"),
        ("day_audit", "shield"),
        ("folios", "receipt"),
        ("folios", "user"),
        ("guests", "user"),
        ("house_accounts", "party"),
        ("invoices", "receipt"),
        ("lost_found", "lost-found"),
        ("luggage", "suitcase"),
        ("members", "star"),
        ("messages", "handover"),
        ("orders", "receipt"),
        ("preauth", "lock"),
        ("print_jobs", "printer"),
        ("rental", "umbrella"),
        ("reservations", "calendar"),
        ("room_board", "bed"),
        ("shifts", "handover"),
        ("shop", "shop-bag"),
        ("vouchers", "sheet"),
    ],
    "badges": [
        "approvals",
        "damages",
        "day_audit",
        "housekeeping",
        "print_jobs",
        "reservations",
        "shifts",
        "shop",
        "staff",
        "stays",
        "wake_ups",
    ],
    "waiting": [
        "attempts",
        "chasing",
        "chasing, said",
        "damages",
        "first_day",
        "housekeeping",
        "night_audit",
        "preauth",
        "rental",
        "reservations",
        "stays",
        "wake_ups",
    ],
    "alarms": ["reservations", "wake_ups"],
    "drawers": ["Li Na"],
    "welcomes": ["shifts"],
    "countdowns": 1,
    "first_steps": [
        (10, "property"),
        (20, "rooms"),
        (30, "rates"),
        (40, "staff"),
        (50, "print_jobs"),
        (60, "property"),
        (70, "shifts"),
        (80, "shifts"),
        (90, "check_in"),
    ],
    "leaving": [
        "Found and kept for this guest",
        "Gold Hu Yi, M-1, has 1.00 of stored value",
        "I-1",
        "Joined with 201, which stays.",
        "L-1",
        "No document has been entered",
        "PA-1",
        "Q-1",
        "T-1",
    ],
    "evidence": [
        "Booking",
        "Cards",
        "Debt chasing",
        "Deposit",
        "Desk",
        "Folio",
        "Handover book",
        "Housekeeping",
        "Phone",
        "Room",
        "Wake-up calls",
    ],
    "handover": [
        "attempts",
        "cards",
        "chasing",
        "damages",
        "folios",
        "house_accounts",
        "housekeeping",
        "invoices",
        "lost_found",
        "luggage",
        "messages",
        "orders",
        "preauth",
        "receivables",
        "rental",
        "shop",
        "stays",
        "vouchers",
        "wake_ups",
    ],
    "tallies": ["Shifts over or short", "Items found", "Findings of the audits", "of these still open"],
    "short_by_day": [
        "Twin is promised by day on 25 Nov 2026 to 1 guests, 0 others stay over and there are 0 rooms. "
        "Choose "
        "another type, or cancel a booking by day first."
    ],
    "room_users": ["R-1 赵文博 20 Nov – 22 Nov", "赵文博 – 22 Nov"],
}


def without(offer):
    """Return the index without one offer."""
    return [replace(duty, offers=tuple(o for o in duty.offers if o != offer)) for duty in duties.DUTIES]


def test_every_answer_of_the_index_is_heard_and_each_one_taken_away_is_missed(busy):
    assert {kind: told(busy, kind, duties.DUTIES) for kind in TOLD} == TOLD
    gathered = [
        offer
        for duty in duties.DUTIES
        for offer in duty.offers
        if isinstance(offer.kind, Gather)
        and offer.kind is not offers.audit_check
        and (offer.kind is not offers.waiting or duty.word in {"property", *TOLD["waiting"]})
    ]
    unheard = [o.dotted for o in gathered if told(busy, o.kind.name, without(o)) == TOLD[o.kind.name]]
    assert unheard == []


def test_a_question_that_one_duty_answers_is_a_defect_without_it():
    for offer in (o for duty in duties.DUTIES for o in duty.offers if isinstance(o.kind, AskUp)):
        with pytest.raises(LookupError, match=offer.kind.name):
            duties.offered(without(offer)).ask_up(offer.kind, None)


def test_every_check_of_the_audit_is_in_the_index():
    found = {f"pms.services.night_audit.checks.{p.stem}:CHECK" for p in CHECKS.glob("[a-z]*.py")}
    without_check = {dotted for dotted in found if not hasattr(import_module(dotted.split(":")[0]), "CHECK")}
    assert found - without_check <= {o.dotted for duty in duties.DUTIES for o in duty.offers}
