"""How the schema of the API is made from the doors."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema as SpectacularSchema

from common.api.fields import Strict
from people import matrix

_VERBS = {"GET": "get", "POST": "post", "PUT": "put", "PATCH": "change", "DELETE": "remove"}


class AutoSchema(SpectacularSchema):
    """Operation ids from the address, and for each operation what the matrix and the token must give."""

    def get_operation_id(self) -> str:
        verb = "list" if self.method == "GET" and not self.path.rstrip("/").endswith("}") else _VERBS[self.method]
        parts = [part.strip("{}") for part in self.path.removeprefix("/api/v1/").split("/") if part]
        return "_".join([verb, *parts])

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        found = super().get_operation(*args, **kwargs)
        operation = getattr(self.view, "operations", {}).get(self.method)
        if found is None or operation is None:
            return found
        asked = [operation, *getattr(self.view, "also", ())]
        scopes = sorted({matrix.rule(each).scope for each in asked})
        found["x-operation"] = operation
        found["x-scopes"] = scopes
        return found

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        found = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Strict):
            found["additionalProperties"] = False
        return found


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "people.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made by `manage.py token USER --scope …` or in the profile.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "people.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class RowSchema(OpenApiSerializerFieldExtension):
    target_class = "common.api.fields.Row"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {
            "oneOf": [
                {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
                {"type": "string", "minLength": 1, "maxLength": 200},
            ]
        }


class RecordRowSchema(OpenApiSerializerFieldExtension):
    target_class = "records.api.references.RecordRow"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {
            "oneOf": [
                {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
                {"type": "string", "pattern": "^([A-Za-z]{1,5}-?)?[0-9]{1,18}$"},
            ]
        }
