"""A guest of a channel, made to measure, and what the channel's account says in the books."""

from sqlalchemy import case, or_, select

from pms.core.money import Money
from pms.db.types import summed
from pms.services.channels.models import Channel
from pms.services.folios.models import Account, ChannelBill, Transfer
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays

PRICE = 24120
NAMES = {"CTRIP": "Ctrip", "BOOKING": "Booking.com"}


def number_of(house, code="CTRIP"):
    return house.look(lambda s: s.scalars(select(Channel.number).where(Channel.code == code)).one())


def told(house, code="CTRIP", reference="1128360000417625", payer="channel", **more):
    return {
        "source": "channel",
        "channel": NAMES[code],
        "channel_number": number_of(house, code),
        "reference": reference,
        "payer": payer,
        **more,
    }


def guest_in(house, room="301", nights=2, price=PRICE, prices=None, name="Lin Jiayin", **how):
    """Check in a guest whom a channel has sold a room, and return the stay."""
    line = house.book(
        name,
        nights=nights,
        prices=prices or (price,) * nights,
        **told(house, **how),
    )
    return house.do(stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent())


def leave(house, stay, **more):
    given = {"print_bill": False, **more}
    house.do(stays.check_out, stay_id=stay, intent=house.new_intent(), **given)


def balance(house, code):
    """What the books say of one account."""
    t, a = Transfer, Account
    asked = (
        select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
        .select_from(a)
        .join(t, or_(t.debit_id == a.id, t.credit_id == a.id))
        .where(a.code == code)
    )
    return int(house.look(lambda s: s.execute(asked).scalar_one()))


def owed(house, code="CTRIP"):
    """What the books say that a channel owes; the bills must say the same."""
    number = number_of(house, code)
    found = balance(house, f"CHANNEL:{number}")
    b = ChannelBill
    asked = (
        select(summed(b.left))
        .join(Channel, Channel.id == b.channel_id)
        .where(Channel.number == number, b.voided_on.is_(None))
    )
    assert found == house.look(lambda s: int(s.execute(asked).scalar_one()))
    return found


def row(house, stay):
    return house.ask(stay_queries.stay, stay_id=stay, business_date=house.house().business_date)


def money(amount):
    return Money(amount)
