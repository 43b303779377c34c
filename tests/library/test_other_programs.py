"""Other programs open what is exported, and the archive itself: Datasette, sqlite-utils, pandas, spreadsheets, XML."""

from __future__ import annotations

import csv
import gc
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from in_process import presseschau
from output.own_analysis import RICH, SLUGS, own
from presseschau import results
from presseschau.library.store import Archive

X = "{urn:oasis:names:tc:xliff:document:2.0}"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("others") / "archive.db"
    with Archive(path) as opened:
        opened.put(own(slug).model_dump_json().encode() for slug in SLUGS)
    return path


def exported(archive: Path, name: str, *more: str) -> Path:
    out = archive.with_name(name)
    ended = presseschau("export", str(archive), "-o", str(out), *more)
    assert (ended.code, ended.err) == (0, "")
    return out


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Datasette leaves connections open
async def test_datasette_knows_the_tables_and_its_own_search_finds(archive: Path) -> None:
    from datasette.app import Datasette

    told = json.loads(exported(archive, "metadata.json", "-f", "datasette").read_text())
    shown = Datasette([str(archive)], metadata=told)
    await shown.invoke_startup()

    async def got(address: str) -> Any:
        answer = await shown.client.get(address)
        assert answer.status_code == 200, answer.text
        return answer.json()

    found = await got("/archive/articles.json?_search=Fluss&_shape=array")
    assert [row["source"] for row in found if row["source"] == f"{RICH}.txt"] == [f"{RICH}.txt"]
    assert await got("/archive/articles.json?_search=nirgendwo&_shape=array") == []
    table = await got("/archive/claims.json?_labels=on&_size=1")
    assert table["rows"]
    labelled = (await got("/archive/sentences.json?_labels=on&_shape=array&_size=1"))[0]["article"]
    assert set(labelled) == {"value", "label"}
    tables = {table["name"]: table for table in (await got("/archive.json"))["tables"]}
    assert 'name="_search"' in (await shown.client.get("/archive/articles")).text
    assert tables["articles_fts"]["hidden"]
    assert tables["articles_fts_data"]["hidden"]
    assert {key["other_table"] for key in tables["claims"]["foreign_keys"]["outgoing"]} == {"articles", "speakers"}
    for name in tables:
        await got(f"/archive/{name}.json")
    for database in shown.databases.values():
        database.close()
    gc.collect()  # the rest of them here, not in a test that comes later


def test_sqlite_utils_opens_it(archive: Path) -> None:
    from sqlite_utils import Database

    opened = Database(archive)
    assert {"articles", "sentences", "claims", "findings", "speakers", "evidence"} <= set(opened.table_names())
    assert opened["sentences"].pks == ["article", "n"]
    assert opened["articles"].count == len(SLUGS)
    opened.conn.close()


@pytest.mark.parametrize("table", ["sentences", "claims", "articles", "findings"])
def test_pandas_reads_the_parquet_and_csv_says_the_same(archive: Path, table: str) -> None:
    import pandas

    frame = pandas.read_parquet(exported(archive, f"{table}.parquet", "--table", table))
    with exported(archive, f"{table}.csv", "--table", table).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(frame.columns) == list(rows[0])
    assert len(frame) == len(rows) > 3
    if table == "sentences":
        row = frame[(frame.source == f"{RICH}.txt") & (frame.n == 4)].iloc[0]
        expected = own(RICH).translation[3]
        assert (row.de, row.en, row.status) == (expected.de, expected.en, expected.status)
        assert frame.n.dtype == "int32"
    if table == "articles":
        assert set(frame.source) == {f"{slug}.txt" for slug in SLUGS}


def test_pandas_reads_a_table_of_the_file_itself(archive: Path) -> None:
    import sqlite3
    from contextlib import closing

    import pandas

    with closing(sqlite3.connect(archive)) as plain, plain:
        frame = pandas.read_sql("SELECT * FROM claims JOIN speakers ON speakers.id = speaker", plain)
    assert set(frame.name) == {claim.speaker for slug in SLUGS for claim in own(slug).claims or () if claim.speaker}


def test_xliff_is_one_document_with_a_file_for_each_article(archive: Path) -> None:
    root = ElementTree.parse(exported(archive, "all.xlf")).getroot()
    assert (root.tag, root.get("version"), root.get("srcLang"), root.get("trgLang")) == (f"{X}xliff", "2.1", "de", "en")
    files = root.findall(f"{X}file")
    assert [file.get("original") for file in files] == [f"{slug}.txt" for slug in SLUGS]
    assert len({file.get("id") for file in files}) == len(SLUGS)
    rich = next(file for file in files if file.get("original") == f"{RICH}.txt")
    units = rich.findall(f"{X}unit")
    assert [unit.get("id") for unit in units] == [f"u{row.n}" for row in own(RICH).translation]
    for unit, row in zip(units, own(RICH).translation, strict=True):
        segment = unit.find(f"{X}segment")
        assert segment.find(f"{X}source").text == row.de
        target = segment.find(f"{X}target")
        assert (target.text if target is not None else None) == row.en
        wanted = "initial" if row.en is None else "final" if row.status == "human" else "translated"
        assert segment.get("state") == wanted
    assert root.findall(f".//{X}note[@category='error']")


def test_an_output_of_ours_is_replaced_and_another_is_not(archive: Path) -> None:
    for name in ("again.jsonl", "again.csv", "again.parquet", "again.tmx", "again.xliff"):
        exported(archive, name)
        exported(archive, name)
        archive.with_name(name).write_text("somebody else's")
        assert presseschau("export", str(archive), "-o", str(archive.with_name(name))).code == 2
    assert presseschau("export", str(archive), "-o", str(archive.with_name("x.xyz"))).code == 2
    assert presseschau("export", str(archive), "-o", str(archive), "-f", "jsonl").code == 2


def test_one_article_alone(archive: Path) -> None:
    out = exported(archive, "one.jsonl", "--article", f"{RICH}.txt")
    assert [one.article.source for one in results.read_results(out)] == [f"{RICH}.txt"]


@pytest.mark.parametrize("name", ["none.jsonl", "none.csv", "none.tmx"])
def test_an_article_that_is_not_there_is_said_and_nothing_is_written(archive: Path, name: str) -> None:
    out = archive.with_name(name)
    ended = presseschau("export", str(archive), "-o", str(out), "--article", "nonesuch")
    assert (ended.code, out.exists()) == (1, False)
    assert "holds no article nonesuch" in ended.err


def test_a_table_is_not_asked_of_what_has_none(archive: Path) -> None:
    ended = presseschau("export", str(archive), "-o", str(archive.with_name("x.tmx")), "--table", "claims")
    assert (ended.code, "goes with csv and parquet" in ended.err) == (2, True)
