"""What the sample's services are said to be goes with the sample."""

import pytest

from itsm.sample.cast import assemble
from itsm.sample.removal import remove
from itsm.sample.specifications import Scribe
from services.models import Service
from services.specifications.models import Specification, Statement
from tests.conftest import moment


@pytest.mark.django_db
def test_specifications_of_the_sample_are_written_and_go_with_it():
    at = moment("2026-03-04 11:00")

    told = Scribe(assemble(password="x", at=at), at=at).tell()
    remove()

    assert told == 8
    assert not any(kind.objects.exists() for kind in (Specification, Statement, Service))
