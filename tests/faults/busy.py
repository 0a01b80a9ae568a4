"""A hotel in which every act of every duty can be done: ``Facts`` says what its records are called."""

import inspect
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, select

from pms.core.errors import Reason
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.operation import Operation
from pms.db import schema
from pms.db.base import PrintJob
from pms.duties import ROLES
from pms.printing.printers import Printer
from pms.services.approvals import service as approvals
from pms.services.attempts import service as attempts
from pms.services.authority import delegation
from pms.services.cards import service as cards
from pms.services.cards.models import Card
from pms.services.channels import service as channels
from pms.services.companies import service as companies
from pms.services.damages import service as damages
from pms.services.day_audit import service as day_audit
from pms.services.debts import service as debts
from pms.services.debts.billing import OnAccount
from pms.services.debts.models import CompanyBill
from pms.services.folios import rules
from pms.services.folios import service as folios
from pms.services.folios.models import ChannelBill
from pms.services.guests.person import Person
from pms.services.house_accounts import service as house_accounts
from pms.services.housekeeping import service as housekeeping
from pms.services.invoices import compared
from pms.services.invoices import service as invoices
from pms.services.invoices.models import IssuedLine
from pms.services.lost_found import service as lost_found
from pms.services.lost_found.duty import MONTHS
from pms.services.luggage import service as luggage
from pms.services.members import points
from pms.services.members import service as members
from pms.services.members.duty import POINTS, STORED
from pms.services.members.models import Member
from pms.services.messages import service as messages
from pms.services.night_audit import queries as audit_queries
from pms.services.night_audit import service as night_audit
from pms.services.night_audit.checks import listed
from pms.services.opening.service import FloorPlan
from pms.services.period_reports import service as period_reports
from pms.services.preauth import service as preauth
from pms.services.print_jobs import service as print_jobs
from pms.services.property import service as property_
from pms.services.rental import service as rental
from pms.services.reservations import service as reservations
from pms.services.rooms import service as rooms
from pms.services.settlements import service as settlements
from pms.services.shifts import service as shifts
from pms.services.shop import service as shop
from pms.services.shop.models import ShopMove
from pms.services.staff import service as staff
from pms.services.statements import of_channels
from pms.services.statements import service as statements
from pms.services.statements.models import ChannelFileLine, StatementLine
from pms.services.stays import joining
from pms.services.stays import service as stays
from pms.services.stays.models import Stay, StayChange
from pms.services.stays.people import add_sharer, leave_alone
from pms.services.stays.service import Paid
from pms.services.vouchers import service as vouchers
from pms.services.wake_ups import service as wake_ups
from tests import builders
from tests.builders import DAY, PASSWORD, TODAY, House
from tests.invoices.sample import issued_list
from tests.pictures import drawn
from tests.settlements.samples import week
from tests.statements.samples import bill

NOW = TODAY + DAY
"""The business date on which the acts are done; the day before is closed."""
CASH = Money(20000)
DOCUMENTS = ("11010519491231002X", "33010619900101123X", "440524188001010014")


@dataclass
class Facts:
    """The numbers of the records that the acts are about."""

    ids: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.ids[name]
        except KeyError:
            raise AttributeError(name) from None


def keyed(operation: Operation[..., Any]) -> bool:
    """Say whether an operation can be given an intent key: its result is kept with it as plain data."""
    result = inspect.signature(operation).return_annotation
    return result in (None, int, str, bool, list[int], list[str])


class Builder:
    """Does what makes the hotel busy, each step through the operation of its duty."""

    def __init__(self, house: House) -> None:
        self.house, self.ids = house, dict[str, Any]()

    def do(self, operation: Any, *, station: str = "desk-1", **fields: Any) -> Any:
        """Do one thing at a workstation, whatever is asked first."""
        house = self.house
        house.station, before = station, house.station
        try:
            key = house.new_intent() if keyed(operation) else None
            return house.do(operation.of(**fields), intent=key, confirmed=Everything())
        finally:
            house.station = before

    def stay(self, room: str, name: str, nights: int = 4, phone: str = "", **fields: Any) -> int:
        """Check somebody in who has booked."""
        line = self.house.book(name, nights=nights, type_code="TWN" if room < "3" else "BIG", phone=phone)
        return int(self.do(stays.check_in, line_id=line, room_id=self.house.room_id(room), **fields))

    def first(self, column: Any, *where: Any) -> int:
        """Return the first number that fits."""
        question = select(column).where(*where).order_by(column).limit(1)
        return int(self.house.look(lambda session: session.scalars(question).one()))


