"""Debt chasing: who is listed in which order, calls and promises, notices, the deposit with more nights, and
what goes to the duty manager."""

import pytest
from sqlalchemy import select

from pms import duties
from pms.core import offers
from pms.core.clock import at
from pms.core.errors import Conflict, NotPermitted, Refused
from pms.core.money import Money
from pms.core.offers import About
from pms.db.base import PrintJob
from pms.printing.slip import Slip
from pms.services.cards.models import Card
from pms.services.chasing import checks, queries, service, told
from pms.services.chasing.models import ChaseCall
from pms.services.folios import queries as folios
from pms.services.folios import service as folio_service
from pms.services.guests.person import Person
from pms.services.night_audit.checks import Tonight
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.models import Stay
from pms.services.stays.service import Paid
from tests.authority.people import person
from tests.builders import DAY, TODAY, House
from tests.preauth.test_preauth import take
from tests.property.test_settings import set_options

ZONE = "Asia/Shanghai"
TOMORROW = TODAY + DAY


def money(house: House, operation, **fields):
    return house.do(operation, intent=house.new_intent(), **fields)


def guest(
    house: House, room: str, deposit: int = 0, nights: int = 3, name: str = "Wang Yaqin", **more
) -> int:
    """Check a guest in with a deposit."""
    held = Paid("CASH", Money(deposit)) if deposit else None
    line = house.book(name, nights=nights, phone="13812345678")
    return money(
        house, stays.check_in, line_id=line, room_id=house.room_id(room), deposit=held, cards_wanted=1, **more
    )


@pytest.fixture
def morning(house):
    """Half past ten on the next day: 301 leaves, 302 paid no deposit, 303 lasts until six, 304 is covered."""
    house.leaving = guest(house, "301", 30000, nights=1, name="Zhao Leaves")
    house.none = guest(house, "302", 0, name="Qian None")
    house.six = guest(house, "303", 29800 + 20000, name="Sun Six")
    house.covered = guest(house, "304", 90000, name="Li Covered")
    house.next_day()
    house.clock.set(TOMORROW, 10.5)
    return house


def listed(house: House) -> list[queries.Chased]:
    return house.ask(queries.listed, now=house.now())


def one(house: House, stay: int) -> queries.Chased:
    return house.ask(queries.chased, stay_id=stay, now=house.now())


def rooms(house: House) -> list[str]:
    return [row.stay.room for row in listed(house)]


def log(house: House, stay: int) -> list[tuple[str, int]]:
    return [(row.result, row.amount) for row in reversed(house.ask(queries.of_stay, stay_id=stay))]


def due(house: House, asked) -> list[str]:
    return [d.text for d in house.ask(asked, now=house.now())]


# ------------------------------------------------------------------ the list
def test_the_worst_stands_first_with_its_hour_and_its_sum(morning):
    found = [
        (c.stay.room, c.lasts.until, c.lasts.spent, c.missing, c.leaves, c.stay.deposit)
        for c in listed(morning)
    ]
    assert found == [
        ("302", at(TOMORROW, "00:00", ZONE), True, 29800 + 29800, False, 0),
        ("301", at(TOMORROW, "12:00", ZONE), False, 29800 + 14900 - 30000, True, 30000),
        ("303", at(TOMORROW, "18:00", ZONE), False, 9800, False, 49800),
    ]


def test_who_leaves_and_owes_nothing_is_listed_last_and_who_is_free_never(morning):
    money(morning, folio_service.take_deposit, stay_id=morning.leaving, method="CASH", amount=Money(50000))
    assert rooms(morning) == ["302", "303", "301"]
    assert one(morning, morning.leaving).missing == 0
    morning.do(lambda work: work.update_many(Stay, [Stay.id == morning.none], {"kind": "house"}))
    assert rooms(morning) == ["303", "301"]


