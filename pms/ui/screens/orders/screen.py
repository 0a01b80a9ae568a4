"""Channel orders: one pasted anywhere on the page opens itself; a list is read in and booked by ticks; what
was taken in stands in the tabs by what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLayout, QWidget

from pms.core import tables
from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.core.money import show
from pms.services.orders import queries, service
from pms.services.orders.queries import CANCEL_REQUEST, CANCELLED, REFUSED, STATES, MeantRow, OrderRow
from pms.services.orders.reading import lists
from pms.services.orders.reading import proposal as p
from pms.services.orders.reading.booking import as_usual
from pms.services.orders.reading.proposal import ACTIONS, PAYMENTS, Proposal
from pms.ui.kit import files, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.forms import Choice
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, label, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Do, RowForm, Verb

READ, MEANT, BOOKED, ASKED, ENDED = "read", "meant", "booked", "asked", "ended"
TONES = {CANCEL_REQUEST: "warn", CANCELLED: "block", REFUSED: "bad", "changed": "expect", "new": "good"}
DONE = {
    p.NEW: N_("%(order)s is booked as R-%(number)s."),
    p.CHANGE: N_("%(order)s: R-%(number)s is changed."),
    p.CANCEL: N_("%(order)s is cancelled."),
    p.CANCEL_REQUEST: N_("%(order)s: the request is noted."),
    "refused": N_("%(order)s is refused."),
}


@dataclass
class ListRow:
    """An order of a list that was read: whether it is ticked, and how it stands here already."""

    order: Proposal
    ticked: bool
    known: str

    @property
    def why(self) -> str:
        """Say what stands in the way of booking it, empty where nothing does."""
        if self.known:
            return _("Here already: %(state)s") % {"state": _(STATES[self.known])}
        if self.order.action != p.NEW:
            return _(ACTIONS[self.order.action])
        return self.order.stops[0].sentence if self.order.stops else ""


class TypeForm(RowForm):
    """Which room type a channel's words mean."""

    def begin(self, row: MeantRow) -> None:
        """Show what they mean now."""
        self.say(f"{row.channel}: {row.words}")
        self.fill(type_id=row.type_id)


def type_form(page: Any, do: Do, back: Do) -> TypeForm:
    """Make the form of a type."""
    names = page.office.ask(queries.type_names)
    return TypeForm(
        _("Change the type"),
        _("Save"),
        do,
        back,
        icon="bed",
        type_id=Choice(_("Room type"), list(names.items())),
    )


