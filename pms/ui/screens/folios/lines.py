"""What a folio shows of its postings: a voided line stays, struck, with who and why; each line carries the
balance after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.folios.bill import TAKEN_OVER
from pms.services.folios.printouts import CODE_NAMES, named
from pms.services.folios.queries import FolioLine
from pms.ui.kit import formats
from pms.ui.kit.rows import Column


@dataclass(frozen=True)
class Line:
    """One line as the folio shows it; ``pending`` is not posted yet, ``posting`` is None then. A posting that
    went from one folio of the stay to another is two lines: the one it left has its number below 0."""

    id: int
    day: date
    time: str
    window: str
    item: str
    rule: str
    quantity: int
    charge: Money
    paid: Money
    balance: Money
    by: str
    struck: bool = False
    pending: bool = False
    posting: FolioLine | None = None


def _muted(_line: Line) -> str:
    return "muted"


def _struck(line: Line) -> bool:
    return line.struck


COLUMNS = (
    Column(N_("Day"), lambda x: x.day, "day", width=64, tone=_muted),
    Column(N_("Time"), lambda x: x.time, width=58, tone=_muted),
    Column(N_("Folio"), lambda x: x.window, "badge", width=52, tone=lambda _x: "block"),
    Column(N_("Item and rule"), lambda x: x.item, sub=lambda x: x.rule, strike=_struck),
    Column(N_("Qty"), lambda x: x.quantity if x.charge else None, "number", width=46),
    Column(N_("Charges"), lambda x: x.charge or None, "money", width=92, strike=_struck),
    Column(N_("Paid"), lambda x: x.paid or None, "money", width=92, tone=lambda _x: "good", strike=_struck),
    Column(N_("Balance"), lambda x: None if x.struck else x.balance, "money", width=96),
    Column(N_("By"), lambda x: x.by, width=96, tone=_muted),
)
TIME, FOLIO, QUANTITY, BALANCE, BY = 1, 2, 4, 7, 8
"""Columns that are left out where the window is too narrow for the sums."""


def ground(line: Line) -> str:
    """Tint what is not posted yet."""
    return "warn_soft" if line.pending else ""


def words(code: str, text: str, called: Mapping[str, str] | None = None) -> str:
    """Name a posting: its code, and what the clerk or the audit wrote; a method or another code is said in
    words, a kind of payment as the house calls it."""
    name = named(code, called)
    if text in CODE_NAMES:
        return _("%(item)s, %(detail)s") % {"item": name, "detail": named(text, called)}
    return f"{name} {text}".strip()


def shown(
    postings: Sequence[FolioLine],
    names: Mapping[int, str],
    zone: str,
    called: Mapping[str, str] | None = None,
) -> list[Line]:
    """Return the lines oldest first, payments by the names that the house calls them; a void of the same day
    joins the line it strikes, an adjustment of a later day stands by itself."""
    undone = {p.reverses: p for p in postings if p.reverses is not None}
    origin = {p.id: p for p in postings}
    made, balance = [], 0
    for p in postings:
        if p.reverses in origin and origin[p.reverses].business_date == p.business_date:
            continue
        void = undone.get(p.id)
        struck = void is not None and void.business_date == p.business_date
        balance += 0 if struck else p.charge - p.paid
        rule = _rule(p, void if struck else None, names, zone)
        made.append(
            Line(
                -p.id if p.code == "TRANSFER" and p.charge < 0 else p.id,
                p.business_date,
                ""
                if p.code == "ROOM"
                else formats.time(p.at, zone),  # the audit's night has no hour of its day
                p.window,
                words(p.code, p.text, called),
                rule,
                p.quantity,
                *_sides(p),
                Money(balance),
                _("Night audit") if p.code == "ROOM" else names.get(p.by or 0, ""),
                struck,
                posting=p,
            )
        )
    return made


def _sides(p: FolioLine) -> tuple[Money, Money]:
    """Return what a posting charges and what it pays: what another took over is paid, as on the bill."""
    if p.code in TAKEN_OVER:
        return Money(0), Money(p.paid - p.charge)
    return p.charge, p.paid


def _rule(p: FolioLine, void: FolioLine | None, names: Mapping[int, str], zone: str) -> str:
    if void is not None:
        return _("Void: %(why)s. %(time)s %(who)s") % {
            "why": void.rule,
            "time": formats.time(void.at, zone),
            "who": names.get(void.by or 0, ""),
        }
    if p.reverses is not None:
        return _("Adjustment: %(why)s") % {"why": p.rule}
    slip = _slip(p.slip)
    return ", ".join(filter(None, (slip, p.number, p.rule)))


def _slip(mark: str) -> str:
    """Name a line's paper: a deposit's slip, else its number; what points at another line is none."""
    if not mark or mark.startswith("T"):
        return ""
    words = _("Slip %(number)s") if mark.startswith("D-") else _("No. %(number)s")
    return words % {"number": mark}
