"""The night audit's look at serial numbers: missing or doubled today, and gaps in the books of forms."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.night_audit.checks import Check, Finding, Remedy, Tonight

from . import numbers, queries
from .numbers import MISSING, VOIDED


def _find(tonight: Tonight) -> Iterator[Finding]:
    day = tonight.business_date
    for fault in numbers.faults(numbers.given(tonight.session, first=day, last=day)):
        if fault.how == VOIDED:
            continue
        words = _("%(number)s is missing") if fault.how == MISSING else _("%(number)s was given twice")
        yield Finding(
            fault.id,
            words % {"number": fault.number},
            _(fault.name),
            Money(0),
            Remedy(_("Serial numbers"), "vouchers", {"fault": fault.number}),
        )
    for book in queries.books(tonight.session):
        if book.gap:
            yield Finding(
                f"book{book.number}",
                f"{book.shown}: {queries.gap_words(book.gap)}",
                _(", ").join(filter(None, (f"{book.form} {book.start} – {book.end}", book.holder))),
                Money(0),
                Remedy(_("Serial numbers"), "vouchers", {"number": book.number}),
            )


CHECK = Check(
    "serial_numbers",
    N_("Serial numbers"),
    N_("Look for the paper, ask who had the book, and explain the gap."),
    "sheet",
    _find,
    register="money",
)
