"""The books balance whatever the desk does, on both engines."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.core.errors import Conflict, NeedsApproval, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.db.base import PrintJob
from pms.duties import ROLES
from pms.printing.slip import Slip
from pms.services.folios import ledger, queries, service
from pms.services.folios.models import Account, Transfer
from pms.services.night_audit import queries as audit_queries
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import PASSWORD, TODAY, House
from tests.invariants import balances, check_books


def stay_in(house: House, room: str = "301", **fields) -> int:
    line = house.book(f"Guest {room}", type_code="BIG" if room[0] == "3" else "TWN", **fields)
    return house.do(stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent())


def charge(house: House, stay: int, amount: int = 1500, intent: str | None = None, **fields) -> int:
    return house.do(
        service.charge,
        stay_id=stay,
        code="MINIBAR",
        amount=Money(amount),
        intent=intent or house.new_intent(),
        **fields,
    )


def owed(house: House, stay: int) -> dict[str, int]:
    return {f.ledger + f.window: f.balance for f in house.ask(queries.folios, stay_id=stay)}


def rows(house: House) -> int:
    return house.ask(lambda s: len(s.scalars(select(Transfer.id)).all()))


STEP = st.tuples(
    st.sampled_from(
        ["charge", "pay", "deposit", "refund", "void", "transfer", "adjust", "again", "window", "close"]
    ),
    st.integers(0, 2),
    st.integers(0, 30),
    st.integers(-50, 40000),
)


class Desk:
    """A clerk who does anything with the money of three guests, right or wrong."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.stays = [stay_in(house, room, nights=9) for room in ("301", "302", "201")]
        self.made: list[int] = []
        self.done: list[tuple[object, dict[str, object], str, object]] = []

    def step(self, verb: str, who: int, which: int, amount: int) -> None:
        stay, line = self.stays[who], self.made[which % len(self.made)] if self.made else 0
        window = "AB"[which % 2]
        if verb == "close":
            self.house.next_day()
            return
        if verb == "again":
            if self.done:
                operation, fields, intent, result = self.done[which % len(self.done)]
                before = rows(self.house)
                assert self.house.do(operation, intent=intent, **fields) == result
                assert rows(self.house) == before
            return
        operation, fields = {
            "charge": (
                service.charge,
                {
                    "stay_id": stay,
                    "code": "LAUNDRY",
                    "amount": Money(amount),
                    "quantity": which % 4,
                    "window": window,
                },
            ),
            "pay": (
                service.pay,
                {"stay_id": stay, "method": "CASH", "amount": Money(amount), "window": window},
            ),
            "deposit": (service.take_deposit, {"stay_id": stay, "method": "BANK", "amount": Money(amount)}),
            "refund": (
                service.refund_deposit,
                {"stay_id": stay, "method": "CASH", "amount": Money(amount), "slip_back": bool(which % 2)},
            ),
            "void": (service.void, {"transfer_id": line, "reason": "wrong"}),
            "adjust": (service.adjust, {"transfer_id": line, "reason": "late"}),
            "transfer": (
                service.transfer_line,
                {
                    "transfer_id": line,
                    "to_stay_id": stay,
                    "to_window": window,
                    "amount": Money(amount) if amount % 2 else None,
                },
            ),
            "window": (service.open_window, {"stay_id": stay, "payer": "Company"}),
        }[verb]
        intent = self.house.new_intent()
        before = rows(self.house)
        try:
            result = self.house.do(operation, intent=intent, **fields)
        except Refused:
            assert rows(self.house) == before
            return
        self.done.append((operation, fields, intent, result))
        if verb not in ("deposit", "window"):
            self.made.append(result)
        elif verb == "deposit":
            self.made.append(
                self.house.ask(
                    lambda s: s.scalars(select(Transfer.id).order_by(Transfer.id.desc()).limit(1)).one()
                )
            )


@given(steps=st.lists(STEP, min_size=6, max_size=24))
def test_the_books_balance_after_anything(fresh, steps):
    with fresh() as house:
        desk = Desk(house)
        for step in steps:
            desk.step(*step)
        house.ask(check_books)
        for stay in desk.stays:
            shown = sum(x.charge - x.paid for x in house.ask(queries.folio_lines, stay_id=stay))
            assert shown == sum(owed(house, stay).values())
        today = house.house().business_date
        house.next_day()
        assert house.ask(audit_queries.proof, business_date=today)
        standing = house.ask(balances)
        stored = house.ask(lambda s: s.execute(select(Account.id, Account.balance)).all())
        assert all(balance == standing.get(number, 0) for number, balance in stored)