class OrdersScreen(Register):
    """Orders that were taken in, by what became of them."""

    NAME, HEAD = N_("Channel orders"), ("read_in", "paste")
    VIEWS = (
        View(BOOKED, N_("Booked"), N_("No order is booked. Copy one and press Ctrl+V."), "receipt"),
        View(ASKED, N_("Asked to cancel"), N_("No channel asks to cancel."), "clock"),
        View(ENDED, N_("Cancelled, refused"), N_("No order was cancelled or refused."), "close"),
        View(
            MEANT,
            N_("Room words"),
            N_("What channels call the rooms is kept here once an order was booked."),
            "bed",
            MEANT,
        ),
        View(READ, N_("List"), N_("No list is read in. Ctrl+O chooses one."), "sheet", READ),
    )
    CHOOSE = N_("Choose an order first.")
    TOPICS = frozenset({"orders", "reservations", "channels", "business_date"})

    def above(self) -> QWidget:
        """Say how it goes; take files that are dropped here."""
        self.setAcceptDrops(True)
        self.listed_rows: list[ListRow] = []
        return label(_("Copy an order on the channel's page and press Ctrl+V here."), "muted")

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask for the orders, and how those of the list stand here."""
        rows = self.office.ask(queries.orders)
        self._look_up()
        return {
            BOOKED: [r for r in rows if r.state in ("new", "changed")],
            ASKED: [r for r in rows if r.state == CANCEL_REQUEST],
            ENDED: [r for r in rows if r.state in (CANCELLED, REFUSED)],
            READ: self.listed_rows,
            MEANT: self.office.ask(queries.meant),
        }

    def _look_up(self) -> None:
        if not self.listed_rows:
            return
        numbers = [r.order.reference for r in self.listed_rows if r.order.reference]
        channel = self.listed_rows[0].order.channel
        known = self.office.ask(queries.known_numbers, channel=channel, references=numbers)
        for one in self.listed_rows:
            one.known = known.get(one.order.reference, "")
            one.ticked = one.ticked and not one.why

    def answer(self) -> str:
        """Say what waits, else how many are booked."""
        if asked := len(self.rows[ASKED]):
            return ngettext("%(n)s order asked to cancel", "%(n)s orders asked to cancel", asked) % {
                "n": asked
            }
        n = len(self.rows[BOOKED])
        return ngettext("%(n)s order booked", "%(n)s orders booked", n) % {"n": n}

    # -------------------------------------------------------------- lists
    def columns(self, name: str) -> Sequence[Column]:
        """Say whose it is, its days, what it costs and how it stands."""
        if name == READ:
            return self._list_columns()
        if name == MEANT:
            return (
                Column(N_("Channel"), lambda m: m.channel, width=160, bold=True),
                Column(N_("Words"), lambda m: m.words),
                Column(N_("Room type"), lambda m: m.type_name, width=180),
            )
        return (
            Column(
                N_("Channel's order no."), lambda o: o.shown, width=180, bold=True, sub=lambda o: o.channel
            ),
            Column(N_("Booking"), lambda o: f"R-{o.booking}" if o.booking else "", width=84),
            Column(N_("Guest"), lambda o: o.guest),
            Column(N_("Arrival"), lambda o: _day(o.arrival), width=96, sort=lambda o: _sort(o.arrival)),
            Column(N_("Departure"), lambda o: _day(o.departure), width=96, sort=lambda o: _sort(o.departure)),
            Column(N_("Sell price"), lambda o: o.sell, "money", width=104),
            Column(
                "",
                lambda o: o.state_name,
                "badge",
                width=116,
                tone=lambda o: TONES[o.state],
                usual=lambda o: o.state == "new",
            ),
        )

    def _list_columns(self) -> Sequence[Column]:
        return (
            Column("", lambda r: "✓" if r.ticked else "", width=36, bold=True),
            Column(
                N_("Channel's order no."),
                lambda r: r.order.reference,
                width=196,
                bold=True,
                sub=lambda r: r.order.state,
            ),
            Column(N_("Guest"), lambda r: ", ".join(g.name for g in r.order.guests), width=120),
            Column(
                N_("Arrival"),
                lambda r: _day(r.order.arrival),
                width=88,
                sort=lambda r: _sort(r.order.arrival),
            ),
            Column(N_("Nights"), lambda r: str(r.order.nights or ""), "number", width=60),
            Column(N_("Qty"), lambda r: str(r.order.rooms or ""), "number", width=60),
            Column(N_("Sell price"), lambda r: r.order.sell, "money", width=96),
            Column(N_("To decide"), lambda r: r.why, tone=lambda r: "warn" if r.why else ""),
        )

    def key(self, row: Any) -> Any:
        """Know an order of a list by its number there."""
        if isinstance(row, ListRow):
            return row.order.reference or id(row)
        return row.id if isinstance(row, MeantRow) else row.number

    def facts(self, row: OrderRow | ListRow | MeantRow) -> One:
        """Say everything of an order; of one in a list what stays open."""
        if isinstance(row, ListRow):
            return self._of_list(row)
        if isinstance(row, MeantRow):
            return One(row.words, ((_("Channel"), row.channel), (_("Room type"), row.type_name)))
        money = partial(show, digits=self.digits)
        told = (
            (_("Channel"), row.channel),
            (_("Guest"), row.guest),
            (_("Arrival"), _day(row.arrival)),
            (_("Departure"), _day(row.departure)),
            (_("Number of rooms"), str(row.rooms or "")),
            (_("How it is paid"), _(PAYMENTS[row.payment]) if row.payment else ""),
            (_("Sell price"), money(row.sell) if row.sell is not None else ""),
            (_("Settle price"), money(row.settle) if row.settle is not None else ""),
            (_("Commission"), money(row.commission) if row.commission is not None else ""),
            (_("Reason"), row.reason),
        )
        badge = (row.state_name, TONES[row.state], "")
        text = self.office.ask(queries.text_of, number=row.number)
        last = ((_("Order text"), text),) if text else ()
        return One(
            f"R-{row.booking}" if row.booking else row.shown,
            ((_("Channel's order no."), row.reference), *((w, v) for w, v in told if v), *last),
            badges=(badge,),
            steps=(Step(row.taken_at, row.state_name, row.by),),
        )

    def _of_list(self, row: ListRow) -> One:
        order = row.order
        opened = [one.sentence for one in order.open]
        told = (
            (_("Room type"), order.room),
            (_("How it is paid"), _(PAYMENTS[order.payment]) if order.payment else ""),
            (_("Settle price"), show(order.settle, self.digits) if order.settle is not None else ""),
            (_("Remarks"), "; ".join(order.requests)),
        )
        about = "\n".join(filter(None, (row.why, *opened)))
        return One(order.reference, tuple((w, v) for w, v in told if v), about=about)

    def foot(self, name: str) -> QLayout:
        """Put what is done with the row below it."""
        if name == READ:
            return col(
                None, row(self.button("tick"), self.button("complete"), gap=8), self.button("book"), gap=8
            )
        if name == MEANT:
            return col(None, self.button("forget"), self.button("mean"), gap=8)
        return col(None, self.button("booking"), gap=8)

    def named(self, row: Any) -> dict[str, str]:
        """Call an order by its number, what a room is called by its words."""
        if isinstance(row, MeantRow):
            return {"order": row.words}
        return {"order": row.shown if isinstance(row, OrderRow) else row.order.reference}

    def open(self, number: int | None = None, done: str = "", **_what: Any) -> None:
        """Show an order, and say what was just done with it."""
        self.notes.clear()
        if number is None:
            return
        found = self.office.ask(queries.order, number=number)
        if found is None:
            self.refuse(_("There is no such order."))
            return
        view = next((word for word in (BOOKED, ASKED, ENDED) if found in self.rows[word]), BOOKED)
        self.take_in_hand(view, found)
        if done in DONE:
            self.notes.good(_(DONE[done]) % {"order": found.shown, "number": found.booking})

    # -------------------------------------------------------------- what one can do
    @action(N_("Paste an order"), key="Ctrl+V", operation=service.take_in, icon="sheet")
    def paste(self) -> None:
        """Open what was copied: an order's text, or a list's file."""
        clipboard = QGuiApplication.clipboard()
        # An empty clipboard holds nothing at all: Qt gives none, whatever its stubs say.
        copied = cast(QMimeData | None, clipboard.mimeData())
        paths = [Path(url.toLocalFile()) for url in copied.urls() if url.isLocalFile()] if copied else []
        if paths:
            self.take(paths[0])
        elif clipboard.text().strip():
            self.go("order", pasted=clipboard.text())
        else:
            self.refuse(_("Nothing was copied. Copy the order on the channel's page first."))

    @action(N_("Read in"), key="Ctrl+O", operation=service.take_in, icon="receipt")
    def read_in(self) -> None:
        """Choose the file of a list."""
        if (path := files.which(self, _("List of orders"), "*.csv *.xlsx *.xls *.txt")) is not None:
            self.take(path)

    def take(self, path: Path) -> None:
        """Read a list; what is wrong with the file is said in place."""
        data = files.read(self, path, tables.MOST)
        if data is None:
            return
        house = self.office.ask(queries.house)
        try:
            found = lists.read(tables.read(data), maps=lists.shipped(), house=house, received=self.today)
        except Refused as wrong:
            self.refuse(str(wrong))
            return
        self.listed_rows = [ListRow(as_usual(order, house), True, "") for order in found.orders]
        self._look_up()
        self.listed_rows = sorted(self.listed_rows, key=lambda r: bool(r.why))
        for one in self.listed_rows:
            one.ticked = not one.why
        self.show_view(READ)
        self.table.setFocus()
        words = _("%(file)s: %(n)s orders, %(ready)s can be booked.")
        ready = sum(one.ticked for one in self.listed_rows)
        self.notes.good(words % {"file": path.name, "n": len(found.orders), "ready": ready})

    def _of_list_row(self) -> str:
        in_list = self.listed == READ
        return self.in_hand(_(self.CHOOSE), in_list, _("Only an order of a list."))

    @action(N_("Tick"), key="Space", icon="check")
    def tick(self) -> None:
        """Tick the order in hand, or take the tick away."""
        chosen = self.table.row()
        if not chosen.ticked and chosen.why:
            self.refuse(chosen.why)
            return
        chosen.ticked = not chosen.ticked
        self._show()

    can_tick = _of_list_row

    @action(N_("Complete"), key=keys.CHANGE, operation=service.take_in)
    def complete(self) -> None:
        """Open the order of the list, to decide what is open."""
        self.go("order", order=self.table.row().order)

    can_complete = _of_list_row

    def chosen(self, row: Any) -> None:
        """Complete an order of the list, go to the booking of another."""
        self.acts["complete" if isinstance(row, ListRow) else "booking"].press()

    @action(N_("Book the ticked"), key=keys.PRIMARY, operation=service.take_in, icon="check", kind="primary")
    def book(self) -> None:
        """Book every order that is ticked; one that cannot be had is named, the others are booked."""
        wanted = [one for one in self.listed_rows if one.ticked]
        if not wanted:
            self.refuse(_("Nothing is ticked."))
            return
        failed, booked = [], 0
        for one in wanted:
            if self.run(service.take_in.of(order=one.order)):
                booked += 1
            else:
                failed.append(f"{one.order.reference}: {self.notes.text}")
                one.ticked = False
        self.refresh()
        words = ngettext("%(n)s order is booked.", "%(n)s orders are booked.", booked) % {"n": booked}
        if failed:
            self.refuse("\n".join((words, *failed)))
        else:
            self.notes.good(words)

    def can_book(self) -> str:
        """Only where a list is seen."""
        return "" if self.listed == READ else _("Only orders of a list.")

    @action(N_("Open the booking"), icon="calendar")
    def booking(self) -> None:
        """Go to the booking that an order became."""
        self.go("reservations", line_id=self.table.row().line_id)

    def can_booking(self) -> str:
        """Say why not."""
        chosen = self.table.row() if self.listed == "" else None
        there = isinstance(chosen, OrderRow) and chosen.booking > 0
        return self.in_hand(_(self.CHOOSE), there, _("This order became no booking."))

    def _of_words(self) -> str:
        return self.in_hand(_("Choose the words first."), self.listed == MEANT, _("Choose the words first."))

    mean = Verb(
        N_("Change the type"),
        operation=service.mean,
        of=lambda row: {"channel": row.code, "words": row.words},
        can=_of_words,
        form=type_form,
        said=N_("“%(order)s” is changed."),
        icon="bed",
    )
    forget = Verb(
        N_("Forget"),
        operation=service.mean,
        of=lambda row: {"channel": row.code, "words": row.words, "type_id": None},
        can=_of_words,
        said=N_("“%(order)s” is asked for again."),
        icon="close",
    )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files only."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the list that is dropped."""
        event.acceptProposedAction()
        for url in event.mimeData().urls()[:1]:
            self.take(Path(url.toLocalFile()))


def _day(day: Any) -> str:
    return formats.day(day) if day else ""


def _sort(day: Any) -> str:
    return day.isoformat() if day else ""
