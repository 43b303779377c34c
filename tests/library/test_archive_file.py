"""Results into an archive file and out of it: to the very byte, once, readers beside a writer, kills included."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from in_process import presseschau as run
from output.own_analysis import RICH, SLUGS, filled_with, hostile, own
from presseschau import archives, results
from presseschau.errors import InputError, OutputError
from presseschau.library.store import Archive
from presseschau.models import Analysis
from presseschau.pipeline.decisions import Decision

ROOT = Path(__file__).parent.parent.parent
OLD = ROOT / "fixtures/continuity/out.jsonl"


def presseschau(*arguments: str | Path) -> Any:
    return run(*map(str, arguments))


def whole(slug: str) -> Analysis:
    """The analysis of an own article, those of the article among its findings, as `analyze` has it."""
    made = own(slug)
    return made.model_copy(update={"findings": (*made.article.findings, *made.findings)})


def lines() -> list[bytes]:
    """Results of today, those of an earlier version, and one that does not hold together."""
    return [
        *(whole(slug).model_dump_json().encode() for slug in SLUGS),
        *OLD.read_bytes().splitlines(),
        own(RICH).model_copy(update={"translation": None, "summary": None, "claims": None}).model_dump_json().encode()
        .replace(b'"source":"', b'"source":"bare-'),
    ]  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with Archive(tmp_path / "archive.db") as made:
        made.put(lines())
    return tmp_path / "archive.db"


def run_in(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as plain:
        plain.executescript(script)


def stored(path: Path) -> list[bytes]:
    with Archive(path, reads=True) as archive:
        return [archive.read(number) for number in archive.numbers()]


def test_what_went_in_comes_out_to_the_byte(archive: Path) -> None:
    assert stored(archive) == lines()


def test_the_rows_give_it_back_and_nothing_is_kept_twice(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as plain, plain:
        assert plain.execute("SELECT count(*) FROM articles WHERE exact IS NOT NULL").fetchone() == (0,)
        german = own(RICH).article.sentences[3].text
        holders = [
            name
            for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%fts%'")
            for column in plain.execute(f"PRAGMA table_info({name})").fetchall()
            if plain.execute(f'SELECT 1 FROM {name} WHERE instr("{column[1]}", ?)', (german,)).fetchone()
        ]
        assert holders == ["sentences"]


@pytest.mark.parametrize("text", hostile())
def test_what_does_not_hold_together_comes_out_as_it_went_in_too(tmp_path: Path, text: str) -> None:
    line = filled_with(text).model_dump_json().encode()
    with Archive(tmp_path / "archive.db") as archive:
        archive.put([line])
        assert archive.read(1) == line


def test_to_store_it_again_changes_nothing_and_a_newer_one_takes_its_place(archive: Path) -> None:
    before = archive.read_bytes()
    newer = lines()[0].replace(b'"model":"own"', b'"model":"newer"')
    with Archive(archive) as opened:
        assert opened.put(lines()) == {"known": len(lines())}
        assert archive.read_bytes() == before
        assert opened.put([newer]) == {"replaced": 1}
        assert sorted(stored(archive)) == sorted([newer, *lines()[1:]])
        assert opened.database.all("PRAGMA foreign_key_check") == []
        orphans = "SELECT count(*) FROM sentences WHERE article NOT IN (SELECT id FROM articles)"
        assert opened.database.one(orphans) == (0,)


def test_import_and_export_of_files(tmp_path: Path) -> None:
    out, archive = tmp_path / "out.jsonl", tmp_path / "archive.db"
    out.write_bytes(b"\n".join(lines()) + b"\n")
    (tmp_path / "one").mkdir()
    other = own(SLUGS[1]).article.model_copy(update={"source": "x"})
    results.write(own(SLUGS[1]).model_copy(update={"article": other}), tmp_path / "one/one.json")
    ended = presseschau("import", archive, out, tmp_path / "one")
    assert (ended.code, ended.err) == (0, f"presseschau: {len(lines()) + 1} new, 0 replaced, 0 known.\n")
    assert presseschau("import", archive, out).err == f"presseschau: 0 new, 0 replaced, {len(lines())} known.\n"
    assert presseschau("export", archive, "-o", tmp_path / "again.jsonl").code == 0
    assert (tmp_path / "again.jsonl").read_bytes().splitlines()[: len(lines())] == lines()
    assert presseschau("import", tmp_path / "second.db", archive).code == 0
    assert stored(tmp_path / "second.db") == stored(archive)


def test_it_is_read_as_any_other_results(archive: Path) -> None:
    expected = [Analysis.model_validate_json(line) for line in lines()]
    assert list(results.read_results(archive)) == expected
    one = next(results.read_results(archive, article=f"{RICH}.txt"))
    assert one == own(RICH)
    page = presseschau("render", archive, "--article", one.article.id[:12], "-f", "md").out
    assert page == ""  # two from two sources have this id
    assert presseschau("render", archive, "--article", f"{RICH}.txt", "-f", "md").out == results.render(one, "md")


def test_decisions_lie_in_the_archive_and_win_when_it_is_read(archive: Path) -> None:
    row = own(RICH).translation[4]
    decision = results.read_decisions(archive).with_one(Decision.on(row, "edited", "A person wrote this."))
    results.write_decisions(archive, decision)
    assert results.read_decisions(archive) == decision
    assert [d.text for d in decision.decisions] == [row.de]
    plain, reviewed = (
        next(results.read_results(archive, article=f"{RICH}.txt", reviewed=reviewed)) for reviewed in (False, True)
    )
    assert plain == own(RICH)
    assert reviewed == results.apply_decisions(own(RICH), decision)
    assert reviewed.translation[4].en == "A person wrote this."
    memory = archives.read_memory(archive)
    assert memory == decision
    archives.export(archive, archive.with_name("as-stored.jsonl"), reviewed=False)
    assert archive.with_name("as-stored.jsonl").read_bytes().splitlines() == lines()
    results.write_decisions(archive, type(decision)())
    assert results.read_decisions(archive).decisions == ()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda path: path.write_bytes(b"not a database, but long enough to look like one" * 100),
         "cannot be used: file is not a database"),
        (lambda path: run_in(path, "CREATE TABLE a (b); PRAGMA user_version = 1;"),
         "is a database of another program"),
        (lambda path: (Archive(path).close(), run_in(path, "PRAGMA user_version = 9;")),
         "has version 9, this program writes version 2. Update presseschau"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_words(tmp_path: Path, made, said: str) -> None:
    made(tmp_path / "archive.db")
    before = (tmp_path / "archive.db").read_bytes()
    with pytest.raises(OutputError, match=said):
        Archive(tmp_path / "archive.db")
    with pytest.raises(InputError, match=said):
        list(results.read_results(tmp_path / "archive.db"))
    assert (tmp_path / "archive.db").read_bytes() == before


def test_what_is_not_there_is_not_made_by_who_reads(tmp_path: Path) -> None:
    ended = presseschau("export", tmp_path / "none.db", "-o", tmp_path / "out.jsonl")
    assert (ended.code, "does not exist" in ended.err) == (1, True)
    assert not list(tmp_path.iterdir())
    assert presseschau("import", tmp_path / "archive.txt", OLD).code == 2


def test_readers_read_while_a_writer_is_in_the_middle(archive: Path) -> None:
    with Archive(archive) as writer, writer.database.transaction():
        writer.put([line.replace(b'"source":"', b'"source":"more-') for line in lines()])
        with Archive(archive, reads=True) as one, Archive(archive, reads=True) as two:
            assert one.count() == two.count() == len(lines())
    with Archive(archive, reads=True) as one:
        assert one.count() == 2 * len(lines())


IMPORTS = """
import sys
from pathlib import Path
from presseschau.library.store import Archive
lines = Path(sys.argv[2]).read_bytes().splitlines()
with Archive(Path(sys.argv[1])) as archive:
    for n in range(10**9):
        archive.put([line.replace(b'"source":"', b'"source":"%d-' % n) for line in lines])
        print(n, flush=True)
