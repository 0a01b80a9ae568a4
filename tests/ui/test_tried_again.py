"""Trying again never does it twice: every call that a page makes has its intent key until it is done."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

import pms
from pms.services.messages import service as messages
from pms.services.messages.models import Message
from pms.ui.kit.desk import Desk
from pms.ui.kit.parts import col
from pms.ui.kit.refresh import ChangeSignal
from tests import test_house_rules

ROOT = Path(pms.__file__).parent
WHY_NOT_KEPT = {
    "folios:preview_bill": "writes nothing",
    "drafts:take_up": "writes nothing that is missed",
    "housekeeping:record": "each row has its version: told twice it is refused or the same",
    "guests:reveal_document": "the number is kept nowhere: told twice it is shown and logged twice",
    "chasing:show_phone": "the phone is kept nowhere else: told twice it is shown and logged twice",
    "stays:guest_file": "told twice it is written and logged twice",
    "approvals:keep_call": "each word stands for one act: one that no act uses means nothing",
    "shifts:count": "counts are compared, not added: the latest counts",
    "shifts:count_shop": "counts are compared, not added: the latest counts",
}
BESIDE_PAGES = {
    ("ui/main_window.py", "noted"): "a line of the access log: told twice it is seen twice",
    ("ui/tour/day.py", "kept"): "each word stands for one act: one that no act uses means nothing",
    ("cli/safe.py", "accept_lost"): "told twice it is the same",
    ("cli/safe.py", "restored"): "stands in a copy that takes the database's place once",
    ("cli/safe.py", "key_shown"): "told twice the key was shown twice",
    ("ui/typed.py", "take_up"): "reads the drafts",
    ("ui/habits.py", "choose"): "a habit: told twice it counts once more",
    ("ui/typed.py", "call"): "keeps or drops a draft: told twice it is the same",
    ("ui/screens/housekeeping/saver.py", "open_sheet"): "told twice it goes on in the same sheet",
    ("ui/screens/housekeeping/saver.py", "record"): "each row has its version",
    ("ui/screens/folios/view.py", "preview_bill"): "writes nothing",
    ("ui/screens/set_up/screen.py", "set_printer"): "a second printer of this name is refused",
    ("ui/screens/set_up/screen.py", "assign"): "told twice it is the same",
    ("cli/night.py", "begin"): "told twice it takes the same audit up",
    ("cli/night.py", "compare_signs"): "told twice it is the same, and a try more",
    ("cli/night.py", "warn"): "told twice it is the same warning",
    ("cli/night.py", "close"): "a day that is closed already is refused",
}
"""What is called beside ``Desk.run`` without a key, with the reason why it is never there twice."""


def test_an_operation_whose_result_no_key_can_keep_has_the_reason_why_it_needs_none():
    kept = {f.action: f.keeps_result for f in test_house_rules.OPERATIONS.values()}
    assert {name for name, plain in kept.items() if not plain} == set(WHY_NOT_KEPT)


def test_what_is_called_beside_the_pages_has_a_key_or_the_reason_why_it_needs_none():
    found = set()
    for file in (*(ROOT / "ui").rglob("*.py"), *(ROOT / "cli").glob("*.py")):
        place = str(file.relative_to(ROOT))
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr != "do" or not call.args or place == "ui/kit/desk.py":
                continue
            if not any(word.arg == "intent" for word in call.keywords):
                wanted = call.args[0]
                named = isinstance(wanted, ast.Call) and ast.unparse(wanted.func).split(".")[-2]
                found.add((place, named or ast.unparse(wanted)))
    assert found == set(BESIDE_PAGES)


class Page(Desk):
    """A page with nothing but its notes."""

    def build(self):
        return col(self.notes)


@pytest.fixture
def page(qtbot, desk):
    made = Page(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    return made


def lose_the_next_answer(desk, *, saved: bool) -> None:
    """Let the disk fail once at a commit, when it has saved or before."""

    def fail(connection):
        event.remove(desk.engine, "commit", fail)
        if saved:
            connection.connection.driver_connection.execute("COMMIT")
        raise OperationalError("COMMIT", {}, OSError("disk I/O error"))

    event.listen(desk.engine, "commit", fail)


def entries(desk) -> int:
    return desk.ask(lambda s: s.scalar(select(func.count()).select_from(Message)))


def test_a_page_looks_an_answer_up_that_was_lost(page, desk):
    lose_the_next_answer(desk, saved=True)
    assert page.run(messages.write.of(text="The lift is slow"), said="Written.")
    assert entries(desk) == 1
    assert page.notes.text == "Written."


def test_a_page_that_tries_again_does_it_once(page, desk):
    lose_the_next_answer(desk, saved=False)
    call = messages.write.of(text="The lift is slow")
    assert not page.run(call)
    assert "not certain" in page.notes.text
    assert page.run(call)
    assert entries(desk) == 1


def test_the_next_entry_of_a_page_is_another(page, desk):
    call = messages.write.of(text="The lift is slow")
    assert page.run(call)
    assert page.run(call)
    assert entries(desk) == 2


def test_what_is_changed_after_a_lost_answer_is_told_before_it_is_done_as_well(page, desk):
    found = page._intent_of(messages.write.of(text="x"))
    desk.do(messages.write.of(text="The lift is slow"), intent=found)  # saved, and nobody was told
    assert not page.run(messages.write.of(text="The lift is very slow"))
    assert "check what was booked" in page.notes.text
    assert page.run(messages.write.of(text="The lift is very slow"))
    assert entries(desk) == 2
