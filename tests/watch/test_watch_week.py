"""The simulated week of tests/measure/watch_week.py, cut to a day and two kills."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WEEK = Path(__file__).parent.parent / "measure" / "watch_week.py"


@pytest.mark.slow
def test_a_day_with_two_kills() -> None:
    done = subprocess.run(
        [sys.executable, str(WEEK), "--days", "1", "--kills", "2"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kills, 3 starts" in done.stdout
