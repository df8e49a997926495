"""What a person reads and copies says what the code does."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
SETTING = re.compile(r"""["']((?:STEWARD_[A-Z_]+)|DATABASE_URL|REDIS_URL|PORT)["']""")
CODE = [*(ROOT / "itsm").rglob("*.py"), ROOT / "tests" / "browser" / "conftest.py"]


def names_in_example() -> list[str]:
    return re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)


def test_every_setting_that_the_code_reads_stands_in_the_example():
    read = {name for path in CODE for name in SETTING.findall(path.read_text())}

    assert sorted(names_in_example()) == sorted(read)


def test_the_example_sets_nothing_by_itself():
    active = [line for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#")]

    assert active == []


def test_compose_file_gives_only_settings_that_exist():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())

    given = set(compose["x-steward"]["environment"])

    assert given <= set(names_in_example())


def test_compose_file_holds_no_secret():
    text = (ROOT / "docker-compose.yml").read_text()

    secrets = re.findall(r"^ +\w*(?:PASSWORD|SECRET|KEY)\w*: *(.+)", text, re.M)

    assert secrets == ["${STEWARD_DATABASE_PASSWORD:-}"]


def test_lock_files_name_no_registry_and_hold_every_package():
    done = subprocess.run(
        [sys.executable, "-c", "import lock; print(*lock.problems(), sep='\\n')"],
        cwd=ROOT / "bin",
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == ""


def test_bootstrap_is_understood_by_an_older_python_far_enough_to_refuse_it():
    ast.parse((ROOT / "bin" / "bootstrap.py").read_text(), feature_version=(3, 7))


def test_a_clone_that_cannot_be_written_is_named_with_the_remedy(tmp_path):
    """Root may write everywhere, so the question whether it may is answered for it."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    start = "import os, runpy; os.access = lambda *_: False; runpy.run_path('bin/bootstrap.py', run_name='__main__')"

    done = subprocess.run([sys.executable, "-c", start], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert f"Steward cannot write into its folder {tmp_path}: Permission denied" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/guide/deployment.md"])
def test_commands_and_files_that_documents_name_exist(document):
    text = (ROOT / document).read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))

    commands = set(re.findall(r"^    (?:\w+=\S+ )*make ([a-z]+)|`(?:\w+=\S+ )*make ([a-z]+)", text, re.M))
    links = [link for link in re.findall(r"(?<!!)\[[^]]+\]\(([^)#]+)", text) if "://" not in link]

    assert {first or second for first, second in commands} <= targets
    assert [link for link in links if not ((ROOT / document).parent / link).exists()] == []


def test_a_command_typed_with_another_python_goes_on_in_our_environment(tmp_path):
    """Whoever follows the documentation has no environment activated."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    ours = tmp_path / ".venv" / "bin" / "python"
    ours.parent.mkdir(parents=True)
    ours.write_text('#!/bin/sh\necho "ours: $*"\n')
    ours.chmod(0o755)

    done = bare_python("manage.py", "token", "tom", folder=tmp_path)

    assert (done.returncode, done.stdout.split()) == (0, ["ours:", "manage.py", "token", "tom"])


def test_a_command_before_the_installation_says_what_comes_first(tmp_path):
    shutil.copy(ROOT / "manage.py", tmp_path)

    done = bare_python("manage.py", "token", "tom", folder=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        "Steward is not installed yet. `make run` installs and starts it; then this command works."
    )


def bare_python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a Python that has no packages at all, as the one of the system."""
    return subprocess.run([sys.executable, "-S", *arguments], cwd=folder, capture_output=True, text=True, check=False)
