"""
The pytest plug-in that starts a private PostgreSQL and Valkey before Django reads its settings.

pytest-django reads the settings before any conftest.py, so this stands in `addopts` (`-p tests.plugin`). With
xdist the workers inherit the addresses by the environment. Real servers named by DATABASE_URL and REDIS_URL
are used instead.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Before anything of ours: importing the project names the settings for running, and the first to name them wins.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings.testing")

from itsm.embedded import location
from itsm.embedded.servers import Servers, prepare_home


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the servers of this run, unless we are a worker of one or real servers are named."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    folder = Path(tempfile.mkdtemp(prefix="steward-tests-"))
    folder.chmod(0o711)  # started by root, the servers run as another account that must pass through
    os.environ["STEWARD_HOME"] = str(folder / "home")
    home = prepare_home()
    (home / "static").mkdir()  # WhiteNoise warns in every test that opens a page when there is none
    servers = Servers(home, throwaway=True)
    servers.take_lock(purpose="the tests")
    servers.start()
    os.environ.setdefault("DATABASE_URL", location.database_url())
    os.environ.setdefault("REDIS_URL", location.redis_url())

    def clean_up() -> None:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clean_up)
