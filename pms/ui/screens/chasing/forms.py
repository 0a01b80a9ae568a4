"""The forms of debt chasing: a call, a notice, credit allowed, and the deposit with more nights."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from pms.core.errors import Refused
from pms.core.i18n import _, ngettext
from pms.core.known import known
from pms.core.money import Money, show
from pms.core.office import Office
from pms.core.options import Options
from pms.services.chasing.queries import CALLS, PROMISED, TIMED, Chased
from pms.services.stays import queries as stays
from pms.services.stays import vacancy
from pms.services.stays.service import Paid
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.flow import FormPage, Pick, sums
from pms.ui.kit.forms import Text
from pms.ui.kit.messages import note
from pms.ui.kit.method import Method
from pms.ui.kit.parts import box, col, empty_out, row
from pms.ui.kit.register import Register
from pms.ui.kit.times import Time
from pms.ui.kit.verbs import RowForm

Do = Callable[[], object]
DAY = timedelta(days=1)
SLIP, SHEET = "slip", "sheet"
ONE, ALL = "one", "all"


class CallForm(FormPage):
    """How a call ended, until when the guest promised, and what was said."""

    def __init__(self, do: Do, back: Do) -> None:
        self.stay_id, self.room = 0, ""
        result = Pick(_("Result"), [(word, _(told)) for word, told in CALLS.items()])
        time, remark = Time(_("Until, today")), Text(_("Remark"), longest=120)
        super().__init__(
            _("Note result"),
            _("Note the call"),
            do,
            back,
            result,
            row(time, None),
            remark,
            icon="check",
            result=result,
            time=time,
            remark=remark,
        )
        result.changed.connect(self._turn)

    def open(self, chosen: Chased) -> None:
        """Begin with a promise, which is what a call is for."""
        self.stay_id, self.room = chosen.id, chosen.stay.room
        self.say(f"{chosen.stay.room} {chosen.stay.listed}")
        self.fill(result=PROMISED, time="", remark="")
        self._turn()

    def _turn(self) -> None:
        timed = self["result"].value() in TIMED
        self["time"].required = timed
        self["time"].setVisible(timed)

    def given(self) -> dict[str, Any]:
        """Return what the operation takes beside the guest."""
        given = self.form.values()
        return given if given["result"] in TIMED else {**given, "time": ""}


class NoticeForm(FormPage):
    """Whom the notice is for, on which paper, and until when it is to be paid."""

    def __init__(self, do: Do, back: Do) -> None:
        self.stay_id = 0
        self.everybody: Sequence[int] = ()
        whom = Pick(_("Notice for"), [(ONE, _("This guest")), (ALL, _("Everybody"))])
        paper = Pick(_("Print on"), [(SLIP, _("Slip")), (SHEET, _("Sheet, A5"))])
        time = Time(_("Pay until, empty: the hour of each"), required=False)
        super().__init__(
            _("Debt notice"),
            _("Print"),
            do,
            back,
            whom,
            paper,
            row(time, None),
            icon="printer",
            whom=whom,
            paper=paper,
            time=time,
        )

    def open(self, chosen: Chased, everybody: Sequence[int]) -> None:
        """Begin with the guest in hand."""
        self.stay_id, self.everybody = chosen.id, everybody
        self.say(f"{chosen.stay.room} {chosen.stay.listed}")
        words = _("Everybody of whom money is missing: %(n)s") % {"n": len(everybody)}
        self["whom"].set_options([(ONE, _("This guest")), (ALL, words)])
        self.fill(whom=ONE, paper=self["paper"].value(), time="")

    def given(self) -> dict[str, Any]:
        """Return what the operation takes."""
        given = self.form.values()
        stays_ = tuple(self.everybody) if given["whom"] == ALL else (self.stay_id,)
        return {"stay_ids": stays_, "time": given["time"], "sheet": given["paper"] == SHEET}


class AllowForm(RowForm):
    """Why a guest may stay on without paying, and until when."""

    def begin(self, row: Chased) -> None:
        """Begin with nothing said."""
        self.say(f"{row.stay.room} {row.stay.listed}")
        self.fill(reason="", time="")


def allow_form(_page: Register, do: Do, back: Do) -> AllowForm:
    """Make the form of credit that is allowed."""
    reason = Text(_("Reason"), required=True, longest=120)
    time = Time(_("Until, empty: until tomorrow's chasing"), required=False)
    return AllowForm(
        _("Allow credit"), _("Allow credit"), do, back, reason, row(time, None), reason=reason, time=time
    )


class TakeForm(FormPage):
    """How many nights more, and what is taken; what to ask for is reckoned, what is taken is typed."""

    def __init__(self, office: Office, digits: int, do: Do, back: Do) -> None:
        self.office, self.digits = office, digits
        self.chosen: Chased | None = None
        self.options = Options()
        nights = Number(_("More nights"), value=0, least=0, most=365, required=True)
        amount, method = Amount(_("Deposit taken"), digits=digits, required=True), Method(office)
        self.told = col(gap=12)
        super().__init__(
            _("Take deposit, extend"),
            _("Take the deposit"),
            do,
            back,
            row(nights, amount, None),
            box(self.told),
            method,
            icon="cash",
            amount=amount,
            nights=nights,
            method=method,
        )
        nights.changed.connect(self._reckon)

    def open(self, chosen: Chased, options: Options) -> None:
        """Propose one night more to who leaves today."""
        self.chosen, self.options = chosen, options
        self.say(f"{chosen.stay.room} {chosen.stay.listed}")
        self["method"].look()
        self.fill(nights=1 if chosen.leaves else 0, amount=None, method="CASH")
        self._reckon()

    def _nights(self) -> int:
        try:
            return self["nights"].value() or 0
        except Refused:
            return 0

    def departure(self) -> date:
        """Return the new day of departure."""
        stay = known(self.chosen).stay
        first = max(stay.departure, self.office.house().business_date) if self._nights() else stay.departure
        return first + DAY * self._nights()

    def _reckon(self) -> None:
        """Say what is owed and to come, and the deposit that it asks for."""
        stay, day = known(self.chosen).stay, self.departure()
        more, price, trouble = (day - stay.departure).days, 0, ""
        if more:
            price, trouble = self._price(stay.stay_id, day)
        cover = self.office.ask(
            stays.cover, stay_id=stay.stay_id, business_date=self.office.house().business_date
        )
        missing = cover.missing(self.options, price, more)
        lines = [(_("Owed now and nights to come"), show(cover.owed + cover.to_come, self.digits))]
        if more:
            words = ngettext("%(n)s night, until %(day)s", "%(n)s nights, until %(day)s", more)
            lines.append((words % {"n": more, "day": formats.long_day(day)}, show(price, self.digits)))
        lines.append((_("Deposit held"), show(cover.held, self.digits)))
        empty_out(self.told)
        answer = (
            (_("Deposit to ask for"), show(missing, self.digits), "warn")
            if missing
            else (_("The deposit covers it"), "", "good")
        )
        self.told.addWidget(sums("", lines, answer))
        if trouble:
            self.told.addWidget(note("bad", trouble))
        self.button.say(_("Extend and take") if more else _("Take the deposit"))

    def _price(self, stay_id: int, day: date) -> tuple[int, str]:
        """Return what the new nights cost, and why the room is not free for them."""
        try:
            nights = self.office.ask(vacancy.more_nights, stay_id=stay_id, departure=day)
        except Refused as refusal:
            return 0, str(refusal)
        taken = self.office.ask(vacancy.in_the_way, stay_id=stay_id, departure=day)[:1]
        words = _("%(room)s is not available on %(night)s: %(who)s.")
        room = known(self.chosen).stay.room
        trouble = [words % {"room": room, "night": formats.long_day(n), "who": who} for n, who in taken]
        return sum(n.price for n in nights), "".join(trouble)

    def given(self) -> dict[str, Any]:
        """Return what the operation takes."""
        chosen = known(self.chosen)
        paid = Paid(
            known(self["method"].value()),
            Money(known(self["amount"].value())),
            reference=self["method"].reference(),
        )
        day = self.departure() if self._nights() else None
        return {"stay_id": chosen.id, "deposit": paid, "departure": day, "seen": chosen.stay.deposit}

    def said(self) -> str:
        """Return what is done, to be said on the page."""
        room, more = known(self.chosen).stay.room, self._nights()
        told = {
            "room": room,
            "sum": formats.amount(self["amount"].value(), self.digits),
            "day": formats.long_day(self.departure()),
        }
        if more:
            return _("%(room)s is extended to %(day)s, %(sum)s taken; the slip is printing.") % told
        return _("%(room)s: %(sum)s taken; the slip is printing.") % told
