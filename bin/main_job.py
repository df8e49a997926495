"""
The main job on a running Steward, over HTTP only: log an incident whose answer is almost late, let worker and scheduler
notice that it is, answer and solve it, and find it in the figures.
"""

import re
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from caller import Browser, Rest

SERVICE = "Network and VPN"  # of the sample; around the clock, P1 is answered within 15 minutes
RESPONSE_TARGET = timedelta(minutes=15)
FALLS_DUE_IN = timedelta(seconds=20)
# The sweep comes every 10 s; more than a minute late is a defect.
BREACH_SECONDS = 90
FIGURES_SECONDS = 30
FINISHED = re.compile(r"of ([\d,.\s]+) finished clock")

SCOPES = ("records:read", "records:write", "incidents:write", "people:read", "setup:read")


class Steps:
    """Says each step in a line, with the seconds that it took."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def done(self, told: str) -> None:
        now = time.monotonic()
        sys.stdout.write(f"  {now - self._since:6.1f} s  {told}\n")
        sys.stdout.flush()
        self._since = now


def look_around(browser: Browser, person: str, steps: Steps) -> None:
    """Open the pages of the day; each must greet the person who signed in."""
    for path in ("/", "/queue/", "/sla/", "/inbox/"):
        expect(person in browser.page(path), f"{path} does not name {person}, who signed in.")
        steps.done(f"{path} opens for {person}")


def do_the_job(rest: Rest, browser: Browser, steps: Steps) -> None:
    """From the report to the figures. Ends the process with a sentence at the first thing that is not as promised."""
    met, finished = counted(rest)
    steps.done(f"Figures before: {met} of {finished} clocks of real tickets met their target")

    address = log_incident(rest, steps)
    response, due_at = see_it_running(rest, address, steps)
    see_it_breached(rest, address, response, due_at, steps)

    reference = address.rstrip("/").rpartition("/")[2]
    rest.post(f"{address}taking/", {})
    steps.done(f"{reference} is taken")
    rest.post(f"{address}comments/", {"visibility": "public", "text": "We have restarted the gateway. Does it hold?"})
    steps.done(f"{reference} is answered")
    solved = rest.post(f"{address}resolution/", {"code": "fixed", "text": "Restarted the gateway."})
    expect(solved["state"] == "resolved", f"{reference} is {solved['state']}, not resolved.")
    states = {each["kind"]: each["state"] for each in rest.get(f"{address}clocks/")["items"]}
    expect(states == {"response": "missed", "resolution": "met"}, f"The clocks of {reference} ended as {states}.")
    steps.done(f"{reference} is resolved: response missed, resolution met")

    wanted = met + 1, finished + 2
    until(FIGURES_SECONDS, lambda: counted(rest) == wanted, lambda: f"The KPI shows {counted(rest)}, not {wanted}.")
    steps.done(f"Figures after: {wanted[0]} of {wanted[1]}")
    shown = on_dashboard(browser)
    expect(shown == wanted[1], f"The dashboard counts {shown} finished clocks, the KPI {wanted[1]}.")
    expect(reference in browser.page("/sla/breaches/"), f"The list of misses lacks {reference}.")
    steps.done(f"The dashboard counts {shown} finished clocks, and lists {reference} among the misses")


def log_incident(rest: Rest, steps: Steps) -> str:
    """Log one, reported a moment ago, twice with the same key. Returns its address."""
    [service] = rest.get(f"/api/v1/services/?q={SERVICE.replace(' ', '%20')}")["items"]
    body = {
        "title": "Gateway 2 does not answer",
        "requester": "maria",
        "service": service["slug"],
        "impact": 1,
        "urgency": 1,
        "opened_at": (datetime.now(UTC) - RESPONSE_TARGET + FALLS_DUE_IN).isoformat(),
        "reason": "Reported on the telephone while the network was down.",
    }
    key = str(uuid.uuid4())
    made = rest.post("/api/v1/incidents/", body, key=key)
    expect(made["priority"] == 1, f"Impact and urgency 1 gave priority {made['priority']}.")
    steps.done(f"{made['reference']} is logged, reported at {made['opened_at']}")
    again = rest.post("/api/v1/incidents/", body, key=key)
    expect(again["reference"] == made["reference"], f"The same key made a second incident, {again['reference']}.")
    steps.done("The same Idempotency-Key again gives the same incident")
    return str(made["href"])


def see_it_running(rest: Rest, address: str, steps: Steps) -> tuple[int, str]:
    """Both clocks run, and say why. Returns key and due moment of the response clock."""
    clocks = {each["kind"]: each for each in rest.get(f"{address}clocks/")["items"]}
    states = {kind: each["state"] for kind, each in clocks.items()}
    expect(states == {"response": "running", "resolution": "running"}, f"The clocks stand as {states}.")
    response = clocks["response"]
    promised = datetime.fromisoformat(response["started_at"]) + timedelta(minutes=response["target_minutes"])
    expect(datetime.fromisoformat(response["due_at"]) == promised, f"Due at {response['due_at']}, promised {promised}.")
    expect(not response["is_breached"], "The response clock is breached before it is due.")
    told = rest.get(response["explanation"])
    expect(bool(told["arithmetic"] and told["why_this_one"]), "The clock does not explain itself.")
    steps.done(f"Its clocks run under “{told['agreement']}”; the answer is due at {response['due_at']}")
    return int(response["id"]), str(response["due_at"])


def see_it_breached(rest: Rest, address: str, response: int, due_at: str, steps: Steps) -> None:
    """Wait for scheduler and worker; what they write down says the due moment, once."""

    def breached() -> bool:
        return bool(clock_of(rest, address, response)["is_breached"])

    until(BREACH_SECONDS, breached, lambda: f"No breach was recorded within {BREACH_SECONDS} s.")
    clock = clock_of(rest, address, response)
    expect(clock["breached_at"] == due_at, f"Breached at {clock['breached_at']}, but due at {due_at}.")
    moments = [each["at"] for each in clock["facts"] if each["level"] == "breached"]
    expect(moments == [due_at], f"The facts say breached at {moments}.")
    entries = [each for each in rest.get(f"{address}history/?limit=200")["items"] if each["action"] == "clock.breached"]
    logged = [each["at"] for each in entries]
    expect(logged == [due_at], f"The history says breached at {logged}.")
    noticed = datetime.fromisoformat(entries[0]["data"]["detected_at"]) - datetime.fromisoformat(due_at)
    steps.done(f"The breach is recorded once, at {due_at}, {noticed.total_seconds():.1f} s after the moment")


def clock_of(rest: Rest, address: str, number: int) -> dict[str, Any]:
    """The clock as it stands now."""
    [found] = [each for each in rest.get(f"{address}clocks/")["items"] if each["id"] == number]
    return dict(found)


def counted(rest: Rest) -> tuple[int, int]:
    """How many clocks of real tickets met their target, of how many that finished in the latest 30 days."""
    found = rest.get("/api/v1/kpis/slm-attainment/readings/")
    [series] = found["series"]
    # Figures are those of the sample until the first real ticket counts; then its own.
    return (0, 0) if found["is_sample"] else (int(series["total"]["numerator"]), int(series["total"]["denominator"]))


def on_dashboard(browser: Browser) -> int:
    """The finished clocks that the SLA dashboard counts."""
    found = FINISHED.search(browser.page("/sla/"))
    return int(re.sub(r"\D", "", found[1])) if found else 0


def until(seconds: float, is_true: Callable[[], bool], told: Callable[[], str]) -> None:
    """Ask again and again, for a bounded time."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            sys.exit(told())
        time.sleep(0.5)


def expect(is_true: bool, told: str) -> None:
    """End with a sentence when something is not as promised."""
    if not is_true:
        sys.exit(told)
