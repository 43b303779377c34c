"""The answer cache: keys that stay, files that are refused, processes that do not harm each other."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from presseschau.errors import CacheError, OutputError
from presseschau.llm.cache import AnswerCache, Stored, cache_key
from presseschau.models import Message, Request, Usage
from searching import examples

STORED = Stored('{"a": "Käse „so“"}', Usage(prompt_tokens=10, completion_tokens=5, requests=2))


class Short(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    n: int


class Longer(Short):
    more: str


REQUEST = Request("summary", (Message(role="system", content="Du"), Message(role="user", content="Käse")), Short, 99)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "answers.sqlite"


def test_the_digest_is_pinned() -> None:
    """If this fails, every cache in the world is void: change KEY_VERSION, and say so in the changelog."""
    key = cache_key("https://api.example.org/v1 m", REQUEST)
    assert key == "1:4a45fe38403710cd65815947344b7fdf7af7fe089d17d5409150dcdb07e50e9e"


@pytest.mark.parametrize(
    "changed",
    [
        replace(REQUEST, messages=REQUEST.messages[1:]),
        replace(REQUEST, messages=(REQUEST.messages[0], Message(role="user", content="Käse "))),
        replace(REQUEST, messages=(REQUEST.messages[0], Message(role="assistant", content="Käse"))),
        replace(REQUEST, temperature=0.5),
        replace(REQUEST, answer=Longer),
    ],
)
def test_what_decides_the_answer_is_in_the_key(changed: Request[Short]) -> None:
    assert cache_key("e", changed) != cache_key("e", REQUEST)
    assert cache_key("f", REQUEST) != cache_key("e", REQUEST)


@pytest.mark.parametrize(
    "changed",
    [replace(REQUEST, max_tokens=1), replace(REQUEST, tight={"type": "object"}), replace(REQUEST, task="other")],
)
def test_what_does_not_is_not(changed: Request[Short]) -> None:
    assert cache_key("e", changed) == cache_key("e", REQUEST)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(30))
@given(text=st.text(), numbers=st.lists(st.integers(0, 10**9), min_size=3, max_size=3))
def test_what_is_stored_comes_back(path: Path, text: str, numbers: list[int]) -> None:
    stored = Stored(text, Usage(prompt_tokens=numbers[0], completion_tokens=numbers[1], requests=numbers[2]))
    with AnswerCache(path) as cache:
        cache.put("key", stored)
        assert cache.get("key") == stored
        assert cache.get("other") is None
    with AnswerCache(path) as cache:
        assert cache.get("key") == stored


def test_only_the_owner_may_read(path: Path) -> None:
    with AnswerCache(path) as cache:
        cache.put("key", STORED)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_rights_that_are_too_wide_are_narrowed(path: Path) -> None:
    AnswerCache(path).close()
    path.chmod(0o644)
    AnswerCache(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    AnswerCache(tmp_path / "a.sqlite").close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE answers (a)")
    other.close()


def newer(path: Path) -> None:
    AnswerCache(path).close()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("PRAGMA user_version = 2")
    other.close()


def cut(path: Path) -> None:
    with AnswerCache(path) as cache:
        for number in range(200):
            cache.put(str(number), STORED)
    os.truncate(path, 4_096 + 100)


REFUSED: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: path.write_bytes(b"not a database" * 100), "is not a database. Give another path"),
    (lambda path: path.write_bytes(b"SQLite format 3\x00"), "is not a database. Give another path"),
    (lambda path: path.write_bytes(random.Random(1).randbytes(9_000)), "is not a database. Give another path"),
    (lambda path: path.mkdir(), "not a file"),
    (foreign, "another program"),
    (newer, "version 2"),
    (cut, "Move the file away"),
]


@pytest.mark.fault("machine", "exit 4; the file is left alone", name="in place of the cache")
@pytest.mark.parametrize(("make", "says"), REFUSED, ids=[says for _, says in REFUSED])
def test_a_file_that_is_no_cache_is_refused_and_left_alone(
    path: Path, make: Callable[[Path], object], says: str
) -> None:
    path.parent.mkdir()
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(CacheError, match=says) as caught:
        AnswerCache(path)
    assert str(path) in str(caught.value)
    assert before is None or path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_made_is_a_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError, match="cannot be made"):
        AnswerCache(tmp_path / "file" / "a.sqlite")


EDITS = [
    "text = '{\"a\": \"lie\"}'", "text = CAST(x'ff' AS TEXT)", "text = NULL", "text = 5", "prompt_tokens = 11",
    "prompt_tokens = 'x'", "created = '2000'", "digest = ''", "digest = NULL", "digest = x'ff'", "key = 'moved'",
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_row_is_not_believed(path: Path, edit: str) -> None:
    AnswerCache(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other, other:
        other.execute("DROP TABLE answers")  # the same without its constraints: whoever edits can do that too
        columns = "key PRIMARY KEY, text, prompt_tokens, completion_tokens, requests, created, digest"
        other.execute(f"CREATE TABLE answers ({columns})")
    other.close()
    with AnswerCache(path) as cache:
        cache.put("key", STORED)
        assert cache.get("key") == STORED
        with closing(sqlite3.connect(path, isolation_level=None)) as other, other:
            other.execute(f"UPDATE answers SET {edit}")
        other.close()
        assert cache.get("moved" if "moved" in edit else "key") is None
        assert cache.poisoned == 1
        assert (cache.verify().poisoned, cache.verify().sound) == (1, False)
        cache.put("key", STORED)
        assert cache.get("key") == STORED


@pytest.mark.fault("machine", "an error or a miss, never a wrong answer", name="bit rot in the cache", by="-")
def test_bit_rot_is_an_error_or_a_miss_or_right_but_never_wrong(path: Path) -> None:
    with AnswerCache(path) as cache:
        for number in range(40):
            cache.put(str(number), STORED)
    whole = path.read_bytes()
    chance = random.Random(7)
    outcomes = {"right": 0, "miss": 0, "refused": 0}
    for _ in range(300):
        rotten = bytearray(whole)
        rotten[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(rotten)
        try:
            with AnswerCache(path) as cache:
                found = [cache.get(str(number)) for number in range(40)]
                cache.stats()
                cache.verify()
        except CacheError:
            outcomes["refused"] += 1
        else:
            assert set(found) <= {STORED, None}
            outcomes["miss" if None in found else "right"] += 1
    assert all(outcomes.values()), f"the damage must be seen in every way: {outcomes}"


def test_stats_verify_clear(path: Path) -> None:
    with AnswerCache(path) as cache:
        for number in range(3):
            cache.put(str(number), STORED)
        stats = cache.stats()
        assert (stats.answers, stats.prompt_tokens, stats.completion_tokens) == (3, 30, 15)
        assert stats.path == str(path)
        assert stats.bytes == path.stat().st_size
        assert stats.oldest is not None
        assert datetime.now(UTC) - datetime.fromisoformat(stats.oldest) < timedelta(minutes=5)
        report = cache.verify()
        assert (report.answers, report.poisoned, report.problems, report.sound) == (3, 0, (), True)
        cache.remember_verdict("engine", "shape")
        assert cache.clear() == 3
        assert cache.stats().answers == 0
        assert cache.verdict("engine") is None
    assert "Käse".encode() not in path.read_bytes()


def test_notes_are_kept_and_read_whoever_cleared_the_cache_meanwhile(path: Path) -> None:
    with AnswerCache(path) as writer, AnswerCache(path) as other:
        for key in ("1:a", "1:b"):
            writer.put(key, Stored('{"a":1}', Usage(), ("odd",)))
            assert other.get(key) == writer.get(key) == Stored('{"a":1}', Usage(), ("odd",))
            other.clear() if key == "1:a" else other.purge(datetime.now(UTC) + timedelta(days=1))
            assert writer.get(key) is None
    assert b"odd" not in path.read_bytes()


def test_purge_deletes_what_is_older(path: Path) -> None:
    with AnswerCache(path) as cache:
        cache.put("key", STORED)
        assert cache.purge(datetime.now() - timedelta(days=1)) == 0
        assert cache.purge(datetime(2000, 1, 1, tzinfo=UTC)) == 0
        assert cache.get("key") == STORED
        assert cache.purge(datetime.now(UTC) + timedelta(days=1)) == 1
        assert cache.get("key") is None
    assert "Käse".encode() not in path.read_bytes()


def test_a_verdict_is_forgotten_after_a_month_and_by_refresh(path: Path) -> None:
    with AnswerCache(path) as cache:
        cache.remember_verdict("engine", "shape")
        assert cache.verdict("engine") == "shape"
        assert cache.verdict("other") is None
    with AnswerCache(path, "refresh") as cache:
        assert cache.verdict("engine") is None
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE verdicts SET created = '2026-01-01T00:00:00Z'")
    other.close()
    with AnswerCache(path) as cache:
        assert cache.verdict("engine") is None


@pytest.mark.fault("machine", "said; what is stored stays", name="disk full while storing")
def test_a_full_disk_is_said_and_harms_nothing(path: Path) -> None:
    with AnswerCache(path) as cache:
        cache.put("key", STORED)
        assert cache._database is not None
        pages = cache._database.connection.execute("PRAGMA page_count").fetchone()[0]
        cache._database.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(CacheError, match="Make room") as raised:
            cache.put("big", Stored("x" * 100_000, Usage()))
        assert raised.value.exit_code == OutputError.exit_code  # a full disk ends like a full disk elsewhere
        assert cache.get("key") == STORED
        assert cache.get("big") is None
    with AnswerCache(path) as cache:
        assert cache.verify().sound


def test_checking_for_rights_leaves_no_trace(path: Path) -> None:
    with AnswerCache(path) as cache:
        before = path.read_bytes()
        cache.check_writable()
        assert path.read_bytes() == before


WRITER = """
import sys
from pathlib import Path
from presseschau.llm.cache import AnswerCache, Stored
from presseschau.models import Usage
path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with AnswerCache(path) as cache:
    for number in range(count):
        cache.put(f"{name}-{number}", Stored(name * 1000, Usage(prompt_tokens=number)))
        cache.put("shared", Stored(name, Usage()))
        print(number, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.fault("machine", "all succeed", name="several processes make one cache")
def test_several_processes_make_and_fill_one_cache(path: Path) -> None:
    names = "abcd"
    processes = [writer(path, name, 50) for name in names]
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(names)
    assert [len(output.split()) for output in outputs] == [50] * len(names)
    with AnswerCache(path) as cache:
        assert cache.stats().answers == 50 * len(names) + 1
        assert cache.verify().sound
        for name in names:
            assert cache.get(f"{name}-49") == Stored(name * 1000, Usage(prompt_tokens=49))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.fault("machine", "nothing acknowledged is lost", name="kill -9 while storing")
@pytest.mark.slow
def test_killed_in_the_middle_nothing_acknowledged_is_lost(path: Path) -> None:
    """Ten writers are killed with SIGKILL at random moments; what they reported as stored is there."""
    chance = random.Random(3)
    for run in range(10):
        process = writer(path, f"r{run}", 100_000)
        assert process.stdout is not None
        acknowledged = [process.stdout.readline() for _ in range(chance.randrange(1, 25))][-1]
        until = time.monotonic() + chance.uniform(0, 0.003)
        while time.monotonic() < until:
            pass
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        process.wait()
        process.stdout.close()
        last = int(rest[-1] if rest else acknowledged)
        with AnswerCache(path) as cache:
            assert all(cache.get(f"r{run}-{number}") is not None for number in range(last + 1))
            assert cache.verify().sound
