"""What an incident tells of the outage behind it."""

from slm.availability.declaring import tells_of_outages
from slm.availability.sources import Told

from .models import Incident


def declare_outages() -> None:
    """Called when the app is ready."""
    tells_of_outages("incident", _told)


def _told(incident: Incident) -> Told:
    return Told(incident.outage_from, incident.outage_to, incident.affected_count)
