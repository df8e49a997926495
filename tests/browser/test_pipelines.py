"""Deployments and pipelines in a browser: every width and theme, by keyboard, and nothing for axe to say."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from changes import operations as changes
from changes.pipelines import operations
from changes.pipelines.defaults import ensure_environments
from changes.pipelines.models import Deployment


@pytest.fixture
def shown(house, vpn, log_incident):
    """A refused one, one that was rolled back with its incident, and one that runs."""
    ensure_environments()
    at = now() - timedelta(minutes=50)
    model = changes.propose_model(
        by=house.ines, at=at, name="Deploy the VPN portal", owner=house.aisha, team=house.networks,
        implementation_plan="The pipeline deploys.", back_out_plan="The pipeline deploys the former version.",
    )  # fmt: skip
    changes.approve_model(model=model, by=house.ines, at=at, expires_date=(at + timedelta(days=90)).date())

    def ask(version, minutes, **said):
        values = {"service": "vpn", "environment": "production", "model": model.slug, "planned_minutes": 30, **said}
        question = operations.Question(version=version, commits=[("9f2c1e7d", at - timedelta(hours=3))], **values)
        return operations.ask(question=question, by=house.tom, at=at + timedelta(minutes=minutes))

    refused = ask("0.9", 0, environment="moon", service="nowhere")
    broken = operations.report(
        deployment=ask("1.0", 1), by=house.tom, at=at + timedelta(minutes=9), result="rolled_back", note="Slow",
        incident=log_incident(),
    )  # fmt: skip
    return refused, broken, ask("1.1", 20)


def test_pages_fit_and_axe_finds_nothing(quiet_page, live_server, sign_in, house, shown, violations_in_both):
    sign_in(house.ines)
    addresses = ["/changes/deployments/", "/changes/pipelines/", "/changes/pipelines/environments/staging/"]

    for address in [*addresses, *(each.get_absolute_url() for each in shown)]:
        quiet_page.goto(f"{live_server.url}{address}")
        for width in (1440, 960, 390, 320):
            quiet_page.set_viewport_size({"width": width, "height": 900})
            wide = quiet_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found = violations_in_both(quiet_page) if width in (1440, 390) else []
            assert (address, width, wide, found) == (address, width, 0, [])


def test_a_deployment_is_found_opened_and_reported_by_keyboard(quiet_page, live_server, sign_in, house, shown):
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}/changes/deployments/")

    quiet_page.keyboard.press("j")
    quiet_page.keyboard.press("Enter")
    quiet_page.wait_for_url(f"**{shown[-1].get_absolute_url()}")
    quiet_page.get_by_label("How it went", exact=True).focus()
    quiet_page.keyboard.press("Tab")
    quiet_page.get_by_label("Note").fill("By hand")
    quiet_page.get_by_role("button", name="Report it").focus()
    quiet_page.keyboard.press("Enter")
    quiet_page.get_by_text("Reported.").wait_for()

    done = Deployment.objects.get(pk=shown[-1].pk)
    assert (done.state, done.note) == ("succeeded", "By hand")


def test_the_job_is_filled_in_as_soon_as_a_model_is_chosen(quiet_page, live_server, sign_in, house, shown):
    sign_in(house.tom)
    quiet_page.goto(f"{live_server.url}/changes/pipelines/")

    quiet_page.get_by_label("Model", exact=True).select_option(label="Deploy the VPN portal")

    assert "MODEL: deploy-the-vpn-portal" in quiet_page.get_by_label("GitHub Actions").input_value()
