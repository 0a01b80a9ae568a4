"""The hotel's key is changed: whatever ends the program on the way, run again there is the same hotel, under
the new key alone; what an earlier key chained, marked or opened stays known."""

import json
import os
import re
import signal
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from pypdfium2 import PdfDocument
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from pms.core import private
from pms.core.errors import Refused, StoreTrouble
from pms.core.settings import Home, Settings, load, save
from pms.db import audit, backup, keys, schema, turning
from pms.db.engine import reading
from pms.duties import offered
from pms.services.guests import queries as guests
from pms.services.guests import service as guests_service
from pms.services.luggage import service as luggage
from pms.services.messages import service as messages
from pms.services.opening import doctor, key_change, proving, store
from pms.services.opening.key_change import KeyChange
from pms.services.staff import proof as people
from tests.builders import PASSWORD
from tests.faults.hotel import in_a_process
from tests.start.conftest import KEY
from tests.start.test_move import Killed, database, lived_in, move
from tests.start.test_not_a_person import OWNER, line

__all__ = ["database", "line", "lived_in"]
BY_KEY = {"document", "overseas", "sealed", "document_mark", "key_sign", "word"}
"""Columns that another key makes otherwise."""
GROWS = {"audit_entry", "access", "topic", "intent", "past_key", "guest_word", "booking_word", "sign_in_try"}
_MARKS = re.compile(r" ?#[wl][0-9a-f]{20}")


@pytest.fixture
def desk(tmp_path, lived_in):
    """A workstation with the busy hotel in a file, a bag with a pass-word and a guest with a document."""
    place = Home(tmp_path / "config", tmp_path / "data")
    place.data.mkdir(parents=True)
    place.database.write_bytes(lived_in.read_bytes())
    settings = replace(load(place), database=str(place.database), station="desk-1", language="en")
    keys.save(place, settings, KEY)
    save(place, settings)
    office = store.open_office(place, settings, offered())
    office.sign_in("boss", PASSWORD)
    office.do(
        guests_service.register.of(
            name="Key Guest",
            phone="138 0013 8877",
            address="1 Key Lane",
            document_type="passport",
            document="K01X00T47",
            nationality="DEU",
        )
    )
    office.engine.dispose()
    return place


def office_of(place):
    return store.open_office(place, load(place), offered())


def change(place, **given):
    """Change the key as the command does; returns how often somebody was asked and what was put on paper."""
    asked, sheets = [], []

    def vouch(office):
        asked.append(1)
        return [office.sign_in("boss", PASSWORD)]

    given = {"vouch": vouch, "sheet": lambda _office, key: sheets.append(key), **given}
    KeyChange(place, load(place), offered(), **given).run()
    return len(asked), sheets


def held(place, key=None):
    """Return what every table holds, but for what a key makes otherwise."""
    office = store.open_office(place, load(place), offered(), key=key, anchored=False)
    found = {}
    try:
        with office.engine.connect() as connection:
            for name, table in schema.metadata().tables.items():
                if name in GROWS:
                    continue
                rows = [
                    {k: _MARKS.sub("", v) if k == "search" else v for k, v in row.items() if k not in BY_KEY}
                    for row in connection.execute(table.select()).mappings()
                ]
                found[name] = sorted(map(str, rows))
    finally:
        office.engine.dispose()
    return found


def check(place, before, *, changes=1):
    """The same hotel under another key: it proves, opens what it sealed, finds by mark, and goes on."""
    key = keys.load(place, load(place))
    assert key != KEY
    assert keys.load_next(place, load(place)) is None
    assert held(place) == before
    office = office_of(place)
    try:
        assert [fault for _title, faults in proving.proofs(office) for fault in faults] == []
        assert office.anchor.told() == []
        told = office.look(
            lambda s: (
                s.execute(
                    text("SELECT changes FROM audit_entry WHERE action = 'opening:change_key' ORDER BY id")
                )
                .scalars()
                .all()
            )
        )
        assert len(told) == changes
        assert json.loads(told[-1])["by"] == ["Zhang Li"]
        office.sign_in("boss", PASSWORD)
        [guest] = office.ask(guests.find, text="13800138877")
        assert [g.id for g in office.ask(guests.find, text="8877")] == [guest.id]
        assert office.ask(guests.one, guest_id=guest.id).address == "1 Key Lane"
        number = office.do(guests_service.reveal_document.of(guest_id=guest.id, reason="police"))
        assert number == "K01X00T47"
        same = guests_service.register.of(
            name="Key Guest", document_type="passport", document="K01X00T47", nationality="DEU"
        )
        assert office.do(same) == guest.id  # found by the mark of the number
        office.do(messages.write.of(text="after the change"))
        assert [fault for _title, faults in proving.proofs(office) for fault in faults] == []
    finally:
        office.engine.dispose()
    assert not [p.name for p in place.data.iterdir() if key_change.PART in p.name]
    with pytest.raises(StoreTrouble):
        store.open_office(place, load(place), offered(), key=KEY, anchored=False)


