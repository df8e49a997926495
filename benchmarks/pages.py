"""What people and programs ask for: pages and API, in this process for the processor's time, and behind gunicorn."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from people.models import User
from records.models import Record

from . import plans, words
from .bare import Bare, creations_per_second
from .report import Figure
from .serving import Site, Unanswered, alternately, request, site
from .timing import Sample, sample, statements
from .world import SERVICES, World

CREATED_AT_ONCE = 8
ROUNDS = 4


@dataclass
class Scenario:
    """
    One kind of request.

    :param path: of the product, with `{}` for the input; `bare_path` that of the bare site.
    :param ratio_target: the target as a multiple of the bare view, both as they were when the targets were set.
    :param is_for_manager: asked by the service level manager instead of an agent.
    """

    name: str
    path: str
    inputs: Sequence[Any]
    bare_path: str
    bare_sql: Callable[[Any], None]
    target: float | None
    p95_target: float | None = None
    statements_target: int | None = None
    ratio_target: float | None = None
    is_api: bool = False
    is_for_manager: bool = False
    cpu: Sample | None = None
    count: int | None = None
    floor: Sample | None = None
    bare_view: Sample | None = None
    served: Sample | None = None

    @property
    def is_there(self) -> bool:
        try:
            resolve(self.path.split("?")[0].format(1))
        except Resolver404:
            return False
        return True

    def figure(self) -> Figure:
        best = self.served or self.cpu
        assert best is not None
        return Figure(
            self.name,
            best.p50,
            p95=best.p95,
            cpu_ms=self.cpu.cpu_ms if self.cpu else None,
            statements=self.count,
            bare_sql=self.floor.p50 if self.floor else None,
            bare_view=self.bare_view.p50 if self.bare_view else None,
            target=self.target,
            p95_target=self.p95_target,
            statements_target=self.statements_target,
            ratio_target=self.ratio_target,
        )


@dataclass
class Outcome:
    figures: list[Figure] = field(default_factory=list)
    offenders: list[dict[str, str]] = field(default_factory=list)


def scenarios(bare: Bare, *, runs: int) -> list[Scenario]:
    """The requests of the targets; the last parameter of each path draws another ticket or other words every time."""
    draw = random.Random(3)
    keys = list(Record.objects.order_by("-id").values_list("pk", flat=True)[:20_000])
    tickets = [draw.choice(keys) for _run in range(runs)]
    common = [words.word(draw.randrange(5, 60)) for _run in range(runs)]
    rare = [f"unit{key % 50_000}" for key in tickets]
    same = list(range(runs))
    services = [run % SERVICES for run in same]
    return [
        Scenario("agent queue, my team", "/queue/my-team/", same, "/queue/", bare.queue, 30, 60, 8, 1.5),
        Scenario("agent queue, all open", "/queue/open/", same, "/queue/", bare.queue, 30, 60, 8, 1.5),
        Scenario("ticket page", "/incidents/INC-{}/", tickets, "/incidents/{}/", bare.ticket, 20, 40, 12, 2.9),
        Scenario("search, frequent word", "/search/?q={}", common, "/search/?q={}", bare.newest, 50, 150, 8, 1.9),
        Scenario("search, rare word", "/search/?q={}", rare, "/search/?q={}", bare.ranked, 50, 150, 8, 1.9),
        Scenario("SLA dashboard", "/sla/", same, "/sla/", bare.dashboard, None, 150),
        Scenario("SLA dashboard, 12 months", "/sla/?range=12m", same, "/sla/", bare.dashboard, None, 150),
        Scenario("missed targets, 12 months", "/sla/breaches/?range=12m", same, "/queue/", bare.queue, None, 150),
        Scenario("service page", "/services/service-{}/", services, "/sla/", bare.dashboard, None, 150),
        Scenario("breaches", "/breaches/", same, "/queue/", bare.queue, None, 150),
        Scenario("forecast", "/sla/forecast/", same, "/queue/", bare.queue, None, 150),
        Scenario("service reports", "/reports/?show=all", same, "/queue/", bare.queue, None, 150, is_for_manager=True),
        Scenario(
            "API list of 50",
            "/api/v1/incidents/",
            same,
            "/api/incidents/",
            bare.rows,
            20,
            ratio_target=2.7,
            is_api=True,
        ),
        Scenario(
            "API get with comments",
            "/api/v1/incidents/{}/?include=comments",
            tickets,
            "/api/incidents/{}/",
            bare.get,
            12,
            ratio_target=2.0,
            is_api=True,
        ),
    ]


def measure(world: World, bare: Bare, *, runs: int, created: int, say: Callable[[str], None]) -> Outcome:
    """Measure every request: alone in this process, behind gunicorn, as bare view and as bare SQL."""
    outcome = Outcome()
    wanted = scenarios(bare, runs=runs)
    for each in [each for each in wanted if not each.is_there]:
        say(f"{each.name}: no such page in this version; left out")
    wanted = [each for each in wanted if each.is_there]
    token = {"authorization": f"Bearer {world.token}"}
    sessions = {True: _session(world.manager), False: _session(world.agent)}
    for each in wanted:
        say(each.name)
        who = Client(SERVER_NAME="127.0.0.1", headers=token) if each.is_api else sessions[each.is_for_manager]
        each.floor = sample(each.bare_sql, each.inputs)
        each.cpu = sample(lambda value, each=each, who=who: _ask(who, each.path.format(value)), each.inputs)
        with statements() as said:
            _ask(who, each.path.format(each.inputs[0]))
        each.count = len(said)
        outcome.offenders += plans.sequential_scans(each.name, said.said)
    name = settings.SESSION_COOKIE_NAME
    cookies = {is_manager: f"{name}={each.cookies[name].value}" for is_manager, each in sessions.items()}
    creation = _Creation(world, created)
    creation.alone()
    say("behind gunicorn, in turn with the bare Django views")
    with site() as product, site("benchmarks.bare_settings") as sketch:
        for each in wanted:
            each.served, each.bare_view = alternately(
                (product, _bytes(each, each.path, cookies[each.is_for_manager], world.token)),
                (sketch, _bytes(each, each.bare_path, cookies[False], "")),
            )
        creation.served(product, sketch)
        memory = product.memory_mb()
    outcome.figures = [each.figure() for each in wanted]
    outcome.figures.append(creation.figure())
    outcome.figures.append(Figure("memory of the web, 2 workers", memory, unit="MB", target=300))
    return outcome


def _session(person: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    return client


def _ask(client: Client, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        raise Unanswered(f"{path}: {response.status_code}")


def _bytes(scenario: Scenario, path: str, cookie: str, token: str) -> list[bytes]:
    """An API request of the product carries the token; everything else the session."""
    is_by_token = scenario.is_api and bool(token)
    return [
        request(path.format(each), token=token if is_by_token else "", cookie="" if is_by_token else cookie)
        for each in scenario.inputs
    ]


class _Creation:
    """Logging incidents over REST: one after the other for the processor's time, eight at once for the rate."""

    PATH, BARE_PATH = "/api/v1/incidents/", "/api/incidents/"

    def __init__(self, world: World, count: int) -> None:
        self.world, self.count = world, count
        self.bodies = [
            json.dumps(
                {
                    "title": f"{words.SUBJECTS[number % len(words.SUBJECTS)]} {words.word(number)}",
                    "description": words.word(number) * 10,
                    "requester": world.requesters[number * 7 % len(world.requesters)],
                    "service": world.services[number % len(world.services)],
                    "impact": 2,
                    "urgency": 2,
                    "source": "phone",
                }
            )
            for number in range(count)
        ]

    def alone(self) -> None:
        client = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {self.world.token}"})

        def act(body: str) -> Any:
            response = client.post(self.PATH, data=body, content_type="application/json")
            if response.status_code != 201:
                raise Unanswered(f"{response.status_code}: {response.content[:300]!r}")
            return response.json()["number"]

        self.cpu = sample(act, self.bodies[:100])
        with statements() as said:
            self.latest = act(self.bodies[0])
        self.statements = len(said)

    def served(self, product: Site, sketch: Site) -> None:
        """Load product and bare site in turn, in a few rounds."""
        ours = [request(self.PATH, token=self.world.token, body=body.encode()) for body in self.bodies]
        theirs = [request(self.BARE_PATH, body=self._sketched(body)) for body in self.bodies]
        product.load(ours[:16], at_once=CREATED_AT_ONCE, status=201)
        sketch.load(theirs[:16], at_once=CREATED_AT_ONCE, status=201)
        share = self.count // ROUNDS
        loads = []
        for begin in range(0, share * ROUNDS, share):
            part = slice(begin, begin + share)
            loads.append(product.load(ours[part], at_once=CREATED_AT_ONCE, status=201))
            loads.append(sketch.load(theirs[part], at_once=CREATED_AT_ONCE, status=201))
        self.sample = Sample(
            [wall for found, _rate in loads[::2] for wall in found.walls_ms],
            sum(found.cpu_ms or 0 for found, _rate in loads[::2]) / ROUNDS,
        )
        self.rate, self.bare_rate = (ROUNDS / sum(1 / rate for _found, rate in loads[at::2]) for at in (0, 1))
        self.floor = creations_per_second(self.latest, count=2 * self.count, at_once=CREATED_AT_ONCE)

    def _sketched(self, body: str) -> bytes:
        return json.dumps(json.loads(body) | {"organization": self.world.organizations[0]}).encode()

    def figure(self) -> Figure:
        return Figure(
            "create over API, 8 at once",
            self.rate,
            unit="/s",
            p95=self.sample.p95,
            cpu_ms=self.sample.cpu_ms,
            statements=self.statements,
            bare_sql=self.floor,
            bare_view=self.bare_rate,
            target=150,
            p95_target=100,
            statements_target=15,
            ratio_target=2.5,
            note=f"alone p50 {self.cpu.p50:.1f} ms, of which {self.cpu.cpu_ms:.1f} ms are ours",
        )
