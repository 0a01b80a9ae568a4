"""The rules of the house, run over every module: what a newcomer may rely on without asking."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_origin

import pytest
from sqlalchemy import BigInteger, Boolean, Date, Integer, String, Text
from sqlalchemy.orm import configure_mappers

from pms import duties, services
from pms.core import offers
from pms.core.duty import SHEETS, SLIPS, faults, paper_titles
from pms.core.offers import AskUp, Kind
from pms.core.operation import Operation
from pms.core.options import Options
from pms.core.permissions import Permission, Right
from pms.db import schema
from pms.db.base import Base
from pms.db.sealed import Sealed, SealedDay
from pms.db.types import Json, Moment, Short
from pms.db.work import Work
from pms.printing import typeface
from pms.services.night_audit.checks import Check
from pms.services.period_reports.queries import NAMES as PERIODS
from pms.services.reports.printouts import REPORTS

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "pms").rglob("*.py"))
WORDS = sorted(found.name for found in pkgutil.iter_modules(services.__path__))

PARTS = {
    "authority": {"authorise"},
    "cards": {"charge_missing", "end_all", "issue", "prolong"},
    "day_audit": {"take_over"},
    "folios": {"charge_by_clock", "deposit", "deposit_held", "refund"},
    "reservations": {"add_room", "give_up", "let_go", "line_and_booking", "prices", "take_room_again"},
    "stays": {"open_stay", "current_segment", "print_room_change"},
}
"""What one duty does within another duty's operation: it takes the ``work`` at hand and asks for no right of
its own."""
WITHOUT_RIGHT = {
    "opening:found",
    "opening:restored",
    "authority:open_table",
    "property:create",
    "staff:open_register",
    "staff:begin_try",
    "staff:end_try",
    "staff:renew_hash",
    "staff:note",
    "approvals:keep",
    "folios:open_books",
    "stays:print_list",
    "cards:encoded",
    "cards:failed",
    *(f"print_jobs:{verb}" for verb in ("claim", "printed", "unprinted", "doubtful", "recover")),
}
"""Set-up and the door, where nobody holds a right yet (a password is checked before a word is kept, and
``renew_hash`` checks it itself), a restored backup, whose people may be others than who vouched, the
evacuation list, and what the encoder and the printer tell of themselves."""


def module_of(word: str, name: str) -> ModuleType | None:
    """Return a duty's module, None when the duty has none of that name."""
    if not (ROOT / "pms/services" / word / f"{name}.py").exists():
        return None
    return importlib.import_module(f"pms.services.{word}.{name}")


def public(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the public functions that a module defines itself, or names as its package's own."""
    named = getattr(module, "__all__", ())
    for name, found in vars(module).items():
        if not isinstance(found, Operation) and not inspect.isfunction(found):
            continue
        if (name in named or found.__module__ == module.__name__) and not name.startswith("_"):
            yield name, found


def operations() -> Iterator[tuple[str, Operation[..., Any]]]:
    """Yield every operation of the program, wherever it stands."""
    for word in WORDS:
        for found in pkgutil.iter_modules([str(ROOT / "pms/services" / word)]):
            module = importlib.import_module(f"pms.services.{word}.{found.name}")
            for name, function in public(module):
                if isinstance(function, Operation) and function.__module__ == module.__name__:
                    yield f"{word}.{found.name}.{name}", function


OPERATIONS = dict(operations())


# ------------------------------------------------------------------ floors
def test_imports_go_down_only():
    made = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the first word of everything a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return frozenset(found)


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("PySide6", ("ui", "__main__.py")),
        ("reportlab", ("printing",)),
        ("escpos", ("printing", "devices")),
        ("sqlalchemy", ("db", "services", "cli")),
        ("alembic", ("db",)),
        ("argon2", ("services",)),
    ],
)
def test_each_library_has_one_home(library, home):
    strays = [
        str(p.relative_to(ROOT))
        for p in SOURCES
        if library in imports(p) and p.relative_to(ROOT / "pms").parts[0] not in home
    ]
    assert strays == []


def test_nobody_asks_the_machine_for_the_time():
    asked = re.compile(
        r"\b(date\.today|datetime\.now|datetime\.utcnow|datetime\.today|time\.time|localtime|gmtime)\("
    )
    strays = [
        f"{p.relative_to(ROOT)}:{n}"
        for p in SOURCES
        if p != ROOT / "pms/core/clock.py"
        for n, line in enumerate(p.read_text().splitlines(), 1)
        if asked.search(line)
    ]
    assert strays == []


