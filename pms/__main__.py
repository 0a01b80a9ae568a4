"""Start: settings, engine, office, and then the window or the command line; the only place that wires."""

import gc
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pms.core import defects, i18n, private, settings
from pms.core.alone import Alone
from pms.core.changes import Changes
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.settings import Home, Settings

if TYPE_CHECKING:
    from pms.core.offers import Offers
    from pms.core.office import Office
    from pms.db.office import DatabaseOffice
    from pms.services.cards.desk import CardDesk
    from pms.services.downtime.away import Away
    from pms.services.downtime.keeper import Kept, ListKeeper
    from pms.services.opening.founding import Founder
    from pms.ui.kit.topbar import Device
    from pms.ui.tour import Shown, Wanted


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    place = settings.home()
    try:
        found = settings.load(place)
        i18n.use(found.language)
        if not (sys.argv[1:] if argv is None else argv):
            return _window(place, found)  # nobody who wants the window waits for the command line's words
        from pms import cli

        args = cli.parser().parse_args(argv)
        if args.demo:
            place, found = _demo_home(place, found)
        if args.command:
            return cli.run(args, place, found, _offers)
        if args.tour:
            return _tour(args.tour, args.dress, args.page, args.language)
        if args.dress or args.page or args.language:
            raise Refused(_("--dress, --page and --language say what --tour DIR draws. Give that too."))
        return _window(place, found, demo=args.demo)
    except Refused as refusal:
        print(f"pms: {refusal}", file=sys.stderr)
        return 1  # as a command that did nothing


def _demo_home(place: Home, found: Settings) -> tuple[Home, Settings]:
    """The demonstration hotel has settings of its own and starts with the look of the real one."""
    known = settings.load(place.demo)
    if known.ready:
        return place.demo, known
    return place.demo, replace(found, database="", key="file", others={})


def _offers() -> "Offers":
    from pms.duties import offered

    return offered()