class Everything(frozenset[str]):
    """The tokens of a clerk who agrees to whatever is asked."""

    def __contains__(self, token: object) -> bool:
        return True


def furnish(engine: Engine) -> tuple[House, Facts]:
    """Found the hotel, live through its first day, close it, and fill the second."""
    schema.upgrade(engine)
    options = replace(
        builders.SMALL.options, shifts=True, shop_count=False, identity_days=30, signs_typed="always"
    )
    options = options.changing(MONTHS, 0).changing(STORED, True).changing(POINTS, True)
    hotel = replace(
        builders.SMALL,
        floors=(FloorPlan(2, "TWN", 1, 9), FloorPlan(3, "BIG", 1, 16)),
        options=options,
    )
    house = builders.office(engine, hotel)
    made = Builder(house)
    _yesterday(made)
    house.next_day()
    for part in (_bookings, _in_house, _money, _services, _members, _house_keeping, _office):
        part(made)
    house.clock.set(NOW + DAY, 2)
    made.do(night_audit.begin, business_date=NOW)
    checks = listed(house.offers)
    found = house.look(audit_queries.findings, business_date=NOW, checks=checks, station=house.station)
    one, made.ids["audit_finding"], *others = [f.key for f in found if not f.blocking]
    made.ids["audit_findings"] = [made.ids["audit_finding"], *others[:2]]
    made.do(night_audit.mark, business_date=NOW, finding=one, state="queried", remark="look")
    house.clock.set(NOW, 10)
    return house, Facts(made.ids)


def _yesterday(made: Builder) -> None:
    do, ids, house = made.do, made.ids, made.house
    for station in ("desk-1", "desk-2", "desk-3", "desk-4"):
        ids[f"shift_{station[-1]}"] = do(shifts.open_shift, station=station, float_amount=CASH)
    house.book("Nobody", nights=3, state="guaranteed")
    ids["kept_line"] = _latest_line(made)
    ids["advance_line"] = house.book("Not coming", nights=2)
    do(reservations.take_advance, line_id=ids["advance_line"], method="CASH", amount=Money(40000))
    old = ids["old_stay"] = made.stay("305", "Old", deposit=Paid("CASH", Money(50000)))
    ids["old_charge"] = do(folios.charge, stay_id=old, code="MINIBAR", amount=Money(1200))
    gone = made.stay("306", "Gone", guests=[Person("Gone", document_type="id_card", document=DOCUMENTS[0])])
    do(folios.charge, stay_id=gone, code="MINIBAR", amount=Money(5000))
    do(stays.check_out, stay_id=gone, unsettled="later")
    ids["gone_stay"] = gone
    ids["gone_guest"] = made.first(Stay.guest_id, Stay.id == gone)
    ids["old_item"] = do(lost_found.register, what="Scarf", finder="Ann", kept_in="A1", place="Lobby")


def _latest_line(made: Builder) -> int:
    question = select(reservations.BookedRoom.id).order_by(reservations.BookedRoom.id.desc()).limit(1)
    return int(made.house.look(lambda session: session.scalars(question).one()))


def _bookings(made: Builder) -> None:
    do, ids, house = made.do, made.ids, made.house
    ids["line"] = house.book("Coming", nights=3)
    ids["number"] = house.look(
        lambda s: s.scalars(
            select(reservations.Reservation.number).order_by(reservations.Reservation.id.desc()).limit(1)
        ).one()
    )
    ids["paid_line"] = house.book("Paid", nights=2)
    do(reservations.take_advance, line_id=ids["paid_line"], method="CASH", amount=Money(30000))
    ids["cancelled_line"] = house.book("Cancelled", nights=2)
    do(reservations.cancel, line_id=ids["cancelled_line"], reason="ill")