MAKES_FILES = {
    "write_text",
    "write_bytes",
    "mkdir",
    "makedirs",
    "touch",
    "mkstemp",
    "mkdtemp",
    "NamedTemporaryFile",
    "TemporaryFile",
    "TemporaryDirectory",
    "QTemporaryFile",
    "QTemporaryDir",
    "QSaveFile",
    "copyfile",
    "copy2",
    "copytree",
    "symlink_to",
}
ELSEWHERE = {
    "core/private.py": "the one place",
    "core/alone.py": "os.open: a lock held for as long as the program runs, 0600",
    "db/anchor.py": "os.open: written over in place, never made there",
    "db/backup.py": "copyfile into a file that private.touch has made",
    "services/opening/second_place.py": "copyfile to a stick, whose file system may know no owner",
    "devices/drawer.py": "open: a device file",
    "printing/printers.py": "open: a device file, or one that is there below the folder of papers",
    "services/opening/drill.py": "TemporaryDirectory: the restored copy, which is thrown away",
    "__main__.py": "TemporaryDirectory: the tour's hotel, which is thrown away",
}
"""Where a file may be opened for writing beside ``private``, and why."""


def test_files_and_folders_are_made_in_one_place():
    """Everything else would be open to other logins, or half there after a power cut."""
    found = set()
    for file in SOURCES:
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and _makes_a_file(call):
                found.add(str(file.relative_to(ROOT / "pms")))
    assert found == set(ELSEWHERE)


def _makes_a_file(call: ast.Call) -> bool:
    """Say whether a call makes or opens a file to write; ``work.touch`` and ``private.touch`` are no such."""
    said = ast.unparse(call.func)
    owner, _dot, name = said.rpartition(".")
    if name == "open":
        given = [part for told in (*call.args, *(k.value for k in call.keywords)) for part in ast.walk(told)]
        modes = {str(part.value) for part in given if isinstance(part, ast.Constant)}
        return said == "os.open" or any(re.fullmatch(r"(?=.*[wax+])[rwax][b+]{0,2}", m) for m in modes)
    if name == "touch":
        return owner not in ("work", "self", "private")
    return name in MAKES_FILES


# ------------------------------------------------------------------ operations
@pytest.mark.parametrize("word", WORDS)
def test_a_service_offers_operations_and_known_parts_of_them(word):
    module = module_of(word, "service")
    if module is None:
        return
    plain = {
        name: inspect.signature(function).parameters
        for name, function in public(module)
        if not isinstance(function, Operation)
    }
    assert {name for name, taken in plain.items() if "work" in taken} == PARTS.get(word, set())
    for name, taken in plain.items():
        assert "session" not in taken, f"{word}.{name} reads: it belongs into queries"
        assert "work" not in taken or next(iter(taken.values())).annotation is Work, f"{word}.{name}"


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_typed_told_and_takes_words_not_places(name):
    function = OPERATIONS[name]
    first, *others = inspect.signature(function).parameters.values()
    assert (first.name, first.annotation) == ("work", Work)
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in others)
    assert all(p.annotation is not inspect.Parameter.empty for p in others)
    assert inspect.signature(function).return_annotation is not inspect.Signature.empty
    told = inspect.getdoc(function)
    assert told
    assert re.match(r"[A-Z][a-z]+\b.*[.;:]", told.split("\n\n")[0], re.DOTALL)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_asks_for_a_right_that_some_role_holds(name):
    function = OPERATIONS[name]
    if function.permission is None:
        assert function.action in WITHOUT_RIGHT
    else:
        assert function.permission in duties.ALL
        assert any(function.permission in rights for _title, rights in duties.ROLES.values())


def text_of(*without: str) -> str:
    """Return the program's source but for some files."""
    return "\n".join(p.read_text("utf-8") for p in SOURCES if str(p.relative_to(ROOT / "pms")) not in without)


