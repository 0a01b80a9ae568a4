"""The command line: thin over the services. ``python -m pms`` without a command opens the window."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from getpass import getpass, getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pms.core import defects, money, release
from pms.core.clock import Clock, local, system_clock
from pms.core.currencies import CURRENCIES
from pms.core.errors import NeedsApproval, NeedsConfirmation, Refused
from pms.core.i18n import _, ngettext
from pms.core.settings import Home, Settings
from pms.core.settings import load as load_settings
from pms.core.settings import save as save_settings

if TYPE_CHECKING:
    from pms.core.offers import Offers
    from pms.db.office import DatabaseOffice
    from pms.services.night_audit.checks import Finding
    from pms.services.opening.service import Hotel

DONE, FAILED, PARTLY, BLOCKED = 0, 1, 3, 4
"""What a command returns: all done, nothing done, done but for what it named, the day could not close (2 is a
wrong command line)."""


class _Release(argparse.Action):
    """Prints the release's number."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> None:
        print(f"pms {release.number()}")
        parser.exit()


# ------------------------------------------------------------------ the words on the line
def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    made = argparse.ArgumentParser(
        "pms",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=_("Front desk of a hotel. Without a command the window opens."),
        epilog=_(
            "PMS_HOME names another folder for settings, key and database.\n"
            "Exit codes: 0 done, 1 nothing done, 2 wrong command line, 3 done but for what is named, "
            "4 the day cannot close yet."
        ),
    )
    made.add_argument("--version", action=_Release, nargs=0, help=_("print the release's number"))
    made.add_argument(
        "--demo", action="store_true", help=_("use the demonstration hotel, made the first time")
    )
    made.add_argument(
        "--tour",
        metavar="DIR",
        type=Path,
        help=_("draw every screen and paper of the demonstration day into DIR, without a display"),
    )
    commands = made.add_subparsers(dest="command", metavar=_("COMMAND"))
    for name, words, add in _COMMANDS:
        add(commands.add_parser(name, help=words(), description=words()))
    return made


def _init(p: argparse.ArgumentParser) -> None:
    p.add_argument("--name", required=True, help=_("the hotel's name"))
    p.add_argument("--zone", default="Asia/Shanghai", help=_("its time zone (%(default)s)"))
    p.add_argument(
        "--currency",
        default="CNY",
        type=str.upper,
        choices=CURRENCIES,
        help=_("what the house counts in: %(known)s (%%(default)s)") % {"known": " ".join(CURRENCIES)},
    )
    p.add_argument("--date", type=_day, help=_("the business date it opens on, YYYY-MM-DD (today)"))
    p.add_argument(
        "--type",
        action="append",
        required=True,
        metavar="CODE:NAME:PRICE",
        help=_("a room type and its price; again for each"),
    )
    p.add_argument(
        "--floor",
        action="append",
        required=True,
        metavar="FLOOR:CODE:FIRST-LAST",
        help=_("rooms by pattern: 3:BIG:1-12 makes 301 to 312; again for each"),
    )
    p.add_argument(
        "--owner",
        required=True,
        metavar="LOGIN",
        help=_("the first manager's sign-in name; the password is asked, or read from a pipe"),
    )
    p.add_argument("--owner-name", metavar="NAME", help=_("the first manager's name"))
    p.add_argument(
        "--sheet",
        type=Path,
        metavar="FILE.pdf",
        help=_("where the recovery sheet is written (beside the database)"),
    )


def _demo(p: argparse.ArgumentParser) -> None:
    p.add_argument("--afresh", action="store_true", help=_("make it again though it is there"))


def _import(p: argparse.ArgumentParser) -> None:
    p.add_argument("what", choices=("bookings",))
    p.add_argument("file", type=Path, metavar="FILE", help=_("CSV, also .xz or .gz"))
    p.add_argument("--map", required=True, metavar="NAME", help=_("which columns mean what: hotel-demand"))
    _acting(p)


def _audit(p: argparse.ArgumentParser) -> None:
    which = p.add_mutually_exclusive_group()
    which.add_argument("--rehearse", action="store_true", help=_("only show findings and postings"))
    which.add_argument(
        "--auto",
        action="store_true",
        help=_(
            "at a set time: close the day that is over; where the clock is not believed or more than one day "
            "waits, close nothing and write why into the handover book"
        ),
    )
    which.add_argument(
        "--days",
        type=int,
        metavar="N",
        help=_("a person's word that N days wait and the clock is right: close them one by one"),
    )
    _acting(p)


