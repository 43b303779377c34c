"""The three databases: files that look the same for ever, and are refused, shared and locked in the same way."""

from __future__ import annotations

import hashlib
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path

import pytest

from presseschau.archive.journal import Journal
from presseschau.archive.provider_batch.ledger import Ledger
from presseschau.errors import CacheError, OutputError, PresseschauError
from presseschau.llm.cache import AnswerCache, Stored
from presseschau.models import Usage

Opened = Callable[[Path], AbstractContextManager[object]]
CACHE: Opened = AnswerCache
JOURNAL: Opened = lambda path: Journal(path, {})  # noqa: E731
LEDGER: Opened = lambda path: Ledger(path.parent, "engine")  # noqa: E731
KINDS = pytest.mark.parametrize(
    ("opened", "error", "instead"),
    [
        pytest.param(CACHE, CacheError, "use --no-cache", id="cache"),
        pytest.param(JOURNAL, OutputError, "another output with -o", id="journal"),
        pytest.param(LEDGER, OutputError, "folder away", id="ledger"),
    ],
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def edit(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)


@pytest.mark.parametrize(
    ("opened", "application_id", "tables"),
    [
        (CACHE, 0x50525343, "c11cb20cdd4d8f5f"),
        (JOURNAL, 0x5052534A, "45ac8ef5d231bc01"),
        (LEDGER, 0x5052534C, "129a8f19de5a1a48"),
    ],
)
def test_the_file_is_pinned(path: Path, opened: Opened, application_id: int, tables: str) -> None:
    """If this fails, files of earlier versions are another program's: raise the version, and migrate them."""
    with opened(path):
        pass
    header = path.read_bytes()[:100]
    assert int.from_bytes(header[68:72]) == application_id
    assert int.from_bytes(header[60:64]) == 1
    assert header[18:20] == b"\x01\x01", "a rollback journal, not WAL"
    with closing(sqlite3.connect(path)) as other:
        found = other.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()
    assert hashlib.sha256(repr(found).encode()).hexdigest()[:16] == tables


@KINDS
def test_only_the_owner_may_read(path: Path, opened: Opened, error: type[PresseschauError], instead: str) -> None:
    with opened(path):
        pass
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with opened(path):
        pass
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@KINDS
def test_an_empty_file_is_a_new_one(path: Path, opened: Opened, error: type[PresseschauError], instead: str) -> None:
    """It is what is left of a process that was killed while it made it."""
    path.touch()
    with opened(path):
        pass
    with opened(path):
        pass


REFUSED: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: path.write_bytes(b"no database" * 100), "is not a database"),
    (lambda path: path.write_bytes(b"SQLite format 3\x00"), "is not a database"),
    (lambda path: path.mkdir(), "is not a file"),
    (lambda path: edit(path, "CREATE TABLE items (a)", "CREATE TABLE answers (a)"), "another program"),
]


@pytest.mark.fault("machine", "refused and left alone", name="in place of a database", by="-")
@KINDS
@pytest.mark.parametrize(("make", "says"), REFUSED, ids=["text", "header", "folder", "foreign"])
def test_what_is_none_is_refused_and_left_alone(
    path: Path, opened: Opened, error: type[PresseschauError], instead: str, make: Callable[[Path], object], says: str
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(error, match=says) as caught:
        opened(path)
    assert str(path) in str(caught.value)
    assert instead in str(caught.value)
    assert before is None or path.read_bytes() == before


@pytest.mark.fault("machine", "refused: update presseschau", name="a database of a newer version", by="-")
@KINDS
def test_a_newer_one_is_refused(path: Path, opened: Opened, error: type[PresseschauError], instead: str) -> None:
    with opened(path):
        pass
    edit(path, "PRAGMA user_version = 2")
    with pytest.raises(error, match=r"has version 2, this program writes version 1\. Update presseschau") as caught:
        opened(path)
    assert instead in str(caught.value)


@KINDS
def test_where_nothing_can_be_made(path: Path, opened: Opened, error: type[PresseschauError], instead: str) -> None:
    path.write_text("a file where a folder should be")
    with pytest.raises(error, match=r"cannot be made: Not a directory\. Check the rights .*, or ") as caught:
        opened(path / "ledger.sqlite")
    assert instead in str(caught.value)


def test_a_cache_that_may_only_be_read_still_answers(path: Path) -> None:
    """As another user sees it: SQLite opens it for reading, and each write says why it fails."""
    with AnswerCache(path) as cache:
        cache.put("key", Stored("{}", Usage()))
        cache._open().run("PRAGMA query_only = ON")
        assert cache.get("key") == Stored("{}", Usage())
        with pytest.raises(CacheError, match="Check the rights"):
            cache.check_writable()


OPENS = """
import sys
from pathlib import Path
from presseschau.archive.journal import Journal
from presseschau.errors import OutputError
try:
    Journal(Path(sys.argv[1]), {})
except OutputError as error:
    print(error)
"""


def test_a_journal_is_held_against_other_processes(path: Path) -> None:
    """Also after another opening in this process: to close any descriptor of a file drops the process's locks."""

    def said() -> str:
        return subprocess.run([sys.executable, "-c", OPENS, str(path)], capture_output=True, text=True).stdout

    with Journal(path, {}):
        assert "Another process is working on this run" in said()
        with pytest.raises(OutputError, match="Another process"):
            Journal(path, {})
        assert "Another process is working on this run" in said()
    assert said() == ""


def test_a_transaction_is_all_or_nothing_and_one_within_another_a_part_of_it(path: Path) -> None:
    with Ledger(path.parent, "engine") as ledger:
        with suppress(ZeroDivisionError), ledger.transaction():
            ledger.remember(inner=1)
            raise ZeroDivisionError
        assert ledger.fact("inner") is None
        with ledger.transaction():
            ledger.remember(inner=1)
            ledger.undo()
        assert ledger.fact("inner") is None
        with ledger.transaction():
            ledger.remember(inner=2)
        assert ledger.fact("inner") == 2


def test_threads_take_turns(path: Path) -> None:
    with Journal(path, {}) as journal:
        threads = [
            threading.Thread(target=lambda n=n: [journal.commit(**{f"f{n}-{i}": i}) for i in range(20)])  # type: ignore[misc]
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(journal.fact(f"f{n}-{i}") == i for n in range(4) for i in range(20))