def test_a_right_opens_something():
    """Each right is asked for by an operation, or by name where a service decides."""
    asked = {function.permission for function in OPERATIONS.values()}
    text = text_of("core/permissions.py", *(f"services/{word}/duty.py" for word in WORDS))
    known = {str(p): rf"Permission\.{p.name}\b" for p in Permission}
    for word in WORDS:
        row = vars(importlib.import_module(f"pms.services.{word}.duty"))
        known |= {str(made): rf"\b{name}\b" for name, made in row.items() if isinstance(made, Right)}
    missing = [p for p in duties.ALL - asked if str(p) not in known or not re.search(known[str(p)], text)]
    assert missing == []


def test_an_option_is_read_by_what_it_promises():
    """Settings shows an option, and something else reads it."""
    text = text_of("core/options.py", "ui/screens/property/screen.py", "services/opening/demo/house.py")
    unread = {f.name for f in dataclasses.fields(Options) if not re.search(rf"\.{f.name}\b", text)}
    assert unread == set()
    for row in duties.DUTIES:
        home = importlib.import_module(f"pms.services.{row.word}.duty")
        names = {id(found): name for name, found in vars(home).items()}
        for option in row.options:
            assert f"[{names[id(option)]}]" in text, f"nobody reads {option.name} of {row.word}"


@cache
def called() -> set[str]:
    """Return the operations that pages, commands and services name, each as ``duty.module.name``."""
    found = set()
    for file in SOURCES:
        tree, known = ast.parse(file.read_text("utf-8")), {}
        here = file.relative_to(ROOT / "pms").with_suffix("").parts
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                home = (node.module or "").removeprefix("pms.services").strip(".").replace("/", ".")
                if node.level:  # from the duty's own folder
                    home = ".".join(filter(None, (*here[1:-1], node.module or "")))
                for name in node.names:
                    known[name.asname or name.name] = f"{home}.{name.name}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add(f"{known.get(node.value.id, '')}.{node.attr}")
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.add(known.get(node.id, f"{'.'.join(here[1:])}.{node.id}"))
    return found


def test_an_operation_is_called_by_a_page_a_command_or_another_operation():
    # a guest who is written down before there is a booking or a stay: the page of members will
    uncalled = {
        name
        for name, function in OPERATIONS.items()
        if not {name, f"{name.partition('.')[0]}.service.{function.__name__}"} & called()
    }
    assert uncalled == {"guests.service.register"}


def test_what_moves_money_by_hand_has_a_key():
    """A function that posts within an operation is asked for by one with ``money``, or moves money as part of
    a step that happens once."""
    once = {"stays:check_in", "stays:walk_in", "night_audit:close", "stays:open_stay"}
    for name, function in OPERATIONS.items():
        source = inspect.getsource(inspect.unwrap(function))
        if (
            re.search(r"ledger\.post\(|folios\.deposit\(|folios\.refund\(", source)
            and function.action not in once
        ):
            assert function.money, name


@pytest.mark.parametrize("word", WORDS)
def test_a_query_takes_a_session_and_words(word):
    module = module_of(word, "queries")
    for name, function in public(module) if module else ():
        first, *others = inspect.signature(function).parameters.values()
        if first.name == "session" and function.__module__ != "pms.services.business_day.queries":
            assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in others), name
        assert "session" not in {p.name for p in others}, name
        assert inspect.getdoc(function), name


# ------------------------------------------------------------------ the index
def test_nothing_is_declared_twice_missing_or_unlisted():
    assert faults(duties.DUTIES) == []


def printed() -> set[str]:
    """Return the kind of every print-out that the services make, read from their source."""
    found = set()
    for file in (ROOT / "pms/services").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Slip":
                found.add(ast.unparse(call.args[0]).strip("f'"))
    return found


def test_every_paper_that_is_stored_is_named_by_a_row():
    """Settings can give it a printer then."""
    each = printed()
    for pattern, made in {"report_{word}": REPORTS, "period_report_{kind}": PERIODS}.items():
        assert pattern in each
        each = each - {pattern} | {pattern.partition("{")[0] + word for word in made}
    at_once = {"recovery_sheet"}  # it holds the key of the books and is never stored
    assert each - at_once == set(paper_titles(duties.DUTIES))


def _asked_for() -> dict[str, set[str]]:
    """Return which duties ask for each right of ``core/permissions.py``; other layers count as themselves."""
    asked: dict[str, set[str]] = {}
    for path in SOURCES:
        parts = path.relative_to(ROOT / "pms").parts
        if "migrations" in parts or parts == ("core", "permissions.py"):
            continue
        screens = parts[:2] == ("ui", "screens")
        where = parts[1] if parts[0] == "services" else parts[2] if screens else "/".join(parts)
        for name in re.findall(r"\bPermission\.([A-Z_]+)", path.read_text("utf-8")):
            asked.setdefault(name, set()).add(where)
    return asked


