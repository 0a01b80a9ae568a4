"""Channels: through whom rooms are sold, how they settle and what they take."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.services.channels import queries, service
from pms.services.channels.queries import FIELDS, PERIODS, SETTLES, ChannelRow
from pms.services.rates import queries as rate_queries
from pms.ui.kit import formats, keys, trail
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import ChannelForm, channel_form, percent

CHANNEL = "channel"


def commission(points: int) -> str:
    """Write a commission as a per cent; nothing for none."""
    return f"{percent(points)} %" if points else ""


class ChannelsScreen(Register):
    """The register of channels."""

    NAME = N_("Channels")
    HEAD = ("add",)
    NEW = "add"
    VIEWS = (
        View("active", N_("Sold through"), N_("Rooms are sold through no channel."), "check"),
        View("ended", N_("Ended"), N_("No channel has ended."), "clock"),
    )
    CHOOSE = N_("Choose a channel first.")
    CHOSEN = "edit"
    TOPICS = frozenset({"channels", "rates", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[ChannelRow]]:
        """Ask for all, and part those that are sold through from the others."""
        found = self.office.ask(queries.channels)
        return {"active": [c for c in found if c.active], "ended": [c for c in found if not c.active]}

    def answer(self) -> str:
        """Say how many there are."""
        n = len(self.rows["active"])
        return ngettext("%(n)s channel", "%(n)s channels", n) % {"n": n}

    def columns(self, _list: str) -> Sequence[Column]:
        """Say which channel, how it settles, and what it takes."""
        return (
            Column(N_("Channel"), lambda c: c.shown, bold=True, sub=lambda c: c.contact),
            Column(N_("Short code"), lambda c: c.code, width=116),
            Column(N_("Settles"), lambda c: _(SETTLES[c.settles]), width=168),
            Column(
                N_("Commission"),
                lambda c: commission(c.commission),
                "number",
                width=104,
                sort=lambda c: c.commission,
            ),
            Column(N_("Statement every"), lambda c: _(PERIODS[c.period]), width=116),
            Column(N_("Rate plan"), lambda c: c.plan_name, width=132),
        )

    def facts(self, c: ChannelRow) -> One:
        """Show how it settles, and what changed."""
        other = c.name_en if c.shown == c.name else c.name
        return One(
            c.shown,
            (
                (_("Channel name"), other if other != c.shown else ""),
                (_("Short code"), c.code),
                (_("Settles"), _(SETTLES[c.settles])),
                (_("Commission"), commission(c.commission) or _("none")),
                (_("Statement every"), _(PERIODS[c.period])),
                (_("Rate plan"), c.plan_name or _("None agreed")),
                (_("Contact"), formats.commas((c.contact, c.phone))),
                (_("Ended on"), formats.day(c.ended_on, year=True) if c.ended_on else ""),
            ),
            badges=(("" if c.active else _("Ended"), "block", "clock"),),
            steps=self._steps(c),
        )

    def _steps(self, c: ChannelRow) -> list[Step]:
        made = _("Channel entered")
        changes = self.office.ask(queries.history, number=c.number)
        found = [trail.step(change, FIELDS, self._say, made) for change in changes]
        return [step for step in found if step is not None]

    def _say(self, field: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        words = {"settles": SETTLES, "period": PERIODS}.get(field)
        if words is not None:
            return _(words.get(value, value))
        if field == "commission":
            return commission(value) or "0 %"
        return self._plans.get(value, "") if field == "plan_id" else str(value)

    @cached_property
    def _plans(self) -> dict[int, str]:
        return {p.id: p.name for p in self.office.ask(rate_queries.plans)}

    def refresh(self) -> None:
        """Ask again; plans may have other names now."""
        self.__dict__.pop("_plans", None)
        super().refresh()

    def foot(self, _list: str) -> QLayout:
        """Change it."""
        return col(None, self.button("edit"), gap=8)

    def named(self, row: ChannelRow) -> dict[str, str]:
        """Call a channel by its name."""
        return {"channel": row.shown}

    def one(self, number: int | None = None, **_what: Any) -> tuple[str, ChannelRow] | None:
        """Find the channel that the search asks for."""
        found = self.office.ask(queries.channel, number=number) if number is not None else None
        return None if found is None else ("active" if found.active else "ended", found)

    # -------------------------------------------------------------- what one can do
    @action(N_("New channel"), key=keys.NEW, operation=service.add, icon="plus")
    def add(self) -> None:
        """Open the form for a new channel."""
        self.open_form(self.new_form, CHANNEL)
        self.new_form.begin(None)

    @cached_property
    def new_form(self) -> ChannelForm:
        """The form for a new channel, made when it is first opened."""
        return self.panel.add_form(CHANNEL, channel_form(self, self._add, self.close_form))

    def _add(self) -> None:
        if missing := self.new_form.form.missing():
            self.refuse(missing)
            return
        given = self.new_form.form.values()
        given.pop("active")
        if made := self.run(service.add.of(**given), intent=self.new_form.intent):
            self.close_form()
            self.open(number=made.value)
            self.notes.good(_("%(channel)s is saved.") % {"channel": given["name"]})

    def _none(self) -> str:
        return self.in_hand(_(self.CHOOSE))

    edit = Verb(
        N_("Change"),
        key=keys.CHANGE,
        operation=service.edit,
        of=lambda c: {"number": c.number},
        can=_none,
        form=channel_form,
        said=N_("%(channel)s is saved."),
        icon="check",
        kind="primary",
    )
