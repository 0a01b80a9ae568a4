"""What channels pay: a prepaid guest in house whose order was not credited, a rest that a check-out did not
give back, an account that is not the sum of its bills."""

from collections.abc import Iterator

from sqlalchemy import select

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.folios import channel_pays
from pms.services.folios.models import ChannelBill
from pms.services.settlements import queries

from . import Check, Finding, Remedy, Tonight, folio


def _find(tonight: Tonight) -> Iterator[Finding]:
    yield from _not_credited(tonight)
    yield from _not_returned(tonight)
    for number, name, books, bills in queries.beside_books(tonight.session):
        yield Finding(
            f"account-{number}",
            _("%(channel)s: books and bills differ") % {"channel": name},
            _("the books say %(books)s, the open bills make %(bills)s")
            % {"books": tonight.show(books), "bills": tonight.show(bills)},
            Money(abs(books - bills)),
            Remedy(_("Channel accounts"), "settlements", {"number": number}),
            about=name,
        )


def _not_credited(tonight: Tonight) -> Iterator[Finding]:
    """Guests in house for whom a channel pays, whose order stands on no account."""
    asked = {s.stay_id: s for s in tonight.in_house if s.payer == "channel" and not s.kind}
    b = ChannelBill
    credited = select(b.stay_id).where(
        b.stay_id.in_(asked), b.what == channel_pays.ROOM, b.voided_on.is_(None)
    )
    has = set(tonight.session.scalars(credited)) if asked else set()
    for stay_id in asked.keys() - has:
        s = asked[stay_id]
        yield Finding(
            str(stay_id),
            _("%(room)s: the channel's order is not credited") % {"room": s.room},
            _("%(guest)s, paid by %(channel)s") % {"guest": s.listed, "channel": s.channel},
            Money(max(s.balance, 0)),
            folio(stay_id),
            stay_id,
            about=s.room,
        )


def _not_returned(tonight: Tonight) -> Iterator[Finding]:
    """Guests who left today, of whose order something is neither used up nor given back."""
    left = {s.stay_id: s for s in tonight.left if s.payer == "channel"}
    b = ChannelBill
    asked = select(b.stay_id, channel_pays.rest(b.stay_id)).where(
        b.stay_id.in_(left), b.what == channel_pays.ROOM, b.voided_on.is_(None)
    )
    rows = tonight.session.execute(asked).all() if left else []
    for stay_id, rest in rows:
        if rest and stay_id is not None:
            s = left[stay_id]
            yield Finding(
                f"rest-{stay_id}",
                _("%(room)s: what the channel has paid is not settled") % {"room": s.room},
                _("%(guest)s left, %(sum)s is still the channel's")
                % {"guest": s.listed, "sum": tonight.show(abs(rest))},
                Money(abs(rest)),
                folio(stay_id),
                stay_id,
                about=s.room,
            )


CHECK = Check(
    "channel_accounts",
    N_("Channels' accounts"),
    N_(
        "Credit the order on the page Channel accounts; undo the check-out and check the guest out anew, so "
        "that the rest goes back to the channel."
    ),
    "language",
    _find,
    register="money",
)
