"""The night audit's look at members' money: stored value against the books, gifts beyond the rule."""

from collections.abc import Iterator

from sqlalchemy import bindparam, exists

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.members import queries, scores, stored
from pms.services.members.models import MemberPurseRow

from . import Check, Finding, Remedy, Tonight, people

NAMES = {"STORED": N_("Stored value"), "STOREDGIFT": N_("Stored value, gift part")}


def _find(tonight: Tonight) -> Iterator[Finding]:
    wrong = _("members have %(held)s, the books owe %(owed)s")
    for one in stored.standing(tonight.session, business_date=tonight.business_date):
        if one.owed != one.held:
            told = {"held": tonight.show(one.held), "owed": tonight.show(one.owed)}
            yield Finding(
                one.code,
                _("%(name)s: %(what)s") % {"name": _(NAMES[one.code]), "what": wrong % told},
                _("Call for help; do not correct it by hand."),
                Money(abs(one.owed - one.held)),
                Remedy(_("Members"), "members"),
            )
    for number, name, has, made in stored.beside_rows(tonight.session):
        moves = _("has %(has)s, the moves make %(made)s")
        yield Finding(
            f"moves-{number}",
            f"{queries.shown(number)} {name}",
            moves % {"has": tonight.show(has), "made": tonight.show(made)},
            Money(abs(has - made)),
            Remedy(_("Members"), "members", {"number": number}),
            about=queries.shown(number),
        )
    for number, name, points, moves_ in scores.beside_rows(tonight.session):
        yield _of_points(
            f"points-{number}", number, name, _("has %(has)s, the moves make %(made)s"), points, moves_
        )
    for number, name, over_ in scores.earned_twice(tonight.session):
        yield _of_points(
            f"twice-{number}", number, name, _("a stay earned points twice, %(has)s too many"), over_
        )
    for row, number, name, over, by in stored.beyond_rule(
        tonight.session, business_date=tonight.business_date
    ):
        yield Finding(
            f"gift-{row}",
            _("%(member)s: gift beyond the rule") % {"member": f"{queries.shown(number)} {name}"},
            _("%(sum)s more than the rule gives") % {"sum": tonight.show(over)},
            over,
            Remedy(_("Members"), "members", {"number": number}),
            by=people(by),
            about=queries.shown(number),
        )


def _of_points(key: str, number: int, name: str, words: str, has: int, made: int = 0) -> Finding:
    return Finding(
        key,
        _("%(member)s: points") % {"member": f"{queries.shown(number)} {name}"},
        words % {"has": has, "made": made},
        Money(0),
        Remedy(_("Members"), "members", {"number": number}),
        about=queries.shown(number),
    )


CHECK = Check(
    "stored_value",
    N_("Members' stored value"),
    N_("Compare the members with the trial balance; a gift beyond the rule has its reason."),
    "star",
    _find,
    register="money",
    acts="done",
    did=exists().where(
        MemberPurseRow.business_date == bindparam("today"), MemberPurseRow.clerk_id == bindparam("clerk")
    ),
)
