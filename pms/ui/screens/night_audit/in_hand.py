"""What is done with the findings in hand: approve, query, clear, compare with the paper."""

from collections.abc import Sequence
from typing import Any

from pms.core.i18n import N_, _
from pms.services.night_audit import service
from pms.ui.kit import keys
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen

from . import signs
from .grouped import Findings
from .lookout import Lookout
from .panes import FindingPane
from .stage import Item


class InHand(Screen):
    """The audit's page as far as it is about the findings that are chosen in the list, one or many."""

    list: Findings
    lookout: Lookout
    finding: FindingPane

    _held: tuple[Item, ...] = ()

    def chosen(self) -> tuple[Item, ...]:
        """Return the findings in hand, from top to bottom; every button asks for them at every key."""
        return self._held

    def _only(self) -> Item | None:
        """Return the finding in hand where it is the only one."""
        chosen = self.chosen()
        return chosen[0] if len(chosen) == 1 else None

    def _show_chosen(self) -> None:
        """Show the findings in hand; what was typed about others is theirs no more."""
        rows = self.list.selected() or [self.list.row()]  # the keys may stand on a kind's head
        chosen = self._held = tuple(row for row in rows if isinstance(row, Item))
        if [i.finding.key for i in chosen] != self.finding.about:
            self.finding.remark.set_value("")
            self.finding.signs.clear()
            self.finding.asked = ""
        self.finding.show(chosen)
        self.finding.say_why(self.can_approve())
        self.update_actions()

    # -------------------------------------------------------------- which
    @action(N_("Choose the kind"), key="Ctrl+A", icon="check")
    def choose_kind(self) -> None:
        """Take in hand what may be approved of the kind; pressed again, everything of the kind."""
        item: Item = self.list.row()
        self.take_kind(item.finding.kind)

    def take_kind(self, word: str) -> None:
        """Take in hand what may be approved of a kind; where that is in hand already, everything of it."""
        kind = self.lookout.of_kind(word)
        open_ = [i for i in kind if not i.state and not self.lookout.why_not_approve((i,))]
        wanted = kind if not open_ or set(open_) <= set(self.chosen()) else open_
        self.list.pick_all([i.finding.key for i in wanted])
        self.list.setFocus()

    def can_choose_kind(self) -> str:
        """Say why not."""
        return "" if self.list.row() is not None else _("Choose a finding first.")

    # -------------------------------------------------------------- clear it
    @action(N_("Clear the finding"), key="C", icon="chevron-right")
    def clear(self) -> None:
        """Go where the finding is cleared."""
        remedy = self.list.row().finding.remedy
        if remedy.page == "night_audit":
            self.open(**remedy.what)
        else:
            self.go(remedy.page, **remedy.what)

    def can_clear(self) -> str:
        """Say why not."""
        return "" if self._only() is not None else _("Choose one finding first.")

    @action(N_("Extend"), key=keys.EXTEND, icon="calendar")
    def extend(self) -> None:
        """Extend the stay that was to leave."""
        self.go("extend", stay_id=self.list.row().finding.stay_id)

    def can_extend(self) -> str:
        """Say why not."""
        return self._stay_missing()

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Look at the stay's folio."""
        self.go("folios", stay_id=self.list.row().finding.stay_id)

    def can_folio(self) -> str:
        """Say why not."""
        return self._stay_missing()

    def _stay_missing(self) -> str:
        item = self._only()
        return (
            ""
            if item is not None and item.finding.stay_id is not None
            else _("Choose a finding of a guest in house first.")
        )

    # -------------------------------------------------------------- last night's paper
    @action(N_("Compare"), operation=service.compare_signs, icon="shield")
    def compare(self) -> None:
        """Hold the trail against the signs that are typed from last night's paper."""
        typed = self.finding.signs.typed()
        if not typed or self.lookout.night is None:
            return
        done = self.run(service.compare_signs.of(business_date=self.lookout.day(), signs=typed))
        if not done:
            self.finding.signs.ask()
        elif done.value:
            self.notes.good(_("The audit trail is the one on the paper."))
            self._next_unmarked([self.list.row().finding.key])
        else:
            self.refuse(
                _(
                    "The trail has another check code. Read the paper again. If it is typed right: keep "
                    "the paper, call the owner, run “pms verify”. The audit continues."
                )
            )
            self.lookout.look(self.ask_signs)

    def can_compare(self) -> str:
        """Say why not."""
        item = self._only()
        asked = item is not None and item.finding.kind == signs.KIND
        return "" if asked else _("No check code is asked for tonight.")

    def ask_signs(self) -> None:
        """Take the signs of last night's paper in hand, where the auditor is asked for them."""
        if asked := self.lookout.paper():
            self.list.pick(asked)
            self.finding.signs.ask()

    # -------------------------------------------------------------- decide
    @action(N_("Approve it"), key="A", operation=service.mark, icon="check", each=True)
    def approve(self) -> None:
        """Approve the findings in hand with the remark."""
        self._mark("approved")

    def can_approve(self) -> str:
        """Say why not."""
        return self.lookout.why_not_approve(self.chosen())

    @action(N_("Query"), key="Q", operation=service.mark, icon="help", each=True)
    def query(self) -> None:
        """Query the findings in hand with the remark."""
        self._mark("queried")

    def can_query(self) -> str:
        """Say why not."""
        return self.lookout.why_not_mark(self.chosen())

    def decide(self) -> None:
        """Do what was asked for before its remark was typed."""
        if self.finding.asked:
            self.acts[{"approved": "approve", "queried": "query"}[self.finding.asked]].press()

    def _mark(self, state: str) -> None:
        found = [item.finding.key for item in self.chosen()]
        remark = self.finding.typed(state)
        if not remark:
            return
        what: dict[str, Any] = {"business_date": self.lookout.day(), "state": state, "remark": remark}
        done = (
            self.run(service.mark.of(finding=found[0], **what))
            if len(found) == 1
            else self.run(service.mark_all.of(findings=found, **what))
        )
        if done:
            self.finding.remark.set_value("")
            self._next_unmarked(found)

    def _next_unmarked(self, marked: Sequence[str]) -> None:
        if left := self.lookout.next_unmarked(marked):
            self.list.pick(left)
        self.list.setFocus()
