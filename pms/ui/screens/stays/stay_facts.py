"""What the panel says of a stay beside its facts: its state as badges, and its money."""

from datetime import date

from PySide6.QtWidgets import QWidget

from pms.core.i18n import _
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats
from pms.ui.kit.parts import card, label, row


def badges(r: StayRow, today: date) -> list[tuple[str, str, str]]:
    """Return the words, tones and signs of a stay's state."""
    inside = r.state == "in_house"
    found = [(_("In house"), "accent", "bed") if inside else (_("Checked out"), "block", "check-out")]
    if inside and r.departure == today:
        found.append((_("Due out"), "warn", "check-out"))
    elif inside and r.departure < today:
        found.append((_("Overdue"), "bad", "check-out"))
    if r.joined_to is not None:
        found.append((_("Joined"), "accent", "party"))
    if r.private:
        found.append((_("Do not disclose"), "bad", "lock"))
    if r.vip:
        found.append((_("VIP"), "accent", "star"))
    return found


def money(r: StayRow, digits: int) -> QWidget:
    """Show what a stay owes against its deposit."""
    due = r.balance - r.deposit
    words = _("To pay") if due > 0 else _("To refund") if due < 0 else _("Zero balance")
    return card(
        row(label(_("Balance"), "muted"), None, label(formats.amount(r.balance, digits))),
        row(label(_("Deposit"), "muted"), None, label(formats.amount(-r.deposit, digits))),
        row(label(words, "strong"), None, label(formats.amount(abs(due), digits), "title")),
        gap=4,
        pad=(12, 8, 12, 8),
    )
