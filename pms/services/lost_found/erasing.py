"""What goes from lost and found when a guest's data are erased: the phone, and the address that a thing was
sent to, with what its slip said of it; the thing and the name stay."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import StillNeeded
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import PrintJob
from pms.db.work import Work
from pms.services.guests.search import search_text

from .models import FoundItem, FoundOutcome, LossReport
from .queries import KEPT, OPEN, number_shown

AT_ONCE = 200


@query(Permission.GUESTS_REVEAL)
def still_needed(session: Session, *, stay_ids: Sequence[int]) -> list[StillNeeded]:
    """Say whose things are still kept or looked for."""
    found: list[StillNeeded] = []
    for table, waits in ((FoundItem, KEPT), (LossReport, OPEN)):
        rows = session.execute(select(table.stay_id, table.number).where(waits, table.stay_id.in_(stay_ids)))
        found += [
            StillNeeded(
                stay,
                _("%(entry)s of lost and found is still open. Close it first.")
                % {"entry": number_shown(number, report=table is LossReport)},
            )
            for stay, number in rows
        ]
    return found


def erase_with(work: Work, *, stay_ids: Sequence[int]) -> list[int]:
    """Erase phone and address from the entries of these stays."""
    return [
        *_erase_items(work, select(FoundItem).where(FoundItem.stay_id.in_(stay_ids))),
        *_erase_reports(work, select(LossReport).where(LossReport.stay_id.in_(stay_ids))),
    ]


def erase_old(work: Work, *, before: date) -> list[int]:
    """Erase phone and address from entries that were closed before a day."""
    i, o, r = FoundItem, FoundOutcome, LossReport
    left = select(o.item_id).where(o.business_date < before)
    items = select(i).where(or_(i.phone != "", i.sent_to != ""), i.id.in_(left)).order_by(i.id)
    until = datetime.combine(before, time(), ZoneInfo(work.setting.zone))
    reports = select(r).where(r.phone != "", r.closed_at < until).order_by(r.id)
    return [*_erase_items(work, items.limit(AT_ONCE)), *_erase_reports(work, reports.limit(AT_ONCE))]


def _erase_items(work: Work, wanted: Select[FoundItem]) -> list[int]:
    found = []
    for item in work.session.scalars(wanted.with_for_update()).all():
        if item.sent_to:
            _erase_slip(work, item.id, item.sent_to)
        item.phone = item.sent_to = ""
        item.search = search_text(work.session, f"{item.what} {item.marks} {item.place} {item.guest_name}")
        found.append(item.id)
    return found


def _erase_reports(work: Work, wanted: Select[LossReport]) -> list[int]:
    found = []
    for report in work.session.scalars(wanted.with_for_update()).all():
        report.phone = ""
        report.search = search_text(
            work.session, f"{report.what} {report.marks} {report.place} {report.name}"
        )
        found.append(report.id)
    return found


def _erase_slip(work: Work, item_id: int, address: str) -> None:
    j = PrintJob
    jobs = select(j).where(j.record == "found_item", j.record_id == item_id, j.kind == "lost_found_out")
    for job in work.session.scalars(jobs.with_for_update()).all():
        job.slip = _without(job.slip, address)


def _without(told: Any, address: str) -> Any:
    if isinstance(told, dict):
        return {key: _without(value, address) for key, value in told.items()}
    if isinstance(told, list):
        return [_without(value, address) for value in told]
    return told.replace(address, "").rstrip(", ") if isinstance(told, str) and address in told else told
