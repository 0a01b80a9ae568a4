"""Hold an amount on a guest's card, top it up, complete it into a payment, release it."""

from datetime import date

from sqlalchemy import select

from pms.core import dates, offers
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.folios import holding, holds, kinds, ledger
from pms.services.folios.models import Preauth, PreauthMove
from pms.services.folios.odd import ask_if_odd
from pms.services.stays.models import Stay


@operation(Permission.PREAUTH)
def take(
    work: Work,
    *,
    stay_id: int,
    method: str,
    amount: Money,
    code: str,
    last_four: str = "",
    trace: str = "",
    valid_until: date | None = None,
) -> int:
    """Write down what the terminal holds for a guest in house, print the slip that the guest signs, and
    return its number. ``code`` is the authorisation code (a wallet: the number of its order), ``trace`` the
    terminal, batch and trace as they are printed; valid by the house's rule unless a day is given."""
    _in_house(work, stay_id)
    if amount > 0:
        ask_if_odd(work, amount)
    wanted = holding.Hold(method, amount, code, last_four, trace, valid_until)
    return holding.take(work, stay_id, wanted)


def _in_house(work: Work, stay_id: int) -> None:
    if work.ask_up(offers.open_stay, stay_id=stay_id) is None:  # held: the guest does not leave meanwhile
        raise Refused(_("An amount is held for guests in house only. Choose the room again."))


@operation(Permission.PREAUTH)
def top_up(work: Work, *, number: int, amount: Money, code: str = "", valid_until: date | None = None) -> int:
    """Note that more is held under a pre-authorisation, print the slip, and return what is held now;
    ``code`` where the terminal gave another, ``valid_until`` where it is valid longer now."""
    one = holds.held(work, number)
    if amount <= 0:
        raise Refused(_("The amount held is more than 0."))
    ask_if_odd(work, amount)
    kind = kinds.known(work, one.kind)
    one.held, one.open = Money(one.held + amount), Money(one.open + amount)
    if valid_until is not None:
        one.valid_until = holding.until(work, valid_until)
    one.steps += 1
    holds.step(work, one, holds.TOPPED, amount, code=holding.code_of(kind, code) if code.strip() else "")
    holding.print_slip(work, one, amount)
    return one.open


@operation(Permission.PREAUTH, money=True)
def capture(
    work: Work, *, number: int, amount: Money, window: str = "A", reference: str = "", seen: int | None = None
) -> None:
    """Complete a pre-authorisation: take ``amount`` of it as a payment on the guest's folio and release the
    rest. Of a guest who has left, it pays what was left unsettled, at most that.

    ``seen`` is how much the clerk saw held: when another desk was faster, nothing is taken.
    """
    stay_id = _stay_of(work, number)
    stay = work.session.get_one(Stay, stay_id, with_for_update=True, populate_existing=True)
    account = ledger.folio(work, stay_id, window) if stay.state == "in_house" else _owing(work, stay, amount)
    one = holds.held(work, number)
    if seen is not None and seen != one.open:
        raise Conflict(
            _("Of %(number)s %(open)s is held now. Look again.")
            % {"number": holds.shown(number), "open": show(one.open, work.setting.digits)}
        )
    holds.capture(work, stay_id, [holds.Capture(number, account, amount, reference)])


def _stay_of(work: Work, number: int) -> int:
    found = work.session.scalars(select(Preauth.stay_id).where(Preauth.number == number)).first()
    if found is None:
        raise Refused(
            _("There is no pre-authorisation %(number)s. Look at the slip.") % {"number": holds.shown(number)}
        )
    return found


def _owing(work: Work, stay: Stay, amount: int) -> int:
    """Return the account of what a guest who has left still owes; refuses more than that."""
    account = ledger.receivable(work, stay.id, stay.guest_name)
    owed, digits = ledger.balance(work, account), work.setting.digits
    if amount > owed:
        raise Refused(_("Stay %(number)s owes %(sum)s.") % {"number": stay.number, "sum": show(owed, digits)})
    work.touch("receivables")
    return account


@operation(Permission.PREAUTH)
def release(work: Work, *, number: int, reason: str = "", seen: int | None = None) -> None:
    """Let go of all that a pre-authorisation holds; nothing is charged. ``seen`` as in ``capture``."""
    one = holds.held(work, number)
    if seen is not None and seen != one.open:
        raise Conflict(
            _("Of %(number)s %(open)s is held now. Look again.")
            % {"number": holds.shown(number), "open": show(one.open, work.setting.digits)}
        )
    holds.release(work, one, reason.strip())


@operation(Permission.PREAUTH, money=True)
def take_back(work: Work, *, number: int, reason: str) -> int:
    """Undo a completion of today, once the terminal has undone it: the payment is reversed, and the amount is
    held again. Returns what is held."""
    stay_id = _stay_of(work, number)
    here = work.ask_up(offers.open_stay, stay_id=stay_id) is not None
    ledger.lock(work, stay_id)
    one = work.session.scalars(
        select(Preauth)
        .where(Preauth.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if not reason.strip():
        raise Refused(_("Say why the completion is undone."))
    if not one.captured:
        raise Conflict(_("%(number)s is not completed.") % {"number": holds.shown(number)})
    _of_today(work, one)
    if not here and not holds.paid_later(work, one):
        raise Refused(_("The guest has left. Undo the check-out: what it completed is held again."))
    return holds.take_back(work, one, reason.strip())


def _of_today(work: Work, one: Preauth) -> None:
    """Refuse a completion of another day: a terminal undoes only what it did today."""
    m = PreauthMove
    last = select(m.business_date).where(m.preauth_id == one.id, m.step == one.steps)
    day = work.session.execute(last).scalar_one()
    if day != work.business_date:
        raise Refused(
            _("%(number)s was completed on %(day)s. Give the money back as a refund.")
            % {"number": holds.shown(one.number), "day": dates.day(day, year=True)}
        )
