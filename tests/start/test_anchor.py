"""What this workstation saw saved stands outside the database too: a trail that lost its end or was rewritten
is told at the start, by ``verify`` and by ``doctor``."""

import json
import os
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import make_url, text

from pms.__main__ import Backstage
from pms.core.settings import Home, Settings
from pms.db import anchor, backup, keys
from pms.db.anchor import Anchor
from pms.duties import offered
from pms.services.messages import service as messages
from pms.services.night_audit import service as night_audit
from pms.services.opening import doctor, proving, store
from pms.services.reports import printouts as reports
from tests import builders
from tests.builders import DAY, TODAY
from tests.conftest import POSTGRES
from tests.night_audit.forger import forge, rechain, unguarded
from tests.start.conftest import KEY


def act(office, times: int = 1) -> None:
    office.sign_in(builders.SMALL.owner_login, builders.PASSWORD)
    for n in range(times):
        office.do(messages.write.of(text=f"note {n}"))


def end(office) -> tuple[int, str]:
    with office.engine.connect() as connection:
        found = connection.execute(text("SELECT id, digest FROM audit_entry ORDER BY id DESC LIMIT 1")).one()
    return found.id, found.digest


def again(ready) -> list[str]:
    """Open the hotel anew and return what is told of the trail."""
    office = store.open_office(*ready, offered(), clock=builders.Clock())
    told = office.anchor.told()
    office.engine.dispose()
    return told


def test_each_saved_act_moves_the_anchor_and_waits_for_no_disk(opened, monkeypatch):
    act(opened)
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    for _ in range(3):
        act(opened)
        mark = opened.anchor.read()
        assert (mark.count, mark.head) == end(opened)
    assert synced == []
    assert opened.anchor.path.stat().st_mode & 0o077 == 0
    assert opened.anchor.path.name.startswith("anchor-")


def test_an_older_anchor_and_a_torn_one_are_no_alarm(ready, opened):
    act(opened)
    old = opened.anchor.path.read_bytes()
    act(opened, 3)
    opened.engine.dispose()
    opened.anchor.path.write_bytes(old)
    assert again(ready) == []
    for torn in (b"", old[:40], b"\0" * len(old), old[:30] + b"\0" * 90 + b"\n"):
        opened.anchor.path.write_bytes(torn)
        assert again(ready) == []
        assert opened.anchor.read().head == end(opened)[1]


def test_a_cut_tail_is_told_until_somebody_accepts_it(ready, opened):
    act(opened, 4)
    count, head = end(opened)
    forge(opened, f"DELETE FROM audit_entry WHERE id > {count - 3}")
    opened.engine.dispose()
    for _ in range(2):  # what is saved meanwhile does not bury it
        [said] = again(ready)
        assert f"entry {count} ({head[:6].upper()})" in said
        office = store.open_office(*ready, offered(), clock=builders.Clock())
        act(office, 5)
        assert said in dict(proving.proofs(office))[proving.outside_words()]
        office.engine.dispose()
    found = [f for f in doctor.look(*ready, offered()) if "Audit trail" in f.what]
    assert [(f.well, said in f.words) for f in found] == [(False, True)]
    office.anchor.accept()
    assert again(ready) == []
    assert opened.anchor.noted()[0][1].count == count


def test_a_trail_chained_anew_with_the_key_is_told(ready, opened):
    act(opened, 4)
    with unguarded(opened) as connection:
        connection.execute(text("UPDATE audit_entry SET station = 'elsewhere' WHERE id = 3"))
    rechain(opened)
    assert dict(proving.proofs(opened))["The audit trail's chain"] == []  # whoever has the key can do that
    opened.engine.dispose()
    assert len(again(ready)) == 1


