"""Reads the labelled pages of fixtures/ingest/layout."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "ingest" / "layout"


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
