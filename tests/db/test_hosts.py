"""Several servers in one address, and which of them a desk may write to."""

import psycopg
import pytest
from sqlalchemy import make_url

from pms.core.settings import Settings
from pms.db import backup, hosts, keys, roles
from pms.db.engine import open_engine
from pms.db.hosts import Address, Newest, Seen, Servers
from pms.services.opening import store

A, B = Address("10.0.0.1"), Address("10.0.0.2", 5433)
HOTEL = 7713773127608548042


def seen(address, timeline, *, writes=True, identifier=HOTEL, why=""):
    return Seen(address, identifier, timeline, writes, why)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("10.0.0.1", [A]),
        ("10.0.0.1,10.0.0.2:5433", [A, B]),
        (" 10.0.0.1 , 10.0.0.2:5433 ,", [A, B]),
        ("::1", [Address("::1")]),
        ("[::1]:5433,localhost", [Address("::1", 5433), Address("localhost")]),
        ("/var/run/postgresql", [Address("/var/run/postgresql")]),
        ("", [Address("")]),
    ],
)
def test_addresses_are_read_as_they_are_typed(words, found):
    assert hosts.typed(words) == found


@pytest.mark.parametrize("known", [[A], [B], [A, B], [B, A]])
def test_a_url_gives_its_addresses_back_through_the_settings(known):
    url = hosts.addressed(make_url("postgresql+psycopg://u:p@/hotel?sslmode=verify-full"), known)
    kept = store.url_of(Settings(database=url.render_as_string(hide_password=False)))
    assert hosts.addresses(kept) == known
    assert kept.query["sslmode"] == "verify-full"
    assert kept.query.get("target_session_attrs", "") == ("read-write" if len(known) > 1 else "")
    assert hosts.addresses(hosts.addressed(kept, [A])) == [A]


def test_addresses_are_found_in_every_way_that_libpq_and_sqlalchemy_write_them():
    for words in ("host=10.0.0.1:5432&host=10.0.0.2:5433", "host=10.0.0.1,10.0.0.2&port=5432,5433"):
        assert hosts.addresses(make_url(f"postgresql+psycopg://u@/hotel?{words}")) == [A, B]


def test_several_servers_elsewhere_must_prove_who_they_are_even_if_one_is_here():
    url = hosts.addressed(make_url("postgresql+psycopg://u:p@/hotel"), [Address("localhost"), B])
    assert "10.0.0.2:5433" in roles.weaker(url)
    assert roles.weaker(url.update_query_dict({"sslmode": "verify-full"})) == ""
    assert roles.is_local(hosts.addressed(url, [Address("localhost"), Address("127.0.0.1", 5433)]))


def test_the_one_promoted_last_is_written_to_and_never_an_older_one_again(tmp_path):
    servers = Servers([A, B], Newest(tmp_path / "newest"))
    assert servers._fit([seen(A, 1), seen(B, 0, writes=False)]) == [seen(A, 1)]
    assert servers.promotions == 0
    assert servers._fit([seen(A, 1), seen(B, 2)]) == [seen(B, 2)]
    assert servers.promotions == 1
    assert servers._fit([seen(A, 1), seen(B, 0, why="no answer")]) == []
    again = Servers([A, B], Newest(tmp_path / "newest"))  # the program was closed meanwhile
    assert again._fit([seen(A, 1)]) == []
    assert again._fit([seen(A, 3), seen(B, 2)]) == [seen(A, 3)]


def test_another_hotels_server_is_not_taken_for_ones_own(tmp_path):
    servers = Servers([A, B], Newest(tmp_path / "newest"))
    servers._fit([seen(A, 1)])
    stranger = seen(B, 9, identifier=HOTEL + 1)
    assert servers._fit([stranger, seen(A, 1)]) == [seen(A, 1)]
    assert servers._fit([stranger]) == []
    assert "another hotel's, or made anew" in str(servers._none([stranger]))
    assert Servers([A, B], Newest(tmp_path / "other"))._fit([seen(A, 1), stranger]) == [seen(A, 1)]


def test_two_that_take_what_is_typed_are_told():
    told = hosts.told([seen(A, 1), seen(B, 2)], [seen(B, 2)])
    assert told[0].startswith(
        "10.0.0.1 takes what is typed although 10.0.0.2:5433 was promoted in its place."
    )
    assert hosts.told([seen(A, 1), seen(B, 0, writes=False)], [seen(A, 1)]) == []


def test_a_half_written_memory_is_none(tmp_path):
    path = tmp_path / "newest"
    path.write_text(f"{HOTEL} 2\n{HOTEL}")
    assert Newest(path).of(HOTEL) == 2
    path.write_text("nonsense")
    assert Newest(path).of(HOTEL) == 0


def test_the_servers_own_backup_names_the_first_of_several():
    engine = open_engine(
        hosts.addressed(make_url("postgresql+psycopg://u:p@/hotel"), [B, A]), keys.derive(bytes(32))
    )
    assert "--host=10.0.0.2 --port=5433 " in backup.server_sentence(engine)


def test_a_server_that_answers_and_then_lets_nobody_in_is_told_in_its_own_words(monkeypatch):
    """The question took the last place; the desk's own connection came too late."""
    servers = Servers([A, B], Newest())
    monkeypatch.setattr(servers, "look", lambda: [seen(A, 1), seen(B, 1, writes=False)])

    def refused(_address):
        raise psycopg.OperationalError("connection failed: FATAL:  sorry, too many clients already")

    monkeypatch.setattr(servers, "_to", refused)
    with pytest.raises(psycopg.OperationalError, match=r"10\.0\.0\.1: sorry, too many clients already; "):
        servers.connect({})
