"""Lost and found through the services, on both engines."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pms.core import offers
from pms.core.errors import Conflict, NeedsConfirmation, NotPermitted, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.duties import ROLES
from pms.printing import pdf, receipt
from pms.printing.slip import Slip
from pms.services.lost_found import answers, pressing, queries, service
from pms.services.print_jobs import queries as print_queries
from pms.services.rooms import service as rooms
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.builders import PASSWORD, TODAY, House

DAY = timedelta(days=1)
ID = "11010519491231002X"
OWNER = {"name": "王雅琴", "document_type": "id_card", "document": ID}


def guest_in(house: House, room: str = "301", name: str = "王雅琴", nights: int = 1) -> int:
    return house.do(
        stays.check_in,
        line_id=house.book(name, nights=nights, phone="13800138000"),
        room_id=house.room_id(room),
        intent=house.new_intent(),
    )


def leave(house: House, stay: int) -> None:
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(29800))], intent=f"out {stay}")


def found(house: House, what: str = "gold ring", **fields) -> int:
    return house.do(
        service.register, **{"what": what, "finder": "Lin", "kept_in": "safe", "room": "301", **fields}
    )


def missed(house: House, what: str = "ring of gold", **fields) -> int:
    return house.do(service.report, **{"what": what, "name": "王雅琴", **fields})


def item(house: House, number: int) -> queries.Entry:
    return house.ask(queries.one, number=number)


def papers(house: House, kind: str) -> list[Slip]:
    return [
        Slip.from_dict(job.slip)
        for job in house.ask(print_queries.waiting, station=house.station)
        if job.kind == kind
    ]


def test_a_find_is_written_down_with_slip_place_and_keeping_time(house):
    number = found(house, marks="engraved", place="under the bed")
    row = item(house, number)
    assert (row.shown, row.room, row.place) == (f"LF-{number}", "301", "under the bed")
    assert (row.finder, row.keeper, row.kept_in) == ("Lin", "Zhang Li", "safe")
    assert (row.keep_until, row.due, row.state) == (date(2027, 2, 20), False, "kept")
    [slip] = papers(house, "lost_found_slip")
    assert len(slip.copies) == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": " "}, "what was found"),
        ({"finder": ""}, "who found"),
        ({"kept_in": ""}, "where it is kept"),
        ({"room": "", "place": ""}, "a room or a place"),
        ({"room": "999"}, "no room 999"),
        ({"found_on": TODAY + DAY}, "still to come"),
        ({"kind": "zebra"}, "kind of thing"),
    ],
)
def test_what_cannot_be_is_refused(house, wrong, said):
    with pytest.raises(Refused, match=said):
        found(house, **wrong)
    assert house.ask(queries.kept) == []


def test_the_stay_of_that_time_is_proposed(house):
    first = guest_in(house)
    house.next_day()
    leave(house, first)
    house.do(rooms.set_clean, room_ids=[house.room_id("301")], clean="clean")
    second = guest_in(house, name="Li Jianguo", nights=3)
    today = house.house().business_date
    assert [o.stay_id for o in house.ask(queries.lodgers, room="301", day=today)] == [second, first]
    assert [o.guest for o in house.ask(queries.lodgers, room="301", day=TODAY)] == ["王雅琴"]
    assert house.ask(queries.lodgers, room="302", day=today) == []
    number = found(house, stay_id=first, found_on=TODAY)
    assert (item(house, number).guest, item(house, number).phone) == ("王雅琴", "13800138000")
    assert [one.words for one in house.ask(answers.leaving, stay_id=first)] == [
        f"Found and kept for this guest: LF-{number} gold ring safe."
    ]


def test_identity_papers_are_due_at_once_and_never_disposed_of(house):
    number = found(house, "passport", kind="document")
    assert item(house, number).due
    assert [d.what for d in house.ask(pressing.waiting, now=house.now())] == [{"number": number}]
    house.next_day()
    with pytest.raises(Refused, match="handed to the police"):
        house.do(service.dispose, number=number, how="binned", witness="Lin")
    house.do(service.hand_to_police, number=number, station="West Lake", officer="Wu 4711", receipt="77")
    assert house.ask(queries.kept) == []
    out = house.ask(queries.outcome, item_id=item(house, number).id)
    assert (out.kind, out.name, out.reference) == ("police", "Wu 4711", "77")


def test_nothing_is_disposed_of_before_its_time(house):
    number = found(house, "umbrella")
    with pytest.raises(Refused, match="kept until 20 Feb 2027"):
        house.do(service.dispose, number=number, how="given away", witness="Lin")
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE found_item SET keep_until = '2026-11-19'"))
    for missing in ("how", "witness"):
        with pytest.raises(Refused):
            house.do(
                service.dispose, **{"number": number, "how": "given away", "witness": "Lin", missing: ""}
            )
    house.do(service.dispose, number=number, how="given away", witness="Lin")
    assert [e.outcome for e in house.ask(queries.gone, business_date=TODAY)] == ["disposed"]


def test_only_a_supervisor_disposes_and_an_attendant_may_write_down_a_find(house):
    house.do(staff.take_on, login="lin", name="Lin", role="attendant", password=PASSWORD)
    number = found(house)
    house.clerk = Clerk(2, "Lin", "attendant", ROLES["attendant"][1])
    found(house, "sock")
    for verb, fields in ((service.dispose, {"how": "x", "witness": "y"}), (service.give_back, OWNER)):
        with pytest.raises(NotPermitted):
            house.do(verb, number=number, **fields)


def test_an_item_is_given_back_once_against_a_document_of_which_the_mask_is_kept(house):
    number = found(house)
    with pytest.raises(Refused, match="one digit is wrong"):
        house.do(service.give_back, number=number, **{**OWNER, "document": ID[:-2] + "3X"})
    house.do(service.give_back, number=number, **OWNER)
    out = house.ask(queries.outcome, item_id=item(house, number).id)
    assert (out.kind, out.document_shown) == ("claimed", "****************2X")
    [paper] = papers(house, "lost_found_out")
    assert ID not in str(paper.to_dict())
    for verb, fields in (
        (service.give_back, OWNER),
        (service.send_on, {"name": "x", "address": "y", "carrier": "z"}),
    ):
        with pytest.raises(Conflict, match="left the house already"):
            house.do(verb, number=number, **fields)


def test_a_stranger_to_the_item_is_asked_about(house):
    number = found(house)
    house.do(service.match, report_number=missed(house), item_number=number)
    with pytest.raises(NeedsConfirmation, match="王雅琴"):
        house.do(service.give_back, number=number, name="Li", document_type="passport", document="E12345678")


def test_an_item_is_sent_on_with_the_carriers_number(house):
    number = found(house)
    house.do(
        service.send_on, number=number, name="王雅琴", address="Hangzhou", carrier="SF", tracking="SF1234"
    )
    out = house.ask(queries.outcome, item_id=item(house, number).id)
    assert (out.kind, out.detail, out.sent_to, out.reference) == ("sent", "SF", "Hangzhou", "SF1234")


def test_a_report_finds_its_item_says_why_and_is_closed_with_it(house):
    stay = guest_in(house)
    ring = found(house, stay_id=stay, kind="valuables")
    found(house, "umbrella", room="", place="lobby")
    report = missed(house, room="301", stay_id=stay, kind="valuables")
    [best] = house.ask(queries.matches, number=report)
    assert best.item.number == ring
    assert "same stay" in best.why
    assert "gold, ring" in best.why
    house.do(service.match, report_number=report, item_number=ring)
    assert (house.ask(queries.one, number=report, report=True).state, item(house, ring).other) == (
        "matched",
        report,
    )
    with pytest.raises(Refused, match="set aside"):
        house.do(service.close_report, number=report, result="nothing")
    house.do(service.give_back, number=ring, **OWNER)
    assert house.ask(queries.missed) == []


def test_chinese_descriptions_are_matched_by_pairs_of_signs(house):
    umbrella = found(house, "黑色雨伞", room="", place="大堂")
    report = missed(house, "雨伞", marks="黑色长柄")
    assert [m.item.number for m in house.ask(queries.matches, number=report)] == [umbrella]


def test_an_item_is_set_aside_for_one_report_only_and_can_be_taken_back(house):
    ring = found(house)
    first, second = missed(house), missed(house, name="Li")
    house.do(service.match, report_number=first, item_number=ring)
    with pytest.raises(Conflict, match=f"LR-{first}"):
        house.do(service.match, report_number=second, item_number=ring)
    house.do(service.part, report_number=first, reason="the engraving differs")
    house.do(service.match, report_number=second, item_number=ring)
    house.do(service.close_report, number=first, result="told by phone")
    with pytest.raises(Conflict, match="closed already"):
        house.do(service.close_report, number=first, result="again")


def test_an_item_taken_back_from_a_report_is_again_its_first_guests(house):
    stay, other = guest_in(house), guest_in(house, "302", "Li Na")
    ring = found(house, stay_id=stay)
    report = missed(house, name="Li Na", phone="139", stay_id=other)
    house.do(service.match, report_number=report, item_number=ring)
    aside = item(house, ring)
    assert (aside.guest, aside.phone, aside.stay_id) == ("Li Na", "139", other)
    assert (house.ask(answers.leaving, stay_id=stay), len(house.ask(answers.leaving, stay_id=other))) == (
        [],
        1,
    )
    with pytest.raises(NeedsConfirmation, match="Li Na"):
        house.do(service.give_back, number=ring, **OWNER)
    house.do(service.part, report_number=report, reason="the engraving differs")
    again = item(house, ring)
    assert (again.guest, again.phone, again.stay_id) == ("王雅琴", "13800138000", stay)
    assert (len(house.ask(answers.leaving, stay_id=stay)), house.ask(answers.leaving, stay_id=other)) == (
        1,
        [],
    )
    house.do(service.give_back, number=ring, **OWNER)


def test_who_got_a_thing_that_was_set_aside_is_kept_with_it(house):
    ring = found(house, stay_id=guest_in(house))
    report = missed(house, name="Li Na", phone="139")
    house.do(service.match, report_number=report, item_number=ring)
    house.do(service.give_back, number=ring, **{**OWNER, "name": "Li Na"})
    assert (item(house, ring).guest, item(house, ring).phone) == ("Li Na", "139")
    assert [e.number for e in house.ask(queries.find, text="li na")] == [ring, report]


def test_the_police_get_a_thing_before_its_time_only_when_that_is_meant(house):
    number = found(house)
    with pytest.raises(NeedsConfirmation, match="20 Feb 2027") as asked:
        house.do(service.hand_to_police, number=number, station="West Lake", officer="Wu")
    passport = found(house, "passport", kind="document")
    house.do(service.hand_to_police, number=passport, station="West Lake", officer="Wu")
    assert (item(house, number).state, item(house, passport).state) == ("kept", "police")
    house.do(
        service.hand_to_police,
        confirmed=frozenset({asked.value.token}),
        number=number,
        station="West Lake",
        officer="Wu",
    )
    assert item(house, number).state == "police"


def test_every_call_is_kept_in_order(house):
    number, report = found(house), missed(house)
    house.do(service.contact, number=number, of_report=False, way="phone", reached=False, told="no answer")
    house.do(
        service.contact,
        number=number,
        of_report=False,
        way="message",
        reached=True,
        told="fetches it on Monday",
    )
    house.do(service.contact, number=report, of_report=True, way="phone", reached=True, told="nothing yet")
    assert [(c.way, c.reached) for c in house.ask(queries.contacts, item_id=item(house, number).id)] == [
        ("phone", False),
        ("message", True),
    ]
    with pytest.raises(Refused):
        house.do(service.contact, number=number, of_report=False, way="phone", reached=True, told=" ")


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "ring"},
        {"text": "LF-1"},
        {"room": "301"},
        {"day": TODAY},
        {"text": "gold", "room": "301", "day": TODAY},
    ],
)
def test_everything_ever_is_found_by_word_room_and_day(house, fields):
    number = found(house)
    house.do(service.give_back, number=number, **OWNER)
    assert [e.number for e in house.ask(queries.find, **fields)] == [number]
    assert house.ask(queries.find, text="umbrella") == []


@pytest.mark.parametrize("typed", ["ring", "LF-1", "wyq", "301", "138 0013 8000", "8000"])
def test_search_finds_what_is_kept(house, typed):
    found(house, stay_id=guest_in(house))
    assert [h.what for h in house.ask(queries.search, text=typed)] == [{"number": 1, "report": False}]


def test_search_finds_a_report(house):
    missed(house)
    assert [h.what for h in house.ask(queries.search, text="LR-1")] == [{"number": 1, "report": True}]


def test_the_next_shift_gets_what_is_open(house):
    ring, report = found(house), missed(house)
    assert [i.number for i in house.ask(answers.handover)] == [f"LF-{ring}", f"LR-{report}"]
    assert answers.handover in house.offers.of(offers.handover)
    assert answers.leaving in house.offers.of(offers.leaving)


def test_calls_and_outcomes_are_never_changed_in_the_database(house):
    number = found(house)
    house.do(service.contact, number=number, of_report=False, way="phone", reached=False, told="no answer")
    house.do(service.give_back, number=number, **OWNER)
    for table in ("found_contact", "found_outcome"):
        for statement in (f"UPDATE {table} SET clerk_id = 9", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError), house.engine.begin() as connection:
                connection.execute(text(statement))


@pytest.mark.parametrize("turn", range(3))
def test_two_desks_let_an_item_leave_once(house, engine, turn):
    number = found(house)
    other = builders.office(engine, found=False)
    other.station = "desk-2"
    barrier, won, lost = threading.Barrier(2), [], []

    def run(desk: House, verb, **fields) -> None:
        barrier.wait(10)
        try:
            desk.do(verb, number=number, **fields)
            won.append(verb)
        except Conflict as refusal:
            lost.append(refusal)

    threads = [
        threading.Thread(target=run, args=(house, service.give_back), kwargs=OWNER),
        threading.Thread(
            target=run, args=(other, service.send_on), kwargs={"name": "x", "address": "y", "carrier": "z"}
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(won), len(lost)) == (1, 1)
    assert house.ask(queries.outcome, item_id=item(house, number).id) is not None


def test_every_paper_comes_out_of_every_printer(desk):
    house = desk
    number = found(
        house, "金戒指", marks="engraved inside, with a long remark that wraps", stay_id=guest_in(house)
    )
    house.do(service.give_back, number=number, **OWNER)
    for name, verb, fields in (
        ("a", service.send_on, {"name": "x", "address": "y", "carrier": "z"}),
        ("b", service.hand_to_police, {"station": "x", "officer": "y"}),
    ):
        house.do(verb, number=found(house, name, kind="document"), **fields)
    jobs = house.ask(print_queries.waiting, station=house.station)
    slips = [Slip.from_dict(job.slip) for job in jobs if job.kind != "registration_card"]
    assert len(slips) == 6
    for slip in slips:
        assert pdf.render(slip).startswith(b"%PDF")
        assert receipt.render(replace(slip, paper="58mm"))