def test_the_same_key_posts_once_and_never_something_else(house):
    stay = stay_in(house)
    first = charge(house, stay, 700, intent="k")
    assert charge(house, stay, 700, intent="k") == first
    assert owed(house, stay)["guestA"] == 700
    with pytest.raises(Conflict, match="used already"):
        charge(house, stay, 800, intent="k")
    with pytest.raises(Conflict, match="used already"):
        house.do(service.pay, stay_id=stay, method="CASH", amount=Money(700), intent="k")
    assert owed(house, stay)["guestA"] == 700


def test_money_without_a_key_is_a_defect(house):
    with pytest.raises(TypeError, match="intent"):
        house.do(service.pay, stay_id=1, method="CASH", amount=Money(1))


def test_a_key_whose_first_try_was_refused_can_be_used_again(house):
    stay = stay_in(house)
    with pytest.raises(Refused):
        charge(house, stay, 0, intent="k")
    assert charge(house, stay, 900, intent="k")


@pytest.mark.parametrize("statement", ["UPDATE transfer SET amount = amount + 1", "DELETE FROM transfer"])
def test_the_database_itself_keeps_the_ledger(house, statement):
    charge(house, stay_in(house))
    with pytest.raises(DBAPIError, match="never changed"), house.engine.begin() as connection:
        connection.execute(text(statement))
    house.ask(check_books)


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"amount": -5}, {"debit_id": 1, "credit_id": 1}])
def test_the_database_refuses_a_posting_that_moves_nothing(house, wrong):
    row = {
        "business_date": TODAY,
        "at": house.now(),
        "debit_id": 1,
        "credit_id": 2,
        "amount": 5,
        "code": "MISC",
        "key": "x",
        "text": "",
        "rule": "",
        "quantity": 1,
        "slip": "",
        "station": "desk-1",
    }
    with pytest.raises(DBAPIError), Session(house.engine) as session, session.begin():
        session.execute(insert(Transfer.__table__), row | wrong)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"amount": 0}, "more than 0"),
        ({"amount": -1}, "more than 0"),
        ({"quantity": 0}, "more than 0"),
        ({"code": "ROOM"}, "not charged by hand"),
        ({"code": "CASH"}, "not charged by hand"),
        ({"code": "NO"}, "not charged by hand"),
        ({"window": "B"}, "no folio B"),
        ({"stay_id": 99}, "no folio A"),
        ({"amount": 10**17}, "too large"),
        ({"amount": 10**12, "quantity": 10**9}, "too large"),
    ],
)
def test_a_wrong_charge_is_refused_with_a_sentence(house, fields, why):
    stay = stay_in(house)
    with pytest.raises(Refused, match=why):
        house.do(
            service.charge, intent="c", **({"stay_id": stay, "code": "MINIBAR", "amount": Money(5)} | fields)
        )
    assert owed(house, stay) == {"guestA": 0}


@pytest.mark.parametrize("operation", [service.pay, service.take_deposit])
@pytest.mark.parametrize(("method", "amount"), [("GOLD", 5), ("ROOM", 5), ("CASH", 0), ("CASH", -5)])
def test_money_comes_in_by_known_ways_only(desk, operation, method, amount):
    stay = stay_in(desk)
    with pytest.raises(Refused):
        desk.do(operation, stay_id=stay, method=method, amount=Money(amount), intent="m")
    assert set(owed(desk, stay).values()) == {0}


