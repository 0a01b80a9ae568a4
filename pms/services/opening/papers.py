"""Papers and cards that a workstation keeps as files, and for how long."""

from datetime import timedelta

from pms.core import private
from pms.core.settings import Home
from pms.db.office import DatabaseOffice
from pms.services.property.queries import setting


def drop_old(office: DatabaseOffice, place: Home) -> int:
    """Remove the papers and cards that this workstation has kept as files for longer than the hotel says; the
    paper itself can be printed again. Returns how many."""
    moment = office.now() - timedelta(days=office.look(setting).options.paper_days)
    return sum(private.outlived(each, moment) for each in (place.paper, place.cards))
