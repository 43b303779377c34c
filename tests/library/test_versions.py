"""Articles that were changed: what a version has otherwise, earlier ones kept and read back, marks; and no sentence is
asked for again whose English is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive_world import asked_for, english, german, translated
from fault_server import FaultServer
from in_process import presseschau
from presseschau import archives
from presseschau.analysis import Options, analyze, failed
from presseschau.errors import InputError
from presseschau.ingest import read_article
from presseschau.library.store import Archive
from presseschau.library.versions import keep_version, set_mark, text_changes
from presseschau.llm.engine import choose, open_engine
from presseschau.models import Analysis, Article

BEFORE = (
    "Rat beschließt Haushalt\n\nDer Stadtrat von Aachen hat am Montag den Haushalt beschlossen. "
    "Für den Umbau des Bahnhofs sind 12 Millionen Euro vorgesehen. Die Opposition stimmte dagegen."
)
NOW = (
    "Rat beschließt Sparhaushalt\n\nDer Stadtrat von Aachen hat am Montag den Haushalt beschlossen. "
    "Für den Umbau des Bahnhofs sind 14 Millionen Euro vorgesehen. Die Bürgermeisterin sprach von einem Kraftakt."
)


def article(text: str) -> Article:
    return read_article(text, source="https://example.org/haushalt")


def result(text: str) -> Analysis:
    return failed(article(text), InputError("not asked"), "m")


def test_what_a_version_has_otherwise() -> None:
    found = text_changes(article(BEFORE), article(NOW))
    assert found.headline == ("Rat beschließt Haushalt", "Rat beschließt Sparhaushalt")
    assert found.added == ("Die Bürgermeisterin sprach von einem Kraftakt.",)
    assert found.removed == ("Die Opposition stimmte dagegen.",)
    (changed,) = found.changed
    assert changed.figures == (("12 Millionen", "14 Millionen"),)
    assert str(found) == (
        "headline changed, 1 changed, 1 added, 1 removed, figures 12 Millionen → 14 Millionen"
    )  # fmt: skip
    assert str(text_changes(article(NOW), article(NOW))) == "nothing"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The newest version is the article, the first one is kept."""
    now = result(NOW)
    with Archive(tmp_path / "archive.db") as opened:
        opened.put([now.model_dump_json().encode()])
        changes = text_changes(article(BEFORE), now.article)
        for _ in range(2):  # the same text is kept once
            line = result(BEFORE).model_dump_json().encode()
            assert (
                keep_version(opened, now.article.source, line, "2026-11-30T06:00:00Z", "2026-11-30T09:00:00Z", changes)
                == 1
            )
        assert set_mark(opened, now.article.source, "corrected", "Korrektur: ...", "2026-11-30T09:00:00Z")
        assert not set_mark(opened, now.article.source, "corrected", "again", "2026-11-30T10:00:00Z")
    return tmp_path / "archive.db"


def test_earlier_versions_are_read_by_source_or_id(archive: Path) -> None:
    source = article(NOW).source
    for name in (source, article(NOW).id[:12], article(BEFORE).id[:12]):
        (kept,) = archives.versions(archive, name)
        assert (kept.n, kept.article, kept.changes.headline) == (
            1, article(BEFORE).id, ("Rat beschließt Haushalt", "Rat beschließt Sparhaushalt"),
        )  # fmt: skip
        assert archives.read_version(archive, name, 1) == result(BEFORE)
    with pytest.raises(InputError, match=r"no version 2 of .*its earlier versions are 1\."):
        archives.read_version(archive, source, 2)
    with pytest.raises(InputError, match="holds no article nothing"):
        archives.versions(archive, "nothing")


def test_search_says_so_and_render_shows_it(archive: Path) -> None:
    found = presseschau("search", str(archive), "Bahnhof")
    assert "   corrected\n   changed: earlier version 1 (render --version)\n" in found.out
    (hit,) = json.loads(presseschau("search", str(archive), "Bahnhof", "-f", "json").out)["hits"]
    assert (hit["article"]["versions"], hit["article"]["marks"]) == (1, ["corrected"])
    shown = presseschau("render", str(archive), "--article", article(NOW).id[:12], "--version", "1", "-f", "json")
    assert json.loads(shown.out)["article"]["headline"] == "Rat beschließt Haushalt"
    assert presseschau("render", str(archive), "--version", "1").code == 2
    assert presseschau("render", str(archive), "--article", article(NOW).source, "--version", "7").code == 1


async def test_no_sentence_is_asked_for_again_whose_english_is_known(tmp_path: Path) -> None:
    before = read_article(german(1, 4), source="a")
    changed = read_article(f"{german(1, 4).rstrip()} {german(2, 1).split(chr(10))[2]}", source="a")
    known = {s.text: english(s.text) for s in before.sentences}
    async with FaultServer([translated]) as server:
        choice = choose("m", base_url=server.base_url)
        async with open_engine(choice, cache=tmp_path / "cache") as engine:
            made = await analyze(changed, engine, Options(tasks=("translate",), earlier=known))
            await analyze(before, engine, Options(tasks=("translate",), earlier=known))
        (asked,) = server.requests
        assert asked_for(asked.json["messages"][-1]["content"]) == [6]
    assert made.translation
    assert [row.en for row in made.translation] == [english(s.text) for s in changed.sentences]
