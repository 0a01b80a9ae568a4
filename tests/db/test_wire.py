"""A server on a slow line: how often it is waited for, counted from the driver's own protocol trace, and that
nothing is lost by saying several things at once."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from pms.core import offers
from pms.core.errors import Refused, StoreTrouble
from pms.core.money import Money
from pms.db import clashes, wire
from pms.db.base import Topic
from pms.db.engine import explained
from pms.services.shop import service as shop
from pms.services.shop.models import ShopGood
from tests.bench import probe
from tests.builders import TODAY, House


@pytest.fixture
def server(house: House) -> House:
    """The house, where it lies on a server."""
    if house.engine.dialect.name != "postgresql":
        pytest.skip("an embedded database is not waited for")
    return house


def trips(house: House, act: Callable[[], object]) -> int:
    """Return how often an answer of the server was waited for."""
    return probe.trips(house.engine, act)


def test_a_round_of_questions_waits_for_the_server_a_few_times(server):
    server.gather(offers.badges)
    assert trips(server, server.house) == 1
    assert trips(server, lambda: server.gather(offers.badges)) <= 10
    for typed in ("wang", "31", "R-1"):
        assert trips(server, lambda typed=typed: server.gather(offers.search, text=typed)) <= 6


def test_what_is_said_together_is_answered_as_what_is_said_alone(house):
    house.book("Li Na")
    alone = [answer for offer in house.offers.of(offers.badges) for answer in house.ask(offer)]
    assert house.gather(offers.badges) == alone
    found = [hit for offer in house.offers.of(offers.search) for hit in house.ask(offer, text="li")]
    assert [hit.word for hit in found] == ["reservations", "channels"]
    assert house.gather(offers.search, text="li") == found


def test_a_question_that_fails_among_others_is_told_and_the_next_round_answers(house):
    def fails(session):
        session.execute(text("SELECT 1")).one()
        raise Refused("no")

    def asks(session):
        return session.execute(text("SELECT 2")).scalar_one()

    with pytest.raises(Refused, match="no"):
        house.ask(lambda session: wire.ask_all(session, [asks, fails, asks]))
    assert house.ask(lambda session: wire.ask_all(session, [asks, asks])) == [2, 2]


def test_a_record_that_is_gone_is_noticed_although_its_change_is_said_later(server):
    server.do(shop.set_good, name="Cola", price=Money(800))
    server.do(shop.set_good, name="Beer", price=Money(1200))
    with Session(server.engine, autoflush=False) as session:
        gone, stays_ = session.query(ShopGood).order_by(ShopGood.name.desc())
        session.execute(text("DELETE FROM shop_stock WHERE good_id = :id").bindparams(id=gone.id))
        session.execute(text("DELETE FROM shop_good WHERE id = :id").bindparams(id=gone.id))
        stays_.unit = "case"
        gone.unit = "can"
        session.flush()
        with pytest.raises(StaleDataError):
            session.commit()
    with Session(server.engine) as session:
        assert {good.unit for good in session.query(ShopGood)} == {""}, "nothing of it was saved"
        assert session.query(ShopGood).count() == 2


ADD = insert(Topic.__table__).execution_options(**wire.LATER)


def test_what_is_said_later_is_done_in_its_order_and_seen_by_the_next_question(server):
    with Session(server.engine) as session, session.begin():
        session.execute(ADD, {"name": "one", "version": 1})
        session.execute(update(Topic).where(Topic.name == "one").values(version=2))
        session.execute(ADD, {"name": "two", "version": 1})
        assert dict(
            session.execute(select(Topic.name, Topic.version).where(Topic.name.in_(("one", "two")))).all()
        ) == {
            "one": 2,
            "two": 1,
        }
        session.execute(ADD, {"name": "three", "version": 1})
    assert _topics(server) == {"one", "two", "three"}


@pytest.mark.parametrize("ended_by", ["a question", "the commit", "another change"])
@pytest.mark.parametrize("many", [False, True])
def test_what_is_refused_later_is_told_of_the_statement_that_was_refused(server, ended_by, many):
    end = {
        "a question": lambda session: session.execute(select(Topic.name)).all(),
        "the commit": lambda session: session.commit(),
        "another change": lambda session: session.execute(update(Topic).values(version=7)),
    }[ended_by]
    rows = [{"name": name, "version": 1} for name in ("mine", "twice", "last")]
    with server.engine.begin() as connection:
        connection.execute(insert(Topic.__table__), {"name": "twice", "version": 5})
    with Session(server.engine) as session:
        session.execute(ADD, {"name": "before", "version": 1})
        session.execute(ADD, rows if many else rows[1])
        session.execute(ADD, {"name": "after", "version": 1})
        with pytest.raises(IntegrityError, match="pk_topic") as refused:
            end(session)
    told = clashes.rows(refused.value)
    assert [row["name"] for row in told] == (["mine", "twice", "last"] if many else ["twice"])
    assert _topics(server) == {"twice"}
    assert server.house().business_date == TODAY


def test_a_savepoint_takes_back_what_was_said_after_it_and_nothing_else(server):
    with Session(server.engine) as session, session.begin():
        session.execute(ADD, {"name": "kept", "version": 1})
        inner = session.begin_nested()
        session.execute(ADD, {"name": "lost", "version": 1})
        inner.rollback()
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(ADD, {"name": "kept", "version": 1})
        session.execute(ADD, {"name": "end", "version": 1})
    assert _topics(server) == {"kept", "end"}


def test_a_transaction_that_is_given_up_says_nothing(server):
    with Session(server.engine) as session:
        session.execute(ADD, {"name": "lost", "version": 1})
        session.rollback()
    server.house()
    assert _topics(server) == set()


@pytest.mark.parametrize("ended_by", ["a question", "the commit"])
def test_a_line_cut_before_it_was_said_loses_all_of_it_and_says_so(server, ended_by):
    with Session(server.engine) as session:
        own = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        session.execute(ADD, {"name": "lost", "version": 1})
        with server.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:own, 5000)").bindparams(own=own))
        with pytest.raises(DBAPIError) as lost:
            session.commit() if ended_by == "the commit" else session.execute(select(Topic.name))
    assert lost.value.connection_invalidated
    with pytest.raises(StoreTrouble, match="does not answer"):
        raise explained(lost.value)
    assert server.house().business_date == TODAY
    assert _topics(server) == set()


def test_rows_are_read_one_by_one_after_something_that_was_to_be_said(server):
    with Session(server.engine) as session:
        session.execute(ADD, [{"name": f"t{n}", "version": n} for n in range(50)])
        found = session.execute(
            select(Topic.version).where(Topic.name.like("t__")).execution_options(yield_per=7)
        )
        assert sorted(found.scalars()) == list(range(10, 50))


def _topics(house: House) -> set[str]:
    known = {"one", "two", "three", "mine", "twice", "last", "before", "after", "kept", "lost", "end"}
    return known & set(house.ask(lambda session: session.execute(select(Topic.name)).scalars().all()))


def test_a_connection_that_died_while_idle_is_replaced_in_silence(server, monkeypatch):
    assert server.house().business_date == TODAY
    with server.engine.connect() as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> :own"
            ).bindparams(own=own)
        )
    monkeypatch.setattr(wire, "IDLE", -1.0)
    assert [server.house().business_date for _n in range(3)] == [TODAY] * 3
