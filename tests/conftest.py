"""Databases for the tests: a real SQLCipher file and a real PostgreSQL database, both migrated to head once
and copied for each test."""

import gc
import os
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, create_engine, make_url

from pms.core import i18n
from pms.db import schema
from pms.db.engine import open_engine, sqlite_url
from pms.services.staff import passwords

from . import builders, compiled, holding
from .faults import busy, shim

pytest.register_assert_rewrite("tests.ui.checks")
holding.watch()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
POSTGRES = os.environ.get("PMS_TEST_POSTGRES", "")
MEMORY, ROOM = "/dev/shm", 2 << 30
"""Where the tests' files lie if there is room: in memory, for a real disk would only take time. What a
test that passed left there is deleted at its end."""
WHY_NOT = "no PostgreSQL here: installer/test starts one where Debian's package is installed"


def _is_fit(folder: str) -> bool:
    """Say whether a folder has room for the tests' files, and runs the programs among them."""
    return (
        os.access(folder, os.W_OK)
        and shutil.disk_usage(folder).free > ROOM
        and not os.statvfs(folder).f_flag & os.ST_NOEXEC
    )


hypothesis.settings.register_profile(
    "quick",
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.register_profile(
    "search", hypothesis.settings.get_profile("quick"), max_examples=100, derandomize=False
)
compiled.share()
if "TMPDIR" not in os.environ and _is_fit(MEMORY):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)
hypothesis.settings.load_profile(os.environ.get("PMS_TEST_HYPOTHESIS", "quick"))


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Argon2 with small settings; what the program takes is proved in a process of its own."""
    small = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: small)
        yield


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the small hotel in it."""
    path = tmp_path_factory.mktemp("founded") / "hotel.db"
    engine = open_engine(sqlite_url(path), builders.SECRET)
    schema.upgrade(engine)
    builders.office(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def founded_postgres() -> Iterator[str]:
    """A PostgreSQL template database with the small hotel in it; its name."""
    if not POSTGRES:
        pytest.skip(WHY_NOT)
    name = f"founded_{uuid.uuid4().hex[:12]}"
    _admin(f"CREATE DATABASE {name}")
    engine = open_engine(make_url(POSTGRES).set(database=name), builders.SECRET)
    schema.upgrade(engine)
    builders.office(engine)
    engine.dispose()
    yield name
    _admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def busy_postgres() -> Iterator[tuple[str, busy.Facts]]:
    """A PostgreSQL template database with the busy hotel in it: its name, and what its records are called."""
    if not POSTGRES:
        pytest.skip(WHY_NOT)
    name = f"busy_{uuid.uuid4().hex[:12]}"
    _admin(f"CREATE DATABASE {name}")
    house, facts = busy.furnish(open_engine(make_url(POSTGRES).set(database=name), builders.SECRET))
    house.engine.dispose()
    yield name, facts
    _admin(f"DROP DATABASE {name} WITH (FORCE)")


def _admin(statement: str) -> None:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def sqlite(founded: Path, tmp_path: Path) -> Iterator[Engine]:
    """The small hotel on a SQLite file of its own."""
    for suffix in ("", "-wal", "-shm"):
        if (source := founded.with_name(founded.name + suffix)).exists():
            shutil.copy(source, tmp_path / source.name)
    engine = open_engine(sqlite_url(tmp_path / founded.name), builders.SECRET)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres(founded_postgres: str) -> Iterator[Engine]:
    """The small hotel in a PostgreSQL database of its own."""
    name = f"hotel_{uuid.uuid4().hex[:12]}"
    _admin(f"CREATE DATABASE {name} TEMPLATE {founded_postgres} STRATEGY FILE_COPY")
    engine = open_engine(make_url(POSTGRES).set(database=name), builders.SECRET)
    yield engine
    engine.dispose()
    _admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The small hotel on each engine in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def house(engine: Engine) -> builders.House:
    """The small hotel's office, its owner signed in, on each engine in turn."""
    return builders.office(engine, found=False)


@pytest.fixture
def desk(sqlite: Engine) -> builders.House:
    """The small hotel's office on SQLite, for screens."""
    return builders.office(sqlite, found=False)


Fresh = Callable[[], AbstractContextManager[builders.House]]


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """A new small hotel for each example of a property, on each engine in turn."""
    source = request.getfixturevalue("founded" if request.param == "sqlite" else "founded_postgres")

    @contextmanager
    def made() -> Iterator[builders.House]:
        name = f"hotel_{uuid.uuid4().hex[:12]}"
        if request.param == "sqlite":
            url = sqlite_url(shutil.copy(source, tmp_path / name))
        else:
            _admin(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
            url = make_url(POSTGRES).set(database=name)
        engine = open_engine(url, builders.SECRET)
        try:
            yield builders.office(engine, found=False)
        finally:
            engine.dispose()
            if request.param == "postgres":
                _admin(f"DROP DATABASE {name} WITH (FORCE)")

    return made


@pytest.fixture(scope="session")
def shimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that disturbs system calls; without a C compiler the test is skipped and says so, and where
    CI is set it fails."""
    if why := shim.why_not():
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return shim.build(tmp_path_factory.mktemp("shim"))


@pytest.fixture
def qtbot(qtbot: Any) -> Any:
    """What is shown by itself wears what the program's windows wear."""
    from pms.ui.kit import theme

    add = qtbot.addWidget

    def dressed(widget: Any, **how: Any) -> None:
        if widget.isWindow() and not widget.styleSheet():
            theme.wear(widget)
        add(widget, **how)

    qtbot.addWidget = dressed
    return qtbot


@pytest.fixture(autouse=True)
def english() -> None:
    """Every test begins in English, whatever the one before it spoke."""
    i18n.use("en")


@pytest.fixture(autouse=True, scope="session")
def standing() -> None:
    """What every module brought along stands to the end: sweeping after each test need not look at it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def swept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Delete a test's closed windows before the next one, on the window's thread.

    Qt keeps them until an event loop ends, and every change of dress repaints them all. Python's collector,
    left to itself, takes them apart in whatever thread it falls due, which Qt answers with a crash now and
    then or by standing still; the program has a sweeper of its own for that.
    """
    windows = "qapp" in request.fixturenames
    if windows:
        gc.disable()
    yield
    if (widgets := sys.modules.get("PySide6.QtWidgets")) and (app := widgets.QApplication.instance()):
        from PySide6.QtCore import QEvent

        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.clipboard().clear()  # as on a workstation just started, whatever a test copied
    if windows:
        gc.collect()
        for left in app.topLevelWidgets():
            if left.parentWidget() is None:  # a timer's function may know its window, which Python cannot see
                left.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.freeze()  # what is left came with a module that was read meanwhile: the next sweep is quick
        gc.enable()
