"""Every command and every Python snippet of the documents is run, as a reader would run it (tests/docs_world.py)."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs_world import COMMAND, ROOT, Block, World, blocks, world

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")] + sorted((ROOT / "docs").glob("*.md"))
RUN = ("sh", "python")
MOST_EXCUSED = 20
"""Blocks, or lines of one kind in a block, that say why they are not run."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("docs")) as here:
        yield here


def runs(block: Block) -> bool:
    return block.language in RUN


def asks_much(page: Path) -> bool:
    """Twelve articles for a model, and politeness to a site, take seconds."""
    return any("model check" in block.text or "--follow" in block.text for block in blocks(page) if runs(block))


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.name, marks=[pytest.mark.slow] * asks_much(page))
        for page in PAGES
        if any(map(runs, blocks(page)))
    ],
)
def test_what_a_page_tells_to_do_can_be_done(page: Path, made: World, tmp_path: Path) -> None:
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")  # as in a clone
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    state = {"environment": {}, "python": {}}
    for block in filter(runs, blocks(page)):
        made.run(block, tmp_path, state)


def test_what_is_not_run_says_why_and_is_little() -> None:
    excused = [block for page in PAGES for block in blocks(page) if block.excuse]
    assert all(len(block.excuse) > 10 for block in excused)
    assert len(excused) <= MOST_EXCUSED
    assert all(block.excused in block.text for block in excused)


def test_no_command_hides_in_a_block_without_a_language() -> None:
    hidden = [
        f"{block.page}:{block.line}"
        for page in PAGES
        for block in blocks(page)
        if block.language not in (*RUN, "json", "toml", "xml", "sql") and COMMAND.search(block.text)
    ]
    assert hidden == [], "tag them sh"


def test_json_and_toml_of_the_documents_can_be_read() -> None:
    for page in PAGES:
        for block in blocks(page):
            if block.language == "json":
                json.loads(block.text)
            elif block.language == "toml":
                tomllib.loads(block.text)


def test_a_command_that_fails_is_noticed(made: World, tmp_path: Path) -> None:
    state = {"environment": {}, "python": {}}
    with pytest.raises(AssertionError, match="ended with 1"):
        made.run(Block("page", 1, "sh", "presseschau article nothing-there.txt\n"), tmp_path, state)
    with pytest.raises(AssertionError, match="nobody knows how to run"):
        made.run(Block("page", 1, "sh", "rm -r *\n"), tmp_path, state)
