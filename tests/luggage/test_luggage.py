"""Luggage storage through the services, on both engines."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pms.core import offers
from pms.core.errors import Conflict, NeedsConfirmation, NotPermitted, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.duties import ROLES
from pms.printing import pdf, receipt
from pms.printing.slip import Barcode, Slip
from pms.services.luggage import queries, service
from pms.services.print_jobs import queries as print_queries
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.builders import PASSWORD, TODAY, House
from tests.printing.escpos import Printed, Reader
from tests.property.test_settings import set_options

DAY = timedelta(days=1)
ID = "11010519491231002X"


def guest_in(house: House, room: str = "301", name: str = "王雅琴", nights: int = 5) -> int:
    return house.do(
        stays.check_in,
        line_id=house.book(name, nights=nights),
        room_id=house.room_id(room),
        intent=house.new_intent(),
    )


def store(house: House, **fields) -> int:
    if "stay_id" not in fields and "guest_name" not in fields:
        found = house.ask(queries.owner_of_room, room="301")
        fields["stay_id"] = found.stay_id if found else guest_in(house)
    return house.do(service.store, **fields)


def papers(house: House, kind: str) -> list[Slip]:
    jobs = house.ask(print_queries.waiting, station=house.station)
    return [Slip.from_dict(job.slip) for job in jobs if job.kind == kind]


def test_bags_of_a_guest_in_house_get_a_numbered_tag_in_three_parts(house):
    number = store(house, pieces=2, marks="two black cases", place="A1")
    [row] = house.ask(queries.stored)
    assert (row.tag, row.guest, row.room, row.pieces, row.left, row.source) == (
        f"T-{number}",
        "王雅琴",
        "301",
        2,
        2,
        "in_house",
    )
    [tag] = papers(house, "luggage_tag")
    assert len(tag.copies) == 3
    assert [b.data for b in tag.blocks if isinstance(b, Barcode)] == [f"T-{number}"]


def test_a_guest_who_left_may_store_and_is_found_by_the_room(house):
    stay = guest_in(house)
    house.next_day()
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(29800))], intent="out")
    owner = house.ask(queries.owner_of_room, room="301")
    assert (owner.stay_id, owner.state) == (stay, "departed")
    store(house, stay_id=stay)
    assert house.ask(queries.stored)[0].source == "departed"


def test_somebody_from_outside_is_taken_in_only_where_the_house_says_so(house):
    with pytest.raises(Refused, match="guests only"):
        store(house, guest_name="Passer-by")
    set_options(house, luggage_outside=True)
    store(house, guest_name="Passer-by", phone="13800138000")
    assert house.ask(queries.stored)[0].source == "outside"


@pytest.mark.parametrize("contents", list(service.NEVER))
def test_what_the_house_never_stores_is_refused_with_the_reason(house, contents):
    with pytest.raises(Refused) as refused:
        store(house, contents=contents)
    assert str(refused.value) == service.NEVER[contents]
    assert house.ask(queries.stored) == []


@pytest.mark.parametrize("wrong", [{"pieces": 0}, {"pieces": 100}, {"until": TODAY - DAY}])
def test_a_tag_holds_only_what_can_be(house, wrong):
    with pytest.raises(Refused):
        store(house, **wrong)


def test_a_tag_is_claimed_once(house):
    number = store(house, pieces=2)
    assert house.do(service.claim, number=number, seen=2) == 0
    assert house.ask(queries.stored) == []
    with pytest.raises(Conflict, match="collected already, 20 Nov 14:30"):
        house.do(service.claim, number=number)
    [claim] = house.ask(queries.claims, tag_id=house.ask(queries.tag, number=number).id)
    assert (claim.pieces, claim.proof, claim.by) == (2, "tag", "Zhang Li")


def test_pressing_twice_hands_back_once(house):
    number = store(house, pieces=3)
    assert house.do(service.claim, number=number, pieces=1, intent="k") == 2
    assert house.do(service.claim, number=number, pieces=1, intent="k") == 2
    assert house.ask(queries.tag, number=number).left == 2


def test_a_part_is_handed_back_and_the_rest_stays(house):
    number = store(house, pieces=3)
    assert house.do(service.claim, number=number, pieces=1) == 2
    with pytest.raises(Refused, match="2 are here"):
        house.do(service.claim, number=number, pieces=3)
    with pytest.raises(Conflict, match="meanwhile"):
        house.do(service.claim, number=number, seen=3)


def test_an_unknown_tag_is_named(house):
    with pytest.raises(Refused, match="no tag T-77"):
        house.do(service.claim, number=77)


def test_without_the_tag_a_document_and_a_reason_are_needed_and_only_the_mask_is_kept(house):
    number = store(house)
    who = {
        "number": number,
        "name": "王雅琴",
        "document_type": "id_card",
        "document": ID,
        "reason": "tag lost",
    }
    for missing in ("name", "document", "reason"):
        with pytest.raises(Refused):
            house.do(service.claim_without_tag, **{**who, missing: " "})
    with pytest.raises(Refused, match="one digit is wrong"):
        house.do(service.claim_without_tag, **{**who, "document": ID[:-2] + "3X"})
    house.do(service.claim_without_tag, **who)
    [claim] = house.ask(queries.claims, tag_id=house.ask(queries.tag, number=number).id)
    assert (claim.proof, claim.document_shown, claim.reason) == ("identity", "****************2X", "tag lost")
    [paper] = papers(house, "luggage_claim")
    assert ID not in str(paper.to_dict())
    with house.engine.connect() as connection:
        for table in ("audit_entry", "luggage_claim", "intent", "print_job"):
            assert ID not in str(connection.execute(text(f"SELECT * FROM {table}")).all())


def test_another_name_than_the_owners_is_asked_about_first(house):
    number = store(house)
    who = {
        "number": number,
        "name": "Li Jianguo",
        "document_type": "passport",
        "document": "E12345678",
        "reason": "fetches for his wife",
    }
    with pytest.raises(NeedsConfirmation, match="王雅琴") as asked:
        house.do(service.claim_without_tag, **who)
    assert house.do(service.claim_without_tag, confirmed=frozenset({asked.value.token}), **who) == 0


def test_the_pass_word_is_asked_for_and_kept_unreadable(house):
    number = store(house, word="Yellow  Duck")
    for wrong in ("", "green duck"):
        with pytest.raises(Refused, match="collection code"):
            house.do(service.claim, number=number, word=wrong)
    with house.engine.connect() as connection:
        assert "duck" not in str(connection.execute(text("SELECT word FROM luggage_tag")).all()).lower()
        assert "duck" not in str(connection.execute(text("SELECT changes FROM audit_entry")).all()).lower()
    assert house.do(service.claim, number=number, word="yellow duck") == 0


def test_overnight_and_overdue_follow_the_business_date(house):
    open_end, due = store(house, place="A1"), store(house, until=TODAY + DAY, place="A2")

    def state() -> dict[int, tuple[bool, bool]]:
        return {r.number: (r.overnight, r.overdue) for r in house.ask(queries.stored)}

    assert state() == {open_end: (False, False), due: (False, False)}
    house.next_day()
    assert state() == {open_end: (True, False), due: (True, False)}
    house.next_day()
    assert state() == {open_end: (True, False), due: (True, True)}
    assert [d.what for d in house.ask(queries.waiting, now=house.now())] == [{"number": due}]
    assert house.do(service.print_list, which="overdue") == 1
    house.next_day()
    house.next_day()
    assert state() == {open_end: (True, True), due: (True, True)}
    [sheet] = papers(house, "luggage_list")
    assert sheet.paper == "A4"


def test_an_empty_list_is_not_printed(house):
    with pytest.raises(Refused, match="nothing to print"):
        house.do(service.print_list, which="overdue")


def test_the_check_out_is_reminded_of_bags_that_are_here(house):
    stay = guest_in(house)
    number = store(house, stay_id=stay, pieces=2, place="B3")
    assert f"T-{number}: 2 bags stored B3." in [
        one.words for one in house.gather(offers.leaving, stay_id=stay)
    ]
    house.do(service.claim, number=number)
    assert house.ask(queries.leaving, stay_id=stay) == []


def test_open_bags_are_handed_over_oldest_first(house):
    first, second = store(house), store(house)
    assert [(i.word, i.number) for i in house.ask(queries.handover)] == [
        ("luggage", f"T-{first}"),
        ("luggage", f"T-{second}"),
    ]
    assert queries.handover in house.offers.of(offers.handover)


@pytest.mark.parametrize("typed", ["T-1", "1", "王雅琴", "wyq", "wangyaqin", "301"])
def test_search_finds_bags_by_tag_guest_and_room(house, typed):
    store(house)
    assert [hit.what for hit in house.ask(queries.search, text=typed)] == [{"number": 1}]


def test_search_finds_a_claimed_tag_by_its_number_only(house):
    store(house)
    house.do(service.claim, number=1)
    assert [h.sub for h in house.ask(queries.search, text="T-1")] == ["bags collected"]
    assert house.ask(queries.search, text="王雅琴") == []


def test_the_first_free_place_is_proposed(house):
    assert house.ask(queries.free_place) == ""
    set_options(house, luggage_places="A1, A2，B1")
    assert house.ask(queries.free_place) == "A1"
    number = store(house, place="A1")
    assert house.ask(queries.free_place) == "A2"
    house.do(service.amend, number=number, place="A2", marks="red", phone="1", until=None)
    row = house.ask(queries.tag, number=number)
    assert (row.place, row.marks) == ("A2", "red")
    assert house.ask(queries.free_place) == "A1"


def test_an_attendant_stores_nothing(house):
    house.do(staff.take_on, login="lin", name="Lin", role="attendant", password=PASSWORD)
    house.clerk = Clerk(2, "Lin", "attendant", ROLES["attendant"][1])
    with pytest.raises(NotPermitted):
        house.do(service.store, guest_name="x")


def test_a_claim_is_never_changed_in_the_database_and_no_tag_gives_more_than_it_took(house):
    number = store(house)
    house.do(service.claim, number=number)
    for statement in (
        "UPDATE luggage_claim SET pieces = 2",
        "DELETE FROM luggage_claim",
        "UPDATE luggage_tag SET pieces_left = -1",
    ):
        with pytest.raises(DBAPIError), house.engine.begin() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("turn", range(3))
def test_two_desks_claim_one_tag_and_one_of_them_gets_the_bags(house, engine, turn):
    number = store(house, pieces=2)
    other = builders.office(engine, found=False)
    other.station = "desk-2"
    barrier, won, lost = threading.Barrier(2), [], []

    def run(desk: House) -> None:
        barrier.wait(10)
        try:
            won.append(desk.do(service.claim, number=number, seen=2, intent=f"claim {desk.station}"))
        except Conflict as refusal:
            lost.append(refusal)

    threads = [threading.Thread(target=run, args=(desk,)) for desk in (house, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (won, len(lost)) == ([0], 1)
    assert "collected already" in str(lost[0])


steps = st.lists(
    st.tuples(
        st.sampled_from(["store", "claim", "again", "late", "wrong"]), st.integers(1, 4), st.integers(0, 5)
    ),
    max_size=14,
)


@given(steps=steps)
def test_no_tag_ever_gives_back_more_than_it_took(fresh, steps):
    with fresh() as house:
        stay = guest_in(house)
        taken: dict[int, int] = {}
        given_back: dict[int, int] = {}
        for turn, (what, count, which) in enumerate(steps):
            if what == "store":
                number = store(house, stay_id=stay, pieces=count)
                taken[number], given_back[number] = count, 0
            elif taken:
                number = list(taken)[which % len(taken)]
                call = {"number": number, "pieces": count, "intent": f"turn {turn}"}
                try:
                    house.do(service.claim, **call, word="" if what != "wrong" else "no such word")
                except Refused:
                    assert count > taken[number] - given_back[number]
                else:
                    given_back[number] += count
                    if what == "again":
                        house.do(service.claim, **call, word="")
        for number in taken:
            row = house.ask(queries.tag, number=number)
            claims = house.ask(queries.claims, tag_id=row.id)
            assert sum(c.pieces for c in claims) == given_back[number] == row.pieces - row.left
            assert 0 <= row.left <= taken[number]


def test_every_paper_comes_out_of_every_printer(desk):
    house = desk
    number = store(
        house,
        pieces=2,
        marks="黑色箱子 with a long remark that wraps",
        place="A1",
        word="duck",
        until=TODAY + DAY,
    )
    house.do(
        service.claim_without_tag,
        number=number,
        name="王雅琴",
        document_type="id_card",
        document=ID,
        reason="tag lost",
        pieces=1,
    )
    house.do(service.print_list, which="here")
    jobs = house.ask(print_queries.waiting, station=house.station)
    slips = [Slip.from_dict(job.slip) for job in jobs if job.kind != "registration_card"]
    assert len(slips) == 3
    for slip in slips:
        assert pdf.render(slip).startswith(b"%PDF")
        assert receipt.render(replace(slip, paper="58mm"))


@pytest.mark.parametrize(("paper", "cols"), [("80mm", 48), ("58mm", 32)])
def test_the_tags_number_takes_half_the_paper(desk, paper, cols):
    """It is read across the store room; the bytes say how many cells it takes."""
    number = store(desk, pieces=2)
    jobs = desk.ask(print_queries.waiting, station=desk.station)
    [tag] = [Slip.from_dict(job.slip) for job in jobs if job.kind == "luggage_tag"]
    read = Reader(receipt.render(replace(tag, paper=paper, copies=())))
    number, _below = [x for x in read if isinstance(x, Printed) and x.text == f"T-{number}"]
    assert number.middle
    assert cols // 2 <= number.cells <= cols


def test_bags_are_found_by_the_phone_that_was_put_right(house):
    set_options(house, luggage_outside=True)
    number = house.do(service.store, guest_name="Wang Wei", pieces=1, phone="138 0013 8000", intent="k")
    assert [h.what for h in house.ask(queries.search, text="13800138000")] == [{"number": number}]
    house.do(service.amend, number=number, place="A2", marks="", phone="+86 139-0013-9000", until=None)
    assert house.ask(queries.search, text="13800138000") == []
    assert [h.what for h in house.ask(queries.search, text="13900139000")] == [{"number": number}]
