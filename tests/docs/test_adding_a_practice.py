"""The chapter on adding a practice: its code is the example, which runs without a line of the house changed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from frameworks.certifying import picture

ROOT = Path(settings.BASE_DIR)
EXAMPLES = ROOT / "docs" / "examples"
CHAPTER = (ROOT / "docs" / "guide" / "adding_a_practice.md").read_text()
BLOCK = re.compile(r"<!-- (\S+) -->\n```(?:python|yaml)\n(.*?)```\n", re.S)
# Made by a command, or tests, to which the chapter leads.
NOT_SHOWN = re.compile(r"/migrations/|/tests/|\.html$|\.md$|\.pyc$")


def test_the_code_of_the_chapter_is_that_of_the_example():
    shown = dict(BLOCK.findall(CHAPTER))
    files = {str(each.relative_to(EXAMPLES)): each for each in EXAMPLES.rglob("*.*")}
    wanted = {name: each.read_text() for name, each in files.items() if not NOT_SHOWN.search(name)}

    assert {name: text for name, text in wanted.items() if text.strip()} == shown
    assert CHAPTER.count("```python") + CHAPTER.count("```yaml") == len(shown), "a block says of which file it is"


@pytest.mark.slow
def test_a_practice_is_added_without_changing_anything_else(tmp_path, db):
    """
    In a process and a database of its own: the house with the example, its own tests, those that every practice gets.

    The database is a copy of ours, so that only the migrations of the example run. The picture of the house without
    the example goes along; one of the tests of the example compares.
    """
    before = tmp_path / "before.json"
    before.write_text(json.dumps(picture.take()))
    ours = connection.settings_dict["NAME"]
    theirs = f"{ours}_practice"
    connection.close()  # nobody may be connected to what is copied
    with connection._nodb_cursor() as server:
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [ours])
        server.execute(f'DROP DATABASE IF EXISTS "{theirs}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{theirs}" TEMPLATE "{ours}"')
    try:
        done = _run_with_the_example(before, theirs)
    finally:
        with connection._nodb_cursor() as server:
            server.execute(f'DROP DATABASE "{theirs}" WITH (FORCE)')

    assert done.returncode == 0, done.stdout[-4000:]
    assert " skipped" not in done.stdout.splitlines()[-1]


def _run_with_the_example(before, database):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--reuse-db", "-p", "no:cacheprovider", "-k", "supplier"),
            *("docs/examples", "tests/contract", "tests/docs/test_practice_pages.py", "tests/test_routes.py"),
        ],
        env=inherited
        | {
            "DJANGO_SETTINGS_MODULE": "tests.docs.example_settings",
            "EXAMPLE_DATABASE": database,
            "PICTURE_BEFORE": str(before),
            "PYTHONPATH": str(EXAMPLES),
            "STEWARD_PRACTICES": "supplier_complaints",
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
