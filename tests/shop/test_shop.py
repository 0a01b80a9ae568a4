"""The shop through the services, on both engines: goods, money and stock move together or not at all."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pms.core.errors import Conflict, NeedsApproval, NeedsConfirmation, NotPermitted, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.permissions import Permission
from pms.duties import ROLES
from pms.printing import pdf, receipt
from pms.printing.slip import Facts, Slip, Table, Total
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.night_audit import proof
from pms.services.night_audit import queries as audit_queries
from pms.services.print_jobs import queries as print_queries
from pms.services.property import service as property_service
from pms.services.shifts import service as shifts
from pms.services.shop import queries, service
from pms.services.shop.models import ShopGood
from pms.services.shop.service import Back, Counted, Delivered, Item
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from tests import builders
from tests.builders import PASSWORD, TODAY, House

COLA = "6901234567892"


def stocked(
    house: House, name: str = "Cola", price: int = 800, stock: int = 10, barcode: str = COLA, par: int = 6
) -> int:
    good = house.do(
        service.set_good, name=name, price=Money(price), cost=Money(300), unit="can", barcode=barcode, par=par
    )
    if stock:
        house.do(service.receive, lines=[Delivered(good, stock)], reference="DN-1")
    return good


def sell(house: House, *lines: tuple[int, int], method: str = "CASH", **fields) -> int:
    return house.do(
        service.sell,
        lines=[Item(*x) for x in lines],
        method=method,
        intent=fields.pop("intent", house.new_intent()),
        **fields,
    )


def back(house: House, number: int, count: int, **fields) -> int:
    [line] = house.ask(queries.sold, sale_id=house.ask(queries.sale, number=number).id)
    fields = {"reason": "warm", "intent": house.new_intent(), **fields}
    return house.do(service.take_back, number=number, lines=[Back(line.move_id, count)], **fields)


def stock(house: House, good: int) -> int:
    return house.ask(queries.good, good_id=good).stock


def told(slip: Slip) -> list[tuple[str, str]]:
    return [pair for block in slip.blocks if isinstance(block, Facts) for pair in block.pairs]


def papers(house: House, kind: str) -> list[Slip]:
    return [
        Slip.from_dict(job.slip)
        for job in house.ask(print_queries.waiting, station=house.station)
        if job.kind == kind
    ]


def balance(house: House, code: str) -> int:
    with house.engine.connect() as connection:
        return (
            connection.execute(
                text(
                    "SELECT COALESCE((SELECT SUM(amount) FROM transfer WHERE debit_id = a.id), 0) - "
                    "COALESCE((SELECT SUM(amount) FROM transfer "
                    "WHERE credit_id = a.id), 0) FROM account a WHERE code = :code"
                ),
                {"code": code},
            ).scalar()
            or 0
        )


def guest_in(house: House, room: str = "301") -> int:
    return house.do(
        stays.check_in, line_id=house.book("王雅琴"), room_id=house.room_id(room), intent=house.new_intent()
    )


def owed(house: House, stay: int) -> int:
    return next(f.balance for f in house.ask(folio_queries.folios, stay_id=stay) if f.ledger == "guest")


def as_clerk(house: House) -> None:
    house.do(staff.take_on, login="chen", name="Chen", role="clerk", password=PASSWORD)
    house.clerk = Clerk(2, "Chen", "clerk", ROLES["clerk"][1])


def test_a_cash_sale_moves_goods_and_money_and_opens_the_drawer(house):
    cola, water = stocked(house), stocked(house, "Water", 300, barcode="2")
    number = sell(house, (cola, 2), (water, 1), tendered=Money(2000))
    assert (stock(house, cola), stock(house, water)) == (8, 9)
    assert (balance(house, "CASH:desk-1"), balance(house, "SHOP"), balance(house, "COUNTER")) == (
        1900,
        -1900,
        0,
    )
    [receipt] = papers(house, "shop_receipt")
    assert (receipt.drawer, receipt.number, receipt.copies) == (True, f"SH-{number}", ())
    assert "1.00" in str(receipt.to_dict())  # the change


@pytest.mark.parametrize("method", ["BANK", "MOBILE"])
def test_other_ways_to_pay_leave_the_drawer_shut(house, method):
    sell(house, (stocked(house), 1), method=method)
    assert (balance(house, method), balance(house, "COUNTER")) == (800, 0)
    assert not papers(house, "shop_receipt")[0].drawer


def test_a_sale_to_a_room_stands_on_the_folio_line_by_line_and_is_signed(house):
    stay, cola = guest_in(house), stocked(house)
    number = sell(house, (cola, 2), method="ROOM", stay_id=stay)
    [line] = house.ask(folio_queries.folio_lines, stay_id=stay)
    assert (line.code, line.text, line.rule, line.charge, line.slip) == (
        "SHOP",
        "Cola",
        "8.00 × 2",
        1600,
        f"SH-{number}",
    )
    [receipt] = papers(house, "shop_receipt")
    assert len(receipt.copies) == 2
    table = next(block for block in receipt.blocks if isinstance(block, Table))
    assert table.totals[-1] == Total("Charged to room 301", "\u00a516.00", strong=True)
    assert not {"To pay", "Paid by"} & {label for label, _value in told(receipt)}
    back(house, number, 1)
    table = next(block for block in papers(house, "shop_receipt")[-1].blocks if isinstance(block, Table))
    assert table.totals[-1] == Total("Credited to room 301", "\u00a58.00", strong=True)
    with pytest.raises(Refused, match="in the shop"):
        house.do(folios.void, transfer_id=line.id, reason="mistake", intent="v")


def test_a_room_without_a_guest_or_a_guest_without_a_room_pays_nothing(house):
    cola = stocked(house)
    assert house.ask(queries.payer, room="301") is None
    for fields in ({"method": "ROOM"}, {"method": "CASH", "stay_id": guest_in(house)}, {"method": "SHELLS"}):
        with pytest.raises(Refused):
            sell(house, (cola, 1), **fields)
    assert stock(house, cola) == 10


def test_tax_is_posted_beside_the_goods_and_given_back_to_the_last_cent(house):
    house.do(
        property_service.edit,
        name="",
        options=replace(house.context_options(), tax_basis_points=650, tax_included=False),
    )
    number = sell(house, (stocked(house, price=333), 3))
    assert (balance(house, "TAX"), balance(house, "SHOP")) == (-65, -999)
    for _turn in range(3):
        back(house, number, 1)
    assert (
        balance(house, "TAX"),
        balance(house, "SHOP"),
        balance(house, "CASH:desk-1"),
        balance(house, "COUNTER"),
    ) == (0, 0, 0, 0)


def test_an_unknown_barcode_finds_nothing_and_a_known_one_its_good(house):
    cola = stocked(house)
    assert house.ask(queries.by_barcode, code=f" {COLA} ").id == cola
    assert house.ask(queries.by_barcode, code="1") is None
    with pytest.raises(Refused, match="not on sale"):
        sell(house, (999, 1))


@pytest.mark.parametrize("twin", [COLA, "６９０１２３４５６７８９２", f"0{COLA}", f"]E0{COLA}"])
def test_two_goods_never_share_a_barcode(house, twin):
    cola = stocked(house)
    with pytest.raises(Refused, match=f"{COLA} is Cola's already"):
        stocked(house, "Other", barcode=twin)
    house.do(service.set_good, good_id=cola, name="Cola", price=Money(800), barcode=twin)  # its own


def test_two_desks_that_give_one_barcode_at_once_are_told(house):
    stocked(house)
    with pytest.raises(Conflict, match="barcode"):
        house.do(lambda work: work.session.add(ShopGood(name="Other", price=Money(1), barcode=COLA)))


@pytest.mark.parametrize("quantity", [0, -1, 10000])
def test_a_count_that_cannot_be_is_refused(house, quantity):
    cola = stocked(house)
    for call in (
        lambda: sell(house, (cola, quantity)),
        lambda: house.do(service.receive, lines=[Delivered(cola, quantity)], reference="x"),
        lambda: house.do(service.issue, good_id=cola, quantity=quantity, kind="loss", reason="x"),
    ):
        with pytest.raises(Refused, match="From 1 to"):
            call()
    assert stock(house, cola) == 10


def test_too_little_money_is_said_with_what_is_missing(house):
    with pytest.raises(Refused, match="3.00 is missing"):
        sell(house, (stocked(house), 1), tendered=Money(500))


def test_more_than_the_books_hold_is_asked_about_and_then_shows_in_the_stock(house):
    cola = stocked(house, stock=1)
    with pytest.raises(NeedsConfirmation, match="hold 1") as asked:
        sell(house, (cola, 1), (cola, 1))
    assert stock(house, cola) == 1
    sell(house, (cola, 1), (cola, 1), confirmed=frozenset({asked.value.token}))
    assert stock(house, cola) == -1


def test_a_return_names_its_sale_and_never_exceeds_it(house):
    cola = stocked(house)
    number = sell(house, (cola, 3))
    with pytest.raises(Refused, match="at most 3"):
        back(house, number, 4)
    made = back(house, number, 2)
    with pytest.raises(Refused, match="3 were sold and 2 returned: at most 1"):
        back(house, number, 2)
    assert (stock(house, cola), balance(house, "CASH:desk-1"), balance(house, "SHOP")) == (9, 800, -800)
    row = house.ask(queries.sale, number=made)
    assert (row.kind, row.of, row.total, row.reason) == ("return", number, -1600, "warm")
    assert papers(house, "shop_receipt")[-1].drawer
    with pytest.raises(Refused, match="no sale SH-99"):
        house.do(service.take_back, number=99, lines=[], reason="x", intent="n")
    with pytest.raises(Refused, match="Say why"):
        back(house, number, 1, reason=" ")


def test_a_return_of_a_sale_to_a_room_goes_back_to_the_folio_or_in_cash(house):
    stay, cola = guest_in(house), stocked(house)
    number = sell(house, (cola, 2), method="ROOM", stay_id=stay)
    back(house, number, 1)
    assert owed(house, stay) == 800
    back(house, number, 1, method="CASH")
    assert (owed(house, stay), balance(house, "CASH:desk-1")) == (800, -800)
    cash = sell(house, (cola, 1))
    with pytest.raises(Refused):
        back(house, cash, 1, method="ROOM")


def test_pressing_twice_sells_and_returns_once(house):
    cola = stocked(house)
    number = sell(house, (cola, 2), intent="k")
    assert sell(house, (cola, 2), intent="k") == number
    first = back(house, number, 1, intent="b")
    assert back(house, number, 1, intent="b") == first
    assert (stock(house, cola), balance(house, "CASH:desk-1")) == (9, 800)
    assert len(papers(house, "shop_receipt")) == 2


def test_goods_without_money_need_a_reason_and_a_second_person(house):
    cola = stocked(house)
    as_clerk(house)
    fields = {"good_id": cola, "quantity": 1, "kind": "gift"}
    with pytest.raises(Refused, match="Say why"):
        house.do(service.issue, **fields, reason=" ")
    with pytest.raises(NeedsApproval):
        house.do(service.issue, **fields, reason="for the birthday")
    house.do(service.issue, **fields, reason="for the birthday", approval=builders.BOSS)
    assert next((m.kind, m.quantity, m.reason) for m in house.ask(queries.moves, good_id=cola)) == (
        "gift",
        -1,
        "for the birthday",
    )
    with pytest.raises(Refused, match="Count them first"):
        house.do(
            service.issue,
            good_id=cola,
            quantity=50,
            kind="loss",
            reason="x",
            approval=builders.BOSS,
        )
    with pytest.raises(NotPermitted):
        house.do(service.set_good, name="x", price=Money(1))


def test_a_delivery_needs_its_note_and_carries_the_cost(house):
    cola = stocked(house, stock=0)
    with pytest.raises(Refused, match="delivery note"):
        house.do(service.receive, lines=[Delivered(cola, 5)], reference=" ")
    house.do(service.receive, lines=[Delivered(cola, 5, Money(350))], reference="DN-7")
    row = house.ask(queries.good, good_id=cola)
    assert (row.stock, row.cost) == (5, 350)


def test_a_count_books_each_difference_with_its_reason_or_nothing(house):
    cola, water = stocked(house), stocked(house, "Water", 300, barcode="2")
    with pytest.raises(Refused, match=r"Cola differs by -2"):
        house.do(service.count, counted=[Counted(water, 12, "found two"), Counted(cola, 8)])
    assert (stock(house, cola), stock(house, water)) == (10, 10)
    assert house.do(service.count, counted=[Counted(water, 10), Counted(cola, 8, "broken")]) == 1
    assert stock(house, cola) == 8


def test_the_count_sheet_does_not_tell_the_stock(house):
    stocked(house, stock=7777)
    house.do(service.print_count_sheet)
    [sheet] = papers(house, "stocktake")
    assert "7777" not in str(sheet.to_dict())


def test_low_stock_is_asked_for_once_and_the_delivery_closes_the_request(house):
    cola = stocked(house, stock=2, par=6)
    stocked(house, "Water", stock=9, barcode="2")
    assert [g.id for g in house.ask(queries.low)] == [cola]
    assert house.ask(queries.badges)[0].count == 1
    number = house.do(service.request)
    [row] = house.ask(queries.requests)
    assert [(line[0], line[3], line[4]) for line in row.lines] == [(cola, 2, 4)]
    assert [i.number for i in house.ask(queries.handover)] == [f"PR-{number}"]
    [paper] = papers(house, "purchase_request")
    assert paper.paper == "A4"
    with pytest.raises(Refused, match="not on request already"):
        house.do(service.request)
    house.do(service.receive, lines=[Delivered(cola, 4)], reference="DN-2", request_number=number)
    assert house.ask(queries.requests) == []
    with pytest.raises(Conflict):
        house.do(service.drop_request, number=number)


def test_a_sale_or_a_return_outside_an_open_shift_is_refused_and_nothing_is_lost(house):
    cola = stocked(house)
    house.do(property_service.edit, name="", options=replace(house.context_options(), shifts=True))
    with pytest.raises(Refused, match="No shift is open"):
        sell(house, (cola, 1))
    assert (stock(house, cola), balance(house, "SHOP"), house.ask(queries.sales, business_date=TODAY)) == (
        10,
        0,
        [],
    )
    shift = house.do(shifts.open_shift, float_amount=Money(0), intent="open")
    number = sell(house, (cola, 1))
    house.do(shifts.count, shift_id=shift, pieces={})
    for call in (lambda: sell(house, (cola, 1)), lambda: back(house, number, 1)):
        with pytest.raises(Refused, match="is counted"):
            call()
    assert (stock(house, cola), balance(house, "SHOP")) == (9, -800)


def test_search_finds_goods_and_receipts(house):
    cola = stocked(house, "可口可乐")
    number = sell(house, (cola, 1))
    for typed in ("可乐", "kkkl", "kekou", COLA[:6]):
        assert [h.what for h in house.ask(queries.search, text=typed)] == [{"good_id": cola}]
    assert [h.what for h in house.ask(queries.search, text=f"sh-{number}")] == [{"sale": number}]


def test_the_books_close_with_the_shop_in_them(house):
    stay, cola = guest_in(house), stocked(house)
    number = sell(house, (cola, 2))
    sell(house, (cola, 1), method="ROOM", stay_id=stay)
    back(house, number, 1)
    house.next_day()
    assert house.ask(audit_queries.proof, business_date=TODAY)
    assert house.ask(lambda s: list(proof.faults(s))) == []
    assert [r.total for r in house.ask(queries.sales, business_date=TODAY)] == [-800, 800, 1600]


def carried_and_moved(house: House) -> list[tuple[int, int]]:
    with house.engine.connect() as connection:
        return connection.execute(
            text(
                "SELECT s.quantity, coalesce((SELECT sum(m.quantity) FROM shop_move m WHERE m.good_id = "
                "s.good_id), 0) FROM shop_stock s ORDER BY s.good_id"
            )
        ).all()


def test_stock_is_carried_with_every_move_and_proved_from_the_moves(house):
    cola, water = stocked(house), stocked(house, "Water", 300, 4, "")
    never = stocked(house, "Tea", 500, 0, "")
    number = sell(house, (cola, 3), (water, 1))
    back(house, sell(house, (cola, 2)), 1)
    house.do(service.issue, good_id=cola, quantity=1, kind="gift", reason="apology")
    house.do(service.count, counted=[Counted(water, 2, "broken")])
    assert number
    assert carried_and_moved(house) == [(5, 5), (2, 2), (0, 0)]
    assert {g.id: g.stock for g in house.ask(queries.goods)} == {cola: 5, water: 2, never: 0}
    assert house.ask(lambda s: list(proof.faults(s))) == []
    with house.engine.begin() as connection:
        connection.execute(text(f"UPDATE shop_stock SET quantity = 7 WHERE good_id = {water}"))
    [fault] = house.ask(lambda s: list(proof.faults(s)))
    assert fault == "The stock of Water is carried as 7, its moves make 2."


def test_two_desks_that_sell_the_same_goods_at_once_lose_none(house, engine):
    other = builders.office(engine, found=False)
    other.station, other.ids = "desk-2", lambda: f"other-{id(object())}"
    other.clock = house.clock
    cola, water = stocked(house, stock=40), stocked(house, "Water", 300, 40, "")
    broken: list[Exception] = []

    def work(desk: House, order: tuple[int, int], name: str) -> None:
        try:
            for n in range(8):
                sell(desk, (order[0], 1), (order[1], 1), intent=f"{name}{n}")
        except Exception as defect:
            broken.append(defect)

    desks = (
        threading.Thread(target=work, args=(house, (cola, water), "a")),
        threading.Thread(target=work, args=(other, (water, cola), "b")),
    )
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join(60)
    assert broken == []
    assert carried_and_moved(house) == [(24, 24), (24, 24)]


def test_moves_and_receipts_are_never_changed_in_the_database(house):
    sell(house, (stocked(house), 1))
    for table in ("shop_move", "shop_sale"):
        for statement in (f"UPDATE {table} SET station = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError), house.engine.begin() as connection:
                connection.execute(text(statement))


@pytest.mark.parametrize("turn", range(3))
def test_two_desks_take_the_same_goods_back_once(house, engine, turn):
    number = sell(house, (stocked(house), 2))
    other = builders.office(engine, found=False)
    other.station = "desk-2"
    [line] = house.ask(queries.sold, sale_id=house.ask(queries.sale, number=number).id)
    barrier, won, lost = threading.Barrier(2), [], []

    def run(desk: House) -> None:
        barrier.wait(10)
        try:
            won.append(
                desk.do(
                    service.take_back,
                    number=number,
                    lines=[Back(line.move_id, 2)],
                    reason="warm",
                    intent=f"back {desk.station}",
                )
            )
        except Refused as refusal:
            lost.append(refusal)

    threads = [threading.Thread(target=run, args=(desk,)) for desk in (house, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(won), len(lost)) == (1, 1)
    assert stock(house, 1) == 10


steps = st.lists(
    st.tuples(
        st.sampled_from(["receive", "sell", "room", "back", "issue", "count", "again"]),
        st.integers(0, 1),
        st.integers(1, 5),
    ),
    max_size=14,
)


@given(steps=steps)
def test_stock_is_the_sum_of_its_moves_and_money_follows_the_goods(fresh, steps):
    with fresh() as house:
        stay, goods = (
            guest_in(house),
            [stocked(house, "Cola", 800, 5), stocked(house, "Water", 300, 5, barcode="2")],
        )
        expected, revenue, left = [5, 5], 0, {}
        for turn, (what, which, n) in enumerate(steps):
            key, good = f"turn {turn}", goods[which]
            price = (800, 300)[which]
            if what == "receive":
                house.do(service.receive, lines=[Delivered(good, n)], reference="DN", intent=key)
                expected[which] += n
            elif what in ("sell", "room", "again"):
                fields = {"method": "ROOM", "stay_id": stay} if what == "room" else {"method": "CASH"}
                try:
                    number = sell(house, (good, n), intent=key, **fields)
                    if what == "again":
                        assert sell(house, (good, n), intent=key, **fields) == number
                except NeedsConfirmation:
                    assert n > expected[which]
                else:
                    expected[which] -= n
                    revenue += n * price
                    left[number] = [which, n, price]
            elif what == "back" and left:
                number = list(left)[n % len(left)]
                good_at, most, paid = left[number]
                try:
                    back(house, number, n, intent=key)
                except Refused:
                    assert n > most
                else:
                    left[number][1] -= n
                    expected[good_at] += n
                    revenue -= n * paid
            elif what == "issue":
                try:
                    house.do(
                        service.issue, good_id=good, quantity=n, kind="loss", reason="broken", intent=key
                    )
                except Refused:
                    assert n > expected[which]
                else:
                    expected[which] -= n
            elif what == "count":
                house.do(service.count, counted=[Counted(good, n, "counted")], intent=key)
                expected[which] = n
        for good, wanted in zip(goods, expected, strict=True):
            assert (
                stock(house, good)
                == wanted
                == sum(m.quantity for m in house.ask(queries.moves, good_id=good, limit=1000))
            )
        assert (balance(house, "SHOP"), balance(house, "COUNTER")) == (-revenue, 0)
        assert balance(house, "CASH:desk-1") + owed(house, stay) == revenue


def test_every_paper_comes_out_of_every_printer(desk):
    house = desk
    good = stocked(house, "可口可乐", stock=3)
    number = sell(house, (good, 2), method="ROOM", stay_id=guest_in(house))
    back(house, number, 1)
    sell(house, (good, 1), tendered=Money(10000))
    house.do(service.print_count_sheet)
    house.do(service.request)
    jobs = house.ask(print_queries.waiting, station=house.station)
    slips = [Slip.from_dict(job.slip) for job in jobs if job.kind != "registration_card"]
    assert len(slips) == 5
    for slip in slips:
        assert pdf.render(slip).startswith(b"%PDF")
        assert receipt.render(replace(slip, paper="58mm"))


def test_money_is_not_paid_back_by_who_may_not_give_money_back(house):
    cola = stocked(house)
    number = sell(house, (cola, 1))
    house.do(staff.edit_role, code="clerk", rights=sorted(ROLES["clerk"][1] - {Permission.FOLIOS_REFUND}))
    as_clerk(house)
    with pytest.raises(NotPermitted, match="folios:refund"):
        back(house, number, 1)
