"""The room cards of a stay in the side panel: which are out, another one, returned, lost."""

from pms.core.i18n import N_, _
from pms.services.cards.queries import CardRow
from pms.services.cards.service import MOST_CARDS
from pms.ui.kit import formats
from pms.ui.kit.amounts import Number
from pms.ui.kit.empty import Empty
from pms.ui.kit.forms import Flag, Text
from pms.ui.kit.parts import Item, box, col, label, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

KINDS = {"new": N_("New card"), "duplicate": N_("Copy"), "extend": N_("Extended")}
STATES = {
    "pending": (N_("To be cut"), "expect"),
    "valid": (N_("Valid"), "good"),
    "failed": (N_("Failed"), "bad"),
    "ended": (N_("Ended"), "block"),
    "returned": (N_("Returned"), "block"),
    "lost": (N_("Lost"), "bad"),
}
OUT = ("pending", "valid", "failed")


class CardsPage:
    """The page's body: the list and the reason; its buttons belong to the screen's actions."""

    def __init__(self, zone: str) -> None:
        self.table = Table(
            (
                Column(
                    N_("Kind of card"),
                    lambda c: _(KINDS.get(c.kind, c.kind)),
                    sub=lambda c: (
                        c.trouble or _("until %(moment)s") % {"moment": formats.day_time(c.valid_to, zone)}
                    ),
                    bold=True,
                ),
                Column(
                    N_("State"),
                    lambda c: _(STATES[c.state][0]),
                    "badge",
                    width=108,
                    tone=lambda c: STATES[c.state][1],
                ),
            )
        )
        self.table.set_empty(Empty("key-card", _("No card has been cut for this stay.")))
        self.table.setMinimumHeight(220)
        self.reason = Text(_("What happened (for a lost card)"), longest=80)
        self.count, self.charge = (
            Number(_("New cards for it"), value=1, least=1, most=MOST_CARDS),
            Flag("", value=True),
        )
        self.table.setAccessibleName(_("Room cards"))
        told = label(
            _("A lost card ends with all others of this stay; new ones are cut at once."), "muted", wrap=True
        )
        items: list[Item] = [
            label(_("Room cards"), "title"),
            (self.table, 1),
            self.reason,
            row(self.count, col(None, self.charge, 8), None, gap=12),
            told,
        ]
        self.body = box(col(*items, gap=12))

    def show_cards(self, cards: list[CardRow], price: str) -> None:
        """Show the stay's cards; ``price`` is what a lost one costs the guest, nothing where it is free."""
        self.charge.setText(_("Charge %(sum)s") % {"sum": price})
        self.charge.setVisible(bool(price))
        if not self.reason.value():
            self.count.set_value(str(max(sum(c.state in OUT for c in cards), 1)))
        self.table.show_rows(cards)
        if cards and self.table.row() is None:
            self.table.pick(cards[-1].id)

    def card(self) -> CardRow | None:
        """Return the card in hand."""
        row: CardRow | None = self.table.row()
        return row
