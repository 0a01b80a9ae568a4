"""The shift at this workstation: float, drops and payouts, the blind count, the close and the handover."""

from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.options import Options
from pms.duties import DUTIES
from pms.services.property import queries as property_queries
from pms.services.shifts import queries, service
from pms.services.shifts.queries import Figures, HandoverSheet, ShiftRow
from pms.services.shifts.service import Told
from pms.services.shop import queries as shop_queries
from pms.services.shop import stock
from pms.services.shop.queries import GoodRow
from pms.ui.kit import keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.flow import SidePages
from pms.ui.kit.method import called
from pms.ui.kit.parts import Button, box, card, col, empty_out, label, row, scrolling, set_tone

from .closing import ClosingForm
from .count import CountGrid, ShelfGrid
from .drawer import DrawerView, Steps, whose
from .items import OpenItems
from .moving import Moving
from .papers import Paper, drawer_sums, shop_sums
from .side import add_count_page, add_shop_page, show_work
from .stages import CLOSE, CORRECT, COUNT, DROP, NONE, OPEN, PAPER, PAY_OUT, SHOP, TAKE, WORK
from .taking import TakingOver

STEP = {COUNT: 1, SHOP: 1, CLOSE: 2, TAKE: 3}
"""Which of the three steps of its end a stage is."""


