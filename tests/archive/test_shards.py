"""Parts of an archive, analysed apart and put together; Parquet in and out."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet
from test_run import TRANSLATE, Desk

from archive_world import german, translated
from fault_server import FaultServer, Reply, Seen, error
from in_process import presseschau
from presseschau import archives
from presseschau.archive.outputs import Format
from presseschau.archive.shards import merge, split
from presseschau.cli.briefing import read_inputs
from presseschau.errors import ConfigurationError, InputError, OutputError
from presseschau.ingest import read_document
from presseschau.ingest.document import Document, ReadOptions, Skipped
from presseschau.ingest.sources import iter_documents
from presseschau.llm.engine import choose
from presseschau.models import Analysis
from presseschau.results import read_results, render


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    def reply(seen: Seen) -> Reply:
        """One article of all is refused: a failure must find its place, too."""
        return error(400) if "Bericht 9 " in seen.json["messages"][-1]["content"] else translated(seen)

    async with FaultServer([reply]) as server:
        yield Desk(tmp_path, server)


def archive(folder: Path) -> list[Path]:
    """Forty articles of which some are the same, some almost, one English, one empty; in three containers."""
    rows = [{"text": german(number), "id": f"own-{number}"} for number in range(30)]
    rows += [rows[3], {"text": german(4) + "\n\nUnd noch ein Satz mehr steht hier.", "id": "more"}, {"text": ""}]
    rows += [{"text": "This is a text in English, and nobody would take it for a German one, I think."}, rows[3]]
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (folder / "texts").mkdir()
    for number in (40, 5, 41):
        (folder / "texts" / f"{number}.txt").write_text(german(number), "utf-8")
    more = {"text": [german(number) for number in (50, 51, 6)], "published": [datetime(2026, 11, 30)] * 3}
    parquet.write_table(pyarrow.table(more), folder / "b.parquet")
    return [folder / "a.jsonl", folder / "texts", folder / "b.parquet"]


@pytest.mark.parametrize("format", ["jsonl", "csv", "md"])
async def test_seven_parts_put_together_are_one_run(desk: Desk, format: Format) -> None:
    sources = archive(desk.folder)
    suffix = "" if format == "md" else f".{format}"
    whole, merged = desk.folder / f"whole{suffix}", desk.folder / f"merged{suffix}"
    one = await desk.run(*sources, out=whole, format=format)
    dealt = split(sources, desk.folder / "parts", 7)
    assert dealt.articles == one.usable + one.counts["failed"]
    outs = []
    for shard in dealt.shards:
        outs.append(desk.folder / f"{shard.stem}.jsonl")
        assert (await desk.run(shard, out=outs[-1])).complete
    report = merge(desk.folder / "parts", outs[::-1], merged, format)
    assert (report.counts, report.failed, report.skipped, report.near) == (
        one.counts, one.failed, one.skipped, one.near,
    )  # fmt: skip
    assert one.near
    assert one.counts["duplicate"] == 4
    for name in (None, "failed.jsonl", "duplicates.jsonl"):
        ours, theirs = (path if name is None else path.with_name(f"{path.name}.d") / name for path in (merged, whole))
        assert {
            path.relative_to(ours): path.read_bytes() for path in (*ours.rglob("*.md"), ours) if path.is_file()
        } == {path.relative_to(theirs): path.read_bytes() for path in (*theirs.rglob("*.md"), theirs) if path.is_file()}
    asked = len(desk.server.requests)
    again = await desk.run(*sources, out=merged, format=format)  # as if it had been one run
    assert again.complete
    assert len(desk.server.requests) == asked


async def test_a_part_that_is_missing_or_not_done_is_named(desk: Desk) -> None:
    sources = archive(desk.folder)
    parts = desk.folder / "parts"
    dealt = split(sources, parts, 2)
    first, second = (desk.folder / f"{shard.stem}.jsonl" for shard in dealt.shards)
    await desk.run(dealt.shards[0], out=first)
    for outs, said in (([first], "No output is named shard-2"), ([first, second], "no journal")):
        with pytest.raises(ConfigurationError, match=said):
            merge(parts, outs, desk.folder / "merged.jsonl")
    lines = dealt.shards[1].read_text("utf-8").splitlines(keepends=True)
    dealt.shards[1].write_text("".join(lines[:-1]), "utf-8")
    await desk.run(dealt.shards[1], out=second)
    with pytest.raises(ConfigurationError, match="not complete"):
        merge(parts, [first, second], desk.folder / "merged.jsonl")
    dealt.shards[1].write_text("".join(lines[1:] + lines[:1]), "utf-8")
    await desk.run(dealt.shards[1], out=second)
    with pytest.raises(ConfigurationError, match="not of its shard"):
        merge(parts, [first, second], desk.folder / "merged.jsonl", overwrite=True)
    dealt.shards[1].write_text("".join(lines), "utf-8")
    await desk.run(
        dealt.shards[1],
        out=second,
        options=TRANSLATE,
        choice=choose("other", base_url=desk.server.base_url),
        overwrite=True,
    )
    with pytest.raises(ConfigurationError, match="other settings"):
        merge(parts, [first, second], desk.folder / "merged.jsonl", overwrite=True)
    with pytest.raises(ConfigurationError, match="not made by"):
        merge(desk.folder, [first, second], desk.folder / "merged.jsonl")
    with pytest.raises(OutputError, match="not empty"):
        split(sources, parts, 2)


def test_a_line_of_a_part_is_the_article_that_was_read(tmp_path: Path) -> None:
    sources = archive(tmp_path)
    dealt = split(sources, tmp_path / "parts", 1)
    whole = [read_document(item) for item in iter_documents(sources[1:]) if isinstance(item, Document)]
    parts = [read_document(item) for item in iter_documents(dealt.shards) if isinstance(item, Document)]
    read = {article.source: article for article in whole}
    assert [article for article in parts if article.source in read and article != read[article.source]] == []
    assert {article.source for article in parts} > {f"{sources[2]}#1", str(sources[1] / "40.txt")}


@pytest.mark.parametrize("edit", [('"text": "Am', '"text": "Um'), ('"article"', '"artikel"'), ('"start"', '"anfang"')])
def test_a_line_that_was_changed_is_not_believed(tmp_path: Path, edit: tuple[str, str]) -> None:
    dealt = split(archive(tmp_path)[1:], tmp_path / "parts", 1)
    dealt.shards[0].write_text(dealt.shards[0].read_text("utf-8").replace(*edit), "utf-8")
    assert {item.reason if isinstance(item, Skipped) else "read" for item in iter_documents(dealt.shards)} == {
        "damaged"
    }


async def test_the_commands(desk: Desk) -> None:
    sources = archive(desk.folder)
    parts, out = desk.folder / "parts", desk.folder / "merged.parquet"
    dealt = presseschau("split", *map(str, sources), "-o", str(parts), "--shards", "2")
    assert dealt.code == 0
    shards = [Path(line) for line in dealt.out.splitlines()]
    assert [path.name for path in shards] == ["shard-1.jsonl", "shard-2.jsonl"]
    assert "4 exact duplicates and 2 items" in dealt.err
    outs = [desk.folder / shard.name for shard in shards]
    for shard, one in zip(shards, outs, strict=True):
        await desk.run(shard, out=one)
    merged = presseschau("merge", str(parts), *map(str, outs), "-o", str(out))
    assert merged.code == 3
    assert "1 failed" in merged.err
    rows = parquet.read_table(out).to_pylist()
    assert [row["state"] for row in rows].count("failed") == 1
    assert next(row for row in rows if row["state"] == "failed")["failure"]
    done = next(row for row in rows if row["state"] == "done")
    analysis = Analysis.model_validate_json(done["analysis"])
    assert (done["id"], done["source"]) == (analysis.article.id, f"{sources[0]}#1")
    assert done["headline_en"] == "Report 0 from the village"
    assert done["requests"] == analysis.provenance.usage.requests == 1
    assert presseschau("merge", str(parts), *map(str, outs), "-o", str(desk.folder / "x.db")).code == 2


async def test_parquet_in_is_what_jsonl_is(desk: Desk) -> None:
    rows = [{"body": german(n), "titel": "Ein Titel", "meta": {"page": n}, "tags": ["a", "b"]} for n in range(3)]
    (desk.folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    parquet.write_table(pyarrow.Table.from_pylist(rows), desk.folder / "a.parquet")
    found = [
        [read_document(item) for item in iter_documents(desk.folder / name) if isinstance(item, Document)]
        for name in ("a.jsonl", "a.parquet")
    ]
    known = {"source": "", "text": ""}
    assert [a.model_copy(update=known) for a in found[0]] == [a.model_copy(update=known) for a in found[1]]
    assert [article.source for article in found[1]] == [f"{desk.folder / 'a.parquet'}#{n}" for n in (1, 2, 3)]
    report = await desk.run(desk.folder / "a.parquet", out=desk.folder / "out.parquet", format="parquet")
    assert report.complete
    assert parquet.read_table(desk.folder / "out.parquet").num_rows == 3


async def test_results_in_parquet_are_read_as_those_in_jsonl(desk: Desk) -> None:
    rows = [{"id": str(n), "text": german(n)} for n in (1, 9, 2)]  # 9 is refused: a result with a failure
    parquet.write_table(pyarrow.Table.from_pylist(rows), desk.folder / "a.parquet")
    folder = desk.folder / "out"
    folder.mkdir()
    await desk.run(desk.folder / "a.parquet", out=folder / "out.parquet", format="parquet")
    await desk.run(desk.folder / "a.parquet", out=desk.folder / "out.jsonl")
    parquet.write_table(pyarrow.table({"text": [german(3)]}), folder / "articles.parquet")
    wanted = list(read_results(desk.folder / "out.jsonl"))
    assert len(wanted) == 3
    assert list(read_results(folder / "out.parquet")) == list(read_results(folder)) == wanted
    told = [presseschau("verify", str(name)) for name in (folder / "out.parquet", desk.folder / "out.jsonl")]
    assert told[0].out == told[1].out
    page = presseschau("render", str(folder / "out.parquet"), "--article", wanted[0].article.id, "-f", "html").out
    assert page == render(wanted[0], "html")
    assert archives.import_results(desk.folder / "a.db", folder / "out.parquet") == {"new": 3}
    given = read_inputs([str(folder)], ReadOptions(), repair=True, lang_check=True)
    assert given.items[0].source == f"{folder / 'articles.parquet'}#1"  # type: ignore[union-attr]
    assert list(given.items[1:]) == wanted


@pytest.mark.parametrize(("data", "said"), [
    (b"PAR1 is not all", "no Parquet, or damaged"), (b"", "no Parquet, or damaged"),
    ({"text": ["a"]}, "no column 'analysis'"),
    ({"analysis": [None, None], "state": ["failed"] * 2}, "none of its 2 rows"),
    ({"analysis": ["{", "{"], "state": ["done"] * 2}, "is not a result of presseschau"),
    ({"analysis": [1], "state": ["done"]}, "is not a result of presseschau"),
])  # fmt: skip
def test_parquet_without_results_is_refused(tmp_path: Path, data: bytes | dict[str, list[object]], said: str) -> None:
    out = tmp_path / "out.parquet"
    if isinstance(data, bytes):
        out.write_bytes(data)
    else:
        parquet.write_table(pyarrow.table(data), out)
    with pytest.raises(InputError, match=said):
        list(read_results(out))
    assert presseschau("verify", str(out)).code == 1


def test_damaged_parquet_is_skipped(tmp_path: Path) -> None:
    held = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": [german(1)] * 200}), held)
    for number, data in enumerate((b"PAR1", held.getvalue()[:-9], held.getvalue()[:200] + b"x" * 500 + b"PAR1")):
        (tmp_path / f"{number}.parquet").write_bytes(data)
    items = list(iter_documents(tmp_path))
    assert [item.reason for item in items if isinstance(item, Skipped)] == ["damaged"] * 3
