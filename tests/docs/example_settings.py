"""Settings for the tests of the example practice: those of our tests, in the copy of their database."""

import os

from itsm.settings.testing import *  # noqa: F403
from itsm.settings.testing import DATABASES

DATABASES["default"]["TEST"] = {"NAME": os.environ["EXAMPLE_DATABASE"]}
