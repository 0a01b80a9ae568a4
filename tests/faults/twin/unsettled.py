"""What guests who left without settling pay later."""

from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.receivables import queries, service
from tests.faults.twin.money import METHODS
from tests.faults.twin.part import Facts, Part, Step, act

RECENT = 60


class Unsettled(Part):
    """Whoever has left and owes."""

    @act(2)
    def receive(self) -> Step | None:
        """Take something, all, or a cent more than is owed; of somebody in house too, who owes nothing
        here."""
        at = self.hotel.ledger.at
        stay = self.mostly(lambda n: at["city", n] > 0, list(self.hotel.stays.all)[-RECENT:])
        if stay is None:
            return None
        owed, method = at["city", stay], self.any((*METHODS, "SHELLS"))
        amount, ledger = self.hotel.lot.choice((0, 100, owed, owed, owed + 1)), self.hotel.ledger
        may = 0 < amount <= owed and method in METHODS and self.hotel.shifts.is_open()
        return Step(
            service.receive.of(stay_id=stay, method=method, amount=Money(amount)),
            may,
            lambda n: ledger.move(ledger.purse(method), ("city", stay), amount, method, stay, number=n),
        )

    def says(self) -> Facts:
        """Return what each still owes."""
        at, all_ = self.hotel.ledger.at, self.hotel.stays.all
        return {("left owing", n): at["city", n] for n in all_ if at["city", n]}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        rows = queries.waiting(session)
        return {("left owing", r.stay_id): r.amount for r in rows if r.kind == queries.UNSETTLED}