def alone(asked: dict[str, set[str]]) -> list[str]:
    """Return the rights of ``core/permissions.py`` for which only their own duty asks."""
    keeper = {str(grant.right): row.word for row in duties.DUTIES for grant in row.rights}
    return [
        f"{right} belongs into the row of {keeper[right]}"
        for right in map(str, Permission)
        if asked.get(Permission(right).name, set()) <= {keeper[right]}
    ]


def test_a_right_that_one_duty_alone_asks_for_stands_in_its_row():
    assert alone(_asked_for()) == []
    planted = _asked_for() | {"FOLIOS_READ": {"folios"}}
    assert alone(planted) == ["folios:read belongs into the row of folios"]


def paper_sizes() -> dict[str, str]:
    """Return the paper each kind of print-out is made for, read from the services' source."""
    found = {}
    for file in (ROOT / "pms/services").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Slip":
                said = [ast.literal_eval(word.value) for word in call.keywords if word.arg == "paper"]
                found[ast.unparse(call.args[0]).strip("f'").partition("{")[0]] = said[0] if said else "80mm"
    return found


def test_the_row_of_a_paper_says_which_printer_it_goes_to_where_none_is_chosen():
    """The one for slips or the one for sheets, as the paper itself is made."""
    sizes = paper_sizes()
    for row in duties.DUTIES:
        for paper in row.papers:
            size = sizes.get(paper.kind) or next(
                sizes[k] for k in sizes if k[-1:] == "_" and paper.kind.startswith(k)
            )
            assert paper.printer == (SLIPS if size == "80mm" else SHEETS), paper.kind
    rows = [
        replace(row, papers=tuple(p._replace(printer="") for p in row.papers))
        if row.word == "wake_ups"
        else row
        for row in duties.DUTIES
    ]
    assert faults(rows) == ["the paper wake_up_list of wake_ups goes to no printer"]


