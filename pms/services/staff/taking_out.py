"""Let data leave the house as a file or in bulk on paper: by whom, what, and with whose agreement."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from pms.core.errors import Reason
from pms.core.i18n import N_, _, ngettext
from pms.core.permissions import Permission
from pms.db.work import Work
from pms.printing.slip import Slip, Table

from . import access
from .access import Kind
from .models import Role, Staff

MOST_DAYS, MOST_LINES = 1, 200
"""More days, or a list of more guests, is bulk."""
FORMS = {"pdf": "PDF", "xlsx": N_("spreadsheet"), "csv": "CSV"}
_COLUMNS = 200


def as_file(work: Work, slips: Sequence[Slip], first: date, last: date, form: str) -> None:
    """Write down what leaves as a file; more than a day or than two hundred guests needs a right of its own
    and a second person's word. Where nobody else could give it, the one who asks signs with the own
    password."""
    much = (last - first).days >= MOST_DAYS or _lines(slips) > MOST_LINES
    _leave(work, _told(slips, first, last), _columns(slips), form, much)


def list_as_file(work: Work, title: str, heads: Sequence[str], lines: int, form: str) -> None:
    """Write down that a list leaves as a file as it is shown; under the same right and agreement."""
    told = (title, f"{work.business_date:%Y-%m-%d}", _count(lines))
    _leave(work, _(", ").join(told), _short(heads), form, lines > MOST_LINES)


def _leave(work: Work, told: str, columns: str, form: str, much: bool) -> None:
    work.must_hold(Permission.TAKE_OUT)
    what = _("Take out as %(form)s: %(told)s") % {"form": _(FORMS.get(form, form)), "told": told}
    which = _("Columns: %(names)s") % {"names": columns}
    if much:
        work.must_hold(Permission.TAKE_OUT_BULK)
        if _others(work):
            work.second(Reason(Permission.TAKE_OUT_BULK, what, why=which))
        else:
            work.signature(Permission.TAKE_OUT_BULK, what, _("Take out"))
    agreed = _("Agreed by %(name)s.") % {"name": work.approver} if work.approver else ""
    access.write(work, Kind.EXPORTED, f"{agreed} {what}. {which}".strip())


def in_bulk(work: Work, slips: Sequence[Slip], first: date, last: date) -> None:
    """Write down what is printed of more than a day, in a set, or of more than two hundred guests."""
    if len(slips) > 1 or (last - first).days >= MOST_DAYS or _lines(slips) > MOST_LINES:
        access.write(work, Kind.PRINTED, _told(slips, first, last))


def _told(slips: Sequence[Slip], first: date, last: date) -> str:
    """Name the papers, the period and how many lines."""
    return _(", ").join(
        (
            "; ".join(dict.fromkeys(slip.title for slip in slips)),
            f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} \u2013 {last:%Y-%m-%d}",
            _count(_lines(slips)),
        )
    )


def _count(lines: int) -> str:
    return ngettext("%(n)s line at most", "%(n)s lines at most", lines) % {"n": lines}


def _tables(slips: Iterable[Slip]) -> list[Table]:
    return [block for slip in slips for block in slip.blocks if isinstance(block, Table)]


def _lines(slips: Iterable[Slip]) -> int:
    """Return the lines of the longest list: no paper names more guests."""
    return max((len(table.rows) for table in _tables(slips)), default=0)


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
