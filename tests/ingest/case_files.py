"""Reads the case files of fixtures/ingest: rows of tables, and labelled pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "ingest"
LAYOUT = FOLDER / "layout"


def rows(name: str) -> list[tuple[str, ...]]:
    """Of a tab-separated file: `#` for comments, `\\n` for line breaks."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return [tuple(line.replace("\\n", "\n").split("\t")) for line in lines if line and not line.startswith("# ")]


@dataclass
class LayoutCase:
    """A page, the (label, text) of its parts in order, and the metadata expected."""

    text: str
    parts: list[tuple[str, str]] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)


def read_case(path: Path) -> LayoutCase:
    lines: list[str] = []
    case = LayoutCase("")
    for row in path.read_text("utf-8").splitlines():
        if row.startswith("#"):
            continue
        if row.startswith("! "):
            name, _, value = row[2:].partition(" = ")
            case.expected[name] = value
        elif not row:
            lines.append("")
        else:
            _read_row(row, lines, case)
    case.text = "\n".join(lines).strip("\n") + "\n"
    return case


def _read_row(row: str, lines: list[str], case: LayoutCase) -> None:
    labels, _, text = row.partition(" | ")
    if labels.startswith("= "):
        case.parts.pop()
        case.parts += _parts(labels[2:], text)
    elif labels == "+":
        lines.append(text)
        label, before = case.parts.pop()
        case.parts.append((label, f"{before} {text}"))
    else:
        lines.append(text.replace("‖", ""))
        case.parts += _parts(labels, text)


def _parts(labels: str, text: str) -> list[tuple[str, str]]:
    if text.count("‖") < labels.count("‖"):  # "byline‖-": the rest of the line says nothing
        labels = labels.partition("‖")[0]
    return [
        (label, piece.strip()) for label, piece in zip(labels.split("‖"), text.split("‖"), strict=True) if label != "-"
    ]