def test_every_kind_of_record_that_is_announced_is_named_by_a_row():
    known = {"journal"}.union(*(row.announces for row in duties.DUTIES))  # the trail's, which is nobody's own
    found = set()
    for file in sorted((ROOT / "pms").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("work.touch", "self.touch"):
                found |= {part.value for part in call.args if isinstance(part, ast.Constant)}
    assert found - known == set()
    for word, dotted in duties.screens().items():
        page = duties.resolve(dotted)
        assert known >= page.TOPICS, f"{word} waits for what nobody announces"


@pytest.mark.parametrize("row", duties.DUTIES, ids=lambda row: row.word)
def test_a_row_guards_tables_of_its_own_duty(row):
    module = module_of(row.word, "models")
    own = {getattr(found, "__tablename__", "") for found in vars(module).values()} if module else set()
    assert {*row.append_only, *(each.table for each in row.frozen)} <= own


def test_each_duty_has_one_word_and_each_folder_its_duty():
    words = [duty.word for duty in duties.DUTIES]
    assert len(words) == len(set(words))
    assert sorted(words) == WORDS


@pytest.mark.parametrize("duty", duties.DUTIES, ids=lambda duty: duty.word)
def test_a_duty_has_its_folders_and_what_its_row_names(duty):
    told = importlib.import_module(f"pms.services.{duty.word}").__doc__
    assert told
    assert told.strip()
    assert duty.title
    assert (ROOT / "tests" / duty.word).is_dir() or duty.word in {"business_day", "guests", "opening"}
    assert (ROOT / "resources/icons" / f"{duty.icon}.svg").exists()
    if duty.screen:
        assert (ROOT / "pms/ui/screens" / duty.word).is_dir()
    assert all(re.fullmatch(r"[A-Z]\d\d", number) for number in duty.handbook)


OFFERS = [(duty.word, offer) for duty in duties.DUTIES for offer in duty.offers]
KINDS = [kind for kind in vars(offers).values() if isinstance(kind, Kind)]


def asked_and_answered(function: Callable[..., Any]) -> tuple[object, ...]:
    """Return the fields of a question and what it answers, a list and its like counting as the same."""
    taken = inspect.signature(function, eval_str=True)
    fields = [(p.name, p.kind, p.annotation, p.default) for p in list(taken.parameters.values())[1:]]
    many = get_origin(taken.return_annotation) in (list, Sequence)
    return fields, get_args(taken.return_annotation) if many else taken.return_annotation


@pytest.mark.parametrize(("word", "offer"), OFFERS, ids=lambda x: getattr(x, "dotted", x))
def test_an_offer_answers_what_its_kind_asks(word, offer):
    assert offer.kind in KINDS, "declare the kind in pms/core/offers.py"
    found = duties.resolve(offer.dotted)
    if offer.kind is offers.audit_check:
        assert isinstance(found, Check)
    else:
        assert asked_and_answered(found) == asked_and_answered(offer.kind.declared)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_answered_and_asked_for(kind):
    answering = [offer.dotted for _word, offer in OFFERS if offer.kind is kind]
    assert len(answering) == 1 if isinstance(kind, AskUp) else answering
    asked = re.compile(rf"(gather|ask_up|of)\(\s*offers\.{kind.name}\b|\boffers\.{kind.name}\.of\(")
    assert [p.name for p in SOURCES if p.name != "duties.py" and asked.search(p.read_text())]


def test_words_of_pages_are_unique_and_every_screen_can_be_made():
    words = [d.word for d in duties.DUTIES if d.screen] + [
        word for d in duties.DUTIES for word, _dotted in d.pages
    ]
    assert len(words) == len(set(words))
    from pms.ui.kit.desk import Screen

    for word, dotted in duties.screens().items():
        assert issubclass(duties.resolve(dotted), Screen), word


@pytest.mark.parametrize(("word", "dotted"), duties.screens().items())
def test_a_key_means_one_thing_on_a_screen(word, dotted):
    from pms.ui.kit import keys
    from pms.ui.kit.actions import specs

    assert keys.faults(spec.key for spec in specs(duties.resolve(dotted))) == []


def test_a_key_means_one_thing_over_all_pages():
    from pms.ui.kit import keys
    from pms.ui.kit.actions import specs

    pages = {
        word: [(s.key, s.label) for s in specs(duties.resolve(dotted))]
        for word, dotted in duties.screens().items()
    }
    assert keys.clashes(pages) == []
    assert keys.clashes({"lost_found": [("Ctrl+F", "Register a find"), ("S", "Show"), ("F2", "")]}) == [
        "Ctrl+F on lost_found: 'Register a find', everywhere else 'Find in the list'",
        "S on lost_found: 'Show' is neither a state nor a mark of the audit",
        "F2 on lost_found: '', everywhere else 'Details of this'",
    ]
    assert keys.clashes({"rental": [("Ctrl+T", "Due time"), ("Ctrl+T", "New item"), ("Ctrl+9", "Nine")]}) == [
        "Ctrl+T on rental: 'Due time' is not what this key does elsewhere",
        "Ctrl+9 on rental: 'Nine' is not what this key does elsewhere",
    ]


DATES_OF_FILES = {
    "services/opening/after_close.py": "a folder's and a file's name",
    "services/opening/safekeeping.py": "which backups are of one day",
    "services/opening/second_server.py": "a folder's name",
    "services/opening/second_place.py": "the command line, in UTC",
    "services/opening/doctor.py": "the command line",
    "services/opening/demo/bookings.py": "a number's part",
    "services/day_audit/printouts.py": "a paper's number",
    "services/night_audit/printouts.py": "a paper's number",
    "services/housekeeping/printouts.py": "a paper's number",
    "services/reports/printouts.py": "a paper's number",
    "services/period_reports/printouts.py": "a paper's number",
    "services/stays/prices.py": "what the trail keeps",
    "services/downtime/away.py": "a file's name, and its log in UTC",
    "ui/kit/list_tools.py": "a file's name",
    "ui/screens/figures/screen.py": "the year under an axis",
    "ui/screens/night_audit/screen.py": "a file's name",
    "ui/screens/reports/screen.py": "a file's name",
    "core/defects.py": "the log of defects",
}
"""Where a date is written for files, numbers or a machine, not for people."""


def test_dates_are_written_in_one_place():
    """One form of a date for each language, on screens and on paper (``core/dates.py``)."""
    asked = re.compile(r"%[YmdbB]")
    found = set()
    for path in SOURCES:
        name = path.relative_to(ROOT / "pms").as_posix()
        if name.partition("/")[0] in ("core", "services", "ui", "printing") and name != "core/dates.py":
            specs = (
                part.value
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr)
                for part in node.format_spec.values
                if isinstance(part, ast.Constant)
            )
            texts = (
                node.args[0].value
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Call)
                and getattr(node.func, "attr", "") == "strftime"
                and isinstance(node.args[0], ast.Constant)
            )
            if any(asked.search(str(text)) for text in (*specs, *texts)):
                found.add(name)
    assert found - set(DATES_OF_FILES) == set(), "write it with pms.core.dates"


