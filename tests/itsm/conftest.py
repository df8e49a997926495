"""A folder of all state for the tests of starts and stops."""

import shutil
import tempfile
from pathlib import Path

import pytest

from itsm.embedded.servers import prepare_home


@pytest.fixture
def home(monkeypatch):
    """An empty folder of all state, which the servers' account can reach also when we are root."""
    base = Path(tempfile.mkdtemp(prefix="steward-test-"))
    base.chmod(0o711)
    monkeypatch.setenv("STEWARD_HOME", str(base / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    yield prepare_home()
    shutil.rmtree(base)