def test_what_another_pays_stands_behind_what_guests_pay(morning):
    morning.do(lambda work: work.update_many(Stay, [Stay.id == morning.none], {"payer": "company"}))
    assert rooms(morning) == ["302", "301", "303"]  # of another rank all the same
    morning.clock.set(TOMORROW, 18.5)
    assert rooms(morning) == ["301", "303", "302"]


def test_the_credit_of_the_house_counts_as_the_audit_counts_it(morning):
    set_options(morning, credit_limit=9800)
    assert [(c.stay.room, c.missing) for c in listed(morning)] == [
        ("302", 49800),
        ("301", 4900),
    ]
    credit = next(c for c in duties.offered().of(offers.audit_check) if c.kind == "credit")
    found = morning.look(lambda session: credit(Tonight(session, TOMORROW)))
    assert [(f.about, f.amount) for f in found] == [("302", 49800)]


# ------------------------------------------------------------------ calls
def test_what_is_held_on_a_card_backs_what_is_owed(morning):
    before = listed(morning)[0]
    take(morning, before.id, before.missing)
    after = one(morning, before.id)
    assert (after.stay.guarantee, after.missing) == (before.missing, 0)
    assert (after.lasts.until is None) or after.lasts.until > before.lasts.until


def test_a_promise_is_kept_by_paying_and_is_told_when_its_time_is_past(morning):
    stay = morning.none
    morning.do(service.call, stay_id=stay, result="no_answer")
    morning.do(service.call, stay_id=stay, result="promised", time="1130", remark="after the meeting")
    assert rooms(morning) == ["301", "303", "302"]
    assert due(morning, told.waiting) == []
    morning.clock.set(TOMORROW, 11.6)
    assert rooms(morning)[0] == "302"
    assert due(morning, told.waiting) == ["302 Qian None: Promised to pay by 21 Nov 11:30, missing 596.00"]
    assert one(morning, stay).calls == 2
    morning.do(service.call, stay_id=stay, result="no_answer")  # a call that nobody answers changes nothing
    assert len(due(morning, told.waiting)) == 1
    money(morning, folio_service.take_deposit, stay_id=stay, method="CASH", amount=Money(59600))
    assert due(morning, told.waiting) == []
    assert rooms(morning) == ["301", "303"]
    assert log(morning, stay) == [("no_answer", 59600), ("promised", 59600), ("no_answer", 59600)]


def test_who_said_to_leave_and_is_still_here_is_told_even_if_all_is_covered(morning):
    money(morning, folio_service.take_deposit, stay_id=morning.leaving, method="CASH", amount=Money(50000))
    morning.do(service.call, stay_id=morning.leaving, result="leaves", time="11:00")
    morning.clock.set(TOMORROW, 11.1)
    assert due(morning, told.waiting) == ["301 Zhao Leaves: Will leave by 21 Nov 11:00"]
    money(
        morning,
        stays.check_out,
        stay_id=morning.leaving,
        refund=Paid("CASH", Money(50200)),
    )
    assert due(morning, told.waiting) == []


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"result": "promised"}, "Type a time"),
        ({"result": "promised", "time": "25:00"}, "Type a time"),
        ({"result": "promised", "time": "10:30"}, "10:30 is past"),
        ({"result": "leaves", "time": "9"}, "09:00 is past"),
        ({"result": "paid"}, "Choose from the list"),
        ({"result": "allowed"}, "Choose from the list"),
        ({"result": ""}, "Choose from the list"),
    ],
)
def test_a_call_is_refused_in_words(morning, fields, why):
    with pytest.raises(Refused, match=why):
        morning.do(service.call, stay_id=morning.none, **fields)
    assert log(morning, morning.none) == []


def test_nobody_who_has_left_is_called_and_the_log_is_never_changed(morning):
    money(
        morning,
        stays.check_out,
        stay_id=morning.leaving,
        refund=Paid("CASH", Money(200)),
    )
    with pytest.raises(Refused, match="has left"):
        morning.do(service.call, stay_id=morning.leaving, result="reached")
    morning.do(service.call, stay_id=morning.none, result="reached")
    with pytest.raises(Exception, match="append-only|never changed|read-only|not be changed|chase_call"):
        morning.do(lambda work: work.update_many(ChaseCall, [ChaseCall.id > 0], {"remark": "x"}))


