"""A page that a role may open asks for nothing that the role may not see: no refusal comes of looking."""

from inspect import signature

import pytest
from sqlalchemy import select

from pms import duties
from pms.duties import ROLES
from pms.services.staff.models import Access
from pms.services.stays import service as stays
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.table import Table
from tests.authority.people import person
from tests.builders import BOSS


def refused(house) -> list[str]:
    """Return what was refused so far."""
    return house.look(lambda s: s.scalars(select(Access.what).where(Access.kind == "right")).all())


@pytest.mark.parametrize("role", ROLES)
def test_a_page_that_a_role_may_open_is_refused_nothing(qtbot, desk, role):
    stay = desk.do(stays.check_in, line_id=desk.book(), room_id=desk.room_id("301"), intent="in")
    about = {"stay_id": stay, "line_id": desk.book("Li Na"), "room_id": desk.room_id("301")}
    desk.clerk = person(desk, role) if role != "owner" else BOSS
    mine = [d for d in duties.DUTIES if not d.reads or any(map(desk.clerk.may, d.reads))]
    opened = [place for d in mine for place in ([(d.word, d.screen)] * bool(d.screen) + list(d.pages))]
    assert opened
    faults = {}
    for word, screen in opened:
        before = len(refused(desk))
        page = duties.resolve(screen)(desk, ChangeSignal(desk.changes))
        qtbot.addWidget(page)
        page.show()
        wanted = {name for name in signature(page.open).parameters if name in about}
        page.open(**{name: about[name] for name in sorted(wanted)[-1:]})
        qtbot.wait(30)
        for table in page.findChildren(Table):
            if table.model().rowCount():
                table.selectRow(0)
        qtbot.wait(30)
        if new := refused(desk)[before:]:
            faults[word] = sorted(set(new))
        page.hide()
    assert faults == {}