def test_the_key_is_changed_and_everything_is_as_it_was(desk):
    before = held(desk)
    asked, sheets = change(desk)
    assert (asked, sheets) == (1, [keys.load(desk, load(desk))])
    check(desk, before)
    change(desk)
    check(desk, held(desk), changes=2)  # and once more: the trail has three keys


def test_pass_words_of_bags_and_passwords_of_people_are_known_after_it(desk):
    office = office_of(desk)
    office.sign_in("boss", PASSWORD)
    stay = office.look(lambda s: s.scalar(text("SELECT min(id) FROM stay WHERE state = 'in_house'")))
    number = office.do(luggage.store.of(stay_id=stay, word="Blue Whale"))
    office.engine.dispose()
    for _n in range(2):
        change(desk)
    office = office_of(desk)
    office.sign_in("boss", PASSWORD)
    with pytest.raises(Refused, match="collection code does not match"):
        office.do(luggage.claim.of(number=number, word="red whale"))
    assert office.do(luggage.claim.of(number=number, word="blue  WHALE")) == 0
    assert office.look(lambda s: list(people.faults(s, office.secret))) == []
    office.engine.dispose()


STEPS = [
    (keys, "save_next"),
    (KeyChange, "_back_up"),
    (turning, "copied"),
    (turning, "turn"),
    (KeyChange, "_prove"),
    (turning, "put_in_place"),
    (key_change, "carry_anchor"),
    (keys, "replace"),
]


@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize(("owner", "step"), STEPS)
def test_killed_at_every_step_and_run_again_it_is_the_same_hotel(desk, owner, step, behind, monkeypatch):
    before, real = held(desk), getattr(owner, step)

    def dies(*given, **named):
        if behind:
            real(*given, **named)
        raise Killed

    monkeypatch.setattr(owner, step, dies)
    with pytest.raises(Killed):
        change(desk)
    monkeypatch.setattr(owner, step, real)
    over = step in ("carry_anchor", "replace") or (step, behind) == ("put_in_place", True)
    told = [f.words for f in doctor.look(desk, load(desk), offered()) if f.what == "Key" and not f.well]
    begun = (step, behind) not in (("save_next", False), ("replace", True))
    assert bool(told) is begun, told
    asked, sheets = change(desk) if begun or not over else (0, [])
    if begun:
        assert asked == (0 if over else 1)
        assert len(sheets) == asked
    check(desk, before)


def _points(place, tell, at):
    """Change the key, ended by SIGKILL at one of the steps that reach the disk or the database."""
    count = 0

    def step(*_given):
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)
    real_write, real_replace, real_unlink = private.write, Path.replace, Path.unlink

    def around(real):
        def done(*given, **named):
            step()
            made = real(*given, **named)
            step()
            return made

        return done

    private.write = around(real_write)
    Path.replace, Path.unlink = around(real_replace), around(real_unlink)
    backup.unlock = around(backup.unlock)
    change(place)
    tell(f"steps {count}")


