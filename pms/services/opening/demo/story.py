"""The hotel's days one after the other up to the present moment."""

from datetime import date
from random import Random

from sqlalchemy import update

from pms.core.errors import Refused
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.db.base import PrintJob
from pms.db.work import Work, operation
from pms.services.cards.models import Card
from pms.services.night_audit import service as night_audit
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.shifts import queries as shift_queries
from pms.services.shifts import service as shifts
from pms.services.staff.models import Staff
from pms.services.stays import queries as stay_queries
from pms.services.stays import vacancy
from pms.services.stays.queries import StayRow

from . import chasing
from .desk import Desk
from .house import FLOAT
from .teller import DAY
from .trades import Trades


class Story(Desk):
    """Found the house, then live its days."""

    def tell(self) -> None:
        """Found the house, then live its days."""
        self.office.clock = lambda: self.moment
        self.found()
        self.foresee()
        self.trades = Trades(
            self.office, self.data, self.word, self.do, self.money, Random(self.data["seed"] + 1)
        )
        self.at(self.first, 6.5)
        self.trades.open_shop()
        self.stock_forms()
        for n in range(self.size.past):
            self._whole_day(self.first + DAY * n)
            self.progress(n + 1, self.size.past + 1)
        self._today()
        self.do("owner", _papers_are_out.of())
        self.progress(self.size.past + 1, self.size.past + 1)

    # -------------------------------------------------------------- a day
    def _whole_day(self, day: date) -> None:
        shift_id = self._open_shift(day)
        self.departures(day, day_part=1.0)
        self.clean(day)
        self.bookings(day)
        self.arrivals(day, day_part=1.0)
        self.evening(day)
        self._other_trades(day)
        if day == self.today - DAY:
            self.channels_settle("W2026111900041277")
        self._close_shift(day, shift_id)
        self.at(day + DAY, 2)
        self.do("auditor", night_audit.begin.of(business_date=day))
        self.do("auditor", night_audit.close.of(business_date=day))
        for step in ("report", "backup"):
            self.do("auditor", night_audit.step_done.of(business_date=day, step=step))

    def _open_shift(self, day: date) -> int:
        self.at(day, 7)
        number: int = self.money("clerk", shifts.open_shift.of(float_amount=FLOAT))
        return number

    def _close_shift(self, day: date, shift_id: int) -> None:
        """Count exactly what the drawer holds; all of it goes to the safe."""
        self.at(day, 23.5)
        left, pieces = max(int(self.office.look(shift_queries.expected, shift_id=shift_id)), 0), {}
        for kind in sorted(self.rules.denominations, reverse=True):
            pieces[str(kind)], left = divmod(left, kind)
        told = self.do("clerk", shifts.count.of(shift_id=shift_id, pieces=pieces))
        self.trades.count_shop(shift_id)
        reason = self.word(self.data["words"]["change"]) if told.over_short else ""
        self.money("clerk", shifts.close.of(shift_id=shift_id, left=Money(0), reason=reason))

    def _here_and_gone(self, day: date) -> tuple[list[StayRow], list[StayRow]]:
        return self.office.look(stay_queries.in_house, business_date=day), self.office.look(
            stay_queries.departed, business_date=day
        )

    def _other_trades(self, day: date) -> None:
        """A bag that stays, a thing that was left, a few sales."""
        inside, left = self._here_and_gone(day)
        self.at(day, 21)
        self.trades.store(left, day)
        if left:
            self.trades.find(left[-1].room, day.toordinal())
        self.trades.sell(inside, most=5)

    # -------------------------------------------------------------- the present day
    def _today(self) -> None:
        """Leave the desk in the middle of its day: some have left, some have come, some rooms wait."""
        self._open_shift(self.today)
        self.departures(self.today, day_part=0.55)
        self._chased()
        self.leave_unsettled(self.today)
        self._half_clean()
        self.bookings(self.today)
        self._blocks()
        self._assign()
        self.arrivals(self.today, day_part=0.4)
        self._odd_rooms()
        self.at(self.today, 14.95)
        inside, left = self._here_and_gone(self.today)
        self.trades.today(self.today, inside, left)
        self.invoice(left, self.today)
        self.question(inside)
        self.join_rooms(inside)
        self.count_forms()
        self.paste_order()

    def _chased(self) -> None:
        self.at(self.today, 11.8)
        chasing.stay_on(self.office, self.do, self.today)
        self.at(self.today, 12.2)
        chasing.call(self.office, self.do)

    def _half_clean(self) -> None:
        self.at(self.today, 12.5)
        dirty = [r.id for r in self.office.look(room_queries.rooms) if r.clean == "dirty"]
        empty = {
            r.room_id for r in self.office.look(vacancy.free_rooms, start=self.today, end=self.today + DAY)
        }
        waiting = set(self.chance.sample(dirty, len(dirty) * 2 // 5))
        self.do(
            "housekeeping", rooms.set_clean.of(room_ids=[r for r in dirty if r not in waiting], clean="clean")
        )
        self.do(
            "housekeeping",
            rooms.set_clean.of(
                room_ids=[r for r in sorted(empty - waiting) if self.chance.random() < 0.6], clean="inspected"
            ),
        )

    def _blocks(self) -> None:
        self.at(self.today, 13)
        free = [
            r.room_id
            for r in self.office.look(vacancy.free_rooms, start=self.today, end=self.today + DAY * 5)
        ]
        for block in self.data["blocks"]:
            if not free:
                return
            room_id = free.pop(block["room"] % len(free))
            try:
                self.do(
                    "manager",
                    rooms.block.of(
                        room_id=room_id,
                        kind=block["kind"],
                        reason=self.word(block),
                        start=self.today,
                        end=self.today + DAY * block["nights"],
                    ),
                )
            except Refused:
                continue  # its type is sold out: the repair waits

    def _assign(self) -> None:
        """Give rooms to half of those who are expected, so that the board shows them."""
        self.at(self.today, 13.3)
        for row in self.office.look(reservation_queries.arrivals, business_date=self.today)[1::2]:
            free = self.office.look(
                vacancy.free_rooms, start=row.arrival, end=row.departure, type_id=row.type_id
            )
            if free:
                self.do("clerk", reservations.assign_room.of(line_id=row.line_id, room_id=free[0].room_id))

    def _odd_rooms(self) -> None:
        """What housekeeping saw in some rooms, two of them not as the desk believes."""
        self.at(self.today, 14.9)
        inside: list[StayRow] = self.office.look(stay_queries.in_house, business_date=self.today)
        seen = self.chance.sample(inside, min(6, len(inside)))
        for n, stay in enumerate(seen):
            heads = stay.adults + stay.children
            self.do(
                "housekeeping",
                rooms.report_seen.of(room_id=stay.room_id, persons={0: 0, 1: heads + 1}.get(n, heads)),
            )
        for stay, remark in zip(reversed(seen), ("dnd", "make_up", "light_luggage"), strict=False):
            self.do("housekeeping", rooms.set_remarks.of(room_id=stay.room_id, remarks=[remark]))


@operation(Permission.PROPERTY_EDIT)
def _papers_are_out(work: Work) -> None:
    """The papers and cards of the story came out of printers and an encoder that are not there: none
    waits. Everybody has the one password that the demonstration tells."""
    j = PrintJob
    work.session.execute(
        update(j)
        .where(j.state == "queued")
        .values(state="printed", printed_at=j.at)
        .execution_options(synchronize_session=False)
    )
    work.session.execute(
        update(Card)
        .where(Card.state == "pending")
        .values(state="valid")
        .execution_options(synchronize_session=False)
    )
    work.session.execute(update(Staff).values(must_change=False).execution_options(synchronize_session=False))
    work.touch("print_jobs", "cards", "staff")
