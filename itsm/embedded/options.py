"""The options of `manage.py up`, readable without loading Django."""

import argparse
import os
from dataclasses import dataclass

from itsm.embedded.trouble import Trouble


@dataclass(frozen=True)
class Options:
    """What to start and where."""

    host: str
    port: int
    with_sample: bool

    @property
    def address(self) -> str:
        """Return the address to type into a browser."""
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - for display
        return f"http://{shown}:{self.port}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; their defaults come from the environment."""
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="port of the web server")
    parser.add_argument(
        "--bind",
        default=os.environ.get("STEWARD_BIND") or "127.0.0.1",
        help="address to listen at; only this machine can reach the default",
    )
    parser.add_argument("--empty", action="store_true", help="do not load the sample workspace into an empty database")


def parse(arguments: list[str]) -> Options:
    """Read the command line after `manage.py up`."""
    parser = argparse.ArgumentParser(prog="manage.py up", allow_abbrev=False)
    add_arguments(parser)
    return chosen(parser.parse_args(arguments))


def chosen(values: argparse.Namespace) -> Options:
    """
    Check what was parsed.

    :raises Trouble: the port is no port.
    """
    try:
        port = int(values.port)
    except ValueError:
        port = 0
    if not 0 < port < 65536:
        raise Trouble(f"{values.port!r} is no port. Give a number from 1 to 65535: PORT=8001 make run")
    return Options(host=values.bind, port=port, with_sample=not values.empty)
