"""What people paste into their pipelines: one script, and a job for two common CI systems that runs it."""

from pathlib import Path

SCRIPT_NAME = "steward-deploy.sh"
_GITHUB = """\
deploy:
  runs-on: ubuntu-latest
  environment: production
  concurrency: production-{service}
  steps:
    - uses: actions/checkout@v4
      with:
        fetch-depth: 0
    - run: sh ci/steward-deploy.sh ./deploy.sh
      env:
        STEWARD_URL: {url}
        STEWARD_TOKEN: ${{{{ secrets.STEWARD_TOKEN }}}}
        SERVICE: {service}
        MODEL: {model}
        ENVIRONMENT: production
        VERSION: ${{{{ github.ref_name }}}}
        PLANNED_MINUTES: "30"
        RUN_KEY: github-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}
        RUN_URL: ${{{{ github.server_url }}}}/${{{{ github.repository }}}}/actions/runs/${{{{ github.run_id }}}}
"""
_GITLAB = """\
deploy:
  stage: deploy
  environment: production
  resource_group: production-{service}
  variables:
    GIT_DEPTH: "0"
    STEWARD_URL: {url}
    SERVICE: {service}
    MODEL: {model}
    ENVIRONMENT: production
    VERSION: $CI_COMMIT_REF_NAME
    DEPLOYED: $CI_COMMIT_BEFORE_SHA
    PLANNED_MINUTES: "30"
    RUN_KEY: gitlab-$CI_JOB_ID
    RUN_URL: $CI_JOB_URL
  script:
    - sh ci/steward-deploy.sh ./deploy.sh
"""


def script() -> str:
    """The script that asks, deploys and reports; the guide shows the same."""
    return (Path(__file__).parent / SCRIPT_NAME).read_text(encoding="utf-8")


def jobs(*, url: str, service: str, model: str) -> list[tuple[str, str]]:
    """Name of the CI system and its job, for a service and a model by their short names."""
    said = {"url": url.rstrip("/"), "service": service, "model": model}
    return [("GitHub Actions", _GITHUB.format(**said)), ("GitLab CI", _GITLAB.format(**said))]
