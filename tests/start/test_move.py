"""A hotel in a file is brought over to a server: all of it, whatever happens on the way, or not at all."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from pms.core.errors import NeedsApproval, Refused
from pms.core.settings import Home, load, save
from pms.db import keys, moving, roles, schema
from pms.db.engine import open_engine, sqlite_url
from pms.duties import offered
from pms.services.messages import service as messages
from pms.services.opening import doctor, proving, store
from pms.services.opening.founding import Server
from pms.services.opening.move import Move
from tests import builders
from tests.builders import PASSWORD
from tests.conftest import POSTGRES, WHY_NOT
from tests.db.test_roles import DESK_PASSWORD, OWNER_PASSWORD, drop, named
from tests.faults import acts, busy
from tests.start.conftest import KEY

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database():
    """A server's database with its two roles and empty tables; its name."""
    if not POSTGRES:
        pytest.skip(WHY_NOT)
    name = f"move_{uuid.uuid4().hex[:10]}"
    roles.set_up(make_url(POSTGRES), named(name))
    yield name
    drop(name)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory):
    """The busy hotel, in which every act of every duty was done, in a file opened by ``KEY``."""

    path = tmp_path_factory.mktemp("lived in") / "hotel.db"
    sub = keys.derive(KEY)
    made, secret = open_engine(sqlite_url(path), sub), builders.SECRET
    builders.SECRET = sub.chain
    try:
        house, facts = busy.furnish(made)
        for name, act in acts.ACTS.items():
            if name.startswith("staff:"):  # the password is wanted later
                continue
            house.clock.set(busy.NOW, 10)
            house.station = "desk-1"
            try:
                acts.run(house, facts, act)
            except (Refused, NeedsApproval):
                continue
    finally:
        builders.SECRET = secret
    house.engine.dispose()
    return path


@pytest.fixture
def desk(tmp_path, lived_in):
    """A workstation with that hotel."""
    from pms.db import keys

    place = Home(tmp_path / "config", tmp_path / "data")
    place.data.mkdir(parents=True)
    place.database.write_bytes(lived_in.read_bytes())
    settings = replace(load(place), database=str(place.database), station="desk-1", language="en")
    keys.save(place, settings, KEY)
    save(place, settings)
    return place


def at(database: str, role: str) -> Server:
    url = make_url(POSTGRES)
    password = {"owner": OWNER_PASSWORD, "desk": DESK_PASSWORD}[role]
    return Server(url.host, database, f"{database}_{role}", password, url.port or 5432)


def move(place, database, **given) -> dict[str, moving.Sum]:
    office = store.open_office(place, load(place), offered())

    def vouch(asked):
        return [asked.sign_in("boss", PASSWORD)]

    wanted = {"vouch": vouch, **given}
    made = Move(place, load(place), offered(), at(database, "owner"), at(database, "desk"), **wanted)
    try:
        return made.run(office)
    finally:
        office.engine.dispose()


class Killed(BaseException):
    """Stands for the end of the program."""


def check_moved(place, database) -> None:
    office = store.open_office(place, load(place), offered())
    try:
        assert office.engine.dialect.name == "postgresql"
        assert [fault for _title, faults in proving.proofs(office) for fault in faults] == []
        assert office.anchor.told() == []
        with office.engine.connect() as connection:
            told = connection.execute(text("SELECT changes FROM audit_entry WHERE record = 'move'")).scalars()
            assert [json.loads(one)["by"] for one in told].count(["Zhang Li"]) == 1  # the act was another's
        office.sign_in("boss", PASSWORD)  # numbers and series go on
        for n in range(3):
            office.do(messages.write.of(text=f"on the server {n}"))
    finally:
        office.engine.dispose()
    assert not place.database.exists()
    assert place.database.with_name("hotel.db.moved").exists()
    assert [
        f.words for f in doctor.look(place, load(place), offered()) if f.what == "Server role" and not f.well
    ] == []


def test_every_table_is_brought_over_and_the_books_prove(desk, database):
    file = desk.database.read_bytes()
    held = move(desk, database, batch=7)
    assert sum(one.rows > 0 for one in held.values()) > 60
    engine = open_engine(at(database, "owner").url, keys.derive(KEY))
    there = moving.sums(engine)
    changed = {name for name in held if there[name] != held[name]}
    engine.dispose()
    assert changed == {"audit_entry", "intent", "topic"}  # the note of the move itself
    check_moved(desk, database)
    del file


def test_killed_at_any_point_and_run_again_it_ends_the_same(desk, database):
    """The program ends after each so many steps; the next run goes on and asks nobody again."""
    asked, steps = [], []

    def vouch(office):
        asked.append(1)
        return [office.sign_in("boss", PASSWORD)]

    for run in range(1, 200):
        left = run * 25

        def progress(done, total):
            nonlocal left
            steps.append((done, total))
            left -= 1
            if not left:
                raise Killed

        try:
            move(desk, database, vouch=vouch, progress=progress, batch=23)
        except Killed:
            assert load(desk).database == str(desk.database)
            continue
        break
    assert len(asked) == 1
    assert run > 3
    assert max(done for done, _total in steps) == max(total for _done, total in steps)
    check_moved(desk, database)


