"""How the smoke run calls Steward: as a browser with cookies, and as a program with a token."""

import http.cookiejar
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from typing import Any

ANSWER_SECONDS = 30
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """Signs in and opens pages."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def page(self, path: str) -> str:
        """The page at a path; ends the process when it is not there or asks to sign in."""
        answer = self._open(path)
        if answer.geturl() != self.address + path:
            sys.exit(f"{path} leads to {answer.geturl()}.")
        return answer.read().decode()

    def sign_in(self, user: str, password: str) -> None:
        """Fill in the form as it stands."""
        path = "/accounts/login/"
        token = _TOKEN.search(self.page(path))
        if token is None:
            sys.exit("The sign-in page holds no form.")
        form = {"login": user, "password": password, "csrfmiddlewaretoken": token[1]}
        answer = self._open(path, urllib.parse.urlencode(form).encode())
        if path in answer.geturl():
            sys.exit(f"{user} could not sign in.")

    def _open(self, path: str, data: bytes | None = None) -> HTTPResponse:
        try:
            return self._opener.open(self.address + path, data=data, timeout=ANSWER_SECONDS)  # type: ignore[no-any-return]
        except urllib.error.HTTPError as error:
            sys.exit(f"{path} answers {error.code}.")


class Rest:
    """Speaks JSON with a token."""

    def __init__(self, address: str, token: str) -> None:
        self._host = urllib.parse.urlsplit(address).netloc
        self._token = token

    def get(self, path: str) -> Any:
        return self._send("GET", path)

    def post(self, path: str, body: dict[str, Any], *, key: str | None = None) -> Any:
        """:param key: Idempotency-Key."""
        return self._send("POST", path, json.dumps(body), {} if key is None else {"Idempotency-Key": key})

    def _send(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Any:
        """The answer's JSON; ends the process with what Steward said when it is an error."""
        connection = HTTPConnection(self._host, timeout=ANSWER_SECONDS)
        try:
            said = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"} | (headers or {})
            connection.request(method, path, body, said)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
            sys.exit(f"{method} {path} answers {answer.status}: {text}")
        return json.loads(text)
