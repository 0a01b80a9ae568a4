"""The form of the check-out: what is asked for to settle a stay, and what stands there when the guest has
left."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from pms.core.i18n import _
from pms.core.money import Money
from pms.services.folios.queries import FolioRow
from pms.services.stays.queries import Leaving, StayRow
from pms.ui.kit import theme as th
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.desk import Screen
from pms.ui.kit.flow import SidePages, SlipNumber
from pms.ui.kit.forms import Choice, Flag, Form, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import box, card, col, label, row, scrolling
from pms.ui.kit.picture import Picture
from pms.ui.kit.wrap import Wrap

from .check_out_holds import Holds
from .settlement import Plan

SETTLE, LEFT, UNDO = "settle", "left", "undo"
BESIDE = 1500
"""Pixels from which on folios and reminders stand side by side."""


class CheckOutForm(Screen):
    """Arranges the check-out; what it comes to is shown by who derives from it."""

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        house = self.office.house()
        self.digits, self.zone, self.stay_id, self.intent = house.digits, house.zone, 0, ""
        self.stay: StayRow | None = None
        self.left: Leaving | None = None
        self.today, self.accounts, self.cards_out = house.business_date, list[FolioRow](), 0
        self.card_price, self._opened = 0, False
        self.plan = Plan((), Money(0), Money(0))
        self.room, self.guest, self.about = (
            label("", "figure"),
            label("", "title", wrap=True),
            label("", "muted", wrap=True),
        )
        self.badges, self.boxes, self.items = row(gap=8), col(gap=12), col(gap=8)
        head = row(
            self.room,
            (col(self.guest, row(self.badges, None), self.about, gap=4), 1),
            Wrap(self.button("folio"), self.button("charge"), gap=12),
            gap=12,
        )
        self.before = card(box(self.items), title=_("Before the guest leaves"))
        sums = card(box(self.boxes), title=_("Folios"))
        self.halves = col((box(col(sums, None)), 1), (box(col(self.before, None)), 1), gap=12)
        cards = col(self.halves, None)
        main = col(head, (scrolling(box(cards)), 1), gap=12, pad=(16, 12, 16, 12))
        self.panel = SidePages(self.notes, width=400)
        self._make_settling()
        self._make_left()
        return row((box(main), 1), self.panel, gap=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put folios and reminders beside one another in a wide window: a sum stands near its words."""
        super().resizeEvent(event)
        across = self.width() >= th.px(BESIDE)
        way = QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        self.halves.setDirection(way)

    def _make_settling(self) -> None:
        self.words, self.figure = label("", "title"), label("", "figure")
        self.sum_words = label("", "muted", wrap=True)
        self._make_paying()
        self._make_giving()
        self.waive = Text(_("Waive this charge: reason"), longest=80)
        self.cards_back = Number(_("Cards back"), value=0, least=0, most=99)
        self.print_bill = Flag(_("Print the bill"), value=True)
        self.waive_cards = Text(_("Do not charge the cards: reason"), longest=80)
        self.form = Form(
            method=self.method,
            received=self.received,
            amount=self.amount,
            why_unsettled=self.why_unsettled,
            rest=self.rest,
            back_method=self.back_method,
            slip=self.slip,
            cards_back=self.cards_back,
        )
        self.of_cards, self.card_words = label("", "muted"), label("", "strong", "warn", wrap=True)
        self.card_row = box(row(self.cards_back, col(None, self.of_cards, 8), None, gap=8))
        body = col(
            row(self.words, None, self.figure),
            self.sum_words,
            self.account_box,
            self.paying,
            self.giving,
            self.holds.release,
            self.waive,
            self.card_row,
            self.card_words,
            self.waive_cards,
            self.print_bill,
            None,
            gap=12,
        )
        self.big = self.button("check_out")
        foot = col(None, row(self.back_button(), None), self.big, gap=8)  # the sum makes the button long
        self.panel.add(SETTLE, box(body), box(foot))

    def _show_specimen(self) -> None:
        """Show how the chosen signer signs, to be held against the bill."""
        signs = self.signer.value() if self.to_account.value() else None
        self.specimen.show_png(self.drawn.get(signs, b"") if signs is not None else b"")

    def _make_paying(self) -> None:
        self.method, self.amount = Method(self.office, _("Paid by")), Amount(_("Taken"), digits=self.digits)
        self.received, self.change = Amount(_("Cash received"), digits=self.digits), label("", "strong")
        self.cash_box = box(row(self.received, col(None, self.change, 8), None, gap=12))
        self.holds = Holds(self.office, self.method, self.digits)
        self.rest, self.rest_words = (
            Method(self.office, _("Balance by")),
            label("", "strong", "warn", wrap=True),
        )
        self.unsettled = Flag(_("Leave the balance unsettled (city ledger)"))
        self.why_unsettled = Text(_("Why it is left unsettled"), required=True, longest=80)
        self.to_account, self.signer = Flag(""), Choice(_("Signed by"), width=180)
        self.specimen, self.drawn = Picture(_("Specimen signature")), dict[int, bytes]()
        self.account_box = box(col(self.to_account, self.signer, row(self.specimen, None), gap=4))
        self.signer.changed.connect(self._show_specimen)
        self.paying = box(
            col(
                self.method,
                self.cash_box,
                self.amount,
                self.unsettled,
                self.why_unsettled,
                self.rest_words,
                self.rest,
                gap=12,
            )
        )

    def _make_giving(self) -> None:
        self.back_method, self.slip = Method(self.office, _("Refund by"), out=True), SlipNumber()
        self.lost = Flag(_("The slip is lost: print a loss declaration"))
        self.slip_box = box(col(self.slip, self.lost, gap=4))
        self.giving = box(col(self.back_method, self.slip_box, gap=12))
        self.lost.toggled.connect(lambda on: self.slip.setEnabled(not on))
        for line in (self.method.typed.line, self.received.line, self.amount.line, self.slip.line):
            line.returnPressed.connect(self.press_primary)

    def _make_left(self) -> None:
        self.gone = label("", "title", wrap=True)
        self.done_words, self.settled_at = label("", "muted", wrap=True), col()
        body = col(self.gone, self.settled_at, self.done_words, None, gap=12)
        foot = col(
            None, row((self.button("bill"), 1), (self.button("undo"), 1), gap=8), self.button("board"), gap=8
        )
        self.panel.add(LEFT, box(body), box(foot))

    def start(self) -> QWidget | None:
        """Begin at the money: what is taken, or the slip that it goes back against."""
        if self.stay is None or self.stay.state != "in_house":
            return self.panel
        if not self.paying.isHidden():
            return self.received if self._cash() else self.amount
        return self.cards_back if self.giving.isHidden() or self.slip_box.isHidden() else self.slip

    def _later(self) -> bool:
        """Say whether what is not paid now is owed: by the guest's company, or unsettled."""
        return self.unsettled.value() or self._on_company()

    def _on_company(self) -> bool:
        return self.to_account.value() and not self.account_box.isHidden()

    def _cash(self) -> bool:
        return bool(self.method.value() == "CASH")
