"""Settings: found, kept whole, and never in the way of the hotel's data."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from pms.core import private, settings
from pms.core.errors import Refused
from pms.core.settings import Home, Settings, home, load, save


def test_a_new_workstation_has_a_name_and_the_language_of_its_login(place, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert load(place).language == "zh_CN"
    monkeypatch.setenv("LC_ALL", "C")
    found = load(place)
    assert (found.language, found.ready) == ("en", False)
    assert found.station


def test_settings_come_back_as_they_were_kept(place):
    kept = Settings(database="/data/hotel.db", station="前台 1", language="en", theme="dark", scale=115)
    save(place, kept)
    assert load(place) == kept
    assert stat.S_IMODE(place.settings.stat().st_mode) == 0o600


def test_what_a_newer_release_wrote_is_kept(place):
    place.config.mkdir(parents=True)
    place.settings.write_text(json.dumps({"theme": "dark", "voice": {"loud": True}}), "utf-8")
    save(place, replace(load(place), scale=130))
    stored = json.loads(place.settings.read_text("utf-8"))
    assert (stored["theme"], stored["scale"], stored["voice"]) == ("dark", 130, {"loud": True})


def test_a_garbled_value_falls_back_to_the_start_value(place):
    place.config.mkdir(parents=True)
    place.settings.write_text('{"scale": "huge", "theme": 7, "station": "desk-9"}', "utf-8")
    found = load(place)
    assert (found.scale, found.theme, found.station) == (100, "light", "desk-9")


@pytest.mark.parametrize("text", ["{", "[1]", "\x00"])
def test_a_file_that_is_no_settings_is_refused_and_left_alone(place, text):
    place.config.mkdir(parents=True)
    place.settings.write_text(text, "utf-8")
    with pytest.raises(Refused, match=r"settings\.json"):
        load(place)
    assert place.settings.read_text("utf-8") == text


def test_a_failed_write_leaves_the_old_settings_and_no_scraps(place, monkeypatch):
    save(place, Settings(database="/old"))
    monkeypatch.setattr(
        os, "fsync", lambda _fd: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(Refused, match="the disk is full"):
        save(place, Settings(database="/new"))
    assert load(place).database == "/old"
    assert [p.name for p in place.config.iterdir()] == ["settings.json"]


def test_the_demonstration_hotel_has_a_home_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("PMS_HOME", str(tmp_path))
    here = home()
    assert here == Home(tmp_path, tmp_path)
    assert here.demo.database == tmp_path / "demo" / "hotel.db"
    assert here.demo.key.parent == tmp_path / "demo"


def test_without_a_home_given_the_systems_folders_are_used(monkeypatch, tmp_path):
    monkeypatch.delenv("PMS_HOME", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    assert home() == Home(tmp_path / "c" / "pms", Path(tmp_path / "d" / "pms"))


def test_a_file_that_replaces_another_has_its_name_on_the_disk(tmp_path, monkeypatch):
    """The key file above all: after a power cut a name is gone whose folder was not waited for."""
    seen = []
    monkeypatch.setattr(private, "sync_folder", lambda folder: seen.append((folder, path.read_text())))
    path = tmp_path / "config" / "hotel.key"
    settings.write_private(path, "secret")
    assert seen == [(path.parent, "secret")]
