"""Members: found by phone, card or name; registered, their cards sold and replaced; the levels."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, cast

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money
from pms.services.members import queries, scores, service, stored
from pms.services.members.duty import POINTS, STORED
from pms.services.members.queries import LevelRow, MemberRow
from pms.services.members.stored import Purse
from pms.services.property.queries import setting
from pms.services.stays import queries as stays
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.messages import note
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import card, col, label, row
from pms.ui.kit.register import View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import JoinForm, level_form, times
from .in_hand import LEVEL, MemberInHand
from .money import PayForm

JOIN = "join"
FOUND = 50


def _day(value: date | None) -> str:
    return formats.day(value, year=True) if value else ""


class MembersScreen(MemberInHand):
    """Who belongs to the club."""

    NAME = N_("Members")
    HEAD = ("add_level", "join")
    NEW = "join"
    VIEWS = (
        View("members", N_("Members"), N_("There is no member yet."), "star"),
        View("levels", N_("Levels"), N_("There is no level yet. Add what the club gives."), "star", LEVEL),
    )
    FIND = N_("Phone, card, name or pinyin")
    FIND_WIDTH, PAUSED = 240, True
    count = 0
    TOPICS = frozenset({"members", "stays", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask for the latest members and for every level."""
        self.count = self.office.ask(queries.count)
        options = self.office.ask(setting).options
        self.stores, self.scores = options[STORED], options[POINTS]
        return {"members": self.office.ask(queries.members), "levels": self.office.ask(queries.levels)}

    def counts(self) -> dict[str, int]:
        """Return how many there are of each."""
        return {"members": self.count, "levels": len(self.rows.get("levels", ()))}

    def answer(self) -> str:
        """Say how many members there are."""
        return ngettext("%(n)s member", "%(n)s members", self.count) % {"n": self.count} if self.count else ""

    def fitting(self, rows: Sequence[Any], text: str) -> Sequence[Any]:
        """Find among all members, not only the latest."""
        if self.listed == LEVEL:
            return super().fitting(rows, text)
        found: Sequence[MemberRow] = self.office.ask(queries.find, text=text, most=FOUND)
        return found

    def columns(self, name: str) -> Sequence[Column]:
        """Say who it is, at which level, with which card; of a level what it gives."""
        if name == LEVEL:
            return (
                Column(N_("Level"), lambda v: v.level, bold=True, sub=lambda v: v.plan),
                Column(N_("Free until"), lambda v: v.free_until, width=92),
                Column(N_("Points"), lambda v: f"× {times(v.multiple)}", width=76, sort=lambda v: v.multiple),
                Column(N_("Card"), lambda v: v.card_price, "money", width=92),
                Column(N_("Raised from"), self._raised, width=150),
                Column(N_("Members"), lambda v: v.members, "number", width=88),
                Column("", lambda v: "" if v.active else _("Not given"), "badge", width=100),
            )
        return (
            Column(N_("Number"), lambda m: m.shown, width=76, sort=lambda m: m.number),
            Column(N_("Member"), lambda m: m.name, bold=True),
            Column(N_("Level"), lambda m: m.level, width=110),
            Column(N_("Card"), lambda m: m.card, width=120),
            Column(N_("Phone"), lambda m: m.phone, width=130),
            Column(
                N_("Valid until"),
                lambda m: _day(m.valid_until),
                width=116,
                sort=lambda m: str(m.valid_until or "9"),
            ),
            Column("", self._mark, "badge", width=116, tone=self._tone),
        )

    @staticmethod
    def _raised(v: LevelRow) -> str:
        nights = ngettext("%(n)s night", "%(n)s nights", v.nights_needed) % {"n": v.nights_needed}
        points = ngettext("%(n)s point", "%(n)s points", v.points_needed) % {"n": v.points_needed}
        return formats.commas((nights if v.nights_needed else "", points if v.points_needed else ""))

    def _mark(self, m: MemberRow) -> str:
        if m.ended_on is not None:
            return _("Ended")
        if m.suspended:
            return _("Suspended")
        if m.valid_until is not None and m.valid_until < self.today:
            return _("Ran out")
        return _("Card lost") if m.lost_card and not m.card else ""

    def _tone(self, m: MemberRow) -> str:
        if m.ended_on is not None:
            return "block"
        return "bad" if m.suspended else "warn"

    def facts(self, chosen: LevelRow | MemberRow) -> One:
        """Show a member with what happened, or a level."""
        if isinstance(chosen, LevelRow):
            return self._level_facts(chosen)
        m = chosen
        why = m.why_not(self.today)
        missing = m.lost_card and not m.card
        purse = self.office.ask(stored.purse, member_id=m.id)
        points = self.office.ask(scores.points, member_id=m.id)
        lost = _("Card %(card)s is reported lost: take it in if it is shown.") % {"card": m.lost_card}
        parts: list[QWidget | QLayout] = [note("bad", why, icon="lock")] if why else []
        parts += [note("warn", lost, icon="key-card")] if missing else []
        return One(
            m.name,
            (
                (_("Number"), m.shown),
                (_("Card"), m.card),
                (_("Phone"), m.phone),
                (_("Date of birth"), _day(m.birth)),
                (_("Member since"), _day(m.since)),
                (_("Valid until"), _day(m.valid_until)),
                (_("Gives"), m.gives),
                (_("Points"), str(points) if points or self.scores else ""),
            ),
            more=[self._money(purse)] if purse.total else [],
            badges=((m.level, "accent", "star"),),
            parts=parts,
            steps=self._steps(m),
        )

    def _steps(self, m: MemberRow) -> list[Step]:
        """Put what happened and what was moved together, the latest first."""
        scored = [
            Step(r.at, r.words, r.by, formats.commas((str(r.points), r.reason)))
            for r in self.office.ask(scores.moves, member_id=m.id)
        ]
        moved = [self._moved(r) for r in reversed(self.office.ask(stored.rows, member_id=m.id))]
        happened = [self._step(e) for e in self.office.ask(queries.events, member_id=m.id)]
        return sorted((*scored, *moved, *happened), key=lambda step: str(step.at), reverse=True)

    def _moved(self, r: stored.PurseRow) -> Step:
        total = formats.amount(Money(r.paid + r.gift), self.digits)
        gift = _("gift part %(sum)s") % {"sum": formats.amount(r.gift, self.digits)} if r.gift else ""
        undone = _("taken back") if r.undone else ""
        return Step(r.at, r.words, r.by, formats.commas((total, gift, r.reason, undone)))

    def _money(self, purse: Purse) -> QWidget:
        return card(
            row(label(_("Paid part"), "muted"), None, label(formats.amount(purse.paid, self.digits))),
            row(label(_("Gift part"), "muted"), None, label(formats.amount(purse.gift, self.digits))),
            row(
                label(_("Stored value"), "strong"),
                None,
                label(formats.amount(purse.total, self.digits), "title"),
            ),
            gap=4,
            pad=(12, 8, 12, 8),
        )

    def _step(self, event: queries.EventRow) -> Step:
        paid = formats.amount(event.amount, self.digits) if event.amount else ""
        return Step(event.at, event.words, event.by, formats.commas((event.detail, paid)))

    @staticmethod
    def _level_facts(v: LevelRow) -> One:
        months = ngettext("%(n)s month", "%(n)s months", v.months_valid) % {"n": v.months_valid}
        return One(
            v.level,
            (
                (_("Rate plan"), v.plan),
                (_("Departure free until"), v.free_until),
                (_("Valid"), months if v.months_valid else _("without end")),
            ),
        )

    def foot(self, name: str) -> QLayout:
        """Change a level; do for a member what is asked for."""
        if name == LEVEL:
            return col(None, self.button("edit_level"), gap=8)
        lines = (
            ("charge_up", "pay", "spend_points"),
            ("change", "set_level"),
            ("suspend", "lift", "count_stay"),
            ("lose_card", "found_again", "renew"),
        )
        self._offered = {name: self.button(name, icon="") for line in lines for name in line}
        made = [row(*((self._offered[name], 1) for name in line), gap=8) for line in lines]
        for name in ("replace_card", "sell_card"):
            self._offered[name] = self.button(name, kind="primary")
        return col(None, *made, self._offered["replace_card"], self._offered["sell_card"], gap=8)

    def picked(self) -> None:
        """Offer what fits the member in hand: a suspension or its end, a card sold or replaced."""
        m = self.table.row() if self.listed != LEVEL else None
        if not isinstance(m, MemberRow):
            return
        missing = bool(m.lost_card) and not m.card
        for name, fits in (
            ("suspend", not m.suspended),
            ("lift", bool(m.suspended)),
            ("lose_card", not missing),
            ("found_again", missing),
            ("renew", m.valid_until is not None),
            ("charge_up", self.stores),
            ("pay", self.stores),
            ("spend_points", self.scores and not self.stores),
            ("replace_card", missing),
            ("sell_card", not missing),
        ):
            self._offered[name].setVisible(fits)

    def key(self, chosen: LevelRow | MemberRow) -> Any:
        """Return what a row is known by."""
        return chosen.id

    def named(self, chosen: LevelRow | MemberRow) -> dict[str, str]:
        """Call a level by its name, a member by number and name."""
        if isinstance(chosen, LevelRow):
            return {"level": chosen.level}
        return {"member": f"{chosen.shown} {chosen.name}"}

    def one(self, number: int | None = None, **_what: Any) -> tuple[str, Any] | None:
        """Return the member that another page or the search asked for."""
        found = self.office.ask(queries.member, number=number) if number is not None else None
        return ("members", found) if found is not None else None

    def open(self, pays_for: int = 0, **what: Any) -> None:
        """Show a member; with ``pays_for`` the form by which stored value pays for that stay."""
        super().open(**what)
        if pays_for and self.table.row() is not None:
            stay = self.office.ask(stays.stay, stay_id=pays_for, business_date=self.today)
            self.acts["pay"].press()
            self.forms["pay"]["room"].set_value(stay.room)
            self.forms["pay"]["room"].look()
            cast(PayForm, self.forms["pay"]).look()

    # -------------------------------------------------------------- a new member
    @cached_property
    def join_form(self) -> JoinForm:
        """The form for a new member, made when it is first opened."""
        made = JoinForm(self.office, self.today, self.digits, self._join, self.close_form)
        return self.panel.add_form(JOIN, made)

    @action(N_("New member"), key=keys.NEW, operation=service.join, icon="star")
    def join(self) -> None:
        """Open the form for a new member."""
        self.open_form(self.join_form, JOIN)
        self.join_form.open(self.rows["levels"])

    def can_join(self) -> str:
        """Say why not."""
        given = any(v.active for v in self.rows.get("levels", ()))
        return "" if given else _("There is no level yet. Add what the club gives.")

    def _join(self) -> None:
        form = self.join_form
        if missing := form.missing():
            self.refuse(missing)
        elif made := self.run(service.join.of(**form.given()), intent=form.intent):
            self.open(number=made.value)
            self.notes.good(_("%(member)s is registered.") % {"member": queries.shown(made.value)})

    # -------------------------------------------------------------- levels
    @cached_property
    def new_level(self) -> Any:
        """The form for a new level."""
        return self.panel.add_form(LEVEL, level_form(self, self._add_level, self.close_form))

    @action(N_("New level"), operation=service.add_level, icon="plus")
    def add_level(self) -> None:
        """Open the form for a new level."""
        self.open_form(self.new_level, LEVEL)
        self.new_level.begin(None)

    def _add_level(self) -> None:
        if missing := self.new_level.form.missing():
            self.refuse(missing)
            return
        given = self.new_level.form.values()
        given.pop("active")
        said = _("The level %(level)s is saved.") % {"level": given["name"]}
        if self.save(self.new_level, service.add_level.of(**given), said):
            self.show_view("levels")

    def _no_level(self) -> str:
        return self.in_hand(_("Choose a level first."), self.listed == LEVEL, _("Choose a level first."))

    edit_level = Verb(
        N_("Change the level's terms"),
        operation=service.edit_level,
        of=lambda v: {"level_id": v.id},
        can=_no_level,
        form=level_form,
        said=N_("The level %(level)s is saved."),
    )