# ------------------------------------------------------------------ the window
class Backstage:
    """Everything behind the window that is neither Qt nor a service: opening, watching, printing, closing."""

    def __init__(self, place: Home, found: Settings, *, demo: bool = False) -> None:
        self.place, self.settings, self.demo = place, found, demo
        self._stops: list[Callable[[], Any]] = []
        self._lamps: list[tuple[str, Callable[[], tuple[str, str]]]] = []
        self._founder: Founder | None = None
        self._kept: Kept | None = None
        self._keeper: ListKeeper | None = None
        self._away: Away | None = None

    @property
    def station(self) -> str:
        """Return this workstation's name."""
        return self.settings.station

    @property
    def ready(self) -> bool:
        """Say whether a hotel has been set up here."""
        return self.settings.ready

    def save_look(self, language: str, theme: str, scale: int, *, folded: bool = False) -> None:
        """Keep the workstation's look."""
        self.settings = replace(self.settings, language=language, theme=theme, scale=scale, folded=folded)
        settings.save(self.place, self.settings)

    def open(self, trouble: Callable[[str], None]) -> "Office":
        """Open the hotel, then watch what other workstations change, print, and cut cards; refuses a second
        program of this workstation's name."""
        try:
            return self._open(trouble)
        except BaseException:
            self.close()
            raise

    def _open(self, trouble: Callable[[str], None]) -> "Office":
        from pms.core import memory
        from pms.core.troubles import Troubles
        from pms.db.copies import Lookout
        from pms.db.engine import reading
        from pms.db.presence import Presence
        from pms.db.topics import Watcher
        from pms.devices import identity
        from pms.devices.cards import encoder
        from pms.printing import ahead
        from pms.services.cards.desk import CardDesk
        from pms.services.opening.store import open_office, weaker
        from pms.services.print_jobs.room import PrinterLamp, open_room

        memory.give_back()
        self._take_up_founding()
        alone = Alone(self.place.data)
        self._must_be_alone(alone.take())
        self._stops.append(alone.let_go)
        self._tidy_up()
        away = self.away()
        office = open_office(self.place, self.settings, _offers(), changes=Changes())
        presence = Presence(office.engine, office.station, office.clock)
        self._stops.insert(0, office.engine.dispose)
        self._must_be_alone(presence.take())
        troubles = Troubles(trouble)
        watcher = Watcher(
            reading(office.engine),
            office.changes,
            seconds=LOOK,
            trouble=partial(self._told, troubles.of("server")),
        )
        lookout = Lookout(office, troubles.of("copies"))
        spooler = open_room(office, self.place.paper)
        kind, _blank, address = (self.settings.encoder or f"folder {self.place.cards}").partition(" ")
        cards = CardDesk(office, encoder(kind, address))
        if self.settings.reader:
            office.devices["identity"] = identity.reader(*self.settings.reader.split(" ", 1))
        self._lamps = [
            ("printer", PrinterLamp(office, spooler, self.place.paper).state),
            ("key-card", partial(_encoder_lamp, cards, bool(self.settings.encoder))),
        ]
        self._stops[:0] = [
            watcher.stop,
            lookout.stop,
            spooler.stop,
            cards.stop,
            presence.stop,
            self._back_up_at_close(office, troubles.of("backups")),
            self._keep_lists(office, troubles.of("lists")),
        ]
        for worker in (watcher, lookout, spooler, cards, presence):
            worker.start()
        if away is not None:
            away.server(answers=True)
        told = [*(office.anchor.told() if office.anchor is not None else ()), *weaker(self.settings)]
        if told:
            troubles.of("books")(" ".join(told))
        Thread(target=ahead.load, name="papers ahead", daemon=True).start()
        Thread(target=self._drop_old_papers, args=(office,), name="old papers", daemon=True).start()
        return office

    # -------------------------------------------------------------- when the server is away
    def away(self) -> "Away | None":
        """Return the lists for when the server does not answer; None where the hotel is a file here, or its
        key is not at hand."""
        if self._away is None and self.settings.server:
            from pms.core.clock import system_clock
            from pms.db import keys
            from pms.services.downtime.away import Away
            from pms.services.downtime.keeper import Kept

            with suppress(Refused):
                key = keys.load(self.place, self.settings)
                self._kept = Kept(self.place.lists, key, system_clock)
                self._away = Away(self._kept, self.place.paper, system_clock)
        return self._away

    def _keep_lists(self, office: "DatabaseOffice", trouble: Callable[[str], None]) -> Callable[[], None]:
        """Write the lists every two minutes while the server answers; returns what stops it."""
        if self._kept is None:
            return lambda: None
        from pms.services.downtime.keeper import ListKeeper

        self._keeper = keeper = ListKeeper(office, self._kept, trouble)
        keeper.start()
        return keeper.stop

    def _told(self, trouble: Callable[[str], None], why: str) -> None:
        """Take notice that the server is away (``why``), or back, and tell the window."""
        if self._away is not None:
            self._away.server(answers=not why)
        if self._keeper is not None and not why:
            self._keeper.hurry()
        trouble(_lost(why))

    def _tidy_up(self) -> None:
        """Keep others out of what an earlier release left open to them, and remove what was only passing."""
        for found in self.place.kept:
            private.shut(found)
        private.passing.use(self.place.passing)
        self._stops.append(private.passing.empty)

    def _drop_old_papers(self, office: "DatabaseOffice") -> None:
        from pms.services.opening.papers import drop_old

        with suppress(Refused):  # the server is away: at the next start, or after the close
            drop_old(office, self.place)

    def _must_be_alone(self, alone: bool) -> None:
        """Refuse a second program under this workstation's name: both would print, cut cards and count one
        drawer."""
        if alone:
            return
        raise Refused(
            _(
                "A front desk named %(station)s is open already. Look for its window; a second workstation "
                "needs a name of its own: “station” in %(file)s."
            )
            % {"station": self.settings.station or "desk-1", "file": self.place.config / settings.FILE}
        )

    def _back_up_at_close(
        self, office: "DatabaseOffice", trouble: Callable[[str], None]
    ) -> Callable[[], None]:
        """Write a backup after each closed day while the desk works on; a server makes its own. Returns what
        stops it."""
        if self.settings.server:
            return lambda: None
        from pms.services.opening.safekeeping import Safekeeping

        return Safekeeping(office, self.place, self.settings, trouble).stop

    def _take_up_founding(self) -> None:
        if self._founder is not None and self._founder.settings.ready:
            self.settings = replace(
                self._founder.settings,
                language=self.settings.language,
                theme=self.settings.theme,
                scale=self.settings.scale,
                folded=self.settings.folded,
            )
            self._kept = self._away = None
            settings.save(self.place, self.settings)  # the look was chosen here, the next start keeps it

    def devices(self) -> "Sequence[Device]":
        """Return the lamps of this workstation's devices."""
        from pms.ui.kit.topbar import Device

        return [Device(icon, *state()) for icon, state in self._lamps]

    def founder(self) -> "Founder":
        """Return who founds hotels."""
        if self._founder is None:
            from pms.services.opening.founding import Founder

            home = Home(self.place.config.parent, self.place.data.parent) if self.demo else self.place
            self._founder = Founder(home, self.settings, _offers())
        return self._founder

    def use_demo(self) -> None:
        """Work with the demonstration hotel from now on."""
        self._kept = self._away = None
        if not self.demo:
            self.place, self.demo = self.place.demo, True
        self.settings = settings.load(self.place)

    def close(self) -> None:
        """Stop watching and printing, then leave the database."""
        while self._stops:
            self._stops.pop(0)()