# ------------------------------------------------------------------ the duty manager
def test_what_is_left_at_two_goes_to_the_duty_manager_until_it_is_dealt_with(morning):
    morning.do(service.call, stay_id=morning.six, result="promised", time="17:00")
    morning.clock.set(TOMORROW, 13.9)
    assert due(morning, told.left_over) == []
    morning.clock.set(TOMORROW, 14)
    assert due(morning, told.left_over) == [
        "302 Qian None: missing 596.00",
        "301 Zhao Leaves: missing 147.00",
    ]
    morning.do(service.allow, stay_id=morning.none, reason="company pays tomorrow")
    money(morning, service.extend_and_take, stay_id=morning.leaving, deposit=Paid("CASH", Money(14700)))
    assert due(morning, told.left_over) == []  # the next charge of 301 begins at six
    morning.clock.set(TOMORROW, 17.1)
    assert due(morning, told.left_over) == []  # a promise that is past is told to everybody at the desk
    assert len(due(morning, told.waiting)) == 1


def test_a_refusal_goes_to_the_duty_manager_at_once_and_credit_ends(morning):
    morning.do(service.call, stay_id=morning.none, result="refuses", remark="says it is paid")
    assert due(morning, told.left_over) == ["302 Qian None: Refuses to pay, missing 596.00"]
    morning.do(service.allow, stay_id=morning.none, reason="his boss comes", time="15:00")
    assert due(morning, told.left_over) == []
    morning.clock.set(TOMORROW, 15.1)
    assert "302 Qian None: missing 596.00" in due(morning, told.left_over)


def test_credit_is_allowed_by_who_may_with_a_reason_and_only_where_money_is_missing(morning):
    for stay, reason, why in (
        (morning.none, " ", "Say why"),
        (morning.covered, "x", "nothing is missing"),
    ):
        with pytest.raises(Refused, match=why):
            morning.do(service.allow, stay_id=stay, reason=reason)
    morning.clerk = person(morning, "clerk")
    with pytest.raises(NotPermitted):
        morning.do(service.allow, stay_id=morning.none, reason="x")
    with pytest.raises(NotPermitted):
        morning.asked(told.left_over, now=morning.now())
    morning.do(service.call, stay_id=morning.none, result="reached")


def test_who_may_not_chase_sees_and_does_nothing(morning):
    morning.clerk = person(morning, "attendant")
    for wanted, fields in (
        (service.call, {"stay_id": morning.none, "result": "reached"}),
        (service.notify, {"stay_ids": (morning.none,)}),
        (service.show_phone, {"stay_id": morning.none}),
        (service.extend_and_take, {"stay_id": morning.none, "deposit": Paid("CASH", Money(100))}),
    ):
        with pytest.raises(NotPermitted):
            money(morning, wanted, **fields)
    with pytest.raises(NotPermitted):
        morning.asked(queries.listed, now=morning.now())
    assert [i for i in morning.gather(offers.handover) if i.word == "chasing"] == []


# ------------------------------------------------------------------ extend and take
def test_nights_deposit_and_cards_come_in_one_act(morning):
    stay = morning.leaving
    money(
        morning,
        service.extend_and_take,
        stay_id=stay,
        departure=TODAY + 2 * DAY,
        deposit=Paid("WECHAT", Money(40000), reference="4200001234567890"),
        seen=Money(30000),
    )
    row = morning.ask(stay_queries.stay, stay_id=stay, business_date=TOMORROW)
    assert (row.departure, row.deposit) == (TODAY + 2 * DAY, 70000)
    [ends] = morning.do(
        lambda work: work.session.scalars(select(Card.valid_to).where(Card.stay_id == stay)).all()
    )
    assert ends == at(TODAY + 2 * DAY, "12:00", ZONE)  # the card stops by itself at the hour
    slip = next(line.slip for line in morning.ask(folios.folio_lines, stay_id=stay) if line.number)
    last = morning.ask(queries.of_stay, stay_id=stay)[0]
    assert (last.result, last.amount, last.remark) == ("paid", 40000, f"{slip}, extended to 22 Nov")
    assert "301" not in rooms(morning)


