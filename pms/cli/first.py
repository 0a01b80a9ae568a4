"""Commands of the first days: a hotel set up, the demonstration, bookings taken over from a file."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

from pms.cli.desk import DONE, PARTLY, Bar, Desk, make_demo, say, secret, shown, write_sheet
from pms.core import money
from pms.core.currencies import CURRENCIES
from pms.core.errors import Refused
from pms.core.i18n import _, ngettext

if TYPE_CHECKING:
    from pms.services.opening.service import Hotel


def init(desk: Desk) -> int:
    """Set up a hotel on this computer."""
    from pms.services.opening.founding import Founder

    if desk.settings.ready:
        raise Refused(
            _(
                "A hotel has been set up here already (%(where)s). Give PMS_HOME another folder for a "
                "second one."
            )
            % {"where": shown(desk.settings)}
        )
    founder = Founder(desk.place, desk.settings, desk.offers)
    hotel = _hotel(
        desk.args, founder.now(desk.args.zone).date() if desk.args.date is None else desk.args.date
    )
    key, path = founder.new_key(), desk.args.sheet or desk.place.data / "recovery-sheet.pdf"
    founder.found(hotel, (), key).engine.dispose()
    write_sheet(path, founder, key, hotel.name, hotel.zone)
    say(_("%(hotel)s is set up in %(file)s.") % {"hotel": hotel.name, "file": desk.place.database})
    say(
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
    password = secret(_("Password of %(who)s:") % {"who": args.owner})
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


def demo(desk: Desk) -> int:
    """Make the demonstration hotel."""
    place = desk.place if desk.args.demo else desk.place.demo
    if place.database.exists() and not desk.args.afresh:
        say(
            _("The demonstration hotel is there: %(file)s. Open it with “pms --demo”.")
            % {"file": place.database}
        )
        return DONE
    make_demo(place, desk.settings, desk.offers)
    say(
        _("The demonstration hotel is made. Open it with “pms --demo”; everybody's password is %(password)s.")
        % {"password": "hoteldemo"}
    )
    return DONE


def import_bookings(desk: Desk) -> int:
    """Take over bookings from a file, in the name of a person who gives the password."""
    from pms.services.reservations import importer

    if not desk.args.file.is_file():
        raise Refused(_("%(file)s is not there or is no file. Check the name.") % {"file": desk.args.file})
    office = desk.person(_("Import"))
    bar = Bar(_("Importing"))
    report = importer.run(office.do, desk.args.file, desk.args.map, bar.show, digits=office.house().digits)
    bar.end()
    if report.manner:
        say(_("The file was read as %(manner)s.") % {"manner": report.manner})
    if commas := report.met.commas:
        words = ngettext(
            "%(n)s price has a decimal comma: 12,50 was read as 12.50.",
            "%(n)s prices have a decimal comma: 12,50 was read as 12.50.",
            commas,
        )
        say(words % {"n": commas})
    if empty := len(report.met.empty):
        words = ngettext("%(n)s empty line was passed over.", "%(n)s empty lines were passed over.", empty)
        say(words % {"n": empty})
    for fault in report.refused:
        say(_("Line %(line)s refused: %(reason)s") % {"line": fault.line, "reason": fault.reason})
    say(
        _("%(stored)s bookings stored, %(known)s known already, %(refused)s refused.")
        % {"stored": report.stored, "known": report.known, "refused": len(report.refused)}
    )
    return PARTLY if report.refused else DONE