@pytest.mark.parametrize("where", ["_copy", "_prove", "_note", "_leave_the_file"])
def test_killed_between_two_steps_it_is_finished_by_the_next_run(desk, database, where, monkeypatch):
    done = getattr(Move, where)

    def dies(self, *given, **named_):
        done(self, *given, **named_)
        raise Killed

    monkeypatch.setattr(Move, where, dies)
    with pytest.raises(Killed):
        move(desk, database)
    monkeypatch.setattr(Move, where, done)
    if where != "_leave_the_file":
        move(desk, database, vouch=lambda _office: pytest.fail("asked again"))
    check_moved(desk, database)


def test_the_process_is_killed_and_the_command_run_again(desk, database):
    words = [sys.executable, "-m", "pms", "move", "--database", database]
    url = make_url(POSTGRES)
    words += ["--host", url.host, "--port", str(url.port or 5432)]
    typed = f"{OWNER_PASSWORD}\n{DESK_PASSWORD}\nboss\n{PASSWORD}\n"
    (desk.config / "settings.json").rename(desk.data / "settings.json")
    (desk.config / "hotel.key").rename(desk.data / "hotel.key")
    env = os.environ | {"PMS_HOME": str(desk.data)}
    watched = create_engine(url.set(database=database))
    made = subprocess.Popen(
        words, cwd=ROOT, env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    made.stdin.write(typed)
    made.stdin.flush()
    for _n in range(600):
        with watched.connect() as connection:
            begun = connection.execute(text("SELECT count(*) FROM guest")).scalar()
        if begun or made.poll() is not None:
            break
        time.sleep(0.02)
    assert made.poll() is None, made.stderr.read()
    made.send_signal(signal.SIGKILL)
    made.communicate()
    watched.dispose()
    again = subprocess.run(
        words, cwd=ROOT, env=env, input=typed, capture_output=True, text=True, timeout=120, check=False
    )
    assert (again.returncode, "The hotel is on" in again.stdout) == (0, True), again.stderr
    check_moved(Home(desk.data, desk.data), database)


def test_a_target_that_is_not_empty_or_is_another_hotel_is_refused(desk, database):
    engine = open_engine(at(database, "owner").url, keys.derive(KEY))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO role (code, name, rights) VALUES ('x', 'X', '[]')"))
    with pytest.raises(Refused, match=r"is not empty \(role\)"):
        move(desk, database)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM role"))
        moving.write_mark(connection, moving.Mark("0" * 8, 5, "a" * 64, 1, ("O'Brien 100 %",)))
        assert moving.read_mark(connection).by == ("O'Brien 100 %",)
    with pytest.raises(Refused, match="is another hotel's"):
        move(desk, database)
    engine.dispose()
    assert load(desk).database == str(desk.database)


def test_a_hotel_that_went_on_meanwhile_is_not_mixed(desk, database):
    with pytest.raises(Killed):
        move(
            desk, database, progress=lambda done, _total: (_ for _ in ()).throw(Killed) if done > 99 else None
        )
    office = store.open_office(desk, load(desk), offered())
    office.sign_in("boss", PASSWORD)
    office.do(messages.write.of(text="work went on in the file"))
    office.engine.dispose()
    with pytest.raises(Refused, match="The move began when the trail ended with entry"):
        move(desk, database)


def test_a_changed_row_on_the_server_is_named_and_nothing_is_switched(desk, database):
    def progress(done, total):
        if done == total:
            engine = open_engine(at(database, "owner").url, keys.derive(KEY))
            with engine.begin() as connection:
                connection.execute(text("UPDATE guest SET name = 'Another' WHERE id = 1"))
            engine.dispose()

    with pytest.raises(Refused, match="guest: "):
        move(desk, database, progress=progress)
    assert load(desk).database == str(desk.database)
    assert desk.database.exists()


def test_books_that_do_not_prove_are_not_moved(desk, database):
    office = store.open_office(desk, load(desk), offered())
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET balance = balance + 1 WHERE id = 1")
    office.engine.dispose()
    with pytest.raises(Refused, match="do not prove"):
        move(desk, database)


def test_who_may_not_moves_nothing(desk, database, monkeypatch, capsys):
    from pms.__main__ import main

    monkeypatch.setattr("pms.core.settings.home", lambda: desk)
    url = make_url(POSTGRES)
    words = ["move", "--database", database, "--host", url.host, "--port", str(url.port or 5432)]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{OWNER_PASSWORD}\n{DESK_PASSWORD}\nboss\nwrong\n"))
    assert main(words) == 1
    assert "Name or password is wrong" in capsys.readouterr().err
    engine = open_engine(at(database, "owner").url, keys.derive(KEY))
    assert sum(one.rows for one in moving.sums(engine).values()) == 0
    assert set(moving.sums(engine)) == set(schema.metadata().tables)
    engine.dispose()
