"""Print again, cancel, mark as printed; set the printers; and what the print room itself reports."""

from dataclasses import asdict
from pathlib import PureWindowsPath

from sqlalchemy import func, select, update

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.base import PrintJob
from pms.db.work import Work, operation
from pms.printing.printers import CHARSETS, Printer
from pms.printing.slip import PAPERS, ROLLS, Slip
from pms.printing.spooler import KILLED
from pms.services.staff import taking_out

from .models import PrinterRecord, PrintRoute
from .queries import TO_PRINT

AGAIN = ("printed", "incomplete", "replaced", "cancelled")


@operation(Permission.PRINT_AGAIN)
def reprint(work: Work, *, job_id: int, reason: str = "") -> int:
    """Print a paper again, marked and counted as a duplicate, at this workstation; return the new job's
    number."""
    job = _job(work, job_id)
    if job.state not in AGAIN:
        raise Refused(_("This paper still waits for its printer; it comes out by itself."))
    first = job.reprint_of or job.id
    # The first job's row is the lock: two workstations never print the same duplicate number.
    work.session.execute(select(PrintJob.id).where(PrintJob.id == first).with_for_update())
    count = (
        work.session.execute(
            select(func.count()).select_from(PrintJob).where(PrintJob.reprint_of == first)
        ).scalar_one()
        + 1
    )
    made = PrintJob(
        slip=job.slip,
        kind=job.kind,
        number=job.number,
        title=job.title,
        station=work.station,
        at=work.now,
        record=job.record,
        clerk_id=work.clerk.id or None,
        record_id=job.record_id,
        reprint_of=first,
        reprint=count,
    )
    work.session.add(made)
    if job.state == "incomplete":
        job.state, job.trouble = "replaced", ""
    work.session.flush()
    taking_out.again(work, Slip.from_dict(job.slip), count)
    work.note("print_job", {"reprint": count, "number": job.number, "reason": reason.strip()}, first)
    work.touch("print_jobs")
    return made.id


@operation(Permission.PRINT_AGAIN)
def cancel(work: Work, *, job_id: int) -> None:
    """Take a paper that has not come out off the list; it can still be printed later, as a duplicate."""
    job = _job(work, job_id)
    if job.state not in TO_PRINT:
        raise Conflict(_("This paper is printing or has been printed already."))
    job.state, job.trouble = "cancelled", ""
    work.note("print_job", {"cancelled": job.number}, job.id)
    work.touch("print_jobs")


@operation(Permission.PRINT_AGAIN)
def came_out(work: Work, *, job_id: int) -> None:
    """Note that a paper marked "may be incomplete" is whole after all."""
    job = _job(work, job_id)
    if job.state != "incomplete":
        raise Conflict(_("This paper is settled already."))
    job.state, job.trouble, job.printed_at = "printed", "", work.now
    work.note("print_job", {"came_out": job.number}, job.id)
    work.touch("print_jobs")


def _job(work: Work, job_id: int) -> PrintJob:
    job = work.session.get(PrintJob, job_id, with_for_update=True)
    if job is None:
        raise Refused(_("This print-out is not there any more."))
    return job


@operation(Permission.PROPERTY_EDIT)
def set_printer(work: Work, *, printer: Printer) -> int:
    """Add a printer (number 0) or change one, and return its number."""
    _check(printer)
    record = PrinterRecord() if not printer.id else work.hold(PrinterRecord, printer.id)
    for name, value in asdict(printer).items():
        if name != "id":
            setattr(record, name, value.strip() if isinstance(value, str) else value)
    work.session.add(record)
    work.session.flush()
    work.touch("printers")
    return record.id


def _check(printer: Printer) -> None:
    if not printer.name.strip() or not printer.address.strip():
        raise Refused(_("Give the printer a name and say where it is."))
    if printer.kind == "folder" and _leads_away(printer.address.strip()):
        raise Refused(
            _(
                "A printer of kind folder writes below the workstation's folder of papers only: give a name, "
                "“invoices” say."
            )
        )
    if printer.paper not in (*PAPERS, "") or printer.charset not in CHARSETS:
        raise Refused(_("Choose the printer's paper and its Chinese font."))
    if printer.kind in ("network", "usb", "device") and printer.paper not in ROLLS:
        raise Refused(_("A receipt printer prints on rolls of 80 or 58 mm."))


def _leads_away(address: str) -> bool:
    """Say whether a folder's name is a path of its own on any system, or leads upwards; where a link leads is
    looked at when it prints."""
    there = PureWindowsPath(address)  # takes both strokes
    return bool(there.drive or there.root or ".." in there.parts)


@operation(Permission.PROPERTY_EDIT)
def remove_printer(work: Work, *, printer_id: int) -> None:
    """Take a printer out of use; papers go to the next one that is set for them."""
    work.hold(PrinterRecord, printer_id).active = False
    work.touch("printers")


@operation(Permission.PROPERTY_EDIT)
def assign(work: Work, *, printer_id: int | None, station: str = "", kind: str = "") -> None:
    """Choose the printer for a kind of paper at a workstation (empty: for all others); None takes the choice
    back."""
    found = work.session.scalars(
        select(PrintRoute).where(PrintRoute.station == station, PrintRoute.kind == kind).with_for_update()
    ).first()
    if printer_id is None:
        if found is not None:
            work.session.delete(found)
    elif found is not None:
        found.printer_id = printer_id
    else:
        work.session.add(PrintRoute(station=station, kind=kind, printer_id=printer_id))
    work.touch("printers")


@operation(None)
def claim(work: Work, *, job_id: int, printer: str) -> bool:
    """Mark a job as printing for the print room; false when somebody took it back in the meantime."""
    return _moved(
        work, job_id, TO_PRINT, state="printing", trouble="", printer=printer, attempts=PrintJob.attempts + 1
    )


@operation(None)
def printed(work: Work, *, job_id: int) -> None:
    """Note for the print room that the paper is out."""
    _moved(work, job_id, ("printing", "incomplete"), state="printed", trouble="", printed_at=work.now)


@operation(None)
def unprinted(work: Work, *, job_id: int, trouble: str) -> None:
    """Note for the print room that nothing came out, and why; the job is tried again."""
    _moved(work, job_id, (*TO_PRINT, "printing"), state="failed" if trouble else "queued", trouble=trouble)


@operation(None)
def doubtful(work: Work, *, job_id: int, trouble: str) -> None:
    """Note for the print room that the paper may be incomplete; it is not printed again unasked."""
    _moved(work, job_id, ("printing",), state="incomplete", trouble=trouble)


@operation(None)
def recover(work: Work) -> int:
    """Mark what this workstation was printing when its program ended as "may be incomplete"; return how
    many."""
    made = work.session.execute(
        update(PrintJob)
        .where(PrintJob.state == "printing", PrintJob.station == work.station)
        .values(state="incomplete", trouble=_(KILLED))
        .execution_options(synchronize_session=False)
    )
    count = int(made.rowcount)  # type: ignore[attr-defined]
    if count:
        work.touch("print_jobs")
    return count


def _moved(work: Work, job_id: int, states: tuple[str, ...], **values: object) -> bool:
    made = work.session.execute(
        update(PrintJob)
        .where(PrintJob.id == job_id, PrintJob.state.in_(states))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    work.touch("print_jobs")
    return bool(made.rowcount)  # type: ignore[attr-defined]
