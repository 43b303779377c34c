"""Files of every format made to harm are read within limits of memory and time that the system sets; they end in what
they hold or a reason, and no connection, process or other file is opened (`tests/hostile_files.py`)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import hostile_files

EXPECTED = {
    "docx-bomb": {"large": 1}, "odt-bomb": {"large": 1}, "epub-bomb": {"large": 1}, "epub-again": {"article": 1},
    "epub-outside": {"damaged": 1, "article": 1}, "epub-entities": {"article": 1}, "docx-deep": {"damaged": 1},
    "docx-cut": {"damaged": 1}, "pdf-cut": {"damaged": 1}, "pdf-bomb": {"damaged": 1}, "pdf-count": {"large": 1},
    "pdf-away": {"article": 1}, "rtf-deep": {"large": 1}, "rtf-bin": {"article": 1},
    "rtf-numbers": {"article": 1}, "rtf-away": {"article": 1}, "json-objects": {"large": 1},
    "mbox-many": {"article": 20_000},
    "nexis-many": {"article": 20_000}, "nexis-uni-many": {"article": 20_000}, "factiva-many": {"article": 20_000},
    "wiso-many": {"article": 20_000}, "nexis-endless": {"large": 1}, "factiva-endless": {"large": 1},
    "wiso-endless": {"large": 1}, "rss-entities": {"article": 1}, "newsml-entities": {"article": 1},
    "newsml-1-entities": {"article": 1}, "nitf-entities": {"article": 1}, "trafilatura-entities": {"article": 1},
    "tei-entities": {"article": 1}, "rss-deep": {"damaged": 1}, "nitf-deep": {"damaged": 1}, "rss-cut": {"damaged": 1},
    "newsml-cut": {"damaged": 1}, "newsml-1-cut": {"damaged": 1}, "nitf-cut": {"damaged": 1}, "tei-cut": {"damaged": 1},
}  # fmt: skip
"""What must come of some; of all others that it ends."""


@pytest.mark.slow
@pytest.mark.timeout(1800)  # half a minute on a machine of its own
def test_no_file_takes_more_than_it_may_or_reaches_outside(tmp_path: Path) -> None:
    names = hostile_files.write(tmp_path)
    program = [sys.executable, hostile_files.__file__, str(tmp_path)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [line[0] for line in lines] == names
    came = {name: (what, size, seconds) for name, what, size, seconds in lines}
    assert {name: came[name][0] for name in EXPECTED} == EXPECTED
    assert [name for name, (what, *_) in came.items() if not what] == []
    assert [name for name, (_, size, _) in came.items() if size > 60_000_000] == []
    assert [name for name, (*_, seconds) in came.items() if seconds > hostile_files.MOST_SECONDS] == []
