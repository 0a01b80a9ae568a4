"""Which papers wait, which came out, and which printer gets them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from pms.core import typed
from pms.core.duty import SHEETS, SLIPS
from pms.core.i18n import N_, _
from pms.core.offers import MOST_DUE, Badge, Due, Hit
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import PrintJob
from pms.db.books import ask
from pms.printing import logos, pdf, preview
from pms.printing.printers import Printer, on_paper
from pms.printing.slip import ROLLS, Slip
from pms.services.property import queries as property_queries

from .models import PrinterRecord, PrintRoute

STATES = {
    "queued": N_("Waiting"),
    "failed": N_("Not printed"),
    "printing": N_("Printing"),
    "printed": N_("Printed"),
    "saved": N_("Saved as PDF"),
    "incomplete": N_("May be incomplete"),
    "replaced": N_("Duplicate printed"),
    "cancelled": N_("Cancelled"),
}
TO_PRINT = ("queued", "failed")
OPEN = (*TO_PRINT, "printing", "incomplete")
SIZES = {
    SHEETS: N_("All sheets (A4, A5)"),
    SLIPS: N_("All slips (80 mm)"),
}
"""What a printer can be chosen for beside each kind of paper: all papers of a size."""
_J, _P, _R = PrintJob, PrinterRecord, PrintRoute
_JOBS: Any = select(
    _J.id,
    _J.kind,
    _J.title,
    _J.number,
    _J.station,
    _J.state,
    _J.at,
    _J.printed_at,
    _J.reprint,
    _J.reprint_of,
    _J.attempts,
    _J.printer,
    _J.trouble,
    case((_J.printer == "", ""), else_=func.coalesce(_P.kind, "folder")),
).outerjoin(_P, _P.name == _J.printer)
_PRINTERS: Any = select(
    _P.id, _P.name, _P.kind, _P.address, _P.paper, _P.charset, _P.cutter, _P.drawer
).where(_P.active)
_ROUTES: Any = select(_R.id, _R.station, _R.kind, _R.printer_id, _P.name).join(_P, _P.id == _R.printer_id)
_WAITING: Any = select(_J.id, _J.kind, _J.number, _J.slip, _J.reprint, _J.trouble, _J.at).where(
    _J.state.in_(TO_PRINT)
)


@dataclass(frozen=True)
class JobRow:
    """A print-out in the list."""

    id: int
    kind: str
    title: str
    number: str
    station: str
    state: str
    at: datetime
    printed_at: datetime | None
    reprint: int
    reprint_of: int | None
    attempts: int
    printer: str
    trouble: str
    way: str
    """The kind of printer it went to; a folder keeps a file and prints nothing."""

    @property
    def became(self) -> str:
        """Return what became of it: its state, or ``saved`` where no printer has seen it."""
        return "saved" if self.state == "printed" and self.way == "folder" else self.state

    @property
    def state_name(self) -> str:
        """Return what became of it, in words."""
        return _(STATES[self.became])


@dataclass(frozen=True)
class RouteRow:
    """Which printer a workstation uses for a kind of paper."""

    id: int
    station: str
    kind: str
    printer_id: int
    printer: str


@dataclass(frozen=True)
class Waiting:
    """A job that waits for its printer (None: no printer is set)."""

    id: int
    kind: str
    number: str
    slip: Mapping[str, Any]
    reprint: int
    trouble: str
    at: datetime
    printer: Printer | None


@dataclass(frozen=True)
class Sheets:
    """A print-out as it comes out of its printer: pages as PNG files, copies after one another."""

    title: str
    printer: str
    copies: int
    pages: tuple[bytes, ...]


@query(Permission.PRINT_AGAIN)
def jobs(session: Session, *, station: str = "", only_open: bool = False, limit: int = 200) -> list[JobRow]:
    """Return print-outs, those that need somebody first, then the latest; of one workstation when it is
    named."""
    first = case((_J.state == "incomplete", 0), (_J.state.in_(("failed", "queued", "printing")), 1), else_=2)
    question = _JOBS.order_by(first, _J.id.desc()).limit(limit)
    if station:
        question = question.where(_J.station == station)
    if only_open:
        question = question.where(_J.state.in_(OPEN))
    return [JobRow(*row) for row in session.execute(question)]


@query()
def waiting(
    session: Session, *, station: str, fallback: Printer | None = None, limit: int = 100
) -> list[Waiting]:
    """Return a workstation's jobs to print, oldest first, each with its printer; ``fallback`` serves papers
    that no printer is set for."""
    rows = session.execute(_WAITING.where(_J.station == station).order_by(_J.id).limit(limit)).all()
    _bring_logos(session, (row.slip for row in rows))
    papers = {row.id: (row.kind, row.slip.get("paper", "")) for row in rows}
    chosen = {
        paper: printer_for(session, station=station, kind=paper[0], paper=paper[1])
        for paper in set(papers.values())
    }
    return [
        Waiting(
            row.id,
            row.kind,
            row.number,
            row.slip,
            row.reprint,
            row.trouble,
            row.at,
            chosen[papers[row.id]] or fallback,
        )
        for row in rows
    ]


def printer_for(session: Session, *, station: str, kind: str, paper: str) -> Printer | None:
    """Return the printer of a workstation for a kind of paper, None where none is set.

    The nearest route wins: of this workstation before any; there this kind before its size before all."""
    size = SLIPS if paper in ROLLS else SHEETS
    nearest = case((_R.station == "", 0), else_=3) + case((_R.kind == "", 0), (_R.kind == size, 1), else_=2)
    found = session.execute(
        _PRINTERS.join(_R, _R.printer_id == _P.id)
        .where(_R.station.in_(("", station)), _R.kind.in_(("", size, kind)))
        .order_by(nearest.desc())
        .limit(1)
    ).first()
    return Printer(*found) if found else None


@query(Permission.PRINT_AGAIN, Permission.PROPERTY_EDIT)
def printers(session: Session) -> list[Printer]:
    """Return the printers in use, by name."""
    return [Printer(*row) for row in session.execute(_PRINTERS.order_by(_P.name))]


@query(Permission.PRINT_AGAIN, Permission.PROPERTY_EDIT)
def routes(session: Session) -> list[RouteRow]:
    """Return every assignment of a printer, the general ones first."""
    return [RouteRow(*row) for row in session.execute(_ROUTES.order_by(_R.station, _R.kind))]


@query()
def routes_at(session: Session, *, station: str) -> int:
    """Return how many assignments give a workstation a real printer; a folder is none."""
    asked = select(func.count(_R.id)).join(_P, _P.id == _R.printer_id)
    found: int = session.execute(
        asked.where(_P.active, _P.kind != "folder", _R.station.in_(("", station)))
    ).scalar_one()
    return found


@query(Permission.PRINT_AGAIN)
def sheets(session: Session, *, job_id: int, fallback: Printer | None = None, dpi: int = 110) -> Sheets:
    """Draw a stored print-out as its printer would print it; takes a moment: ask it off the window's
    thread."""
    row = session.execute(select(_J.slip, _J.station, _J.kind, _J.reprint).where(_J.id == job_id)).one()
    printer = printer_for(session, station=row.station, kind=row.kind, paper=row.slip["paper"]) or fallback
    _bring_logos(session, [row.slip])
    slip = on_paper(row.slip, row.reprint, printer)
    pictures = tuple(page.png() for page in preview.pages(pdf.render(slip), dpi))
    return Sheets(slip.title, printer.name if printer else "", len(slip.labels), pictures)


@query(Permission.PRINT_AGAIN)
def stored(session: Session, *, job_id: int) -> Slip:
    """Return a print-out as it was stored, on the paper it was made for."""
    row = session.execute(select(_J.slip, _J.reprint).where(_J.id == job_id)).one()
    _bring_logos(session, [row.slip])
    return on_paper(row.slip, row.reprint, None)


def _bring_logos(session: Session, slips: Iterable[Mapping[str, Any]]) -> None:
    """Keep the pictures that papers name where they are drawn."""
    for sign in sorted({str(slip.get("logo", "")) for slip in slips}):
        if logos.missing(sign):
            logos.keep(sign, property_queries.logo(session, sign=sign))


@query(Permission.PRINT_AGAIN)
def of_record(session: Session, *, record: str, record_id: int) -> list[JobRow]:
    """Return the print-outs of one record, oldest first."""
    return [
        JobRow(*row)
        for row in session.execute(
            _JOBS.where(_J.record == record, _J.record_id == record_id).order_by(_J.id)
        )
    ]


PAPERS = ("cash_slip", "purchase_request", "status_sheet", "transfer_slip")
"""The papers that are found as papers by their number; the others lead to the thing they prove, which its own
duty finds."""


@query(Permission.PRINT_AGAIN)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find a drop's or payout's slip, a purchase request or a status sheet by its number."""
    number = typed.code(text)
    rows = session.execute(
        select(_J.id, _J.title, _J.kind, _J.at)
        .where(_J.number == number, _J.number != "", _J.reprint == 0)
        .order_by(_J.id)
    )
    return [
        Hit(number, row.title, "printer", "print_jobs", {"job_id": row.id})
        for row in rows
        if row.kind in PAPERS
    ][:4]


