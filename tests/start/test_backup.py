"""A backup is proven before it gets its name, and putting one back loses nothing unasked."""

from datetime import timedelta

import pytest

from pms.core.errors import NeedsConfirmation, Refused, StoreTrouble
from pms.core.money import Money
from pms.db import backup, keys, schema
from pms.duties import offered
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.opening import store
from pms.services.rooms import queries as room_queries
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from tests import builders
from tests.start.conftest import KEY

DATABASE = keys.derive(KEY).database
DAY = timedelta(days=1)


def walk_in(office, name="Wang Yaqin"):
    office.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    room = office.look(room_queries.rooms)[0]
    return office.do(
        stays.walk_in.of(room_id=room.id, departure=builders.TODAY + DAY, guests=[Person(name)], plan_id=1),
        intent=office.new_intent(),
    )


def guests(place, settings):
    office = store.open_office(place, settings, offered(), clock=builders.Clock())
    found = [s.guest for s in office.look(stay_queries.in_house, business_date=builders.TODAY)]
    office.engine.dispose()
    return found


def test_a_backup_of_a_database_in_use_is_whole_encrypted_and_private(opened, tmp_path):
    walk_in(opened)
    proof = backup.create(opened.engine, tmp_path / "b" / "one.backup", DATABASE)
    written = tmp_path / "b" / "one.backup"
    assert proof == backup.verify(written, DATABASE)
    assert (proof.revision, proof.size) == (schema.head(), written.stat().st_size)
    assert b"Wang Yaqin" not in written.read_bytes()
    assert written.stat().st_mode & 0o077 == 0
    assert [p.name for p in written.parent.iterdir()] == ["one.backup"]


def test_a_backup_never_replaces_another(opened, tmp_path):
    backup.create(opened.engine, tmp_path / "one.backup", DATABASE)
    with pytest.raises(Refused, match="is there already"):
        backup.create(opened.engine, tmp_path / "one.backup", DATABASE)


def test_a_restored_hotel_is_the_one_that_was_backed_up(ready, opened, tmp_path):
    place, settings = ready
    walk_in(opened, "Wang Yaqin")
    backup.create(opened.engine, tmp_path / "one.backup", DATABASE)
    opened.do(folios.take_deposit.of(stay_id=1, method="CASH", amount=Money(10000)), intent="later")
    opened.engine.dispose()
    with pytest.raises(NeedsConfirmation, match="no longer in the books"):
        backup.restore(tmp_path / "one.backup", place.database, DATABASE)
    proof = backup.restore(tmp_path / "one.backup", place.database, DATABASE, confirmed=True)
    assert guests(place, settings) == ["Wang Yaqin"]
    assert place.database.with_name("hotel.db.before-1").exists()
    office = store.open_office(place, settings, offered(), clock=builders.Clock())
    stay = office.look(stay_queries.stay, stay_id=1, business_date=builders.TODAY)
    assert stay.deposit == 0
    assert proof.trail > 0
    office.engine.dispose()


@pytest.mark.parametrize("links", [True, False])
def test_the_hotel_is_there_until_the_backup_takes_its_name(ready, opened, tmp_path, monkeypatch, links):
    """A power cut within a restore leaves a hotel that opens; also where the disk knows no second names."""
    place, settings = ready
    backup.create(opened.engine, tmp_path / "one.backup", DATABASE)
    walk_in(opened, "Wang Yaqin")
    opened.engine.dispose()
    monkeypatch.setattr(backup, "settle", lambda _part, target: target.stat())
    if not links:
        monkeypatch.setattr(backup.os, "link", lambda *_names: (_ for _ in ()).throw(OSError("none")))
    backup.restore(tmp_path / "one.backup", place.database, DATABASE, confirmed=True)
    assert guests(place, settings) == ["Wang Yaqin"]
    assert place.database.with_name("hotel.db.before-1").exists()


def test_nothing_is_restored_over_a_hotel_that_is_open(ready, opened, tmp_path):
    place, _settings = ready
    walk_in(opened)
    backup.create(opened.engine, tmp_path / "one.backup", DATABASE)
    with pytest.raises(StoreTrouble, match="still open"):
        backup.restore(tmp_path / "one.backup", place.database, DATABASE, confirmed=True)
    assert not place.database.with_name("hotel.db.before-1").exists()
    assert [s.guest for s in opened.look(stay_queries.in_house, business_date=builders.TODAY)] == [
        "Wang Yaqin"
    ]


def test_a_damaged_database_is_put_aside_and_replaced(ready, opened, tmp_path):
    place, settings = ready
    backup.create(opened.engine, tmp_path / "one.backup", DATABASE)
    opened.engine.dispose()
    place.database.write_bytes(b"rubbish" * 1000)
    backup.restore(tmp_path / "one.backup", place.database, DATABASE, confirmed=True)
    assert guests(place, settings) == []
    assert place.database.with_name("hotel.db.before-1").read_bytes() == b"rubbish" * 1000


@pytest.mark.parametrize("at", [0.02, 0.5, 0.97])
def test_a_damaged_backup_is_refused_and_the_hotel_stays(ready, opened, tmp_path, at):
    place, settings = ready
    backup.create(opened.engine, tmp_path / "one.backup", DATABASE)
    opened.engine.dispose()
    raw = bytearray((tmp_path / "one.backup").read_bytes())
    raw[int(len(raw) * at)] ^= 1
    (tmp_path / "one.backup").write_bytes(raw)
    before = place.database.read_bytes()
    with pytest.raises(StoreTrouble, match="damaged"):
        backup.restore(tmp_path / "one.backup", place.database, DATABASE, confirmed=True)
    assert place.database.read_bytes() == before
    assert guests(place, settings) == []


def test_another_hotels_backup_is_refused(opened, tmp_path):
    backup.create(opened.engine, tmp_path / "one.backup", DATABASE)
    with pytest.raises(StoreTrouble, match="another key"):
        backup.verify(tmp_path / "one.backup", bytes(32))


def test_a_newer_releases_backup_is_refused(ready, opened, tmp_path):
    place, _settings = ready
    backup.create(opened.engine, tmp_path / "one.backup", DATABASE)
    with pytest.raises(StoreTrouble, match="newer release"):
        backup.restore(
            tmp_path / "one.backup", place.database, DATABASE, confirmed=True, known=frozenset({"0000"})
        )


def test_a_full_disk_leaves_no_backup_and_no_scraps(opened, tmp_path, monkeypatch):
    import os

    def full(_fd):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="the disk is full"):
        backup.create(opened.engine, tmp_path / "b" / "one.backup", DATABASE)
    assert list((tmp_path / "b").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(opened, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="cannot be written"):
        backup.create(opened.engine, tmp_path / "file" / "one.backup", DATABASE)


def test_on_postgresql_the_servers_own_tool_is_named(postgres, tmp_path):
    with pytest.raises(Refused, match="pg_dump --format=custom"):
        backup.create(postgres, tmp_path / "one.backup", DATABASE)
