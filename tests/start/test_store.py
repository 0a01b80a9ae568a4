"""What keeps a hotel from opening is one sentence: what, why, what to do."""

import shutil
import threading
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlcipher3 import dbapi2

from pms.core.errors import Refused, StoreTrouble
from pms.db import keys
from pms.db.engine import open_engine, page_faults, sqlite_url
from pms.duties import offered
from pms.services.opening import store
from pms.services.staff import service as staff
from tests import builders
from tests.start.conftest import KEY


def test_the_hotel_opens_and_its_owner_signs_in(opened):
    assert opened.house().name == builders.SMALL.name
    assert opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD).role == "owner"


def test_the_database_is_unreadable_without_the_key(ready):
    place, _settings = ready
    assert not place.database.read_bytes().startswith(b"SQLite format")
    assert builders.SMALL.name.encode() not in place.database.read_bytes()


def test_a_wrong_key_is_told(ready):
    place, settings = ready
    place.key.unlink()
    keys.save(place, settings, bytes(32))
    with pytest.raises(StoreTrouble, match="recovery sheet's key"):
        store.open_office(place, settings, offered())


def test_a_wrong_key_is_told_on_postgresql_too(founded_postgres, place):
    from sqlalchemy import make_url

    from tests.conftest import POSTGRES

    url = make_url(POSTGRES).set(database=founded_postgres)
    settings = replace(store.Settings(), database=url.render_as_string(hide_password=False))
    keys.save(place, settings, KEY)
    with pytest.raises(StoreTrouble, match="does not belong to this hotel"):
        store.open_office(place, settings, offered())


def test_a_newer_database_is_left_alone(ready):
    place, settings = ready
    engine = open_engine(sqlite_url(place.database), keys.derive(KEY))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    before = place.database.read_bytes()
    with pytest.raises(StoreTrouble, match="newer release"):
        store.open_office(place, settings, offered())
    assert place.database.read_bytes() == before


def test_a_damaged_file_is_told(ready):
    place, settings = ready
    raw = bytearray(place.database.read_bytes())
    raw[100:200] = bytes(100)
    place.database.write_bytes(raw)
    with pytest.raises(StoreTrouble, match="damaged"):
        store.open_office(place, settings, offered())


def test_one_flipped_bit_in_any_page_is_found(ready):
    place, _settings = ready
    raw = bytearray(place.database.read_bytes())
    raw[len(raw) // 2] ^= 1
    place.database.write_bytes(raw)
    engine = open_engine(sqlite_url(place.database), keys.derive(KEY))
    assert page_faults(engine)
    engine.dispose()


def test_a_missing_database_is_never_made_anew(ready):
    place, settings = ready
    place.database.unlink()
    with pytest.raises(StoreTrouble, match="is not there"):
        store.open_office(place, settings, offered())
    assert not place.database.exists()


def test_a_locked_database_is_told(ready, monkeypatch):
    monkeypatch.setattr("pms.db.engine.BUSY_MS", 50)
    place, settings = ready
    other = dbapi2.connect(str(place.database), isolation_level=None)
    other.execute(f"PRAGMA key = \"x'{keys.derive(KEY).database.hex()}'\"")
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("DELETE FROM topic")
    with pytest.raises(StoreTrouble, match="Another program holds"):
        store.open_office(place, settings, offered())
    other.close()


def test_a_full_disk_saves_nothing(opened):
    opened.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    with opened.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def work_on() -> None:
        for n in range(300):
            opened.do(staff.edit_role.of(code="clerk", rights=["folios:pay", "folios:void"][: n % 2 + 1]))

    with pytest.raises(StoreTrouble, match="disk is full"):
        work_on()
    assert page_faults(opened.engine) == []


def test_a_server_that_is_not_there_is_told(place, owns_loopback):
    settings = replace(store.Settings(), database=f"postgresql://pms:secret@127.0.0.1:{owns_loopback}/hotel")
    keys.save(place, settings, KEY)
    with pytest.raises(StoreTrouble, match="does not answer") as told:
        store.open_office(place, settings, offered())
    assert "secret" not in str(told.value)


@pytest.fixture
def owns_loopback():
    """A port on which nobody listens."""
    import socket

    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


@pytest.mark.parametrize("where", ["mysql://x/y", "://", "http://hotel"])
def test_only_files_and_postgresql_are_databases(where):
    with pytest.raises(StoreTrouble, match="neither a file nor a PostgreSQL"):
        store.url_of(replace(store.Settings(), database=where))


def test_a_second_hotel_is_not_founded_in_the_same_file(ready):
    place, settings = ready
    with pytest.raises(Refused, match="holds a hotel already"):
        store.new_office(store.url_of(settings), KEY, "desk-1", offered())
    assert place.database.exists()


def test_another_workstations_change_is_announced(ready):
    from pms.db.engine import reading
    from pms.db.topics import Watcher

    one, two = (store.open_office(*ready, offered(), clock=builders.Clock()) for _desk in range(2))
    came = threading.Event()
    two.changes.listen(lambda topics: came.set() if "staff" in topics else None)
    watcher = Watcher(reading(two.engine), two.changes, seconds=0.02)
    watcher.look()
    watcher.start()
    one.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    one.do(staff.take_on.of(login="wang", name="Wang Min", password="long enough", role="clerk"))
    assert came.wait(3)
    watcher.stop()
    for office in (one, two):
        office.engine.dispose()


def test_a_lost_server_is_told_once_and_its_return_too(postgres):
    import time

    from pms.db.engine import reading
    from pms.db.topics import Watcher
    from tests.conftest import _admin

    name, told = postgres.url.database, []
    watcher = Watcher(reading(postgres), store.Changes(), seconds=0.05, trouble=told.append)
    watcher.look()
    watcher.start()

    def until(count: int) -> None:
        end = time.monotonic() + 10
        while len(told) < count and time.monotonic() < end:
            time.sleep(0.02)

    _admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    _admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    until(1)
    time.sleep(0.3)
    assert len(told) == 1
    assert told[0]
    _admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    until(2)
    watcher.stop()
    assert told[1:] == [""]


def test_secrets_do_not_stand_in_what_is_printed_of_an_office(opened):
    assert str(opened.secret) not in repr(opened)
    assert "secret=" not in repr(opened)


def test_the_store_is_private_to_its_login(tmp_path):
    office = store.new_office(sqlite_url(tmp_path / "x" / "hotel.db"), KEY, "desk-1", offered())
    office.engine.dispose()
    assert (tmp_path / "x" / "hotel.db").stat().st_mode & 0o077 == 0
    shutil.rmtree(tmp_path / "x")
