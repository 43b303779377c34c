"""Reads the tab-separated case files of fixtures/ingest: `#` for comments, `\\n` for line breaks."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "ingest"


def rows(name: str) -> list[tuple[str, ...]]:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return [tuple(line.replace("\\n", "\n").split("\t")) for line in lines if line and not line.startswith("# ")]
