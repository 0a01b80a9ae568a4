"""Prove all of the history: pages, trail, ledger, closed days and guards, each against another that says the
same."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.core.errors import StoreTrouble
from pms.core.i18n import _
from pms.db import anchor, audit, backup, engine, guards
from pms.db.office import DatabaseOffice
from pms.services.authority import proof as rights
from pms.services.folios import two_books
from pms.services.night_audit import proof, seals
from pms.services.property.queries import setting
from pms.services.staff import proof as people

from . import sealed_proof, series

Proof = tuple[str, list[str]]
"""What was looked at, and what is wrong there."""


def proofs(office: DatabaseOffice, backups: Path | None = None) -> list[Proof]:
    """Return what was looked at and what is wrong there; ``backups`` is the folder whose manifests the trail
    is held against."""
    with ThreadPoolExecutor(1) as beside:  # the engine reads while the trail's digests are made here
        pages = beside.submit(engine.page_faults, office.engine)
        books = beside.submit(lambda: [*of_the_ledger(office)])
        trail = chain(office)
        outside = [
            *(office.anchor.told() if office.anchor is not None else ()),
            *_read(office, lambda session: _behind(session, office, backups)),
        ]
        return [
            (_("Every page of the database"), pages.result()),
            trail,
            *books.result(),
            (outside_words(), outside),
        ]


def outside_words() -> str:
    """Return what the marks outside the database are called."""
    return _("What stands outside the database: this workstation's anchor, the backups")


def _behind(session: Session, office: DatabaseOffice, backups: Path | None) -> Iterable[str]:
    """Yield a sentence for each backup whose last entry the trail no longer has, unless a restore went back
    behind it, or a person knows already."""
    known = max((m.count for _w, m in office.anchor.noted()), default=0) if office.anchor is not None else 0
    for name, mark in backup.manifests(backups) if backups is not None else ():
        if mark.count > known and not anchor.holds(session, mark):
            yield _(
                "The backup %(file)s ends with entry %(n)s (%(signs)s) of the audit trail, and the trail has "
                "none such any more."
            ) % {"file": name, "n": mark.count, "signs": anchor.signs(mark.head)}


def chain(office: DatabaseOffice) -> Proof:
    """Return the proof of the audit trail by itself."""
    broken = office.look(lambda session: list(audit.broken_links(session, office.secret)))
    told = [_("Entry %(n)s does not follow from the one before.") % {"n": n} for n in broken]
    return _("The audit trail's chain"), told + _read(office, seals.heads) + _read(office, seals.papers)


def of_the_ledger(office: DatabaseOffice) -> Iterable[Proof]:
    """Yield the proofs of books, ledger, closed days and guards."""
    yield (
        _("The books: accounts, days and ledgers"),
        [
            *_read(office, proof.faults),
            *_read(office, series.faults),
        ],
    )
    yield _("The ledger beside the trail, posting by posting"), _read(office, _two_books)
    yield _("The closed days and their seals"), _read(office, seals.broken)
    yield (
        _("The staff and what they may do, beside the trail"),
        [
            *_read(office, lambda session: people.faults(session, office.secret)),
            *_read(office, rights.faults),
        ],
    )
    yield _("What is sealed of guests: each value in its own place"), _read(office, sealed_proof.faults)
    yield _("The guards of what is never changed"), _read(office, _guards)


def _read(office: DatabaseOffice, look: Callable[[Session], Iterable[str]]) -> list[str]:
    """Return what a look finds; what can no longer be read at all is a fault, and the others are looked at
    all the same."""
    found: list[str] = []

    def collect(session: Session) -> None:
        found.clear()  # asked once more where the line was cut
        try:
            found.extend(look(session))
        except (DBAPIError, ValueError, TypeError, KeyError) as error:  # a forger's cells are of any kind
            found.append(
                _("What stands there cannot be read any more (%(what)s).") % {"what": type(error).__name__}
            )

    try:
        office.look(collect)
    except StoreTrouble as trouble:
        found.append(str(trouble))
    return found


def _two_books(session: Session) -> Iterable[str]:
    house = setting(session)
    yield from two_books.differences(session, today=house.business_date, digits=house.digits)
    yield from two_books.told_twice(session)


def _guards(session: Session) -> Iterable[str]:
    for table in guards.lacking(session.connection()):
        yield _("The guard of “%(table)s” is missing or was changed: its rows can be changed by hand.") % {
            "table": table
        }