def test_where_one_part_is_refused_nothing_is_done(morning):
    stay = morning.leaving
    other = morning.book("Next", nights=2, start=TOMORROW, room_id=morning.room_id("301"))
    assert other
    with pytest.raises(Refused):
        money(
            morning,
            service.extend_and_take,
            stay_id=stay,
            departure=TODAY + 2 * DAY,
            deposit=Paid("CASH", Money(40000)),
        )
    for bad, why in (
        (Paid("WECHAT", Money(100)), "transaction number is missing"),
        (Paid("CASH", Money(0)), "more than 0"),
        (Paid("SHELLS", Money(100)), "no payment method"),
    ):
        with pytest.raises(Refused, match=why):
            money(
                morning, service.extend_and_take, stay_id=morning.six, departure=TODAY + 4 * DAY, deposit=bad
            )
    rows = {s: morning.ask(stay_queries.stay, stay_id=s, business_date=TOMORROW) for s in (stay, morning.six)}
    assert [(r.departure, r.deposit) for r in rows.values()] == [
        (TOMORROW, 30000),
        (TODAY + 3 * DAY, 49800),
    ]
    assert log(morning, stay) == log(morning, morning.six) == []


def test_a_stay_is_not_shortened_here_and_nothing_is_taken_twice(morning):
    with pytest.raises(Refused, match="not shortened"):
        money(
            morning,
            service.extend_and_take,
            stay_id=morning.six,
            departure=TODAY + 2 * DAY,
            deposit=Paid("CASH", Money(100)),
        )
    money(morning, service.extend_and_take, stay_id=morning.six, deposit=Paid("CASH", Money(9800)))
    with pytest.raises(Conflict, match=r"596\.00 is held by now"):
        money(
            morning,
            service.extend_and_take,
            stay_id=morning.six,
            deposit=Paid("CASH", Money(9800)),
            seen=Money(49800),
        )


def test_the_same_key_takes_once(morning):
    key = morning.new_intent()
    for _again in range(2):
        morning.do(
            service.extend_and_take, stay_id=morning.six, deposit=Paid("CASH", Money(9800)), intent=key
        )
    assert one(morning, morning.six).stay.deposit == 59600
    assert log(morning, morning.six) == [("paid", 9800)]


# ------------------------------------------------------------------ notices
def papers(house: House) -> list[Slip]:
    asked = select(PrintJob.slip).where(PrintJob.kind.in_(("debt_notice", "debt_slip"))).order_by(PrintJob.id)
    return [Slip.from_dict(job) for job in house.do(lambda work: work.session.scalars(asked).all())]


def facts(slip: Slip) -> dict[str, str]:
    return dict(next(block.pairs for block in slip.blocks if hasattr(block, "pairs")))


def test_a_notice_names_deposit_spent_owed_and_until_when_to_pay(morning):
    assert morning.do(service.notify, stay_ids=(morning.none,), sheet=True) == 1
    [sheet] = papers(morning)
    assert (sheet.kind, sheet.paper, sheet.number) == ("debt_notice", "A5", "N-1")
    assert facts(sheet) == {
        "Guest": "Qian None",
        "Room": "302",
        "Departure": "Mon 23 Nov 2026",
        "Deposit held": "0.00",
        "Spent so far": "298.00",
        "Owed now": "298.00",
        "Room tonight": "298.00",
        "Pay until": "21 Nov 2026 14:00",
    }
    assert log(morning, morning.none) == [("notice", 59600)]


