"""The net under every move: what is found in 1,694 pairs, 634 claims and 156 sentences of a note, and what is
read beside 943 claims, exactly as fixtures/checks/pinned*.jsonl says.

It says what is, not what is right. A change that is meant is a reviewed difference of the pins.
"""

from __future__ import annotations

import pytest

from pinned import PINS, changes, rows, told

ANEW = (
    "Is that meant? PYTHONPATH=src python tests/tools/pin_findings.py pins it anew; review the difference, commit it."
)
LEAST = {
    "pinned.jsonl": 1_200,
    "pinned_claims.jsonl": 300,
    "pinned_notes.jsonl": 120,
    "pinned_translations.jsonl": 40,
    "pinned_voices.jsonl": 300,
}
SHOWN = 30
SETS = [(name, one) for name in PINS for one in sorted({row["set"] for row in rows(name)})]


@pytest.mark.parametrize(("name", "which"), SETS, ids=[f"{name}-{which}" for name, which in SETS])
def test_what_is_found_is_what_was_found(name: str, which: str) -> None:
    changed = [told(row, now) for row, now in changes(name, [row for row in rows(name) if row["set"] == which])]

    assert not changed, "\n".join([f"{len(changed)} of {which} changed. {ANEW}", *changed[:SHOWN]])


@pytest.mark.parametrize("name", PINS)
def test_there_are_enough_pins_of_every_sort(name: str) -> None:
    pinned = rows(name)

    assert len(pinned) >= LEAST[name]
