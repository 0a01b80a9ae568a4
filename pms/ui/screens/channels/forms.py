"""The form of a channel."""

from collections.abc import Callable
from typing import Any

from pms.core import typed
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.services.channels.queries import PERIODS, SETTLES, ChannelRow
from pms.services.rates import queries as rate_queries
from pms.ui.kit.amounts import Figures
from pms.ui.kit.forms import Choice, Code, Flag, Text
from pms.ui.kit.parts import row
from pms.ui.kit.register import Register
from pms.ui.kit.verbs import RowForm

Do = Callable[[], object]
POINTS = 100
"""A per cent has so many basis points."""


def percent(points: int) -> str:
    """Write basis points as a per cent."""
    return f"{points / POINTS:g}"


class PerCent(Figures):
    """A part in per cent with at most two decimals, as basis points."""

    def value(self) -> int | None:
        """Return basis points; raises ``Refused`` when it cannot be read."""
        text = typed.half_width(self.line.text()).strip().rstrip("%").strip()
        if not text:
            return None
        whole, _point, part = text.partition(".")
        if not whole.isdecimal() or (part and not part.isdecimal()) or len(part) > 2:
            raise Refused(_("Type a per cent such as 15 or 12.5."))
        return int(whole) * POINTS + int(part.ljust(2, "0") or 0)

    def set_value(self, value: Any) -> None:
        """Show basis points as a per cent."""
        super().set_value("" if value in (None, "") else percent(value))


def _commission_fault(points: int) -> str:
    return "" if points <= POINTS * POINTS else _("A commission is from 0 to 100 %.")


class ChannelForm(RowForm):
    """A channel: its names, how it settles, and what it takes."""

    page: Register

    def begin(self, row: ChannelRow | None) -> None:
        """Show a channel, or empty fields for a new one."""
        plans = [(p.id, p.name) for p in self.page.office.ask(rate_queries.plans) if p.active]
        self["plan_id"].set_options([(None, _("None agreed")), *plans])
        names = [name for name in self.form.fields if name != "active"]
        if row is None:
            new = {"settles": "prepaid", "commission": 0, "period": "month", "plan_id": None}
            self.fill(**{**dict.fromkeys(names, ""), **new}, active=True)
        else:
            self.fill(**{name: getattr(row, name) for name in names}, active=row.active)
        self["active"].setVisible(row is not None)


def channel_form(page: Register, do: Do, back: Do) -> ChannelForm:
    """Make the form of a channel."""
    name, english = Text(_("Channel name"), required=True, longest=40), Text(_("English name"), longest=40)
    code = Code(_("Short code"), width=120, required=True, longest=20)
    settles = Choice(_("Settles"), [(code_, _(words)) for code_, words in SETTLES.items()], width=170)
    commission = PerCent(_("Commission %"), width=84, required=True, check=_commission_fault)
    period = Choice(_("Statement every"), [(code_, _(words)) for code_, words in PERIODS.items()], width=130)
    contact, phone = (
        Text(_("Contact"), longest=40, width=130),
        Text(_("Phone"), longest=40, plain=True, width=150),
    )
    plan = Choice(_("Rate plan"), width=180)
    active = Flag(_("Rooms are sold through it"), value=True)
    made = ChannelForm(
        _("Channel"),
        _("Save"),
        do,
        back,
        name,
        english,
        row(code, plan, None),
        row(settles, None),
        row(commission, period, None),
        row(contact, phone, None),
        active,
        name=name,
        name_en=english,
        code=code,
        plan_id=plan,
        settles=settles,
        commission=commission,
        period=period,
        contact=contact,
        phone=phone,
        active=active,
    )
    made.page = page
    return made
