"""A part of ``tamper``: every kind of forgery four times on each engine, and an honest house beside it."""

from tests.faults import tamper

ROUNDS = 4 * len((*tamper.GUARDED, *tamper.OPEN))


def judged(count: tamper.Count) -> None:
    assert count.missed == []
    assert count.tries == ROUNDS
    for forgery in (*tamper.GUARDED, *tamper.OPEN):
        name = forgery.__name__
        assert count.named[name] + count.by_marks[name] > 0, name
    assert set(count.by_marks) <= {forgery.__name__ for forgery in tamper.BY_MARKS_ALONE}


def test_every_forgery_in_a_file_is_named():
    judged(tamper.on_sqlite(ROUNDS, seed=3))


def test_every_forgery_on_a_server_is_named(founded_postgres):
    judged(tamper.on_postgres(ROUNDS, seed=4))