def test_the_process_is_killed_at_any_statement_or_file_and_run_again(desk, tmp_path):
    before = held(desk)
    whole = {
        p: p.read_bytes() for folder in (desk.config, desk.data) for p in folder.rglob("*") if p.is_file()
    }

    def fresh():
        for folder in (desk.config, desk.data):
            for path in folder.rglob("*"):
                if path.is_file() and path not in whole:
                    path.unlink()
        for path, content in whole.items():
            path.write_bytes(content)

    _ending, lines = in_a_process(lambda tell: _points(desk, tell, -1))
    steps = int(lines[-1].split()[1])
    assert steps > 100
    killed = 0
    for at_step in sorted({*range(steps - 12, steps + 1, 3), *range(5, steps - 12, max(1, steps // 8))}):
        fresh()
        ending, _lines = in_a_process(lambda tell, n=at_step: _points(desk, tell, n))
        killed += ending == -signal.SIGKILL
        if keys.load_next(desk, load(desk)) is not None or keys.load(desk, load(desk)) == KEY:
            change(desk)
        check(desk, before)
    assert killed >= 10


def test_a_hotel_in_use_is_not_changed(desk):
    office = office_of(desk)
    other = reading(office.engine).connect()
    other.exec_driver_sql("SELECT count(*) FROM guest")
    with pytest.raises(StoreTrouble, match="still open"):
        change(desk)
    other.close()
    office.engine.dispose()
    assert keys.load(desk, load(desk)) == KEY
    assert turning.opens(desk.database, [keys.derive(KEY).database])[0]


def test_who_may_not_changes_nothing(desk):
    def vouch(office):
        office.sign_in("boss", "wrong")

    with pytest.raises(Refused, match="wrong"):
        change(desk, vouch=vouch)
    assert (keys.load(desk, load(desk)), keys.load_next(desk, load(desk))) == (KEY, None)


def test_an_older_backup_is_restored_with_the_sheet_of_its_time(desk):
    change(desk)
    [older] = [p for p in desk.backups.glob("*.backup") if turning.opens(p, [keys.derive(KEY).database])[0]]
    new = keys.load(desk, load(desk))
    assert [p for p in desk.backups.glob("*.backup") if turning.opens(p, [keys.derive(new).database])[0]]
    desk.key.rename(desk.key.with_name("hotel.key.aside"))
    keys.save(desk, load(desk), keys.read(" ".join(keys.written(KEY))))  # the sheet of its time
    proof = backup.restore(older, desk.database, keys.derive(KEY).database, confirmed=True)
    office = office_of(desk)
    assert proof.trail > 0
    assert [fault for _title, faults in proving.proofs(office) for fault in faults] == []
    office.engine.dispose()


def test_a_forger_with_the_key_of_before_changes_no_entry_of_before(desk):
    """The first entry under the new key covers all before it."""
    change(desk)
    office = office_of(desk)
    with office.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        e = audit._ENTRY
        [last] = connection.execute(text("SELECT max(until) FROM past_key WHERE kind = 'chain'")).scalars()
        row = dict(connection.execute(e.select().where(e.c.id == last)).mappings().one())
        prior = connection.execute(e.select().where(e.c.id == last - 1)).mappings().one()["digest"]
        row["station"] = "forged"
        row["digest"] = audit.link(keys.derive(KEY).chain, prior, row)
        connection.execute(e.update().where(e.c.id == last), row)
    broken = office.look(lambda s: list(audit.broken_links(s, office.secret)))
    assert broken == [last + 1]
    office.engine.dispose()


# ------------------------------------------------------------------ the command
def groups(key):
    return " ".join(keys.written(key))


def test_the_command_asks_an_owner_and_writes_the_sheet_of_the_new_key(ready, line, tmp_path):
    place, settings = ready
    sheet = tmp_path / "new key.pdf"
    assert line("change-key", sheet, typed="boss\nwrong\n")[0] == 1
    assert (keys.load(place, settings), sheet.exists()) == (KEY, False)
    code, said, wrong = line("change-key", sheet, typed=OWNER)
    assert (code, wrong) == (0, "")
    new = keys.load(place, settings)
    assert new != KEY
    page = PdfDocument(sheet)[0].get_textpage().get_text_range()
    assert all(group in page for group in keys.written(new))
    assert "keep the sheet of before" in said
    assert line("verify")[0] == 0


def test_a_workstation_with_the_key_of_before_takes_the_new_one(ready, line, tmp_path):
    place, settings = ready
    assert line("change-key", tmp_path / "new.pdf", typed=OWNER)[0] == 0
    new = keys.load(place, settings)
    place.key.write_text(KEY.hex())  # as it lies on another one
    assert line("verify")[0] == 1
    code, said, wrong = line("restore-key", typed=f"{groups(new)}\n{OWNER}")
    assert (code, wrong) == (0, ""), said
    assert keys.load(place, settings) == new
    assert line("verify")[0] == 0
    strange = bytes(range(2, 34))  # another hotel's still replaces nothing
    assert line("restore-key", typed=f"{groups(strange)}\n")[0] == 1
    assert keys.load(place, settings) == new


def test_a_change_that_was_cut_short_is_told_at_the_next_start(ready, line, tmp_path, monkeypatch):
    place, settings = ready

    def dies(*_given):
        raise Killed

    with monkeypatch.context() as cut:
        cut.setattr(keys, "replace", dies)
        with pytest.raises(Killed):
            line("change-key", tmp_path / "new.pdf", typed=OWNER)
    assert "run “pms change-key FILE.pdf” again" in line("verify")[2]
    assert "asks nobody any more" in line("doctor")[1]
    assert line("change-key", tmp_path / "new.pdf")[0] == 0
    assert line("verify")[0] == 0
    assert keys.load_next(place, settings) is None


def test_in_a_keyring_the_key_to_come_lies_beside_the_present_one(place, monkeypatch):
    kept = {}
    monkeypatch.setattr(keyring, "get_password", lambda *at: kept.get(at))
    monkeypatch.setattr(keyring, "set_password", lambda *at: kept.__setitem__(at[:2], at[2]))
    monkeypatch.setattr(keyring, "delete_password", lambda *at: kept.pop(at))
    settings = Settings(key="keyring")
    keys.save(place, settings, KEY)
    assert keys.load_next(place, settings) is None
    keys.save_next(place, settings, bytes(32))
    assert (keys.load(place, settings), keys.load_next(place, settings)) == (KEY, bytes(32))
    keys.replace(place, settings, bytes(32))
    assert (keys.load(place, settings), keys.load_next(place, settings)) == (bytes(32), None)
    assert not place.key.exists()


# ------------------------------------------------------------------ on a server
@pytest.fixture
def served(desk, database):
    """The same hotel on a server."""
    move(desk, database)
    return desk


def test_a_hotel_on_a_server_gets_another_key_and_a_desk_that_was_away_is_refused(served):
    away = office_of(served)
    away.sign_in("boss", PASSWORD)
    before = held(served)
    change(served)
    check(served, before)
    with pytest.raises(StoreTrouble, match="key was changed"):
        away.do(messages.write.of(text="under the old key"))
    away._held = (away.clerk, frozenset(), 0.0)
    with pytest.raises(StoreTrouble, match="key was changed"):
        away.ask(guests.find, text="8877")
    away.engine.dispose()


@pytest.mark.parametrize(("owner", "step"), [(keys, "save_next"), (turning, "turn"), (keys, "replace")])
def test_killed_on_a_server_and_run_again_it_is_the_same_hotel(served, owner, step, monkeypatch):
    before, real = held(served), getattr(owner, step)

    def dies(*_given, **_named):
        raise Killed

    monkeypatch.setattr(owner, step, dies)
    with pytest.raises(Killed):
        change(served)
    monkeypatch.setattr(owner, step, real)
    change(served)
    check(served, before)


def test_no_key_is_changed_while_another_desk_is_at_work(served):
    from pms.db.presence import Presence

    other = office_of(served)
    presence = Presence(other.engine, "desk-9", other.clock)
    presence.say()
    with pytest.raises(Refused, match="open at desk-9"):
        change(served)
    presence.stop()
    other.engine.dispose()
    assert keys.load_next(served, load(served)) is None


def test_another_desk_takes_the_new_key_and_its_anchor_goes_with_it(served, tmp_path):
    there = Home(tmp_path / "there", tmp_path / "there")
    save(there, load(served))
    keys.save(there, load(there), KEY)
    office_of(there).engine.dispose()
    was = store.anchor_of(there, KEY).read()
    change(served)
    with pytest.raises(StoreTrouble):
        office_of(there)
    new = keys.load(served, load(served))
    key_change.take_over(there, load(there), new)
    assert store.anchor_of(there, new).read() == was
    office = office_of(there)
    assert office.anchor.told() == []
    office.engine.dispose()
