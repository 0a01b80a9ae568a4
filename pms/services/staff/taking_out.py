"""Let data leave the house as a file or in bulk on paper: by whom, what, and with whose agreement."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from pms.core import dates
from pms.core.errors import Reason, Refused
from pms.core.i18n import N_, _, ngettext
from pms.core.permissions import Permission
from pms.db.work import Work
from pms.printing.slip import Slip, Table

from . import access
from .access import Kind
from .models import Role, Staff

MOST_DAYS, MOST_GUESTS = 1, 200
"""More days, or a list of more guests, is bulk."""
FORMS = {"pdf": "PDF", "xlsx": N_("spreadsheet"), "csv": "CSV"}
HOUSE_LISTS = ("audit_rehearsal", "status_sheet", "luggage_list", "wake_up_list", "evacuation")
"""Papers about everybody in house, or all bags in store: each print is written down."""
_COLUMNS = 200


def as_file(work: Work, slips: Sequence[Slip], first: date, last: date, form: str) -> None:
    """Write down what leaves as a file; more than a day or than two hundred guests needs a right of its own
    and a second person's word. Where nobody else could give it, the one who asks signs with the own
    password."""
    much = (last - first).days >= MOST_DAYS or len(_guests(slips)) > MOST_GUESTS
    _leave(work, _told(slips, first, last), _columns(slips), form, much)


def list_as_file(work: Work, title: str, heads: Sequence[str], lines: int, form: str) -> None:
    """Write down that a list leaves as a file as it is shown; under the same right and agreement."""
    told = (title, dates.day(work.business_date, year=True), _count(lines))
    _leave(work, _(", ").join(told), _short(heads), form, lines > MOST_GUESTS)


def for_platform(work: Work, title: str, lines: int) -> None:
    """Write down that a list leaves for an authority's platform: the right of the duty is enough for that."""
    told = (title, dates.day(work.business_date, year=True), _count(lines))
    what = _("Export as %(form)s: %(told)s")
    access.write(work, Kind.EXPORTED, what % {"form": _(FORMS["xlsx"]), "told": _(", ").join(told)})


def _leave(work: Work, told: str, columns: str, form: str, much: bool) -> None:
    work.must_hold(Permission.TAKE_OUT)
    if form not in FORMS:
        raise Refused(_("A file is a PDF, a spreadsheet or a CSV."))
    what = _("Export as %(form)s: %(told)s") % {"form": _(FORMS[form]), "told": told}
    which = _("Columns: %(names)s") % {"names": columns}
    if much:
        work.must_hold(Permission.TAKE_OUT_BULK)
        if _others(work):
            work.second(Reason(Permission.TAKE_OUT_BULK, what, why=which))
        else:
            work.signature(Permission.TAKE_OUT_BULK, what, _("Export"))
    agreed = _("Agreed by %(name)s.") % {"name": work.approver} if work.approver else ""
    access.write(work, Kind.EXPORTED, f"{agreed} {what}. {which}".strip())


def in_bulk(work: Work, slips: Sequence[Slip], first: date, last: date) -> None:
    """Write down what is printed of more than a day, in a set, or of more than two hundred guests."""
    if len(slips) > 1 or (last - first).days >= MOST_DAYS or len(_guests(slips)) > MOST_GUESTS:
        access.write(work, Kind.PRINTED, _told(slips, first, last))


def list_in_bulk(work: Work, paper: Slip) -> None:
    """Write down that a list was printed as it is shown, where it has more lines than two hundred."""
    if _lines([paper]) > MOST_GUESTS:
        house_list(work, paper)


def house_list(work: Work, paper: Slip) -> None:
    """Write down that a list of the whole house was printed, however many are on it."""
    access.write(work, Kind.PRINTED, _told([paper], work.business_date, work.business_date))


def again(work: Work, paper: Slip, count: int) -> None:
    """Write down that a paper which names many guests, or the whole house, was printed again."""
    if paper.kind in HOUSE_LISTS or len(_guests([paper])) > MOST_GUESTS:
        told = _told([paper], work.business_date, work.business_date)
        access.write(work, Kind.PRINTED, _("%(told)s, duplicate %(n)s") % {"told": told, "n": count})


def _told(slips: Sequence[Slip], first: date, last: date) -> str:
    """Name the papers, the period, how many lines and how many guests."""
    guests = len(_guests(slips))
    return _(", ").join(
        (
            "; ".join(dict.fromkeys(slip.title for slip in slips)),
            dates.span(first, last, year=True),
            _count(_lines(slips)),
            ngettext("%(n)s guest", "%(n)s guests", guests) % {"n": guests},
        )
    )


def _count(lines: int) -> str:
    return ngettext("%(n)s line at most", "%(n)s lines at most", lines) % {"n": lines}


def _tables(slips: Iterable[Slip]) -> list[Table]:
    return [block for slip in slips for block in slip.blocks if isinstance(block, Table)]


def _lines(slips: Iterable[Slip]) -> int:
    """Return the lines of the longest list."""
    return max((len(table.rows) for table in _tables(slips)), default=0)


def _guests(slips: Iterable[Slip]) -> set[tuple[str, ...]]:
    """Return the guests whom the papers name, each once: by name, and by room where a list has it, for two
    people may have one name."""
    found = set()
    for table in _tables(slips):
        names = [n for n, column in enumerate(table.columns) if column.guests]
        rooms = [n for n, column in enumerate(table.columns) if column.title == _("Room")]
        for row in table.rows:
            cells = [row.cells[n].strip() for n in names if n < len(row.cells)]
            if any(cells):
                found.add((*cells, *(row.cells[n].strip() for n in rooms if n < len(row.cells))))
    return found


def _columns(slips: Iterable[Slip]) -> str:
    return _short(column.title for table in _tables(slips) for column in table.columns)


def _short(heads: Iterable[str]) -> str:
    told = _(", ").join(dict.fromkeys(filter(None, heads)))
    return told if len(told) <= _COLUMNS else f"{told[:_COLUMNS]}…"


def _others(work: Work) -> bool:
    """Say whether somebody else works here who could agree."""
    rights = work.session.scalars(
        select(Role.rights)
        .join(Staff, Staff.role_code == Role.code)
        .where(Staff.active, Staff.id != work.clerk.id)
    )
    return any({Permission.TAKE_OUT_BULK, Permission.APPROVE} <= set(held) for held in rights)
