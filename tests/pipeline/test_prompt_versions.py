"""Which prompts a run depends on: those that its tasks can use, and no others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from presseschau.archive.journal import Journal
from presseschau.errors import ConfigurationError
from presseschau.findings import ROWS, Code
from presseschau.pipeline import prompts
from presseschau.pipeline.prompts import EARLIER, SHIPPED, Prompts


@pytest.fixture
def changed(tmp_path: Path):
    """Prompts in which one of the shipped texts says more."""

    def change(name: str) -> Prompts:
        folder = tmp_path / name.replace("/", "-")
        shutil.copytree(SHIPPED, folder)
        path = folder / f"{name}.txt"
        path.write_text(path.read_text("utf-8") + "\nBe brief.\n", "utf-8")
        return Prompts(folder)

    return change


@pytest.mark.parametrize(
    ("name", "tasks", "other"),
    [
        ("note/story", ["translate", "summary", "claims"], False),
        ("repair/note/default", ["translate", "summary", "claims"], False),
        ("claims/task", ["translate"], False),
        ("claims/task", ["translate", "claims"], True),
        ("summary/task", ["claims"], False),
        ("repair/default", ["translate"], True),
        ("shared/system", ["summary"], True),
        ("translate/lines", ["claims"], True),  # what claims rest on with an embedded model
    ],
)
def test_a_version_counts_what_its_tasks_can_use(changed, name: str, tasks: list[str], other: bool):
    mine = changed(name)

    assert (mine.version_for(tasks) != Prompts().version_for(tasks)) is other
    assert mine.version != Prompts().version


def test_a_run_that_noted_the_version_of_all_prompts_goes_on_while_its_own_are_the_same(changed, tmp_path):
    whole = next(iter(EARLIER))
    mine, others = changed("note/story"), changed("claims/task")
    with Journal(tmp_path / "j.sqlite3", {"prompts": whole}):
        pass

    with pytest.raises(ConfigurationError, match="prompts was"):
        Journal(tmp_path / "j.sqlite3", _settings(others), {"prompts": others.earlier_versions(["claims"])})
    with Journal(tmp_path / "j.sqlite3", _settings(mine), {"prompts": mine.earlier_versions(["claims"])}) as journal:
        assert journal.fact("settings") == _settings(mine)


def test_a_run_goes_on_when_a_code_came_later_but_not_when_words_changed(changed, monkeypatch):
    noted = {Prompts().version_for(["claims"]), next(iter(EARLIER))}
    for name, goes_on in (("note/story", True), ("repair/default", False)):
        new = changed(name).folder
        (new / "repair" / "content.new.txt").write_text("mend it", "utf-8")
        with monkeypatch.context() as patch:
            patch.setattr(prompts, "SHIPPED", new)
            assert not noted & Prompts().earlier_versions(["claims"])
            patch.setattr(prompts, "ROWS", (*ROWS, Code("content.new", "error", "", since="99.0.0")))
            assert (noted <= Prompts().earlier_versions(["claims"])) is goes_on


def _settings(prompts: Prompts) -> dict[str, str]:
    return {"prompts": prompts.version_for(["claims"])}
