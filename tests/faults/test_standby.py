"""A hotel on two servers: the standby that dies or hangs stops nobody, the first that dies is replaced, and
one that comes back is written to by no desk."""

import io
import shutil
import signal
import time
import uuid
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from pms import __main__ as program
from pms.core import i18n
from pms.core.clock import system_clock
from pms.core.errors import StoreTrouble
from pms.core.money import Money
from pms.core.settings import Home, Settings, load, save
from pms.db import copies, hosts, keys, standby
from pms.db.engine import open_engine
from pms.db.patience import SILENCE
from pms.db.presence import Presence
from pms.services.folios import service as folios
from pms.services.folios.models import Transfer
from pms.services.opening import doctor
from pms.services.opening.founding import Server as Typed
from pms.services.stays import service as stays
from tests import builders
from tests.faults import server as servers
from tests.faults.server import frozen
from tests.faults.two import HOTEL, PASSWORD, Watching, asked, command, follow, state, two, wait_for
from tests.start.conftest import KEY

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
BOTH_CONFIRM = "SHOW synchronous_standby_names"


@pytest.fixture(scope="module")
def pair():
    if why := servers.why_not():
        pytest.skip(why)
    with two() as made:
        with desk(made) as house:
            fields = {"line_id": house.book(), "room_id": house.room_id("301")}
            made.stay = house.do(stays.check_in, **fields, intent=house.new_intent())
        yield made


@contextmanager
def desk(pair, newest=None):
    """A workstation that knows both servers."""
    engine = open_engine(pair.url, builders.SECRET, newest=newest)
    made = builders.office(engine, found=False)
    made.ids = lambda: str(uuid.uuid4())
    try:
        yield made
    finally:
        engine.dispose()


@contextmanager
def watched(pair, home, *words):
    watching = Watching(pair.first, home, *words)
    try:
        wait_for(lambda: "two copies" in watching.said, 40)
        yield watching
    finally:
        if watching.process.poll() is None:
            watching.end()


def charge(house, pair):
    """Do one act and return how long it took."""
    begun = time.monotonic()
    call = folios.charge.of(stay_id=pair.stay, code="MINIBAR", amount=Money(900))
    assert house.do(call, intent=house.new_intent())
    return time.monotonic() - begun


def charges(server) -> int:
    return int(asked(server, "SELECT count(*) FROM transfer WHERE code = 'MINIBAR'", HOTEL))


