"""One iterator over files, folders, pipes: in order, each item with its source, each failure with its reason."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from presseschau.ingest import sources
from presseschau.ingest.sources import Document, ReadOptions, Skipped, documents_in, iter_documents


def read(*paths: Path | str, **options: object) -> list[tuple[str, str]]:
    """(source or reason, last part of the source) of every item."""
    items = iter_documents([str(path) for path in paths], options=ReadOptions(**options))  # type: ignore[arg-type]
    return [(item.reason if isinstance(item, Skipped) else "", item.source.rpartition("/")[2]) for item in items]


def test_folder_is_read_by_name_and_depth(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt", "sub/deeper/d.txt", ".hidden"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Text für alle", encoding="utf-8")
    assert read(tmp_path) == [("", "a.txt"), ("", "b.txt"), ("", "c.txt"), ("", "d.txt")]


def test_large_folder_is_not_held_in_memory_for_sorting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_SORTED", 3)
    for number in range(10):
        (tmp_path / f"{number}.txt").write_text("x", encoding="utf-8")
    assert sorted(read(tmp_path)) == [("", f"{number}.txt") for number in range(10)]


def test_links_pipes_and_missing_files_are_skipped_with_their_reason(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert read(tmp_path) == [("", "a.txt"), ("link", "link.txt"), ("link", "loop"), ("special", "pipe")]
    assert read(tmp_path / "pipe", tmp_path / "none", "/dev/null") == [
        ("special", "pipe"), ("missing", "none"), ("special", "null"),
    ]  # fmt: skip


def test_named_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    assert read(tmp_path / "link.txt") == [("", "link.txt")]


def test_link_to_itself_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to("self")
    assert read(tmp_path / "self")[0][0] in ("link", "unreadable")


def test_file_that_vanishes_while_the_folder_is_read(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    items = iter_documents([str(tmp_path)])
    next(items)
    (tmp_path / "b.txt").unlink()
    rest = list(items)
    assert [type(item) for item in rest] == [Skipped, Document]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x", encoding="utf-8")
    path.chmod(0)
    assert read(path) == [("unreadable", "a.txt")]


@pytest.mark.parametrize(
    ("data", "options", "texts"),
    [
        (b"Text f\xc3\xbcr alle", {}, [None]),
        (b'{"text": "eins"}\n{"text": "zwei"}\n', {}, ["eins", "zwei"]),
        (b'{"text": "eins"}\n', {"format": "jsonl"}, ["eins"]),
        (b"text;title\nRumpf;Kopf\n", {"format": "csv"}, ["Kopf\n\nRumpf"]),
        (b'[{"text": "eins"}]', {}, ["eins"]),
    ],
)
def test_standard_input(data: bytes, options: dict[str, str], texts: list[str | None]) -> None:
    items = list(iter_documents(["-"], options=ReadOptions(**options), stdin=io.BytesIO(data)))  # type: ignore[arg-type]
    assert [item.text for item in items if isinstance(item, Document)] == texts


def test_private_address_is_not_fetched() -> None:
    (item,) = iter_documents(["http://127.0.0.1:1/geheim"])
    assert isinstance(item, Skipped)
    assert item.reason == "fetch"
    assert "not a public address" in item.detail


def test_stable_sources(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "eins"}\n\n{"text": "zwei"}\n', encoding="utf-8")
    assert read(tmp_path) == read(tmp_path) == [("", "a.jsonl#1"), ("", "a.jsonl#3")]


@pytest.mark.parametrize(
    ("options", "text"), [(None, "Die Stadt baut."), (ReadOptions(mapping={"text": "b"}), "Der Rat tagt.")]
)
def test_an_open_file_is_read_by_its_options(options: ReadOptions | None, text: str) -> None:
    (item,) = documents_in(io.BytesIO(b'{"text": "Die Stadt baut.", "b": "Der Rat tagt."}'), "x.json", options=options)
    assert isinstance(item, Document)
    assert item.text == text