def _in_house(made: Builder) -> None:
    do, ids, house = made.do, made.ids, made.house
    ids["stay"] = made.stay("301", "Wang Yaqin", deposit=Paid("CASH", Money(50000)), cards_wanted=2)
    ids["guest"] = made.first(Stay.guest_id, Stay.id == ids["stay"])
    ids["card"] = made.first(Card.id, Card.stay_id == ids["stay"])
    ids["sharer"] = do(add_sharer, stay_id=ids["stay"], person=Person("Li Wei"))
    ids["third"] = do(add_sharer, stay_id=ids["stay"], person=Person("Sun Mei"))
    do(leave_alone, stay_id=ids["stay"], guest_id=ids["third"])
    ids["other_stay"] = made.stay("302", "Chen Bo", phone="13800138012", cards_wanted=1)
    ids["other_guest"] = made.first(Stay.guest_id, Stay.id == ids["other_stay"])
    ids["bad_card"] = made.first(Card.id, Card.stay_id == ids["other_stay"])
    do(cards.failed, card_id=ids["bad_card"], trouble="no card")
    ids["new_stay"] = made.stay("303", "Just come")
    ids["left_stay"] = made.stay("304", "Just left")
    do(stays.check_out, stay_id=ids["left_stay"])
    ids["moved_stay"] = made.stay("307", "Moved")
    do(stays.change_room, stay_id=ids["moved_stay"], room_id=house.room_id("308"), reason="noise")
    ids["change"] = made.first(StayChange.id)


def _money(made: Builder) -> None:
    do, ids = made.do, made.ids
    ids["charge"] = do(folios.charge, stay_id=ids["stay"], code="MINIBAR", amount=Money(2400))
    card = {"stay_id": ids["stay"], "method": "BANK", "amount": Money(50000), "last_four": "1234"}
    ids["held"] = do(preauth.take, code="A1B2", **card)
    ids["captured"] = do(preauth.take, code="B2C3", **{**card, "stay_id": ids["moved_stay"]})
    do(preauth.capture, number=ids["captured"], amount=Money(2000))
    ids["attempt"] = do(attempts.note, stay_id=ids["stay"], method="WECHAT", amount=Money(31900))
    for _window in ("B", "C"):
        do(folios.open_window, stay_id=ids["moved_stay"], payer="Firm")
    do(folios.charge, stay_id=ids["moved_stay"], code="PHONE", amount=Money(700), window="B")
    there = {"stay_id": ids["moved_stay"], "to_stay_id": ids["moved_stay"], "to_window": "B"}
    ids["rule"] = do(rules.add_rule, code="LAUNDRY", most=Money(5000), **there)
    do(stays.settle_window, stay_id=ids["moved_stay"], window="C", amount=Money(0))
    do(joining.join, stay_id=ids["moved_stay"], with_stay_id=ids["other_stay"])
    ids["water"] = do(shop.set_good, name="Water", price=Money(300), par=9, barcode="6901234567892")
    ids["tea"] = do(shop.set_good, name="Tea", price=Money(900))
    lines = [shop.Delivered(ids["water"], 5), shop.Delivered(ids["tea"], 5)]
    do(shop.receive, lines=lines, reference="L1")
    ids["sale"] = do(shop.sell, lines=[shop.Item(ids["tea"], 2)], method="CASH")
    ids["move"] = made.first(ShopMove.id, ShopMove.kind == "sale")
    ids["request"] = do(shop.request, lines=[shop.Item(ids["tea"], 4)])
    do(shifts.count, station="desk-4", shift_id=ids["shift_4"], pieces={"10000": 2})
    ids["shift_5"] = do(shifts.open_shift, station="desk-5", float_amount=CASH)
    do(shifts.count, station="desk-5", shift_id=ids["shift_5"], pieces={"10000": 2})
    do(shifts.close, station="desk-5", shift_id=ids["shift_5"], left=CASH)


def _house_accounts(made: Builder) -> None:
    do, ids = made.do, made.ids
    for name in ("Meeting", "Empty", "Closed"):
        told = {"responsible": "He Ping", "reason": "guests", "limit": Money(50000)}
        ids[f"house_{name.lower()}"] = do(house_accounts.open_account, name=name, **told)
    ids["house_line"] = do(house_accounts.charge, number=ids["house_meeting"], code="MISC", amount=Money(900))
    do(house_accounts.close, number=ids["house_closed"])