@pytest.fixture
def pms(monkeypatch, tmp_path, capsys):
    """Run a command line in this process."""
    monkeypatch.setenv("PMS_HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C")

    def run(*words, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = program.main([str(w) for w in words])
        i18n.use("en")
        return code, *capsys.readouterr()

    return run


def test_a_standby_that_dies_or_hangs_stops_no_desk_and_every_desk_is_told(pair, tmp_path, monkeypatch):
    with watched(pair, tmp_path / "watch", "--synchronous") as watching, desk(pair) as house:
        assert asked(pair.first, BOTH_CONFIRM) == standby.NAME
        told = []
        lookout = copies.Lookout(house, told.append)
        lookout.look()
        charge(house, pair)
        assert charges(pair.second) == charges(pair.first)
        with frozen(pair.second.processes()):
            assert charge(house, pair) < SILENCE
            assert state(pair.first) == "one"
            lookout.look()
            assert told.pop().startswith("One copy only: the standby server has not followed since ")
        wait_for(lambda: state(pair.first) == "both")
        lookout.look()
        assert told == [""]
        pair.second.kill()
        assert charge(house, pair) < SILENCE
        assert (state(pair.first), asked(pair.first, BOTH_CONFIRM)) == ("one", "")
        pair.second.run_cluster()
        wait_for(lambda: state(pair.first) == "both")
        assert asked(pair.first, BOTH_CONFIRM) == standby.NAME
        watching.end()
        assert (state(pair.first), asked(pair.first, BOTH_CONFIRM)) == ("unwatched", "")
        lookout.look()
        assert "nobody has watched the standby server since" in told.pop()
        assert "two copies, each act is confirmed by both" in watching.said


def test_a_watcher_that_is_killed_is_missed(pair, tmp_path, monkeypatch):
    with watched(pair, tmp_path / "watch") as watching, desk(pair) as house:
        assert asked(pair.first, BOTH_CONFIRM) == ""
        zone = house.house().zone
        assert copies.told(house.look(copies.known, now=house.now()), zone) == ""
        watching.end(signal.SIGKILL)
        monkeypatch.setattr(copies, "UNSEEN", 1.0)
        time.sleep(1.1)
        told = copies.told(house.look(copies.known, now=house.now()), zone)
        assert "nobody has watched" in told


def test_where_watcher_and_standby_are_both_dead_the_desks_go_on_by_themselves(pair, tmp_path, monkeypatch):
    with watched(pair, tmp_path / "watch", "--synchronous") as watching, desk(pair) as house:
        charge(house, pair)  # it knows the servers: asking one that hangs takes three seconds
        watching.end(signal.SIGKILL)
        monkeypatch.setattr(copies, "UNSEEN", 1.0)
        told = []
        lookout = copies.Lookout(house, told.append)
        with frozen(pair.second.processes()):
            time.sleep(1.1)
            lookout.start()
            assert charge(house, pair) < SILENCE
            assert asked(pair.first, BOTH_CONFIRM) == standby.NAME
        lookout.stop()
        assert "nobody has watched" in told[-1]
    with watched(pair, tmp_path / "again"):
        assert asked(pair.first, BOTH_CONFIRM) == ""


def test_nothing_is_promoted_while_the_first_answers(pair, pms):
    code, _out, err = pms(*command("promote", pair.second))
    assert code == 1
    assert f"127.0.0.1:{pair.first.port} still answers: two servers would take what is typed" in err
    code, _out, err = pms(*command("promote", pair.first))
    assert code == 1
    assert "is no standby" in err
    assert asked(pair.second, "SELECT pg_is_in_recovery()") is True


def test_a_second_standby_is_refused_while_one_follows(pair, pms, tmp_path):
    words = ("--host", "127.0.0.1", "--port", pair.first.port, "--data", tmp_path / "third")
    code, _out, err = pms("standby", "set-up", *words, typed=f"\n{PASSWORD}\n")
    assert code == 1
    assert "A standby follows this server already" in err
    code, _out, err = pms("standby", "set-up", *words, typed="\nshort\n")
    assert "of 12 characters or more" in err
    assert not (tmp_path / "third").exists()


def test_a_workstation_is_told_both_addresses_and_the_doctor_asks_both(pair, pms, tmp_path):
    place = Home(tmp_path, tmp_path)
    one = pair.first.url.set(username="hotel_desk", password="desks of the hotel", database=HOTEL)
    settings = Settings(language="en", database=one.render_as_string(False), station="desk-1")
    save(place, settings)
    keys.save(place, settings, KEY)
    with watched(pair, tmp_path / "watch"):
        assert "this workstation knows one of two" in findings(place, pair)["Servers"].words
        typed = f"127.0.0.1:{pair.first.port},127.0.0.1:1"
        code, _out, err = pms("standby", "address", typed)
        assert code == 1
        assert "127.0.0.1:1 does not answer: Connection refused" in err
        code, _out, err = pms(
            "standby", "address", f"127.0.0.1:{pair.first.port},127.0.0.1:{pair.second.port}"
        )
        assert code == 0, err
        assert "target_session_attrs=read-write" in load(place).database
        found = findings(place, pair)
        assert found["Servers"].well
        assert "takes what is typed; " in found["Servers"].words
        assert "follows, ready to be promoted" in found["Servers"].words
        assert found["Standby"].words == "two copies, the standby a moment behind"


def findings(place, pair):
    """Return what the doctor finds about the server, by name."""
    from pms.services.opening import store

    engine = open_engine(store.url_of(load(place)), builders.SECRET)
    office = builders.office(engine, found=False)
    try:
        return {f.what: f for f in doctor._two_servers(office)}
    finally:
        engine.dispose()


def test_an_old_server_that_comes_back_is_written_to_by_no_desk(pair, pms, tmp_path):
    """The first dies and is replaced, comes back, and is put out of use; then it follows the new one."""
    newest = tmp_path / "newest"
    with desk(pair, newest) as house, desk(pair) as other:
        charge(house, pair)
        charge(other, pair)
        lookout, told = copies.Lookout(house, lambda sentence: told.append(sentence)), []
        pair.first.kill()
        for words in ("does not answer", "not promoted"):  # the line that was cut, then what is there
            with pytest.raises(StoreTrouble, match=words):
                charge(house, pair)
        code, out, err = pms(*command("promote", pair.second))
        assert code == 0, err
        assert "The last act it holds was saved at 20" in out
        assert f"127.0.0.1:{pair.first.port} alone: it is missing here" in out
        assert charge(house, pair) < 10
        pair.first.run_cluster()
        before = charges(pair.first)
        asked(
            pair.second,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'hotel'",
        )
        for each in (house, other):
            try_twice(lambda each=each: charge(each, pair))
        with desk(pair) as stranger:  # knows nothing of the time before
            charge(stranger, pair)
        lookout.look()
        assert (
            f"127.0.0.1:{pair.first.port} takes what is typed although 127.0.0.1:{pair.second.port}"
            in told[0]
        )
        pair.second.stop()
        with desk(pair, newest) as again, pytest.raises(StoreTrouble, match="stopped being the hotel's"):
            charge(again, pair)  # the new one is away: better nothing than the old one
        pair.second.run_cluster()
        assert charges(pair.first) == before
        out_of_use(pair, tmp_path)
        pair.second.stop()
        with desk(pair) as stranger, pytest.raises(StoreTrouble, match="takes nothing"):
            charge(stranger, pair)
        pair.second.run_cluster()
        assert charges(pair.first) == before
    changed_places(pair, pms)


def out_of_use(pair, folder):
    """The old server's watcher, which starts with its machine, finds that another was promoted."""
    watching = Watching(pair.first, folder / "old", "--other", f"127.0.0.1:{pair.second.port}")
    wait_for(lambda: "another server was promoted in its place" in watching.said, 40)
    watching.end()
    assert asked(pair.first, "SHOW default_transaction_read_only") == "on"


def changed_places(pair, pms):
    """The old server is made the standby of the new one; what it held is kept beside."""
    pair.first.stop()
    pair.first, pair.second = pair.second, pair.first
    words = [
        *("standby", "set-up", "--host", "127.0.0.1", "--port", pair.first.port),
        *("--data", pair.second.data, "--own-port", pair.second.port, "--listen", "127.0.0.1"),
    ]
    file = pair.first.data / "pg_hba.conf"
    let_in = file.read_text()
    file.write_text("host all all 127.0.0.1/32 trust\n")
    asked(pair.first, "SELECT pg_reload_conf()")
    code, _out, err = pms(*words, typed=f"\n{PASSWORD}\n")
    assert code == 1
    assert f"Add this line to its {file}" in err
    assert "hostssl replication hotel_standby 127.0.0.1/32 scram-sha-256" in err
    file.write_text(let_in)
    asked(pair.first, "SELECT pg_reload_conf()")
    code, out, err = pms(*words, typed=f"\n{PASSWORD}\n")
    assert code == 0, err
    assert "This machine follows 127.0.0.1." in out
    [aside] = pair.second.folder.glob("data.before-*")
    assert (aside / "PG_VERSION").exists()
    wait_for(lambda: charges(pair.second) == charges(pair.first))
    assert asked(pair.second, "SHOW default_transaction_read_only") == "off"
    shutil.rmtree(aside)


def try_twice(act):
    """Try again once, as a clerk does whose line was cut."""
    try:
        return act()
    except StoreTrouble:
        return act()


@pytest.fixture
def replaced(pair):
    """Hangs the first server, promotes the second, and lets the first go on as if nothing had been; they have
    changed places afterwards."""

    def replace() -> None:
        with frozen(pair.first.processes()):
            standby.promote(pair.second.url.set(database=HOTEL))

    yield replace
    pair.first.stop()
    pair.first, pair.second = pair.second, pair.first
    shutil.rmtree(pair.second.data)
    follow(pair.first, pair.second)


def test_a_first_server_that_only_hung_confirms_nothing_that_the_promoted_one_does_not_have(
    pair, replaced, tmp_path
):
    words = "--synchronous", "--other", f"127.0.0.1:{pair.second.port}"
    with watched(pair, tmp_path / "watch", *words) as watching, desk(pair) as house:
        charge(house, pair)  # its line to the first stands
        before = charges(pair.second)
        call = folios.charge.of(stay_id=pair.stay, code="MINIBAR", amount=Money(900))
        key = house.new_intent()
        replaced()
        with pytest.raises(StoreTrouble, match="not done twice"):
            house.do(call, intent=key)
        assert house.do(call, intent=key)
        assert charges(pair.second) == before + 1
        wait_for(lambda: "another server was promoted in its place" in watching.said)


def test_a_desk_leaves_a_server_that_only_hung_as_soon_as_it_sees_the_promoted_one(pair, replaced):
    with desk(pair) as house:
        presence = Presence(house.engine, "desk-1", system_clock)
        presence.say()
        charge(house, pair)
        lookout = copies.Lookout(house, lambda _told: None)
        lookout.look()
        replaced()
        before = charges(pair.first)
        known = hosts.of(house.engine)

        def seen() -> bool:
            lookout.look()  # a server just promoted may answer too late for the first look
            return known._good is not None and known._good.port == pair.second.port

        wait_for(seen)
        charge(house, pair)
        presence.say()
        assert charges(pair.first) == before
        assert charges(pair.second) == before + 1
        assert asked(pair.second, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 1
        presence.stop()


def test_an_answer_lost_with_the_first_server_is_looked_up_at_the_second(pair):
    """Point by point the same as with one server: the key finds what was done."""
    with desk(pair) as house:
        call = folios.charge.of(stay_id=pair.stay, code="MINIBAR", amount=Money(900))
        key = house.new_intent()
        first = house.do(call, intent=key)
        count = select(func.count()).select_from(Transfer).where(Transfer.code == "MINIBAR")
        before = house.ask(lambda s: s.scalar(count))
        house.engine.dispose()
        assert house.do(call, intent=key) == first
        assert house.ask(lambda s: s.scalar(count)) == before


def test_the_set_up_takes_two_addresses():
    typed = Typed("10.0.0.1, 10.0.0.2:5433", HOTEL, "hotel_desk", "secret").url
    assert hosts.addresses(typed) == [hosts.Address("10.0.0.1"), hosts.Address("10.0.0.2", 5433)]
    assert typed.query["sslmode"] == "verify-full"
    assert typed.query["target_session_attrs"] == "read-write"
