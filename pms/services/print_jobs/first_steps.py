"""What a hotel does of its printers on its first day."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import FirstStep
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import PrintJob

from .models import PrinterRecord


@query(Permission.PROPERTY_EDIT)
def first_steps(session: Session) -> list[FirstStep]:
    """Say whether a real printer is set, and whether a paper has come out of it."""
    real = select(PrinterRecord.name).where(PrinterRecord.active, PrinterRecord.kind != "folder")
    came = exists().where(PrintJob.state == "printed", PrintJob.printer.in_(real))
    there, printed = session.execute(select(real.exists(), came)).one()
    how = _("A paper has come out.") if printed else _("It is set. Print a paper to try it.")
    told = how if there else _("None is set: papers are kept as PDF files.")
    return [FirstStep(50, _("Printer"), bool(there and printed), told, "print_jobs", {"page": "printers"})]
