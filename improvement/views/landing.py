"""The register: board by step, suggestions, matrix, goals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from people.access import access_of
from people.doors import requires

from ..queries import register, scoring

VIEWS = {
    "board": _("Board"),
    "suggestions": _("Suggestions"),
    "matrix": _("Matrix"),
    "goals": _("Goals"),
    "ended": _("Ended"),
}


@requires("record.queue")
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """One of the views of the register; the address says which."""
    view = request.GET.get("view", "board")
    view = view if view in VIEWS else "board"
    access, scales = access_of(request.user), scoring.scales()
    context = {
        "view": view,
        "tabs": [
            {"label": label, "url": f"/improvements/?view={name}", "is_current": name == view}
            for name, label in VIEWS.items()
        ],
        "can_create": access.allows("improvement.create"),
        "can_edit": access.allows("improvement.edit"),
        "can_triage": access.allows("improvement.triage"),
        "can_vote": access.allows("improvement.vote"),
        "can_set_goals": access.allows("improvement.set_goals"),
    }
    if view == "board":
        columns, is_cut = register.board(request.user, scales)
        context |= {"columns": columns, "is_cut": is_cut, "is_empty": not any(each["cards"] for each in columns)}
    elif view == "suggestions":
        context["suggestions"] = register.suggestions(request.user)
    elif view == "matrix":
        found = register.scored(request.user)
        context |= {
            "rows": scoring.matrix_of(found),
            "unscored": [each for each in found if not each.is_scored],
            "count": len(found),
            "scales": scales.rows,
        }
    elif view == "goals":
        context |= {"goals": register.goals(request.user), "orphans": register.orphans(request.user)}
    else:
        context["ended"] = register.ended(request.user)
    return render(request, "improvement/landing.html", context)
