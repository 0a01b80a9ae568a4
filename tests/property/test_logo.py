"""The picture at the head of papers is chosen once, printed at every workstation, and taken away again."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.printing import logos, pdf
from pms.printing.slip import Slip
from pms.services.print_jobs import queries as print_jobs
from pms.services.property import queries, service
from pms.services.property.models import Logo
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.ui.kit import files
from pms.ui.screens.property.screen import PropertyScreen
from tests.pictures import drawn
from tests.ui.checks import check_screen, opened


@pytest.fixture(autouse=True)
def another_computer(monkeypatch):
    """Nothing is kept of what was drawn here before."""
    monkeypatch.setattr(logos, "_kept", {})


def sign(house):
    return house.look(lambda session: queries.setting(session)).options.logo


def checked_in(house, guest, room="301"):
    return house.do(
        stays.check_in,
        line_id=house.book(guest),
        room_id=house.room_id(room),
        cards_wanted=0,
        deposit=Paid("CASH", Money(50000)),
        intent=guest,
    )


def papers(house):
    with Session(house.engine) as session:
        return {
            row.slip["kind"]: row.slip.get("logo", "")
            for row in session.scalars(select(PrintJob).order_by(PrintJob.id))
        }


def test_papers_carry_it_from_then_on_and_those_before_do_not(house):
    checked_in(house, "王雅琴")
    assert set(papers(house).values()) == {""}
    house.do(service.set_logo, picture=drawn())
    checked_in(house, "李明", "302")
    now = sign(house)
    assert papers(house) == {"registration_card": now, "deposit_receipt": now}
    house.do(service.take_logo_away)
    checked_in(house, "赵雷", "303")
    assert set(papers(house).values()) == {""}
    with pytest.raises(Refused, match="no picture"):
        house.do(service.take_logo_away)


def test_another_workstation_draws_it_and_a_second_print_is_as_the_first(house):
    house.do(service.set_logo, picture=drawn())
    checked_in(house, "王雅琴")
    house.do(service.set_logo, picture=drawn(ink="navy", high=300))
    logos._kept.clear()
    with Session(house.engine) as session:
        job = session.scalars(select(PrintJob.id).where(PrintJob.kind == "deposit_receipt")).one()
    slip = house.look(lambda session: print_jobs.stored(session, job_id=job))
    assert slip.logo != sign(house)
    assert not logos.missing(slip.logo)
    first = pdf.render(slip)
    logos._kept.clear()
    assert pdf.render(slip) != first
    [waiting, *_more] = house.look(lambda session: print_jobs.waiting(session, station=house.station))
    assert not logos.missing(Slip.from_dict(waiting.slip).logo)


def test_the_same_picture_is_kept_once_and_rules_that_are_saved_leave_it(house):
    for _again in range(2):
        house.do(service.set_logo, picture=drawn())
    assert house.look(lambda session: session.scalar(select(func.count()).select_from(Logo))) == 1
    before = house.look(lambda session: queries.setting(session))
    house.do(service.take_logo_away)
    house.do(service.edit, name=before.name, options=before.options)
    assert sign(house) == "", "a page that was open meanwhile does not bring it back"


def test_it_is_chosen_shown_and_taken_away_in_settings(qtbot, desk, tmp_path, monkeypatch):
    file = tmp_path / "logo.png"
    file.write_bytes(drawn())
    monkeypatch.setattr(files, "which", lambda *_asked: file)
    page = opened(qtbot, desk, PropertyScreen)
    assert page.acts["take_logo_away"].reason or page.can_take_logo_away()
    page.acts["choose_logo"].press()
    assert page.notes.tone == "good"
    assert page.logo.sign == desk.ask(queries.setting).options.logo != ""
    assert not page.logo.picture.pixmap().isNull()
    check_screen(page)
    page.acts["take_logo_away"].press()
    assert desk.ask(queries.setting).options.logo == ""
    assert page.logo.picture.pixmap().isNull()
    assert page.logo.paper.isHidden()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_no_picture_is_refused_in_place_and_what_was_typed_stays(
    qtbot, desk, tmp_path, monkeypatch, language
):
    file = tmp_path / "logo.png"
    file.write_bytes(b"no picture")
    monkeypatch.setattr(files, "which", lambda *_asked: file)
    page = opened(qtbot, desk, PropertyScreen, language)
    page.phone.set_value("0571 1234")
    page.phone.changed.emit()
    page.acts["choose_logo"].press()
    assert page.notes.tone == "bad"
    assert page.phone.value() == "0571 1234"
    file.unlink()
    page.acts["choose_logo"].press()
    assert "logo.png" in page.notes.text
    monkeypatch.setattr(files, "which", lambda *_asked: None)
    page.notes.clear()
    page.acts["choose_logo"].press()
    assert page.notes.text == ""
