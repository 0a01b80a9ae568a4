"""F3 with a room and a verb: by letter and by pinyin initials, in both languages, by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from pms.core import i18n
from pms.services.guests.person import Person
from pms.services.stays import people
from pms.services.stays import service as stays
from pms.ui import room_words
from pms.ui.kit.theme import Look
from tests.authority.people import person

from .checks import at_work, dress

Key = Qt.Key


@pytest.fixture(params=("en", "zh_CN"))
def window(qtbot, desk, request):
    """The window at work, a guest in 301."""
    desk.stay = desk.do(
        stays.check_in,
        line_id=desk.book(nights=2),
        room_id=desk.room_id("301"),
        guests=[Person("Wang Yaqin")],
        intent=desk.new_intent(),
    )
    yield at_work(qtbot, desk, Look(request.param, "light", 100))
    dress(Look("en", "light", 100))


def typed(qtbot, window, words):
    """Type into the search line from anywhere."""
    qtbot.keyClick(window, Key.Key_F3)
    line = window.workplace.bar.search
    qtbot.waitUntil(line.hasFocus)
    line.clear()
    qtbot.keyClicks(line, words)
    return line


@pytest.mark.parametrize("word", room_words.WORDS, ids=lambda w: w.letter)
def test_room_verb_and_enter_open_the_page_with_the_guest(qtbot, window, word):
    work = window.workplace
    for verb in (word.letter, word.initials.upper()):
        work.go("room_board", {})
        line = typed(qtbot, window, f"301 {verb}")
        qtbot.keyClick(line, Key.Key_Return)  # before the answer: it is taken when it comes
        qtbot.waitUntil(lambda: work.here[0] == word.page, timeout=5000)
        assert work.here[1]["stay_id"] == window.office.stay
        assert work.current().notes.tone != "bad", work.current().notes.text


def test_after_the_rooms_number_the_verbs_are_listed(qtbot, window):
    line = typed(qtbot, window, "301 ")
    qtbot.waitUntil(lambda: line.results().isVisible(), timeout=3000)
    shown = line.results().list.rows
    told = [shown.row(n) for n in range(shown.rowCount())]
    assert [hit.word for hit in told][: len(room_words.WORDS)] == [w.page for w in room_words.WORDS]
    assert told[1].title == f"301 {i18n._('Extend')}"
    assert "x · xz" in told[1].sub


def test_an_unknown_verb_and_an_empty_room_say_so(qtbot, window):
    line = typed(qtbot, window, "301 qqq")
    qtbot.waitUntil(lambda: line.results().isVisible(), timeout=3000)
    assert "qqq" in line.results().empty.words.text()
    label = line.results().empty.words
    assert label.heightForWidth(label.width()) <= label.height()  # the sentence is seen whole
    line = typed(qtbot, window, "303 x")
    said = i18n._("Nobody is in %(room)s.") % {"room": "303"}
    qtbot.waitUntil(lambda: line.results().empty.words.text() == said, timeout=3000)


def test_a_guest_who_is_not_to_be_disclosed_is_not_named(qtbot, window):
    desk = window.office
    guest = desk.ask(lambda s: s.execute(text("SELECT guest_id FROM stay")).scalar_one())
    desk.do(people.mark, guest_id=guest, do_not_disclose=True)
    hits = window.workplace._find("301 f")
    assert [hit.what["stay_id"] for hit in hits] == [desk.stay]
    assert all("Wang" not in hit.title + hit.sub for hit in hits)


def test_who_may_not_see_guests_is_told_of_none(qtbot, window):
    window.office.clerk = person(window.office, "attendant")
    window.workplace.show_clerk(window.office.clerk)
    assert all("Wang" not in hit.title + hit.sub for hit in window.workplace._find("301 f"))


def test_no_two_verbs_have_the_same_letters():
    letters = [letters for word in room_words.WORDS for letters in (word.letter, word.initials)]
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize("text", ["zhao wen", "R-1", "138 0000 1111", "302", ""])
def test_what_is_no_room_and_verb_is_searched_as_ever(text):
    assert room_words.parted(text) is None
