"""The map, its gaps and signals over REST."""

from typing import Any

from common.api.describing import describe
from common.api.fields import Nothing
from common.api.views import ApiView, one_of
from common.time import now

from ..dismissing import OPERATION, dismiss, reconsider
from ..mapping import Map
from ..models import Practice, Signal
from ..raising import raise_gap, raise_signal
from ..signaling import shown
from .shapes import (
    DismissalBody,
    PracticeGapList,
    PracticeMapShape,
    PracticeSignalList,
    PracticeSignalShape,
    RaisedImprovement,
    SignalsQuery,
    gap,
    signal,
    step,
)

VIEW, RAISE = "practice_map.view", "improvement.create"


class PracticeMap(ApiView):
    """Frameworks by steps."""

    operations = {"GET": VIEW}

    @describe("Get the practice map", gives=PracticeMapShape)
    def get(self, request: Any) -> Any:
        view = Map(request.user)
        figures = view.figures
        names = ("frameworks", "practices", "attachments", "steps_used", "overlaps", "orphans", "gaps")
        said = {name: getattr(figures, name) for name in names} | {"duplicates_avoided": figures.avoided}
        return self.answer({"figures": said, "items": [step(row) for row in view.rows]})


class PracticeGaps(ApiView):
    """Practices of which nothing is done here, or nothing but written."""

    operations = {"GET": VIEW}

    @describe("List gaps of the practice map", gives=PracticeGapList)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [gap(each) for each in Map(request.user).unproven]})


class PracticeGapImprovement(ApiView):
    """An improvement of a gap."""

    operations = {"POST": RAISE}
    also = (VIEW,)

    @describe(
        "Start an improvement for a gap", takes=Nothing, gives=RaisedImprovement, status=201, problems=[404, 409],
        description="The number is that of the practice. Once, until that improvement has ended.",
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        found = one_of(Practice.objects.select_related("pack").filter(pack__is_active=True), number)
        made = raise_gap(practice=found, by=request.user, at=now())
        return self.answer({"improvement": made.reference}, status=201, location=_address(made))


class PracticeSignals(ApiView):
    """Measures that miss their targets."""

    operations = {"GET": VIEW}

    @describe("List signals of practices", gives=PracticeSignalList, parameters=[SignalsQuery])
    def get(self, request: Any) -> Any:
        is_dismissed = SignalsQuery.of(request)["is_dismissed"]
        rows = Signal.objects.dismissed() if is_dismissed else Signal.objects.open()
        return self.answer({"items": [signal(each) for each in shown(request.user, rows)]})


class PracticeSignalImprovement(ApiView):
    """An improvement of a signal."""

    operations = {"POST": RAISE}
    also = (VIEW,)

    @describe(
        "Start an improvement for a signal", takes=Nothing, gives=RaisedImprovement, status=201, problems=[404, 409]
    )
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        made = raise_signal(signal=one_of(Signal.objects.all(), number), by=request.user, at=now())
        return self.answer({"improvement": made.reference}, status=201, location=_address(made))


class PracticeSignalDismissal(ApiView):
    """A false alarm."""

    operations = {"POST": OPERATION}

    @describe(
        "Dismiss a signal as a false alarm", takes=DismissalBody, gives=PracticeSignalShape, problems=[404, 409],
        description="It is remembered, and comes back by itself if a later month is worse.",
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        said = DismissalBody.read(request.data, by=request.user)
        found = one_of(Signal.objects.all(), number)
        return _shown(self, dismiss(signal=found, by=request.user, at=now(), **said))


class PracticeSignalReconsideration(ApiView):
    """A dismissal taken back."""

    operations = {"POST": OPERATION}

    @describe("Take the dismissal of a signal back", takes=Nothing, gives=PracticeSignalShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        return _shown(self, reconsider(signal=one_of(Signal.objects.all(), number), by=request.user, at=now()))


def _shown(door: ApiView, made: Signal) -> Any:
    rows = shown(door.request.user, Signal.objects.filter(pk=made.pk))
    return door.answer(signal(rows[0]))


def _address(made: Any) -> str:
    return f"/api/v1/improvements/{made.reference}/"