class ShiftScreen(Moving, TakingOver):
    """The drawer's page; it shows what the next step is and nothing that would tell the count."""

    TOPICS = frozenset({"shifts", "property", "business_date", "rooms"}).union(
        *(duty.announces for duty in DUTIES if any(o.kind is offers.handover for o in duty.offers))
    )

    def build(self) -> QLayout | QWidget:
        """Put the stages at the left and their forms at the right."""
        house = self.office.house()
        self.zone, self.digits = house.zone, house.digits
        self.shift: ShiftRow | None = None
        self.rules: Options = self.office.ask(property_queries.setting).options
        self.stage, self.intent = "", ""
        self.title, self.about, self.steps = label(_("Shift"), "page"), label("", "muted"), Steps()
        self.drawer, self.open_items = DrawerView(self.zone, self.digits), OpenItems(self.zone)
        self.drawer.chosen.connect(self._open_paper)
        self.open_items.changed.connect(self.show_left)
        self.stages = QStackedWidget()
        self.views: dict[str, QWidget] = {}
        for name, view in (
            ("desk", self.drawer),
            ("count", self._count_view()),
            ("shelf", self._shelf_view()),
            ("told", self._told_view()),
            ("items", self.open_items),
        ):
            self._add_view(name, view)
        head = row(self.title, (self.about, 1), self.steps, gap=12)
        left = col(head, (self.stages, 1), gap=12, pad=(16, 12, 16, 16))
        return row((box(left), 1), self._side(), gap=0)

    # -------------------------------------------------------------- what stands at the left
    def _add_view(self, name: str, view: QWidget) -> None:
        self.views[name] = view
        self.stages.addWidget(view)

    def _count_view(self) -> QWidget:
        self.grid = CountGrid(self.digits)
        self.grid.done.connect(self.press_primary)
        return box(col(self.grid, None))

    def _shelf_view(self) -> QWidget:
        self.shelf = ShelfGrid()
        self.shelf.done.connect(self.press_primary)
        return self.shelf

    def _told_view(self) -> QWidget:
        self.told = col(gap=12)
        holder = card(self.told)
        holder.setMaximumWidth(th.px(620))
        return scrolling(box(col(row((holder, 1), None), None)))

    # -------------------------------------------------------------- the forms at the right
    def _side(self) -> QWidget:
        self.pages = SidePages(self.notes, width=320)
        self.opening = self.form(
            NONE,
            _("Open a shift"),
            _("Open shift"),
            self._open_shift,
            float_amount=self.amount_field(_("Float")),
        )
        self.facts = col(gap=8)
        self.pages.add(
            WORK,
            box(col(self.facts, None)),
            box(
                col(
                    None,
                    self.button("correct_float", kind=""),
                    self.button("open_drawer", kind=""),
                    self.button("drop"),
                    self.button("pay_out"),
                    self.button("count"),
                    gap=8,
                )
            ),
        )
        leave = Button(_("Back"), keys.BACK)
        leave.clicked.connect(lambda _on=False: self.step_back())
        add_count_page(self.pages, COUNT, self._count, leave)
        add_shop_page(self.pages, SHOP, self._count_shop, self.button("shelf_sheet"))
        self.add_take_page(TAKE)
        return self.pages

    @cached_property
    def paper(self) -> Paper:
        """The page of a handover that was, made when the first one is opened."""
        made = Paper(self.digits)
        leave = Button(_("Back"), keys.BACK)
        leave.clicked.connect(lambda _on=False: self.step_back())
        self._add_view(PAPER, made)
        self.pages.add(PAPER, box(col(made.head, None)), box(col(None, leave)))
        return made

    @cached_property
    def closing(self) -> ClosingForm:
        """The form that closes the shift."""
        again = (
            self.button("recount"),
            self.button("count_shop", kind="", words=_("Count the shop again")),
            self.button("go_on", kind=""),
        )
        return self.pages.add_form(CLOSE, ClosingForm(self.digits, self._close, self.step_back, *again))

    # -------------------------------------------------------------- showing
    def start(self) -> QWidget | None:
        """Give the keys to the next step's first field or list."""
        if self.stage == COUNT:
            return self.grid.start()
        if self.stage == SHOP:
            return self.shelf.start()
        if self.stage == CLOSE:
            first: QWidget = self.closing["left"]
            return first
        if self.stage == NONE:
            return self.opening["float_amount"].line if self.rules.shifts else self.drawer.past
        return self.open_items.list if self.stage == TAKE else self.drawer.moves

    def open(self, handover: int = 0, **_what: Any) -> None:
        """Show the shift's stage, or a handover that the search asked for."""
        if self._stale or not self.isVisible():  # what is seen has been asked for when it was shown
            self.refresh()
        if handover:
            self._open_paper(handover)

    def refresh(self) -> None:
        """Ask for the shift and go to its stage; a form in hand stays."""
        self.rules = self.office.ask(property_queries.setting).options
        self.shift = self.office.ask(queries.current, station=self.office.station)
        self.drawer.called = called(self.office)
        self.drawer.show_past(self.office.ask(queries.handovers))
        if self.shift and self.shift.state != "closed":
            self.drawer.show_shift(
                self.office.ask(queries.moves, shift_id=self.shift.id),
                self.office.ask(queries.takings, shift_id=self.shift.id),
                self.office.ask(queries.electronic, shift_id=self.shift.id),
            )
        else:
            self.drawer.show_shift(None, [])
        stage = self._due_stage()
        kept = {
            WORK: (DROP, PAY_OUT, CORRECT, OPEN, COUNT, PAPER),
            SHOP: (COUNT,),
            CLOSE: (COUNT, SHOP),
            TAKE: (NONE,),
            NONE: (PAPER,),
        }.get(stage, ())
        if self.stage not in kept:
            self.to_stage(stage)
        elif self.stage == PAPER:
            return
        self._show_head()

    def _due_stage(self) -> str:
        if self.shift is None or (self.shift.state == "closed" and self.shift.handed_over):
            return NONE
        if self.shift.state == "counted" and self._goods():
            return SHOP
        return {"open": WORK, "counted": CLOSE, "closed": TAKE}[self.shift.state]

    def _goods(self) -> list[GoodRow]:
        """Return the goods that must still be counted before this shift is closed."""
        assert self.shift is not None
        found: list[GoodRow] = self.office.ask(
            queries.shop_to_count, shift_id=self.shift.id, options=self.rules
        )
        return found

    def to_stage(self, stage: str) -> None:
        """Turn to a stage: its picture at the left, its form at the right."""
        changed, self.stage = stage != self.stage, stage
        if changed:
            self.intent = self.office.new_intent()
        view = {COUNT: "count", SHOP: "shelf", CLOSE: "told", TAKE: "items", PAPER: "paper"}.get(
            stage, "desk"
        )
        self.stages.setCurrentWidget(self.views[view])
        shows = {NONE: self._show_opening, WORK: self._show_work, SHOP: self._show_shelf}
        shows |= {CLOSE: self._show_close, TAKE: self.show_items}
        if stage in shows:
            shows[stage]()
        if stage == CLOSE and changed:  # what is being typed stays when the page is only looked at again
            self._propose_close()
        if changed or self.pages.page != stage:
            self.pages.show_page(stage)
        self._show_head()
        self.update_actions()

    def _show_head(self) -> None:
        """Say whose drawer it is and who works at it; in warning tone where these are two."""
        shift = self.shift
        self.steps.show_step(STEP.get(self.stage, 0))
        if shift is None or (shift.state == "closed" and shift.handed_over):
            self.about.setText(_("No shift is open at %(station)s.") % {"station": self.office.station})
            set_tone(self.about, "")
            return
        words, tone = whose(shift, self.office.clerk, self.zone)
        self.about.setText(words)
        set_tone(self.about, tone)

    def _show_opening(self) -> None:
        if not self.rules.shifts:
            self.opening.say(_("This house works without shifts. Switch them on in the hotel's rules."))
        else:
            self.opening.say(_("Count the float out of the safe into the drawer."))
        self.opening.button.setVisible(self.rules.shifts)
        self.opening["float_amount"].setVisible(self.rules.shifts)
        if self.opening["float_amount"].blank_quietly():
            self.opening.fill(float_amount=self.rules.float_amount)

    def _show_work(self) -> None:
        assert self.shift is not None
        opened = self.office.ask(queries.openings, shift_id=self.shift.id)
        show_work(self.facts, self.shift, self.zone, self.digits, len(opened))

    # -------------------------------------------------------------- open, drop, pay out
    def _open_shift(self) -> None:
        if self.filled(self.opening) and self.run(
            service.open_shift.of(**self.opening.form.values()),
            intent=self.intent,
            said=_("The shift is open."),
        ):
            self.moved_on()

    def moved_on(self) -> None:
        """Show the stage that is due after something was done; the next action has a key of its own."""
        self.intent = self.office.new_intent()
        said, tone = self.notes.text, self.notes.tone
        self.stage = ""
        self.refresh()
        if said and tone == "good":
            self.notes.good(said)
        (self.start() or self).setFocus()

    # -------------------------------------------------------------- count and close
    @action(N_("Count the drawer"), key=keys.PRIMARY, operation=service.count, icon="cash", kind="primary")
    def count(self) -> None:
        """Count the drawer, blind."""
        self.grid.show_kinds(self.rules.denominations)
        self.grid.clear()
        self.to_stage(COUNT)
        self.grid.start().setFocus()

    @action(N_("Count again"), operation=service.count)
    def recount(self) -> None:
        """Count once more; the first count stays on the sheet."""
        self.count()

    @action(N_("Count the shop"), key="Ctrl+Shift+J", operation=service.count_shop, icon="shop-bag")
    def count_shop(self) -> None:
        """Count the goods once more; the first count stays on the sheet."""
        self.shelf.clear()
        self.to_stage(SHOP)
        self.shelf.start().setFocus()

    def can_count_shop(self) -> str:
        """Say that the drawer is counted first, or that there is no shop."""
        if self.stage not in (SHOP, CLOSE):
            return _("Count the drawer first; the shop follows in the same step.")
        return "" if self.shelf.fields else _("The shop has no goods yet.")

    @action(N_("Count sheet"), key=keys.PRINT, operation=stock.print_count_sheet, icon="printer")
    def shelf_sheet(self) -> None:
        """Print the sheet that the goods are counted on."""
        self.run(stock.print_count_sheet.of(), said=_("The count sheet is printing."))

    def can_shelf_sheet(self) -> str:
        """Say that the shop is not being counted."""
        return "" if self.stage == SHOP else _("Count the drawer first; the shop follows in the same step.")

    def _show_shelf(self) -> None:
        self.shelf.show_goods([g for g in self.office.ask(shop_queries.goods) if g.active])

    def _count_shop(self) -> None:
        assert self.shift is not None
        try:
            counted = self.shelf.numbers()
        except Refused as wrong:
            self.refuse(wrong)
            return
        if self.run(service.count_shop.of(shift_id=self.shift.id, counted=counted)):
            self.shelf.clear()
            self.moved_on()

    @action(N_("Resume the shift"), operation=service.go_on)
    def go_on(self) -> None:
        """Let money move again in a shift that was counted."""
        assert self.shift is not None
        if self.run(
            service.go_on.of(shift_id=self.shift.id, reason=self.closing["reason"].value()),
            said=_("The shift is resumed."),
        ):
            self.moved_on()

    def _count(self) -> None:
        assert self.shift is not None
        if not self.grid.touched():
            self.refuse(_("Type how many notes and coins of each kind there are; 0 for none."))
            self.grid.start().setFocus()
            return
        try:
            pieces = self.grid.pieces()
        except Refused as wrong:
            self.refuse(wrong)
            return
        if self.run(service.count.of(shift_id=self.shift.id, pieces=pieces)):
            self.grid.clear()
            self.moved_on()

    def _show_close(self) -> None:
        assert self.shift is not None
        figures: Figures = self.office.ask(queries.figures, shift_id=self.shift.id)
        told = Told(Money(figures.counted or 0), Money(figures.expected))
        empty_out(self.told)
        self.told.addWidget(drawer_sums(figures, self.digits, self.zone, self.drawer.called))
        if figures.shop:
            self.told.addWidget(shop_sums(figures))
        self.closing.open(told, figures.shop)

    def _propose_close(self) -> None:
        assert self.shift is not None
        self.closing.propose(
            self.office.ask(queries.proposed_left, shift_id=self.shift.id, options=self.rules)
        )

    def _close(self) -> None:
        assert self.shift is not None
        if not self.filled(self.closing):
            return
        if missing := self.closing.unexplained():
            self.refuse(missing)
            return
        if self.run(
            service.close.of(
                shift_id=self.shift.id, shop_reasons=self.closing.reasons(), **self.closing.form.values()
            ),
            intent=self.intent,
            said=_("The shift is closed. Now the next person takes over."),
        ):
            self.moved_on()

    # -------------------------------------------------------------- a handover that was
    def _open_paper(self, number: int) -> None:
        found: HandoverSheet | None = self.office.ask(queries.handover, number=number)
        if found is None:
            self.refuse(_("There is no handover H-%(number)s.") % {"number": number})
            return
        self.paper.show_sheet(found, self.zone, self.drawer.called)
        self.to_stage(PAPER)

    def step_back(self) -> bool:
        """Leave a form for the shift's own stage."""
        due = self._due_stage()
        leaves = self.stage in (DROP, PAY_OUT, CORRECT, OPEN, COUNT, SHOP, PAPER)
        if self.stage == due or not (leaves or (self.stage == NONE and due == TAKE)):
            return False
        self.stage = ""
        self.to_stage(due)
        (self.start() or self).setFocus()
        return True
