"""Pre-authorisations: held, topped up, completed once, released, run out by themselves; what is held backs
what is owed and is no money."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from pms.core import offers
from pms.core.errors import Conflict, NotPermitted, Refused
from pms.core.money import Money
from pms.core.operation import Call
from pms.db.base import PrintJob
from pms.services.folios import holds
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios.models import Preauth, PreauthMove
from pms.services.night_audit.checks import Tonight, credit
from pms.services.payments import service as payments
from pms.services.preauth import checks, queries, service
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.authority.people import person
from tests.builders import DAY, TODAY, House
from tests.faults.busy import Everything
from tests.property.test_settings import set_options
from tests.rental.test_rental import guest_in, money

ANY = Everything()
CARD = {"method": "BANK", "code": "A1B2C3", "last_four": "1234"}


def take(house: House, stay: int, amount: int = 50000, **more) -> int:
    return house.do(service.take, stay_id=stay, amount=Money(amount), confirmed=ANY, **CARD | more)


def row(house: House, number: int) -> queries.PreauthRow:
    found = house.ask(queries.preauth, number=number)
    assert found is not None
    assert found.held == found.captured + found.released + found.open
    return found


def sums(house: House, number: int) -> tuple[int, int, int, int]:
    found = row(house, number)
    return found.held, found.captured, found.released, found.open


def owed(house: House, stay: int) -> int:
    return sum(int(a.balance) for a in house.ask(folio_queries.folios, stay_id=stay))


def charged(house: House, amount: int = 30000, room: str = "301") -> int:
    stay = guest_in(house, room, nights=9)
    money(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(amount), confirmed=ANY)
    return stay


def once(house: House, call: Call) -> object:
    return house.do(call, intent=house.new_intent() if call.operation.money else None)


def found(house: House, check) -> list[str]:
    return house.look(lambda s: [f.title for f in check._find(Tonight(s, house.house().business_date))])


def steps(house: House, number: int) -> list[tuple[str, int]]:
    return [(s.kind, s.amount) for s in house.ask(queries.steps, number=number)][::-1]


def papers(house: House, kind: str) -> list[str]:
    return house.look(
        lambda s: [str(j.slip) for j in s.scalars(select(PrintJob).where(PrintJob.kind == kind))]
    )


# ------------------------------------------------------------------ held
def test_an_amount_is_held_and_the_guest_signs_for_it(house):
    stay = charged(house)
    number = take(house, stay, trace="T0001 000012 000345")
    assert sums(house, number) == (50000, 0, 0, 50000)
    assert row(house, number).valid_until == TODAY + 30 * DAY
    assert owed(house, stay) == 30000, "no money has moved"
    [paper] = papers(house, "preauth_slip")
    for words in ("PA-1", "*1234", "A1B2C3", "T0001 000012 000345", "500.00", "Cardholder's signature"):
        assert words in paper


def test_how_long_it_is_valid_is_the_houses_rule_or_what_the_bank_said(house):
    stay = guest_in(house)
    set_options(house, preauth_days=7)
    assert row(house, take(house, stay)).valid_until == TODAY + 7 * DAY
    other = take(house, stay, code="Z999", valid_until=TODAY + 3 * DAY)
    assert row(house, other).valid_until == TODAY + 3 * DAY
    for day in (TODAY - DAY, TODAY + 999 * DAY):
        with pytest.raises(Refused, match="valid from today on"):
            take(house, stay, code="Y999", valid_until=day)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"code": ""}, "authorisation code is missing"),
        ({"code": "12-34"}, "no authorisation code"),
        ({"last_four": ""}, "last four figures"),
        ({"last_four": "12345"}, "last four figures"),
        ({"last_four": "12a4"}, "last four figures"),
        ({"method": "CASH"}, "No amount is held by Cash"),
        ({"method": "WECHAT"}, "No amount is held by WeChat"),
        ({"method": "SHELLS"}, "no payment method"),
    ],
)
def test_what_is_no_pre_authorisation_is_refused(house, told, why):
    stay = guest_in(house)
    with pytest.raises(Refused, match=why):
        take(house, stay, **told)
    with pytest.raises(Refused, match="more than 0"):
        take(house, stay, 0)


def test_a_whole_card_number_is_never_taken(house):
    stay = guest_in(house)
    for field in ("code", "last_four", "trace"):
        with pytest.raises(Refused, match="bank card's number"):
            take(house, stay, **{field: "4111111111111111"})


def test_a_wallet_holds_where_the_house_allows_it(house):
    stay = guest_in(house)
    kind = {"code": "WECHAT", "offered": True, "position": 2, "number": "needed"}
    house.do(payments.change, **kind, holds=True)
    number = take(house, stay, method="WECHAT", code="4200009990202609050000000101", last_four="")
    with pytest.raises(Refused, match="transaction number is missing"):
        money(house, service.capture, number=number, amount=Money(100))
    with pytest.raises(Refused, match="card or in a wallet"):
        house.do(payments.change, code="CASH", offered=True, position=1, drawer=True, holds=True)


def test_the_same_authorisation_is_held_once(house):
    stay = guest_in(house)
    number = take(house, stay)
    with pytest.raises(Refused, match="A1B2C3 of this card is held already"):
        take(house, stay, code=" a1b2c3 ")
    house.do(service.release, number=number)
    take(house, stay)


def test_only_who_may_holds_and_only_for_a_guest_in_house(house):
    stay = guest_in(house)
    number = take(house, stay)
    desk, house.clerk = house.clerk, person(house, "housekeeping")
    for call in (
        service.take.of(stay_id=stay, amount=Money(1), **CARD),
        service.release.of(number=number),
        service.capture.of(number=number, amount=Money(1)),
        service.take_back.of(number=number, reason="x"),
    ):
        with pytest.raises(NotPermitted):
            once(house, call)
    house.clerk = desk
    with pytest.raises(Refused, match="guests in house only"):
        take(house, 999)


# ------------------------------------------------------------------ topped up, taken, released
def test_more_is_held_under_the_same_one(house):
    stay = guest_in(house)
    number = take(house, stay)
    assert house.do(service.top_up, number=number, amount=Money(20000), code="B2C3D4") == 70000
    assert sums(house, number) == (70000, 0, 0, 70000)
    assert steps(house, number) == [("taken", 50000), ("topped", 20000)]
    assert "700.00" in papers(house, "preauth_slip")[1]


def test_a_part_is_taken_once_and_the_rest_released(house):
    stay = charged(house)
    number = take(house, stay)
    money(house, service.capture, number=number, amount=Money(30000), reference="112233000345")
    assert sums(house, number) == (50000, 30000, 20000, 0)
    assert owed(house, stay) == 0
    [line] = [x for x in house.ask(folio_queries.folio_lines, stay_id=stay) if x.paid]
    assert (line.code, line.paid, line.slip, line.number) == ("BANK", 30000, "PA-1", "112233000345")
    [paper] = papers(house, "preauth_end")
    assert "300.00" in paper
    assert "200.00" in paper
    for again in (
        service.capture.of(number=number, amount=Money(100)),
        service.release.of(number=number),
        service.top_up.of(number=number, amount=Money(100)),
    ):
        with pytest.raises(Conflict, match="is over"):
            once(house, again)


def test_no_more_is_taken_than_is_held(house):
    number = take(house, charged(house, 90000))
    for amount, why in ((50001, "500.00 is held"), (0, "more than 0"), (-1, "more than 0")):
        with pytest.raises(Refused, match=why):
            money(house, service.capture, number=number, amount=Money(amount))
    with pytest.raises(Conflict, match="500.00 is held now"):
        money(house, service.capture, number=number, amount=Money(1), seen=40000)
    with pytest.raises(Refused, match="no pre-authorisation PA-77"):
        money(house, service.capture, number=77, amount=Money(1))
    assert sums(house, number) == (50000, 0, 0, 50000)


def test_it_is_released_and_nothing_is_charged(house):
    stay = charged(house)
    number = take(house, stay)
    house.do(service.release, number=number, reason="pays in cash")
    assert sums(house, number) == (50000, 0, 50000, 0)
    assert owed(house, stay) == 30000
    assert "released" in papers(house, "preauth_end")[0]


def test_it_runs_out_by_itself(house):
    stay = charged(house)
    number = take(house, stay, valid_until=TODAY + 2 * DAY)

    def listed(day):
        held = house.ask(queries.held, business_date=day)
        gone = house.ask(queries.run_out, business_date=day)
        return [r.number for r in held], [r.number for r in gone]

    assert listed(TODAY + 2 * DAY) == ([number], [])
    assert listed(TODAY + 3 * DAY) == ([], [number])
    for _day in range(3):
        house.next_day()
    for call in (
        service.capture.of(number=number, amount=Money(100)),
        service.top_up.of(number=number, amount=Money(100)),
    ):
        with pytest.raises(Refused, match="ran out"):
            once(house, call)


def test_a_completion_of_today_is_undone_and_the_amount_is_held_again(house):
    stay = charged(house)
    number = take(house, stay)
    money(house, service.capture, number=number, amount=Money(30000), reference="112233000345")
    line = next(x for x in house.ask(folio_queries.folio_lines, stay_id=stay) if x.paid)
    with pytest.raises(Refused, match="completed PA-1"):
        money(house, folios.void, transfer_id=line.id, reason="wrong")
    with pytest.raises(Refused, match="Say why"):
        money(house, service.take_back, number=number, reason=" ")
    assert money(house, service.take_back, number=number, reason="wrong sum") == 50000
    assert (sums(house, number), owed(house, stay)) == ((50000, 0, 0, 50000), 30000)
    money(house, service.capture, number=number, amount=Money(10000), reference="112233000345")
    assert (sums(house, number), owed(house, stay)) == ((50000, 10000, 40000, 0), 20000)
    house.next_day()
    with pytest.raises(Refused, match="as a refund"):
        money(house, service.take_back, number=number, reason="late")


# ------------------------------------------------------------------ check-out
def check_out(house: House, stay: int, *paid: Paid, **more) -> None:
    money(house, stays.check_out, stay_id=stay, payments=list(paid), **more)


def test_the_check_out_takes_what_is_owed_and_releases_the_rest(house):
    stay = charged(house)
    number, other = take(house, stay), take(house, stay, 8000, code="OTHER1")
    check_out(house, stay, Paid("BANK", Money(30000), hold=number, reference="112233000345"))
    assert sums(house, number) == (50000, 30000, 20000, 0)
    assert sums(house, other) == (8000, 0, 8000, 0)
    money(house, stays.undo_check_out, stay_id=stay, reason="stays on")
    assert sums(house, number) == (50000, 0, 0, 50000), "the terminal's completion is undone with it"
    assert sums(house, other) == (8000, 0, 8000, 0), "a bank does not hold again what was released"
    assert owed(house, stay) == 30000
    check_out(house, stay, Paid("BANK", Money(30000), hold=number))
    assert sums(house, number) == (50000, 30000, 20000, 0)


def test_one_completion_pays_two_folios(house):
    stay = charged(house)
    money(house, folios.open_window, stay_id=stay, payer="Firm")
    money(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(5000), window="B")
    number = take(house, stay)
    check_out(
        house, stay, Paid("BANK", Money(30000), hold=number), Paid("BANK", Money(5000), "B", hold=number)
    )
    assert sums(house, number) == (50000, 35000, 15000, 0)
    money(house, stays.undo_check_out, stay_id=stay, reason="stays on")
    assert sums(house, number) == (50000, 0, 0, 50000)


def test_a_check_out_never_takes_another_guests_or_more_than_is_held(house):
    stay, other = charged(house), charged(house, room="302")
    number = take(house, other, 20000)
    for amount, why in ((20000, "held for another stay"),):
        with pytest.raises(Refused, match=why):
            check_out(
                house, stay, Paid("BANK", Money(amount), hold=number), Paid("CASH", Money(30000 - amount))
            )
    with pytest.raises(Refused, match="200.00 is held"):
        check_out(house, other, Paid("BANK", Money(30000), hold=number))
    assert sums(house, number) == (20000, 0, 0, 20000)


def test_what_a_guest_left_unsettled_is_taken_later(house):
    stay = charged(house)
    number = take(house, stay)
    check_out(house, stay, unsettled="later", release_held=False)
    assert row(house, number).open == 50000
    with pytest.raises(Refused, match="owes 300.00"):
        money(house, service.capture, number=number, amount=Money(30001))
    money(house, service.capture, number=number, amount=Money(30000))
    assert (sums(house, number), owed(house, stay)) == ((50000, 30000, 20000, 0), 0)
    assert money(house, service.take_back, number=number, reason="wrong") == 50000
    assert owed(house, stay) == 30000
    money(house, stays.undo_check_out, stay_id=stay, reason="stays on")
    check_out(house, stay, Paid("BANK", Money(30000), hold=number))
    with pytest.raises(Refused, match="Undo the check-out"):
        money(house, service.take_back, number=number, reason="wrong")


def test_a_check_in_is_not_taken_back_while_something_is_held(house):
    stay = guest_in(house)
    number = take(house, stay)
    with pytest.raises(Refused, match="PA-1 stands on this stay"):
        money(house, stays.undo_check_in, stay_id=stay, reason="wrong room")
    house.do(service.release, number=number)
    money(house, stays.undo_check_in, stay_id=stay, reason="wrong room")


# ------------------------------------------------------------------ what it backs, and where it is told
def test_what_is_held_backs_what_is_owed_until_it_runs_out(house):
    stay = charged(house)

    def backed(day=TODAY):
        return house.ask(stay_queries.stay, stay_id=stay, business_date=day).guarantee

    def cover():
        return house.ask(stay_queries.cover, stay_id=stay, business_date=TODAY).held

    before = cover()
    take(house, stay, 99900, valid_until=TODAY + DAY)
    assert (backed(), backed(TODAY + DAY), backed(TODAY + 2 * DAY)) == (99900, 99900, 0)
    assert cover() == before + 99900
    assert house.ask(holds.guarantees, stay_ids=[stay, 99], business_date=TODAY) == {stay: 99900}


def test_the_audit_asks_for_less_where_a_card_backs_the_guest(house):
    stay = charged(house)
    assert found(house, credit) == ["301 is over its credit limit"]
    take(house, stay, 200000)
    assert found(house, credit) == []


def test_it_is_told_before_it_runs_out_and_when_the_guest_has_left(house):
    stay, other = charged(house), charged(house, room="302")
    soon = take(house, stay, valid_until=TODAY + 3 * DAY)
    assert found(house, checks) == ["301: PA-1"]
    left = take(house, other, code="LEFT99", valid_until=TODAY + 20 * DAY)

    def told():
        due = [d.what["number"] for d in house.gather(offers.waiting, now=house.now()) if d.word == "preauth"]
        items = [i.number for i in house.gather(offers.handover) if i.word == "preauth"]
        return due, items

    assert told() == ([soon], ["2", f"PA-{soon}"])
    check_out(house, other, Paid("CASH", Money(30000)), release_held=False)
    assert told() == ([soon, left], ["2", f"PA-{soon}", f"PA-{left}"])
    assert [s for s in house.gather(offers.leaving, stay_id=stay) if "PA-1" in s.words]
    house.do(service.release, number=soon)
    house.do(service.release, number=left)
    assert told() == ([], [])
    assert found(house, checks) == []


# ------------------------------------------------------------------ the schema
AGAIN = (
    "INSERT INTO preauth_move SELECT preauth_id, step + {step}, kind, amount, held, {captured}, {released}, "
    "code, reason, valid_until, key, at, business_date, clerk_id, station, id + 1 FROM preauth_move"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE preauth SET captured = captured + 1",
        "UPDATE preauth SET captured = 60000, open = -10000",
        "UPDATE preauth SET captured = 10000, open = 40000",
        "UPDATE preauth SET held = 0",
        "UPDATE preauth SET ended_on = '2026-09-05'",
        "UPDATE preauth_move SET amount = 1",
        "DELETE FROM preauth_move",
        AGAIN.format(step=0, captured=0, released=0),
        AGAIN.format(step=1, captured=50000, released=1),
        AGAIN.format(step=1, captured=1, released=0),
    ],
)
def test_the_schema_alone_refuses_to_take_twice_or_too_much(house, statement):
    take(house, charged(house))
    with pytest.raises(DBAPIError), house.engine.begin() as connection:
        connection.execute(text(statement))


def test_whatever_is_done_what_is_held_is_captured_released_or_open(house):
    """Thousands of moves in any order: the sums hold, the moves say the same, and the folio got what was
    captured, once."""
    lot, stay = random.Random(5), charged(house, 10**7)
    numbers: list[int] = []
    for n in range(120):
        number = lot.choice(numbers) if numbers and lot.random() < 0.8 else 0
        call = _any(lot, stay, number, n)
        try:
            made = house.do(call, intent=f"p{n}", confirmed=ANY)
        except Refused:
            continue
        if call.operation is service.take:
            numbers.append(made)
    captured = 0
    for number in numbers:
        held, taken, released, still = sums(house, number)
        assert held == taken + released + still
        captured += taken
        last = house.look(
            lambda s, n=number: s.execute(
                select(PreauthMove.held, PreauthMove.captured, PreauthMove.released, PreauthMove.step)
                .join(Preauth, Preauth.id == PreauthMove.preauth_id)
                .where(Preauth.number == n)
                .order_by(PreauthMove.step.desc())
            ).first()
        )
        assert tuple(last)[:3] == (held, taken, released)
    assert len(numbers) > 10
    assert captured > 0
    assert owed(house, stay) == 10**7 - captured
    assert house.look(lambda s: s.scalar(select(func.count()).select_from(PreauthMove))) > len(numbers)


def _any(lot: random.Random, stay: int, number: int, n: int) -> Call:
    amount = Money(lot.choice((0, 1, 100, 33333, 50000)))
    if not number:
        return service.take.of(stay_id=stay, amount=amount, method="BANK", code=f"C{n:04}", last_four="1234")
    return lot.choice(
        (
            service.top_up.of(number=number, amount=amount),
            service.capture.of(number=number, amount=amount),
            service.capture.of(number=number, amount=amount),
            service.release.of(number=number),
            service.take_back.of(number=number, reason="wrong"),
        )
    )


def test_it_is_valid_for_so_long_that_a_long_stay_is_topped_up(house):
    stay = guest_in(house)
    number = take(house, stay, valid_until=TODAY + DAY)
    later = TODAY + timedelta(days=40)
    house.do(service.top_up, number=number, amount=Money(100), valid_until=later)
    assert row(house, number).valid_until == later
