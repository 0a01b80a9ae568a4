"""Every operation of the index as an act in the busy hotel: the source from which pairs of acts, killed acts
and the rules about locks are made. A new operation is a line here; a test says which one lacks it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from pms.core.authority import Kind, Limit
from pms.core.clock import at
from pms.core.errors import NeedsApproval, Reason
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.operation import Call
from pms.core.options import Options
from pms.db.work import Work
from pms.duties import ALL
from pms.printing.printers import Printer
from pms.services.approvals import service as approvals
from pms.services.attempts import service as attempts
from pms.services.authority import delegation
from pms.services.authority import service as authority
from pms.services.cards import service as cards
from pms.services.channels import service as channels
from pms.services.chasing import service as chasing
from pms.services.companies import service as companies
from pms.services.damages import service as damages
from pms.services.day_audit import service as day_audit
from pms.services.debts import service as debts
from pms.services.drafts import service as drafts
from pms.services.figures import service as figures
from pms.services.folios import rules as routing_rules
from pms.services.folios import service as folios
from pms.services.folios import splitting
from pms.services.folios.splitting import Part
from pms.services.guests import service as guests
from pms.services.guests.person import Person
from pms.services.house_accounts import service as house_accounts
from pms.services.housekeeping import service as housekeeping
from pms.services.invoices import compared, exporting
from pms.services.invoices import service as invoices
from pms.services.lost_found import service as lost_found
from pms.services.lost_found.duty import MONTHS
from pms.services.luggage import service as luggage
from pms.services.margin import service as margin
from pms.services.members import service as members
from pms.services.messages import service as messages
from pms.services.night_audit import service as night_audit
from pms.services.opening import service as opening
from pms.services.orders import service as orders
from pms.services.payments import service as payments
from pms.services.period_reports import service as period_reports
from pms.services.preauth import service as preauth
from pms.services.print_jobs import service as print_jobs
from pms.services.property import service as property_
from pms.services.rates import service as rates
from pms.services.receivables import service as receivables
from pms.services.rental import service as rental
from pms.services.reports import lists
from pms.services.reports import service as reports
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.rooms import service as rooms
from pms.services.settlements import service as settlements
from pms.services.shifts import service as shifts
from pms.services.shop import service as shop
from pms.services.staff import access, tries
from pms.services.staff import lists as columns
from pms.services.staff import service as staff
from pms.services.statements import of_channels
from pms.services.statements import service as statements
from pms.services.stays import erasing, evacuation, joining, one_file, people, prices, taken_back
from pms.services.stays import service as stays
from pms.services.stays.joining import Due
from pms.services.stays.service import Paid
from pms.services.vouchers import service as vouchers
from pms.services.wake_ups import service as wake_ups
from tests.builders import DAY, PASSWORD, TODAY, House
from tests.faults.busy import DOCUMENTS, NOW, Everything, Facts, keyed
from tests.invoices.sample import INVOICE, issued_list
from tests.orders.made import order_of
from tests.pictures import drawn
from tests.settlements.samples import week
from tests.statements.samples import bill

FOUNDING = {
    "opening:found",
    "property:create",
    "authority:open_table",
    "staff:open_register",
    "folios:open_books",
}
"""What is done once, in an empty database."""
ELSEWHERE = {
    "reservations:store": "takes a batch of a file: tests/reservations/test_import",
    "opening:take_over": "takes a whole hotel over from paper: tests/start",
}


@dataclass(frozen=True)
class Act:
    """A call as the busy hotel's facts make it; ``station``: where (the desk's own), ``night``: at two."""

    of: Callable[[Facts], Call[Any]]
    station: str = ""
    night: bool = False
    signed: bool = False
    own: bool = False
    """Signed by the person at the desk."""


def run(
    house: House, facts: Facts, act: Act, *, intent: str = "", do: Callable[[Work], object] | None = None
) -> Any:
    """Do an act (or ``do`` in its place) at a desk: whatever is asked is agreed to, whatever is to be signed
    is."""
    return ready(house, facts, act, intent=intent, do=do)()


def ready(
    house: House, facts: Facts, act: Act, *, intent: str = "", do: Callable[[Work], object] | None = None
) -> Callable[[], Any]:
    """Return an act that is only to be done, in one transaction: what it needs signed has been."""
    call = act.of(facts)
    if act.night:
        house.clock.set(NOW + DAY, 2)
    if act.station:
        house.station = act.station
    key = (intent or str(uuid4())) if keyed(call.operation) else None
    given = None
    if act.signed or act.own:
        signer = house.clerk if act.own else Clerk(facts.second, "Li Na", "owner", ALL)
        try:
            house.do(do or call, intent=key, confirmed=Everything())
        except NeedsApproval as wish:
            given = house.word(signer, wish)
    return lambda: house.do(do or call, intent=key, confirmed=Everything(), approval=given)


def _known(*acts: Act) -> dict[str, Act]:
    return {act.of(_names).operation.action: act for act in acts}


class _Names(Facts):
    """Stands for the facts where only an act's name is wanted."""

    def __getattr__(self, _name: str) -> Any:
        return _Any()


