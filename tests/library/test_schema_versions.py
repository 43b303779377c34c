"""An archive file of version 1, as the program of 30 November 2026 left it: read as it is, brought up to date by who
writes, and never half."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from continuity_world import HERE
from presseschau import archives, results
from presseschau.errors import OutputError
from presseschau.library import schema
from presseschau.library.store import Archive

LINES = (HERE / "out.jsonl").read_bytes().splitlines()
STEPS = schema.KIND.migrations[1]


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return Path(shutil.copy(HERE / "archive-1.db", tmp_path / "archive.db"))


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as plain:
        return int(plain.execute("PRAGMA user_version").fetchone()[0])


def shape(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as plain:
        return plain.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()


def stored(path: Path) -> list[bytes]:
    with Archive(path, reads=True) as archive:
        return [archive.read(number) for number in archive.numbers()]


def test_it_is_read_as_it_is_also_where_nothing_can_be_written(first: Path) -> None:
    before = first.read_bytes()
    first.chmod(0o400)
    first.parent.chmod(0o500)
    try:
        assert stored(first) == LINES
        assert len(results.read_decisions(first).decisions) == 6
        assert archives.search(first, "Lagerhalle").total
        with Archive(first, reads=True) as archive:
            for table in (step.split()[2] for step in STEPS if step.startswith("CREATE TABLE")):
                assert archive.database.all(f"SELECT * FROM {table}") == []
            with pytest.raises(OutputError, match="readonly"):
                archive.database.run("DELETE FROM articles")
    finally:
        first.parent.chmod(0o700)
    assert first.read_bytes() == before


def test_who_writes_brings_it_up_to_date(first: Path, tmp_path: Path) -> None:
    decided = results.read_decisions(first)
    archives.import_results(first, HERE / "out.jsonl")
    assert version(first) == schema.KIND.version
    assert stored(first) == LINES
    assert results.read_decisions(first) == decided
    Archive(tmp_path / "new.db").close()
    assert shape(first) == shape(tmp_path / "new.db")


def test_steps_only_add_tables_and_indexes() -> None:
    """Else a file of an earlier version could not be read as it is."""
    assert {tuple(step.split()[:2]) for step in STEPS} <= {("CREATE", "TABLE"), ("CREATE", "INDEX")}


KILLED = """
import os, sqlite3, sys
from pathlib import Path
real, at = sqlite3.connect, int(sys.argv[2])
def connect(*given, **more):
    connection = real(*given, **more)
    seen = []
    def traced(statement):
        if statement.startswith(("CREATE ", "PRAGMA user_version =", "COMMIT")):
            seen.append(statement)
            if len(seen) == at:
                os.kill(os.getpid(), 9)
    connection.execute("PRAGMA cache_size = 1")  # pages go to the disk before the commit
    connection.set_trace_callback(traced)
    return connection
sqlite3.connect = connect
from presseschau.library.store import Archive
Archive(Path(sys.argv[1]))
"""


def test_a_kill_in_the_middle_leaves_the_one_or_the_other(first: Path, tmp_path: Path) -> None:
    old = shape(first)
    last = len(STEPS) + 2  # the version is set, the transaction ends
    for at in (1, 2, len(STEPS), last - 1, last):
        killed = subprocess.run([sys.executable, "-c", KILLED, str(first), str(at)], check=False)
        assert killed.returncode == -9, at
        assert (version(first), shape(first)) == (1, old)
        assert stored(first) == LINES
    assert subprocess.run([sys.executable, "-c", KILLED, str(first), str(last + 1)], check=False).returncode == 0
    assert version(first) == schema.KIND.version
