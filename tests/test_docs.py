"""Every file and folder that the documents name is there, and every link leads somewhere; docs/fields.md has each field
of each output, and docs/faults.md says what the tests say.
"""

from __future__ import annotations

import json
import re
import runpy
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from in_process import presseschau
from presseschau.output.schemas import meanings
from tools.make_faults import GROUPS, PAGE, made_in_another_process

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
]
NOT_OURS = {"build", "dist", "lang/fr", "lang/fr_en"}
"""What is made, or what the recipe for a new language tells to make."""
CODE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`([^`]+)`")
PLACE = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
ROOMS = {path.name for room in (ROOT, ROOT / "src" / "presseschau") for path in room.iterdir() if path.is_dir()} - {
    ".venv"
}
PLACEHOLDER = re.compile(r"\b(NAME|CODE|OUT|N)\b")
SUFFIXES = {".py", ".toml", ".txt", ".md", ".j2", ".css", ".yml"}


def entries() -> set[str]:
    """All files of the repository and their folders, whole and without the folders before them."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    paths = [PurePosixPath(line) for line in listed if line]
    whole = set(paths) | {folder for path in paths for folder in path.parents}
    return {"/".join(path.parts[i:]) for path in whole for i in range(len(path.parts))}


@pytest.fixture(scope="module")
def there() -> set[str]:
    return entries()


def named(text: str) -> set[str]:
    """Words in backticks that are a path: a file that a reader would look for, or a folder."""
    words = {word for code in NAMED.findall(CODE.sub("", text)) for word in code.split() if PLACE.fullmatch(word)}
    paths = {
        word.rstrip("/").removeprefix("src/presseschau/")
        for word in words
        if word.endswith("/") or word.split("/")[0] in ROOMS or PurePosixPath(word).suffix in SUFFIXES
    }
    return {path for path in paths if not PLACEHOLDER.search(path)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_document_names_exists(document: str, there: set[str]) -> None:
    text = (ROOT / document).read_text("utf-8")
    gone = {
        path
        for path in named(text)
        if path not in there and path not in NOT_OURS and path.split("/")[0] not in NOT_OURS
    }

    assert gone == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    links = re.findall(r"\]\(([^)#]+)", (ROOT / document).read_text("utf-8"))
    gone = [link for link in links if "://" not in link and not ((ROOT / document).parent / link).exists()]

    assert gone == []


def test_what_counts_as_named() -> None:
    assert named(
        "`facts/` and `a.py`, not `pages.html`, `NAME.py`, `analysis/1`, `author/name`\n```\n`x/y.py`\n```\n"
    ) == {
        "facts",
        "a.py",
    }


MADE = runpy.run_path(str(ROOT / "tests/tools/make_fields.py"))


def test_every_field_has_its_words_and_no_words_lack_a_field():
    assert {name: sorted(words) for name, words in meanings().items()} == {
        name: sorted(fields) for name, fields in MADE["wanted"]().items()
    }
    assert all(words.strip() for of_one in meanings().values() for words in of_one.values())


def test_the_page_is_fresh():
    assert (ROOT / "docs/fields.md").read_text("utf-8") == MADE["page"](), "run tests/tools/make_fields.py"


def test_the_schema_says_what_a_field_means():
    shape = json.loads(presseschau("schema").out)
    assert shape["$defs"]["Claim"]["properties"]["relies_on"]["description"] == meanings()["Claim"]["relies_on"]
    assert all("description" in one for part in shape["$defs"].values() for one in part.get("properties", {}).values())


@pytest.mark.slow
def test_the_page_is_what_the_tests_make() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == made_in_another_process(), "make it anew: PYTHONPATH=src python tests/tools/make_faults.py"
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| fault |")]
    assert len(rows) >= 120
    assert all(f"## {title}" in page for title in GROUPS.values())