def test_everybody_gets_a_notice_by_the_hour_of_each_and_who_owes_nothing_none(morning):
    everybody = tuple(c.id for c in listed(morning)) + (morning.covered, 999)
    assert morning.do(service.notify, stay_ids=everybody) == 3
    found = {facts(slip)["Room"]: facts(slip)["Pay until"][-5:] for slip in papers(morning)}
    assert found == {"302": "14:00", "301": "12:00", "303": "18:00"}
    assert {slip.paper for slip in papers(morning)} == {"80mm"}
    with pytest.raises(Refused, match="no notice is printed"):
        morning.do(service.notify, stay_ids=(morning.covered,))
    with pytest.raises(Refused, match="is past"):
        morning.do(service.notify, stay_ids=(morning.none,), time="9:00")


# ------------------------------------------------------------------ what others are told
def test_the_phone_is_shown_once_asked_for_and_who_looked_is_written_down(morning):
    assert morning.do(service.show_phone, stay_id=morning.none) == "13812345678"
    from pms.services.staff.models import Access

    what = select(Access.what).where(Access.kind == "phone")
    assert [w.split()[-1] for w in morning.do(lambda work: work.session.scalars(what).all())] == ["302"]


def test_handover_search_history_and_file_tell_of_a_promise(morning):
    morning.do(service.call, stay_id=morning.none, result="promised", time="16:00", remark="after lunch")
    items = [i for i in morning.ask(told.handover)]
    assert [(i.number, i.text) for i in items] == [
        ("302", "Qian None, Promised to pay by 21 Nov 16:00, missing 596.00")
    ]
    for text in ("302", "qian", "Qian None"):
        [hit] = morning.ask(told.search, text=text)
        assert (hit.word, hit.what) == ("chasing", {"stay_id": morning.none})
    assert morning.ask(told.search, text="  ") == []
    assert morning.ask(told.search, text="303") == []
    about = About(TOMORROW, ZONE, 2, stay_id=morning.none)
    [step] = morning.ask(told.evidence, about=about)
    assert step.text == "Promised to pay by 21 Nov 16:00: 596.00, after lunch"
    assert (step.past, step.by) == (True, morning.clerk.id)
    [kept] = morning.ask(told.kept_of, stay_ids=[morning.none], line_ids=[], phone="")
    assert kept.rows[0]["Remark"] == "after lunch"
    money(morning, service.extend_and_take, stay_id=morning.none, deposit=Paid("CASH", Money(59600)))
    assert morning.ask(told.handover) == []
    assert morning.ask(told.search, text="302") == []


def test_the_audit_finds_a_promise_that_was_not_kept(morning):
    morning.do(service.call, stay_id=morning.none, result="promised", time="16:00")
    morning.do(service.call, stay_id=morning.six, result="promised", time="16:00")
    money(morning, service.extend_and_take, stay_id=morning.six, deposit=Paid("CASH", Money(9800)))
    check = next(
        c for c in duties.offered().of(offers.audit_check) if getattr(c, "kind", "") == checks.CHECK.kind
    )
    found = morning.look(lambda session: check(Tonight(session, TOMORROW)))
    assert [(f.title, f.amount, f.remedy.page) for f in found] == [
        ("302: promised and not paid", 59600, "chasing")
    ]


def test_no_cost_grows_with_the_guests(morning, engine):
    from sqlalchemy import event

    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *a: seen.append(a[2]))

    def cost() -> int:
        seen.clear()
        listed(morning)
        return len([s for s in seen if s.startswith(("SELECT", "WITH"))])

    few = cost()
    for number in ("201", "202", "203", "204"):
        line = morning.book(f"Guest {number}", type_code="TWN", nights=1, phone="")
        money(morning, stays.check_in, line_id=line, room_id=morning.room_id(number), guests=[Person("New")])
    assert len(listed(morning)) > 3
    assert cost() == few <= 12