def _encoder_lamp(cards: "CardDesk", is_set: bool) -> tuple[str, str]:
    """Return the lamp of the card encoder: it works once a card was cut, not before."""
    if cards.trouble:
        return "bad", cards.trouble
    if not is_set:
        return "off", _("No card encoder is set up. Cards are kept as files.")
    return (
        ("ok", _("The last card was cut."))
        if cards.worked
        else ("off", _("No card was cut since the start."))
    )


def _lost(why: str) -> str:
    """Return what the window says while the server is away; nothing once it is back."""
    return (
        _(
            "The database server does not answer (%(where)s). What you typed is kept; it goes on by "
            "itself when the server is back."
        )
        % {"where": why[:120]}
        if why
        else ""
    )


def _window(place: Home, found: Settings, *, demo: bool = False) -> int:
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise Refused(
            _(
                "There is no display to open a window on. Start it from a desktop session, or see the "
                "screens as pictures with: "
                "installer/run --tour DIR"
            )
        )
    gc.disable()  # what is loaded stays: swept again and again, it would keep the first window waiting
    from PySide6.QtWidgets import QApplication

    from pms.ui.crash import CrashHandler
    from pms.ui.kit.sweeper import Sweeper
    from pms.ui.kit.theme import Look
    from pms.ui.program import Program

    app = QApplication(sys.argv[:1])
    sweeper = Sweeper(app)
    sweeper.start()
    net = CrashHandler(lambda error: defects.report(error, place.log), str(place.log))
    net.install()
    logging.getLogger("pms").addHandler(defects.DefectLog(place.log))
    program = Program(
        app, Backstage(place, found, demo=demo), Look(found.language, found.theme, found.scale, found.folded)
    )
    program.opened.connect(sweeper.settle)
    program.start()
    return app.exec()


# ------------------------------------------------------------------ the tour
LOOK = 0.75
"""Seconds between two looks at what others have changed: a session that is over ends within one."""
TOUR = datetime(2026, 11, 20, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The tour's moment: its pictures do not change from day to day."""


def _tour(folder: Path, dresses: list[str], pages: list[str], languages: list[str]) -> int:
    """Draw every screen and paper of the demonstration day, in each language, on a hotel that is thrown
    away; return 3 where something could not be shown."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from pms.cli import DONE, PARTLY
    from pms.ui import tour

    want = tour.wanted(dresses, pages)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    before = i18n.language()
    try:
        shown = [_tour_in(app, folder, language, want) for language in languages or i18n.LANGUAGES]
    finally:
        i18n.use(before)
    counts = {"n": sum(s.pictures for s in shown), "m": sum(s.papers for s in shown), "folder": folder}
    print(_("%(n)s pictures and %(m)s papers are in %(folder)s.") % counts)
    missed = [why for part in shown for why in part.missed]
    if missed:
        print(_("%(n)s could not be shown:") % {"n": len(missed)}, *missed, sep="\n", file=sys.stderr)
    return PARTLY if missed else DONE


def _tour_in(app: Any, folder: Path, language: str, want: "Wanted") -> "Shown":
    from pms.cli.desk import make_demo
    from pms.services.opening.founding import Founder
    from pms.services.opening.store import open_office
    from pms.ui import tour

    i18n.use(language)
    moment = TOUR.astimezone(UTC)

    def sleep(how_long: timedelta) -> None:
        nonlocal moment
        moment += how_long

    with tempfile.TemporaryDirectory(prefix="pms-tour-") as scratch:
        place, offers = Home(Path(scratch), Path(scratch)), _offers()
        make_demo(place.demo, Settings(language=language, station="desk-1"), offers, clock=lambda: moment)
        office = open_office(place.demo, settings.load(place.demo), offers, clock=lambda: moment)
        try:
            founder = Founder(
                place, Settings(language=language, station="desk-1"), offers, clock=lambda: moment
            )
            login = founder.demo_login()
            return tour.play(app, folder, language, office, founder, login, sleep, print, want)
        finally:
            office.engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
