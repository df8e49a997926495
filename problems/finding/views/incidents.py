"""The incidents behind a number that the query language has no words for."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

ROWS = 50


def listed(request: HttpRequest, rows: Any, **said: Any) -> HttpResponseBase:
    """:param said: `crumbs`, `title` and `detail` of the page, and `query`, the address without the page number."""
    rows = rows.select_related("service", "team").order_by("-pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "problems/finding/incidents.html", said | {"page": page})