def _acting(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--as",
        dest="login",
        metavar="LOGIN",
        help=_("in whose name (the owner's); whoever holds the hotel's key may do so"),
    )


def _backup(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help=_("where to (the backup folder, named by the moment)"),
    )


def _restore(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", type=Path, metavar="FILE")
    p.add_argument(
        "--yes", action="store_true", help=_("replace the present database without asking; it is kept beside")
    )


def _sheet(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", type=Path, metavar="FILE.pdf")


def _verify(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--accept",
        action="store_true",
        help=_("an owner has looked at what the audit trail lost: it is told no longer"),
    )


def _plain(_parser: argparse.ArgumentParser) -> None:
    pass


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("“%(text)s” is no date; write YYYY-MM-DD") % {"text": text}
        ) from None


_COMMANDS: tuple[tuple[str, Callable[[], str], Callable[[argparse.ArgumentParser], None]], ...] = (
    ("init", lambda: _("set up a hotel on this computer"), _init),
    ("demo", lambda: _("make the demonstration hotel"), _demo),
    ("import", lambda: _("take over bookings from a file as history"), _import),
    ("audit", lambda: _("run the night audit: post and close the business date"), _audit),
    ("backup", lambda: _("write a verified, encrypted copy of the database in use"), _backup),
    ("restore", lambda: _("put a backup in the place of the database"), _restore),
    ("recovery-sheet", lambda: _("write the recovery sheet with the hotel's key as PDF"), _sheet),
    ("restore-key", lambda: _("enter the key of the recovery sheet on this computer"), _plain),
    ("verify", lambda: _("prove the books, the audit trail and every page of the database"), _verify),
    ("doctor", lambda: _("look at everything the program needs on this computer"), _plain),
)


# ------------------------------------------------------------------ running a command
@dataclass
class Desk:
    """What every command works on."""

    args: argparse.Namespace
    place: Home
    settings: Settings
    offers: "Offers"

    def office(self) -> "DatabaseOffice":
        """Open the hotel."""
        from pms.services.opening.store import open_office

        if self.args.demo and not self.place.database.exists():
            make_demo(self.place, self.settings, self.offers)
            self.settings = load_settings(self.place)
        if not self.settings.ready:
            raise Refused(
                _("No hotel has been set up here. Run “pms init”, open the window, or use “pms --demo”.")
            )
        office = open_office(self.place, replace(self.settings, station=f"terminal {getuser()}"), self.offers)
        if office.anchor is not None and self.args.command != "verify":  # which tells it among its proofs
            for sentence in office.anchor.told():
                _failed(sentence)
        return office

    def acting(self) -> "DatabaseOffice":
        """Open the hotel with the person signed in, in whose name the command acts."""
        from pms.core.office import Clerk
        from pms.core.permissions import ALL
        from pms.services.staff import queries

        office, login = self.office(), self.args.login
        people = [
            p
            for p in office.look(queries.all_staff)
            if p.active and (p.login == login if login else p.role == "owner")
        ]
        if not people:
            raise Refused(_("Nobody here signs in as “%(login)s”.") % {"login": login or _("owner")})
        office.clerk = Clerk(people[0].id, people[0].name, people[0].role, ALL)
        return office

    def database_key(self) -> bytes:
        """Return the key that encrypts database and backups."""
        from pms.db import keys

        return keys.derive(keys.load(self.place, self.settings)).database


def run(args: argparse.Namespace, place: Home, settings: Settings, offers: "Callable[[], Offers]") -> int:
    """Run one command; what cannot be done is one sentence on standard error, never a traceback."""
    from pms.db.engine import explained

    try:
        from sqlalchemy.exc import DBAPIError

        try:
            return _RUN[args.command](Desk(args, place, settings, offers()))
        except DBAPIError as error:
            raise explained(error) from error
    except Refused as refusal:
        return _failed(str(refusal))
    except (NeedsConfirmation, NeedsApproval) as question:
        return _failed(str(question))
    except KeyboardInterrupt:
        return _failed(_("Stopped. What was finished before is kept."))
    except OSError as error:
        return _failed(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "))
    except Exception as error:
        number = defects.report(error, place.log)
        return _failed(
            _(
                "The program has a defect here (%(what)s). Nothing half-done is kept; it is noted in "
                "%(file)s as %(number)s."
            )
            % {"what": type(error).__name__, "file": place.log, "number": number}
        )


def _failed(sentence: str) -> int:
    print(f"pms: {sentence}", file=sys.stderr)
    return FAILED


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _secret(question: str) -> str:
    if sys.stdin.isatty():
        return getpass(question + " ")
    return sys.stdin.readline().rstrip("\n")


def _run_init(desk: Desk) -> int:
    from pms.services.opening.founding import Founder

    if desk.settings.ready:
        raise Refused(
            _(
                "A hotel has been set up here already (%(where)s). Give PMS_HOME another folder for a "
                "second one."
            )
            % {"where": _shown(desk.settings)}
        )
    founder = Founder(desk.place, desk.settings, desk.offers)
    hotel = _hotel(
        desk.args, founder.now(desk.args.zone).date() if desk.args.date is None else desk.args.date
    )
    key, path = founder.new_key(), desk.args.sheet or desk.place.data / "recovery-sheet.pdf"
    founder.found(hotel, (), key).engine.dispose()
    _write_sheet(path, founder, key, hotel.name, hotel.zone)
    _say(_("%(hotel)s is set up in %(file)s.") % {"hotel": hotel.name, "file": desk.place.database})
    _say(
        _(
            "Print %(file)s, put it in the safe and delete it: without the key on it the books are "
            "lost when this computer is."
        )
        % {"file": path}
    )
    return DONE


def _hotel(args: argparse.Namespace, day: date) -> "Hotel":
    from pms.services.opening.service import FloorPlan, Hotel, TypePlan

    types, floors, digits = [], [], CURRENCIES[args.currency].digits
    for text in args.type:
        code, name, price = _parts(text, 3, "CODE:NAME:PRICE")
        types.append(TypePlan(code.upper(), name, money.parse(price, digits)))
    for text in args.floor:
        floor, code, span = _parts(text, 3, "FLOOR:CODE:FIRST-LAST")
        first, last = _parts(span, 2, "FIRST-LAST", "-")
        if not (floor.isdecimal() and first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
            raise Refused(_("“%(text)s” is not of the form %(form)s.") % {"text": text, "form": "3:BIG:1-12"})
        floors.append(FloorPlan(int(floor), code.upper(), int(first), int(last)))
    password = _secret(_("Password of %(who)s:") % {"who": args.owner})
    return Hotel(
        args.name,
        args.zone,
        day,
        tuple(types),
        tuple(floors),
        args.owner,
        args.owner_name or args.owner,
        password,
        args.currency,
    )


def _parts(text: str, wanted: int, form: str, sign: str = ":") -> list[str]:
    found = text.replace("：", ":").split(sign)
    if len(found) != wanted or not all(found):
        raise Refused(_("“%(text)s” is not of the form %(form)s.") % {"text": text, "form": form})
    return found


def _write_sheet(path: Path, founder: Any, key: bytes, house: str, zone: str) -> None:
    from pms.printing import pdf

    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(0o600)
    path.write_bytes(pdf.render(founder.sheet(key, house, zone)))


def _run_demo(desk: Desk) -> int:
    place = desk.place if desk.args.demo else desk.place.demo
    if place.database.exists() and not desk.args.afresh:
        _say(
            _("The demonstration hotel is there: %(file)s. Open it with “pms --demo”.")
            % {"file": place.database}
        )
        return DONE
    make_demo(place, desk.settings, desk.offers)
    _say(
        _("The demonstration hotel is made. Open it with “pms --demo”; everybody's password is %(password)s.")
        % {"password": "hoteldemo"}
    )
    return DONE


def make_demo(place: Home, settings: Settings, offers: "Offers", clock: Clock = system_clock) -> None:
    """Make the demonstration hotel, showing how far it is."""
    from pms.services.opening import founding

    bar = Bar(_("Making the demonstration hotel"))
    founding.make_demo(place, settings, offers, clock, bar.show)
    bar.end()


def _run_import(desk: Desk) -> int:
    from pms.services.reservations import importer

    if not desk.args.file.is_file():
        raise Refused(_("%(file)s is not there or is no file. Check the name.") % {"file": desk.args.file})
    bar = Bar(_("Importing"))
    office = desk.acting()
    report = importer.run(office.do, desk.args.file, desk.args.map, bar.show, digits=office.house().digits)
    bar.end()
    if report.manner:
        _say(_("The file was read as %(manner)s.") % {"manner": report.manner})
    if commas := report.met.commas:
        words = ngettext(
            "%(n)s price has a decimal comma: 12,50 was read as 12.50.",
            "%(n)s prices have a decimal comma: 12,50 was read as 12.50.",
            commas,
        )
        _say(words % {"n": commas})
    if empty := len(report.met.empty):
        words = ngettext("%(n)s empty line was passed over.", "%(n)s empty lines were passed over.", empty)
        _say(words % {"n": empty})
    for fault in report.refused:
        _say(_("Line %(line)s refused: %(reason)s") % {"line": fault.line, "reason": fault.reason})
    _say(
        _("%(stored)s bookings stored, %(known)s known already, %(refused)s refused.")
        % {"stored": report.stored, "known": report.known, "refused": len(report.refused)}
    )
    return PARTLY if report.refused else DONE


def _run_audit(desk: Desk) -> int:
    """Close the business date that is over, several only by a person's word; ``--auto``: as a clock does it,
    which is not believed blindly."""
    from pms.services.night_audit import hours

    office = desk.acting()
    if desk.args.rehearse:
        return _rehearse(desk, office)
    troubles = _finish(office)  # what an earlier night left: a full disk, say
    if desk.args.auto and (doubt := office.look(hours.why_not_alone, now=office.now())):
        return _left_to_a_person(office, [doubt])
    day = office.house().business_date
    _opens, waiting = office.look(hours.opening, business_date=day, now=office.now())
    if desk.args.auto and not waiting:
        _say(_("%(day)s is not over yet. Nothing is to be closed.") % {"day": day})
        return _with(troubles)
    _must_agree(desk.args.days, waiting, office.look(hours.several, now=office.now()))
    for n in range(desk.args.days or 1):
        if stopped := _close_day(desk, office):
            for sentence in stopped if not desk.args.auto else ():
                _failed(sentence)
            left = _left_to_a_person(office, stopped) if desk.args.auto else BLOCKED
            return PARTLY if n else left
        troubles = _finish(office)
    return _with(troubles)


def _must_agree(said: int | None, waiting: int, several: str) -> None:
    """Refuse where the clock and the person count another number of days."""
    if said is None and several:
        raise Refused(several)
    if said not in (None, waiting):
        raise Refused(
            ngettext(
                "%(n)s day waits to be closed, not %(said)s. Check this computer's clock.",
                "%(n)s days wait to be closed, not %(said)s. Check this computer's clock.",
                waiting,
            )
            % {"n": waiting, "said": said}
        )


def _with(troubles: Sequence[str]) -> int:
    """Name what could not be done and return the exit code."""
    for trouble in troubles:
        _failed(trouble)
    return PARTLY if troubles else DONE


def _left_to_a_person(office: "DatabaseOffice", reasons: Sequence[str]) -> int:
    """Say why the day stays open, here and in the handover book, once for each business date: nobody reads at
    night what a command says."""
    from pms.services.messages import queries, service

    head = _("%(day)s was not closed by the clock:") % {"day": office.house().business_date}
    for reason in reasons:
        _failed(reason)
    if not any(entry.text.startswith(head) for entry in office.look(queries.still_open)):
        text = f"{head} {' '.join(reasons)}"[: service.LONGEST]
        office.do(service.write.of(text=text), intent=office.new_intent())
    return BLOCKED


def _findings(desk: Desk, office: "DatabaseOffice", day: date) -> "list[Finding]":
    from pms.services.night_audit import checks, queries

    found = office.look(queries.findings, business_date=day, checks=checks.listed(desk.offers))
    for one in found:
        _say(f"{'!' if one.blocking else '-'} {one.title}  {one.detail}")
    return found


def _rehearse(desk: Desk, office: "DatabaseOffice") -> int:
    from pms.services.night_audit import queries

    day, digits = office.house().business_date, office.house().digits
    _findings(desk, office, day)
    charges = office.look(queries.rehearsal, business_date=day)
    for c in charges:
        _say(f"  {c.room:<6} {c.guest:<20} {money.show(c.amount, digits):>12}  {c.rule}")
    _say(
        _("%(day)s would post %(count)s charges, %(total)s in all. Nothing was changed.")
        % {"day": day, "count": len(charges), "total": money.show(sum(c.owed for c in charges), digits)}
    )
    return DONE


def _close_day(desk: Desk, office: "DatabaseOffice") -> list[str]:
    """Close the business date and return nothing, or the sentences that say why it stays open; the begun
    audit waits on the screen then."""
    from pms.services.night_audit import hours, queries, service

    day, word = office.house().business_date, frozenset({hours.MISSED} if desk.args.days else ())
    office.do(service.begin.of(business_date=day), confirmed=word)
    blocking = [found for found in _findings(desk, office, day) if found.blocking]
    if blocking:
        return [
            ngettext(
                "%(day)s is still open: %(n)s finding must be cleared first, %(first)s. Nothing was posted.",
                "%(day)s is still open: %(n)s findings must be cleared first, %(first)s. Nothing was posted.",
                len(blocking),
            )
            % {"day": day, "n": len(blocking), "first": blocking[0].title}
        ]
    if told := office.do(service.warn.of(business_date=day)):
        _say(
            _("%(stations)s is told. The day closes in %(n)s s.")
            % {"stations": ", ".join(told), "n": queries.WARNING}
        )
        office.wait(queries.WARNING)
    count = office.do(service.close.of(business_date=day))
    _say(
        _("%(day)s is closed: %(count)s postings. The business date is %(now)s.")
        % {"day": day, "count": count, "now": office.house().business_date}
    )
    return []


def _finish(office: "DatabaseOffice") -> list[str]:
    """Write reports and backup of every closed day that waits for them; returns what could not be done."""
    from pms.services.opening.after_close import AfterClose

    assert isinstance(office.after_close, AfterClose)
    return office.after_close.finish(_say)


def _run_backup(desk: Desk) -> int:
    from pms.db import backup

    office = desk.office()
    moment = local(office.now(), office.house().zone)
    target = desk.args.file or desk.place.backups / backup.name_for(moment)
    proof = backup.create(office.engine, target, desk.database_key())
    backup.manifest(target, proof, office.now())
    _say(
        _("%(file)s is written and verified: %(size)s KB, audit trail up to entry %(trail)s (%(head)s).")
        % {"file": target, "size": proof.size // 1024, "trail": proof.trail, "head": proof.head[:12]}
    )
    return DONE


def _run_restore(desk: Desk) -> int:
    from pms.db import backup, keys, schema
    from pms.db.anchor import Mark
    from pms.services.opening import store

    if desk.settings.server:
        raise Refused(
            _("This hotel's database is on PostgreSQL: put a backup back with pg_restore, on the server.")
        )
    target = Path(desk.settings.database) if desk.settings.ready else desk.place.database
    known = schema.known()

    def put_back(confirmed: bool) -> backup.Proof:
        return backup.restore(desk.args.file, target, desk.database_key(), confirmed=confirmed, known=known)

    try:
        proof = put_back(desk.args.yes)
    except NeedsConfirmation as question:
        if not sys.stdin.isatty() or not _agreed(str(question)):
            raise Refused(
                _("%(file)s was left as it is. Say --yes to replace it; it is kept beside the restored one.")
                % {"file": target}
            ) from None
        proof = put_back(True)
    anchor = store.anchor_of(desk.place, keys.load(desk.place, desk.settings))
    anchor.restored(Mark(proof.trail, proof.head, system_clock()))
    if not desk.settings.ready:
        save_settings(desk.place, replace(desk.settings, database=str(target)))
    _say(
        _("%(file)s is restored: audit trail up to entry %(trail)s. Now run “pms verify”.")
        % {"file": target, "trail": proof.trail}
    )
    return DONE


def _owner(office: "DatabaseOffice", what: str) -> None:
    """Let an owner sign in for what the desk's login alone may not do; refuses everybody else."""
    login = _asked(_("%(what)s: an owner's sign-in name:") % {"what": what})
    if office.sign_in(login, _secret(_("Password of %(who)s:") % {"who": login})).role != "owner":
        raise Refused(_("Only an owner may do this. Nothing was changed."))


def _asked(question: str) -> str:
    if sys.stdin.isatty():
        return input(question + " ").strip()
    return sys.stdin.readline().strip()


def _agreed(question: str) -> bool:
    return input(f"{question}\n{_('Type yes to go on:')} ").strip().casefold() in (
        "yes",
        "y",
        "是",
        _("yes").casefold(),
    )


def _run_sheet(desk: Desk) -> int:
    from pms.db import keys
    from pms.services.opening.founding import Founder

    office = desk.office()
    _write_sheet(
        desk.args.file,
        Founder(desk.place, desk.settings, desk.offers),
        keys.load(desk.place, desk.settings),
        office.house().name,
        office.house().zone,
    )
    _say(
        _("%(file)s holds the hotel's key. Print it, put it in the safe and delete it.")
        % {"file": desk.args.file}
    )
    return DONE


def _run_key(desk: Desk) -> int:
    from pms.db import keys

    keys.save(desk.place, desk.settings, keys.read(_secret(_("The key of the recovery sheet:"))))
    _say(_("The key is kept. Now open the program, or restore a backup with “pms restore FILE”."))
    return DONE


def _run_verify(desk: Desk) -> int:
    from pms.services.opening import proving

    office, wrong = desk.office(), []
    if desk.args.accept:
        _accept(office)
    for title, faults in proving.proofs(office, desk.place.backups):
        found = list(faults)
        _say(f"{'!' if found else '✓'} {title}")
        wrong += found
        for fault in found[:20]:
            _say(f"    {fault}")
    _say_balance(office)
    if wrong:
        return _failed(
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
    _owner(office, _("Accept what the audit trail lost"))
    office.do(service.accept_lost.of(entries=[[mark.count, mark.head] for mark in lost]))
    anchor.accept()


def _say_balance(office: "DatabaseOffice") -> None:
    """Write the trial balance as of now, so that a restored hotel can be held against the one that was backed
    up."""
    from pms.services.night_audit import proof

    digits = office.house().digits
    _say(_("Trial balance: debits, credits, what is left"))
    for row in office.look(proof.standing):
        _say(
            f"    {row.ledger:<8} {money.show(row.debit, digits):>18} "
            f"{money.show(row.credit, digits):>18} {money.show(row.closing, digits):>18}"
        )


def _run_doctor(desk: Desk) -> int:
    from pms.services.opening import doctor

    worst = DONE
    for finding in doctor.look(desk.place, desk.settings, desk.offers):
        _say(f"{'✓' if finding.well else '!'} {finding.what}: {finding.words}")
        worst = worst if finding.well else FAILED
    return worst


def _shown(settings: Settings) -> str:
    """Return where the database is, without a password."""
    from pms.services.opening.store import url_of

    return url_of(settings).render_as_string(hide_password=True) if settings.server else settings.database


_RUN: dict[str, Callable[[Desk], int]] = {
    "init": _run_init,
    "demo": _run_demo,
    "import": _run_import,
    "audit": _run_audit,
    "backup": _run_backup,
    "restore": _run_restore,
    "recovery-sheet": _run_sheet,
    "restore-key": _run_key,
    "verify": _run_verify,
    "doctor": _run_doctor,
}


class Bar:
    """A progress bar on a terminal; a line for every tenth where the output goes elsewhere."""

    WIDTH = 32

    def __init__(self, title: str) -> None:
        self._title, self._tenth, self._live, self._shown = title, -1, sys.stderr.isatty(), False

    def show(self, done: int, whole: int) -> None:
        """Show how far it is."""
        part = min(done / whole, 1.0) if whole else 1.0
        if self._live:
            filled = round(part * self.WIDTH)
            print(
                f"\r{self._title} [{'█' * filled}{'·' * (self.WIDTH - filled)}] {part:4.0%} {done}",
                end="",
                file=sys.stderr,
                flush=True,
            )
            self._shown = True
        elif int(part * 10) > self._tenth:
            self._tenth = int(part * 10)
            print(f"{self._title} {part:4.0%} {done}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the bar's line."""
        if self._shown:
            print(file=sys.stderr)
