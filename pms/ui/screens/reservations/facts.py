"""What the panel tells of a booked room: its facts and its prices by night."""

from PySide6.QtWidgets import QWidget

from pms.core.i18n import _, ngettext
from pms.core.office import Office
from pms.services.reservations import queries
from pms.services.reservations.queries import LineRow
from pms.ui.kit import formats
from pms.ui.kit.parts import Item, box, col, label, row
from pms.ui.screens.reservations.words import SOURCES

NIGHTS_SHOWN = 7


def told(r: LineRow, lines: int) -> list[tuple[str, str]]:
    """Return what is known of a booked room; ``lines``: of how many rooms the booking is."""
    stay = ngettext("%(start)s to %(end)s, %(n)s night", "%(start)s to %(end)s, %(n)s nights", r.nights) % {
        "start": formats.long_day(r.arrival),
        "end": formats.long_day(r.departure),
        "n": r.nights,
    }
    facts = [
        (_("Phone"), r.phone),
        (_("Stay"), stay),
        (_("Type"), f"{r.type_name} {r.type_code}"),
        (_("Room"), r.room),
        (
            _("Guests"),
            _("%(adults)s + %(children)s") % {"adults": r.adults, "children": r.children}
            if r.children
            else str(r.adults),
        ),
        (_("Source"), formats.commas((_(SOURCES.get(r.source, r.source)), r.channel, r.reference))),
        (_("Who pays"), r.payer_words),
        (_("Company"), r.company),
        (_("Hold"), r.hold_until if r.open and r.state != "guaranteed" else ""),
        (_("Reason"), r.reason if not r.open else ""),
        (_("Remarks"), r.remarks),
    ]
    if lines > 1:
        facts.insert(
            3, (_("Booking"), ngettext("one of %(n)s room", "one of %(n)s rooms", lines) % {"n": lines})
        )
    return [(word, fact) for word, fact in facts if fact]


def prices(office: Office, r: LineRow, digits: int) -> QWidget:
    """Return the price of each night, their sum, and what is held in advance."""
    nights = office.ask(queries.nights, line_id=r.line_id)
    items: list[Item] = [
        row(label(formats.long_day(n.night), "muted"), None, label(formats.amount(n.price, digits)))
        for n in nights[:NIGHTS_SHOWN]
    ]
    if (rest := len(nights) - NIGHTS_SHOWN) > 0:
        items.append(label(ngettext("%(n)s more night", "%(n)s more nights", rest) % {"n": rest}, "muted"))
    items.append(
        row(
            label(_("Total"), "strong"),
            label(r.plan_name, "muted"),
            None,
            label(formats.amount(r.total, digits), "title"),
        )
    )
    if (held := office.ask(queries.advance_held, line_id=r.line_id)) > 0:
        items.append(
            row(
                label(_("Advance deposit held"), "muted"),
                None,
                label(formats.amount(held, digits), "strong", "good"),
            )
        )
    return box(col(*items, gap=4))
