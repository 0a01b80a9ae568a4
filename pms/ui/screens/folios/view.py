"""What a folio's page shows of a stay: facts, every line with its rule, what a check-out now would ask for,
and the form that is open."""

from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.known import known
from pms.core.money import Money, show
from pms.core.names import same_name
from pms.core.office import Office
from pms.core.permissions import Permission
from pms.printing import pdf, preview
from pms.printing.slip import Slip
from pms.services.cards import queries as card_queries
from pms.services.folios import kinds, queries, rules, service, ways
from pms.services.folios import routing as routes
from pms.services.members import arrivals
from pms.services.property import queries as property_queries
from pms.services.staff import queries as staff_queries
from pms.services.stays import changes, joined
from pms.services.stays import queries as stay_queries
from pms.services.stays.changes import LastChange
from pms.services.stays.queries import Leaving, StayRow
from pms.ui.kit import background, formats
from pms.ui.kit import theme as th
from pms.ui.kit.actions import ActButton
from pms.ui.kit.chips import Chips
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import SidePages
from pms.ui.kit.messages import note
from pms.ui.kit.parts import Badge, box, card, col, empty_out, label, row, rule
from pms.ui.kit.preview import Preview
from pms.ui.kit.table import Table
from pms.ui.kit.wrap import Wrap

from . import corrections, forms, hold_form, lines, money_forms, routing, splitting, undo, windows
from .cards import CardsPage
from .forms import Facts
from .lines import Line
from .standing import standing

ALL = ""
PAD, SMALL = (16, 12, 16, 12), 980
"""The margin of the lines' side, and below which width the page saves room."""
TOOLS = ("extend", "room_change", "price", "cards", "hold")
DONE = ("slip", "settle_folio", "joined", "another_folio", "routing")
PENDING = 10**12
"""What is not posted yet has a number far below those of postings."""
FOLIO, CARDS, ROUTING = "folio", "cards", "routing"


