"""What every command of the command line works on: the hotel, who acts, and how the terminal is asked and
told."""

import argparse
import sys
from dataclasses import dataclass, field, replace
from getpass import getpass, getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pms.core import private
from pms.core.clock import Clock, system_clock
from pms.core.errors import NotPermitted, Refused
from pms.core.i18n import _
from pms.core.settings import Home, Settings
from pms.core.settings import load as load_settings

if TYPE_CHECKING:
    from pms.core.offers import Offers
    from pms.core.office import Clerk
    from pms.core.permissions import Right
    from pms.db.office import DatabaseOffice

DONE, FAILED, PARTLY, BLOCKED = 0, 1, 3, 4
"""What a command returns: all done, nothing done, done but for what it named, the day could not close (2 is a
wrong command line)."""


@dataclass
class Desk:
    """What every command works on."""

    args: argparse.Namespace
    place: Home
    settings: Settings
    offers: "Offers"
    opened: "list[DatabaseOffice]" = field(default_factory=list)

    def office(self) -> "DatabaseOffice":
        """Open the hotel."""
        from pms.services.opening.store import open_office, weaker

        if self.args.demo and not self.place.database.exists():
            make_demo(self.place, self.settings, self.offers)
            self.settings = load_settings(self.place)
        if not self.settings.ready:
            raise Refused(
                _("No hotel has been set up here. Run “pms init”, open the window, or use “pms --demo”.")
            )
        office = open_office(self.place, replace(self.settings, station=f"terminal {getuser()}"), self.offers)
        self.opened.append(office)
        if office.anchor is not None and self.args.command != "verify":  # which tells it among its proofs
            for sentence in office.anchor.told():
                failed(sentence)
        for sentence in weaker(self.settings) if self.args.command != "doctor" else ():
            failed(sentence)
        return office

    def close(self) -> None:
        """Leave the hotel's database."""
        for office in self.opened:
            office.engine.dispose()

    def machine(self) -> "DatabaseOffice":
        """Open the hotel for the machine: what it does stands in the trail as nobody's, from the station
        ``machine LOGIN``."""
        from pms.core.office import machine

        office = self.office()
        office.station, office.clerk = f"machine {getuser()}", machine()
        return office

    def person(self, what: str) -> "DatabaseOffice":
        """Open the hotel with a person signed in by password, named on the line or asked for."""
        office, login = self.office(), self.args.login
        login = login or asked(_("%(what)s: your sign-in name:") % {"what": what})
        office.sign_in(login, secret(_("Password of %(who)s:") % {"who": login}))
        return office

    def database_key(self) -> bytes:
        """Return the key that encrypts database and backups."""
        from pms.db import keys

        return keys.derive(keys.load(self.place, self.settings)).database


def failed(sentence: str) -> int:
    print(f"pms: {sentence}", file=sys.stderr)
    return FAILED


def say(sentence: str) -> None:
    print(sentence, flush=True)


def secret(question: str) -> str:
    if sys.stdin.isatty():
        return getpass(question + " ")
    return sys.stdin.readline().rstrip("\n")


def owner(office: "DatabaseOffice", what: str) -> None:
    """Let an owner sign in for what the desk's login alone may not do; refuses everybody else."""
    login = asked(_("%(what)s: an owner's sign-in name:") % {"what": what})
    if office.sign_in(login, secret(_("Password of %(who)s:") % {"who": login})).role != "owner":
        raise Refused(_("Only an owner may do this. Nothing was changed."))


def vouched(office: "DatabaseOffice", what: str, right: "Right") -> list["Clerk"]:
    """Let an owner sign in, or two persons who hold a right, for what the desk's login alone may not do;
    refuses everybody else and writes it down. The first of them acts."""
    first = _signed_in(office, _("%(what)s: an owner's sign-in name, or the first of two persons':"), what)
    if first.role == "owner":
        return [first]
    _must_hold(office, first, right, what)
    second = _signed_in(office, _("%(what)s: the second person's sign-in name:"), what)
    _must_hold(office, second, right, what)
    if second.id == first.id:
        raise Refused(_("An owner may do this, or two persons, not one twice. Nothing was changed."))
    office.clerk = first
    return [first, second]


def _signed_in(office: "DatabaseOffice", question: str, what: str) -> "Clerk":
    login = asked(question % {"what": what})
    return office.sign_in(login, secret(_("Password of %(who)s:") % {"who": login}))


def _must_hold(office: "DatabaseOffice", person: "Clerk", right: "Right", what: str) -> None:
    if person.may(right):
        return
    sentence = _("%(name)s may not do this: an owner may, or two persons with the right %(right)s.")
    error = NotPermitted(sentence % {"name": person.name, "right": right}, right=right)
    office.door.refused(office, what, error)
    raise error


def asked(question: str) -> str:
    if sys.stdin.isatty():
        return input(question + " ").strip()
    return sys.stdin.readline().strip()


def agreed(question: str) -> bool:
    return input(f"{question}\n{_('Type yes to go on:')} ").strip().casefold() in (
        "yes",
        "y",
        "是",
        _("yes").casefold(),
    )


def shown(settings: Settings) -> str:
    """Return where the database is, without a password."""
    from pms.services.opening.store import url_of

    return url_of(settings).render_as_string(hide_password=True) if settings.server else settings.database


def write_sheet(path: Path, founder: Any, key: bytes, house: str, zone: str) -> None:
    from pms.printing import pdf

    private.write(path, pdf.render(founder.sheet(key, house, zone)))


def make_demo(place: Home, settings: Settings, offers: "Offers", clock: Clock = system_clock) -> None:
    """Make the demonstration hotel, showing how far it is."""
    from pms.services.opening import founding

    bar = Bar(_("Making the demonstration hotel"))
    founding.make_demo(place, settings, offers, clock, bar.show)
    bar.end()


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
