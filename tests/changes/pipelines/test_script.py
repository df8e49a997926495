"""The script of the guide, run by a shell against a server that listens."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from changes.models import Change
from changes.pipelines import snippets
from changes.pipelines.models import Commit, Deployment

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "pipelines.md"
COMMITS = ("2026-03-02T08:00:00+01:00", "2026-03-02T09:30:00+01:00", "2026-03-02T10:15:00Z")


@pytest.fixture
def repository(tmp_path):
    """Three commits, with the script where the guide puts it, and a command that ends as its argument says."""
    folder = tmp_path / "repository"
    (folder / "ci").mkdir(parents=True)
    (folder / "ci" / "steward-deploy.sh").write_text(snippets.script())
    (folder / "deploy.sh").write_text("#!/bin/sh\nexit $1\n")
    identity = {
        f"GIT_{who}_{what}": said for who in ("AUTHOR", "COMMITTER") for what, said in (("NAME", "T"), ("EMAIL", "t@x"))
    }

    def git(*words, **said):
        done = subprocess.run(
            ["git", "-c", "commit.gpgsign=false", *words],
            cwd=folder, env=os.environ | identity | {"GIT_CONFIG_GLOBAL": "/dev/null"} | said, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    git("init", "--quiet")
    for moment in COMMITS:
        git("commit", "--quiet", "--allow-empty", "-m", moment, GIT_COMMITTER_DATE=moment, GIT_AUTHOR_DATE=moment)
    folder.joinpath("first").write_text(git("rev-parse", "HEAD~2"))
    return folder


@pytest.fixture
def pipeline(transactional_db, live_server, house, deploy_model, token_of, repository):
    """Run the script as a pipeline would; gives what it ended with and said."""
    token = token_of(house.tom, "deployments:write")

    def run(ends=0, *, key="run-1", **said):
        done = subprocess.run(
            ["sh", "ci/steward-deploy.sh", "sh", "deploy.sh", str(ends)],
            cwd=repository, capture_output=True, text=True, timeout=60, check=False,
            env=os.environ | {
                "STEWARD_URL": live_server.url, "STEWARD_TOKEN": token, "SERVICE": "vpn", "VERSION": "1.0",
                "MODEL": deploy_model.slug, "RUN_KEY": key, "NO_PROXY": "*", **said,
            },
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_guide_shows_the_script_that_is_tested_here():
    [told] = re.findall(r"```sh\n(#!/bin/sh.*?)```", GUIDE.read_text(), flags=re.DOTALL)

    assert told == snippets.script()


def test_the_guide_shows_the_jobs_that_the_page_gives():
    told = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL)

    jobs = snippets.jobs(
        url="https://steward.example.com/", service="customer-portal", model="deploy-the-customer-portal"
    )
    assert told == [job for _name, job in jobs]


def test_a_deployment_that_goes_well(pipeline, repository):
    ended, said = pipeline(DEPLOYED=(repository / "first").read_text())

    assert (ended, "Reported to Steward: succeeded." in said) == (0, True), said
    deployment = Deployment.objects.get()
    assert (deployment.state, deployment.version, deployment.change.state) == ("succeeded", "1.0", "closed")
    assert [each.isoformat() for each in Commit.objects.order_by("pk").values_list("committed_at", flat=True)] == [
        "2026-03-02T10:15:00+00:00", "2026-03-02T08:30:00+00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(("ends", "state", "outcome"), [(1, "failed", "failed"), (3, "rolled_back", "backed_out")])
def test_a_deployment_that_does_not(pipeline, ends, state, outcome):
    ended, said = pipeline(ends)

    assert ended == ends, said
    assert Deployment.objects.get().state == state
    assert Change.objects.get().outcome == outcome
    assert Commit.objects.count() == 1


def test_a_no_stops_the_pipeline_before_it_deploys(pipeline, repository):
    (repository / "deploy.sh").write_text("#!/bin/sh\ntouch deployed\n")

    ended, said = pipeline(ENVIRONMENT="moon")

    assert ended == 1
    assert "Steward says no" in said
    assert "environment_unknown" in said
    assert not (repository / "deployed").exists()
    assert Deployment.objects.get().state == "refused"


def test_a_repair_names_its_incident(pipeline, log_incident):
    incident = log_incident()

    ended, said = pipeline(IS_REPAIR="true", INCIDENT=incident.reference)

    assert ended == 0, said
    done = Deployment.objects.get()
    assert (done.is_unplanned_repair, done.incident_id) == (True, incident.pk)


def test_a_bad_token_stops_it_with_a_sentence(pipeline, repository):
    (repository / "deploy.sh").write_text("#!/bin/sh\ntouch deployed\n")

    ended, said = pipeline(STEWARD_TOKEN="stw_nope")

    assert ended == 1
    assert "did not answer" in said
    assert "token" in said
    assert not (repository / "deployed").exists()
    assert not Deployment.objects.exists()