@query(Permission.PRINT_AGAIN)
def job(session: Session, *, job_id: int) -> JobRow | None:
    """Return one print-out, None when there is none of this number."""
    row = session.execute(_JOBS.where(_J.id == job_id)).first()
    return JobRow(*row) if row else None


_FAULTY = _J.state.in_(("failed", "incomplete"))
_NOT_OUT = select(func.count(_J.id)).where(_FAULTY)
_OLDEST_NOT_OUT = (
    select(_J.id, _J.title, _J.number, _J.at)
    .where(_FAULTY, _J.at <= bindparam("now"))
    .order_by(_J.id)
    .limit(MOST_DUE)
)


@query(Permission.PRINT_AGAIN)
def badges(session: Session) -> list[Badge]:
    """Return how many print-outs need somebody."""
    count = ask(session, _NOT_OUT).scalar_one()
    return [Badge("print_jobs", count, "warn" if count else "")]


@query(Permission.PRINT_AGAIN)
def need_somebody(session: Session, *, now: datetime) -> list[Due]:
    """Return the print-outs that did not come out or not whole, the oldest first."""
    rows = ask(session, _OLDEST_NOT_OUT, now=now)
    return [
        Due(
            _("Not printed: %(paper)s") % {"paper": f"{row.title} {row.number}".strip()},
            "print_jobs",
            row.at,
            2,
            {"job_id": row.id},
        )
        for row in rows
    ]