def test_a_deposit_goes_back_at_most_once_and_without_its_slip_on_a_declaration(house):
    stay = stay_in(house)
    slip = house.do(service.take_deposit, stay_id=stay, method="CASH", amount=Money(30000), intent="d")
    house.do(
        service.refund_deposit, stay_id=stay, method="CASH", amount=Money(10000), slip_back=True, intent="r1"
    )
    with pytest.raises(Refused, match=r"holds 200\.00"):
        house.do(
            service.refund_deposit,
            stay_id=stay,
            method="CASH",
            amount=Money(20001),
            slip_back=True,
            intent="r2",
        )
    assert papers(house) == [("deposit_receipt", slip)]
    house.do(
        service.refund_deposit, stay_id=stay, method="CASH", amount=Money(20000), slip_back=False, intent="r3"
    )
    assert papers(house) == [("deposit_receipt", slip), ("loss_declaration", "L-1")]
    assert owed(house, stay) == {"guestA": 0, "deposit": 0}
    assert {("Lost slip", slip), ("Refund by", "Cash")} <= set(last_paper(house).blocks[0].pairs)


def last_paper(house: House) -> Slip:
    with Session(house.engine) as session:
        return Slip.from_dict(session.scalars(select(PrintJob.slip).order_by(PrintJob.id)).all()[-1])


def papers(house: House) -> list[tuple[str, str]]:
    return [
        tuple(r)
        for r in house.ask(
            lambda s: s.execute(
                select(PrintJob.kind, PrintJob.number)
                .where(PrintJob.kind != "registration_card")
                .order_by(PrintJob.id)
            ).all()
        )
    ]


def test_a_deposit_that_went_back_is_not_paid_out_again_by_a_void(house):
    stay = stay_in(house)
    house.do(service.take_deposit, stay_id=stay, method="CASH", amount=Money(30000), intent="d")
    [line] = [x for x in house.ask(queries.folio_lines, stay_id=stay) if x.code == "DEPOSIT"]
    house.do(
        service.refund_deposit, stay_id=stay, method="CASH", amount=Money(30000), slip_back=True, intent="r"
    )
    with pytest.raises(Refused, match="holds 0"):
        house.do(service.void, transfer_id=line.id, reason="never came", intent="v")
    house.ask(check_books)


def test_an_advance_that_became_a_deposit_is_not_voided_behind_it(house):
    line = house.book()
    made = house.do(reservations.take_advance, line_id=line, method="CASH", amount=Money(20000), intent="a")
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    assert owed(house, stay)["deposit"] == -20000
    with pytest.raises(Refused, match="holds 0"):
        house.do(service.void, transfer_id=made, reason="typing", intent="v")
    house.ask(check_books)


def test_a_void_reverses_once_and_is_not_voided(house):
    stay = stay_in(house)
    line = charge(house, stay)
    back = house.do(service.void, transfer_id=line, reason="twice", intent="v")
    assert owed(house, stay)["guestA"] == 0
    with pytest.raises(Conflict, match="reversed already"):
        house.do(service.void, transfer_id=line, reason="twice", intent="w")
    with pytest.raises(Refused, match="not reversed again"):
        house.do(service.void, transfer_id=back, reason="no", intent="x")
    with pytest.raises(Refused, match="why"):
        house.do(service.void, transfer_id=charge(house, stay), reason="  ", intent="y")
    assert [x.reversed for x in house.ask(queries.folio_lines, stay_id=stay)] == [True, False, False]


def test_another_clerks_line_and_a_closed_day_need_authority(house):
    stay = stay_in(house)
    mine = charge(house, stay)
    house.do(staff.take_on, login="ann", name="Ann", password=PASSWORD, role="clerk")
    house.clerk = Clerk(2, "Ann", "clerk", ROLES["clerk"][1])
    with pytest.raises(NeedsApproval):
        house.do(service.void, transfer_id=mine, reason="wrong", intent="v")
    hers = charge(house, stay)
    house.clerk = Clerk(1, "Zhang Li", "owner", frozenset())
    house.next_day()
    house.clerk = Clerk(2, "Ann", "clerk", ROLES["clerk"][1])
    with pytest.raises(Refused, match="closed day"):
        house.do(service.void, transfer_id=hers, reason="wrong", intent="w")
    with pytest.raises(NeedsApproval):
        house.do(service.adjust, transfer_id=hers, reason="wrong", intent="x")
    house.clerk = Clerk(1, "Zhang Li", "owner", frozenset())
    house.do(service.adjust, transfer_id=hers, reason="wrong", intent="y")
    house.ask(check_books)


