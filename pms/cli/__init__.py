"""The command line: thin over the services. ``python -m pms`` without a command opens the window."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pms.cli import first, night, safe, server, standby
from pms.cli.desk import DONE, FAILED, PARTLY, Desk, failed, make_demo
from pms.core import defects, release
from pms.core.currencies import CURRENCIES
from pms.core.errors import NeedsApproval, NeedsConfirmation, Refused
from pms.core.i18n import LANGUAGES, _
from pms.core.settings import Home, Settings

if TYPE_CHECKING:
    from pms.core.offers import Offers

__all__ = ["DONE", "FAILED", "PARTLY", "make_demo", "parser", "run"]


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
    _tour(made)
    commands = made.add_subparsers(dest="command", metavar=_("COMMAND"))
    for name, words, add in _COMMANDS:
        add(commands.add_parser(name, help=words(), description=words()))
    return made


def _tour(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--tour",
        metavar="DIR",
        type=Path,
        help=_("draw every screen and paper of the demonstration day into DIR, without a display"),
    )
    p.add_argument(
        "--dress",
        action="append",
        default=[],
        metavar="WORDS",
        help=_(
            "with --tour: how the pages are shown, as dark-130-1024; a part that is left out is shown in "
            "every way, all is everything; again for each"
        ),
    )
    p.add_argument(
        "--page",
        action="append",
        default=[],
        metavar="PAGE",
        help=_("with --tour: only this page, and neither day nor papers; again for each"),
    )
    p.add_argument(
        "--language",
        action="append",
        default=[],
        choices=tuple(LANGUAGES),
        help=_("with --tour: only in this language"),
    )


def _init(p: argparse.ArgumentParser) -> None:
    p.add_argument("--name", required=True, help=_("the hotel's name"))
    p.add_argument("--zone", default="Asia/Shanghai", help=_("its time zone (%(default)s)"))
    p.add_argument(
        "--currency",
        default="CNY",
        type=str.upper,
        choices=CURRENCIES,
        help=_("the hotel's currency: %(known)s (%%(default)s)") % {"known": " ".join(CURRENCIES)},
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
        help=_("confirm that N days wait and the clock is right: close them one by one"),
    )
    p.add_argument(
        "--signs",
        metavar="SIX",
        default="",
        help=_("the six-character check code of last night's printed audit record, held against the trail"),
    )
    _acting(p)


def _acting(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--as",
        dest="login",
        metavar="LOGIN",
        help=_("in whose name; the password is asked, or read from a pipe"),
    )


def _backup(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help=_("where to (the backup folder, named by the moment)"),
    )
    p.add_argument(
        "--also",
        type=Path,
        metavar="FOLDER",
        help=_("copy every backup there too from now on, a stick say; - for no longer"),
    )


def _server(p: argparse.ArgumentParser) -> None:
    _at_server(p)
    p.add_argument(
        "--admin",
        default="postgres",
        metavar="ROLE",
        help=_("the server's administrator, for this once (%(default)s)"),
    )


def _at_server(p: argparse.ArgumentParser) -> None:
    p.add_argument("--host", default="localhost", help=_("the server (%(default)s)"))
    p.add_argument("--port", type=int, default=5432, help="(%(default)s)")
    p.add_argument("--database", default="hotel", help=_("the hotel's database (%(default)s)"))
    p.add_argument("--owner", metavar="ROLE", help=_("who owns the tables (DATABASE_owner)"))
    p.add_argument("--desk", metavar="ROLE", help=_("what the desks sign in as (DATABASE_desk)"))


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


def _doctor(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--drill",
        action="store_true",
        help=_("also restore the newest backup beside the hotel, prove it, and say how long that takes"),
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
    ("server", lambda: _("give a PostgreSQL server its two roles, or bring it to this release"), _server),
    ("standby", lambda: _("set up, watch or promote a second server that follows the first"), standby.words),
    ("move", lambda: _("bring this computer's hotel over to a PostgreSQL server"), _at_server),
    ("backup", lambda: _("write a verified, encrypted copy of the database in use"), _backup),
    ("restore", lambda: _("put a backup in the place of the database"), _restore),
    ("recovery-sheet", lambda: _("write the recovery sheet with the hotel's key as PDF"), _sheet),
    ("change-key", lambda: _("give the hotel another key, and write its recovery sheet"), _sheet),
    ("restore-key", lambda: _("enter the key of the recovery sheet on this computer"), _plain),
    ("verify", lambda: _("prove the books, the audit trail and every page of the database"), _verify),
    ("doctor", lambda: _("look at everything the program needs on this computer"), _doctor),
)


def run(args: argparse.Namespace, place: Home, settings: Settings, offers: "Callable[[], Offers]") -> int:
    """Run one command; what cannot be done is one sentence on standard error, never a traceback."""
    from pms.db.engine import explained

    try:
        from sqlalchemy.exc import DBAPIError

        desk = Desk(args, place, settings, offers())
        try:
            return _RUN[args.command](desk)
        except DBAPIError as error:
            raise explained(error) from error
        finally:
            desk.close()
    except Refused as refusal:
        return failed(str(refusal))
    except (NeedsConfirmation, NeedsApproval) as question:
        return failed(str(question))
    except KeyboardInterrupt:
        return failed(_("Stopped. What was finished before is kept."))
    except OSError as error:
        return failed(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "))
    except Exception as error:
        number = defects.report(error, place.log)
        return failed(
            _(
                "The program has a defect here (%(what)s). Nothing half-done is kept; it is noted in "
                "%(file)s as %(number)s."
            )
            % {"what": type(error).__name__, "file": place.log, "number": number}
        )


_RUN: dict[str, Callable[[Desk], int]] = {
    "init": first.init,
    "demo": first.demo,
    "import": first.import_bookings,
    "audit": night.audit,
    "server": server.roles,
    "standby": standby.run,
    "move": server.move,
    "backup": safe.back_up,
    "restore": safe.restore,
    "recovery-sheet": safe.sheet,
    "change-key": safe.change_key,
    "restore-key": safe.restore_key,
    "verify": safe.verify,
    "doctor": safe.doctor,
}
