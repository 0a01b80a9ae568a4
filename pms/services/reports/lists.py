"""A list as the screen shows it, on paper or in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.printing.slip import Column, Row, Slip, Table
from pms.services.folios.printouts import letterhead
from pms.services.staff import taking_out

MOST_PRINTED = 500
"""Lines of a list that are printed: ten pages; more is looked for first, or taken out as a file."""


@dataclass(frozen=True)
class Head:
    """A column of a list: its head, its part of the width, whether it holds figures."""

    title: str
    share: int = 1
    right: bool = False


def sheet(title: str, heads: Sequence[Head], entries: Sequence[Sequence[str]], **head: Any) -> Slip:
    """Return a list as a sheet, with the hotel's ``head`` where it is printed."""
    columns = tuple(Column(head.title, head.share, "right" if head.right else "left") for head in heads)
    rows = tuple(Row(tuple(line)) for line in entries)
    return Slip("list", title, (Table(columns, rows),), paper="A4", **head)


@operation(Permission.TAKE_OUT)
def take_out_list(work: Work, *, title: str, heads: Sequence[str], lines: int, form: str) -> None:
    """Let a list leave as a file, as it is shown; written down, and with a second person's word where it is
    more than two hundred lines."""
    taking_out.list_as_file(work, title, heads, lines, form)


@operation(Permission.PRINT_AGAIN)
def print_list(work: Work, *, title: str, heads: Sequence[Head], entries: Sequence[Sequence[str]]) -> int:
    """Print a list as it is shown, and return how many lines it has."""
    if not entries:
        raise Refused(_("There is nothing to print: the list is empty."))
    if len(entries) > MOST_PRINTED:
        raise Refused(
            _("%(n)s lines are too many to print, at most %(most)s. Find what is wanted, then print.")
            % {"n": len(entries), "most": MOST_PRINTED}
        )
    slip = sheet(title, heads, entries, **letterhead(work))
    work.print(slip)
    taking_out.list_in_bulk(work, slip)
    return len(entries)
