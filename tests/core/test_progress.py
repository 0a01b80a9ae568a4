"""How far long work is: told from where it is done to where it is waited for."""

from pms.core import progress


def test_what_nobody_hears_is_told_to_nobody():
    progress.told(500)
    with progress.between(0, 500):
        assert list(progress.through("abc")) == ["a", "b", "c"]


def test_parts_of_the_work_are_parts_of_the_whole():
    told: list[int] = []
    with progress.heard_by(told.append):
        with progress.between(0, 600):
            assert len(list(progress.through(range(400)))) == 400
        progress.told(700)
        with progress.between(800, 1000), progress.between(500, 1000):
            progress.told(0)
    assert told == [0, 150, 300, 450, 600, 700, 900, 1000, 1000]
    progress.told(1)
    assert len(told) == 9
