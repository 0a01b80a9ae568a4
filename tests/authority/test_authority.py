"""How far each role may go alone: the table binds everybody, whoever approves as well; on both engines."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from pms.core.authority import DEFAULTS, NAMES, Kind, Limit, percent_off
from pms.core.errors import NeedsApproval, NotPermitted, Refused
from pms.core.money import Money
from pms.services.authority import queries, service
from pms.services.authority.models import AuthorityUse
from pms.services.staff import service as staff
from tests.authority.people import person
from tests.builders import TODAY, House


def give(work, *, kind=Kind.PRICE, percent=None, amount=0, what="298.00 for 1.00"):
    """Stand for any operation that needs authority."""
    service.authorise(work, kind, what, percent=percent, amount=amount)


def set_limit(house: House, kind: Kind, **limits: Limit | None) -> None:
    for role, limit in limits.items():
        house.do(service.set_limit, kind=kind.value, role=role, limit=limit)


def uses(house: House) -> list[queries.Use]:
    return house.ask(queries.uses, business_date=house.house().business_date)


def test_a_new_hotel_starts_with_the_ladder_of_the_trade(house):
    rows = {row.code: row for row in house.ask(queries.table)}
    assert [rows[r].limits[Kind.PRICE].percent for r in ("clerk", "supervisor", "manager", "owner")] == [
        5,
        10,
        15,
        None,
    ]
    assert [r for r, row in rows.items() if Kind.FREE in row.limits] == ["owner"]
    assert rows["manager"].limits[Kind.WAIVER] == Limit(percent=50)
    assert rows["clerk"].limits[Kind.OVER_SHORT].amount == 5000
    assert {kind for _role, kind, _limit in DEFAULTS} == set(Kind) == set(NAMES)


@pytest.mark.parametrize(("role", "most"), [("clerk", 5), ("supervisor", 10), ("manager", 15)])
def test_everybody_is_bound_by_the_own_limit(house, role, most):
    house.clerk = person(house, role)
    house.do(give, percent=most)
    with pytest.raises(NeedsApproval, match=rf"{role.title()} may go so far: {most} %"):
        house.do(give, percent=most + Fraction(1, 1000))


def test_the_approver_is_bound_by_the_own_limit_and_the_next_rank_is_named(house):
    owner, boss = house.clerk, person(house, "supervisor")
    house.clerk = person(house, "clerk")
    with pytest.raises(NeedsApproval, match="5 %. Duty manager / Manager / Owner may agree"):
        house.do(give, percent=8)
    house.do(give, percent=8, approval=boss)
    with pytest.raises(NeedsApproval) as asked:
        house.do(give, percent=99, approval=boss)
    assert str(asked.value) == "298.00 for 1.00. Supervisor may go so far: 10 %. Owner may agree."
    house.do(give, percent=99, approval=owner)
    assert [(u.by_id, u.percent) for u in uses(house)] == [(boss.id, 8), (owner.id, 99)]


def test_the_role_is_the_one_of_this_moment_and_not_of_the_sign_in(house):
    owner, house.clerk = house.clerk, person(house, "manager")
    manager = house.clerk
    house.clerk = owner
    house.do(staff.edit, staff_id=manager.id, name="Manager", role="clerk", active=True)
    house.clerk = manager
    with pytest.raises(NeedsApproval, match="5 %"):
        house.do(give, percent=15)


def test_an_agreement_is_anothers_fresh_and_of_one_who_may_approve(house):
    owner = house.clerk
    house.clerk = clerk = person(house, "clerk")
    with pytest.raises(NeedsApproval, match="Clerk may"):
        house.do(give, percent=50, approval=clerk)
    with pytest.raises(NeedsApproval) as asked:
        house.do(give, percent=12)
    old = house.word(owner, asked.value)
    house.clock.now += timedelta(seconds=61)
    with pytest.raises(NeedsApproval, match="Clerk may"):
        house.do(give, percent=12, approval=old)
    house.clerk = owner
    manager = person(house, "manager")
    house.clerk = clerk
    gone = house.word(manager, asked.value)
    house.clerk = owner
    house.do(staff.edit, staff_id=manager.id, name="Gone", role="manager", active=False)
    house.clerk = clerk
    with pytest.raises(NeedsApproval, match="Clerk may"):
        house.do(give, percent=12, approval=gone)


def test_who_has_no_row_may_not_and_where_nobody_has_one_it_is_refused(house):
    owner, house.clerk = house.clerk, person(house, "clerk")
    with pytest.raises(NeedsApproval, match=r"Clerk may not do this alone. Owner may agree"):
        house.do(give, kind=Kind.FREE, amount=29800)
    house.clerk = owner
    house.do(service.set_limit, kind="free", role="owner", limit=None)
    with pytest.raises(Refused, match="Nobody may approve"):
        house.do(give, kind=Kind.FREE, amount=29800)


def test_an_amount_and_the_latest_hour_bind(house):
    set_limit(house, Kind.WAIVER, clerk=Limit(amount=Money(5000), until="14:00"))
    house.clerk = person(house, "clerk")
    house.clock.set(TODAY, 14)
    house.do(give, kind=Kind.WAIVER, amount=5000)
    with pytest.raises(NeedsApproval, match="50.00, until 14:00"):
        house.do(give, kind=Kind.WAIVER, amount=5001)
    for day, hour in ((TODAY, 14.02), (TODAY + timedelta(days=1), 0.5)):
        house.clock.set(day, hour)
        with pytest.raises(NeedsApproval, match="until 14:00"):
            house.do(give, kind=Kind.WAIVER, amount=1)


def test_the_months_cap_counts_what_a_person_gave_and_starts_anew_with_the_month(house):
    set_limit(house, Kind.REBATE, clerk=Limit(month=Money(10000)))
    owner, house.clerk = house.clerk, person(house, "clerk")
    house.do(give, kind=Kind.REBATE, amount=6000)
    house.do(give, kind=Kind.REBATE, amount=4000)
    with pytest.raises(NeedsApproval, match="may give 100.00 a month and has given 100.00"):
        house.do(give, kind=Kind.REBATE, amount=1)
    house.do(give, kind=Kind.REBATE, amount=1, approval=owner)
    house.do(give, kind=Kind.PRICE, percent=5, amount=50000)  # another kind has its own
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE property SET business_date = '2026-12-01'")
    house.do(give, kind=Kind.REBATE, amount=10000)


def test_two_desks_do_not_both_use_what_is_left_of_the_month(house):
    """Each use is in the books before the next is judged: the person's row is held until the end."""
    set_limit(house, Kind.REBATE, clerk=Limit(month=Money(10000)))
    house.clerk = person(house, "clerk")

    def twice(work):
        give(work, kind=Kind.REBATE, amount=6000)
        give(work, kind=Kind.REBATE, amount=6000)

    with pytest.raises(NeedsApproval, match="has given 60.00"):
        house.do(twice)
    assert uses(house) == []
    held: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        held.append(statement)

    event.listen(house.engine, "before_cursor_execute", listen)
    house.do(give, kind=Kind.REBATE, amount=6000)
    if house.engine.dialect.name == "postgresql":
        assert any("FROM staff" in s and "FOR NO KEY UPDATE" in s for s in held)
    else:
        assert held[0].startswith("BEGIN IMMEDIATE") or "property" in held[0]


