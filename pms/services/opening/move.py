"""Bring a hotel from its file on this computer over to a server, all of it proven, or say what lacks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.offers import Offers
from pms.core.office import Clerk
from pms.core.settings import Home, Settings
from pms.core.settings import save as save_settings
from pms.db import keys, moving, roles, schema
from pms.db.backup import SIDES
from pms.db.engine import open_engine, reading
from pms.db.moving import Mark, Progress
from pms.db.office import DatabaseOffice
from pms.db.rows import rights

from . import proving, service, store
from .founding import Server


@dataclass
class Move:
    """One move of the hotel of this workstation: run again after any interruption it goes on where it was.

    ``vouch`` asks who may for their word, once, before anything is copied.
    """

    place: Home
    settings: Settings
    offers: Offers
    owner: Server
    desk: Server
    vouch: Callable[[DatabaseOffice], list[Clerk]]
    progress: Progress = lambda done, total: None
    batch: int = moving.BATCH

    def run(self, office: DatabaseOffice) -> dict[str, moving.Sum]:
        """Bring the office's hotel over and return what each table holds; the workstation works on the server
        from then on, and the file is kept under another name."""
        target = open_engine(self.owner.url, keys.derive(keys.load(self.place, self.settings)))
        try:
            schema.upgrade(target)
            mark = self._begun(office, target)
            held = moving.sums(office.engine)
            if not mark.done:
                self._copy(office, target, held)
                self._prove(target)
                with target.begin() as connection:
                    moving.write_mark(connection, replace(mark, done=True))
            self._note(mark, sum(one.rows for one in held.values()))
        finally:
            target.dispose()
        office.engine.dispose()
        self._leave_the_file()
        return held

    def _begun(self, office: DatabaseOffice, target: Engine) -> Mark:
        """Return the mark on the target, put there now by the word of who may if it is empty."""
        hotel = keys.sign(keys.load(self.place, self.settings))
        with target.connect() as connection:
            mark = moving.read_mark(connection)
            moving.must_fit(connection, mark, hotel, self._end(office))
        if mark is not None:
            return mark
        by = self.vouch(office)
        _must_be_sound(proving.proofs(office), _("Run “pms verify” here first."))
        mark = Mark(hotel, *self._end(office), by[0].id, tuple(person.name for person in by))
        with target.begin() as connection:
            moving.write_mark(connection, mark)
        return mark

    @staticmethod
    def _end(office: DatabaseOffice) -> tuple[int, str]:
        with reading(office.engine).connect() as connection:
            return moving.end_of(connection)

    def _copy(self, office: DatabaseOffice, target: Engine, held: dict[str, moving.Sum]) -> None:
        moving.copy(office.engine, target, self.progress, batch=self.batch)
        if wrong := moving.differences(held, moving.sums(target)):
            raise Refused(
                _("What is on the server is not what is here: %(what)s Nothing was changed here.")
                % {"what": " ".join(wrong[:5])}
            )
        with target.begin() as connection:
            roles.allow(connection, self.desk.user)

    def _prove(self, target: Engine) -> None:
        """Prove the books on the server as the desks see them."""
        there = self._there()
        try:
            _must_be_sound(proving.proofs(there), _("Nothing was changed here."))
        finally:
            there.engine.dispose()

    def _there(self) -> DatabaseOffice:
        """Open the hotel on the server; the anchor stays with the file until this workstation has changed
        over."""
        at = replace(self.settings, database=self.desk.url.render_as_string(hide_password=False))
        return store.open_office(self.place, at, self.offers, anchored=False)

    def _note(self, mark: Mark, rows: int) -> None:
        """Write the move into the trail there, once however often it is run."""
        there = self._there()
        try:
            there.clerk = Clerk(mark.clerk, mark.by[0], "", rights())
            to = f"{self.desk.host}:{self.desk.port}/{self.desk.database}"
            call = service.moved.of(to=to, by=list(mark.by), rows=rows)
            there.do(call, intent=f"move {mark.hotel} {mark.entry}")
        finally:
            there.engine.dispose()

    def _leave_the_file(self) -> None:
        """Work on the server from now on; nobody goes on in the file by mistake."""
        file = Path(self.settings.database)
        database = store.remembered(self.desk.url, self.place)
        save_settings(self.place, replace(self.settings, database=database))
        for side in SIDES:
            if (found := file.with_name(file.name + side)).exists():
                found.replace(file.with_name(f"{file.name}.moved{side}"))


def _must_be_sound(proofs: list[proving.Proof], remedy: str) -> None:
    faults = [fault for _title, found in proofs for fault in found]
    if faults:
        raise Refused(
            _("The books do not prove, so they are not moved: %(what)s %(remedy)s")
            % {"what": " ".join(faults[:3]), "remedy": remedy}
        )
