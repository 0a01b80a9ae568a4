"""Tax and service charge, within the price or on top, follow their charge wherever it goes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import literal, select

from pms.core.errors import NeedsApproval, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.options import Levy, Options
from pms.db.base import PrintJob
from pms.duties import ROLES
from pms.services.figures import queries as figures
from pms.services.folios import queries, service, tax
from pms.services.folios.models import Account, Transfer
from pms.services.night_audit import queries as audit_queries
from pms.services.night_audit.models import NightFigure
from pms.services.property import service as property_
from pms.services.reports import queries as reports
from pms.services.staff import service as staff
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import PASSWORD, SECRET, SMALL, TODAY, House, office
from tests.invariants import balances, check_books

DAY = timedelta(days=1)


def rules(house: House, points: int = 600, included: bool = True, levies: tuple[Levy, ...] = ()) -> None:
    house.do(
        property_.edit,
        name="",
        options=replace(
            house.context_options(), tax_basis_points=points, tax_included=included, levies=levies
        ),
    )


def stay_in(house: House, room: str = "301", **fields: object) -> int:
    line = house.book(f"Guest {room}", **fields)
    made: int = house.do(stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent())
    return made


def charge(house: House, stay: int, amount: int = 1000, code: str = "MINIBAR") -> int:
    made: int = house.do(
        service.charge, stay_id=stay, code=code, amount=Money(amount), intent=house.new_intent()
    )
    return made


def move(house: House, line: int, stay: int, amount: int | None = None) -> int:
    made: int = house.do(
        service.transfer_line,
        transfer_id=line,
        to_stay_id=stay,
        amount=None if amount is None else Money(amount),
        intent=house.new_intent(),
    )
    return made


def rebate(house: House, line: int, amount: int, reason: str = "cold water") -> int:
    made: int = house.do(
        service.rebate, transfer_id=line, amount=Money(amount), reason=reason, intent=house.new_intent()
    )
    return made


def void(house: House, line: int) -> None:
    house.do(service.void, transfer_id=line, reason="wrong", intent=house.new_intent())


def owed(house: House, stay: int) -> int:
    return sum(f.balance for f in house.ask(queries.folios, stay_id=stay) if f.ledger == "guest")


def books(house: House, *codes: str) -> list[int]:
    """Return what the accounts earned: credits less debits."""
    standing = house.ask(balances)
    ids = dict(house.ask(lambda s: s.execute(select(Account.code, Account.id)).all()))
    return [-standing.get(ids[code], 0) for code in codes]


# ------------------------------------------------------------------ the rule
@pytest.mark.parametrize(("currency", "included"), [("CNY", True), ("EUR", False)])
def test_a_new_hotels_prices_include_tax_in_china_and_a_running_ones_do_not_change(
    tmp_path, currency, included
):
    from pms.db import schema
    from pms.db.engine import open_engine, sqlite_url

    engine = open_engine(sqlite_url(tmp_path / "new.db"), SECRET)
    schema.upgrade(engine)
    new = office(engine, replace(SMALL, currency=currency))
    assert new.context_options().tax_included is included
    engine.dispose()
    assert Options.read({"tax_basis_points": 600}).tax_included is False


def test_a_codes_own_rule_is_kept_and_read_back():
    mine = replace(Options(), levies=(Levy("MINIBAR", 1300, False), Levy("ROOM", None, None, 1000, True)))
    again = Options.read(mine.changed())
    assert again == mine
    assert tax.rule(again, "MINIBAR").tax == tax.Share(1300, included=False)
    assert tax.rule(replace(again, tax_included=True, tax_basis_points=600), "ROOM") == tax.Rule(
        tax.Share(600, included=True), tax.Share(1000, included=True)
    )
    assert tax.rule(replace(again, tax_basis_points=600), "NOSHOW").tax.points == 0


@given(
    price=st.integers(-(10**9), 10**9),
    rate=st.integers(0, 2500),
    included=st.booleans(),
    extra=st.tuples(st.sampled_from([0, 1000, 1500]), st.booleans()),
)
def test_the_database_reckons_as_the_program_does(founded, price, rate, included, extra):
    from pms.db.engine import open_engine, sqlite_url

    options = Options(
        tax_basis_points=rate,
        tax_included=included,
        levies=(Levy("ROOM", None, None, *extra),),
    )
    found = tax.of(options, "ROOM", price)
    within = sum(p.amount for p in found if not p.on_top and p.of == "ROOM")
    assert tax.net(options, "ROOM", price) == price - within
    assert [-p.amount for p in found] == [p.amount for p in tax.of(options, "ROOM", -price)]
    engine = open_engine(sqlite_url(founded), SECRET)
    with engine.connect() as connection:
        net = connection.execute(select(tax.net_of(literal(price), tax.rule(options, "ROOM")))).scalar_one()
    engine.dispose()
    assert net == price - within


# ------------------------------------------------------------------ within the price
def test_a_price_that_includes_tax_is_one_line_and_the_figures_are_net_of_it(house):
    rules(house)
    stay = stay_in(house, prices=(29800, 29800))
    before = house.ask(audit_queries.rehearsal, business_date=TODAY)
    assert [(c.code, c.amount, c.owed) for c in before] == [("ROOM", 29800, 29800), ("TAX", 1687, 0)]
    house.next_day()
    assert owed(house, stay) == 29800
    assert [x.code for x in house.ask(queries.folio_lines, stay_id=stay)] == ["ROOM"]
    assert books(house, "ROOM", "TAX") == [28113, 1687]
    found = house.ask(reports.figures, start=TODAY, end=TODAY)
    assert (found.revenue, found.adr) == (28113, 28113)
    for question in (reports.by_source, reports.by_segment, figures.origins):
        assert [s.amount for s in house.ask(question, start=TODAY, end=TODAY)] == [28113]
    [night] = house.ask(figures.nights_sold, start=TODAY, end=TODAY)
    assert night.price == 28113
    assert {s.name: s.amount for s in house.ask(reports.by_code, start=TODAY, end=TODAY)}["ROOM"] == 28113
    [coming] = [p for p in house.ask(figures.pick_up, today=TODAY + DAY) if p.booked] or [None]
    assert coming is None  # the guest is in house
    house.ask(check_books)


def test_what_is_booked_is_told_net_as_well(house):
    rules(house)
    house.book(prices=(29800,), nights=1)
    assert house.ask(figures.pick_up, today=TODAY)[0].revenue == 28113


def test_on_top_stays_as_it_was(house):
    rules(house, included=False)
    stay = stay_in(house, prices=(29800,), nights=1)
    house.next_day()
    assert owed(house, stay) == 29800 + 1788
    assert books(house, "ROOM", "TAX") == [29800, 1788]
    assert house.ask(reports.figures, start=TODAY, end=TODAY).adr == 29800


@pytest.mark.parametrize(
    ("included", "first", "second", "taxes"),
    [(False, 10600, 5300, (600, 300)), (True, 10000, 5000, (566, 283))],
)
def test_a_negative_price_has_negative_tax(house, included, first, second, taxes):
    rules(house, included=included)
    stay = stay_in(house, prices=(10000, -5000))
    rehearsed = house.ask(audit_queries.rehearsal, business_date=TODAY)
    house.next_day()
    assert (owed(house, stay), books(house, "TAX")) == (first, [taxes[0]])
    assert sum(c.owed for c in rehearsed) == first
    rehearsed = house.ask(audit_queries.rehearsal, business_date=TODAY + DAY)
    house.next_day()
    assert (owed(house, stay), books(house, "TAX")) == (second, [taxes[0] - taxes[1]])
    assert sum(c.owed for c in rehearsed) == second - first
    house.ask(check_books)
    revenue = house.ask(lambda s: s.scalars(select(NightFigure.revenue).where(NightFigure.revenue < 0)).all())
    assert revenue == [-5000 + (taxes[1] if included else 0)]


# ------------------------------------------------------------------ by code, with a service charge
def test_each_code_has_its_own_tax_and_service_charge(house):
    levies = (
        Levy("MINIBAR", 1300, False),
        Levy("LAUNDRY", service=1000),
        Levy("DAMAGE", tax=0),
        Levy("ROOM", service=1500),
    )
    rules(house, levies=levies)
    stay = stay_in(house, prices=(20000,), nights=1)
    charge(house, stay, 1000)  # 10.00 and 1.30 on top
    assert (owed(house, stay), books(house, "MINIBAR", "TAX")) == (1130, [1000, 130])
    line = charge(house, stay, 2120, "LAUNDRY")  # 21.20 with 1.20 tax; service 2.12 with 0.12
    assert (owed(house, stay), books(house, "LAUNDRY", "SERVICE", "TAX")) == (1130 + 2332, [2000, 200, 262])
    void(house, line)
    assert (owed(house, stay), books(house, "LAUNDRY", "SERVICE", "TAX")) == (1130, [0, 0, 130])
    charge(house, stay, 5000, "DAMAGE")
    assert (owed(house, stay), books(house, "DAMAGE", "TAX")) == (6130, [5000, 130])
    expected = house.ask(audit_queries.rehearsal, business_date=TODAY)
    house.next_day()
    assert owed(house, stay) == 6130 + 20000 + 3000
    assert books(house, "ROOM", "SERVICE", "TAX") == [20000 - 1132, 3000 - 170, 130 + 1132 + 170]
    posted = house.ask(
        lambda s: s.execute(
            select(Transfer.code, Transfer.amount).where(
                Transfer.business_date == TODAY, Transfer.text == "301"
            )
        ).all()
    )
    assert sorted((c.code, c.amount) for c in expected) == sorted(tuple(p) for p in posted)
    house.ask(check_books)


def test_the_clocks_charge_and_the_bill_say_what_is_asked(house):
    rules(house, included=False, levies=(Levy("HALF", service=1000),))
    stay = stay_in(house, prices=(20000, 20000))
    house.next_day()
    house.clock.set(TODAY + 2 * DAY, 2)
    house.next_day()
    house.clock.set(TODAY + 2 * DAY, 13)
    left = house.ask(
        stay_queries.leaving,
        stay_id=stay,
        business_date=TODAY + 2 * DAY,
        now=house.now(),
        zone="Asia/Shanghai",
        options=house.context_options(),
    )
    assert left.charge == 10000 + 1000 + 600 + 60
    house.do(
        stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(2 * 21200 + left.charge))], intent="out"
    )
    house.ask(check_books)


# ------------------------------------------------------------------ it goes with its charge
def test_a_moved_charge_takes_its_tax_along_in_parts_and_back(house):
    rules(house, included=False)
    one, two = stay_in(house, "301"), stay_in(house, "302")
    line = charge(house, one, 1000)
    first = move(house, line, two, 333)
    assert (owed(house, one), owed(house, two)) == (667 + 40, 333 + 20)
    second = move(house, line, two)
    assert (owed(house, one), owed(house, two)) == (0, 1060)
    with pytest.raises(Refused, match="transferred"):
        void(house, line)
    back = move(house, first, one)
    assert (owed(house, one), owed(house, two)) == (353, 707)
    for moved in (back, first, second):
        void(house, moved)
    assert (owed(house, one), owed(house, two)) == (1060, 0)
    void(house, line)
    assert (owed(house, one), books(house, "TAX", "MINIBAR")) == (0, [0, 0])
    house.ask(check_books)


def test_tax_is_neither_moved_nor_voided_without_its_charge(house):
    rules(house, included=False)
    one, two = stay_in(house, "301"), stay_in(house, "302")
    charge(house, one, 1000)
    [line] = [x for x in house.ask(queries.folio_lines, stay_id=one) if x.code == "TAX"]
    for attempt in (lambda: move(house, line.id, two), lambda: void(house, line.id)):
        with pytest.raises(Refused, match="go with their charge"):
            attempt()


@pytest.mark.parametrize("included", [False, True])
def test_a_rebate_gives_a_part_of_a_closed_days_night_back_out_of_room_revenue(house, included):
    rules(house, included=included)
    stay = stay_in(house, prices=(29800,) * 3, nights=3)
    house.next_day()
    [line] = [x for x in house.ask(queries.folio_lines, stay_id=stay) if x.code == "ROOM"]
    before, room, taxed = owed(house, stay), *books(house, "ROOM", "TAX")
    made = rebate(house, line.id, 5000, "no hot water")
    lost = 283 if included else 300
    assert before - owed(house, stay) == (5000 if included else 5300)
    assert books(house, "ROOM", "TAX") == [room - 5000 + (lost if included else 0), taxed - lost]
    shown = next(x for x in house.ask(queries.folio_lines, stay_id=stay) if x.id == made)
    assert (shown.code, shown.text, shown.rule, shown.charge) == ("ADJUST", "ROOM", "no hot water", -5000)
    with pytest.raises(Refused, match=r"248\.00 is left"):
        rebate(house, line.id, 24801)
    with pytest.raises(Refused, match="rebated"):
        house.do(service.adjust, transfer_id=line.id, reason="all", intent="a")
    void(house, made)
    assert (owed(house, stay), books(house, "ROOM", "TAX")) == (before, [room, taxed])
    house.ask(check_books)


def test_a_rebate_is_a_charges_and_says_why(house):
    stay = stay_in(house)
    line = charge(house, stay)
    for amount, reason, why in ((0, "x", "more than 0"), (-5, "x", "more than 0"), (5, "  ", "why")):
        with pytest.raises(Refused, match=why):
            rebate(house, line, amount, reason)
    paid = house.do(service.pay, stay_id=stay, method="CASH", amount=Money(500), intent="p")
    with pytest.raises(Refused, match="Only a charge"):
        rebate(house, paid, 100)
    with pytest.raises(Refused, match="Only a charge"):
        rebate(house, rebate(house, line, 100), 50)


def test_a_rebate_needs_authority_and_prints_a_slip(house):
    stay = stay_in(house)
    line = charge(house, stay, 3000)
    number = house.do(staff.take_on, login="ann", name="Ann", password=PASSWORD, role="clerk")
    house.clerk = Clerk(number, "Ann", "clerk", ROLES["clerk"][1])
    with pytest.raises(NeedsApproval, match="may agree"):
        rebate(house, line, 1000)
    assert owed(house, stay) == 3000
    house.clerk = Clerk(1, "Zhang Li", "owner", ROLES["owner"][1])
    rebate(house, line, 1000)
    assert owed(house, stay) == 2000
    [slip] = house.ask(lambda s: s.scalars(select(PrintJob.slip).where(PrintJob.kind == "rebate_slip")).all())
    assert "cold water" in str(slip)
    assert "10.00" in str(slip)


def test_the_bill_says_the_tax_its_charges_include(house):
    rules(house, levies=(Levy("LAUNDRY", 1300),))
    one, two = stay_in(house, "301", prices=(29800,) * 3, nights=3), stay_in(house, "302")
    house.next_day()
    line = charge(house, one, 1130, "LAUNDRY")  # 1.30
    [room] = [x for x in house.ask(queries.folio_lines, stay_id=one) if x.code == "ROOM"]
    assert within(house, one) == 1687 + 130
    moved = move(house, room.id, two, 14900)
    assert (within(house, one), within(house, two)) == (1687 - 844 + 130, 844 + 1687)
    rebate(house, line, 565)
    assert within(house, one) == 1687 - 844 + 65
    void(house, moved)
    assert within(house, one) == 1687 + 65
    bill = house.do(service.preview_bill, stay_id=one)
    told = [total for total in bill["blocks"][2]["totals"] if "of which tax" in total["label"]]
    assert [(total["label"], total["value"]) for total in told] == [("of which tax", "17.52")]


def within(house: House, stay: int) -> int:
    lines = house.ask(queries.folio_lines, stay_id=stay)
    return int(house.ask(queries.tax_within, lines=lines))


STEP = st.tuples(st.sampled_from(["move", "rebate", "void"]), st.integers(0, 20), st.integers(1, 999))
RULE = st.sampled_from(
    [
        (605, False, ()),
        (605, True, ()),
        (605, True, (Levy("MINIBAR", service=1000),)),
        (605, False, (Levy("MINIBAR", service=1500, service_included=True),)),
        (605, True, (Levy("MINIBAR", service=1500, service_included=True), Levy("SERVICE", 1300, False))),
    ]
)


@given(rule=RULE, steps=st.lists(STEP, min_size=3, max_size=10))
def test_whatever_is_moved_split_and_given_back_leaves_no_cent_of_tax(fresh, rule, steps):
    with fresh() as house:
        rules(house, *rule)
        there = [stay_in(house, room, nights=3) for room in ("301", "302", "303")]
        lines = [charge(house, there[0], 999)]
        for verb, which, amount in steps:
            line = lines[which % len(lines)]
            try:
                if verb == "move":
                    lines.append(move(house, line, there[which % 3], amount))
                elif verb == "rebate":
                    lines.append(rebate(house, line, amount))
                else:
                    void(house, line)
            except Refused:
                continue
            house.ask(check_books)
        for line in lines:  # what is left anywhere is given back
            left = house.ask(left_of, line=line)
            if left:
                rebate(house, line, left)
        assert [owed(house, stay) for stay in there] == [0, 0, 0]
        assert books(house, "MINIBAR", "SERVICE", "TAX") == [0, 0, 0]


def left_of(session, *, line: int) -> int:
    """Return what still stands of a line, counted from the rows: nothing of one that was reversed, or that
    is a rebate."""
    t = session.get(Transfer, line)
    if t.code == "ADJUST" or session.scalars(select(Transfer.id).where(Transfer.reverses == line)).first():
        return 0
    undone = select(Transfer.reverses).where(Transfer.reverses.is_not(None))
    gone = session.scalars(
        select(Transfer.amount).where(
            Transfer.slip.in_((f"T{line}", f"A{line}")),
            Transfer.reverses.is_(None),
            Transfer.id.not_in(undone),
        )
    )
    return int(t.amount) - sum(gone)


@pytest.mark.parametrize("included", [True, False])
def test_a_night_paid_after_midnight_bears_its_tax_once(house, included):
    rules(house, 600, included)
    stay = stay_in(house, nights=1, prices=(29800,))
    house.at_night()
    owed = 29800 if included else 31588
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(owed))], intent="out")
    house.next_day()
    taxes = house.ask(
        lambda s: s.scalars(
            select(Transfer.amount).where(Transfer.stay_id == stay, Transfer.code == "TAX")
        ).all()
    )
    assert taxes == [1687 if included else 1788]
    house.ask(check_books)
