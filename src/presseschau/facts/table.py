"""The tables that facts and checks ship as CSV files: read when first needed, once."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=32)
def table(name: str, room: str = "facts") -> tuple[dict[str, str], ...]:
    """The rows of `<room>/data/<name>`, a UTF-8 CSV file with a header; lines that begin with # are remarks."""
    lines = files(f"presseschau.{room}").joinpath("data", name).read_text("utf-8").splitlines()
    return tuple(csv.DictReader(line for line in lines if line and not line.startswith("#")))


@lru_cache(maxsize=16)
def words_of(name: str, use: str) -> frozenset[str]:
    """The words of a table with the columns `use` and `word` that serve one use."""
    return frozenset(row["word"] for row in table(name) if row["use"] == use)
