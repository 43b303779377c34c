"""The documentation as a site: built strictly, every link leads to a page that is there, nothing is from elsewhere."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest

import presseschau

ROOT = Path(__file__).parent.parent
LEADS = re.compile(r'<a [^>]*?href="([^"]*)"')
LOADS = re.compile(r'<(?:script|img|iframe|source)[^>]*? src="([^"]*)"|<link [^>]*?href="([^"]*)"')
ANCHORS = re.compile(r' id="?([^" >]+)')


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    """The site of the documents in the folder, as `make docs` builds it."""
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    (folder / "src").symlink_to(ROOT / "src")
    done = built(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / "docs"


def pages(site: Path) -> dict[Path, str]:
    return {page: page.read_text("utf-8") for page in site.glob("*.html") if page.name != "404.html"}


@pytest.mark.slow
def test_every_document_is_a_page_in_the_menu(site: Path) -> None:
    def named(entry: object) -> set[str]:
        if isinstance(entry, str):
            return {entry}
        entries = entry.values() if isinstance(entry, dict) else entry
        return set().union(*map(named, entries))  # type: ignore[arg-type]

    menu = named(tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"])
    assert menu == {page.name for page in (ROOT / "docs").glob("*.md")}
    assert {page.stem for page in pages(site)} == {name.removesuffix(".md") for name in menu}


@pytest.mark.slow
def test_every_link_of_a_page_leads_somewhere(site: Path) -> None:
    known = pages(site)
    anchors = {page: set(ANCHORS.findall(text)) | {""} for page, text in known.items()}
    gone = []
    for page, text in known.items():
        for link in map(urlsplit, LEADS.findall(text)):
            target = (page.parent / unquote(link.path)).resolve() if link.path else page
            if not link.scheme and not (
                unquote(link.fragment) in anchors[target] if target in anchors else target.is_file()
            ):
                gone.append((page.name, link.geturl()))
    assert gone == []


@pytest.mark.slow
def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    for page, text in pages(site).items():
        loaded = [one or other for one, other in LOADS.findall(text)]
        assert loaded, page
        assert [one for one in loaded if urlsplit(one).scheme or one.startswith("//")] == []
        assert "default-src 'self' file:" in text, page  # and what the theme's script knows of other hosts is refused
    styles = "".join(sheet.read_text("utf-8") for sheet in site.rglob("*.css"))
    assert re.findall(r"(?:url\(|@import\s)['\"]?(?:https?:)?//[^)]*", styles) == []


def test_a_link_to_nowhere_fails(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# One\n\n[a page that is not there](nowhere.md)\n", "utf-8")
    (tmp_path / "zensical.toml").write_text('[project]\nsite_name = "one page"\n', "utf-8")
    done = built(tmp_path)
    assert done.returncode != 0
    assert "nowhere.md" in re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)


@pytest.mark.slow
def test_every_public_name_is_described(site: Path) -> None:
    shown = ANCHORS.findall((site / "api.html").read_text("utf-8"))
    names = {name for name in presseschau.__all__ if not isinstance(getattr(presseschau, name), ModuleType)}
    homes = {name: {f"presseschau.{name}", f"presseschau.models.{name}", f"presseschau.notes.{name}"} for name in names}
    assert [name for name, places in homes.items() if places.isdisjoint(shown)] == []
