"""Undo encoding damage in text: our own code-page vote, then residue letters, then ftfy where something still looks odd.

The order matters: ftfy first would destroy the evidence that our vote needs (measured: 56 % instead of 100 % of the
words restored). What is not damaged is never touched, and a repair is kept only if it leaves the text less broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from presseschau.ingest.mojibake import Change, choose, undo
from presseschau.ingest.residue import restore
from presseschau.ingest.suspicion import broken_spots, has_suspect_pair, is_expected
from presseschau.models import Finding, Repair

_MAX_LAYERS = 4
_MAX_EXAMPLES = 5


@dataclass(frozen=True)
class Repaired:
    """A text after repair, every change made, and what is still broken."""

    text: str
    repairs: tuple[Repair, ...] = ()
    findings: tuple[Finding, ...] = ()


def repair(text: str) -> Repaired:
    """`text` without encoding damage, the changes, and a warning `input.encoding` if damage is left.

    Damage by a code page that is not in `mojibake.CODECS` leaves the text unchanged. Clean text is returned as is.
    """
    if is_expected(text):
        return Repaired(text)
    repairs: list[Repair] = []
    mended = _undo_code_pages(text, repairs)
    mended = _restore_residue(mended, repairs)
    mended = _run_ftfy(mended, repairs)
    if mended != text and len(broken_spots(mended)) > len(broken_spots(text)) // 2:
        mended, repairs = text, []
    return Repaired(mended, tuple(repairs), _still_broken(mended))


def _undo_code_pages(text: str, repairs: list[Repair]) -> str:
    for _ in range(_MAX_LAYERS):
        page = choose(text)
        if page is None:
            break
        text, changes = undo(text, page)
        repairs.append(_report("mojibake", page.name, changes))
    return text


def _restore_residue(text: str, repairs: list[Repair]) -> str:
    text, chain, changes = restore(text)
    if chain is not None:
        repairs.append(_report("residue", chain, changes))
    return text


def _run_ftfy(text: str, repairs: list[Repair]) -> str:
    lines = text.split("\n")
    suspects = [n for n, line in enumerate(lines) if has_suspect_pair(line) or "\x80" <= max(line, default="") <= "\x9f"]
    if not suspects:
        return text
    import ftfy  # heavy: clean text never gets here

    changes: list[Change] = []
    for n in suspects:
        fixed = ftfy.fix_encoding(lines[n])
        changes += _changed_words(lines[n], fixed)
        lines[n] = fixed
    if changes:
        repairs.append(_report("mojibake", "ftfy", changes))
    return "\n".join(lines)


def _changed_words(before: str, after: str) -> list[Change]:
    if before == after:
        return []
    pairs = zip(before.split(), after.split(), strict=False)
    words = [Change(old, new, sure=True) for old, new in pairs if old != new]
    return words or [Change(before[:40], after[:40], sure=True)]


def _report(kind: str, codec: str, changes: Sequence[Change]) -> Repair:
    distinct = dict.fromkeys(f"{change.damaged} -> {change.restored}" for change in changes)
    return Repair(kind=kind, codec=codec, count=len(changes), examples=tuple(distinct)[:_MAX_EXAMPLES])


def _still_broken(text: str) -> tuple[Finding, ...]:
    spots = broken_spots(text)
    if not spots:
        return ()
    shown = ", ".join(repr(spot) for spot in dict.fromkeys(spots[:3]))
    message = f"The text looks encoding-damaged in {len(spots)} place(s), for example {shown}; left as they are."
    return (Finding(code="input.encoding", severity="warning", message=message),)
