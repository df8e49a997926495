"""Links between pages of the documentation lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "frontend" / "README.md"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_lead_to_files(page):
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)", page.read_text())
    files = [link for link in links if not re.match(r"[a-z]+:|/", link)]

    assert [link for link in files if not (page.parent / link).exists()] == []


def test_the_start_page_of_the_documentation_leads_to_every_guide():
    told = set(re.findall(r"guide/([\w-]+\.md)", (ROOT / "docs" / "index.md").read_text()))

    assert told == {path.name for path in (ROOT / "docs" / "guide").glob("*.md")}


def test_every_decision_is_listed():
    told = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (ROOT / "docs" / "adr" / "README.md").read_text())

    assert told == sorted(path.name for path in (ROOT / "docs" / "adr").glob("0*.md"))