def test_a_line_is_transferred_in_parts_and_never_more_than_it_is(house):
    one, two = stay_in(house, "301"), stay_in(house, "302")
    line = charge(house, one, 1000)
    house.do(service.transfer_line, transfer_id=line, to_stay_id=two, amount=Money(400), intent="t1")
    assert (owed(house, one)["guestA"], owed(house, two)["guestA"]) == (600, 400)
    with pytest.raises(Refused, match=r"6\.00 is left"):
        house.do(service.transfer_line, transfer_id=line, to_stay_id=two, amount=Money(601), intent="t2")
    with pytest.raises(Refused, match="transferred"):
        house.do(service.void, transfer_id=line, reason="wrong", intent="v")
    [moved] = house.ask(queries.folio_lines, stay_id=two)
    house.do(service.void, transfer_id=moved.id, reason="wrong guest", intent="v2")
    assert (owed(house, one)["guestA"], owed(house, two)["guestA"]) == (1000, 0)
    house.do(service.transfer_line, transfer_id=line, to_stay_id=two, intent="t3")
    assert (owed(house, one)["guestA"], owed(house, two)["guestA"]) == (0, 1000)


def test_a_line_is_not_transferred_to_where_it_is(house):
    stay = stay_in(house)
    with pytest.raises(Refused, match="on this folio already"):
        house.do(service.transfer_line, transfer_id=charge(house, stay), to_stay_id=stay, intent="t")


def test_a_payment_is_not_transferred(house):
    one, two = stay_in(house, "301"), stay_in(house, "302")
    paid = house.do(service.pay, stay_id=one, method="CASH", amount=Money(500), intent="p")
    with pytest.raises(Refused, match="Only a charge"):
        house.do(service.transfer_line, transfer_id=paid, to_stay_id=two, intent="t")


def test_a_stay_has_at_most_eight_folios_each_for_a_payer(desk):
    stay = stay_in(desk)
    with pytest.raises(Refused, match="who pays"):
        desk.do(service.open_window, stay_id=stay, payer=" ")
    assert [desk.do(service.open_window, stay_id=stay, payer=f"Payer {n}") for n in range(7)] == list(
        "BCDEFGH"
    )
    with pytest.raises(Refused, match="eight"):
        desk.do(service.open_window, stay_id=stay, payer="Ninth")


def test_a_settled_stay_takes_no_postings_and_no_new_folio(house):
    stay = stay_in(house)
    line = charge(house, stay, 900)
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(900))], intent="out")
    for operation, fields in (
        (service.charge, {"stay_id": stay, "code": "MINIBAR", "amount": Money(5)}),
        (service.pay, {"stay_id": stay, "method": "CASH", "amount": Money(5)}),
        (service.take_deposit, {"stay_id": stay, "method": "CASH", "amount": Money(5)}),
        (service.void, {"transfer_id": line, "reason": "x"}),
        (service.open_window, {"stay_id": stay, "payer": "Late payer"}),
    ):
        with pytest.raises(Refused, match="settled"):
            house.do(operation, intent=house.new_intent(), **fields)
    house.ask(check_books)


def test_a_refund_at_check_out_names_a_way_to_pay_and_is_more_than_nothing(house):
    stay = stay_in(house)
    house.do(service.pay, stay_id=stay, method="CASH", amount=Money(500), intent="p")
    for refund in (
        Paid("ROOM", Money(500)),
        Paid("MINIBAR", Money(500)),
        Paid("CASH", Money(-500)),
        Paid("CASH", Money(0)),
    ):
        with pytest.raises(Refused, match="needs a method"):
            house.do(stays.check_out, stay_id=stay, refund=refund, intent=house.new_intent())
    house.do(stays.check_out, stay_id=stay, refund=Paid("CASH", Money(500)), intent="out")
    house.ask(check_books)


def test_check_out_pays_each_folio_and_sends_the_rest_to_the_city_ledger(house):
    stay = stay_in(house)
    house.do(service.open_window, stay_id=stay, payer="Company")
    charge(house, stay, 1000)
    charge(house, stay, 2500, window="B")
    house.do(service.take_deposit, stay_id=stay, method="CASH", amount=Money(1200), intent="d")
    with pytest.raises(Refused, match=r"B is short by 23\.00"):
        house.do(stays.check_out, stay_id=stay, intent="o1")
    house.do(
        stays.check_out,
        stay_id=stay,
        payments=[Paid("BANK", Money(300), "B")],
        unsettled="later",
        intent="o2",
    )
    house.ask(check_books)
    owing = house.ask(lambda s: s.scalars(select(Account.id).where(Account.stay_id == stay)).all())
    assert sorted(house.ask(balances)[a] for a in owing if a in house.ask(balances)) == [0, 0, 0, 2000]


