"""The one paper of the set-up: the recovery sheet. It is printed at once and never stored, for it holds the
key."""

from collections.abc import Sequence
from datetime import date

from pms.core import dates
from pms.core.i18n import _
from pms.printing import slip
from pms.printing.slip import QR, Heading, Signatures, Slip, Table, Text


def recovery_sheet(*, house: str, day: date, database: str, groups: Sequence[str]) -> Slip:
    """Return the sheet with the hotel's key in groups, each ending in its check sign."""
    numbered = [f"{n:>2}  {group}" for n, group in enumerate(groups, 1)]
    rows = [numbered[n : n + 4] for n in range(0, len(numbered), 4)]
    return Slip(
        "recovery_sheet",
        _("Recovery sheet"),
        (
            Text(
                _(
                    "Whoever loses this key and the computer has lost the hotel's books: nobody, not "
                    "even the maker of the program, can open "
                    "the database or a backup without it. Whoever holds it and a copy of the database "
                    "can read everything."
                ),
                "strong",
            ),
            slip.facts(
                (_("Hotel"), house), (_("Date"), dates.day(day, year=True)), (_("Database"), database)
            ),
            Heading(_("The hotel's key")),
            Table(
                tuple(slip.left("") for _column in range(4)),
                tuple(slip.row(*[*line, "", "", ""][:4]) for line in rows),
                grid=True,
            ),
            Text(
                _(
                    "Each group ends in a check character, so a mistyped group is named. There is no I, "
                    "L, O or U: they are 1, 1, 0 and never used."
                ),
                "small",
            ),
            QR("-".join(groups), _("The same key, to be scanned")),
            Heading(_("What to do")),
            Text(_("Keep one copy in the safe and one outside the house, never with the backups.")),
            Text(
                _(
                    "On a new computer: install the program, put the backup on it, and run pms "
                    "restore-key, then pms restore FILE. "
                    "To let another workstation join a hotel on PostgreSQL, type this key there."
                )
            ),
            Signatures((_("Printed and put away by"), _("Date"))),
        ),
        paper="A4",
        house=house,
    )