"""


def test_an_article_that_is_replaced_while_it_is_read_is_read_as_it_was(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = lines()[0].replace(b'"published":"', b'"published":" ', 1)

    def replace() -> None:
        with Archive(archive) as other:
            other.put([newer])

    other = Thread(target=replace)
    asked = Archive._rows

    def rows_of(self: Archive, *table: Any) -> Any:
        if not other.ident:
            other.start()
            other.join(0.2)
        return asked(self, *table)

    monkeypatch.setattr(Archive, "_rows", rows_of)
    with Archive(archive, reads=True) as reader:
        assert reader.read(1) == lines()[0]
    other.join()
    assert newer in stored(archive)


@pytest.mark.parametrize(
    "read",
    [
        archives.read,
        lambda path: archives._archived_lines(path, None, reviewed=True),
        lambda path: results.read_results(path),
    ],
)  # fmt: skip
def test_what_is_replaced_while_all_is_read_comes_in_its_newer_form(archive: Path, read: Any) -> None:
    found = read(archive)
    next(found)
    line = next(one for one in reversed(lines()) if json.loads(one)["article"]["source"] == f"{SLUGS[2]}.txt")
    with Archive(archive) as other:
        other.put([line.replace(b'"outlet":null', b'"outlet":"Neu"', 1)])
    rest = list(found)
    assert len(rest) == len(lines()) - 1
    told = [json.loads(one) if isinstance(one, bytes) else one.model_dump(mode="json") for one in rest]
    assert [one["article"]["source"] for one in told if one["article"]["outlet"] == "Neu"] == [f"{SLUGS[2]}.txt"]


@pytest.mark.parametrize(
    "edit",
    [
        "articles SET rest = 'x'", "articles SET rest = '{}'", "articles SET exact = x'00'",
        "articles SET summary = '['", "sentences SET role = 'boss'", "sentences SET more = '[]'",
        "claims SET stance = 'odd'",
    ],
)  # fmt: skip
def test_a_row_that_was_edited_is_said_in_a_sentence(archive: Path, edit: str) -> None:
    with Archive(archive) as opened, opened.database.transaction():
        opened.database.run(f"UPDATE {edit} WHERE {'id' if edit.startswith('articles') else 'article'} = 2")
    for read in (archives.read, results.read_results, lambda path: archives._archived_lines(path, None, reviewed=True)):
        with pytest.raises(InputError, match="holds article 2 in a form that cannot be read"):
            list(read(archive))


def test_a_claim_keeps_its_speaker_when_a_transaction_around_it_failed(archive: Path) -> None:
    """A desk goes on with the archive that it has open, after a full disk."""
    told = next(line for line in lines() if json.loads(line)["claims"])
    named = json.loads(told)
    named["claims"][0]["speaker"] = "Anna Berg"
    named = Analysis.model_validate(named).model_dump_json().encode()
    with Archive(archive) as desk:
        with desk.database.transaction():
            desk.put([named])
            desk.database.undo()  # as on a full disk
        with Archive(archive) as batch:
            batch.put([named.replace(b'"Anna Berg"', b'"Bert Tal"').replace(b'"source":"', b'"source":"other-')])
        desk.put([named])
        claims = [
            json.loads(line)["claims"][0]["speaker"] for line in stored(archive) if b"Anna" in line or b"Bert" in line
        ]
    assert sorted(claims) == ["Anna Berg", "Bert Tal"]


def test_a_kill_in_the_middle_loses_nothing_that_was_said_to_be_stored(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    for kill in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", IMPORTS, str(archive), str(OLD)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(2 + kill)]
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        with Archive(archive, reads=True) as opened:
            sources = {row[0] for row in opened.database.all("SELECT source FROM articles")}
            assert opened.database.one("PRAGMA integrity_check") == ("ok",)
            for number in opened.numbers():
                assert json.loads(opened.read(number))["schema"] == "presseschau/analysis/1"
        assert {source.partition("-")[0] for source in sources} >= {number.strip() for number in said}


def test_a_note_can_be_made_of_an_archive_and_of_its_days(archive: Path) -> None:
    from presseschau.cli.briefing import read_inputs
    from presseschau.ingest import ReadOptions

    every = read_inputs([str(archive)], ReadOptions(), repair=True, lang_check=True)
    assert len(every.items) == len(lines())
    may = read_inputs(
        [str(archive)], ReadOptions(), repair=True, lang_check=True, since="2026-05-01", until="2026-05-31"
    )
    assert {item.article.published[:7] for item in may.items} == {"2026-05"}
