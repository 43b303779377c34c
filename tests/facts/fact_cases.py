"""Case files of this room: read, turned into parameters, judged by one concept's file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.facts.fact import Facts, Lang

FOLDER = Path(__file__).parents[2] / "fixtures" / "facts"


def cases(name: str, *, named: bool = False) -> list[Any]:
    """One pytest parameter per row of `fixtures/facts/<name>.jsonl`, with `named` the name before it; a row with
    `xfail` is a known failure."""
    rows = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert rows, name
    return [
        pytest.param(*([name] if named else []), row, id=f"{name}-{i}", marks=_known_failure(row))
        for i, row in enumerate(rows)
    ]


def _known_failure(row: dict[str, Any]) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=row["xfail"], strict=True)] if "xfail" in row else []


def sure(concept: Any, field: str, de: str, en: str) -> list[str]:
    """The codes of the sure differences that one concept finds between a German and an English text, sorted."""
    sides = [Facts(text, lang, **{field: concept.read(text, lang)}) for text, lang in _both(de, en)]
    return sorted(d.code for d in concept.differences(*sides, "both") if not d.weak)


def _both(de: str, en: str) -> tuple[tuple[str, Lang], tuple[str, Lang]]:
    return (de, "de"), (en, "en")
