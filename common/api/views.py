"""The base of every door of the REST API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import APIView

from .fields import LARGEST_KEY
from .paging import Sort, listing, page
from .preconditions import etag

BY_NAME = {"name": Sort("name")}


class ApiView(APIView):
    """
    Name in `operations` what each method does, as the permission matrix calls it; a method without one is refused.

    :cvar also: operations that each method needs besides its own, for example to see the record it is about.
    """

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    operations: ClassVar[dict[str, str]] = {}
    also: ClassVar[tuple[str, ...]] = ()

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Say 405 before anything else: which methods an address knows is no secret."""
        if request.method.lower() not in self.http_method_names or not hasattr(self, request.method.lower()):
            raise exceptions.MethodNotAllowed(
                request.method,
                detail=_("%(method)s is not possible here. Allowed: %(allowed)s.")
                % {"method": request.method, "allowed": ", ".join(self.allowed_methods)},
            )
        if any(isinstance(each, str) and "\x00" in each for each in kwargs.values()):
            raise Http404  # no name holds a null character, and the database would not even look for one
        super().initial(request, *args, **kwargs)

    def answer(
        self, data: Any = None, *, status: int = 200, version: int | None = None, location: str = ""
    ) -> Response:
        """Answer with plain values. :param version: of the row, for the ETag. :param location: of what was made."""
        headers = {}
        if version is not None:
            headers["ETag"] = etag(version)
        if location:
            headers["Location"] = location
        return Response(data, status=status, headers=headers or None)


class ListDoor(ApiView):
    """A list by name with the usual filters: part of the name, in use or not."""

    def listed(self, request: Any, rows: QuerySet[Any], query: dict[str, Any], show: Any) -> Any:
        if "q" in query:
            rows = rows.filter(name__icontains=query["q"])
        if query.get("is_active") is not None:
            rows = rows.filter(is_active=query["is_active"])
        found, following = page(
            rows, request=request, sorts=BY_NAME, sort="name", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([show(row) for row in found], following))


def one_of(rows: QuerySet[Any], number: int) -> Any:
    """:raises Http404: not among the rows that the caller may see."""
    found = rows.filter(pk=number).first() if number <= LARGEST_KEY else None
    if found is None:
        raise Http404
    return found
