"""Whether a model of standard changes still deserves its approval."""

from datetime import datetime

from django.utils.translation import gettext as _

from audit import log
from common.speech import plainly

from ..enums import ModelState, Outcome
from ..models import Change, ChangeModel


def judge_model(*, model_id: int, at: datetime) -> ChangeModel | None:
    """
    Suspend the model when too few of its latest changes were plainly successful. Call it inside a transaction.

    :returns: the model if it was suspended now.
    """
    model = ChangeModel.objects.select_for_update().get(pk=model_id)
    if model.state != ModelState.APPROVED:
        return None
    latest = Change.objects.filter(model=model).exclude(outcome="")
    if model.approved_at is not None:
        latest = latest.filter(actual_to__gte=model.approved_at)
    outcomes = list(latest.order_by("-actual_to").values_list("outcome", flat=True)[: model.judged_uses])
    if len(outcomes) < model.judged_uses:
        return None
    share = 100 * outcomes.count(Outcome.SUCCESSFUL) // len(outcomes)
    if share >= model.least_success_percent:
        return None
    model.state = ModelState.SUSPENDED
    with plainly():
        model.state_reason = _("%(share)s %% of its latest %(count)s changes succeeded; %(least)s %% are wanted.") % {
            "share": share,
            "count": len(outcomes),
            "least": model.least_success_percent,
        }
    model.version += 1
    model.save(update_fields=["state", "state_reason", "version"])
    log.record(
        "change_model.suspended",
        subject_kind="change_model",
        subject_id=model.pk,
        subject_label=model.name,
        by=None,
        at=at,
        reason=model.state_reason,
    )
    return model
