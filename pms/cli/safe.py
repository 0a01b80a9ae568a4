"""What is kept safe on the command line: backups and restoring, the key and its sheet, proof and doctor.

Who has the desk's login is no person: what puts other books in the place of the hotel's, or shows its key,
asks for the password of an owner or of two persons who may edit the property.
"""

import sys
from dataclasses import replace
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

from pms.cli.desk import DONE, FAILED, PARTLY, Desk, agreed, failed, owner, say, secret, vouched, write_sheet
from pms.core import money
from pms.core.clock import local, system_clock
from pms.core.errors import NeedsConfirmation, Refused, StoreTrouble
from pms.core.i18n import _, ngettext
from pms.core.permissions import Permission
from pms.core.settings import save as save_settings

if TYPE_CHECKING:
    from pms.db.office import DatabaseOffice


def back_up(desk: Desk) -> int:
    """Write a verified copy of the database in use."""
    from pms.db import backup
    from pms.services.opening import second_place

    if desk.args.also is not None:
        _set_second_place(desk)
    office = desk.office()
    moment = local(office.now(), office.house().zone)
    target = desk.args.file or desk.place.backups / backup.name_for(moment)
    proof = backup.create(office.engine, target, desk.database_key())
    backup.manifest(target, proof, office.now())
    say(
        _("%(file)s is written and verified: %(size)s KB, audit trail up to entry %(trail)s (%(head)s).")
        % {"file": target, "size": proof.size // 1024, "trail": proof.trail, "head": proof.head[:12]}
    )
    second = desk.settings.second_place
    if second and (told := second_place.carry(desk.place, second, target, desk.database_key(), office.now())):
        failed(told)
        return PARTLY
    return DONE


def _set_second_place(desk: Desk) -> None:
    """Keep in the settings where else every backup goes from now on."""
    folder = str(desk.args.also.resolve()) if str(desk.args.also) != "-" else ""
    if folder and not desk.args.also.is_dir():
        raise Refused(_("%(folder)s is no folder, or is not there. Make it first.") % {"folder": folder})
    desk.settings = replace(desk.settings, second_place=folder)
    save_settings(desk.place, desk.settings)


def restore(desk: Desk) -> int:
    """Put a backup in the place of the database, by the word of who may; the restored trail names them and
    the days that are rolled back."""
    from pms.db import backup, keys, schema
    from pms.db.anchor import Mark
    from pms.services.opening import store

    if desk.settings.server:
        raise Refused(
            _("This hotel's database is on PostgreSQL: put a backup back with pg_restore, on the server.")
        )
    target = Path(desk.settings.database) if desk.settings.ready else desk.place.database
    known = schema.known()
    said: list[str] = []

    def put_back(confirmed: bool) -> backup.Proof:
        return backup.restore(
            desk.args.file,
            target,
            desk.database_key(),
            confirmed=confirmed,
            known=known,
            prepare=lambda copy: said.append(_written_into(desk, target, copy)),
        )

    try:
        proof = put_back(desk.args.yes)
    except NeedsConfirmation as question:
        if not sys.stdin.isatty() or not agreed(str(question)):
            raise Refused(
                _("%(file)s was left as it is. Say --yes to replace it; it is kept beside the restored one.")
                % {"file": target}
            ) from None
        proof = put_back(True)
    anchor = store.anchor_of(desk.place, keys.load(desk.place, desk.settings))
    anchor.restored(Mark(proof.trail, proof.head, system_clock()))
    if not desk.settings.ready:
        save_settings(desk.place, replace(desk.settings, database=str(target)))
    say(" ".join(said))
    say(
        _("%(file)s is restored: audit trail up to entry %(trail)s. Now run “pms verify”.")
        % {"file": target, "trail": proof.trail}
    )
    return DONE


def _written_into(desk: Desk, target: Path, copy: Path) -> str:
    """Ask who may for their word, write it and the days rolled back into the trail of the copy that takes the
    database's place, and return what is rolled back.

    The people of the books that stand now are asked; where those do not open any more, the backup's.
    """
    from pms.services.opening import rollback, service, store

    present = _present(desk, target)
    if present is None:
        say(_("No database opens here now: the people of the backup are asked."))
    at = replace(desk.settings, database=str(copy), station=f"terminal {getuser()}")
    restored = store.open_office(desk.place, at, desk.offers, anchored=False)
    try:
        by = vouched(present or restored, _("Restore a backup"), Permission.PROPERTY_EDIT)
        before = present.look(rollback.stand) if present else None
        restored.clerk = rollback.known_as(restored, by[0])
        told = before.told() if before else {}
        names = [person.name for person in by]
        restored.do(service.restored.of(file=desk.args.file.name, by=names, before=told))
        return rollback.words(before, restored.look(rollback.stand))
    finally:
        for office in filter(None, (present, restored)):
            office.engine.dispose()


def _present(desk: Desk, target: Path) -> "DatabaseOffice | None":
    """Open the books that stand now, None where there are none or they do not open any more."""
    from pms.services.opening import store

    if not target.is_file():
        return None
    at = replace(desk.settings, database=str(target), station=f"terminal {getuser()}")
    try:
        return store.open_office(desk.place, at, desk.offers)
    except StoreTrouble:
        return None


def sheet(desk: Desk) -> int:
    """Write the recovery sheet, by the word of who may; the trail says that it was written."""
    from pms.db import keys
    from pms.services.opening import service
    from pms.services.opening.founding import Founder

    office = desk.office()
    by = vouched(office, _("Recovery sheet"), Permission.PROPERTY_EDIT)
    office.do(service.key_shown.of(how="recovery sheet", by=[person.name for person in by]))
    write_sheet(
        desk.args.file,
        Founder(desk.place, desk.settings, desk.offers),
        keys.load(desk.place, desk.settings),
        office.house().name,
        office.house().zone,
    )
    say(
        _("%(file)s holds the hotel's key. Print it, put it in the safe and delete it.")
        % {"file": desk.args.file}
    )
    return DONE


def restore_key(desk: Desk) -> int:
    """Keep the key of the recovery sheet here, by the word of who may, where a database opens with it."""
    from pms.db import keys
    from pms.services.opening import key_change, service

    key = keys.read(secret(_("The key of the recovery sheet:")))
    office = _opened_by(desk, key)
    if office is None:
        say(_("No database opens here with this key: nobody could be asked for a password."))
    else:
        by = vouched(office, _("Enter the key"), Permission.PROPERTY_EDIT)
        office.do(service.key_shown.of(how="restore-key", by=[person.name for person in by]))
        office.engine.dispose()
    if office is not None and office.look(lambda session: key_change.is_the_hotels(session, key)):
        key_change.take_over(desk.place, desk.settings, key)
    else:
        keys.save(desk.place, desk.settings, key)
    say(_("The key is kept. Now open the program, or restore a backup with “pms restore FILE”."))
    return DONE


def change_key(desk: Desk) -> int:
    """Give the hotel another key, by the word of who may, and write its recovery sheet; ended anywhere and
    run again, it goes on."""
    from pms.core.alone import Alone
    from pms.services.opening.founding import Founder
    from pms.services.opening.key_change import KeyChange

    if not desk.settings.ready:
        raise Refused(_("No hotel has been set up here."))
    alone = Alone(desk.place.data)
    if not alone.take():
        raise Refused(_("The hotel's program is still open. Close it on this computer and try again."))

    def sheet(office: "DatabaseOffice", key: bytes) -> None:
        house = office.house()
        founder = Founder(desk.place, desk.settings, desk.offers)
        write_sheet(desk.args.file, founder, key, house.name, house.zone)

    change = KeyChange(
        desk.place,
        desk.settings,
        desk.offers,
        vouch=lambda office: vouched(office, _("Change the key"), Permission.PROPERTY_EDIT),
        sheet=sheet,
        say=say,
    )
    try:
        change.run()
    finally:
        alone.let_go()
    say(
        _(
            "The hotel has another key. Print %(file)s, put it in the safe and delete it; keep the sheet of "
            "before as long as there are backups of before."
        )
        % {"file": desk.args.file}
    )
    if desk.settings.server:
        say(_("Enter the key of the new sheet at every other workstation: pms restore-key."))
    return DONE


def _opened_by(desk: Desk, key: bytes) -> "DatabaseOffice | None":
    """Open the hotel with a key that is not kept yet, None where there is none or it does not open."""
    from pms.services.opening import store

    if not desk.settings.ready:
        return None
    at = replace(desk.settings, station=f"terminal {getuser()}")
    try:
        return store.open_office(desk.place, at, desk.offers, key=key, anchored=False)
    except StoreTrouble:
        return None


def verify(desk: Desk) -> int:
    """Prove the books, the trail and every page."""
    from pms.services.opening import proving

    office, wrong = desk.office(), []
    if desk.args.accept:
        _accept(office)
    for title, faults in proving.proofs(office, desk.place.backups):
        found = list(faults)
        say(f"{'!' if found else '✓'} {title}")
        wrong += found
        for fault in found[:20]:
            say(f"    {fault}")
    _say_balance(office)
    if wrong:
        return failed(
            ngettext(
                "%(n)s fault was found. Keep this database, call for help, and look at the latest backup.",
                "%(n)s faults were found. Keep this database, call for help, and look at the latest backup.",
                len(wrong),
            )
            % {"n": len(wrong)}
        )
    return DONE


def _accept(office: "DatabaseOffice") -> None:
    """Take what the audit trail lost for known, by an owner's word, which stands in the trail from now on."""
    from pms.services.opening import service

    anchor = office.anchor
    assert anchor is not None
    lost = [mark for word, mark in anchor.noted() if word == "lost"]
    if not lost:
        raise Refused(_("The audit trail has lost nothing here. There is nothing to accept."))
    owner(office, _("Accept what the audit trail lost"))
    office.do(service.accept_lost.of(entries=[[mark.count, mark.head] for mark in lost]))
    anchor.accept()


def _say_balance(office: "DatabaseOffice") -> None:
    """Write the trial balance as of now, so that a restored hotel can be held against the one that was backed
    up."""
    from pms.services.night_audit import proof

    digits = office.house().digits
    say(_("Trial balance: debits, credits, what is left"))
    for row in office.look(proof.standing):
        say(
            f"    {row.ledger:<8} {money.show(row.debit, digits):>18} "
            f"{money.show(row.credit, digits):>18} {money.show(row.closing, digits):>18}"
        )


def doctor(desk: Desk) -> int:
    """Look at everything the program needs."""
    from pms.services.opening.doctor import look

    worst = DONE
    for finding in look(desk.place, desk.settings, desk.offers):
        say(f"{'✓' if finding.well else '!'} {finding.what}: {finding.words}")
        worst = worst if finding.well else FAILED
    if desk.args.drill:
        well, words = _drilled(desk)
        say(f"{'✓' if well else '!'} {_('Drill')}: {words}")
        worst = worst if well else FAILED
    return worst


def _drilled(desk: Desk) -> tuple[bool, str]:
    from pms.services.opening import drill

    if not desk.settings.ready or desk.settings.server:
        return False, _("only a hotel in a file on this computer is drilled; a server restores its own dumps")
    return drill.run(desk.place, desk.settings, desk.offers)
