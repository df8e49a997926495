"""Rules that hold for all styles, templates and bundles, read from the files."""

import gzip
import json
import re
from pathlib import Path

import pytest

from itsm.shell import gallery

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(
    path for path in ROOT.glob("**/templates/**/*.html") if not {".venv", "node_modules"} & set(path.parts)
)
STYLES = sorted((ROOT / "frontend" / "css").glob("**/*.css"))
BUILT = ROOT / "static" / "build"
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style|\sstyle=", re.IGNORECASE)
HANDLER = re.compile(r"\s(on[a-z]+|hx-on[\w:-]*)=|hx-vals=['\"]js:", re.IGNORECASE)
PHYSICAL = re.compile(r"(^|[^\w-])(left|right)(?=\s*[:;,)])|-(left|right)\b|text-align:\s*(left|right)")


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_template_holds_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()

    assert INLINE_SCRIPT.findall(text) == []
    assert INLINE_STYLE.findall(text) == [] or path.name == "mail.html"  # readers of mail follow no link to a style
    assert HANDLER.findall(text) == []


@pytest.mark.parametrize("path", STYLES, ids=names(STYLES))
def test_styles_know_no_left_and_right(path: Path) -> None:
    bare = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    assert [line for line in bare.splitlines() if PHYSICAL.search(line)] == []


@pytest.mark.parametrize("path", STYLES, ids=names(STYLES))
def test_colors_stand_in_the_tokens_only(path: Path) -> None:
    if path.name == "tokens.css":
        return
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", path.read_text()) == []


def test_every_style_file_is_part_of_the_bundle() -> None:
    entry = (ROOT / "frontend" / "css" / "app.css").read_text()

    left_out = [path.name for path in STYLES if path.name != "app.css" and f"/{path.name}" not in entry]

    assert left_out == []


def test_lock_names_no_registry_and_every_package_has_a_hash() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


@pytest.mark.parametrize(("name", "budget_kb"), [("app.js", 60), ("app.css", 20), ("charts.js", 70), ("icons.svg", 12)])
def test_bundle_stays_within_its_budget(name: str, budget_kb: int) -> None:
    path = BUILT / name
    if not path.exists():
        pytest.skip("the assets are not built; `make run` and `make test` build them")

    assert len(gzip.compress(path.read_bytes())) <= budget_kb * 1024
    assert b"sourceMappingURL" not in path.read_bytes()


def test_every_component_stands_in_the_gallery() -> None:
    page = (ROOT / "templates" / "shell" / "gallery.html").read_text()
    shell_parts = {"palette", "keys_dialog", "person_menu"}
    files = {path.stem for path in (ROOT / "templates" / "components").glob("*.html")} - shell_parts

    assert files - set(gallery.COMPONENTS) == set()
    assert [name for name in gallery.COMPONENTS if f'id="{name}"' not in page] == []


def test_every_component_says_what_it_takes() -> None:
    files = sorted((ROOT / "templates" / "components").glob("*.html"))

    assert [path.name for path in files if "{# " not in path.read_text().splitlines()[0]] == []


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    icons = ROOT / "frontend" / "icons"
    known = {*json.loads((icons / "used.json").read_text()), *(path.stem for path in icons.glob("*.svg"))}
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())}

    assert named - known == set()