def test_each_use_is_kept_and_the_table_is_read_once(house):
    house.clerk = person(house, "clerk")
    read: list[str] = []

    def thrice(work):
        for _n in range(3):
            give(work, percent=Fraction(1, 3), amount=100, what="a little less")

    event.listen(house.engine, "before_cursor_execute", lambda _c, _u, sql, *_r: read.append(sql))
    house.do(thrice)
    assert sum("FROM authority_limit" in sql for sql in read) == 1
    assert [(u.kind, u.what, u.percent, u.amount) for u in uses(house)] == [
        (Kind.PRICE, "a little less", Fraction(34, 100), 100)
    ] * 3


def test_only_the_owner_edits_the_table_and_the_trail_shows_before_and_after(house):
    from pms.db.base import AuditEntry

    set_limit(house, Kind.FREE, manager=Limit(month=Money(200000)))
    set_limit(house, Kind.FREE, manager=None)
    told = house.ask(
        lambda s: s.scalars(select(AuditEntry.changes).where(AuditEntry.record == "authority")).all()
    )
    words = {"kind": "Free and house-use room", "role": "manager"}
    assert told == [
        {**words, "before": None, "after": "2,000.00 a month"},
        {**words, "before": "2,000.00 a month", "after": None},
    ]
    for role in ("manager", "supervisor", "administrator"):
        owner, house.clerk = house.clerk, person(house, role)
        with pytest.raises(NotPermitted):
            house.do(service.set_limit, kind="free", role=role, limit=Limit())
        house.clerk = owner


@pytest.mark.parametrize(
    ("role", "limit", "words"),
    [
        ("nobody", Limit(), "not there"),
        ("clerk", Limit(percent=101), "0 to 100"),
        ("clerk", Limit(amount=Money(-1)), "0 or more"),
        ("clerk", Limit(month=Money(-1)), "0 or more"),
        ("clerk", Limit(until="25:00"), "14:00"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(house, role, limit, words):
    before = house.ask(queries.table)
    with pytest.raises(Refused, match=words):
        house.do(service.set_limit, kind="price", role=role, limit=limit)
    assert house.ask(queries.table) == before


@given(
    percent=st.integers(0, 100),
    most=st.integers(0, 10**6),
    whole=st.integers(1, 10**6),
    part=st.integers(0, 10**6),
)
def test_a_limit_covers_exactly_what_is_not_above_it(percent, most, whole, part):
    limit = Limit(percent=percent, amount=Money(most))
    assert limit.covers(percent_off(part, whole), part) == (part * 100 <= percent * whole and part <= most)
    assert percent_off(part, 0) == 100


def test_uses_are_never_changed(house):
    house.do(give, percent=1)
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    for statement in ("UPDATE authority_use SET amount = 0", "DELETE FROM authority_use"):
        with pytest.raises(DBAPIError, match="never changed"), house.engine.begin() as connection:
            connection.execute(text(statement))
    assert house.ask(lambda s: s.scalars(select(AuthorityUse.kind)).all()) == ["price"]