def _services(made: Builder) -> None:
    do, ids = made.do, made.ids
    do(folios.pay, stay_id=ids["old_stay"], method="CASH", amount=Money(1200))
    for word, amount in (("wanted", 200), ("issued", 300)):
        wish = {"buyer": "Guo Na", "amount": Money(amount), "individual": True}
        ids[f"{word}_invoice"] = do(invoices.want, stay_id=ids["old_stay"], **wish)
    do(invoices.issue, number=ids["issued_invoice"], serial=f"{3:020}", issued_on=NOW)
    do(compared.read_list, file="list.xlsx", content=issued_list((f"{4:020}", NOW, "0.50", "正常")))
    ids["issued_line"] = made.first(IssuedLine.id)
    for word, first, last in (("in", "A001", "A050"), ("out", "A101", "A150"), ("gap", "A201", "A250")):
        ids[f"book_{word}"] = do(vouchers.receive, form="Receipt", first=first, last=last)
    for word in ("out", "gap"):
        do(vouchers.hand_out, number=ids[f"book_{word}"], holder="Ann")
    do(vouchers.count, number=ids["book_gap"], following="A211", stubs=8)
    _companies(made)
    _house_accounts(made)
    ids["tag"] = do(luggage.store, stay_id=ids["stay"], pieces=3)
    do(property_.set_logo, picture=drawn(ink="navy"))
    ids["towel"] = do(damages.add_item, name="Bath towel", price=Money(600))
    ids["wheelchair"] = do(rental.add_item, name="Wheelchair", pieces=8, deposit=CASH, price=Money(80000))
    ids["rental"] = do(rental.lend, stay_id=ids["stay"], item_id=ids["wheelchair"], pieces=2, method="CASH")
    ids["item"] = do(lost_found.register, what="Watch", finder="Ann", kept_in="A2", place="Lobby")
    ids["other_item"] = do(lost_found.register, what="Ring", finder="Ann", kept_in="A3", place="Spa")
    ids["report"] = do(lost_found.report, what="Watch", name="Mr Xu")
    ids["matched"] = do(lost_found.report, what="Ring", name="Ms Hu")
    do(lost_found.match, report_number=ids["matched"], item_number=ids["other_item"])
    [ids["wake_up"]] = do(wake_ups.take, stay_id=ids["stay"], time="06:30")
    paid = bill((f"{TODAY} 10:02:11", "4200001", "HT1", "9.00"))
    do(statements.read_in, file="bill.csv", data=paid, first=TODAY, last=NOW)
    ids["statement_line"] = made.first(StatementLine.id)
    ids["message"] = do(messages.write, text="Call the plumber")
    ids["old_message"] = do(messages.write, text="Done")
    do(messages.close, message_id=ids["old_message"])


def _members(made: Builder) -> None:
    do, ids = made.do, made.ids
    ids["level"] = do(members.add_level, name="Gold", card_price=Money(9800), months_valid=12)
    ids["silver"] = do(members.add_level, name="Silver", position=2)
    for n, name in enumerate(("member", "plain_member", "lost_member", "held_member")):
        card = {"card": f"8800{n:04}", "method": "CASH"} if name in ("member", "lost_member") else {}
        ids[name] = do(members.join, name=name, phone=f"1370000123{n}", level_id=ids["level"], **card)
    do(members.lose_card, number=ids["lost_member"])
    do(members.suspend, number=ids["held_member"], reason="owes a bill")
    do(members.charge_up, number=ids["member"], amount=CASH, method="CASH")
    paying = {"number": ids["member"], "stay_id": ids["stay"], "amount": Money(1000)}
    ids["stored_use"] = do(members.pay, **paying)
    number = made.first(Member.id, Member.number == ids["member"])
    made.house.do(lambda work: points._move(work, number, "earned", 5000, "earned:0"))
    spending = {"number": ids["member"], "stay_id": ids["stay"], "points": 200}
    ids["points_row"] = do(members.spend_points, **spending)


def _companies(made: Builder) -> None:
    do, ids = made.do, made.ids
    ids["company"] = do(companies.add, name="Anhua", code="AH", credit_limit=Money(500000))
    ids["signer"] = do(companies.add_signer, number=ids["company"], name="He Ping")
    billed = made.stay("309", "Billed")
    do(folios.charge, stay_id=billed, code="MISC", amount=Money(30000))
    do(stays.check_out, stay_id=billed, on_account=OnAccount(ids["company"], ids["signer"]))
    ids["bill"] = made.first(CompanyBill.number)
    ids["receipt"] = do(debts.receive, number=ids["company"], method="CASH", amount=Money(2000))
    _channels(made)
    ids["suspended_company"] = do(companies.add, name="Late Ltd")
    do(companies.suspend, number=ids["suspended_company"], reason="owes")


