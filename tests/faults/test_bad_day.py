"""A server that hangs, stops, is held up by another desk or loses the answer: told within ten seconds,
nothing done twice, nothing said to be saved or not that is otherwise."""

import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from pms.core.errors import StoreTrouble
from pms.core.money import Money
from pms.db import hosts, schema
from pms.db.engine import open_engine
from pms.services.folios import service as folios
from pms.services.folios.models import Transfer
from pms.services.luggage import service as luggage
from pms.services.luggage.models import LuggageTag
from pms.services.stays import service as stays
from tests import builders
from tests.builders import SECRET, House
from tests.faults import server as servers
from tests.faults.server import Server, frozen

TOLD_WITHIN = 10.0
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # the driver drops what a connection that is gone still held


@pytest.fixture(scope="module")
def server():
    if why := servers.why_not():
        pytest.skip(why)
    with tempfile.TemporaryDirectory(prefix="pms-server-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "server"
        home.mkdir()
        made = Server(home)
        made.start()
        engine = open_engine(made.make("founded"), SECRET)
        schema.upgrade(engine)
        builders.office(engine)
        engine.dispose()
        yield made
        made.stop()


@pytest.fixture
def house(server, request):
    name = f"hotel_{abs(hash(request.node.name)) % 10**8}"
    url = server.make(name, "founded")
    if getattr(request, "param", 1) == 2:
        url = hosts.addressed(url, [*hosts.typed("127.0.0.1:1"), *hosts.addresses(url)])
    engine = open_engine(url, SECRET)
    made = builders.office(engine, found=False)
    made.ids = (f"{name}-{n}" for n in range(10**6)).__next__
    made.name = name
    yield made
    engine.dispose()


with_a_standby = pytest.mark.parametrize("house", [1, 2], indirect=True, ids=["one server", "two servers"])
"""The second one does not answer: what holds for one server holds for those that take its place."""


def stay_in(house: House) -> int:
    fields = {"line_id": house.book(), "room_id": house.room_id("301")}
    return house.do(stays.check_in, **fields, intent=house.new_intent())


def told(act) -> tuple[str, float]:
    """Return in which words and after how many seconds something is refused."""
    begun = time.monotonic()
    with pytest.raises(StoreTrouble) as refusal:
        act()
    return str(refusal.value), time.monotonic() - begun


@with_a_standby
def test_a_stopped_backend_is_told_and_trying_again_does_it_once(server, house):
    stay = stay_in(house)
    charge = folios.charge.of(stay_id=stay, code="MINIBAR", amount=Money(900))
    with frozen(server.backends(house.name)):
        sentence, after = told(lambda: house.do(charge, intent="minibar"))
        first = house.do(charge, intent="minibar")  # the server itself is there
    assert "does not answer" in sentence
    assert "not done twice" in sentence
    assert after < TOLD_WITHIN
    assert house.do(charge, intent="minibar") == first
    lines = house.ask(
        lambda s: s.scalar(select(func.count()).select_from(Transfer).where(Transfer.code == "MINIBAR"))
    )
    assert lines == 1


@with_a_standby
def test_a_question_to_a_stopped_backend_is_answered_by_another_or_told(server, house):
    assert house.house().name
    with frozen(server.backends(house.name)):
        begun = time.monotonic()
        assert house.house().name == "云栖酒店"
    assert time.monotonic() - begun < TOLD_WITHIN


@with_a_standby
def test_a_server_that_has_stopped_altogether_is_told(server, house):
    call = luggage.store.of(guest_name="Wang", stay_id=stay_in(house))
    with frozen(server.processes()):
        sentence, after = told(lambda: house.do(call, intent="bags"))
    assert "does not answer" in sentence
    assert after < TOLD_WITHIN
    assert house.do(call, intent="bags") == 1


def test_a_desk_that_hangs_with_rows_in_its_hands_is_told_to_the_others_and_cut_off(server, house):
    stay = stay_in(house)
    charge = folios.charge.of(stay_id=stay, code="MINIBAR", amount=Money(900))
    hanging = open_engine(house.engine.url, SECRET)
    with hanging.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.execute(text("SELECT id FROM account FOR UPDATE"))
        sentence, after = told(lambda: house.do(charge, intent="minibar"))
        assert "Another workstation holds what this needs" in sentence
        assert after < TOLD_WITHIN
        time.sleep(max(11 - after, 0))
        assert house.do(charge, intent="minibar")  # the one that hung has been cut off
        connection.invalidate()
    hanging.dispose()


def lose_the_answer(house: House) -> None:
    """Cut the line once when the server has carried out the next commit."""

    def cut(connection) -> None:
        connection.exec_driver_sql("SELECT 1")
        if connection.info.pop("cut", None):
            connection.exec_driver_sql("COMMIT")
            connection.connection.driver_connection.close()

    @event.listens_for(house.engine, "begin", once=True)
    def mark(connection) -> None:
        connection.info["cut"] = True

    event.listen(house.engine, "commit", cut, insert=True)


def bags(house: House) -> int:
    return house.ask(lambda s: s.scalar(select(func.count()).select_from(LuggageTag)))


@with_a_standby
def test_an_answer_lost_at_the_commit_is_looked_up_by_its_key(house):
    call = luggage.store.of(stay_id=stay_in(house))
    lose_the_answer(house)
    assert house.do(call, intent="bags") == 1
    assert bags(house) == 1


def test_without_a_key_an_answer_lost_at_the_commit_is_not_certain(house):
    call = luggage.store.of(stay_id=stay_in(house))
    lose_the_answer(house)
    sentence, _after = told(lambda: house.do(call))
    assert "is not certain: look before you do it once more" in sentence
    assert "try again" not in sentence
    assert bags(house) == 1


@with_a_standby
def test_a_server_that_lets_nobody_in_says_so(server, house):
    house.engine.dispose()
    taken = []

    def fill() -> None:
        for _n in range(50):
            taken.append(open_engine(house.engine.url, SECRET).connect())

    try:
        with pytest.raises(OperationalError, match="too many clients"):
            fill()
        sentence, after = told(house.house)
    finally:
        for connection in taken:
            connection.invalidate()
            connection.engine.dispose()
    assert "lets no more programs in" in sentence
    assert after < TOLD_WITHIN
