"""The demonstration hotel, small: made by the desk's own operations, the same from the same moment, its books
sound."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from pms.core import i18n
from pms.core.settings import Settings, load
from pms.db import audit
from pms.duties import offered
from pms.services.attempts import queries as attempt_queries
from pms.services.channels import queries as channel_queries
from pms.services.debts import queries as debt_queries
from pms.services.invoices import queries as invoice_queries
from pms.services.lost_found import queries as lost_queries
from pms.services.luggage import queries as luggage_queries
from pms.services.messages import queries as message_queries
from pms.services.night_audit import proof
from pms.services.night_audit import queries as audit_queries
from pms.services.opening import demo, founding, store
from pms.services.orders import queries as order_queries
from pms.services.preauth import queries as preauth_queries
from pms.services.print_jobs import queries as print_queries
from pms.services.receivables import queries as receivable_queries
from pms.services.reservations import queries as booking_queries
from pms.services.room_board.queries import board
from pms.services.settlements import queries as settlement_queries
from pms.services.shifts import queries as shift_queries
from pms.services.shifts.models import Shift
from pms.services.shop import queries as shop_queries
from pms.services.stays import joined
from pms.services.stays import queries as stay_queries
from pms.services.vouchers import queries as voucher_queries
from pms.services.wake_ups import queries as wake_queries

NOW = datetime(2026, 11, 20, 6, 20, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SMALL = {"past": 2, "ahead": 8, "floors": 3}


def made(folder, now=NOW):
    from pms.core.settings import Home

    place = Home(folder, folder)
    founding.make_demo(
        place,
        Settings(station="desk-1", language="en"),
        offered(),
        lambda: now,
        lambda _done, _days: None,
        **SMALL,
    )
    return place, store.open_office(place, load(place), offered(), clock=lambda: now)


@pytest.fixture(scope="module")
def hotel(tmp_path_factory):
    before = i18n.language()
    i18n.use("en")
    _place, office = made(tmp_path_factory.mktemp("demo"))
    i18n.use(before)
    yield office
    office.engine.dispose()


def test_the_house_is_in_the_middle_of_its_day(hotel):
    tiles = hotel.look(board)
    assert len(tiles) == 45
    assert hotel.house().business_date == TODAY
    counts = Counter((t.occupied, t.clean == "dirty") for t in tiles)
    assert all(counts[kind] for kind in ((True, False), (False, False), (False, True)))
    assert any(t.due_in for t in tiles)
    assert any(t.block == "OOO" for t in tiles)
    assert {t.odd for t in tiles} >= {"", "skip", "person"}
    assert hotel.look(stay_queries.departures, business_date=TODAY)
    assert hotel.look(stay_queries.departed, business_date=TODAY)
    assert hotel.look(booking_queries.arrivals, business_date=TODAY)


def test_the_other_trades_have_something_to_do(hotel):
    assert len(hotel.look(shop_queries.goods)) == 7
    assert all(g.stock >= 0 for g in hotel.look(shop_queries.goods))
    assert [g.name for g in hotel.look(shop_queries.low)] == ["Umbrella"]
    assert hotel.look(shop_queries.sales, business_date=TODAY)
    bags = hotel.look(luggage_queries.stored)
    assert len(bags) == 3
    assert any(b.overdue for b in bags)
    assert hotel.look(lost_queries.kept)
    assert len(hotel.look(lost_queries.missed)) == 1
    assert hotel.look(wake_queries.due)
    assert len(hotel.look(message_queries.still_open)) == 2
    closed = [
        h for h in hotel.look(lambda session: session.scalars(select(Shift)).all()) if h.state == "closed"
    ]
    assert all(
        len(shift.shop) == 7 and not any(x["counted"] - x["expected"] for x in shift.shop) for shift in closed
    )


def test_no_young_page_is_empty(hotel):
    """Channels owe and have paid, a company owes, rooms are joined, a form is missing, an order came."""
    assert any(sum(row.ages) > 0 for row in hotel.look(settlement_queries.accounts))
    sold = hotel.look(channel_queries.channels)
    assert any(hotel.look(settlement_queries.receipts, number=c.number, start=date.min) for c in sold)
    assert hotel.look(debt_queries.debtors)
    assert len(hotel.look(receivable_queries.waiting)) == 1
    assert hotel.look(joined.joined_here, business_date=TODAY)
    assert {book.missing for book in hotel.look(voucher_queries.books)} == {0, 1}
    assert [order.guest for order in hotel.look(order_queries.orders)] == ["林嘉音"]
    assert hotel.look(invoice_queries.wanted)
    assert hotel.look(invoice_queries.closed, state="issued")
    assert hotel.look(attempt_queries.still_open)
    assert hotel.look(preauth_queries.held, business_date=TODAY)


def test_guests_in_house_have_deposits_prices_and_documents(hotel):
    inside = hotel.look(stay_queries.in_house, business_date=TODAY)
    assert all(s.deposit > 0 and s.rate > 0 for s in inside)
    assert any(s.balance > 0 for s in inside)
    assert sum(s.identity == "checked" for s in inside) > len(inside) // 2


def test_bookings_reach_back_and_ahead(hotel):
    lines = hotel.look(booking_queries.coming, start=date.min, end=date.max)
    assert min(x.arrival for x in lines) == TODAY - timedelta(days=2)
    assert max(x.arrival for x in lines) > TODAY + timedelta(days=3)
    assert {x.state for x in lines} >= {"confirmed", "guaranteed", "in_house", "departed", "cancelled"}


def test_every_closed_day_proves_and_the_trail_holds(hotel):
    assert all(hotel.look(audit_queries.proof, business_date=TODAY - timedelta(days=n)) for n in (1, 2))
    assert hotel.look(lambda s: list(proof.faults(s))) == []
    assert sum(r.closing for r in hotel.look(proof.standing)) == 0
    assert hotel.look(lambda s: list(audit.broken_links(s, hotel.secret))) == []


def test_a_shift_is_open_at_this_desk_and_earlier_drawers_were_even(hotel):
    live = hotel.look(shift_queries.shift_at, station="desk-1")
    assert live.state == "open"
    earlier = [hotel.look(shift_queries.shift, shift_id=n) for n in range(1, live.id)]
    assert len(earlier) == 2
    assert all((s.state, s.over_short) == ("closed", 0) for s in earlier)


def test_no_paper_waits_and_nobody_is_signed_in(hotel):
    assert {j.state for j in hotel.look(print_queries.jobs)} == {"printed"}
    assert hotel.clerk.permissions == frozenset()


def test_the_owner_signs_in_with_the_password_that_is_shown(hotel):
    assert hotel.sign_in(*demo.owner()).role == "owner"
    hotel.sign_out()


def test_the_same_moment_makes_the_same_hotel(hotel, tmp_path):
    i18n.use("en")
    _place, again = made(tmp_path)
    assert again.look(board) == hotel.look(board)
    assert again.look(proof.standing) == hotel.look(proof.standing)
    again.engine.dispose()


def test_after_midnight_it_is_still_the_day_before(tmp_path):
    i18n.use("en")
    _place, office = made(tmp_path, datetime(2026, 11, 20, 18, 30, tzinfo=UTC))
    assert office.house().business_date == TODAY
    assert not [
        s for s in office.look(stay_queries.in_house, business_date=TODAY) if s.arrived_at > office.now()
    ]
    office.engine.dispose()


def test_a_half_made_hotel_is_begun_afresh(place, monkeypatch):
    settings = Settings(station="desk-1", language="en")

    def killed(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "found", killed)
    with pytest.raises(KeyboardInterrupt):
        founding.make_demo(place, settings, offered(), lambda: NOW, lambda _done, _days: None)
    assert not place.database.exists()
    assert not load(place).ready
    monkeypatch.undo()
    founding.make_demo(place, settings, offered(), lambda: NOW, lambda _done, _days: None, **SMALL)
    assert load(place).ready
