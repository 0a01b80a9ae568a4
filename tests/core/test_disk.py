"""Why a file could not be written is said in the language of the screen."""

import errno
import os
from pathlib import Path

import pytest

from pms.core import disk, i18n


@pytest.mark.parametrize(("language", "words"), [("en", "the disk is full"), ("zh_CN", "磁盘已满")])
def test_a_full_disk_is_called_so(language, words):
    i18n.use(language)
    with pytest.raises(OSError, match="No space") as raised:
        Path("/dev/full").write_text("x")
    assert disk.why(raised.value) == words
    i18n.use("en")


def test_what_has_no_words_of_ours_has_the_systems(tmp_path):
    with pytest.raises(OSError, match="directory") as raised:
        tmp_path.read_bytes()
    assert disk.why(raised.value) == os.strerror(errno.EISDIR)
