"""The hotel's key: kept for one login only, and readable from paper."""

import stat
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from pms.core.errors import Refused, StoreTrouble
from pms.core.settings import Settings
from pms.db import keys
from pms.printing import pdf, receipt
from pms.services.opening import printouts
from tests import builders

KEY = bytes(range(32))


@given(st.binary(min_size=32, max_size=32))
def test_every_key_comes_back_from_paper(key):
    groups = keys.written(key)
    assert len(groups) == 13
    assert keys.read("-".join(groups)) == key
    assert keys.read(" ".join(groups).lower()) == key


def test_letters_that_look_like_figures_are_read_as_figures():
    key = bytes([8] * 32)
    written = " ".join(keys.written(key))
    assert "0" in written
    assert "1" in written
    assert keys.read(written.replace("0", "O").replace("1", "l")) == key


@given(st.binary(min_size=32, max_size=32), st.integers(0, 64), st.sampled_from(keys.SIGNS))
def test_one_wrong_sign_names_its_group(key, at, sign):
    right = "".join(keys.written(key))
    if right[at] == sign or {right[at], sign} == {"0", "Z"}:
        return
    with pytest.raises(Refused, match=rf"Group {at // 5 + 1} "):
        keys.read(right[:at] + sign + right[at + 1 :])


def test_two_groups_that_changed_places_are_noticed():
    groups = list(keys.written(KEY))
    groups[2], groups[5] = groups[5], groups[2]
    with pytest.raises(Refused, match="Group 3, 6 "):
        keys.read(" ".join(groups))


def test_a_key_that_is_too_short_says_how_many_signs_it_wants():
    with pytest.raises(Refused, match="65 characters, 60 were typed"):
        keys.read(" ".join(keys.written(KEY)[:12]))


def test_the_key_file_is_for_one_login_only(place):
    keys.save(place, Settings(), KEY)
    assert stat.S_IMODE(place.key.stat().st_mode) == 0o600
    assert keys.load(place, Settings()) == KEY
    assert not keys.exposed(place.key)
    place.key.chmod(0o644)
    assert keys.exposed(place.key)


def test_another_hotels_key_is_never_overwritten(place):
    keys.save(place, Settings(), KEY)
    keys.save(place, Settings(), KEY)
    with pytest.raises(Refused, match="another hotel"):
        keys.save(place, Settings(), bytes(32))
    assert keys.load(place, Settings()) == KEY


def test_a_missing_or_damaged_key_points_to_the_recovery_sheet(place):
    with pytest.raises(StoreTrouble, match="recovery sheet"):
        keys.load(place, Settings())
    place.config.mkdir(parents=True)
    place.key.write_text("not a key")
    with pytest.raises(StoreTrouble, match="damaged"):
        keys.load(place, Settings())


def test_the_keyring_keeps_the_key_when_the_settings_say_so(place, monkeypatch):
    import keyring

    kept = {}
    monkeypatch.setattr(
        keyring, "set_password", lambda service, name, value: kept.update({(service, name): value})
    )
    monkeypatch.setattr(keyring, "get_password", lambda service, name: kept.get((service, name)))
    settings = replace(Settings(), key="keyring")
    with pytest.raises(StoreTrouble, match="no key of the hotel"):
        keys.load(place, settings)
    keys.save(place, settings, KEY)
    assert keys.load(place, settings) == KEY
    assert not place.key.exists()


def test_a_keyring_that_does_not_answer_is_one_sentence(place, monkeypatch):
    import keyring
    from keyring.errors import KeyringLocked

    def locked(*_args):
        raise KeyringLocked("locked")

    monkeypatch.setattr(keyring, "get_password", locked)
    with pytest.raises(StoreTrouble, match="keyring does not answer"):
        keys.load(place, Settings(key="keyring"))


def test_the_sub_keys_are_those_of_the_standard():
    found = keys.derive(KEY)
    purposes = (b"pms database", b"pms seals", b"pms marks", b"pms records")
    wanted = [HKDF(SHA256(), 32, None, purpose).derive(KEY) for purpose in purposes]
    assert [found.database, found.seal, found.mark, found.chain] == wanted
    assert len({KEY, *wanted}) == 5


def test_the_recovery_sheet_holds_the_whole_key_and_says_what_losing_it_means():
    slip = printouts.recovery_sheet(
        house="云栖酒店", day=builders.TODAY, database="/data/hotel.db", groups=keys.written(KEY)
    )
    stored = str(slip.to_dict())
    assert all(group in stored for group in keys.written(KEY))
    assert "lost the hotel's books" in stored
    assert pdf.render(slip).startswith(b"%PDF")
    assert receipt.render(replace(slip, paper="80mm"))