def test_a_lent_folio_is_not_left_unsettled_by_an_undone_check_in(house):
    payer, guest = stay_in(house, "301"), stay_in(house, "302")
    line = charge(house, guest, 1000)
    house.do(service.transfer_line, transfer_id=line, to_stay_id=payer, intent="t")
    house.do(stays.check_out, stay_id=guest, intent="out")
    with pytest.raises(Refused, match="other days or folios"):
        house.do(stays.undo_check_in, stay_id=payer, reason="wrong guest", intent="u")
    house.ask(check_books)


def test_taking_a_check_out_back_leaves_what_was_charged_before(house):
    stay = stay_in(house)
    charge(house, stay, 1000)  # the clock stands: both happen in the same second
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(1000))], intent="out")
    house.do(stays.undo_check_out, stay_id=stay, reason="wrong room", intent="undo")
    assert owed(house, stay) == {"guestA": 1000}
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(1000))], intent="again")
    house.ask(check_books)


def test_an_advance_is_held_given_back_and_never_lost(house):
    line = house.book()
    house.do(reservations.take_advance, line_id=line, method="BANK", amount=Money(20000), intent="a")
    house.do(reservations.cancel, line_id=line, reason="ill")
    assert house.ask(reservation_queries.advance_held, line_id=line) == 20000
    with pytest.raises(Refused, match=r"holds 200\.00 in advance"):
        house.do(reservations.return_advance, line_id=line, method="CASH", amount=Money(20001), intent="b")
    house.do(reservations.return_advance, line_id=line, method="CASH", amount=Money(20000), intent="c")
    assert house.ask(reservation_queries.advance_held, line_id=line) == 0


def test_an_advance_comes_back_with_an_undone_check_in(house):
    line = house.book()
    house.do(reservations.take_advance, line_id=line, method="BANK", amount=Money(20000), intent="a")
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    house.do(stays.undo_check_in, stay_id=stay, reason="wrong guest", intent="u")
    assert house.ask(reservation_queries.advance_held, line_id=line) == 20000


def test_tax_is_the_same_on_both_engines_and_goes_with_a_voided_charge(house):
    from dataclasses import replace

    from pms.services.property import service as property_

    house.do(
        property_.edit,
        name="",
        options=replace(house.context_options(), tax_basis_points=605, tax_included=False),
    )
    stay = stay_in(house, prices=(9999, 10001))
    line = charge(house, stay, 333)
    assert owed(house, stay)["guestA"] == 333 + 20  # 20.1465
    house.do(service.void, transfer_id=line, reason="wrong", intent="v")
    assert owed(house, stay)["guestA"] == 0
    house.next_day()
    assert owed(house, stay)["guestA"] == 9999 + 605  # 604.9395
    house.next_day()
    assert owed(house, stay)["guestA"] == 9999 + 605 + 10001 + 605
    house.ask(check_books)


def test_a_running_hotels_balances_are_taken_over_against_equity(house):
    from pms.services.opening import service as opening

    house.do(
        opening.take_over,
        intent="t",
        guests=[
            opening.Guest("301", "Li", TODAY + timedelta(days=2), 20000, 5000, 30000),
            opening.Guest("302", "Wu", TODAY + timedelta(days=1), 20000, -700),
        ],
    )
    house.next_day()
    assert house.ask(audit_queries.proof, business_date=TODAY)
    lines = {r.ledger: r.closing for r in house.ask(queries.trial_balance, business_date=TODAY)}
    assert (lines["guest"], lines["deposit"], lines["equity"], lines["revenue"]) == (
        44300,
        -30000,
        25700,
        -40000,
    )


def test_every_code_that_is_posted_has_an_account(desk):
    for code, *_rest in ledger.CODES:
        assert desk.ask(
            lambda s, code=code: s.execute(select(Account.id).where(Account.code == code)).scalar()
        ), code