class FolioView(Screen):
    """The page without what can be done on it."""

    TOPICS = frozenset({"folios", "stays", "cards", "business_date", "reservations"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        house = self.office.house()
        self.zone, self.digits = house.zone, house.digits
        self.stay_id: int | None = None
        self.card_intent = ""
        self.stay: StayRow | None = None
        self.spare: list[ActButton] = []
        """Buttons that are words alone where there is no room."""
        self.table = Table(lines.COLUMNS, ground=lines.ground, digits=self.digits)
        self.table.give_way(
            lines.BY, lines.TIME, lines.QUANTITY, lines.FOLIO, lines.BALANCE, least=th.px(130)
        )
        self.table.setAccessibleName(_("Folio lines"))
        self.table.set_empty(Empty("receipt", _("Nothing is posted yet.")))
        self.table.picked.connect(self.update_actions)
        self.panel = SidePages(self.notes, width=340)
        self._make_pages()
        self.middle = QStackedWidget()
        self.paper = Preview()
        self.middle.addWidget(self._list())
        self.middle.addWidget(self.paper)
        self.main = col(self._head(), self._tools(), self.windows, (self.middle, 1), gap=10, pad=PAD)
        main = box(self.main)
        self.root = QStackedWidget()
        self.root.addWidget(Empty("receipt", _("No guest is selected. Choose one in the in-house list.")))
        self.root.addWidget(box(row((main, 1), self.panel, gap=0)))
        return self.root

    def _head(self) -> QLayout:
        self.room, self.guest, self.about = (
            label("", "figure"),
            label("", "title", wrap=True),
            label("", "muted", wrap=True),
        )
        self.badges = row(gap=8)
        self.windows = Chips([(ALL, _("All folios"))], value=ALL)
        self.windows.chosen.connect(lambda _window: self._show_lines())
        return row(self.room, (col(self.guest, row(self.badges, None), self.about, None, gap=4), 1), gap=12)

    def _tools(self) -> QLayout:
        """What is done about the stay; in the next line where the window is too narrow."""
        made = [self.button(name) for name in TOOLS]
        self.spare += made
        return Wrap(*made)

    def _list(self) -> QWidget:
        """The lines, their sums under them, and what is done with a line or a folio."""
        self.count, self.sums = label("", "meta"), row(gap=16)
        self.reopen_button = self.button("reopen_folio", kind="quiet")
        done = [
            *(
                self.button(name, kind="quiet", words=_("New folio") if name == "another_folio" else "")
                for name in DONE
            )
        ]
        done.append(self.reopen_button)
        self.spare += done
        foot = col(row(self.count, None, self.sums, gap=8, pad=(8, 0, 8, 0)), Wrap(*done, gap=4), gap=4)
        foot.setContentsMargins(4, 8, 4, 4)
        return card((self.table, 1), rule(), box(foot), gap=0, pad=(1, 1, 1, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out signs, keys and some of the margin where the window is small."""
        super().resizeEvent(event)
        small = event.size().width() < th.px(SMALL)
        self.main.setContentsMargins(*((8, 8, 8, 8) if small else PAD))
        for button in self.spare:
            button.be_slim(small)

    def _make_pages(self) -> None:
        self.standing = col(gap=12)
        self.panel.add(FOLIO, box(col(box(self.standing), None, gap=12)), self._folio_foot())
        digits = self.digits
        made = {
            "charge": forms.ChargeForm(self, digits),
            "payment": money_forms.PaymentForm(self, digits),
            "deposit": money_forms.DepositForm(self, digits),
            "hold": hold_form.HoldForm(self, digits),
            "refund": money_forms.RefundForm(self, digits),
            "void": forms.VoidForm(self, digits),
            "transfer": forms.TransferForm(self, digits),
            "split": splitting.SplitForm(self, digits),
            "rebate": corrections.RebateForm(self, digits),
            "another_folio": forms.WindowForm(self),
            "settle_folio": windows.SettleForm(self, digits),
            "reopen_folio": windows.ReopenForm(self),
            "add_route": routing.RuleForm(self, digits),
            "undo": undo.UndoForm(self),
            "bill": forms.BillForm(self, self._draw),
        }
        self.forms: dict[str, forms.FolioForm] = {name: made_ for name, made_ in made.items()}
        for name, page in self.forms.items():
            self.panel.add_form(name, page)
        self.rules = routing.RoutingPage(digits)
        self.rules.table.picked.connect(self.update_actions)
        buttons = (self.button("end_route"), (self.button("add_route"), 1))
        self.panel.add(ROUTING, self.rules.body, box(col(None, row(*buttons, gap=8), gap=8)))
        self.card_page = CardsPage(self.zone)
        self.card_page.table.picked.connect(self.update_actions)
        self.panel.add(
            CARDS,
            self.card_page.body,
            box(
                col(
                    None,
                    row((self.button("card_back"), 1), (self.button("card_lost"), 1), gap=8),
                    self.button("card_new"),
                    gap=8,
                )
            ),
        )

    def _folio_foot(self) -> QWidget:
        self.out_button, self.bill_button = self.button("check_out"), self.button("bill", kind="primary")
        self.undo_button, self.paper_button = self.button("undo"), self.button("bill")
        pairs = (("charge", "payment"), ("deposit", "refund"), ("transfer", "void"), ("split", "rebate"))
        rows = [row((self.button(a), 1), (self.button(b), 1), gap=8) for a, b in pairs]
        pair = row((self.undo_button, 1), (self.paper_button, 1), gap=8)
        return box(col(None, *rows, pair, self.out_button, self.bill_button, gap=8))

    def start(self) -> QWidget | None:
        """Begin at the lines."""
        return self.table

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Read the stay and its lines anew."""
        self.root.setCurrentIndex(1 if self.stay_id is not None else 0)
        if self.stay_id is None:
            return
        house = self.office.house()
        self.stay = self.office.ask(
            stay_queries.stay, stay_id=self.stay_id, business_date=house.business_date
        )
        self.today = house.business_date
        self.accounts = tuple(self.office.ask(queries.folios, stay_id=self.stay_id))
        self.postings = self.office.ask(queries.folio_lines, stay_id=self.stay_id)
        self.came_by = self.office.ask(ways.came_by, stay_id=self.stay_id)
        self.leaving: Leaving | None = None
        self.changed: LastChange | None = None
        if self.stay.state == "in_house":
            self.changed = self.office.ask(
                changes.last_change, stay_id=self.stay_id, business_date=self.today
            )
            self.leaving = self.office.ask(
                stay_queries.leaving,
                stay_id=self.stay_id,
                business_date=self.today,
                now=self.done_at(),
                zone=self.zone,
                options=self.office.ask(property_queries.setting).options,
            )
        names = {s.id: s.name for s in self.office.ask(staff_queries.colleagues)}
        self.called = self.office.ask(kinds.called)
        self.lines = self._with_pending(lines.shown(self.postings, names, self.zone, self.called))
        price = self.office.ask(property_queries.setting).options.card_price
        self.card_page.show_cards(
            self.office.ask(card_queries.of_stay, stay_id=self.stay_id),
            show(price, self.digits) if price else "",
        )
        self._show_rules()
        self._show_head()
        self._show_windows()
        self._show_lines()
        self._show_standing()

    def _show_rules(self) -> None:
        found = self.office.ask(rules.rules_of, stay_id=known(self.stay_id))
        leads_away = any(rule.to_stay != self.stay_id for rule in found)
        inside = self.office.ask(stay_queries.in_house, business_date=self.today) if leads_away else ()
        self.rules.show_rules(known(self.stay_id), found, {s.stay_id: s.room for s in inside})

    def _with_pending(self, shown: list[Line]) -> list[Line]:
        """Add what the clock asks for but nobody has posted yet."""
        left = self._accrued()
        if left is None:
            return shown
        before = next((x.balance for x in reversed(shown) if not x.struck), Money(0))
        item = _("%(what)s (not posted yet)") % {"what": lines.words(left.charge_code, "")}
        made = list[Line]()
        for at, (window, sum_) in enumerate(sorted(left.parts.items(), reverse=True)):
            before = Money(before + sum_)
            made.append(
                Line(
                    -at * PENDING,
                    self.today,
                    _("now"),
                    window,
                    item,
                    left.rule,
                    1,
                    sum_,
                    Money(0),
                    before,
                    "",
                    pending=True,
                )
            )
        return shown + made

    def _accrued(self) -> Leaving | None:
        """Return what the clock has added by now: to one whose nights are over, or the night just used; who
        stays on is not late."""
        left, s = self.leaving, self.stay
        if left is None or s is None or not left.charge:
            return None
        if not left.parts:
            return None  # another stay pays it
        return left if left.pays_night or s.departure <= self.today else None

    def _show_head(self) -> None:
        s = self.stay
        assert s is not None
        self.room.setText(s.room)
        self.guest.setText(s.guest)
        nights = ngettext("%(n)s night", "%(n)s nights", s.nights) % {"n": s.nights}
        heads = s.adults + s.children
        people = ngettext("%(n)s guest", "%(n)s guests", heads) % {"n": heads}
        dates = f"{formats.day(s.arrival)} \u2013 {formats.day(s.departure)}"
        parts = (
            f"{_(s.type_name)} {s.type_code}",
            dates,
            nights,
            people,
            s.company if s.payer == "guest" else s.payer_words,
            _(s.plan_name) if s.plan_name else "",
            f"S-{s.number}",
            s.phone,
        )
        self.about.setText(_(", ").join(filter(None, parts)))
        empty_out(self.badges)
        for made in self._badges(s):
            self.badges.addWidget(made)

    def _badges(self, s: StayRow) -> list[Badge]:
        states = {
            "in_house": (N_("In house"), "accent", "bed"),
            "departed": (N_("Checked out"), "block", "check-out"),
            "undone": (N_("Undone"), "block", "close"),
        }
        words, tone, icon = states[s.state]
        made = [Badge(_(words), tone, icon)]
        may = self.office.clerk.may(Permission.GUESTS_READ)
        if may and (member := self.office.ask(arrivals.of_stay, stay_id=s.stay_id)) is not None:
            name = "" if same_name(member.name, s.guest) else member.name
            made.append(Badge(" ".join(filter(None, (member.level, name, member.shown))), "good", "star"))
        if s.state == "in_house" and s.departure <= self.today:
            made.append(Badge(_("Due out"), "warn", "check-out"))
        if s.joined_to is not None and (rooms := self.office.ask(joined.beside, stay_id=s.stay_id)):
            made.append(
                Badge(_("Joined with %(rooms)s") % {"rooms": formats.commas(rooms)}, "accent", "party")
            )
        if s.pending and s.state == "in_house":
            made.append(Badge(_("No document"), "warn", "shield"))
        if s.kind:
            made.append(Badge(_("House use") if s.kind == "house" else _("Complimentary"), "block", "free"))
        return made

    def _show_windows(self) -> None:
        guest = [a for a in self.accounts if a.ledger == "guest"]
        few = len(guest) <= 3  # eight payers' names do not fit beside each other; their letters do
        names = [(a.window, f"{a.window} {a.name if few else ''}  {show(a.own, self.digits)}") for a in guest]
        self.windows.set_options([(ALL, _("All folios")), *names])
        if self.windows.value() is None:
            self.windows.set_value(ALL)

    def _show_lines(self) -> None:
        window = self.windows.value() or ALL
        seen = [x for x in self.lines if window in (ALL, x.window)]
        self.table.show_rows(seen)
        if self.table.row() is None and (posted := [x.id for x in seen if not x.pending and not x.struck]):
            self.table.pick(posted[-1])
        counted = [x for x in seen if not x.struck]
        self.count.setText(ngettext("%(n)s line", "%(n)s lines", len(seen)) % {"n": len(seen)})
        empty_out(self.sums)
        self._sum(_("Charges"), sum(x.charge for x in counted if not x.pending))
        if pending := sum(x.charge for x in counted if x.pending):
            self._sum(_("Not posted yet"), pending, "warn")
        self._sum(_("Paid"), sum(x.paid for x in counted), "good")
        self.update_actions()

    def _sum(self, words: str, amount: int, tone: str = "") -> None:
        self.sums.addLayout(
            row(label(words, "muted"), label(show(amount, self.digits), "strong", tone), gap=8)
        )

    def _show_standing(self) -> None:
        s, left = self.stay, self._accrued()
        assert s is not None
        empty_out(self.standing)
        inside = s.state == "in_house"
        time = formats.time(self.done_at() if inside else s.departed_at, self.zone)
        self.standing.addWidget(
            label(
                _("As of %(time)s") % {"time": time} if inside else _("Left at %(time)s") % {"time": time},
                "title",
            )
        )
        pending = {w: int(sum_) for w, sum_ in left.parts.items()} if left is not None else {}
        boxes = standing(self.facts(), self.lines, pending)
        assert isinstance(boxes, QWidget)
        self.standing.addWidget(boxes)
        if s.guarantee:
            held = _("%(sum)s is held on a card.") % {"sum": show(s.guarantee, self.digits)}
            self.standing.addWidget(
                note("info", held, _("It backs what is owed, and is no money."), icon="lock")
            )
        if inside and (tonight := self._tonight(s)) is not None:
            self.standing.addWidget(tonight)
        self.out_button.setVisible(inside)
        self.paper_button.setVisible(inside)
        self.bill_button.setVisible(not inside)
        self.undo_button.setVisible(not self.can_undo())
        self.reopen_button.setVisible(inside and any(a.closed for a in self.accounts))

    def _tonight(self, s: StayRow) -> QWidget | None:
        """Say what the audit will post tonight and whether the deposit covers it."""
        if s.departure <= self.today or s.kind or self._accrued() is not None:
            return None
        options = self.office.ask(property_queries.setting).options
        told = _("Tonight's room %(sum)s is posted by the night audit.") % {"sum": show(s.rate, self.digits)}
        away = self.office.ask(routes.away, nights={s.stay_id: [(self.today, int(s.rate))]})
        short = s.short(options, away.get(s.stay_id, 0))
        if short > 0:
            words = _("The deposit does not cover it: %(sum)s is missing.") % {
                "sum": show(short, self.digits)
            }
            return note("warn", told, words, icon="moon")
        cover = self.office.ask(stay_queries.cover, stay_id=s.stay_id, business_date=self.today)
        if missing := cover.missing(options):
            words = _("For all nights to %(day)s, %(sum)s of the deposit is missing.")
            day = {"day": formats.day(s.departure), "sum": show(missing, self.digits)}
            return note("warn", told, words % day, icon="moon")
        return note("info", told, icon="moon")

    def can_undo(self) -> str:
        """Say why not: only on the same business date."""
        if self.stay is None:
            return _("No guest is selected.")
        if undo.possible(self.stay, self.changed, self.today):
            return ""
        if self.stay.state == "in_house":
            return _("This check-in belongs to a closed day.")
        return _("This check-out belongs to a closed day.")

    # -------------------------------------------------------------- forms
    def facts(self) -> Facts:
        """Return the stay as it is shown, for the forms."""
        assert self.stay is not None
        line: Line | None = self.table.row()
        return Facts(
            self.stay,
            self.accounts,
            self.windows.value() or "A",
            line.posting if line else None,
            tuple(queries.slips_out(self.postings)),
            self.digits,
            self.came_by,
            self.called,
        )

    def _open_form(self, name: str) -> None:
        self.notes.clear()
        self.forms[name].open()
        self.panel.show_page(name)
        self.middle.setCurrentIndex(1 if name == "bill" else 0)

    def close_form(self) -> None:
        """Turn back to the folio."""
        self.panel.show_page(FOLIO)
        self.middle.setCurrentIndex(0)
        self.table.setFocus()
        self.update_actions()

    def step_back(self) -> bool:
        """Leave the form that is open."""
        if self.panel.page == FOLIO:
            return False
        self.notes.clear()
        self.close_form()
        return True

    def _draw(self, window: str, layout: str) -> None:
        background.run(
            self,
            partial(draw_bill, self.office, self.stay_id or 0, window, layout),
            self._show_paper,
            self._failed,
            self.show_busy,
        )

    def _show_paper(self, pages: list[bytes]) -> None:
        self.paper.show_document(pages, title=_("Bill"), printer=_("the printer of this workstation"))

    def _inside(self) -> str:
        if self.stay is None:
            return _("No guest is selected.")
        return (
            ""
            if self.stay.state == "in_house"
            else _("%(guest)s has left; undo the check-out first.") % {"guest": self.stay.guest}
        )


def draw_bill(office: Office, stay_id: int, window: str, layout: str) -> list[bytes]:
    """Return the bill's pages as PNG pictures, exactly as they would print."""
    slip = Slip.from_dict(office.do(service.preview_bill.of(stay_id=stay_id, window=window, layout=layout)))
    return [page.png() for page in preview.pages(pdf.render(slip))]