def _channels(made: Builder) -> None:
    """Guests of a channel: one in house, one whose order was never credited, one who left and owes the
    commission; what came in, and a statement."""
    do, ids = made.do, made.ids
    do(channels.edit, number=1, code="CTRIP", name="携程", commission=1500, settles="prepaid")
    ids["channel_stay"] = _sold(made, "306", "Prepaid", "channel")
    ids["uncredited_stay"] = _sold(made, "204", "Before", "guest")
    made.house.do(lambda work: setattr(work.hold(Stay, ids["uncredited_stay"]), "payer", "channel"))
    left = _sold(made, "205", "Pays here", "guest", nights=1)
    do(folios.pay, stay_id=left, method="CASH", amount=Money(5000))
    do(settlements.put_on, number=1, amount=Money(-7000), reason="a fine")
    ids["channel_receipt"] = do(settlements.receive, number=1, method="CASH", amount=Money(2000))
    ids["channel_bill"] = made.first(ChannelBill.number, ChannelBill.stay_id == ids["channel_stay"])
    do(of_channels.read_in_channel, number=1, file="week.csv", data=week(("1001", "5.00")))
    ids["channel_line"] = made.first(ChannelFileLine.id)


def _sold(made: Builder, room: str, name: str, payer: str, nights: int = 3) -> int:
    """Check in whom the first channel has sold a room."""
    sold = {"channel": "Ctrip", "channel_number": 1, "reference": f"C{room}", "payer": payer}
    kind = "TWN" if room < "3" else "BIG"
    line = made.house.book(name, type_code=kind, nights=nights, prices=(20000,) * nights, **sold)
    return int(made.do(stays.check_in, line_id=line, room_id=made.house.room_id(room)))


def _house_keeping(made: Builder) -> None:
    do, ids, house = made.do, made.ids, made.house
    ids["sheet"] = do(housekeeping.open_sheet, business_date=NOW, part="AM")
    lines = house.look(lambda s: housekeeping.queries.desk_lines(s, business_date=NOW))
    seen = [housekeeping.Seen(x.room_id, 0, x.desk_persons or 0, "clean") for x in lines]
    do(housekeeping.record, sheet_id=ids["sheet"], rooms=seen)
    do(rooms.report_seen, room_id=house.room_id("201"), persons=1)
    ids["block"] = do(
        rooms.block,
        room_id=house.room_id("309"),
        kind="OOO",
        reason="leak",
        start=NOW,
        end=NOW + timedelta(days=3),
    )
    ids["rooms"] = {n: house.room_id(n) for n in ("201", "202", "203", "301", "309", "310", "311", "312")}
    ids["big"], ids["twin"] = house.type_id("BIG"), house.type_id("TWN")


def _office(made: Builder) -> None:
    do, ids = made.do, made.ids
    ids["second"] = do(staff.take_on, login="li", name="Li Na", password=PASSWORD, role="owner")
    ids["by_phone"] = do(
        approvals.keep_call,
        login="li",
        action="folios:void",
        act="1" * 64,
        reasons=(Reason("folios:adjust", "Voiding beer"),),
        note="said yes",
    ).id
    ids["clerk"] = do(staff.take_on, login="wu", name="Wu Di", password=PASSWORD, role="clerk")
    owner, made.house.clerk = made.house.clerk, Clerk(ids["clerk"], "Wu Di", "clerk", ROLES["clerk"][1])
    ids["damage"] = do(damages.charge, stay_id=ids["stay"], item_id=ids["towel"])
    made.house.clerk = owner
    ids["delegation"] = do(
        delegation.give,
        taker_id=ids["clerk"],
        start=made.house.now(),
        until=made.house.now() + 9 * DAY,
        rights=["stays:undo"],
        kinds=["rebate"],
        reason="On leave",
    )
    ids["finding"] = do(day_audit.note, business_date=TODAY, kind="other", what="A slip is missing")
    do(
        day_audit.look_into,
        finding_id=ids["finding"],
        kind="other",
        staff_id=ids["clerk"],
        cause=next(iter(day_audit.CAUSES)),
        training="Shown again",
        remark="",
    )
    do(period_reports.write, kind="month", start=NOW.replace(day=1), text="Quiet", plan="Paint")
    ids["printer"] = do(print_jobs.set_printer, printer=Printer(0, "Desk", "folder", "out", paper=""))
    ids["job"] = made.first(PrintJob.id, PrintJob.state == "queued")
    for name, number in (("printing_job", 1), ("doubtful_job", 2), ("printed_job", 3)):
        ids[name] = ids["job"] + number
        do(print_jobs.claim, job_id=ids[name], printer="Desk")
    do(print_jobs.doubtful, job_id=ids["doubtful_job"], trouble="dropped")
    do(print_jobs.printed, job_id=ids["printed_job"])