REFUNDS = {"take_back", "refund_deposit", "give_back", "rebate", "void"}
"""Operations that give money back: of the shop, of a folio, of what came in for nobody."""


def test_giving_money_back_is_never_the_filled_button():
    from pms.ui.kit.actions import specs

    giving = {}
    for word, dotted in duties.screens().items():
        for spec in specs(duties.resolve(dotted)):
            made = getattr(spec.operation, "__module__", "")
            money = made.startswith(("pms.services.shop", "pms.services.folios", "pms.services.receivables"))
            if money and getattr(spec.operation, "__name__", "") in REFUNDS:
                giving[word, spec.name] = spec.kind
    assert len(giving) >= 5
    assert "primary" not in giving.values()
    filled = re.compile(r'self\.button\(\s*"(\w+)"[^)]*kind="primary"')
    for word, name in giving:
        source = inspect.getsource(inspect.getmodule(duties.resolve(duties.screens()[word])))
        assert name not in filled.findall(source), (word, name)


def test_the_keys_of_duties_are_unique_and_none_of_the_map():
    from pms.ui.kit import keys

    used = [keys.normal(duty.key) for duty in duties.DUTIES if duty.key]
    assert len(used) == len(set(used))
    assert not set(used) & {keys.normal(key) for key in keys.MEANING}


def test_no_text_of_a_guest_is_read_as_markup():
    """A label is plain text because ``label`` makes it; a tool-tip guesses, so its text passes ``plain``."""
    odd = []
    for file in sorted((ROOT / "pms/ui").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func).rpartition(".")[2]
            place = {"setToolTip": 0, "showText": 1}.get(name, -1)
            if place >= 0 and not _fixed(call.args[place]):
                odd.append(f"{file.name}:{call.lineno} {ast.unparse(call.args[place])}")
    assert odd == []


def _fixed(said: ast.expr) -> bool:
    """Say whether a text is one of the program's own, or has passed ``plain``."""
    if isinstance(said, ast.IfExp):
        return _fixed(said.body) and _fixed(said.orelse)
    return isinstance(said, ast.Constant) or (
        isinstance(said, ast.Call) and ast.unparse(said.func) in ("plain", "_", "self.tip")
    )


# ------------------------------------------------------------------ tables
def test_columns_hold_whole_numbers_text_dates_and_nothing_that_rounds():
    whole = (BigInteger, Integer, Boolean, Text, String, Short, Date, Moment, Json, Sealed, SealedDay)
    odd = [
        str(column)
        for table in schema.metadata().tables.values()
        for column in table.columns
        if not isinstance(column.type, whole)
    ]
    assert odd == []
    short = [str(c) for t in schema.metadata().tables.values() for c in t.columns if type(c.type) is Integer]
    assert short == [], "PostgreSQL's INTEGER ends at 21 million in cents: use int, Money or BigId"


def test_no_record_loads_another_behind_the_back():
    schema.metadata()
    configure_mappers()
    assert [
        str(r)
        for mapper in Base.registry.mappers
        for r in mapper.relationships
        if r.lazy not in ("raise", "raise_on_sql")
    ] == []


def test_every_table_names_its_constraints_alike():
    for table in schema.metadata().tables.values():
        for found in (*table.constraints, *table.indexes):
            assert found.name, f"{table.name}: {found}"
            assert len(str(found.name)) <= 63, f"PostgreSQL cuts {found.name}"


# ------------------------------------------------------------------ what is shipped
def test_every_text_is_in_both_languages_and_the_catalogue_is_compiled():
    told = subprocess.run(
        [sys.executable, ROOT / "installer/texts", "--check"], capture_output=True, text=True, check=False
    )
    assert (told.stdout, told.returncode) == ("", 0), told.stderr


