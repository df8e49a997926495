"""What the API knows of releases, and what doors below one share."""

from typing import Any

from common.time import now
from records.api.records import InnerDoor
from records.api.resource import Resource

from ..models import Release
from .bodies import EXAMPLES, NewRelease, ReleaseChange
from .representation import RELATED, ReleaseDetail, release

RELEASES = Resource(
    kind="release",
    one="a release",
    shape=ReleaseDetail,
    represent=release,
    new=NewRelease,
    making="Plan a release",
    new_examples=EXAMPLES,
    new_description="In planning, with the lines of the readiness checklist that are asked of its type.",
    change=ReleaseChange,
    change_examples=(("Record the build", {"build_reference": "gateway-4.2.0+817"}),),
    related=RELATED,
)


class ReleaseDoor(InnerDoor):
    """A door to the provider's side of one release."""

    kind = "release"

    def about(self) -> dict[str, Any]:
        return {"by": self.request.user, "at": now()}

    def shown(self, reference: str) -> Any:
        """The release as it is now."""
        found = Release.objects.select_related(*RELATED).get(pk=self.inner(reference).pk)
        return self.answer(release(found, by=self.request.user, at=now()), version=found.version)
