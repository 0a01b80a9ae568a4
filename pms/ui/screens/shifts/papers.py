"""What a count told and what a handover showed: the sums of the drawer, the differences of the shop, and the
sheet that never changes."""

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.duties import DUTIES
from pms.services.shifts.queries import Figures, HandoverSheet
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import sums
from pms.ui.kit.parts import box, card, col, empty_out, frame, label, row, scrolling
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

TITLES = {duty.word: duty.title for duty in DUTIES}


def duty_words(word: str) -> str:
    """Name the duty that an open item belongs to."""
    return _(TITLES.get(word, word))


def listed(title: str, table: Table) -> QWidget:
    """Put a table under its title on a card, edge to edge."""
    return card(row(label(title, "title"), pad=(16, 0, 16, 0)), (table, 1), pad=(1, 12, 1, 1))


def drawer_sums(f: Figures, digits: int, zone: str, called: Mapping[str, str]) -> QWidget:
    """Show what the drawer should hold and what was counted, then the other ways to pay, and when the drawer
    was opened without a sale."""
    cash = next((m for m in f.methods if m.method == "CASH"), None)
    lines = [
        (_("Float"), f.float_amount),
        (_("Cash received"), cash.received if cash else 0),
        (_("Cash given back"), -(cash.given if cash else 0)),
        (_("Drops"), -f.drops),
        (_("Paid out"), -f.payouts),
        (_("Expected"), f.expected),
        (_("Counted"), f.counted),
    ]
    other = [(called.get(m.method, m.method), m.received - m.given) for m in f.methods if m.method != "CASH"]
    answer = (_("Over or short"), formats.amount(f.over_short, digits), "bad" if f.over_short else "good")
    drawer = sums(_("Drawer"), [(word, formats.amount(amount, digits)) for word, amount in lines], answer)
    parts = [drawer]
    if other:
        shown = [(word, formats.amount(amount, digits)) for word, amount in other]
        parts.append(sums(_("Other payment methods"), shown))
    if f.openings:
        told = [
            (one["reason"], f"{formats.day_time(datetime.fromisoformat(one['at']), zone)} {one['by']}")
            for one in f.openings
        ]
        parts.append(sums(_("Drawer opened without a sale"), told))
    return box(col(*parts, gap=12)) if len(parts) > 1 else drawer


def shop_sums(figures: Figures) -> QWidget:
    """Show the count of the shop: each good that differs, with what was counted beside what the books held,
    and why."""
    lines: list[QWidget | QLayout] = [label(_("Shop"), "strong")]
    for x in figures.shop:
        if x.gap:
            words = _("%(good)s: counted %(counted)s, should be %(expected)s") % {
                "good": x.name,
                "counted": x.counted,
                "expected": x.expected,
            }
            lines.append(
                row(
                    (label(words, "muted", wrap=True), 1),
                    label(formats.signed(x.gap), "strong", "bad"),
                    gap=8,
                )
            )
            if x.reason:
                lines.append(label(x.reason, wrap=True))
    differ = sum(bool(x.gap) for x in figures.shop)
    told = (
        ngettext("%(n)s article differs.", "%(n)s articles differ.", differ) % {"n": differ}
        if differ
        else _("All articles agree with the books.")
    )
    lines.append(
        label(
            ngettext("%(n)s good counted.", "%(n)s goods counted.", len(figures.shop))
            % {"n": len(figures.shop)}
            + ("" if formats.chinese() else " ")
            + told,
            "body",
            "bad" if differ else "good",
            wrap=True,
        )
    )
    return frame("well", col(*lines, gap=4, pad=(12, 8, 12, 8)))


class Paper(QWidget):
    """A handover that was: the items it had at the left, its figures beside them; ``head`` says whose it
    was."""

    def __init__(self, digits: int) -> None:
        super().__init__()
        self.digits, self.figures = digits, box(col(gap=8))
        self.title, self.about = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.head = box(col(self.title, self.about, gap=8))
        self.items = Table(
            (
                Column(N_("Duty"), lambda i: duty_words(i["word"]), width=130),
                Column(N_("What is open"), lambda i: i["number"], sub=lambda i: i["text"], bold=True),
                Column(N_("Since"), lambda i: i["since"], width=110),
            ),
            key=lambda i: (i["word"], i["number"], i["text"]),
        )
        self.items.setAccessibleName(_("Open items accepted"))
        self.items.set_empty(Empty("check", _("Nothing was open.")))
        self.figures.setFixedWidth(th.px(300))
        side = scrolling(box(col(self.figures, None)))
        side.setFixedWidth(th.px(316))
        self.setLayout(row((listed(_("Open items accepted"), self.items), 1), side, gap=12))

    def show_sheet(self, found: HandoverSheet, zone: str, called: Mapping[str, str]) -> None:
        """Show a handover as it was."""
        self.title.setText(_("Handover H-%(number)s") % {"number": found.number})
        self.about.setText(
            _("%(old)s to %(new)s, %(time)s. It no longer changes.")
            % {"old": found.given_by, "new": found.taken_by, "time": formats.day_time(found.at, zone)}
        )
        layout = self.figures.layout()
        assert layout is not None
        empty_out(layout)
        layout.addWidget(drawer_sums(found.figures, self.digits, zone, called))
        if found.figures.reason:
            layout.addWidget(label(_("Reason: %(reason)s") % {"reason": found.figures.reason}, wrap=True))
        if found.figures.shop:
            layout.addWidget(shop_sums(found.figures))
        self.items.show_rows(found.items)
