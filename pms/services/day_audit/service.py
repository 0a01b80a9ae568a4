"""Enter findings, name cause, person and training, close them; what the night audit queried comes by
itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pms.core import dates
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.db.work import Work, operation
from pms.services.staff.models import Staff

from . import printouts, queries
from .duty import DAY_AUDIT_NOTE, DAY_AUDIT_WORK
from .models import DayFinding
from .queries import CAUSES, KINDS

LONGEST = 500


@operation(DAY_AUDIT_NOTE)
def note(
    work: Work, *, business_date: date, kind: str, what: str, remark: str = "", amount: Money = Money(0)
) -> int:
    """Add a finding of a business date to the register and return its number."""
    if business_date > work.business_date:
        raise Refused(
            _("The business date is %(day)s. A finding is of that day or an earlier one.")
            % {"day": dates.day(work.business_date, year=True)}
        )
    if kind not in KINDS:
        raise Refused(_("Choose what kind of finding it is."))
    facts = _facts(work, business_date, kind, what, remark, amount)
    made = DayFinding(number=work.next_number("day_finding"), **facts)
    work.session.add(made)
    work.touch("day_audit")
    return made.number


def _facts(
    work: Work, business_date: date, kind: str, title: str, remark: str, amount: Money
) -> dict[str, Any]:
    told = _words(title)
    if not told:
        raise Refused(_("Say in a few words what was found."))
    if amount < 0:
        raise Refused(_("The amount of a finding cannot be negative."))
    return {
        "business_date": business_date,
        "kind": kind,
        "title": told,
        "remark": _words(remark),
        "amount": amount,
        "found_at": work.now,
        "found_by": work.clerk.id or None,
    }


def _words(typed: str) -> str:
    plain = " ".join(typed.split())
    if len(plain) > LONGEST:
        raise Refused(_("This is longer than %(n)s characters. Shorten it.") % {"n": LONGEST})
    return plain


def _cut(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def take_over(work: Work, business_date: date, marks: Mapping[str, Mapping[str, Any]]) -> int:
    """Enter what the night audit queried and return how many findings these were; part of the close, which
    happens once and which no finding stops: words too long are cut, a credit counts as what it is worth."""
    queried = [(key, mark) for key, mark in marks.items() if mark["state"] == "queried"]
    numbers = work.next_numbers("day_finding", len(queried)) if queried else ()
    rows = []
    for number, (key, mark) in zip(numbers, queried, strict=True):
        title, amount = _cut(mark.get("title") or key), Money(abs(int(mark.get("amount") or 0)))
        remark = _cut(mark.get("remark", ""))
        row = _facts(work, business_date, mark.get("register", "other"), title, remark, amount)
        rows.append({"number": number, **row, "mark": key, "staff_id": mark.get("about")})
    work.insert_many(DayFinding, rows)
    if queried:
        work.touch("day_audit")
    return len(queried)


def _not_ones_own(work: Work, found: DayFinding) -> None:
    """Refuse who would settle a finding about themselves; an owner has nobody above."""
    if found.staff_id is not None and found.staff_id == work.clerk.id and work.clerk.role != "owner":
        raise Refused(_("This finding is about you. Another person looks into it and closes it."))


@operation(DAY_AUDIT_WORK)
def look_into(
    work: Work, *, finding_id: int, kind: str, staff_id: int | None, cause: str, training: str, remark: str
) -> None:
    """Name the person, the cause and what is taught because of a finding, as far as they are known by now.
    Nobody but an owner looks into what they did themselves."""
    found = _open(work, finding_id)
    _not_ones_own(work, found)
    if kind not in KINDS:
        raise Refused(_("Choose what kind of finding it is."))
    if cause and cause not in CAUSES:
        raise Refused(_("Choose a cause from the list."))
    if staff_id is not None and work.session.get(Staff, staff_id) is None:
        raise Refused(_("This person does not work here. Choose somebody from the list."))
    found.kind, found.staff_id, found.cause, found.training, found.remark = (
        kind,
        staff_id,
        cause,
        _words(training),
        _words(remark),
    )
    work.touch("day_audit")


@operation(DAY_AUDIT_WORK)
def close(work: Work, *, finding_id: int) -> None:
    """Close a finding; refuses while its cause or what is done about it is missing. A closed one stays as it
    is."""
    found = _open(work, finding_id)
    _not_ones_own(work, found)
    if not found.cause:
        raise Refused(_("Name the cause first."))
    if not found.training:
        raise Refused(_("Name the training or action taken, then close the finding."))
    found.state, found.closed_at, found.closed_by = "closed", work.now, work.clerk.id or None
    work.touch("day_audit")


def _open(work: Work, finding_id: int) -> DayFinding:
    found = work.session.get(DayFinding, finding_id, with_for_update=True)
    if found is None:
        raise Refused(_("This finding is not there."))
    if found.state == "closed":
        raise Conflict(
            _("Finding %(number)s is closed and no longer changes. Add a new one.")
            % {"number": queries.shown(found.number)}
        )
    return found


@operation(DAY_AUDIT_NOTE)
def print_register(work: Work, *, start: date, end: date) -> None:
    """Print the register of a period with its statistics by person, by kind and by cause."""
    work.print(
        printouts.register(
            work, start=start, end=end, findings=queries.findings(work.session, start=start, end=end)
        )
    )