def test_a_flipped_bit_in_the_write_ahead_log_is_told(ready, opened, tmp_path):
    """The engine drops everything behind it without a word."""
    place, settings = ready
    act(opened, 6)
    copy = tmp_path / "copy.db"
    for side in ("", "-wal"):
        shutil.copy(f"{place.database}{side}", f"{copy}{side}")
    log = copy.with_name("copy.db-wal")
    content = bytearray(log.read_bytes())
    assert len(content) > 20_000
    content[len(content) // 2] ^= 1
    log.write_bytes(content)
    count = end(opened)[0]
    opened.engine.dispose()
    [said] = again((place, replace(settings, database=str(copy))))
    assert f"entry {count} (" in said


def test_the_window_says_so_above_the_page(ready, opened):
    act(opened, 4)
    forge(opened, f"DELETE FROM audit_entry WHERE id > {end(opened)[0] - 2}")
    opened.engine.dispose()
    told = []
    stage = Backstage(*ready)
    try:
        stage.open(told.append)
    finally:
        stage.close()
    assert any("does not reach the entry" in said for said in told)


def test_what_is_printed_names_the_day_s_seal_and_never_changes(opened):
    act(opened)
    opened.clock.set(TODAY + DAY, 2)
    opened.do(night_audit.close.of(business_date=TODAY))
    with opened.engine.connect() as connection:
        seal = connection.execute(
            text("SELECT id, digest FROM audit_entry WHERE record = 'closed_day'")
        ).one()
    words = f"entry {seal.id}, {seal.digest[:6].upper()}"
    printed = opened.ask(reports.report, word="audit_record", day=TODAY)
    assert words in json.dumps(printed.to_dict())
    opened.clock.set(TODAY + DAY, 15)
    act(opened, 2)
    assert opened.ask(reports.report, word="audit_record", day=TODAY) == printed


def test_a_backup_s_manifest_holds_the_trail_to_its_entry(ready, opened):
    place, _settings = ready
    act(opened, 2)
    folder = place.backups
    proof = backup.create(opened.engine, folder / "hotel-1.backup", keys.derive(KEY).database)
    backup.manifest(folder / "hotel-1.backup", proof, opened.now())
    [(name, mark)] = backup.manifests(folder)
    assert (name, mark.count, mark.head) == ("hotel-1.backup", proof.trail, proof.head)
    (folder / "broken.manifest").write_text("{")
    title = proving.outside_words()
    assert dict(proving.proofs(opened, folder))[title] == []
    forge(opened, f"DELETE FROM audit_entry WHERE id > {proof.trail - 1}")
    [said] = dict(proving.proofs(opened, folder))[title]
    assert said.startswith(f"The backup hotel-1.backup ends with entry {proof.trail} ")


def test_a_restore_begins_a_new_anchor_that_names_the_old_one(ready, opened):
    act(opened, 2)
    back = anchor.Mark(*end(opened), opened.now())
    act(opened, 3)
    count, head = end(opened)
    opened.anchor.restored(back)
    assert (opened.anchor.read().count, opened.anchor.read().head) == (back.count, back.head)
    [(word, old)] = opened.anchor.noted()
    assert (word, old.count, old.head) == ("restored", count, head)
    assert opened.anchor.told() == []


@pytest.mark.parametrize("which", [0, 1])
def test_on_a_server_every_workstation_has_an_anchor_of_its_own(postgres, tmp_path, which):
    """Whoever rewrites the trail from one desk cannot reach what another one saw."""
    url = make_url(POSTGRES).set(database=postgres.url.database).render_as_string(hide_password=False)
    homes = []
    for name in ("desk-1", "desk-2"):
        place = Home(tmp_path / name, tmp_path / name)
        settings = Settings(database=url, station=name)
        keys.save(place, settings, bytes(32))
        made = Anchor(place.anchor("test"), builders.Clock())
        homes.append(made)
    house = builders.office(postgres, found=False)
    for made in homes:
        house.anchor = made
        house.do(messages.write.of(text="here"))
    homes[0].note(*end(house))  # the second act, seen here at the next start
    forge(house, f"DELETE FROM audit_entry WHERE id = {end(house)[0]}")
    house.ask(homes[which].compare)
    assert len(homes[which].told()) == 1


def test_an_owner_accepts_by_password_and_the_trail_says_so(ready, opened, monkeypatch, capsys):
    import io

    from pms.__main__ import main

    act(opened, 4)
    forge(opened, f"DELETE FROM audit_entry WHERE id > {end(opened)[0] - 2}")
    lost = opened.anchor.read().count
    opened.engine.dispose()
    place, _settings = ready
    monkeypatch.setenv("PMS_HOME", str(place.config))
    settings = replace(_settings, database=str(place.database))
    from pms.core.settings import save

    save(place, settings)

    def verify(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["verify", *words])
        return code, *capsys.readouterr()

    code, out, _err = verify()
    assert code == 1
    assert f"does not reach the entry {lost} " in out
    code, _out, err = verify("--accept", typed=f"{builders.SMALL.owner_login}\nwrong\n")
    assert (code, "does not reach" in verify()[1]) == (1, True), err
    code, out, err = verify("--accept", typed=f"{builders.SMALL.owner_login}\n{builders.PASSWORD}\n")
    assert (code, "does not reach" in out) == (0, False), (out, err)
    assert verify()[0] == 0
    office = store.open_office(*ready, offered(), clock=builders.Clock())
    with office.engine.connect() as connection:
        found = connection.execute(
            text("SELECT clerk_id, changes FROM audit_entry WHERE record = 'anchor'")
        ).one()
    assert (found.clerk_id, json.loads(found.changes)["lost"]) == (1, lost)
    office.engine.dispose()
    assert "nothing to accept" in verify("--accept", typed="x\ny\n")[2]
