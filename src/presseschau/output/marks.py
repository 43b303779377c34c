"""Stretches of a text that are marked: words a finding is about, the mention of a speaker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from presseschau.models import Finding, Span

_WEAKEST_FIRST = ("voice", "info", "warning", "error")


class Piece(NamedTuple):
    """A piece of a text and its mark: "", "voice", "info", "warning" or "error"."""

    text: str
    mark: str


def pieces(text: str, marks: Iterable[tuple[Span, str]], *, offset: int = 0) -> tuple[Piece, ...]:
    """`text` cut at the marks; joined again the pieces are `text`. `offset` is where `text` starts in what the
    spans count in. A span that does not hold its own text there is passed over; where two overlap, the graver wins."""
    grades = [""] * len(text)
    for span, mark in sorted(marks, key=lambda item: _WEAKEST_FIRST.index(item[1])):
        start, end = span.start - offset, span.end - offset
        if 0 <= start < end <= len(text) and text[start:end] == span.text:
            grades[start:end] = [mark] * (end - start)
    cuts = [i for i in range(1, len(text)) if grades[i] != grades[i - 1]]
    return tuple(
        Piece(text[start:end], grades[start])
        for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)
        if start < end
    )


def english(findings: Iterable[Finding]) -> list[tuple[Span, str]]:
    """The marks of findings in the English they are about."""
    return [(finding.en_span, finding.severity) for finding in findings if finding.en_span]


def german(findings: Iterable[Finding]) -> list[tuple[Span, str]]:
    """The marks of findings in the German, counted in the article's text."""
    return [(finding.de_span, finding.severity) for finding in findings if finding.de_span]