def test_the_chinese_texts_ask_nobody_politely():
    """A tired clerk reads verb and noun: no ``\u8bf7`` but in a remark of the trade, no ``\u60a8``, no report
    of success."""
    said = [
        line
        for file in sorted((ROOT / "resources" / "locale" / "zh_CN").glob("*.po"))
        for line in file.read_text("utf-8").splitlines()
        if line.startswith(("msgstr", '"'))
    ]
    polite = re.compile(
        "\u8bf7(?!\u52ff\u6253\u6270|\u6e05\u626b)|\u60a8|\u662f\u5426\u786e\u8ba4|\u64cd\u4f5c\u6210\u529f"
    )
    assert [line for line in said if polite.search(line)] == []


def test_the_window_library_is_the_one_that_was_tried():
    assert version("PySide6-Essentials").startswith("6.11."), (
        "6.12.0 loses references to None on Python 3.11: see tests/ui/test_none_guard.py"
    )


def test_the_fonts_are_shipped_with_their_licences():
    folder = ROOT / "resources/fonts"
    for file in typeface.ALL:
        assert typeface.content(file)[:4] in (b"\x00\x01\x00\x00", b"OTTO")
    for licence in ("OFL.txt", "OFL-RareHan.txt"):
        assert "SIL OPEN FONT LICENSE" in (folder / licence).read_text("utf-8").upper()


def test_every_package_is_locked():
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = (ROOT / "requirements.lock").read_text().lower()
    for line in wanted:
        name = re.split(r"[\[<>=~ ]", line)[0].lower()
        assert re.search(rf"^{re.escape(name)}(\[.*\])?==", locked, re.MULTILINE), name


# ------------------------------------------------------------------ lists
NO_REGISTER = {
    "receivables": "two lists of money side by side, each with its own sum",
    "shifts": "a count of money with what is handed over",
    "reports": "the report is the page, the list only chooses it",
    "period_reports": "the report is the page, the list only chooses it",
    "figures": "charts with their tables",
    "rates": "prices by plan and day",
    "authority": "one table of limits that is filled in",
    "approvals": "what is open is signed here, one after the other",
    "folios": "an account, which adds up",
    "booking": "a form",
    "check_in": "a form",
    "party": "a form",
    "extend": "a form",
    "price_change": "a form",
    "room_change": "a form",
    "access": "a log, which is only read",
    "delegations": "lent rights: a form with what is lent now",
}
"""Pages with a list that do not derive ``Register``, each with its reason."""


def whole_page(page):
    """Return the source of a page, of those it derives and of the files beside them that it is made of."""
    own = [cls.__module__ for cls in page.__mro__ if cls.__module__.startswith("pms.ui.screens.")]
    sources = [inspect.getsource(importlib.import_module(name)) for name in own]
    for name, source in zip(own, tuple(sources), strict=True):
        beside = re.findall(r"^from \.(\w+) import", source, re.MULTILINE)
        folder = name.rpartition(".")[0]
        sources += [inspect.getsource(importlib.import_module(f"{folder}.{x}")) for x in beside]
    return "\n".join(sources)


def test_a_page_with_a_list_derives_the_register_page():
    """Whoever shows a list gets its tabs, sorting, find line, columns, copies and files from the kit."""
    from pms.ui.kit.register import Register

    pages = {word: duties.resolve(dotted) for word, dotted in duties.screens().items()}
    listing = {word for word, page in pages.items() if " Table(" in whole_page(page)}
    others = {word for word in listing if not issubclass(pages[word], Register)}
    assert others == set(NO_REGISTER), "derive Register, or say why not"
    own = {word for word, page in pages.items() if issubclass(page, Register) and "build" in vars(page)}
    assert own == set(), "a register has no build of its own"


def test_a_test_that_waits_for_a_window_does_wait():
    """Called without ``with``, pytest-qt's wait waits for nothing: keys then go astray."""
    idle = re.compile(r"^\s*\w+(?:\.\w+)*\.wait(?:Active|Exposed|Signal|Signals|Callback)\(", re.MULTILINE)
    tests = (p for p in (ROOT / "tests").rglob("*.py") if idle.search(p.read_text("utf-8")))
    assert [str(p.relative_to(ROOT)) for p in tests] == []
