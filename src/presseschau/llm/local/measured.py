"""How fast an embedded model is on this machine: as its last run was, else as its size and the cores let expect."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from presseschau.errors import OutputError
from presseschau.llm.local.server import Speed, expected_speed, usable_cores
from presseschau.llm.local.store import LocalModel
from presseschau.storage.files import write_file

MEASURED = "speed.json"
_ENOUGH = 300
"""Written tokens of a run from which its speed is known."""
_LEAST, _MOST = 0.01, 100.0


@dataclass(frozen=True)
class KnownSpeed:
    """`speed` in tokens a second, and the day on which it was measured here; None: expected, not measured."""

    speed: Speed
    measured: str | None = None

    def seconds(self, read: int, written: int) -> float:
        """What so many tokens take."""
        return read / self.speed.reads + written / self.speed.writes


def known_speed(local: LocalModel) -> KnownSpeed:
    """What is known about the model's speed here."""
    expected = _expected(local)
    noted = _noted(local.folder).get(local.sha256)
    try:
        factor, day = float(noted["factor"]), str(noted["measured"])[:10]  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return KnownSpeed(expected)
    if not _LEAST <= factor <= _MOST:
        return KnownSpeed(expected)
    return KnownSpeed(Speed(expected.reads * factor, expected.writes * factor), day)


def remember_speed(local: LocalModel, read: int, written: int, seconds: float) -> None:
    """Notes how a run went that read and wrote so many tokens in so many seconds of work; a short one says nothing."""
    if written < _ENOUGH or seconds <= 0:
        return
    factor = KnownSpeed(_expected(local)).seconds(read, written) / seconds
    entry = {"factor": round(factor, 4), "measured": datetime.now(UTC).strftime("%Y-%m-%d")}
    noted = {**_noted(local.folder), local.sha256: entry}
    with suppress(OSError, OutputError):
        write_file(local.folder / MEASURED, json.dumps(noted, indent=1) + "\n", sync=False)


def _expected(local: LocalModel) -> Speed:
    size = local.catalog.size if local.catalog else local.path.stat().st_size if local.path.exists() else 0
    return expected_speed(size, usable_cores())


def _noted(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / MEASURED).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
