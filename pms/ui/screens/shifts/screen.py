"""The shift at this workstation: float, drops and payouts, the blind count, the close and the handover."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money
from pms.core.offers import OpenItem
from pms.core.options import Options
from pms.duties import DUTIES
from pms.services.property import queries as property_queries
from pms.services.shifts import queries, service
from pms.services.shifts.queries import Figures, HandoverSheet, ShiftRow
from pms.services.shifts.service import Told, item_key
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop_service
from pms.services.shop.queries import GoodRow
from pms.ui.kit import formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage, SidePages, sums
from pms.ui.kit.forms import Amount, Text
from pms.ui.kit.parts import Button, box, card, col, empty_out, label, row, scrolling
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .closing import ClosingForm
from .count import CountGrid, ShelfGrid
from .papers import Paper, drawer_sums, duty_words, listed, shop_sums

MOVES = {"FLOAT": N_("Float"), "DROP": N_("Drop"), "PAYOUT": N_("Paid out")}
NONE, WORK, DROP, PAY_OUT, COUNT, SHOP, CLOSE, TAKE, PAPER = (
    "none",
    "work",
    "drop",
    "pay_out",
    "count",
    "shop",
    "close",
    "take",
    "paper",
)


class ShiftScreen(Screen):
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
        self.items: list[OpenItem] = []
        self.accepted: set[str] = set()
        self.title, self.about = label(_("Shift"), "page"), label("", "muted")
        self.stages = QStackedWidget()
        self.views: dict[str, QWidget] = {}
        for name, view in (
            ("desk", self._desk_view()),
            ("count", self._count_view()),
            ("shelf", self._shelf_view()),
            ("told", self._told_view()),
            ("items", self._items_view()),
        ):
            self._add_view(name, view)
        head = row(self.title, self.about, None, gap=12)
        left = col(head, (self.stages, 1), gap=12, pad=(16, 12, 16, 16))
        return row((box(left), 1), self._side(), gap=0)

    # -------------------------------------------------------------- what stands at the left
    def _add_view(self, name: str, view: QWidget) -> None:
        self.views[name] = view
        self.stages.addWidget(view)

    def _desk_view(self) -> QWidget:
        self.moves = Table(
            (
                Column(N_("Time"), lambda m: formats.day_time(m.at, self.zone), width=120),
                Column(N_("Kind"), lambda m: _(MOVES[m.code]), width=120, bold=True),
                Column(N_("What for"), lambda m: m.text if m.code != "FLOAT" else ""),
                Column(N_("Amount"), lambda m: m.amount, "money", width=130),
            ),
            key=lambda m: m.id,
            digits=self.digits,
        )
        self.moves.setAccessibleName(_("Drops and payouts"))
        self.moves.set_empty(Empty("cash", _("Nothing was dropped or paid out in this shift.")))
        self.past = Table(
            (
                Column(N_("Number"), lambda h: f"H-{h.number}", width=90, bold=True),
                Column(N_("Time"), lambda h: formats.day_time(h.at, self.zone), width=120),
                Column(N_("Handed over by"), lambda h: h.given_by),
                Column(N_("Taken over by"), lambda h: h.taken_by),
                Column(
                    N_("Over or short"),
                    lambda h: h.over_short or None,
                    "money",
                    width=120,
                    tone=lambda h: "bad" if h.over_short else "",
                ),
                Column(N_("Open items"), lambda h: h.items or None, "number", width=110),
            ),
            key=lambda h: h.id,
            digits=self.digits,
        )
        self.past.setAccessibleName(_("Handovers"))
        self.past.set_empty(Empty("handover", _("No shift has been handed over yet.")))
        self.past.chosen.connect(lambda h: self._open_paper(h.number))
        return box(
            col(
                (listed(_("Drops and payouts"), self.moves), 1),
                (listed(_("Handovers"), self.past), 1),
                gap=12,
            )
        )

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

    def _items_view(self) -> QWidget:
        self.list = Table(
            (
                Column(
                    "",
                    lambda i: "",
                    width=36,
                    icon=lambda i: "check" if item_key(i) in self.accepted else "",
                    tone=lambda i: "good",
                ),
                Column(N_("Duty"), lambda i: duty_words(i.word), width=130),
                Column(N_("What is open"), lambda i: i.number, sub=lambda i: i.text, bold=True),
                Column(N_("Since"), lambda i: formats.day_time(i.since, self.zone), width=110),
            ),
            key=item_key,
        )
        self.list.setAccessibleName(_("Open items"))
        self.list.set_empty(Empty("check", _("Nothing is open in the house.")))
        self.list.chosen.connect(lambda _item: self.acts["accept"].press())
        self.list.doubleClicked.disconnect()
        self.list.clicked.connect(lambda _index: self.acts["accept"].press())
        return box(col((listed(_("Open items"), self.list), 1)))

    # -------------------------------------------------------------- the forms at the right
    def _side(self) -> QWidget:
        self.pages = SidePages(self.notes, width=320)
        self.opening = self._form(
            NONE, _("Open a shift"), _("Open shift"), self._open_shift, float_amount=self._amount(_("Float"))
        )
        self.facts = col(gap=8)
        self.pages.add(
            WORK,
            box(col(self.facts, None)),
            box(col(None, self.button("drop"), self.button("pay_out"), self.button("count"), gap=8)),
        )
        self._add_count_page()
        self._add_shop_page()
        self._add_take_page()
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
    def dropping(self) -> FormPage:
        """The form of a drop; like the next two made when it is first opened."""
        return self._form(
            DROP,
            _("Drop into the safe"),
            _("Drop"),
            self._drop,
            amount=self._amount(_("Amount")),
            text=Text(_("Bag or envelope")),
        )

    @cached_property
    def paying(self) -> FormPage:
        """The form of a payout."""
        return self._form(
            PAY_OUT,
            _("Pay out of the drawer"),
            _("Pay out"),
            self._pay_out,
            amount=self._amount(_("Amount")),
            reason=Text(_("What is paid"), required=True),
        )

    @cached_property
    def closing(self) -> ClosingForm:
        """The form that closes the shift."""
        again = (
            self.button("recount"),
            self.button("count_shop", kind="", words=_("Count the shop again")),
            self.button("go_on", kind=""),
        )
        return self.pages.add_form(CLOSE, ClosingForm(self.digits, self._close, self.step_back, *again))

    def _amount(self, title: str) -> Amount:
        return Amount(title, digits=self.digits, required=True)

    def _form(self, name: str, title: str, verb: str, do: Callable[[], object], **fields: Any) -> FormPage:
        return self.pages.add_form(name, FormPage(title, verb, do, self.step_back, **fields))

    def _add_count_page(self) -> None:
        tell = Button(_("Take count"), keys.PRIMARY, "check", "primary")
        tell.clicked.connect(lambda _on=False: self._count())
        leave = Button(_("Back"), keys.BACK)
        leave.clicked.connect(lambda _on=False: self.step_back())
        told = label(
            _(
                "Count the drawer with its float. What should be there is told after the count; every "
                "count stays on the handover sheet."
            ),
            "muted",
            wrap=True,
        )
        self.pages.add(
            COUNT,
            box(col(label(_("Count the drawer"), "title", wrap=True), told, None, gap=12)),
            box(col(None, row(leave, (tell, 1), gap=8), gap=8)),
        )

    def _add_shop_page(self) -> None:
        tell = Button(_("Take count"), keys.PRIMARY, "check", "primary")
        tell.clicked.connect(lambda _on=False: self._count_shop())
        told = label(
            _(
                "The drawer is counted. Now count the goods of the shop; what the books hold is told "
                "for both together. "
                "Every count stays on the handover sheet."
            ),
            "muted",
            wrap=True,
        )
        self.pages.add(
            SHOP,
            box(col(label(_("Count the shop"), "title", wrap=True), told, None, gap=12)),
            box(col(None, self.button("shelf_sheet"), tell, gap=8)),
        )

    def _add_take_page(self) -> None:
        self.take_about = label("", "muted", wrap=True)
        take = Button(_("Take over"), keys.PRIMARY, "handover", "primary")
        take.clicked.connect(lambda _on=False: self.acts["take_over"].press())
        self.take_count = label("", "strong", wrap=True)
        self.pages.add(
            TAKE,
            box(
                col(label(_("Take over the shift"), "title"), self.take_about, self.take_count, None, gap=12)
            ),
            box(col(None, self.button("accept"), self.button("alone", kind=""), take, gap=8)),
        )

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
            return self.opening["float_amount"].line if self.rules.shifts else self.past
        return self.list if self.stage == TAKE else self.moves

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
        self.past.show_rows(self.office.ask(queries.handovers))
        self.moves.show_rows(
            self.office.ask(queries.moves, shift_id=self.shift.id)
            if self.shift and self.shift.state != "closed"
            else []
        )
        stage = self._due_stage()
        kept = {
            WORK: (DROP, PAY_OUT, COUNT, PAPER),
            SHOP: (COUNT,),
            CLOSE: (COUNT, SHOP),
            TAKE: (NONE,),
            NONE: (PAPER,),
        }.get(stage, ())
        if self.stage not in kept:
            self._to(stage)
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

    def _to(self, stage: str) -> None:
        """Turn to a stage: its picture at the left, its form at the right."""
        changed, self.stage = stage != self.stage, stage
        if changed:
            self.intent = self.office.new_intent()
        view = {COUNT: "count", SHOP: "shelf", CLOSE: "told", TAKE: "items", PAPER: "paper"}.get(
            stage, "desk"
        )
        self.stages.setCurrentWidget(self.views[view])
        {
            NONE: self._show_opening,
            WORK: self._show_work,
            SHOP: self._show_shelf,
            CLOSE: self._show_close,
            TAKE: self._show_items,
        }.get(stage, _nothing)()
        if stage == CLOSE and changed:  # what is being typed stays when the page is only looked at again
            self._propose_close()
        if changed or self.pages.page != stage:
            self.pages.show_page(stage)
        self._show_head()
        self.update_actions()

    def _show_head(self) -> None:
        shift = self.shift
        if shift is None or (shift.state == "closed" and shift.handed_over):
            self.about.setText(_("No shift is open at %(station)s.") % {"station": self.office.station})
            return
        told = {
            "open": _("%(name)s at %(station)s since %(time)s"),
            "counted": _("%(name)s at %(station)s, counted"),
            "closed": _("%(name)s at %(station)s, closed, to be handed over"),
        }[shift.state]
        self.about.setText(
            told
            % {
                "name": shift.clerk,
                "station": shift.station,
                "time": formats.day_time(shift.opened_at, self.zone),
            }
        )

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
        empty_out(self.facts)
        self.facts.addWidget(
            sums(
                self.shift.clerk,
                [
                    (_("Opened"), formats.day_time(self.shift.opened_at, self.zone)),
                    (_("Workstation"), self.shift.station),
                ],
                (_("Float"), formats.amount(self.shift.float_amount, self.digits), ""),
            )
        )
        self.facts.addWidget(
            label(_("What the drawer should hold is told after the count."), "muted", wrap=True)
        )

    # -------------------------------------------------------------- open, drop, pay out
    def _open_shift(self) -> None:
        if self._filled(self.opening) and self.run(
            service.open_shift.of(**self.opening.form.values()),
            intent=self.intent,
            said=_("The shift is open."),
        ):
            self._moved_on()

    def _filled(self, page: FormPage) -> bool:
        if missing := page.form.missing():
            self.refuse(missing)
        return not missing

    def _moved_on(self) -> None:
        """Show the stage that is due after something was done; the next action has a key of its own."""
        self.intent = self.office.new_intent()
        said, tone = self.notes.text, self.notes.tone
        self.stage = ""
        self.refresh()
        if said and tone == "good":
            self.notes.good(said)
        (self.start() or self).setFocus()

    @action(N_("Drop"), key="D", operation=service.drop, icon="lock")
    def drop(self) -> None:
        """Put cash into the safe."""
        self.dropping.fill(amount=None, text="")
        self._to(DROP)

    @action(N_("Pay out"), key="P", operation=service.pay_out, icon="cash")
    def pay_out(self) -> None:
        """Pay something for the house out of the drawer."""
        self.paying.fill(amount=None, reason="")
        self._to(PAY_OUT)

    def _not_open(self) -> str:
        if self.shift is not None and self.shift.state == "open":
            return ""
        return _("No shift is open at %(station)s.") % {"station": self.office.station}

    can_drop = can_pay_out = can_count = _not_open

    def _drop(self) -> None:
        if self._filled(self.dropping) and self.run(
            service.drop.of(**self.dropping.form.values()),
            intent=self.intent,
            said=_("The drop is booked; its slip is printing."),
        ):
            self._moved_on()

    def _pay_out(self) -> None:
        if self._filled(self.paying) and self.run(
            service.pay_out.of(**self.paying.form.values()),
            intent=self.intent,
            said=_("The payout is booked; its slip is printing."),
        ):
            self._moved_on()

    # -------------------------------------------------------------- count and close
    @action(N_("Count the drawer"), key=keys.PRIMARY, operation=service.count, icon="cash", kind="primary")
    def count(self) -> None:
        """Count the drawer, blind."""
        self.grid.show_kinds(self.rules.denominations)
        self.grid.clear()
        self._to(COUNT)
        self.grid.start().setFocus()

    @action(N_("Count again"), operation=service.count)
    def recount(self) -> None:
        """Count once more; the first count stays on the sheet."""
        self.count()

    @action(N_("Count the shop"), key="Ctrl+G", operation=service.count_shop, icon="shop-bag")
    def count_shop(self) -> None:
        """Count the goods once more; the first count stays on the sheet."""
        self.shelf.clear()
        self._to(SHOP)
        self.shelf.start().setFocus()

    def can_count_shop(self) -> str:
        """Say that the drawer is counted first, or that there is no shop."""
        if self.stage not in (SHOP, CLOSE):
            return _("Count the drawer first; the shop follows in the same step.")
        return "" if self.shelf.fields else _("The shop has no goods yet.")

    @action(N_("Count sheet"), key=keys.PRINT, operation=shop_service.print_count_sheet, icon="printer")
    def shelf_sheet(self) -> None:
        """Print the sheet that the goods are counted on."""
        self.run(shop_service.print_count_sheet.of(), said=_("The count sheet is printing."))

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
            self._moved_on()

    @action(N_("Go on with the shift"), operation=service.go_on)
    def go_on(self) -> None:
        """Let money move again in a shift that was counted."""
        assert self.shift is not None
        if self.run(
            service.go_on.of(shift_id=self.shift.id, reason=self.closing["reason"].value()),
            said=_("The shift goes on."),
        ):
            self._moved_on()

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
            self._moved_on()

    def _show_close(self) -> None:
        assert self.shift is not None
        figures: Figures = self.office.ask(queries.figures, shift_id=self.shift.id)
        told = Told(Money(figures.counted or 0), Money(figures.expected))
        empty_out(self.told)
        self.told.addWidget(drawer_sums(figures, self.digits))
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
        if not self._filled(self.closing):
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
            self._moved_on()

    # -------------------------------------------------------------- hand over
    def _show_items(self) -> None:
        assert self.shift is not None
        self.items = self.office.gather(offers.handover)
        self.accepted &= {item_key(i) for i in self.items}
        self._repaint_items()
        told = _(
            "%(name)s hands over with %(sum)s in the drawer. The next person accepts each open item "
            "and takes over by password."
        )
        self.take_about.setText(
            told % {"name": self.shift.clerk, "sum": formats.amount(self.shift.left, self.digits)}
        )

    def _repaint_items(self) -> None:
        held = self.list.row()
        self.list.rows.show([])
        self.list.show_rows(self.items)
        if self.items:
            self.list.pick(item_key(held) if held in self.items else item_key(self.items[0]))
        left = len(self.items) - len(self.accepted)
        self.take_count.setText(
            ngettext("%(n)s open item to accept", "%(n)s open items to accept", left) % {"n": left}
            if left
            else _("Every open item is accepted.")
        )
        self.update_actions()

    @action(N_("Accept"), key="Space", icon="check")
    def accept(self) -> None:
        """Accept the open item in hand and go to the next."""
        item = self.list.row()
        self.accepted ^= {item_key(item)}
        at = self.items.index(item)
        self._repaint_items()
        if item_key(item) in self.accepted and at + 1 < len(self.items):
            self.list.pick(item_key(self.items[at + 1]))

    def can_accept(self) -> str:
        """Say that there is nothing to accept."""
        return (
            ""
            if self.stage == TAKE and self.list.row() is not None
            else _("There is no open item to accept.")
        )

    @action(N_("Open a shift alone"), operation=service.open_shift)
    def alone(self) -> None:
        """Go on without a second person: a new shift with a float of its own."""
        self._to(NONE)

    def can_alone(self) -> str:
        """Say that this shift is still running."""
        return "" if self.stage == TAKE else _("There is no closed shift here.")

    @action(N_("Take over"), operation=service.take_over, icon="handover")
    def take_over(self) -> None:
        """Let the next person take over with their password."""
        assert self.shift is not None
        take = service.take_over.of(shift_id=self.shift.id, accepted=sorted(self.accepted))
        if done := self.run(take, intent=self.intent):
            self.accepted.clear()
            self._moved_on()
            self.notes.good(
                _("%(name)s has the shift now; the sheet is printing. Press F11 and sign in.")
                % {"name": done.signer}
            )

    def can_take_over(self) -> str:
        """Say what is still to be accepted."""
        left = [i for i in self.items if item_key(i) not in self.accepted]
        if self.stage != TAKE or not left:
            return "" if self.stage == TAKE else _("There is no closed shift here.")
        return _("Not accepted yet: %(items)s. Accept each open item, or settle it first.") % {
            "items": "; ".join(f"{i.number} {i.text.rstrip('.。')}" for i in left[:3])
        }

    # -------------------------------------------------------------- a handover that was
    def _open_paper(self, number: int) -> None:
        found: HandoverSheet | None = self.office.ask(queries.handover, number=number)
        if found is None:
            self.refuse(_("There is no handover H-%(number)s.") % {"number": number})
            return
        self.paper.show_sheet(found, self.zone)
        self._to(PAPER)

    def step_back(self) -> bool:
        """Leave a form for the shift's own stage."""
        due = self._due_stage()
        if self.stage == due or (
            self.stage not in (DROP, PAY_OUT, COUNT, SHOP, PAPER) and not (self.stage == NONE and due == TAKE)
        ):
            return False
        self.stage = ""
        self._to(due)
        (self.start() or self).setFocus()
        return True


def _nothing() -> None:
    """Some stages show nothing of their own."""
