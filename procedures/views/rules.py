"""Rules by which drafts come into force."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import access_of
from people.doors import requires
from records.practices import PROCESSES
from records.views.base import saved, see_other

from .. import carriers, operations
from ..forms import RuleForm
from ..models import ActivationRule

ADDRESS = "/procedures/rules/"
SET = "procedure.set_rules"


@requires("procedure.view")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule in the order in which they are asked."""
    access, labels = access_of(request.user), carriers.choices()
    context = {
        "rules": [
            {
                "rule": each,
                "processes": [PROCESSES[name] for name in each.processes if name in PROCESSES],
                "raises": labels.get(each.raises, each.raises),
            }
            for each in ActivationRule.objects.all()
        ],
        "can_set": access.allows(SET),
        "can_see_policies": access.allows("approval_policy.view"),
    }
    return render(request, "procedures/rules.html", context)


@requires(SET)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a rule."""
    return _form(request, None)


@requires(SET)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, key: int) -> HttpResponse:
    """Change a rule."""
    return _form(request, get_object_or_404(ActivationRule, pk=key))


@requires(SET)
@require_POST
def removal(request: HttpRequest, key: int) -> HttpResponse:
    """Take a rule away."""
    operations.remove_rule(rule=get_object_or_404(ActivationRule, pk=key), by=request.user, at=now())
    messages.success(request, _("Rule removed."))
    return see_other(request, ADDRESS)


def _form(request: HttpRequest, found: ActivationRule | None) -> HttpResponse:
    def ask(status: int = 200) -> HttpResponse:
        return render(request, "procedures/rule.html", {"form": form, "rule": found}, status=status)

    if request.method != "POST":
        initial: dict[str, Any] = {name: getattr(found, name) for name in RuleForm.base_fields} if found else {}
        form = RuleForm(initial=initial, rule=found)
        return ask()
    form = RuleForm(request.POST, rule=found)
    return saved(
        request,
        form,
        lambda said: operations.set_rule(rule=found, by=request.user, at=now(), **said),
        ask=ask,
        url=ADDRESS,
    )
