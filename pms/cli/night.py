"""The night audit on the command line: by the machine, or in the name of a person who gives the password."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from pms.cli.desk import BLOCKED, DONE, PARTLY, Desk, failed, say
from pms.core import money
from pms.core.errors import Refused
from pms.core.i18n import _, ngettext

if TYPE_CHECKING:
    from pms.db.office import DatabaseOffice
    from pms.services.night_audit.checks import Finding


def audit(desk: Desk) -> int:
    """Close the business date that is over, several only by a person's word; ``--auto``: as a clock does it,
    which is not believed blindly. The machine closes what nobody's name stands for; that several days wait
    is a person's word."""
    from pms.services.night_audit import hours

    by_person = desk.args.login or desk.args.days or desk.args.signs
    office = desk.person(_("Night audit")) if by_person else desk.machine()
    if desk.args.rehearse:
        return _rehearse(desk, office)
    troubles = _finish(office)  # what an earlier night left: a full disk, say
    if desk.args.auto and (doubt := office.look(hours.why_not_alone, now=office.now())):
        return _left_to_a_person(office, [doubt])
    day = office.house().business_date
    _opens, waiting = office.look(hours.opening, business_date=day, now=office.now())
    if desk.args.auto and not waiting:
        say(_("%(day)s is not over yet. Nothing is to be closed.") % {"day": day})
        return _with(troubles)
    _must_agree(desk.args.days, waiting, office.look(hours.several, now=office.now()))
    for n in range(desk.args.days or 1):
        if stopped := _close_day(desk, office):
            for sentence in stopped if not desk.args.auto else ():
                failed(sentence)
            left = _left_to_a_person(office, stopped) if desk.args.auto else BLOCKED
            return PARTLY if n else left
        troubles = _finish(office)
    return _with(troubles)


def _must_agree(said: int | None, waiting: int, several: str) -> None:
    """Refuse where the clock and the person count another number of days."""
    if said is None and several:
        raise Refused(several)
    if said not in (None, waiting):
        raise Refused(
            ngettext(
                "%(n)s day waits to be closed, not %(said)s. Check this computer's clock.",
                "%(n)s days wait to be closed, not %(said)s. Check this computer's clock.",
                waiting,
            )
            % {"n": waiting, "said": said}
        )


def _with(troubles: Sequence[str]) -> int:
    """Name what could not be done and return the exit code."""
    for trouble in troubles:
        failed(trouble)
    return PARTLY if troubles else DONE


def _left_to_a_person(office: "DatabaseOffice", reasons: Sequence[str]) -> int:
    """Say why the day stays open, here and in the handover book, once for each business date: nobody reads at
    night what a command says."""
    from pms.services.messages import queries, service

    head = _("%(day)s was not closed by the clock:") % {"day": office.house().business_date}
    for reason in reasons:
        failed(reason)
    if not any(entry.text.startswith(head) for entry in office.look(queries.still_open)):
        text = f"{head} {' '.join(reasons)}"[: service.LONGEST]
        office.do(service.write.of(text=text), intent=office.new_intent())
    return BLOCKED


def _findings(desk: Desk, office: "DatabaseOffice", day: date) -> "list[Finding]":
    from pms.services.night_audit import checks, queries

    found = office.look(queries.findings, business_date=day, checks=checks.listed(desk.offers))
    for one in found:
        say(f"{'!' if one.blocking else '-'} {one.title}  {one.detail}")
    return found


def _rehearse(desk: Desk, office: "DatabaseOffice") -> int:
    from pms.services.night_audit import queries

    day, digits = office.house().business_date, office.house().digits
    _findings(desk, office, day)
    charges = office.look(queries.rehearsal, business_date=day)
    for c in charges:
        say(f"  {c.room:<6} {c.guest:<20} {money.show(c.amount, digits):>12}  {c.rule}")
    say(
        _("%(day)s would post %(count)s charges, %(total)s in all. Nothing was changed.")
        % {"day": day, "count": len(charges), "total": money.show(sum(c.owed for c in charges), digits)}
    )
    return DONE


def _close_day(desk: Desk, office: "DatabaseOffice") -> list[str]:
    """Close the business date and return nothing, or the sentences that say why it stays open; the begun
    audit waits on the screen then."""
    from pms.services.night_audit import hours, queries, service

    day, word = office.house().business_date, frozenset({hours.MISSED} if desk.args.days else ())
    _back_up_before(desk, office)
    office.do(service.begin.of(business_date=day), confirmed=word)
    _compare(desk, office, day)
    blocking = [found for found in _findings(desk, office, day) if found.blocking]
    if blocking:
        return [
            ngettext(
                "%(day)s is still open: %(n)s finding must be cleared first, %(first)s. Nothing was posted.",
                "%(day)s is still open: %(n)s findings must be cleared first, %(first)s. Nothing was posted.",
                len(blocking),
            )
            % {"day": day, "n": len(blocking), "first": blocking[0].title}
        ]
    if told := office.do(service.warn.of(business_date=day)):
        say(
            _("%(stations)s is told. The day closes in %(n)s s.")
            % {"stations": ", ".join(told), "n": queries.WARNING}
        )
        office.wait(queries.WARNING)
    count = office.do(service.close.of(business_date=day))
    say(
        _("%(day)s is closed: %(count)s postings. The business date is %(now)s.")
        % {"day": day, "count": count, "now": office.house().business_date}
    )
    return []


def _compare(desk: Desk, office: "DatabaseOffice", day: date) -> None:
    """Hold the trail against the signs that a person gives, once; the findings say where they differ."""
    from pms.services.night_audit import service

    signs, desk.args.signs = desk.args.signs, ""
    if signs and office.do(service.compare_signs.of(business_date=day, signs=signs)):
        say(_("The audit trail is the one on the paper."))


def _back_up_before(desk: Desk, office: "DatabaseOffice") -> None:
    """Back up what the audit begins with; that it cannot be done stops no
    audit."""
    from pms.services.opening import safekeeping

    if desk.settings.server or not safekeeping.has_gone_on(office, desk.place):
        return
    try:
        safekeeping.keep(office, desk.place, desk.settings, failed)
    except Refused as refusal:
        failed(str(refusal))


def _finish(office: "DatabaseOffice") -> list[str]:
    """Write reports and backup of every closed day that waits for them; returns what could not be done."""
    from pms.services.opening.after_close import AfterClose

    assert isinstance(office.after_close, AfterClose)
    return office.after_close.finish(say)
