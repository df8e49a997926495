"""A small log in the shape of ServiceNow's, and a way to import it."""

import csv
import gzip
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from itsm.importing.checking import find, load
from itsm.importing.run import import_log
from tests.conftest import moment

COLUMNS = [
    "number",
    "incident_state",
    "reassignment_count",
    "reopen_count",
    "made_sla",
    "caller_id",
    "opened_by",
    "opened_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "location",
    "category",
    "subcategory",
    "u_symptom",
    "cmdb_ci",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "assigned_to",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
    "closed_code",
    "resolved_by",
    "resolved_at",
    "closed_at",
]
USUAL = {
    "number": "INC1",
    "incident_state": "New",
    "reassignment_count": "0",
    "reopen_count": "0",
    "made_sla": "true",
    "caller_id": "Caller 1",
    "opened_by": "Opened by 1",
    "opened_at": "29/2/2016 01:16",
    "sys_updated_by": "Updated by 1",
    "sys_updated_at": "29/2/2016 01:20",
    "contact_type": "Phone",
    "location": "Location 1",
    "category": "Category 1",
    "subcategory": "Subcategory 1",
    "u_symptom": "Symptom 1",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "assignment_group": "Group 1",
}


def row(**said: str) -> dict[str, str]:
    """A row of the log; what is not said is usual or unknown."""
    return {name: "?" for name in COLUMNS} | USUAL | said


@pytest.fixture
def run(tmp_path: Path, db: None) -> Any:
    """Write rows to a log and import it with the shipped mapping; answers with the result and what was reported."""

    def import_rows(rows: list[dict[str, str]], *, name: str = "log.csv", text: bytes | None = None) -> Any:
        log = tmp_path / name
        lines = io.StringIO()
        writer = csv.DictWriter(lines, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
        content = lines.getvalue().encode()
        log.write_bytes(text if text is not None else gzip.compress(content) if name.endswith(".gz") else content)
        report = tmp_path / "report.csv"
        result = import_log(
            log=log, mapping=load(find("servicenow")), report_path=report, at=moment("2026-03-02 09:00"), say=str
        )
        with report.open(newline="") as file:
            said = [(int(r["line"]), r["verdict"], r["reason"]) for r in csv.DictReader(file)]
        return SimpleNamespace(result=result, said=said)

    return import_rows
