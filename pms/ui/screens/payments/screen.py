"""Kinds of payment: which the desk offers, in which order and under which name."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.services.folios.kinds import BACK_WORDS, COUNTED_WORDS, NAMES, NEVER_HELD, NUMBER_WORDS, Way
from pms.services.payments import queries, service
from pms.ui.kit import keys
from pms.ui.kit.amounts import Number
from pms.ui.kit.forms import Choice, Flag, Text
from pms.ui.kit.one import One
from pms.ui.kit.parts import col
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Do, RowForm, Verb


class KindForm(RowForm):
    """A kind's names, place, number and way back."""

    def begin(self, row: Way) -> None:
        """Show the kind; names are empty where the usual one stands."""
        self.title.setText(row.words)
        self.fill(
            name=row.name,
            name_zh=row.name_zh,
            position=row.position,
            number=row.number,
            refunds=row.back,
            offered=row.offered,
            drawer=row.drawer,
            holds=row.holds,
        )
        usual = _(NAMES.get(row.code, row.code))
        self["holds"].setVisible(row.code not in NEVER_HELD)
        self.say(_("Where no name is typed it is called %(name)s.") % {"name": usual})


def kind_form(_screen: Any, do: Do, back: Do) -> KindForm:
    """Make the form of a kind."""
    name, name_zh = Text(_("Name in English"), longest=40), Text(_("Name in Chinese"), longest=20)
    return KindForm(
        _("Kinds of payment"),
        _("Save"),
        do,
        back,
        icon="check",
        offered=Flag(_("Offered at the desk")),
        position=Number(_("Order"), least=0, most=service.MOST, required=True),
        name=name,
        name_zh=name_zh,
        number=Choice(_("Transaction number"), [(code, _(words)) for code, words in NUMBER_WORDS.items()]),
        refunds=Choice(_("Goes back"), [(code, _(words)) for code, words in BACK_WORDS.items()]),
        drawer=Flag(_("Opens the drawer")),
        holds=Flag(_("An amount may be held (pre-authorisation)")),
    )


class PaymentsScreen(Register):
    """What the desk offers, and what it does not."""

    NAME, CHOSEN = N_("Kinds of payment"), "change"
    VIEWS = (
        View("offered", N_("Offered"), N_("The desk takes cash only."), "cash"),
        View("off", N_("Not offered"), N_("Every kind is offered."), "fold"),
    )
    CHOOSE = N_("Choose a kind of payment first.")
    TOPICS = frozenset({"payments", "folios", "property"})

    def lists(self) -> Mapping[str, Sequence[Way]]:
        """Ask for all kinds."""
        found = self.office.ask(queries.listed)
        return {"offered": [k for k in found if k.offered], "off": [k for k in found if not k.offered]}

    def answer(self) -> str:
        """Say how many the desk offers."""
        n = len(self.rows["offered"])
        return ngettext("%(n)s kind of payment offered", "%(n)s kinds of payment offered", n) % {"n": n}

    def columns(self, _list: str) -> Sequence[Column]:
        """Say what each asks for and how it goes back."""
        return (
            Column(N_("Order"), lambda k: str(k.position), "number", width=72, sort=lambda k: k.position),
            Column(N_("Kind"), lambda k: k.words, bold=True),
            Column(N_("Transaction number"), lambda k: _(NUMBER_WORDS[k.number]), width=200),
            Column(N_("Goes back"), lambda k: _(BACK_WORDS[k.back]), width=200),
            Column(N_("In the shift"), lambda k: _(COUNTED_WORDS[k.counted]), width=160),
        )

    def key(self, row: Way) -> str:
        """Know a kind by its code."""
        return row.code

    def named(self, row: Way) -> dict[str, str]:
        """Call a kind by its name."""
        return {"kind": row.words}

    def facts(self, row: Way) -> One:
        """Say everything of a kind."""
        return One(
            row.words,
            (
                (_("Offered at the desk"), _("Yes") if row.offered else _("No")),
                (_("Transaction number"), _(NUMBER_WORDS[row.number])),
                (_("Goes back"), _(BACK_WORDS[row.back])),
                (_("Opens the drawer"), _("Yes") if row.drawer else _("No")),
                (_("Pre-authorisation"), _("Yes") if row.holds else _("No")),
                (_("In the shift"), _(COUNTED_WORDS[row.counted])),
            ),
        )

    def foot(self, _list: str) -> QLayout:
        """Put the change below."""
        return col(None, self.button("change"), gap=8)

    def _chosen(self) -> str:
        return self.in_hand(_(self.CHOOSE), self.table.row() is not None, "")

    change = Verb(
        N_("Change"),
        key=keys.CHANGE,
        operation=service.change,
        of=lambda kind: {"code": kind.code},
        can=_chosen,
        form=kind_form,
        said=N_("%(kind)s is changed."),
    )