class _Any(int):
    def __getitem__(self, _name: object) -> int:
        return 0


_names = _Names()
OUT = "wrong"
LIST = issued_list((f"{6:020}", NOW, "0.70", "正常"))
AGREED = {"action": "folios:void", "act": "0" * 64, "reasons": (Reason("folios:adjust", "Voiding tea"),)}
A = Act

ACTS = _known(
    # bookings
    A(lambda f: reservations.book.of(guest_name="New", rooms=[Wish(f.big, NOW, NOW + 2 * DAY, plan_id=1)])),
    A(lambda f: reservations.add_rooms.of(number=f.number, rooms=[Wish(f.big, NOW, NOW + DAY, plan_id=1)])),
    A(lambda f: reservations.cancel.of(line_id=f.line, reason="ill")),
    A(lambda f: reservations.release.of(line_id=f.kept_line)),
    A(lambda f: reservations.mark_no_show.of(line_id=f.line)),
    A(lambda f: reservations.reinstate.of(line_id=f.cancelled_line)),
    A(lambda f: reservations.set_state.of(line_id=f.line, state="guaranteed")),
    A(lambda f: reservations.assign_room.of(line_id=f.line, room_id=f.rooms["310"])),
    A(
        lambda f: reservations.amend.of(
            line_id=f.line,
            wish=Wish(f.big, NOW, NOW + 2 * DAY, plan_id=1, room_id=f.rooms["311"]),
            guest_name="Changed",
        )
    ),
    A(lambda f: reservations.take_advance.of(line_id=f.line, method="CASH", amount=Money(7000))),
    A(lambda f: reservations.return_advance.of(line_id=f.paid_line, method="CASH", amount=Money(20000))),
    A(lambda f: receivables.receive.of(stay_id=f.gone_stay, method="CASH", amount=Money(1000))),
    A(lambda f: receivables.give_back.of(line_id=f.advance_line, method="CASH", amount=Money(30000))),
    A(lambda f: receivables.keep.of(line_id=f.advance_line, amount=Money(30000), reason="no-show")),
    # stays
    A(lambda f: stays.check_in.of(line_id=f.line, room_id=f.rooms["310"], cards_wanted=1)),
    A(
        lambda f: stays.walk_in.of(
            room_id=f.rooms["310"], departure=NOW + 2 * DAY, guests=[Person("Walker")], plan_id=1
        )
    ),
    A(lambda f: stays.extend.of(stay_id=f.stay, departure=NOW + 6 * DAY)),
    A(
        lambda f: stays.extend_and_take.of(
            stay_id=f.stay, departure=NOW + 5 * DAY, deposit=Paid("CASH", Money(10000))
        )
    ),
    A(lambda f: stays.change_room.of(stay_id=f.stay, room_id=f.rooms["310"], reason="noise")),
    A(
        lambda f: stays.change_room_and_take.of(
            stay_id=f.stay, room_id=f.rooms["311"], reason="view", deposit=Paid("CASH", Money(10000))
        )
    ),
    A(lambda f: stays.check_out.of(stay_id=f.other_stay, unsettled="later")),
    A(lambda f: stays.undo_check_in.of(stay_id=f.new_stay, reason=OUT)),
    A(lambda f: stays.undo_check_out.of(stay_id=f.left_stay, reason=OUT)),
    A(lambda f: taken_back.undo_change.of(stay_id=f.moved_stay, change_id=f.change, reason=OUT)),
    A(
        lambda f: prices.change_price.of(
            stay_id=f.stay, prices=((NOW + DAY, 31000),), reason="view", deposit=None
        )
    ),
    # people
    A(lambda _f: evacuation.print_list.of()),
    A(lambda f: people.add_sharer.of(stay_id=f.stay, person=Person("Zhou Yi"))),
    A(lambda f: people.leave_alone.of(stay_id=f.stay, guest_id=f.sharer)),
    A(lambda f: people.take_back.of(stay_id=f.stay, guest_id=f.third)),
    A(
        lambda f: people.identify.of(
            stay_id=f.stay,
            guest_id=f.guest,
            person=Person("Wang Yaqin", document_type="id_card", document=DOCUMENTS[1]),
        )
    ),
    A(lambda f: people.correct.of(guest_id=f.guest, person=Person("Wang Yaqing", phone="13800138000"))),
    A(lambda f: people.mark.of(guest_id=f.guest, vip=True)),
    A(lambda f: people.merge.of(guest_id=f.guest, other_id=f.other_guest)),
    A(lambda f: erasing.erase.of(guest_id=f.gone_guest, reason="asked for")),
    A(lambda _f: erasing.erase_due.of()),
    A(lambda f: one_file.guest_file.of(guest_id=f.guest, reason="asked for")),
    A(lambda _f: guests.register.of(name="Member", phone="13900139000")),
    A(lambda f: guests.reveal_document.of(guest_id=f.gone_guest, reason="police")),
    # folios
    A(lambda f: folios.charge.of(stay_id=f.stay, code="MINIBAR", amount=Money(900))),
    A(
        lambda f: folios.pay.of(
            stay_id=f.stay, method="WECHAT", amount=Money(900), reference="4200009990202609050000000101"
        )
    ),
    A(lambda f: folios.take_deposit.of(stay_id=f.stay, method="CASH", amount=Money(900))),
    A(
        lambda f: folios.refund_deposit.of(
            stay_id=f.stay, method="CASH", amount=Money(40000), slip_back=False
        )
    ),
    A(lambda f: folios.void.of(transfer_id=f.charge, reason=OUT)),
    A(lambda f: folios.adjust.of(transfer_id=f.old_charge, reason=OUT)),
    A(lambda f: folios.rebate.of(transfer_id=f.charge, amount=Money(1500), reason="cold")),
    A(lambda f: folios.transfer_line.of(transfer_id=f.charge, to_stay_id=f.other_stay)),
    A(
        lambda f: splitting.split_line.of(
            transfer_id=f.charge,
            parts=[Part(f.other_stay, points=3333), Part(f.stay, points=3333)],
            reason="half",
        )
    ),
    A(lambda f: folios.open_window.of(stay_id=f.stay, payer="Firm")),
    A(lambda f: routing_rules.add_rule.of(stay_id=f.stay, to_stay_id=f.other_stay, most=Money(9000))),
    A(lambda f: routing_rules.end_rule.of(rule_id=f.rule)),
    A(lambda f: joining.join.of(stay_id=f.stay, with_stay_id=f.other_stay)),
    A(lambda f: joining.part.of(stay_id=f.moved_stay)),
    A(
        lambda f: joining.pay_joined.of(
            parts=[Due(f.moved_stay, Money(900)), Due(f.other_stay, Money(800))], method="CASH"
        )
    ),
    A(lambda f: joining.route_to.of(to_stay_id=f.other_stay)),
    A(lambda f: joining.hand_over.of(stay_id=f.moved_stay, to_stay_id=f.other_stay)),
    A(lambda f: stays.settle_window.of(stay_id=f.moved_stay, window="B", amount=Money(700))),
    A(lambda f: stays.reopen_window.of(stay_id=f.moved_stay, window="C", reason="wrong")),
    A(lambda f: folios.print_bill.of(stay_id=f.stay)),
    A(lambda f: folios.preview_bill.of(stay_id=f.stay)),
    A(
        lambda f: folios.opening_balance.of(
            stay_id=f.other_stay, amount=Money(1000), deposit_held=Money(2000)
        )
    ),
    # cards
    A(lambda f: cards.copy.of(stay_id=f.stay)),
    A(lambda f: cards.encoded.of(card_id=f.card, uid="04A1")),
    A(lambda f: cards.failed.of(card_id=f.card, trouble="no card")),
    A(lambda f: cards.again.of(stay_id=f.other_stay)),
    A(lambda f: cards.take_back.of(card_id=f.card)),
    A(lambda f: cards.replace_lost.of(card_id=f.card, reason="lost")),
    # rooms
    A(lambda _f: rooms.add_type.of(code="SUI", name="Suite")),
    A(lambda f: rooms.edit_type.of(type_id=f.big, name="Queen", beds=2, overbook=1)),
    A(lambda f: rooms.add_rooms.of(type_id=f.big, numbers=["901", "902"], floor=9)),
    A(
        lambda f: rooms.edit_room.of(
            room_id=f.rooms["310"], floor=3, features="quiet", lock_id="", house_use=True
        )
    ),
    A(lambda f: rooms.close_room.of(room_id=f.rooms["310"])),
    A(lambda f: rooms.set_clean.of(room_ids=[f.rooms["310"], f.rooms["311"]], clean="dirty")),
    A(lambda f: rooms.set_remarks.of(room_id=f.rooms["310"], remarks=["dnd"])),
    A(lambda f: rooms.report_seen.of(room_id=f.rooms["310"], persons=2)),
    A(
        lambda f: rooms.block.of(
            room_id=f.rooms["310"], kind="OOO", reason="leak", start=NOW, end=NOW + 2 * DAY
        )
    ),
    A(lambda f: rooms.unblock.of(block_id=f.block)),
    # housekeeping
    A(lambda _f: housekeeping.open_sheet.of(business_date=NOW, part="PM")),
    A(
        lambda f: housekeeping.record.of(
            sheet_id=f.sheet, rooms=[housekeeping.Seen(f.rooms["310"], 1, 1, "dirty", ("dnd",))]
        )
    ),
    A(lambda f: housekeeping.sign.of(sheet_id=f.sheet), signed=True),
    A(lambda f: housekeeping.print_sheet.of(sheet_id=f.sheet)),
    A(lambda f: housekeeping.clear.of(room_ids=[f.rooms["201"]], action="recount", reason="wrong room")),
    # shop
    A(lambda f: shop.set_good.of(good_id=f.water, name="Water", price=Money(350), par=9)),
    A(lambda f: shop.sell.of(lines=[shop.Item(f.water, 5), shop.Item(f.tea, 1)], method="CASH")),
    A(lambda f: shop.take_back.of(number=f.sale, lines=[shop.Back(f.move, 2)], reason="stale")),
    A(
        lambda f: shop.receive.of(
            lines=[shop.Delivered(f.tea, 4, Money(500))], reference="L2", request_number=f.request
        )
    ),
    A(lambda f: shop.issue.of(good_id=f.water, quantity=5, kind="loss", reason="broken")),
    A(lambda f: shop.count.of(counted=[shop.Counted(f.water, 4, "one gone"), shop.Counted(f.tea, 3)])),
    A(lambda _f: shop.print_count_sheet.of()),
    A(lambda _f: shop.request.of()),
    A(lambda f: shop.drop_request.of(number=f.request)),
    # luggage, lost and found
    A(lambda f: luggage.store.of(stay_id=f.stay, pieces=2)),
    A(lambda f: luggage.claim.of(number=f.tag, pieces=2)),
    A(
        lambda f: luggage.claim_without_tag.of(
            number=f.tag,
            name="Wang Yaqin",
            document_type="id_card",
            document=DOCUMENTS[1],
            reason="lost",
            pieces=2,
        )
    ),
    A(lambda f: luggage.amend.of(number=f.tag, place="B2", marks="", phone="", until=None)),
    A(lambda _f: luggage.print_list.of(which="here")),
    # companies and channels
    A(lambda _f: companies.add.of(name="Fresh", code="F1", phone="0571 88880000")),
    A(lambda f: companies.edit.of(number=f.company, name="Changed", credit_limit=Money(90000))),
    A(lambda f: companies.suspend.of(number=f.company, reason="late")),
    A(lambda f: companies.resume.of(number=f.suspended_company)),
    A(lambda f: companies.add_signer.of(number=f.company, name="Xu Li", phone="13800138009")),
    A(lambda f: companies.set_specimen.of(signer_id=f.signer, picture=drawn())),
    A(lambda f: companies.end_signer.of(signer_id=f.signer)),
    A(lambda _f: channels.add.of(code="TC", name="同程", name_en="Tongcheng")),
    A(lambda _f: channels.edit.of(number=1, code="CTRIP", name="携程", commission=1500)),
    # channel orders
    A(lambda f: orders.take_in.of(order=order_of(f.big, "HMQX4T8ZKA"), pasted="HMQX4T8ZKA")),
    A(lambda f: orders.refuse.of(order=order_of(f.big, "HMQX4T8ZKB"), pasted="HMQX4T8ZKB", reason="full")),
    A(lambda f: orders.mean.of(channel="CTRIP", words="garden room", type_id=f.twin)),
    # company accounts
    A(lambda f: debts.receive.of(number=f.company, method="CASH", amount=Money(1000))),
    A(lambda f: debts.write_off.of(number=f.company, bill=f.bill, amount=Money(500), reason="gone")),
    A(lambda f: debts.take_back.of(receipt=f.receipt, reason=OUT)),
    A(lambda f: debts.print_statement.of(number=f.company, start=NOW)),
    A(lambda f: debts.take_out.of(number=f.company, start=NOW, form="pdf")),
    # channel accounts
    A(lambda _f: settlements.receive.of(number=1, method="CASH", amount=Money(1000))),
    A(lambda _f: settlements.pay.of(number=1, method="CASH", amount=Money(500))),
    A(lambda _f: settlements.put_on.of(number=1, amount=Money(800), reason="who did not come")),
    A(lambda f: settlements.write_off.of(bill=f.channel_bill, amount=Money(300), reason="gone")),
    A(lambda f: settlements.take_back.of(receipt=f.channel_receipt, reason=OUT)),
    A(lambda _f: settlements.print_month.of(number=1, start=NOW)),
    A(lambda _f: settlements.take_out.of(number=1, start=NOW, form="pdf")),
    A(lambda f: stays.credit_order.of(stay_id=f.uncredited_stay)),
    A(lambda _f: of_channels.read_in_channel.of(number=1, file="w.csv", data=week(("1002", "6.00")))),
    A(lambda f: of_channels.clear_channel.of(line_id=f.channel_line, reason="agreed")),
    # damages
    A(lambda _f: damages.add_item.of(name="Cup", price=Money(1500))),
    A(lambda f: damages.edit_item.of(item_id=f.towel, name="Towel", price=Money(700), active=False)),
    A(lambda f: damages.charge.of(stay_id=f.stay, item_id=f.towel, pieces=2, reason="burnt")),
    A(lambda f: damages.see.of(number=f.damage, remark="order new ones")),
    # debt chasing
    A(lambda f: chasing.call.of(stay_id=f.stay, result="promised", time="23:30", remark="after dinner")),
    A(lambda f: chasing.allow.of(stay_id=f.other_stay, reason="the company pays")),
    A(lambda f: chasing.notify.of(stay_ids=(f.other_stay,), sheet=True)),
    A(lambda f: chasing.show_phone.of(stay_id=f.other_stay)),
    A(
        lambda f: chasing.extend_and_take.of(
            stay_id=f.stay, departure=NOW + 6 * DAY, deposit=Paid("CASH", Money(20000))
        )
    ),
    # item rental
    A(lambda _f: rental.add_item.of(name="Iron", pieces=2, deposit=Money(0), price=Money(9000))),
    A(
        lambda f: rental.edit_item.of(
            item_id=f.wheelchair, name="Chair", pieces=9, deposit=Money(0), price=Money(1), active=True
        )
    ),
    A(lambda f: rental.lend.of(stay_id=f.stay, item_id=f.wheelchair, pieces=2, method="CASH")),
    A(lambda f: rental.extend.of(number=f.rental, due_at=at(NOW + DAY, "18:00", "Asia/Shanghai"))),
    A(lambda f: rental.take_back.of(number=f.rental)),
    A(lambda f: rental.take_back_damaged.of(number=f.rental, charge=Money(900), remark="bent")),
    A(lambda f: rental.write_off.of(number=f.rental, pieces=1)),
    # pre-authorisations
    A(
        lambda f: preauth.take.of(
            stay_id=f.stay, method="BANK", amount=Money(30000), code="Q1W2", last_four="4321"
        )
    ),
    A(lambda f: preauth.top_up.of(number=f.held, amount=Money(5000))),
    A(lambda f: preauth.capture.of(number=f.held, amount=Money(1000))),
    A(lambda f: preauth.release.of(number=f.held)),
    A(lambda f: preauth.take_back.of(number=f.captured, reason=OUT)),
    # house accounts
    A(
        lambda _f: house_accounts.open_account.of(
            name="Staff meals", responsible="Ann", reason="lunch", limit=Money(90000)
        )
    ),
    A(lambda f: house_accounts.set_limit.of(number=f.house_meeting, limit=Money(90000), reason=OUT)),
    A(lambda f: house_accounts.charge.of(number=f.house_meeting, code="MISC", amount=Money(700))),
    A(lambda f: house_accounts.pay.of(number=f.house_meeting, method="CASH", amount=Money(500))),
    A(
        lambda f: house_accounts.take_over.of(
            number=f.house_meeting, transfer_id=f.charge, amount=Money(400), reason=OUT
        )
    ),
    A(
        lambda f: house_accounts.hand_over.of(
            number=f.house_meeting, transfer_id=f.house_line, stay_id=f.stay, reason=OUT
        )
    ),
    A(lambda f: house_accounts.void.of(number=f.house_meeting, transfer_id=f.house_line, reason=OUT)),
    A(lambda f: house_accounts.close.of(number=f.house_empty)),
    A(lambda f: house_accounts.reopen.of(number=f.house_closed, reason=OUT)),
    A(lambda f: house_accounts.print_bill.of(number=f.house_meeting)),
    # payments in question
    A(lambda f: attempts.note.of(stay_id=f.stay, method="WECHAT", amount=Money(4500), told="paid")),
    A(lambda f: attempts.ask_again.of(number=f.attempt)),
    A(lambda f: attempts.arrived.of(number=f.attempt, reference="4200000000000777")),
    A(lambda f: attempts.did_not_arrive.of(number=f.attempt, reason="not on the list")),
    # invoices
    A(
        lambda f: invoices.want.of(
            stay_id=f.old_stay, buyer="Yu & Co", tax_number="91330199MAXXXXX15F", amount=Money(100)
        )
    ),
    A(lambda f: invoices.drop.of(number=f.wanted_invoice, reason="not needed")),
    A(lambda f: invoices.issue.of(number=f.wanted_invoice, serial=f"{1:020}", issued_on=NOW)),
    A(
        lambda f: invoices.take_back.of(
            number=f.issued_invoice, serial=f"{2:020}", amount=Money(300), reason="error", issued_on=NOW
        )
    ),
    A(lambda _f: invoices.read_in.of(content=INVOICE)),
    A(lambda f: exporting.exported.of(numbers=[f.wanted_invoice])),
    A(lambda _f: compared.read_list.of(file="list.xlsx", content=LIST)),
    A(lambda f: compared.adopt.of(line_id=f.issued_line, stay_id=f.old_stay)),
    A(lambda _f: margin.print_margin.of(first=TODAY, last=NOW)),
    # serial numbers
    A(lambda _f: vouchers.receive.of(form="Receipt", first="B001", last="B050")),
    A(lambda f: vouchers.hand_out.of(number=f.book_in, holder="Ann")),
    A(lambda f: vouchers.count.of(number=f.book_out, following="A105", stubs=3, spoilt=1)),
    A(lambda f: vouchers.take_back.of(number=f.book_out, following="A105", stubs=4)),
    A(lambda f: vouchers.explain.of(number=f.book_gap, reason="torn out")),
    A(lambda _f: vouchers.print_numbers.of(first=TODAY, last=NOW)),
    # members
    A(lambda _f: members.add_level.of(name="Black")),
    A(lambda f: members.edit_level.of(level_id=f.level, name="Gold", card_price=Money(9800))),
    A(
        lambda f: members.join.of(
            name="New", phone="13800138000", level_id=f.level, card="88009999", method="CASH"
        )
    ),
    A(lambda f: members.change.of(number=f.member, name="Changed", phone="13800138001")),
    A(lambda f: members.set_level.of(number=f.member, level_id=f.silver, reason="a friend")),
    A(lambda f: members.renew.of(number=f.member)),
    A(lambda f: members.suspend.of(number=f.member, reason="owes a bill")),
    A(lambda f: members.lift.of(number=f.held_member)),
    A(lambda f: members.end.of(number=f.plain_member)),
    A(lambda f: members.count_stay.of(number=f.member, stay_id=f.stay)),
    A(lambda f: members.sell_card.of(number=f.plain_member, card="88007777", method="CASH")),
    A(lambda f: members.lose_card.of(number=f.member)),
    A(lambda f: members.found_again.of(number=f.lost_member)),
    A(lambda f: members.charge_up.of(number=f.member, amount=Money(9000), method="CASH")),
    A(lambda f: members.pay.of(number=f.member, stay_id=f.stay, amount=Money(500))),
    A(lambda f: members.refund.of(number=f.member, amount=Money(500), method="CASH", reason="asked")),
    A(lambda f: members.take_back.of(row_id=f.stored_use, reason="wrong guest")),
    A(lambda f: members.spend_points.of(number=f.member, stay_id=f.stay, points=300)),
    A(lambda f: members.give_points_back.of(row_id=f.points_row, reason="wrong guest")),
    A(lambda f: members.print_statement.of(number=f.member)),
    A(lambda f: members.replace_card.of(number=f.lost_member, card="88006666", method="CASH")),
    A(lambda _f: lost_found.register.of(what="Hat", finder="Ann", kept_in="A9", room="310")),
    A(lambda f: lost_found.move.of(number=f.item, kept_in="B1")),
    A(lambda _f: lost_found.report.of(what="Hat", name="Mr Ma")),
    A(lambda f: lost_found.match.of(report_number=f.report, item_number=f.item)),
    A(lambda f: lost_found.part.of(report_number=f.matched, reason="other ring")),
    A(
        lambda f: lost_found.contact.of(
            number=f.item, of_report=False, way=next(iter(lost_found.WAYS)), reached=False, told="no answer"
        )
    ),
    A(lambda f: lost_found.close_report.of(number=f.report, result="not found")),
    A(
        lambda f: lost_found.give_back.of(
            number=f.other_item, name="Ms Hu", document_type="id_card", document=DOCUMENTS[1]
        )
    ),
    A(lambda f: lost_found.send_on.of(number=f.item, name="Mr Xu", address="Suzhou", carrier="Post")),
    A(lambda f: lost_found.hand_to_police.of(number=f.item, station="East", officer="0815")),
    A(lambda f: lost_found.dispose.of(number=f.old_item, how="binned", witness="Bo")),
    # services
    A(lambda f: wake_ups.take.of(stay_id=f.stay, time="07:00")),
    A(lambda f: wake_ups.tried.of(wake_up_id=f.wake_up, answered=True)),
    A(lambda f: wake_ups.give_up.of(wake_up_id=f.wake_up, note="went up")),
    A(lambda f: wake_ups.cancel.of(wake_up_id=f.wake_up)),
    A(lambda _f: wake_ups.print_list.of()),
    A(lambda f: messages.write.of(text="The lift is slow", stay_id=f.stay)),
    A(lambda f: messages.close.of(message_id=f.message, answer="done")),
    A(lambda f: messages.reopen.of(message_id=f.old_message)),
    A(lambda f: drafts.keep.of(word="check_in", what={"line_id": f.line}, about="Coming", typed={"a": "b"})),
    A(lambda f: drafts.drop.of(word="check_in", what={"line_id": f.line})),
    A(lambda _f: drafts.take_up.of()),
    # shifts
    A(lambda _f: shifts.open_shift.of(float_amount=Money(20000)), station="desk-6"),
    A(
        lambda f: shifts.correct_float.of(
            shift_id=f.shift_3, float_amount=Money(30000), reason="typed wrong"
        ),
        station="desk-3",
    ),
    A(lambda _f: shifts.drop.of(amount=Money(5000)), station="desk-3"),
    A(lambda _f: shifts.pay_out.of(amount=Money(3000), reason="stamps"), station="desk-3"),
    A(lambda _f: shifts.open_drawer.of(reason="change for a guest"), station="desk-3"),
    A(lambda f: shifts.count.of(shift_id=f.shift_3, pieces={"10000": 2}), station="desk-3"),
    A(
        lambda f: shifts.count_shop.of(shift_id=f.shift_4, counted={f.water: 5, f.tea: 3}),
        station="desk-4",
    ),
    A(lambda f: shifts.go_on.of(shift_id=f.shift_4, reason="late guest"), station="desk-4"),
    A(lambda f: shifts.close.of(shift_id=f.shift_4, left=Money(10000)), station="desk-4"),
    A(
        lambda f: shifts.take_over.of(shift_id=f.shift_5, accepted=Everything()),
        station="desk-5",
        signed=True,
    ),
    # the office
    A(
        lambda _f: authority.set_limit.of(
            kind=Kind.REBATE.value, role="clerk", limit=Limit(percent=10, amount=Money(5000))
        )
    ),
    A(lambda _f: approvals.print_uses.of(start=TODAY, end=NOW)),
    A(
        lambda f: delegation.give.of(
            taker_id=f.clerk,
            start=datetime(2026, 11, 1, tzinfo=UTC),
            until=datetime(2026, 11, 29, tzinfo=UTC),
            rights=["stays:undo"],
            kinds=["rebate"],
            reason="On leave",
        )
    ),
    A(lambda f: delegation.withdraw.of(delegation_id=f.delegation)),
    A(lambda _f: day_audit.note.of(business_date=TODAY, kind="other", what="A key is missing")),
    A(
        lambda f: day_audit.look_into.of(
            finding_id=f.finding, kind="other", staff_id=f.clerk, cause="", training="", remark="seen"
        )
    ),
    A(lambda f: day_audit.close.of(finding_id=f.finding)),
    A(lambda _f: day_audit.print_register.of(start=TODAY, end=NOW)),
    A(lambda _f: figures.set_budget.of(month=NOW, sold=300, revenue=Money(9000000))),
    A(
        lambda _f: statements.read_in.of(
            file="bill.csv", data=bill((f"{TODAY} 11:00:00", "4200002", "HT2", "9.00")), first=TODAY, last=NOW
        )
    ),
    A(lambda f: statements.clear.of(line_id=f.statement_line, reason="asked the provider")),
    A(lambda _f: statements.print_matched.of(first=TODAY, last=NOW)),
    A(lambda _f: payments.change.of(code="WECHAT", name="Weixin", number="needed", position=3)),
    A(lambda _f: property_.edit.of(name="云栖", options=Options(shop_count=False).changing(MONTHS, 0))),
    A(lambda _f: property_.set_logo.of(picture=drawn())),
    A(lambda _f: property_.take_logo_away.of()),
    A(lambda _f: property_.end_first_day.of()),
    A(lambda _f: rates.add_plan.of(code="LONG", name="Long stay")),
    A(lambda _f: rates.edit_plan.of(plan_id=1, name="Rack", basis_points=10000, conditions="", active=True)),
    A(
        lambda f: rates.set_price.of(
            plan_id=1, type_id=f.big, start=NOW, end=NOW + timedelta(days=9), price=Money(33000)
        )
    ),
    A(
        lambda f: rates.set_week.of(
            plan_id=1,
            start=NOW,
            end=NOW + timedelta(days=30),
            prices=[rates.WeekPrice(f.big, 3, Money(31000)), rates.WeekPrice(f.big, 96, Money(35000))],
        )
    ),
    A(lambda _f: reports.print_reports.of(day=TODAY, words=["balances"])),
    A(lambda _f: reports.print_record.of(day=TODAY)),
    A(lambda _f: reports.take_out.of(day=TODAY, words=["balances"], form="pdf")),
    A(lambda _f: lists.take_out_list.of(title="Luggage", heads=["Tag"], lines=3, form="csv")),
    A(lambda _f: lists.print_list.of(title="Luggage", heads=[lists.Head("Tag")], entries=[["T-1"]])),
    A(lambda _f: columns.leave_out.of(name="luggage", heads=["Room"])),
    A(lambda _f: columns.choose.of(word="shifts")),
    A(lambda _f: period_reports.take_out.of(kind="month", start=NOW.replace(day=1), form="pdf"), signed=True),
    A(lambda _f: period_reports.write.of(kind="month", start=NOW.replace(day=1), text="Quiet", plan="Paint")),
    A(
        lambda _f: period_reports.sign.of(kind="week", start=NOW - 12 * DAY, text="Quiet", plan="Paint"),
        signed=True,
    ),
    A(lambda _f: period_reports.print_report.of(kind="month", start=NOW.replace(day=1))),
    A(lambda f: print_jobs.reprint.of(job_id=f.printed_job, reason="smudged")),
    A(lambda f: print_jobs.cancel.of(job_id=f.job)),
    A(lambda f: print_jobs.came_out.of(job_id=f.doubtful_job)),
    A(lambda f: print_jobs.set_printer.of(printer=Printer(f.printer, "Desk", "folder", "in", paper=""))),
    A(lambda f: print_jobs.remove_printer.of(printer_id=f.printer)),
    A(lambda f: print_jobs.assign.of(printer_id=f.printer, station="desk-1", kind="bill")),
    A(lambda f: print_jobs.claim.of(job_id=f.job, printer="Desk")),
    A(lambda f: print_jobs.printed.of(job_id=f.printing_job)),
    A(lambda f: print_jobs.unprinted.of(job_id=f.printing_job, trouble="no paper")),
    A(lambda f: print_jobs.doubtful.of(job_id=f.printing_job, trouble="dropped")),
    A(lambda _f: print_jobs.recover.of()),
    A(lambda _f: staff.take_on.of(login="new", name="New", password=PASSWORD, role="clerk")),
    A(lambda f: staff.edit.of(staff_id=f.second, name="Li Na", role="clerk", active=True)),
    A(lambda f: staff.set_password.of(staff_id=f.clerk, password="battery staple")),
    A(lambda _f: staff.change_own_password.of(new="battery staple"), own=True),
    A(lambda _f: staff.set_own_pin.of(pin="4071"), own=True),
    A(lambda _f: staff.edit_role.of(code="clerk", rights=["folios:pay"])),
    A(lambda _f: tries.begin_try.of(login="wu")),
    A(lambda f: tries.end_try.of(login="wu", staff_id=f.clerk, came=True)),
    A(lambda _f: staff.renew_hash.of(login="wu", password=PASSWORD)),
    A(lambda _f: access.note.of(kind=access.Kind.LOCKED, what="")),
    A(lambda f: approvals.keep.of(staff_id=f.second, how="password", **AGREED)),
    A(lambda _f: approvals.keep_call.of(login="li", note="said yes", **AGREED)),
    A(lambda f: approvals.countersign.of(approval_id=f.by_phone), signed=True),
    A(lambda _f: opening.accept_lost.of(entries=[[7, "a1b2c3"]])),
    A(lambda _f: opening.moved.of(to="db:5432/hotel", by=["Wu"], rows=9)),
    A(lambda _f: opening.key_shown.of(how="recovery sheet", by=["Wu"])),
    A(lambda _f: opening.restored.of(file="hotel-1.backup", by=["Wu"], before={})),
    # the night
    A(lambda _f: night_audit.begin.of(business_date=NOW), night=True),
    A(
        lambda f: night_audit.mark.of(
            business_date=NOW, finding=f.audit_finding, state="queried", remark="seen"
        ),
        night=True,
    ),
    A(
        lambda f: night_audit.mark_all.of(
            business_date=NOW, findings=f.audit_findings, state="queried", remark="seen"
        ),
        night=True,
    ),
    A(lambda _f: night_audit.compare_signs.of(business_date=NOW, signs="12AB34"), night=True),
    A(lambda _f: night_audit.print_rehearsal.of(business_date=NOW), night=True),
    A(lambda _f: night_audit.take_out.of(business_date=NOW, form="xlsx"), night=True),
    A(lambda _f: night_audit.warn.of(business_date=NOW), night=True),
    A(lambda _f: night_audit.call_off.of(business_date=NOW), night=True),
    A(lambda _f: night_audit.close.of(business_date=NOW), night=True),
    A(lambda _f: night_audit.step_done.of(business_date=TODAY, step="report"), night=True),
)
