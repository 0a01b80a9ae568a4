"""Debt chasing: whose deposit runs out by which hour, what was said, and the deposit taken with more
nights."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money
from pms.services.chasing import queries, service
from pms.services.chasing.log import begins, managers
from pms.services.chasing.queries import NO_ANSWER, RESULTS, Chased, ChaseRow
from pms.services.chasing.words import brief, reckoned, stands, words
from pms.services.property import queries as property_queries
from pms.services.stays import service as stays
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.flow import sums
from pms.ui.kit.one import One
from pms.ui.kit.parts import col, label, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import CallForm, NoticeForm, TakeForm, allow_form

ALL, LEAVING, NONE, LOG = "all", "leaving", "none", "log"
CALL, NOTICE, TAKE = "call", "notice", "take"
HOUR_LOOK = 5_000
"""Milliseconds between two looks at the clock."""
NOBODY = N_("Nobody is to be chased.")
TONES = {"promised": "expect", "leaves": "expect", "refuses": "bad", "paid": "good", "allowed": "good"}


class ChasingScreen(Register):
    """Opened with ``stay_id`` for a guest of the list."""

    NAME, NEW, CHOOSE = N_("Debt chasing"), "log_call", N_("Choose a guest first.")
    VIEWS = (
        View(ALL, N_("To chase"), NOBODY, "cash"),
        View(LEAVING, N_("Leaving today"), N_("Nobody leaves today."), "check-out"),
        View(NONE, N_("No deposit"), N_("Everybody has a deposit."), "alert"),
        View(LOG, N_("Calls"), N_("Nobody was called today."), "clock", LOG),
    )
    FIND = N_("Find room or guest")
    TOPICS = frozenset({"chasing", "stays", "folios", "members", "business_date", "property"})

    # -------------------------------------------------------------- what is shown
    @cached_property
    def clock(self) -> QTimer:
        """Looks again when an hour of the rows has come: no record tells of it."""
        made = QTimer(self, interval=HOUR_LOOK)
        made.timeout.connect(self._hour_come)
        return made

    def _hour_come(self) -> None:
        ends = (one.lasts.until for one in self.rows.get(ALL, ()))
        agreed = (one.standing.until for one in self.rows.get(ALL, ()) if one.standing is not None)
        hours = (begins(self.house), managers(self.house), *ends, *agreed)
        if any(hour is not None and self.now < hour <= self.office.now() for hour in hours):
            self.mark_stale()

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask who is to be chased, and what was said today."""
        self.now, self.shown_phone = self.office.now(), ("", 0)
        self.clock.start()
        self.house = self.office.ask(property_queries.setting)
        found = self.office.ask(queries.listed, now=self.now)
        return {
            ALL: found,
            LEAVING: [one for one in found if one.leaves],
            NONE: [one for one in found if one.stay.deposit <= 0],
            LOG: self.office.ask(queries.calls, business_date=self.today),
        }

    def answer(self) -> str:
        """Say how many owe, how much is missing, and before its hour when the chasing begins."""
        owing = [one for one in self.rows[ALL] if one.missing]
        total = formats.amount(Money(sum(one.missing for one in owing)), self.digits)
        told = ngettext("%(n)s to chase, %(sum)s missing", "%(n)s to chase, %(sum)s missing", len(owing))
        first = begins(self.house)
        if self.now < first:
            told = _("From %(time)s: %(told)s") % {"time": formats.time(first, self.zone), "told": told}
        return told % {"n": len(owing), "sum": total} if owing else _(NOBODY)

    def columns(self, name: str) -> Sequence[Column]:
        """Say who, until when, what is missing by which hour, and what was said last."""
        return self._said_columns() if name == LOG else self._guest_columns()

    def _guest_columns(self) -> tuple[Column, ...]:
        return (
            Column(N_("Room"), lambda c: c.stay.room, width=64, bold=True),
            Column(N_("Guest"), lambda c: c.stay.listed, bold=True, sub=self._last),
            Column(
                N_("Departure"),
                lambda c: formats.day(c.stay.departure),
                width=88,
                sort=lambda c: c.stay.departure,
                tone=lambda c: "warn" if c.leaves else "",
                icon=lambda c: "check-out" if c.leaves else "",
            ),
            Column(N_("Owed now"), lambda c: c.stay.balance, "money", width=96),
            Column(N_("Deposit"), lambda c: c.stay.deposit or None, "money", width=96),
            Column(
                N_("Used up by"),
                self._by,
                width=88,
                sort=lambda c: c.lasts.until.timestamp() if c.lasts.until else 0,
                tone=self._urgent,
            ),
            Column(N_("Missing"), lambda c: c.missing or None, "money", width=100, bold=True),
        )

    def _said_columns(self) -> tuple[Column, ...]:
        return (
            Column(N_("Time"), lambda r: formats.time(r.at, self.zone), width=64, sort=lambda r: r.at),
            Column(N_("Room"), lambda r: r.room, width=64, bold=True),
            Column(N_("Guest"), lambda r: r.guest, sub=lambda r: r.remark),
            Column(
                N_("Result"),
                lambda r: _(RESULTS[r.result]),
                "badge",
                width=136,
                tone=lambda r: TONES.get(r.result, ""),
            ),
            Column(
                N_("Until"),
                lambda r: formats.day_time(r.until, self.zone),
                width=112,
                sort=lambda r: r.until or r.at,
            ),
            Column(N_("Amount"), lambda r: r.amount or None, "money", width=96),
            Column(N_("By"), lambda r: r.by, width=96),
        )

    def _by(self, c: Chased) -> str:
        if c.lasts.until is None:
            return ""
        return _("now") if c.lasts.spent else formats.time(c.lasts.until, self.zone)

    def _urgent(self, c: Chased) -> str:
        return "bad" if c.lasts.until is not None and c.lasts.until <= self.now else "warn"

    def _last(self, c: Chased) -> str:
        """Say how often the guest was called and how it stands, and who pays where another does."""
        called = ngettext("%(n)s call", "%(n)s calls", c.calls) % {"n": c.calls} if c.calls else ""
        last = brief(c.last, self.now, self.zone) if c.last is not None else ""
        payer = c.stay.payer_words if c.stay.payer != "guest" else ""
        return formats.commas((payer, called, last))

    def facts(self, chosen: Chased | ChaseRow) -> One:
        """Show how the sum comes about, or a line of the log."""
        return self._one_line(chosen) if isinstance(chosen, ChaseRow) else self._one_guest(chosen)

    def _one_line(self, r: ChaseRow) -> One:
        return One(
            f"{r.room} {r.guest}",
            (
                (_("Time"), formats.day_time(r.at, self.zone)),
                (_("Result"), words(r, self.zone, self.digits)),
                (_("By"), r.by),
                (_("Remark"), r.remark),
            ),
            badges=((_(RESULTS[r.result]), TONES.get(r.result, ""), ""),),
        )

    def _one_guest(self, c: Chased) -> One:
        s = c.stay
        return One(
            f"{s.room} {s.listed}",
            (
                (_("Departure"), formats.long_day(s.departure)),
                (_("Payer"), s.payer_words if s.payer != "guest" else ""),
                (_("Phone"), self._phone(c)),
                (_("Said"), stands(c, self.zone, self.digits) if c.standing else ""),
            ),
            badges=self._badges(c),
            more=[self._sums(c), label(self._why(c), "muted", wrap=True)],
        )

    def _sums(self, c: Chased) -> QWidget:
        lines = reckoned(c, self.house)
        over = sum(amount for _what, amount in lines)
        told = (_("Missing"), "bad") if over > 0 else (_("Left of it"), "good")
        shown = [(what, formats.amount(amount, self.digits)) for what, amount in lines]
        return sums("", shown, (told[0], formats.amount(Money(abs(over)), self.digits), told[1]))

    def _badges(self, c: Chased) -> list[tuple[str, str, str]]:
        return [
            (_("Promise is past") if c.broken(self.now) else "", "bad", "alert"),
            (_("Refuses to pay") if c.refuses else "", "bad", "alert"),
            (_("Leaves today") if c.leaves else "", "warn", "check-out"),
            (_("No deposit") if c.stay.deposit <= 0 else "", "warn", "cash"),
        ]

    def _why(self, c: Chased) -> str:
        """Say in words by which hour the deposit is used up, and by which rule."""
        if c.lasts.until is None:
            return _("Deposit and credit last for today.")
        if c.lasts.spent:
            return _("More is owed than deposit and credit cover.")
        told = {"time": formats.day_time(c.lasts.until, self.zone), "rule": c.lasts.rule}
        return (
            _("From %(time)s on a check-out would owe more than deposit and credit cover: %(rule)s.") % told
        )

    def _phone(self, c: Chased) -> str:
        phone, of = self.shown_phone
        if of == c.id:
            return phone
        return "*" * max(len(c.stay.phone) - 2, 0) + c.stay.phone[-2:]

    def whose(self, chosen: Chased | ChaseRow) -> Mapping[str, int]:
        """Let every duty tell what happened to the guest."""
        return {"stay_id": chosen.stay_id if isinstance(chosen, ChaseRow) else chosen.id}

    def picked(self) -> None:
        """Hide a phone that was shown once another guest is in hand."""
        chosen = self._guest()
        if chosen is None or chosen.id != self.shown_phone[1]:
            self.shown_phone = ("", 0)

    def foot(self, name: str) -> QLayout:
        """Call, print, go to the stay; extend and take the deposit."""
        if name == LOG:
            return col(self.button("folio"), gap=8)
        return col(
            row((self.button("log_call"), 1), self.button("no_answer"), gap=8),
            row(self.button("show_phone"), (self.button("print_notice"), 1), gap=8),
            row((self.button("folio"), 1), (self.button("check_out"), 1), gap=8),
            self.button("allow"),
            self.button("take"),
            gap=8,
        )

    def named(self, chosen: Chased | ChaseRow) -> dict[str, str]:
        """Call a guest by the room."""
        return {"room": chosen.room if isinstance(chosen, ChaseRow) else chosen.stay.room}

    def one(self, stay_id: int | None = None, **_what: Any) -> tuple[str, Any] | None:
        """Find the guest that the search or a message asks for; one who is covered is shown all the same."""
        if stay_id is None:
            return None
        known = next((one for one in self.rows[ALL] if one.id == stay_id), None)
        return ALL, known or self.office.ask(queries.chased, stay_id=stay_id, now=self.office.now())

    def _guest(self) -> Chased | None:
        chosen = self.table.row()
        return chosen if isinstance(chosen, Chased) else None

    # -------------------------------------------------------------- what one can do
    def _none(self) -> str:
        return self.in_hand(_(self.CHOOSE), self._guest() is not None, _(self.CHOOSE))

    can_log_call = can_no_answer = can_print_notice = can_show_phone = can_check_out = can_take = _none

    @action(N_("Note result"), key=keys.NEW, operation=service.call, icon="plus")
    def log_call(self) -> None:
        """Open the form of a call."""
        chosen = self._guest()
        assert chosen is not None
        self.call_form.open(chosen)
        self.open_form(self.call_form, CALL)

    @cached_property
    def call_form(self) -> CallForm:
        """The form of a call, made when it is first opened."""
        return self.panel.add_form(CALL, CallForm(self._call, self.close_form))

    def _call(self) -> None:
        form = self.call_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        call = service.call.of(stay_id=form.stay_id, **form.given())
        if self.run(call, intent=form.intent, said=_("%(room)s: the call is noted.") % {"room": form.room}):
            self.show_row()

    @action(N_("No answer"), key="X", operation=service.call)
    def no_answer(self) -> None:
        """Note a call that nobody answered."""
        chosen = self._guest()
        assert chosen is not None
        call = service.call.of(stay_id=chosen.id, result=NO_ANSWER)
        self.run(call, said=_("%(room)s did not answer: noted.") % {"room": chosen.stay.room})

    @action(N_("Print notice"), key=keys.PRINT, operation=service.notify, icon="printer")
    def print_notice(self) -> None:
        """Open the form that asks for whom, and on which paper."""
        chosen = self._guest()
        assert chosen is not None
        self.notice_form.open(chosen, [one.id for one in self.rows[ALL] if one.missing])
        self.open_form(self.notice_form, NOTICE)

    @cached_property
    def notice_form(self) -> NoticeForm:
        """The form of the notice, made when it is first opened."""
        return self.panel.add_form(NOTICE, NoticeForm(self._notify, self.close_form))

    def _notify(self) -> None:
        form = self.notice_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        done = self.run(service.notify.of(**form.given()), intent=form.intent)
        if done:
            self.show_row()
            n = done.value
            self.notes.good(
                ngettext("%(n)s notice is printing.", "%(n)s notices are printing.", n) % {"n": n}
            )

    @action(N_("Show phone"), operation=service.show_phone)
    def show_phone(self) -> None:
        """Show the guest's number until another guest is in hand; who looked is recorded."""
        chosen = self._guest()
        assert chosen is not None
        if (shown := self.run(service.show_phone.of(stay_id=chosen.id))) is not None:
            self.shown_phone = (str(shown.value), chosen.id)
            self._show_one()

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Go to the guest's folio."""
        self.go("folios", **self.whose(self.table.row()))

    def can_folio(self) -> str:
        """Say why not."""
        return self.in_hand(_(self.CHOOSE))

    @action(N_("Check out"), key=keys.CHECK_OUT, operation=stays.check_out, icon="check-out")
    def check_out(self) -> None:
        """Go on to the check-out."""
        chosen = self._guest()
        assert chosen is not None
        self.go("check_out", stay_id=chosen.id)

    def _not_short(self) -> str:
        chosen = self._guest()
        return self.in_hand(
            _(self.CHOOSE),
            chosen is not None and chosen.missing > 0,
            _("Nothing is missing."),
        )

    allow = Verb(
        N_("Allow credit"),
        operation=service.allow,
        of=lambda c: {"stay_id": c.id},
        can=_not_short,
        form=allow_form,
        said=N_("%(room)s: the credit is allowed."),
    )

    @action(
        N_("Take deposit, extend"),
        key=keys.PRIMARY,
        operation=service.extend_and_take,
        icon="cash",
        kind="primary",
    )
    def take(self) -> None:
        """Open the form that takes the deposit, with more nights or none."""
        chosen = self._guest()
        assert chosen is not None
        self.take_form.open(chosen, self.house.options)
        self.open_form(self.take_form, TAKE)

    @cached_property
    def take_form(self) -> TakeForm:
        """The form of the deposit, made when it is first opened."""
        return self.panel.add_form(TAKE, TakeForm(self.office, self.digits, self._take, self.close_form))

    def _take(self) -> None:
        form = self.take_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        said = form.said()
        if self.run(service.extend_and_take.of(**form.given()), intent=form.intent, said=said):
            self.show_row()
