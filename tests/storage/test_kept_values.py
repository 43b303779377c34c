"""What is kept from run to run is what would be made, patterns as `re` makes them, whatever is wrong with the file."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import presseschau.patterns
from presseschau.lang import rules
from presseschau.patterns import cached_on_disk
from presseschau.storage import kept as storage
from presseschau.storage.kept import KeptFile

PATTERNS = [rule.pattern for lang in ("de", "en") for rule in rules(lang, "negation").values()]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    file = tmp_path_factory.mktemp("kept") / "below" / "patterns.bin"
    patterns = KeptFile(file)
    for text in PATTERNS:
        patterns.compile(text)
    patterns.save()
    return file.read_bytes()


@pytest.fixture
def file(kept, tmp_path):
    (tmp_path / "patterns.bin").write_bytes(kept)
    return tmp_path / "patterns.bin"


def parsed(monkeypatch):
    """The patterns that Python parses from here on."""
    seen = []
    parse = re._parser.parse
    monkeypatch.setattr(re._parser, "parse", lambda text, flags=0: seen.append(text) or parse(text, flags))
    return seen


def test_a_kept_pattern_is_the_very_one(file, monkeypatch):
    new = {text: re.compile(text) for text in PATTERNS}
    patterns, seen = KeptFile(file), parsed(monkeypatch)
    for text, pattern in new.items():
        made = patterns.compile(text)
        assert made == pattern  # flags, text and code
        assert (made.groups, made.groupindex) == (pattern.groups, pattern.groupindex)
    assert len(new) > 50
    assert seen == []


def test_flags_are_part_of_it_and_a_fault_is_one(file):
    patterns = KeptFile(file)
    assert patterns.compile("ja", re.IGNORECASE).match("JA")
    assert not patterns.compile("ja").match("JA")
    with pytest.raises(re.error, match="unterminated"):
        patterns.compile("(ja")


def cut(content):
    return content[:-1]


def one_bit(content):
    return content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]


def of_another_python(content):
    return content.replace(sys.version[:6].encode(), b"3.10.1", 1)


@pytest.mark.parametrize(
    ("damage", "lost"),
    [(cut, 1), (one_bit, 1)]
    + [(damage, len(PATTERNS)) for damage in (of_another_python, lambda _: b"", lambda _: b"\n\n[]", lambda _: b"x")],
)
def test_what_is_damaged_is_none_and_is_replaced(kept, file, damage, lost, monkeypatch):
    file.write_bytes(damage(kept))
    patterns, seen = KeptFile(file), parsed(monkeypatch)
    for text in PATTERNS:
        assert patterns.compile(text) == re.compile(text)
    assert list(dict.fromkeys(seen)) == PATTERNS[-lost:]
    patterns.save()
    assert file.read_bytes() == kept


MADE = {"a": ("b", frozenset({"c", "d"}), [1, 2.5, None, True])}


def test_what_a_function_made_is_known_in_another_run_until_our_files_change(file, monkeypatch):
    made, state = [], [b"1"]
    monkeypatch.setattr(storage, "_state", lambda: state[0])

    @cached_on_disk
    def make(word, *, lower=False):
        made.append((word, lower))
        return MADE

    def run():
        kept = KeptFile(file)
        monkeypatch.setattr(presseschau.patterns, "_keep", kept.made)
        assert make("a") == make("a", lower=True) == MADE
        kept.save()

    run()
    run()
    assert made == [("a", False), ("a", True)]
    state[0] = b"2"
    run()
    assert made == [("a", False), ("a", True)] * 2
    size = file.stat().st_size
    state[0] = b"3"
    run()
    assert file.stat().st_size == size  # in the place of what was out of date
    state[0] = None  # in an archive
    run()
    assert made == [("a", False), ("a", True)] * 4


def test_a_table_or_a_file_of_code_that_changes_is_another_state(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "_ROOM", tmp_path)
    for room in ("lang", "facts", "checks", "prompts"):
        (tmp_path / room / "de").mkdir(parents=True)
    table = tmp_path / "lang" / "de" / "months.csv"
    seen = set()
    for content in ("word", "words", "Words"):
        table.write_text(content)
        os.utime(table, ns=(0, len(seen)))
        assert storage._state() == storage._state()
        seen.add(storage._state())
    (tmp_path / "checks" / "__pycache__").mkdir()
    (tmp_path / "checks" / "__pycache__" / "a.pyc").touch()
    assert storage._state() in seen
    (tmp_path / "checks" / "a.py").touch()
    seen.add(storage._state())
    assert len(seen) == 4


def test_nothing_is_written_when_nothing_is_new(file):
    before = file.stat()
    patterns = KeptFile(file)
    patterns.compile(PATTERNS[0])
    patterns.save()
    assert file.stat().st_mtime_ns == before.st_mtime_ns


def test_what_two_processes_add_is_all_there(file, monkeypatch):
    one, other = KeptFile(file), KeptFile(file)
    one.compile("eins")
    other.compile("zwei")
    one.save()
    other.save()
    again, seen = KeptFile(file), parsed(monkeypatch)
    for text in ("eins", "zwei", PATTERNS[-1]):
        again.compile(text)
    assert seen == []


def test_a_file_that_grows_too_large_keeps_what_was_used_last(file, kept, monkeypatch):
    monkeypatch.setattr("presseschau.storage.kept.MOST", 1000)
    patterns = KeptFile(file)
    for text in ("eins", *PATTERNS, *("[a-z]" * n for n in range(1, 30))):
        assert patterns.compile(text) == re.compile(text)
    patterns.save()
    assert 500 < file.stat().st_size < 4000
    again, seen = KeptFile(file), parsed(monkeypatch)
    again.compile("eins")
    assert seen == []


def test_where_nothing_can_be_written_patterns_are_made_all_the_same(tmp_path):
    (tmp_path / "file").write_text("no folder")
    patterns = KeptFile(tmp_path / "file" / "patterns.bin")
    assert patterns.compile("ja").match("ja")
    patterns.save()
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_the_command_line_keeps_them(tmp_path):
    article = Path(__file__).parents[2] / "fixtures" / "articles" / "own" / "bahn-warnstreik.txt"
    said, written = [], set()
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "presseschau", "read", str(article), "--json"],
            env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
            check=True,
            capture_output=True,
        )
        said.append(done.stdout)
        written |= {(file.name, file.stat().st_mtime_ns) for file in tmp_path.glob("presseschau/kept-*.bin")}
    assert said[0] == said[1]
    assert len(written) == 1  # by the first; the second found all in it
