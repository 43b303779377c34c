"""One writer of whole files: all of the new one, or all of the old one."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from presseschau.errors import OutputError
from presseschau.storage.files import replacing, write_file


def test_it_takes_text_bytes_and_parts(tmp_path: Path) -> None:
    path = tmp_path / "out"
    write_file(path, "Käse\r\n")
    assert path.read_bytes() == "Käse\r\n".encode()
    write_file(path, b"\xff")
    assert path.read_bytes() == b"\xff"
    write_file(path, (part for part in ("a", "\udcff")))
    assert path.read_bytes() == b"a\\udcff"
    assert list(tmp_path.iterdir()) == [path]


def test_the_rights_are_those_of_any_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_file(tmp_path / "out", "")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


@pytest.mark.fault("machine", "the old file stays whole", name="an error while a file is replaced", by="-")
def test_what_goes_wrong_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")

    def parts() -> Iterator[str]:
        yield "new" * 100_000
        raise KeyError

    with pytest.raises(KeyError):
        write_file(path, parts())
    with suppress(KeyError), replacing(path) as file:
        file.write(b"new")
        raise KeyError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_is_said_with_the_advice(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write_file(tmp_path / "none" / "out", "", advice="Run again.")
    assert str(caught.value) == f"{tmp_path}/none/out cannot be written: No such file or directory. Run again."
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"Is a directory\.$"):
        write_file(tmp_path / "folder", "")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_file(path, "all")
    assert path.read_text() == "all"


WRITES = """
import sys
from pathlib import Path
from presseschau.storage.files import write_file
for size in range(10**9):
    write_file(Path(sys.argv[1]), f"{size}\\n" * 20_000, sync=False)
    print(size, flush=True)
"""


@pytest.mark.fault("machine", "the old or the new file, whole", name="kill -9 while a file is replaced", by="-")
def test_killed_at_any_moment_the_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", WRITES, str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        for _ in range(20):
            process.stdout.readline()
        process.kill()
        process.communicate()
        lines = path.read_text().splitlines()
        assert len(lines) == 20_000
        assert len(set(lines)) == 1
