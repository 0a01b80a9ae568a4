"""A workstation of its own for each test."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pms.core import i18n
from pms.core.settings import Home, Settings, load, save
from pms.db import keys
from pms.db.office import DatabaseOffice
from pms.duties import offered
from pms.services.opening import service, store
from tests import builders

KEY = bytes(range(1, 33))
AT_NIGHT = """
import sys
from tests import builders
from pms.__main__ import main
from pms.services.opening import store

clock = store.open_office.__kwdefaults__["clock"] = builders.Clock()
clock.set(builders.TODAY + builders.DAY, 2)
sys.exit(main(sys.argv[1:]))
"""
"""The program, started at two in the morning after the small hotel's first day."""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in English."""
    before = i18n.language()
    i18n.use("en")
    yield
    i18n.use(before)


@pytest.fixture
def place(tmp_path: Path) -> Home:
    """An empty home; settings and data lie apart, as on a real system."""
    return Home(tmp_path / "config", tmp_path / "data")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small hotel in a file opened by ``KEY``."""
    folder = tmp_path_factory.mktemp("start")
    office = store.new_office(
        store.url_of(Settings(database=str(folder / "hotel.db"))),
        KEY,
        "desk-1",
        offered(),
        clock=builders.Clock(),
    )
    office.do(service.found.of(hotel=builders.SMALL))
    office.engine.dispose()
    return folder / "hotel.db"


@pytest.fixture
def ready(place: Home, template: Path) -> tuple[Home, Settings]:
    """A workstation on which the small hotel has been set up."""
    settings = replace(load(place), database=str(place.database), station="desk-1", language="en")
    place.data.mkdir(parents=True)
    place.database.write_bytes(template.read_bytes())
    keys.save(place, settings, KEY)
    save(place, settings)
    return place, settings


@pytest.fixture
def opened(ready: tuple[Home, Settings]) -> Iterator[DatabaseOffice]:
    """The small hotel, opened as the program opens it."""
    office = store.open_office(*ready, offered(), clock=builders.Clock())
    yield office
    office.engine.dispose()
