"""How far each role may go: kinds of acts at the left, the roles' limits in the middle, the form at the
right."""

from dataclasses import dataclass

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.authority import NAMES, Kind, Limit
from pms.core.i18n import N_, _
from pms.services.authority import queries, service
from pms.ui.kit import keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.flow import FormPage, SidePages, SideScreen
from pms.ui.kit.forms import Flag
from pms.ui.kit.parts import box, card, col, heading, label, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.times import Time

MEANING: dict[Kind, str] = {
    Kind.PRICE: N_("A night sold below what its plan or the price list says."),
    Kind.PLAN: N_("An agreement or member plan sold without its proof."),
    Kind.FREE: N_("A complimentary or house-use room, worth what its nights would have brought."),
    Kind.WAIVER: N_(
        "A late departure, a use by day or a lost card that is not charged: per cent of the night."
    ),
    Kind.REBATE: N_("Money off a charge that was posted: per cent of the charge."),
    Kind.REFUND: N_("Money given back by another way than it came."),
    Kind.OVER_SHORT: N_("A drawer that is over or short, goods that a count does not find."),
    Kind.WRITE_OFF: N_("Goods lost, given away or used by the house."),
}


@dataclass(frozen=True)
class RoleLimit:
    """One role's limit in the kind at hand; None: may not at all."""

    code: str
    name: str
    limit: Limit | None

    def percent(self) -> str:
        """Return the per cent that bind, where the role may at all."""
        return "" if self.limit is None or self.limit.percent is None else f"{self.limit.percent} %"


class AuthorityScreen(SideScreen):
    """The table of authority; the owner changes it."""

    TOPICS = frozenset({"authority", "staff"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        self.digits = self.office.house().digits
        self.kinds = Table(
            (Column(N_("Kind of act"), lambda kind: _(NAMES[kind]), bold=True),), key=lambda kind: kind
        )
        self.kinds.picked.connect(lambda _kind: self._show_kind())
        self.limits = Table(
            (
                Column(N_("Role"), lambda r: _(r.name), bold=True),
                Column(
                    N_("May"),
                    lambda r: _("not at all") if r.limit is None else _("allowed"),
                    "badge",
                    width=104,
                    tone=lambda r: "block" if r.limit is None else "good",
                    icon=lambda r: "close" if r.limit is None else "check",
                ),
                Column(N_("At most"), lambda r: r.percent(), "number", width=80),
                Column(N_("One act"), lambda r: r.limit and r.limit.amount, "money", width=92),
                Column(N_("Latest"), lambda r: r.limit.until if r.limit else "", width=64),
                Column(N_("A month"), lambda r: r.limit and r.limit.month, "money", width=96),
            ),
            key=lambda r: r.code,
            digits=self.digits,
        )
        self.limits.picked.connect(self.update_actions)
        self.limits.chosen.connect(lambda _row: self.acts["change"].press())
        self.panel = SidePages(self.notes, width=312)
        self.title, self.told = label("", "title", wrap=True), label("", "muted", wrap=True)
        foot = col(None, self.button("change"))
        self.panel.add(self.HOME, box(col(self.title, self.told, None, gap=12)), box(foot))
        self._make_form()
        left = card((self.kinds, 1), gap=0, pad=(1, 1, 1, 1))
        left.setMinimumWidth(220)
        main = col(
            heading(_("Authority")),
            row((left, 2), (card((self.limits, 1), gap=0, pad=(1, 1, 1, 1)), 5), gap=12),
            gap=12,
            pad=(16, 12, 16, 12),
        )
        return row((box(main), 1), self.panel, gap=0)

    def _make_form(self) -> None:
        self.form = self.panel.add_form(
            "limit",
            FormPage(
                _("Limit"),
                _("Save"),
                self._save,
                self.close_form,
                may=Flag(_("May do alone")),
                percent=Number(_("At most, per cent"), least=0, most=100),
                amount=Amount(_("At most, one act"), digits=self.digits),
                until=Time(_("Until what time"), required=False),
                month=Amount(_("At most, a month"), digits=self.digits),
            ),
        )
        self.form["may"].toggled.connect(self._may_changed)

    def open(self, kind: str = "", **_more: object) -> None:
        """Show the limits of one kind of act, where the audit leads."""
        if kind:
            self.kinds.pick(Kind(kind))

    def start(self) -> QWidget | None:
        """Begin at the kinds."""
        return self.kinds

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Read the table anew."""
        self.table = self.office.ask(queries.table)
        self.kinds.show_rows(list(NAMES))
        if self.kinds.row() is None:
            self.kinds.selectRow(0)
        self._show_kind()

    def _show_kind(self) -> None:
        kind: Kind | None = self.kinds.row()
        if kind is None:
            return
        self.limits.show_rows([RoleLimit(r.code, r.name, r.limits.get(kind)) for r in self.table])
        if self.limits.row() is None:
            self.limits.selectRow(0)
        self.title.setText(_(NAMES[kind]))
        rule = _("Empty means no limit. The limit also binds whoever agrees; above it, the next rank.")
        self.told.setText(f"{_(MEANING[kind])}\n\n{rule}")
        self.update_actions()

    def _may_changed(self, on: bool) -> None:
        for name in ("percent", "amount", "until", "month"):
            self.form[name].setEnabled(on)

    # -------------------------------------------------------------- actions
    @action(N_("Change"), key=keys.PRIMARY, operation=service.set_limit, kind="primary")
    def change(self) -> None:
        """Open the form for the role in hand."""
        held: RoleLimit = self.limits.row()
        limit = held.limit or Limit()
        self.form.title.setText(_(held.name))
        self.form.say(self.title.text())
        self.form.fill(
            may=held.limit is not None,
            percent=limit.percent,
            amount=limit.amount,
            until=limit.until,
            month=limit.month,
        )
        self._may_changed(held.limit is not None)
        self.open_form(self.form, "limit")

    def can_change(self) -> str:
        """Say why not."""
        return "" if self.limits.row() is not None else _("Choose a role first.")

    def _save(self) -> None:
        if missing := self.form.form.missing():
            self.refuse(missing)
            return
        held: RoleLimit = self.limits.row()
        values = self.form.form.values()
        limit = Limit(values["percent"], values["amount"], values["until"], values["month"])
        self.save(
            self.form,
            service.set_limit.of(
                kind=self.kinds.row().value, role=held.code, limit=limit if values["may"] else None
            ),
            _("%(role)s: the limit is changed.") % {"role": _(held.name)},
        )
