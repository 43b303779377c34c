"""What the program makes of the fixtures is what it made of them, as fixtures/as_before.tsv says. It says what is, not
what is right: a change that is meant is pinned anew."""

from __future__ import annotations

import pytest

from as_before import SETS, pinned, pins

SLOW = (
    "analyses", "articles", "facts", "commands", "assistant", "library", "pages", "watch", "forms sent", "sent",
    *(name for name in SETS if name.startswith(("bent ", "crossed ", "spliced ", "drawn ", "bounded ", "limited "))),
    *(name for name in SETS if name.endswith(" functions")),
)  # fmt: skip


@pytest.mark.parametrize("which", [pytest.param(one, marks=pytest.mark.slow if one in SLOW else ()) for one in SETS])
def test_what_is_made_is_what_was_made(which: str) -> None:
    before, now = pinned(which), [*pins(which)]

    other = [line for line in before if line not in now] + [f"now {line}" for line in now if line not in before]
    assert not other, (
        "Is that meant? PYTHONPATH=src python tests/as_before.py pins it anew. What has changed shows in the diff of "
        "what `python tests/as_before.py --show 'SET: NAME'` prints here and on the commit before.\n" + "\n".join(other)
    )
