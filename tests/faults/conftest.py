"""What the faults need of the machine."""
import os
from pathlib import Path

import pytest

from tests.faults import shim


@pytest.fixture(scope="session")
def shimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled shim; without a compiler the test is skipped and says so, and where CI is set it fails."""
    if why := shim.why_not():
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return shim.build(tmp_path_factory.mktemp("shim"))
