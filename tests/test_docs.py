"""Every file and folder that the documents name is there, and every link leads somewhere."""

import re
import subprocess
from pathlib import Path, PurePosixPath

import pytest

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
