"""The routing rules of a stay in the side panel, and the form that agrees one."""

from collections.abc import Mapping

from pms.core.i18n import N_, _
from pms.core.money import show
from pms.services.folios import queries, rules
from pms.services.folios.printouts import code_name
from pms.services.folios.rules import RuleRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Day
from pms.ui.kit.empty import Empty
from pms.ui.kit.forms import Choice
from pms.ui.kit.parts import box, col, label, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .forms import Facts, FolioDesk, FolioForm, elsewhere

NOT_ROUTED = ("ADJUST", "NOSHOW", "TAX", "SERVICE")


def charge_words(code: str) -> str:
    """Name what a rule is about."""
    return code_name(code) if code else _("Every charge")


def _days_of(rule: RuleRow) -> str:
    """Say on which days a rule counts."""
    if rule.ended:
        return _("ended")
    if rule.start and rule.end:
        return f"{formats.day(rule.start)} – {formats.day(rule.end)}"
    if rule.start:
        return _("from %(day)s") % {"day": formats.day(rule.start)}
    return _("up to %(day)s") % {"day": formats.day(rule.end)} if rule.end else _("the whole stay")


class RoutingPage:
    """The page's body: the list of rules; its buttons belong to the screen's actions."""

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.rooms: Mapping[int, str] = {}
        self.stay_id = 0
        self.table = Table(
            (
                Column(N_("Transaction code"), lambda r: charge_words(r.code), sub=self._days, bold=True),
                Column(N_("To folio"), self._to, sub=self._sums, width=150),
            ),
            strike=lambda r: r.ended,
        )
        self.table.set_empty(Empty("room-change", _("Every charge stands on the guest's own folio.")))
        self.table.setMinimumHeight(220)
        self.table.setAccessibleName(_("Routing rules"))
        told = label(
            _("What is charged to folio A goes by these rules, at the desk and in the night audit."),
            "muted",
            wrap=True,
        )
        self.body = box(col(label(_("Routing"), "title"), (self.table, 1), told, gap=12))

    def _days(self, rule: RuleRow) -> str:
        return _("Rule %(n)s, %(days)s") % {"n": rule.id, "days": _days_of(rule)}

    def _to(self, rule: RuleRow) -> str:
        room = "" if rule.to_stay == self.stay_id else self.rooms.get(rule.to_stay, _("Left"))
        return " ".join(filter(None, (room, rule.window, rule.payer)))

    def _sums(self, rule: RuleRow) -> str:
        used = show(rule.used, self.digits)
        if rule.most is None:
            return used
        return _("%(used)s of %(most)s") % {"used": used, "most": show(rule.most, self.digits)}

    def show_rules(self, stay_id: int, found: list[RuleRow], rooms: Mapping[int, str]) -> None:
        """Show the rules of a stay; ``rooms`` are those of everybody in house, by stay."""
        self.stay_id, self.rooms = stay_id, rooms
        self.table.show_rows(found)
        if found and self.table.row() is None:
            self.table.pick(found[0].id)

    def rule(self) -> RuleRow | None:
        """Return the rule in hand."""
        found: RuleRow | None = self.table.row()
        return found


class RuleForm(FolioForm):
    """Agree a rule: which charge, to which folio, on which days, up to which sum."""

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        offered = [c for c in desk.office.ask(queries.taxable) if c.code not in NOT_ROUTED]
        codes = [("", _("Every charge")), *((c.code, code_name(c.code)) for c in offered)]
        code, to = Choice(_("Transaction code"), codes), Choice(_("To folio"), required=True)
        today = desk.office.house().business_date
        start, end = Day(_("Starts on"), today=today), Day(_("Ends on"), today=today)
        most = Amount(_("Up to"), digits=digits)
        super().__init__(
            desk,
            _("Add a routing rule"),
            _("Add"),
            code,
            to,
            row(start, end, None, gap=8),
            most,
            icon="plus",
            code=code,
            to=to,
            start=start,
            end=end,
            most=most,
        )

    def prepare(self, facts: Facts) -> None:
        """Offer the stay's other folios, the company that booked, then everybody in house."""
        offered: list[tuple[tuple[int, str, str], str]] = [
            ((stay_id, window, ""), words)
            for (stay_id, window), words in elsewhere(self.desk, facts, None)
            if (stay_id, window) != (facts.stay.stay_id, "A")
        ]
        company = facts.stay.company
        if company and company not in {f.name for f in facts.folios() if not f.closed}:
            new = _("New folio for %(company)s") % {"company": company}
            offered.insert(0, ((facts.stay.stay_id, "A", company), new))
        self["to"].set_options(offered)
        self.fill(code="ROOM", to=offered[0][0] if offered else None, start=None, end=None, most=None)
        for day in (self["start"], self["end"]):
            day.turn(self.desk.office.house().business_date)
        self.say(_("Without days it counts for the whole stay; without a sum there is no limit."))

    def submit(self) -> None:
        """Agree it."""
        if not self.complete():
            return
        stay_id, window, payer = self["to"].value()
        self.send(
            rules.add_rule.of(
                stay_id=self.desk.facts().stay.stay_id,
                code=self["code"].value(),
                to_stay_id=stay_id,
                to_window=window,
                payer=payer,
                start=self["start"].value(),
                end=self["end"].value(),
                most=self["most"].value(),
            ),
            _("%(charge)s goes by the rule from now on.") % {"charge": charge_words(self["code"].value())},
        )
