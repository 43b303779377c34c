"""A database of an earlier version is brought up to date in one step; a later or strange one is refused in words."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from presseschau.errors import OutputError
from presseschau.storage.sqlite import Database, DatabaseKind

FIRST = DatabaseKind(
    name="list", application_id=0x50525358, version=1, schema=("CREATE TABLE things (name TEXT)",), error=OutputError,
    instead="name another file", damaged="Delete it.", locked="Wait.",
)  # fmt: skip
THIRD = FIRST._replace(
    version=3,
    migrations={
        1: ("ALTER TABLE things ADD COLUMN size INTEGER",),
        2: ("UPDATE things SET size = 7", "CREATE INDEX things_size ON things (size)"),
    },
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with Database(tmp_path / "list.db", FIRST) as database:
        database.run("INSERT INTO things VALUES ('spoon')")
    return tmp_path / "list.db"


def test_a_writer_brings_it_up_to_date(old: Path) -> None:
    with Database(old, THIRD) as database:
        assert database.all("SELECT name, size FROM things") == [("spoon", 7)]
        assert database.one("PRAGMA user_version") == (3,)


def test_a_reader_leaves_it_as_it_is_and_says_what_to_do(old: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(OutputError, match=r"has version 1, this program writes version 3\. Let a command write to it"):
        Database(old, THIRD, reads=True)
    assert old.read_bytes() == before


def test_a_step_that_fails_leaves_the_old_one(old: Path) -> None:
    broken = THIRD._replace(migrations={**THIRD.migrations, 2: ("UPDATE missing SET size = 7",)})
    with pytest.raises(OutputError, match="no such table: missing"):
        Database(old, broken)
    with Database(old, FIRST) as database:
        assert database.all("SELECT * FROM things") == [("spoon",)]


def test_a_later_one_is_refused(old: Path) -> None:
    Database(old, THIRD).close()
    with pytest.raises(OutputError, match=r"has version 3, .* writes version 1\. Update presseschau, or name"):
        Database(old, FIRST)


def test_a_reader_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        Database(tmp_path / "none.db", FIRST, reads=True)
    assert not list(tmp_path.iterdir())


def test_a_reader_cannot_write(old: Path) -> None:
    with Database(old, FIRST, reads=True) as database, pytest.raises(OutputError, match="readonly"):
        database.run("DELETE FROM things")


def test_only_a_private_one_has_its_rights_narrowed(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    Database(tmp_path / "shared.db", FIRST._replace(private=False)).close()
    assert stat.S_IMODE((tmp_path / "shared.db").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    Database(tmp_path / "own.db", FIRST).close()
    assert stat.S_IMODE((tmp_path / "own.db").stat().st_mode) == 0o600


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other, other:
        other.execute("CREATE TABLE things (name TEXT)")
    with pytest.raises(OutputError, match="is a database of another program"):
        Database(tmp_path / "other.db", FIRST)


def test_a_reader_reads_a_file_that_cannot_be_written(old: Path) -> None:
    old.chmod(0o400)
    old.parent.chmod(0o500)
    try:
        with Database(old, FIRST, reads=True) as database:
            assert database.all("SELECT * FROM things") == [("spoon",)]
    finally:
        old.parent.chmod(0o700)


KILLED = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.executemany("INSERT INTO things VALUES (?)", (("x" * 3000,) for _ in range(200)))
os.kill(os.getpid(), 9)
"""


def test_a_reader_undoes_what_a_killed_writer_left(old: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(old)], check=False)
    assert old.with_name("list.db-journal").stat().st_size > 0
    with Database(old, FIRST, reads=True) as database:
        assert database.all("SELECT * FROM things") == [("spoon",)]
