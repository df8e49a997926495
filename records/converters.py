"""References in addresses: `/incidents/INC-1042/`, `/incidents/inc1042/` and `/r/1042/` mean the same record."""

from django.urls import register_converter

from common.refs import parse_reference


class ReferenceConverter:
    """Gives views the number; any prefix will do, since a record that became another kind keeps its old addresses."""

    regex = r"[A-Za-z]{1,5}-?[0-9]{1,18}|[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        number = parse_reference(value)
        if number is None:
            raise ValueError(value)
        return number

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(ReferenceConverter, "reference")
