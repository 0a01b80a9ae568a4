"""Members: registered, found, known at the desk, leaving later for nothing; cards sold, lost, replaced."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from pms.core import offers
from pms.core.clock import at
from pms.core.errors import Conflict, NeedsApproval, NeedsConfirmation, NotPermitted, Refused
from pms.core.money import Money
from pms.services.cards import queries as card_queries
from pms.services.folios import queries as folios
from pms.services.guests.models import Guest
from pms.services.guests.person import Person
from pms.services.members import arrivals, kept, queries, service
from pms.services.members.arrivals import Typed
from pms.services.property.queries import setting
from pms.services.room_board.queries import board
from pms.services.stays import people
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import DAY, TODAY, House
from tests.property.test_settings import set_options

GOLD = {
    "name": "Gold",
    "name_zh": "金卡",
    "position": 2,
    "free_until": "14:00",
    "multiple": 150,
    "card_price": Money(9800),
    "months_valid": 12,
}
SILVER = {"name": "Silver", "name_zh": "银卡", "position": 1}
PHONE = "138 0013 8000"
CARD = "1102030405061978 3".replace(" ", "") + "6"


def money(house: House, operation, **fields):
    return house.do(operation, intent=house.new_intent(), **fields)


def level(house: House, of: dict = GOLD) -> int:
    found = [row.id for row in house.ask(queries.levels) if row.name == of["name"]]
    return found[0] if found else house.do(service.add_level, **of)


def join(house: House, name: str = "Wang Yaqin", phone: str = PHONE, of: dict = GOLD, **fields) -> int:
    return money(house, service.join, name=name, phone=phone, level_id=level(house, of), **fields)


def guest_in(house: House, who: Person | None = None, room: str = "301", nights: int = 2) -> int:
    line = house.book(who.name if who else "Wang Yaqin", nights=nights)
    guests = [who] if who else []
    return money(house, stays.check_in, line_id=line, room_id=house.room_id(room), guests=guests)


def row(house: House, number: int) -> queries.MemberRow:
    return house.ask(queries.listed, number=number)


def told(house: House, number: int) -> list[str]:
    return [e.kind for e in house.ask(queries.events, member_id=row(house, number).id)]


def codes(house: House, stay: int) -> list[tuple[str, int]]:
    return [(line.code, line.charge) for line in house.ask(folios.folio_lines, stay_id=stay)]


def out_now(house: House, stay: int) -> stay_queries.Leaving:
    rules = house.ask(setting)
    return house.ask(
        stay_queries.leaving,
        stay_id=stay,
        business_date=rules.business_date,
        now=house.now(),
        zone=rules.zone,
        options=rules.options,
    )


# ------------------------------------------------------------------ the register
def test_a_member_is_found_by_number_card_phone_name_and_pinyin(house):
    number = join(house, "王雅琴", card="8800 1234", method="CASH")
    other = join(house, "Li Na", "13900139000", of=SILVER)
    for typed in ("M-1", "m-1", "88001234", "8800-1234", PHONE, "8000", "王雅琴", "wyq", "yaqin", "wang ya"):
        assert [r.number for r in house.ask(queries.find, text=typed)] == [number], typed
        hits = house.ask(queries.search, text=typed)
        assert [(h.word, h.what) for h in hits] == [("members", {"number": number})]
    assert [r.number for r in house.ask(queries.members)] == [other, number]
    assert [r.number for r in house.ask(queries.find, text="nobody")] == []


def test_what_others_ask_of_members_is_who_they_are_and_whether_they_count(house):
    plan = house.ask(lambda s: s.execute(text("SELECT id FROM rate_plan")).scalar())
    number = join(house, of={**GOLD, "plan_id": plan}, card="88001234", method="CASH")
    [found] = house.gather(offers.customers, text="8000", on=TODAY)
    assert (found.kind, found.number, found.name, found.plan_id) == ("member", number, "Wang Yaqin", plan)
    assert (found.told, found.free_until, found.why_not) == ("Gold, 88001234, …8000", "14:00", "")
    [same] = house.gather(offers.customer_of, kind="member", number=number, on=TODAY)
    assert same == found
    assert house.gather(offers.customer_of, kind="company", number=number, on=TODAY) == []
    [over] = house.gather(offers.customer_of, kind="member", number=number, on=TODAY + timedelta(days=366))
    assert over.why_not == "The membership of M-1 ran out on 20 Nov 2027."
    house.do(service.suspend, number=number, reason="two cards in two names")
    [held] = house.gather(offers.customers, text="8000", on=TODAY)
    assert held.why_not == "M-1 is suspended: two cards in two names"


def test_one_person_is_one_member_and_a_shared_phone_is_asked_about(house):
    number = join(house)
    with pytest.raises(Conflict, match="Wang Yaqin is a member already: M-1, Gold"):
        join(house)
    with pytest.raises(NeedsConfirmation, match="This phone is Wang Yaqin's, M-1") as asked:
        join(house, "Zhao Wei")
    other = house.do(
        service.join,
        intent=house.new_intent(),
        confirmed=frozenset({asked.value.token}),
        name="Zhao Wei",
        phone=PHONE,
        level_id=level(house),
    )
    assert {r.number for r in house.ask(queries.find, text=PHONE)} == {number, other}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": " "}, "Give the member's name"),
        ({"name": "x" * 101}, "at most 100"),
        ({"phone": ""}, "Give the member's phone"),
        ({"birth": TODAY}, "before today"),
        ({"card": "123"}, "4 to 12"),
        ({"card": "1234567890123"}, "4 to 12"),
        ({"card": "88001234"}, "how the card is paid"),
        ({"card": "88001234", "method": "CASH", "charge": Money(9801)}, "At most the price"),
        ({"card": "88001234", "method": "CASH", "charge": Money(0)}, "Say why less"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_left(house, fields, why):
    with pytest.raises(Refused, match=why):
        join(house, **{"name": "Wang Yaqin", "phone": PHONE} | fields)
    assert house.ask(queries.members) == []


def test_a_level_has_a_name_of_its_own_an_hour_and_sound_figures(house):
    made = level(house)
    with pytest.raises(Conflict, match="level of this name"):
        house.do(service.add_level, **GOLD)
    for wrong, why in (
        ({"name": ""}, "a name"),
        ({"free_until": "25:00"}, "14:00"),
        ({"multiple": -1}, "0 or more"),
        ({"months_valid": 121}, "0 or more"),
    ):
        with pytest.raises(Refused, match=why):
            house.do(service.edit_level, level_id=made, **GOLD | wrong)
    house.do(service.edit_level, level_id=made, **GOLD | {"free_until": "１５:30", "active": False})
    assert [(r.free_until, r.active) for r in house.ask(queries.levels)] == [("15:30", False)]
    with pytest.raises(Refused, match="no longer given"):
        join(house)


def test_a_members_data_are_put_right_and_the_history_says_so_without_telling_them(house):
    number = join(house, birth=date(1980, 5, 1))
    house.do(service.change, number=number, name="Wang Ya", phone="13900139000", birth=None)
    house.do(service.change, number=number, name="Wang Ya", phone="13900139001")
    assert [r.number for r in house.ask(queries.find, text="139 0013 9001")] == [number]
    assert house.ask(queries.find, text=PHONE) == []
    steps = house.ask(queries.events, member_id=row(house, number).id)
    assert [(s.kind, s.detail) for s in steps] == [
        ("changed", "phone or date of birth"),
        ("changed", "Wang Yaqin → Wang Ya"),
        ("joined", "Gold"),
    ]


def test_a_level_given_by_hand_has_its_reason_and_a_new_term(house):
    number, gold = join(house, of=SILVER), level(house)
    with pytest.raises(Refused, match="Say why"):
        house.do(service.set_level, number=number, level_id=gold, reason=" ")
    house.do(service.set_level, number=number, level_id=gold, reason="the owner's friend")
    assert (row(house, number).level, row(house, number).valid_until) == ("Gold", date(2027, 11, 20))
    [step, *_] = house.ask(queries.events, member_id=row(house, number).id)
    assert step.detail == "Silver → Gold, the owner's friend"
    house.do(service.renew, number=number)
    assert row(house, number).valid_until == date(2028, 11, 20)


def test_suspended_counts_for_nothing_until_it_is_lifted(house):
    number = join(house)
    house.do(service.suspend, number=number, reason="owes a bill")
    with pytest.raises(Conflict, match="suspended already"):
        house.do(service.suspend, number=number, reason="again")
    stay = guest_in(house, Person("Wang Yaqin", phone=PHONE))
    assert house.ask(arrivals.of_stay, stay_id=stay) is None
    with pytest.raises(Refused, match="owes a bill"):
        house.do(service.count_stay, number=number, stay_id=stay)
    house.do(service.lift, number=number)
    house.do(service.count_stay, number=number, stay_id=stay)
    assert house.ask(arrivals.of_stay, stay_id=stay).number == number


def test_who_may_do_what(house):
    number, attendant = join(house), person(house, "attendant")
    house.clerk = person(house, "clerk")
    for operation, fields in (
        (service.suspend, {"number": number, "reason": "x"}),
        (service.add_level, SILVER),
        (service.set_level, {"number": number, "level_id": 1, "reason": "x"}),
    ):
        with pytest.raises(NotPermitted):
            house.do(operation, **fields)
    house.clerk = attendant
    with pytest.raises(NotPermitted):
        house.asked(queries.members)


# ------------------------------------------------------------------ known at the desk
def test_who_stands_at_the_desk_is_welcomed_by_record_document_or_phone_and_asked_by_name(house):
    number = join(house)
    [sure] = house.ask(arrivals.welcome, people=[Typed("Wang Yaqin", PHONE)], on=TODAY)
    assert (sure.member.number, sure.sure, sure.why_not) == (number, True, "")
    [alike] = house.ask(arrivals.welcome, people=[Typed("wang yaqin")], on=TODAY)
    assert (alike.member.number, alike.sure) == (number, False)
    assert house.ask(arrivals.welcome, people=[Typed("Zhao Wei", PHONE)], on=TODAY) == []
    paper = "11010519491231002X"
    stay = guest_in(house, Person("Wang Yaqin", phone=PHONE, document_type="id_card", document=paper))
    assert house.ask(arrivals.of_stay, stay_id=stay).number == number
    [known] = house.ask(arrivals.welcome, people=[Typed("Wang Y.", document=paper)], on=TODAY)
    assert (known.member.number, known.sure) == (number, True)


def test_a_stay_counts_for_the_member_in_the_party_and_for_one_only(house):
    number = join(house, "Li Na", "13900139000")
    stay = guest_in(house, Person("Zhao Wei"))
    assert house.ask(arrivals.of_stay, stay_id=stay) is None
    house.do(service.count_stay, number=number, stay_id=stay)
    with pytest.raises(Conflict, match="Room 301 counts for M-1 already"):
        house.do(service.count_stay, number=join(house), stay_id=stay)
    assert told(house, number)[0] == "stay"
    with pytest.raises(Refused, match="while the guest is in house"):
        house.do(service.count_stay, number=number, stay_id=99)


def test_the_members_cards_open_and_the_departure_is_free_until_the_levels_hour(house):
    join(house)
    stay = guest_in(house, Person("Wang Yaqin", phone=PHONE), nights=1)
    other = guest_in(house, Person("Zhao Wei"), "302", nights=1)
    ends = at(TODAY + DAY, "14:00", "Asia/Shanghai")
    assert house.do(lambda w: w.ask_up(offers.open_stay, stay_id=stay)).valid_to == ends
    house.next_day()
    house.clock.set(TODAY + DAY, 13.9)
    assert (out_now(house, stay).charge, out_now(house, stay).charge_code) == (0, "")
    assert out_now(house, other).charge_code == "HALF"
    house.clock.set(TODAY + DAY, 14.5)
    leaving = out_now(house, stay)
    assert leaving.charge_code == "HALF"
    assert "14:30, from 14:00 half day" in leaving.rule
    assert leaving.rule.endswith("(Gold: free until 14:00)")
    house.clock.set(TODAY + DAY, 13)
    money(house, stays.check_out, stay_id=stay, unsettled="later")
    assert "HALF" not in [code for code, _sum in codes(house, stay)]


def test_a_card_of_the_room_lasts_as_long_when_the_stay_is_made_longer(house):
    join(house)
    line = house.book()
    who = [Person("Wang Yaqin", phone=PHONE)]
    stay = money(
        house, stays.check_in, line_id=line, room_id=house.room_id("301"), guests=who, cards_wanted=1
    )
    until = lambda: {c.valid_to for c in house.ask(card_queries.to_cut, station=house.station)}  # noqa: E731
    assert until() == {at(TODAY + 2 * DAY, "14:00", "Asia/Shanghai")}
    money(house, stays.extend, stay_id=stay, departure=TODAY + 3 * DAY)
    assert until() == {at(TODAY + 3 * DAY, "14:00", "Asia/Shanghai")}


def test_two_records_made_one_keep_the_membership(house):
    number = join(house)
    first = guest_in(house, Person("Wang Yaqin", phone=PHONE))
    [mine] = house.ask(stay_queries.sharers, stay_id=first)
    assert row(house, number).guest_id == mine.guest_id
    second = guest_in(house, Person("Wang Ya Qin"), "302")
    [other] = house.ask(stay_queries.sharers, stay_id=second)
    merging = {"guest_id": other.guest_id, "other_id": mine.guest_id}
    with pytest.raises(NeedsConfirmation) as asked:
        house.do(people.merge, **merging)
    house.do(people.merge, confirmed=frozenset({asked.value.token}), **merging)
    assert row(house, number).guest_id == other.guest_id


# ------------------------------------------------------------------ cards
def test_a_card_is_sold_at_the_counter_and_stands_in_both_columns_of_the_day(house):
    number = join(house, card="88001234", method="CASH")
    assert (row(house, number).card, told(house, number)) == ("88001234", ["card", "joined"])
    house.next_day()
    sums = house.ask(
        lambda s: dict(
            s.execute(
                text(
                    "SELECT a.code, d.debit - d.credit FROM account_day d "
                    "JOIN account a ON a.id = d.account_id"
                )
            ).all()
        )
    )
    assert (sums["MEMBERCARD"], sums["COUNTER"]) == (-9800, 0)


def test_a_card_is_sold_on_the_folio_of_a_guest_who_becomes_a_member(house):
    stay = guest_in(house)
    number = join(house, card="88001234", stay_id=stay)
    assert ("MEMBERCARD", 9800) in codes(house, stay)
    assert house.ask(arrivals.of_stay, stay_id=stay).number == number


def test_a_lost_card_is_blocked_and_replaced_at_its_price(house):
    number = join(house, card="88001234", method="CASH")
    with pytest.raises(Refused, match="Report the card lost first"):
        money(house, service.replace_card, number=number, card="88005678", method="CASH")
    with pytest.raises(Conflict, match="has card 88001234"):
        money(house, service.sell_card, number=number, card="88005678", method="CASH")
    assert house.do(service.lose_card, number=number) == "88001234"
    assert (row(house, number).card, row(house, number).lost_card) == ("", "88001234")
    with pytest.raises(Conflict, match="no valid card"):
        house.do(service.lose_card, number=number)
    with pytest.raises(Refused, match="Card 88001234 was given to M-1"):
        money(house, service.replace_card, number=number, card="88001234", method="CASH")
    money(house, service.replace_card, number=number, card="88005678", method="BANK")
    assert (row(house, number).card, row(house, number).lost_card) == ("88005678", "")
    assert [r.number for r in house.ask(queries.find, text="88001234")] == [number]  # the finder brings it
    with pytest.raises(Conflict, match="No card of M-1 is missing"):
        house.do(service.found_again, number=number)
    assert told(house, number) == ["replaced", "lost", "card", "joined"]


def test_a_lost_card_that_is_found_is_valid_again(house):
    number = join(house, card="88001234", method="CASH")
    house.do(service.lose_card, number=number)
    assert house.do(service.found_again, number=number) == "88001234"
    assert row(house, number).card == "88001234"


def test_a_card_for_less_needs_authority(house):
    number = join(house)
    boss, house.clerk = house.clerk, person(house, "clerk")
    asked = {"number": number, "card": "88001234", "method": "CASH", "charge": Money(0), "reason": "damaged"}
    with pytest.raises(NeedsApproval, match="Member card of M-1 Wang Yaqin: 98.00 not charged"):
        money(house, service.sell_card, **asked)
    house.clerk = boss
    money(house, service.sell_card, **asked)
    assert row(house, number).card == "88001234"


def test_a_card_is_one_members_only(house):
    join(house, card="88001234", method="CASH")
    other = join(house, "Li Na", "13900139000")
    with pytest.raises(Refused, match="Card 88001234 was given to M-1"):
        money(house, service.sell_card, number=other, card="8800 1234", method="CASH")


def test_money_for_a_card_needs_an_open_shift(house):
    set_options(house, shifts=True)
    number = join(house)
    with pytest.raises(Refused, match="No shift is open"):
        money(house, service.sell_card, number=number, card="88001234", method="CASH")


# ------------------------------------------------------------------ the end
def ended(house: House, number: int) -> None:
    with pytest.raises(NeedsConfirmation) as asked:
        house.do(service.end, number=number)
    house.do(service.end, number=number, confirmed=frozenset({asked.value.token}))


def test_a_membership_that_ends_forgets_phone_and_birth_at_once_and_keeps_what_happened(house):
    number = join(house, birth=date(1980, 5, 1), card="88001234", method="CASH")
    ended(house, number)
    over = row(house, number)
    assert (over.phone, over.birth, over.card, over.ended_on) == ("", None, "", TODAY)
    assert house.ask(queries.find, text=PHONE) == []
    assert [r.number for r in house.ask(queries.find, text="wang")] == [number]
    assert house.ask(queries.members) == []
    with pytest.raises(Conflict, match="was ended"):
        house.do(service.change, number=number, name="Wang", phone=PHONE)
    assert join(house) == number + 1  # comes back as a new member


def test_the_law_takes_a_membership_that_ran_out_along_and_leaves_one_that_goes_on(house):
    number, goes_on = join(house, birth=date(1980, 5, 1)), join(house, "Li Na", "13900139000", of=SILVER)
    gone = TODAY + timedelta(days=800)
    assert house.do(lambda w: w.offers.gather(offers.erase_old, w, before=TODAY + DAY)) == []
    house.do(lambda w: w.offers.gather(offers.erase_old, w, before=gone))
    assert (row(house, number).phone, row(house, number).birth) == ("", None)
    assert row(house, goes_on).phone == "13900139000"


def test_what_is_kept_of_a_guest_names_the_membership(house):
    number = join(house)
    stay = guest_in(house, Person("Wang Yaqin", phone=PHONE))
    for asked in ({"stay_ids": [stay], "phone": ""}, {"stay_ids": [], "phone": PHONE}):
        [found] = house.ask(kept.kept_of, line_ids=[], **asked)
        assert [(r["Number"], r["Level"]) for r in found.rows] == [(f"M-{number}", "Gold")]


def test_a_member_who_comes_again_counts_although_a_new_record_was_typed(house):
    number = join(house)
    first = guest_in(house, Person("Wang Yaqin", phone=PHONE))
    second = guest_in(house, Person("Wang Yaqin", phone="138-0013-8000"), "302")
    other = guest_in(house, Person("Zhao Wei", phone=PHONE), "303")
    counted = [house.ask(arrivals.of_stay, stay_id=stay) for stay in (first, second, other)]
    assert [member and member.number for member in counted] == [number, number, None]


def test_a_stay_counts_for_whom_its_price_was_agreed_with_where_no_guest_is_a_member(house):
    number = join(house)
    stay = guest_in(house, Person("Zhao Wei"))
    [guest] = house.ask(stay_queries.sharers, stay_id=stay)

    def arrive(work):
        return arrivals.arrived(work, stay, [work.session.get_one(Guest, guest.guest_id)], number)

    assert house.do(arrive) == "14:00"
    assert house.ask(arrivals.of_stay, stay_id=stay).number == number
    assert row(house, number).guest_id is None


def test_the_room_board_marks_the_room_of_a_member(house):
    stay = guest_in(house)
    assert "member" not in next(t.flags for t in house.ask(board) if t.stay_id == stay)
    join(house, "Zhang San", stay_id=stay)
    assert "member" in next(t.flags for t in house.ask(board) if t.stay_id == stay)
